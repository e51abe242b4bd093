"""Convolutional codes, and the decoders of their trellises."""

from typing import Any

from .convolutional import ConvolutionalCode
from .viterbi import ViterbiDecoder

CODES = {"convolutional": ConvolutionalCode}
DECODERS: dict[str, Any] = {"viterbi": ViterbiDecoder}
BENCH: dict[str, Any] = {
    "viterbi-k7": {
        "ebno_db": 4,
        "code": {"type": "convolutional", "generators": [133, 171], "k": 1024},
        "decoder": {"type": "viterbi", "precision": "int8"},
    }
}
