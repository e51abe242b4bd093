"""Decoders and their kernels."""

from .belief_propagation import BeliefPropagationDecoder
from .decoder import Decoder, DecodeResult, GroupDecoder
from .hard import HardDecoder
from .majority import MajorityDecoder
from .maximum_likelihood import MaximumLikelihoodDecoder
from .syndrome import SyndromeDecoder

__all__ = [
    "BeliefPropagationDecoder",
    "DecodeResult",
    "Decoder",
    "GroupDecoder",
    "HardDecoder",
    "MajorityDecoder",
    "MaximumLikelihoodDecoder",
    "SyndromeDecoder",
]
