"""Convolutional codes, and the decoders of their trellises."""

from typing import Any

from .bcjr import BCJRDecoder
from .convolutional import ConvolutionalCode
from .sova import SovaDecoder

CODES = {"convolutional": ConvolutionalCode}
DECODERS: dict[str, Any] = {"bcjr": BCJRDecoder, "sova": SovaDecoder}
BENCH: dict[str, Any] = {
    "rsc-bcjr": {
        "ebno_db": 3,
        "code": {"type": "convolutional", "generators": [15], "feedback": 13, "k": 1024},
        "decoder": {"type": "bcjr", "algorithm": "max-log", "precision": "int8"},
    },
}
