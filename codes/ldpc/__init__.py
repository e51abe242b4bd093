"""Low-density parity-check codes and belief propagation."""

from .belief_propagation import BeliefPropagationDecoder
from .by_name import ldpc

CODES = {"ldpc": ldpc}
DECODERS = {"bp": BeliefPropagationDecoder}
