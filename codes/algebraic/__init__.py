"""Codes known by polynomials over finite fields, and decoders that solve for the places of errors."""

from ..ldpc.outer import OUTER
from .bch import BCHCode
from .cyclic import CyclicCode
from .decoding.bounded_distance import BoundedDistanceDecoder
from .decoding.classical.error_trapping import KasamiDecoder
from .decoding.classical.majority_logic import ReedDecoder
from .decoding.classical.recursive_lists import DumerDecoder
from .decoding.soft.gmd import GMDDecoder
from .decoding.soft.list_decoding import GuruswamiSudanDecoder, KoetterVardyDecoder
from .golay import GolayCode
from .outer_bch import with_outer_bch
from .quadratic_residue import QuadraticResidueCode
from .reed_muller_codes.reed_muller import ReedMullerCode
from .simplex import SimplexCode
from .symbols.reed_solomon_by_name import reed_solomon, rs

CODES = {
    "cyclic": CyclicCode,
    "bch": BCHCode,
    "reed-solomon": reed_solomon,
    "rs": rs,
    "golay": GolayCode,
    "quadratic-residue": QuadraticResidueCode,
    "reed-muller": ReedMullerCode,
    "simplex": SimplexCode,
}
DECODERS = {
    "bounded-distance": BoundedDistanceDecoder,
    "gmd": GMDDecoder,
    "kasami": KasamiDecoder,
    "reed": ReedDecoder,
    "dumer": DumerDecoder,
    "guruswami-sudan": GuruswamiSudanDecoder,
    "koetter-vardy": KoetterVardyDecoder,
}
_BOUNDED = {"type": "bounded-distance"}
BENCH = {
    "golay-kasami": {"ebno_db": 5, "code": {"type": "golay"}, "decoder": {"type": "kasami"}},
    "bch-127-113": {"ebno_db": 6, "code": {"type": "bch", "n": 127, "k": 113}, "decoder": _BOUNDED},
    "bch-1023-923": {"ebno_db": 5, "code": {"type": "bch", "n": 1023, "k": 923}, "decoder": _BOUNDED},
    "rs-255-239": {"ebno_db": 6, "code": {"type": "rs", "n": 255, "k": 239}, "decoder": _BOUNDED},
}
OUTER["bch"] = with_outer_bch
