"""Low-density parity-check codes and their decoders."""

from .belief_propagation import BeliefPropagationDecoder
from .by_name import ldpc
from .decoding.hard.bit_flipping import BitFlippingDecoder, ProbabilisticBitFlippingDecoder
from .decoding.hard.gallager import GallagerADecoder, GallagerBDecoder, GallagerEDecoder
from .decoding.hard.peeling import PeelingDecoder
from .decoding.hard.weighted_bit_flipping import GradientDescentDecoder, WeightedBitFlippingDecoder
from .decoding.soft.admm import ADMMDecoder
from .decoding.soft.bp_guessing import BPGuessingDecoder
from .decoding.soft.bp_osd import BPOSDDecoder
from .decoding.soft.linear_programming import LinearProgrammingDecoder
from .ldpc import LDPCCode
from .nonbinary.belief_propagation import NonBinaryBPDecoder
from .nonbinary.nonbinary import nonbinary_ldpc

__all__ = ["BENCH", "CODES", "DECODERS", "LDPCCode"]

CODES = {"ldpc": ldpc, "nonbinary-ldpc": nonbinary_ldpc}
DECODERS = {
    "bp": BeliefPropagationDecoder,
    "gallager-a": GallagerADecoder,
    "gallager-b": GallagerBDecoder,
    "gallager-e": GallagerEDecoder,
    "bit-flipping": BitFlippingDecoder,
    "weighted-bit-flipping": WeightedBitFlippingDecoder,
    "gdbf": GradientDescentDecoder,
    "ppbf": ProbabilisticBitFlippingDecoder,
    "peeling": PeelingDecoder,
    "bp-osd": BPOSDDecoder,
    "bp-guessing": BPGuessingDecoder,
    "lp": LinearProgrammingDecoder,
    "nonbinary-bp": NonBinaryBPDecoder,
    "admm-lp": ADMMDecoder,
}
_MIN_SUM = {"type": "bp", "algorithm": "min-sum", "schedule": "layered"}
#: Ten iterations of min-sum in int8.
_FAST = {**_MIN_SUM, "scale": 0.75, "precision": "int8", "iterations": 10}
BENCH = {
    "wimax-nms-float32": {
        "ebno_db": 2.5,
        "code": {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"},
        "decoder": {**_MIN_SUM, "scale": 0.75, "iterations": 20},
    },
    "nr-bg1": {
        "ebno_db": 3.27,
        "code": {"type": "ldpc", "standard": "nr", "k": 8424, "n": 10138},
        "decoder": _FAST,
    },
    "nr-bg2": {
        "ebno_db": 1.9,
        "code": {"type": "ldpc", "standard": "nr", "k": 1024, "n": 2048},
        "decoder": _FAST,
    },
    "gf64-fft-spa": {
        "ebno_db": 2.5,
        "code": {"type": "nonbinary-ldpc", "n": 32, "k": 16, "symbol_bits": 6},
        "decoder": {"type": "nonbinary-bp", "iterations": 20},
    },
    "gallager-b": {
        "ebno_db": 6,
        "code": {"type": "ldpc", "n": 1008, "k": 504, "column_weight": 3},
        "decoder": {"type": "gallager-b", "iterations": 50},
    },
    "dvb-s2-short": {
        "ebno_db": 2.8,
        "code": {"type": "ldpc", "standard": "dvb-s2", "n": 16200, "rate": "3/4"},
        "decoder": _FAST,
    },
}
