"""Decoders that solve for the places and values of errors."""
