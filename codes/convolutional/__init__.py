"""Convolutional codes, and the decoders of their trellises."""

from typing import Any

from .convolutional import ConvolutionalCode

CODES = {"convolutional": ConvolutionalCode}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
