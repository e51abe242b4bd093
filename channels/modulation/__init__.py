"""Constellations."""
