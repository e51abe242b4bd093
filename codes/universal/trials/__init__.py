"""Decoders that decode several times and take the best."""
