"""The base graphs of 5G NR and their lifting: 3GPP TS 38.212, 5.3.2."""

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import scipy.sparse

from ...binary.gf2 import Indices
from ...matrix_files.text import read_integers, read_lines

BaseGraph = Literal[1, 2]
#: Lifting sizes (table 5.3.2-1): set i has first << j for the j below the number.
SETS = ((2, 8), (3, 8), (5, 7), (7, 6), (9, 6), (11, 6), (13, 5), (15, 5))
#: The set of each of the 51 lifting sizes, ascending.
LIFTING_SIZES = dict(sorted((first << j, i) for i, (first, number) in enumerate(SETS) for j in range(number)))
#: Columns of information bits, and rows, of base graph 1 and 2.
INFORMATION, ROWS = {1: 22, 2: 10}, {1: 46, 2: 42}
#: Rows whose parity bits are in several checks; each of the others has a parity bit of its own.
CORE = 4
#: Columns that are never sent, the first ones.
PUNCTURED = 2


@cache
def _table(base_graph: BaseGraph) -> Indices:
    path = Path(__file__).with_name(f"base-graph-{base_graph}.txt")
    return np.array([read_integers(path, number, words) for number, words in read_lines(path)], np.int64)


def blocks(base_graph: BaseGraph, z: int) -> Indices:
    """Row, column and shift of each block of the matrix of lifting size z, by rows: int64 (blocks, 3)."""
    table = _table(base_graph)
    shifts = table[:, 2 + LIFTING_SIZES[z]] % z
    return np.column_stack([table[:, :2], shifts])


def parity_check(base_graph: BaseGraph, z: int) -> scipy.sparse.csr_array:
    """The matrix of lifting size z, uint8 sparse of shape (rows z, columns z).

    Row i of a block has its one in column (i + shift) mod z.
    """
    row, column, shift = blocks(base_graph, z).T[:, :, None]
    offset = np.arange(z)
    at = (row * z + offset).ravel(), (column * z + (offset + shift) % z).ravel()
    shape = ROWS[base_graph] * z, (INFORMATION[base_graph] + ROWS[base_graph]) * z
    return scipy.sparse.csr_array((np.ones(len(at[0]), np.uint8), at), shape=shape)
