"""Convolutional codes, and the decoders of their trellises."""

from typing import Any

from .by_name import convolutional

CODES = {"convolutional": convolutional}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
