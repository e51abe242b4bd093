"""Puncturing patterns: which of an encoder's outputs are sent (Lin and Costello, 2004, section 12.7)."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ...code import Bits


def pattern_of(rows: Sequence[Any], outputs: int) -> Bits:
    """A pattern, uint8 (outputs, period): row i belongs to output i, column t to the steps t, t + period, ...

    Rows are text of 0 and 1, such as "101", numbers with these digits, or lists. Raises ValueError for
    anything else, and for a pattern that sends nothing.
    """
    if isinstance(rows, str) or not isinstance(rows, Sequence):
        raise ValueError(
            f'puncture must be a list of rows, one an output, such as ["11", "10"], got {rows!r:.40}'
        )
    if len(rows) != outputs:
        raise ValueError(f"puncture must have a row for each of the {outputs} outputs, got {len(rows)}")
    made = [_row(each) for each in rows]
    if len({len(row) for row in made}) != 1:
        shown = ", ".join("".join(map(str, row)) for row in made)
        raise ValueError(
            f"puncture: rows must be equally long, got {shown}; quote rows that begin with 0, such as '011'"
        )
    pattern = np.array(made, np.uint8)
    if not pattern.any():
        raise ValueError("puncture sends nothing: a 1 is a bit that is sent")
    return pattern


def repeated(pattern: Bits, steps: int) -> npt.NDArray[np.bool_]:
    """A pattern over so many steps: whether each output is sent, bool (steps, outputs)."""
    return np.asarray(np.resize(pattern.T == 1, (steps, len(pattern))))


def _row(row: Any) -> list[int]:
    if isinstance(row, list | tuple):
        bits = list(row)
        if bits and all(bit in (0, 1) and not isinstance(bit, bool) for bit in bits):
            return bits
    elif not isinstance(row, bool) and re.fullmatch("[01]{1,10000}", str(row)):
        return [int(bit) for bit in str(row)]
    raise ValueError(f"puncture: rows hold 0 and 1, such as '101', got {row!r:.40}")
