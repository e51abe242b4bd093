"""Decoders of codes with roots in a finite field."""
