"""Algebraic codes and their decoders: codes by the roots of their words in a finite field."""

from typing import Any

from .reed_solomon_by_name import reed_solomon

CODES: dict[str, Any] = {"reed-solomon": reed_solomon, "rs": reed_solomon}
DECODERS: dict[str, Any] = {}
BENCH: dict[str, Any] = {}
