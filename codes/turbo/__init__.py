"""Turbo codes: convolutional codes in parallel, and codes in series, with an interleaver between them."""

from typing import Any

from .by_name import turbo
from .concatenated import ConcatenatedCode, concatenated
from .turbo import TurboCode

__all__ = ["BENCH", "CODES", "DECODERS", "ConcatenatedCode", "TurboCode"]

CODES = {"turbo": turbo, "concatenated": concatenated}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
