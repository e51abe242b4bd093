"""Orthogonal signals, detected with or without their phase."""
