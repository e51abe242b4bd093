"""Decoders of any linear code."""

from typing import Any

from .chase import ChaseDecoder
from .maximum_likelihood import MaximumLikelihoodDecoder
from .syndrome import SyndromeDecoder

CODES: dict[str, Any] = {}
DECODERS = {"syndrome": SyndromeDecoder, "ml": MaximumLikelihoodDecoder, "chase": ChaseDecoder}
BENCH = {
    "hamming-syndrome": {
        "ebno_db": 6,
        "code": {"type": "hamming", "r": 3},
        "decoder": {"type": "syndrome"},
    },
    "spc-ml": {"ebno_db": 5, "code": {"type": "spc", "n": 8}, "decoder": {"type": "ml"}},
}
