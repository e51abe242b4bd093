"""Constellations and what they carry, modulation and demodulation."""
