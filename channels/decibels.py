"""Decibels and power ratios."""

import math

from .elementwise import elementwise


@elementwise
def to_db(ratio: float) -> float:
    """10 log10(ratio); raises ValueError unless the ratio is above 0."""
    if not ratio > 0:
        raise ValueError(f"a ratio must be above 0 to be given in decibels, got {ratio}")
    return 10 * math.log10(ratio)


@elementwise
def from_db(db: float) -> float:
    """10^(db / 10)."""
    return float(10 ** (db / 10))
