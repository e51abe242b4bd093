"""Differential phase-shift keying, each symbol detected with the one before it."""
