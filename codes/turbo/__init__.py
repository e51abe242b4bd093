"""Turbo codes: parallel and serial concatenations of convolutional codes."""

from typing import Any

from .by_name import turbo
from .turbo import TurboCode

__all__ = ["BENCH", "CODES", "DECODERS", "TurboCode"]

CODES = {"turbo": turbo}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
