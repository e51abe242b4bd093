"""Product and staircase codes, and decoders of their component words by turns."""

from .chase_pyndiah import ChasePyndiahDecoder
from .iterative_bounded_distance import IterativeBoundedDistanceDecoder
from .product import ProductCode
from .sliding_window import SlidingWindowDecoder
from .staircase import StaircaseCode

_EXTENDED = {"type": "hamming", "r": 7, "extended": True}

CODES = {"product": ProductCode, "staircase": StaircaseCode}
DECODERS = {
    "chase-pyndiah": ChasePyndiahDecoder,
    "iterative-bounded-distance": IterativeBoundedDistanceDecoder,
    "sliding-window": SlidingWindowDecoder,
}
BENCH = {
    "tpc": {
        "ebno_db": 4,
        "code": {"type": "product", "rows": _EXTENDED, "columns": _EXTENDED},
        "decoder": {
            "type": "chase-pyndiah",
            "iterations": 4,
            "weakest": 4,
            "alpha": 0.5,
            "beta": "weakest",
        },
    }
}
