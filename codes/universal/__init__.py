"""Decoders of any linear code."""

from typing import Any

from .erasure import ErasureDecoder
from .information_set import InformationSetDecoder
from .maximum_likelihood import MaximumLikelihoodDecoder
from .ordered_statistics import OrderedStatisticsDecoder
from .syndrome import SyndromeDecoder
from .trellis import TrellisDecoder

CODES: dict[str, Any] = {}
DECODERS = {
    "syndrome": SyndromeDecoder,
    "ml": MaximumLikelihoodDecoder,
    "trellis": TrellisDecoder,
    "erasure-ml": ErasureDecoder,
    "information-set": InformationSetDecoder,
    "osd": OrderedStatisticsDecoder,
}
BENCH = {
    "hamming-syndrome": {
        "ebno_db": 6,
        "code": {"type": "hamming", "r": 3},
        "decoder": {"type": "syndrome"},
    },
    "spc-ml": {"ebno_db": 5, "code": {"type": "spc", "n": 8}, "decoder": {"type": "ml"}},
    "osd-2": {
        "ebno_db": 3,
        "code": {"type": "polar", "n": 128, "k": 64, "construction": "reed-muller"},
        "decoder": {"type": "osd", "order": 2},
    },
}
