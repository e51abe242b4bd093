"""Turbo codes: convolutional codes in parallel, and codes in series, with an interleaver between them."""

from typing import Any

from .by_name import turbo
from .concatenated import ConcatenatedCode, concatenated
from .decoding.serial_decoder import SerialDecoder
from .decoding.turbo_decoder import TurboDecoder
from .decoding.two_stage import TwoStageDecoder
from .turbo import TurboCode

__all__ = ["BENCH", "CODES", "DECODERS", "ConcatenatedCode", "TurboCode"]

CODES = {"turbo": turbo, "concatenated": concatenated}
DECODERS: dict[str, Any] = {"turbo": TurboDecoder, "serial": SerialDecoder, "two-stage": TwoStageDecoder}
BENCH: dict[str, Any] = {
    "turbo-lte": {
        "ebno_db": 0.7,
        "code": {"type": "turbo", "standard": "lte", "k": 6144},
        "decoder": {
            "type": "turbo",
            "iterations": 6,
            "algorithm": "max-log",
            "scale": 0.75,
            "precision": "int8",
            "window": 256,
        },
    },
}
