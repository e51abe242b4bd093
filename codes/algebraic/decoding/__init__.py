"""Decoders that solve for the places of errors."""
