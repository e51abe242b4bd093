"""Polar codes, PAC codes, and their decoders."""

from .by_name import polar
from .decoding.flip import SCFlipDecoder
from .decoding.list_flip import SCLFlipDecoder
from .decoding.sequential import FanoDecoder, StackDecoder
from .decoding.successive_cancellation import SCDecoder
from .decoding.successive_cancellation_list import SCLDecoder

CODES = {"polar": polar}
DECODERS = {
    "sc": SCDecoder,
    "sc-flip": SCFlipDecoder,
    "scl": SCLDecoder,
    "scl-flip": SCLFlipDecoder,
    "stack": StackDecoder,
    "fano": FanoDecoder,
}
BENCH = {
    "polar-sc": {
        "ebno_db": 3,
        "code": {"type": "polar", "n": 2048, "k": 1024, "construction": "ga", "design_ebno_db": 3.0},
        "decoder": {"type": "sc", "precision": "int8"},
    },
}
