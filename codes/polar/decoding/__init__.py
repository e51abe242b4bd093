"""Decoders of polar codes."""
