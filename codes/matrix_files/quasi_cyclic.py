"""Quasi-cyclic matrices given by a base matrix of circulant shifts (Fossorier, 2004, section II).

The file holds, with ``#`` starting a comment: on the first line the columns and rows of the base
matrix and the lifting size z; then one line a row of shifts. A shift s in 0 to z - 1 stands for the
z by z identity whose row i has its one in column (i + s) mod z; -1 or - for a block of zeros; and
several shifts joined by commas, such as 3,17, for the sum of their circulants. A row more may say
which block columns are transmitted, 1, and which are punctured, 0, as in AFF3CT's files.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse

from ..binary.gf2 import MAX_ONES, MAX_SIZE
from .formats import Format, is_matrix_market, text_format
from .text import ANY_KIND, Line, MatrixFileError, read_bytes, read_integers, text_lines

HEADER = "the first line must give the base matrix's columns and rows and the lifting size z"


@dataclass(frozen=True)
class BaseMatrix:
    """What a base-matrix file says.

    Attributes
    ----------
    shifts
        Those of each block, by rows.
    z
        The lifting size.
    punctured
        Block columns, from 0, that are not transmitted.
    """

    shifts: list[list[list[int]]]
    z: int
    punctured: tuple[int, ...] = ()

    def matrix(self) -> scipy.sparse.csr_array:
        """The expanded matrix, uint8 sparse of shape (rows z, columns z)."""
        return expand(self.shifts, self.z)

    def punctured_columns(self) -> list[int]:
        """The columns of the expanded matrix, from 0, that are not transmitted."""
        return [block * self.z + i for block in self.punctured for i in range(self.z)]


def read_quasi_cyclic(path: str | Path) -> scipy.sparse.csr_array:
    """The expanded matrix of a base-matrix file, uint8 sparse of shape (rows z, columns z).

    Columns that are not transmitted are in it. Raises MatrixFileError, with the line, for anything that
    does not fit.
    """
    return read_base_matrix(path).matrix()


def read_base_matrix(path: str | Path) -> BaseMatrix:
    """The base matrix of a file. Raises MatrixFileError, with the line, for anything that does not fit."""
    path = Path(path)
    content = read_bytes(path)
    lines = text_lines(path, content)
    found = Format.MATRIX_MARKET if is_matrix_market(content) else text_format(lines)
    if found in (Format.MATRIX_MARKET, Format.ALIST, Format.NON_BINARY):
        line = None if found is Format.MATRIX_MARKET else lines[0][0]
        raise MatrixFileError(path, line, f"{HEADER}; this looks like {found.value}: {ANY_KIND}")
    return parse_base_matrix(path, lines)


def parse_base_matrix(path: Path, lines: list[Line]) -> BaseMatrix:
    """``read_base_matrix`` from the file's lines."""
    first, text = lines[0]
    header = read_integers(path, first, text.split())
    if len(header) != 3 or min(header) < 1:
        raise MatrixFileError(path, first, HEADER)
    columns, rows, z = header
    if max(columns, rows) * z > MAX_SIZE:
        raise MatrixFileError(path, first, f"the matrix may have up to {MAX_SIZE} rows and columns")
    if len(lines) - 1 not in (rows, rows + 1):
        raise MatrixFileError(
            path,
            lines[-1][0],
            f"expected {rows} rows of shifts, as line {first} says; found {len(lines) - 1}",
        )
    base: list[list[list[int]]] = []
    ones = 0
    for number, text in lines[1 : rows + 1]:
        words = text.split()
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
    punctured: tuple[int, ...] = ()
    if len(lines) - 1 > rows:
        number, text = lines[-1]
        sent = text.split()
        if len(sent) != columns or not set(sent) <= {"0", "1"}:
            raise MatrixFileError(
                path,
                number,
                f"expected {rows} rows of shifts, as line {first} says; found {rows + 1}. A row more may "
                f"only say which of the {columns} block columns are transmitted, 1, or punctured, 0",
            )
        if "1" not in sent:
            raise MatrixFileError(path, number, "this row after the shifts punctures every block column")
        punctured = tuple(j for j, word in enumerate(sent) if word == "0")
    return BaseMatrix(base, z, punctured)


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


def base_matrix_of(
    matrix: scipy.sparse.csr_array, z: int | None = None, punctured: Sequence[int] = ()
) -> BaseMatrix:
    """The base matrix of a binary CSR matrix of circulants of size z, or of the largest that there are.

    Raises ValueError if it has none, or ``punctured`` columns are not whole blocks.
    """
    rows, columns = matrix.shape
    if z is None:
        common = math.gcd(rows, columns)
        sizes = [size for size in range(common, 1, -1) if common % size == 0]
    else:
        if z < 1 or rows % z or columns % z:
            raise ValueError(f"lifting_size must divide {rows} rows and {columns} columns, got {z}")
        sizes = [z]
    for size in sizes:
        shifts = shifts_of(matrix, size)
        if shifts is not None:
            blocks = sorted({column // size for column in punctured})
            if len(set(punctured)) != len(blocks) * size:
                raise ValueError(f"punctured columns must be whole blocks of {size}")
            return BaseMatrix(shifts, size, tuple(blocks))
    raise ValueError("the matrix does not consist of circulants" + ("" if z is None else f" of size {z}"))


def shifts_of(matrix: scipy.sparse.csr_array, z: int) -> list[list[list[int]]] | None:
    """The shifts of each block of z rows and columns; None if one of them is no sum of circulants."""
    row, column = matrix.tocoo().coords
    across = matrix.shape[1] // z
    block = row.astype(np.int64) // z * across + column // z
    found, times = np.unique(block * z + (column.astype(np.int64) - row) % z, return_counts=True)
    if (times != z).any():
        return None
    shifts: list[list[list[int]]] = [[[] for _ in range(across)] for _ in range(matrix.shape[0] // z)]
    for key in found.tolist():
        shifts[key // z // across][key // z % across].append(key % z)
    return shifts


def quasi_cyclic_text(base: BaseMatrix) -> str:
    """A base-matrix file, as ``read_base_matrix`` reads it."""
    lines = [f"{len(base.shifts[0])} {len(base.shifts)} {base.z}"]
    words = [[",".join(map(str, shifts)) if shifts else "-1" for shifts in row] for row in base.shifts]
    width = max(len(word) for row in words for word in row)
    lines += [" ".join(word.rjust(width) for word in row) for row in words]
    if base.punctured:
        lines.append(" ".join("01"[j not in base.punctured].rjust(width) for j in range(len(words[0]))))
    return "\n".join(lines) + "\n"
