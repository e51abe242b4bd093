"""Polar codes, PAC codes, and their decoders."""

from .by_name import polar
from .decoding.ensembles.automorphism_ensemble import AutomorphismDecoder
from .decoding.flip import SCFlipDecoder
from .decoding.lists.list_flip import SCLFlipDecoder
from .decoding.lists.successive_cancellation_list import SCLDecoder
from .decoding.messages.belief_propagation import PolarBPDecoder
from .decoding.messages.soft_cancellation import ScanDecoder
from .decoding.sequential.sequential import FanoDecoder, StackDecoder
from .decoding.successive_cancellation import SCDecoder

CODES = {"polar": polar}
DECODERS = {
    "sc": SCDecoder,
    "sc-flip": SCFlipDecoder,
    "scl": SCLDecoder,
    "scl-flip": SCLFlipDecoder,
    "stack": StackDecoder,
    "fano": FanoDecoder,
    "scan": ScanDecoder,
    "polar-bp": PolarBPDecoder,
    "automorphism": AutomorphismDecoder,
}
#: Design points are those of the links, whose information bits are fewer by those of the check.
BENCH = {
    "polar-sc": {
        "ebno_db": 3,
        "code": {"type": "polar", "n": 2048, "k": 1024, "construction": "ga", "design_ebno_db": 3.0},
        "decoder": {"type": "sc", "precision": "int8"},
    },
    "polar-scl8": {
        "ebno_db": 2,
        "code": {
            "type": "crc",
            "polynomial": "32-ieee",
            "code": {"type": "polar", "n": 2048, "k": 1056, "construction": "ga", "design_esno_db": -1.01},
        },
        "decoder": {"type": "scl", "list": 8, "precision": "int8"},
    },
    "polar-ascl8": {
        "ebno_db": 2,
        "code": {
            "type": "crc",
            "polynomial": "16-usb",
            "code": {"type": "polar", "n": 1024, "k": 528, "construction": "ga", "design_esno_db": -1.01},
        },
        "decoder": {"type": "scl", "list": 8, "precision": "int8", "adaptive": True},
    },
}
