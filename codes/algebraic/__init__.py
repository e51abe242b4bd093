"""Codes known by polynomials over finite fields, and decoders that solve for the places of errors."""

from typing import Any

from .cyclic import CyclicCode
from .decoding.gmd import GMDDecoder
from .decoding.list_decoding import GuruswamiSudanDecoder, KoetterVardyDecoder
from .reed_solomon_by_name import reed_solomon, rs

CODES: dict[str, Any] = {"cyclic": CyclicCode, "reed-solomon": reed_solomon, "rs": rs}
DECODERS: dict[str, Any] = {
    "gmd": GMDDecoder,
    "guruswami-sudan": GuruswamiSudanDecoder,
    "koetter-vardy": KoetterVardyDecoder,
}
BENCH: dict[str, Any] = {}
