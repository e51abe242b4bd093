"""Decoders of any linear code."""

from typing import Any

from .maximum_likelihood import MaximumLikelihoodDecoder
from .syndrome import SyndromeDecoder

CODES: dict[str, Any] = {}
DECODERS = {"syndrome": SyndromeDecoder, "ml": MaximumLikelihoodDecoder}
