"""Rate matching: which bits of a code are sent, and how often."""

from typing import Any

from .by_name import rate_matched
from .rate_matched import DematchingDecoder, LinearRateMatchedCode, RateMatchedCode

__all__ = ["BENCH", "CODES", "DECODERS", "DematchingDecoder", "LinearRateMatchedCode", "RateMatchedCode"]

CODES = {"rate-matched": rate_matched}
DECODERS: dict[str, Any] = {}
BENCH = {
    "wimax-punctured": {
        "ebno_db": 3.5,
        "code": {
            "type": "rate-matched",
            "code": {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"},
            "puncture": {"block_columns": "-4:"},
        },
        "decoder": {
            "type": "bp",
            "algorithm": "min-sum",
            "schedule": "layered",
            "scale": 0.75,
            "precision": "int8",
            "iterations": 20,
        },
    }
}
