"""Orders of bits in 5G's polar coding: 3GPP TS 38.212."""

import math
from functools import cache
from pathlib import Path

import numpy as np

from ...binary.gf2 import Indices
from ...matrix_files.text import read_integers, read_lines

#: Pattern of the sub-block interleaver (table 5.4.1.1-1).
SUB_BLOCKS = np.array(
    [
        *(0, 1, 2, 4, 3, 5, 6, 7, 8, 16, 9, 17, 10, 18, 11, 19),
        *(12, 20, 13, 21, 14, 22, 15, 23, 24, 25, 26, 28, 27, 29, 30, 31),
    ]
)
#: Most bits that the input interleaver takes.
MOST_INPUT = 164


def sub_block_order(n: int) -> Indices:
    """Which coded bit comes at each place (5.4.1.1): int64 (n), n a multiple of 32."""
    part = n // len(SUB_BLOCKS)
    return (SUB_BLOCKS[:, None] * part + np.arange(part)).ravel()


@cache
def _input_pattern() -> Indices:
    path = Path(__file__).with_name("input_interleaver.txt")
    rows = [read_integers(path, number, words) for number, words in read_lines(path)]
    return np.array([number for row in rows for number in row], np.int64)


def input_order(k: int) -> Indices:
    """Which bit comes at each place before encoding (5.3.1.1): int64 (k), k up to 164."""
    pattern = _input_pattern() - (MOST_INPUT - k)
    return pattern[pattern >= 0]


def triangular_order(n: int) -> Indices:
    """Which bit comes at each place of the channel interleaver (5.4.1.3): int64 (n).

    Bits are written into the rows of a triangle, which are one shorter each, and read by its columns.
    """
    side = math.isqrt(2 * n)
    side += side * (side + 1) // 2 < n
    starts = np.concatenate([[0], np.cumsum(np.arange(side, 0, -1))])
    columns = [starts[: side - j] + j for j in range(side)]
    order = np.concatenate(columns).astype(np.int64)
    return order[order < n]
