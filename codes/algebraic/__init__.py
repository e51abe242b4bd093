"""Algebraic codes and their decoders: codes by the roots of their words in a finite field."""

from typing import Any

from .decoding.gmd import GMDDecoder
from .decoding.list_decoding import GuruswamiSudanDecoder, KoetterVardyDecoder
from .reed_solomon_by_name import reed_solomon

CODES: dict[str, Any] = {"reed-solomon": reed_solomon, "rs": reed_solomon}
DECODERS: dict[str, Any] = {
    "gmd": GMDDecoder,
    "guruswami-sudan": GuruswamiSudanDecoder,
    "koetter-vardy": KoetterVardyDecoder,
}
BENCH: dict[str, Any] = {}
