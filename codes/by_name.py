"""Codes that a configuration names by a matrix, a standard or an ensemble: the functions that make them."""

from .elementary.by_name import linear
from .ldpc.by_name import ldpc

__all__ = ["ldpc", "linear"]
