"""Decoders of any linear code."""

from typing import Any

from .erasure import ErasureDecoder
from .guessing.grand import GrandDecoder
from .guessing.orbgrand import Orbgrand1Decoder, OrbgrandDecoder
from .guessing.sgrand import SgrandDecoder
from .information_sets.information_set import InformationSetDecoder
from .information_sets.ordered_statistics import OrderedStatisticsDecoder
from .syndrome import SyndromeDecoder
from .trellis_decoding.maximum_likelihood import MaximumLikelihoodDecoder
from .trellis_decoding.trellis import TrellisDecoder
from .trials.chase import ChaseDecoder

CODES: dict[str, Any] = {}
DECODERS = {
    "syndrome": SyndromeDecoder,
    "ml": MaximumLikelihoodDecoder,
    "trellis": TrellisDecoder,
    "chase": ChaseDecoder,
    "erasure-ml": ErasureDecoder,
    "information-set": InformationSetDecoder,
    "osd": OrderedStatisticsDecoder,
    "grand": GrandDecoder,
    "orbgrand": OrbgrandDecoder,
    "orbgrand1": Orbgrand1Decoder,
    "sgrand": SgrandDecoder,
}
#: The (128, 116) code of the polynomial 0x1E7, 0x8f3 in Koopman's notation, of the published curves.
CRC_128_116 = {
    "type": "crc",
    "polynomial": 0x1E7,
    "bits": 12,
    "code": {"type": "uncoded", "k": 128},
}
BENCH = {
    "hamming-syndrome": {
        "ebno_db": 6,
        "code": {"type": "hamming", "r": 3},
        "decoder": {"type": "syndrome"},
    },
    "spc-ml": {"ebno_db": 5, "code": {"type": "spc", "n": 8}, "decoder": {"type": "ml"}},
    "orbgrand": {"ebno_db": 5.5, "code": CRC_128_116, "decoder": {"type": "orbgrand"}},
    "orbgrand1": {"ebno_db": 5.5, "code": CRC_128_116, "decoder": {"type": "orbgrand1"}},
    "osd-2": {
        "ebno_db": 3,
        "code": {"type": "polar", "n": 128, "k": 64, "construction": "reed-muller"},
        "decoder": {"type": "osd", "order": 2},
    },
}
