"""Convolutional codes, and the decoders of their trellises."""

from typing import Any

from .bcjr import BCJRDecoder
from .convolutional import ConvolutionalCode

CODES = {"convolutional": ConvolutionalCode}
DECODERS: dict[str, Any] = {"bcjr": BCJRDecoder}
BENCH: dict[str, Any] = {}
