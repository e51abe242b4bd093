"""Elementary codes, and decoders that need no more than them."""

from .by_name import linear, weighted
from .hamming import HammingCode
from .hard import HardDecoder
from .majority import MajorityDecoder
from .repetition import RepetitionCode
from .secded import SECDEDCode
from .single_parity_check import SingleParityCheckCode
from .uncoded import UncodedCode

CODES = {
    "uncoded": UncodedCode,
    "repetition": RepetitionCode,
    "spc": SingleParityCheckCode,
    "hamming": HammingCode,
    "secded": SECDEDCode,
    "linear": linear,
    "weighted": weighted,
}
DECODERS = {"hard": HardDecoder, "majority": MajorityDecoder}
BENCH = {
    "votes": {
        "ebno_db": 5,
        "code": {"type": "repetition", "n": 3},
        "decoder": {"type": "majority", "input": "hard"},
    }
}
