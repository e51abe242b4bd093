"""Decoding of polar codes in several orders of the coded bits."""
