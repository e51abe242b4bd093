"""Decibels and power ratios."""

import math


def to_db(ratio: float) -> float:
    """10 log10(ratio), for a ratio above 0."""
    return 10 * math.log10(ratio)


def from_db(db: float) -> float:
    """10^(db / 10)."""
    return float(10 ** (db / 10))
