"""Codes that a configuration names by a matrix, a standard, an ensemble or a code: what makes them."""

from .algebraic.symbols.reed_solomon_by_name import reed_solomon
from .convolutional.by_name import convolutional
from .detection.by_name import crc
from .elementary.by_name import linear, weighted
from .ldpc.by_name import ldpc
from .ldpc.nonbinary.nonbinary import nonbinary_ldpc
from .matching.by_name import rate_matched
from .polar.by_name import polar
from .turbo.by_name import turbo
from .turbo.concatenated import concatenated

__all__ = [
    "concatenated",
    "convolutional",
    "crc",
    "ldpc",
    "linear",
    "nonbinary_ldpc",
    "polar",
    "rate_matched",
    "reed_solomon",
    "turbo",
    "weighted",
]
