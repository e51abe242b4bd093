"""Product codes, and decoders of their rows and columns by turns."""

from .chase_pyndiah import ChasePyndiahDecoder
from .iterative_bounded_distance import IterativeBoundedDistanceDecoder
from .product import ProductCode

_EXTENDED = {"type": "hamming", "r": 7, "extended": True}

CODES = {"product": ProductCode}
DECODERS = {
    "chase-pyndiah": ChasePyndiahDecoder,
    "iterative-bounded-distance": IterativeBoundedDistanceDecoder,
}
BENCH = {
    "tpc": {
        "ebno_db": 3.75,
        "code": {"type": "product", "rows": _EXTENDED, "columns": _EXTENDED},
        "decoder": {"type": "chase-pyndiah", "iterations": 4, "weakest": 4},
    }
}
