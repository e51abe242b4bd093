"""Codes that tell whether a word is right."""

from typing import Any

from .by_name import crc
from .crc import CheckedDecoder, CRCCode, LinearCRCCode

__all__ = ["BENCH", "CODES", "DECODERS", "CRCCode", "CheckedDecoder", "LinearCRCCode"]

CODES = {"crc": crc}
DECODERS: dict[str, Any] = {}
BENCH = {
    "wimax-crc": {
        "ebno_db": 2.5,
        "code": {
            "type": "crc",
            "polynomial": "24a",
            "code": {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"},
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
