"""Polar codes, PAC codes, and their decoders."""

from typing import Any

from .by_name import polar

CODES = {"polar": polar}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
