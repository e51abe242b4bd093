"""Matrices in files of all known kinds."""
