"""Low-density parity-check codes and belief propagation."""

from .belief_propagation import BeliefPropagationDecoder
from .by_name import ldpc
from .ldpc import LDPCCode

__all__ = ["BENCH", "CODES", "DECODERS", "LDPCCode"]

CODES = {"ldpc": ldpc}
DECODERS = {"bp": BeliefPropagationDecoder}
BENCH = {
    "wimax-nms-float32": {
        "ebno_db": 2.5,
        "code": {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"},
        "decoder": {
            "type": "bp",
            "algorithm": "min-sum",
            "schedule": "layered",
            "scale": 0.75,
            "iterations": 20,
        },
    }
}
