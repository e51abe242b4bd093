"""Tallies, stop rules, intervals, fits."""
