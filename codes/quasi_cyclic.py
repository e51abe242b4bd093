"""Quasi-cyclic matrices given by a base matrix of circulant shifts (Fossorier, 2004, section II).

The file holds, with ``#`` starting a comment: on the first line the columns and rows of the base
matrix and the lifting size z; then one line a row of shifts. A shift s in 0 to z - 1 stands for the
z by z identity whose row i has its one in column (i + s) mod z; -1 or - for a block of zeros; and
several shifts joined by commas, such as 3,17, for the sum of their circulants.
"""

from pathlib import Path

import numpy as np
import scipy.sparse

from .gf2 import MAX_SIZE
from .text_matrix import MatrixFileError, read_integers, read_lines

#: Most ones of a matrix that is read: a short file can stand for billions.
MAX_ONES = 20_000_000


def read_quasi_cyclic(path: str | Path) -> scipy.sparse.csr_array:
    """The expanded matrix of a base-matrix file, uint8 sparse of shape (rows z, columns z).

    Raises MatrixFileError, with the line, for anything that does not fit.
    """
    return expand(*read_base_matrix(path))


def read_base_matrix(path: str | Path) -> tuple[list[list[list[int]]], int]:
    """The shifts of each block, by rows, and the lifting size z of a base-matrix file.

    Raises MatrixFileError, with the line, for anything that does not fit.
    """
    path = Path(path)
    lines = read_lines(path)
    number, words = lines[0]
    header = read_integers(path, number, words)
    if len(header) != 3 or min(header) < 1:
        raise MatrixFileError(
            path, number, "the first line must give the base matrix's columns and rows and the lifting size z"
        )
    columns, rows, z = header
    if max(columns, rows) * z > MAX_SIZE:
        raise MatrixFileError(path, number, f"the matrix may have up to {MAX_SIZE} rows and columns")
    if len(lines) - 1 != rows:
        raise MatrixFileError(
            path,
            lines[-1][0],
            f"expected {rows} rows of shifts, as line {number} says; found {len(lines) - 1}",
        )
    base: list[list[list[int]]] = []
    ones = 0
    for number, words in lines[1:]:
        if len(words) != columns:
            raise MatrixFileError(path, number, f"expected {columns} shifts, found {len(words)}")
        row = []
        for word in words:
            shifts = [] if word in ("-", "-1") else read_integers(path, number, word.split(","))
            if any(not 0 <= shift < z for shift in shifts):
                raise MatrixFileError(
                    path, number, f"a shift must lie in 0 to {z - 1}, or be -1; found {word[:40]}"
                )
            if len(set(shifts)) != len(shifts):
                raise MatrixFileError(path, number, f"the shifts of one block must differ, found {word[:40]}")
            row.append(shifts)
        base.append(row)
        ones += z * sum(map(len, row))
        if ones > MAX_ONES:
            raise MatrixFileError(path, number, f"the matrix may have up to {MAX_ONES} ones")
    return base, z


def expand(base: list[list[list[int]]], z: int) -> scipy.sparse.csr_array:
    """The matrix of a base matrix whose entries list the shifts of each block; uint8 sparse."""
    entries = [
        (i * z, j * z, shift)
        for i, row in enumerate(base)
        for j, shifts in enumerate(row)
        for shift in shifts
    ]
    block_row, block_column, shift = np.array(entries, np.int64).reshape(-1, 3).T
    offset = np.arange(z)
    row_index = (block_row[:, None] + offset).ravel()
    column_index = (block_column[:, None] + (offset + shift[:, None]) % z).ravel()
    shape = (len(base) * z, len(base[0]) * z)
    return scipy.sparse.csr_array((np.ones(len(row_index), np.uint8), (row_index, column_index)), shape=shape)
