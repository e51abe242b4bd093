"""Convolutional codes, and the decoders of their trellises."""

from .bcjr.bcjr import BCJRDecoder
from .bcjr.sova import SovaDecoder
from .by_name import convolutional
from .viterbi.list_viterbi import ListViterbiDecoder
from .viterbi.viterbi import ViterbiDecoder

CODES = {"convolutional": convolutional}
DECODERS = {
    "viterbi": ViterbiDecoder,
    "list-viterbi": ListViterbiDecoder,
    "bcjr": BCJRDecoder,
    "sova": SovaDecoder,
}
BENCH = {
    "viterbi-k7": {
        "ebno_db": 4,
        "code": {"type": "convolutional", "generators": [133, 171], "k": 1024},
        "decoder": {"type": "viterbi", "precision": "int8"},
    },
    "rsc-bcjr": {
        "ebno_db": 3,
        "code": {"type": "convolutional", "generators": [15], "feedback": 13, "k": 1024},
        "decoder": {"type": "bcjr", "algorithm": "max-log", "precision": "int8"},
    },
}
