"""Constellations: points with labels, what they carry, and how often decisions for them are wrong."""
