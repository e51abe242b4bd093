"""Convolutional codes, and the decoders of their trellises."""

from .by_name import convolutional
from .viterbi import ViterbiDecoder

CODES = {"convolutional": convolutional}
DECODERS = {"viterbi": ViterbiDecoder}
BENCH = {
    "viterbi-k7": {
        "ebno_db": 4,
        "code": {"type": "convolutional", "generators": [133, 171], "k": 1024},
        "decoder": {"type": "viterbi", "precision": "int8"},
    }
}
