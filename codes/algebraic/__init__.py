"""Codes known by polynomials over finite fields, and decoders that solve for the places of errors."""

from typing import Any

from .cyclic import CyclicCode

CODES = {"cyclic": CyclicCode}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
