"""Limits that follow from capacities: of constellations, bandwidth, and with errors allowed."""
