"""Low-density parity-check codes and belief propagation."""

from .belief_propagation import BeliefPropagationDecoder
from .by_name import ldpc
from .ldpc import LDPCCode

__all__ = ["CODES", "DECODERS", "LDPCCode"]

CODES = {"ldpc": ldpc}
DECODERS = {"bp": BeliefPropagationDecoder}
