"""Decoders and their kernels."""

from .belief_propagation import BeliefPropagationDecoder
from .decoder import Decoder, DecodeResult
from .hard import HardDecoder
from .majority import MajorityDecoder
from .maximum_likelihood import MaximumLikelihoodDecoder
from .syndrome import SyndromeDecoder

__all__ = [
    "BeliefPropagationDecoder",
    "DecodeResult",
    "Decoder",
    "HardDecoder",
    "MajorityDecoder",
    "MaximumLikelihoodDecoder",
    "SyndromeDecoder",
]
