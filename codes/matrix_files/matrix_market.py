"""The Matrix Market format (Boisvert, Pozo and Remington, "The Matrix Market exchange formats", NIST, 1996).

A banner, ``%%MatrixMarket matrix coordinate|array FIELD SYMMETRY``; comments, which ``%`` starts; a line
with the size; then the entries: in a coordinate file row, column and value of each, from 1; in an
array file all values, column by column. A symmetric matrix is given by its lower triangle.
"""

from pathlib import Path
from typing import Any

import numpy as np

from ..binary.gf2 import MAX_ONES, MAX_SIZE, of_coordinates
from .text import Line, MatrixFileError, binary_value, read_integers, text_lines

FIELDS = ("pattern", "integer", "real", "boolean")
SYMMETRIES = ("general", "symmetric")


def parse_matrix_market(path: Path, content: bytes) -> Any:
    """The binary matrix of a Matrix Market file: uint8, CSR of a coordinate file, NumPy of an array file.

    Raises MatrixFileError, with the line, if it is of another field or symmetry, holds anything but 0
    and 1, gives an entry twice, or does not hold as many entries as it says.
    """
    banner = content.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0][:200]
    words = banner.decode("ascii", "replace").lower().split()
    if len(words) != 5 or words[1] != "matrix" or words[2] not in ("coordinate", "array"):
        raise MatrixFileError(
            path, 1, "expected %%MatrixMarket matrix coordinate or array, then the field and the symmetry"
        )
    for word, known, what in ((words[3], FIELDS, "field"), (words[4], SYMMETRIES, "symmetry")):
        if word not in known:
            raise MatrixFileError(
                path, 1, f"a binary matrix has the {what} {' or '.join(known)}, found {word[:40]!r}"
            )
    lines = text_lines(path, content)
    coordinates, pattern, symmetric = words[2] == "coordinate", words[3] == "pattern", words[4] == "symmetric"
    if pattern and not coordinates:
        raise MatrixFileError(path, 1, "an array cannot be a pattern: it has values")
    number, text = lines[0]
    size = read_integers(path, number, text.split())
    if len(size) != (3 if coordinates else 2):
        wanted = "rows, columns and entries" if coordinates else "rows and columns"
        raise MatrixFileError(path, number, f"expected the numbers of {wanted}, found {len(size)} numbers")
    rows, columns = size[:2]
    if not 1 <= min(rows, columns) <= max(rows, columns) <= MAX_SIZE:
        raise MatrixFileError(path, number, f"rows and columns must lie in 1 to {MAX_SIZE}, found {size[:2]}")
    if symmetric and rows != columns:
        raise MatrixFileError(path, number, f"a symmetric matrix is square, found {rows} by {columns}")
    if coordinates:
        return _coordinates(path, lines, (rows, columns), size[2], pattern, symmetric)
    return _array(path, lines, rows, columns, symmetric)


def _coordinates(
    path: Path, lines: list[Line], shape: tuple[int, int], count: int, pattern: bool, symmetric: bool
) -> Any:
    if not 0 <= count <= MAX_ONES:
        raise MatrixFileError(
            path, lines[0][0], f"the matrix may have up to {MAX_ONES} entries, found {count}"
        )
    if len(lines) - 1 != count:
        raise MatrixFileError(
            path,
            lines[-1][0],
            f"expected {count} entries, as line {lines[0][0]} says; found {len(lines) - 1}",
        )
    row_index, column_index = np.empty(count, np.int64), np.empty(count, np.int64)
    ones = np.ones(count, np.bool_)
    for i, (number, text) in enumerate(lines[1:]):
        words = text.split()
        if len(words) != (2 if pattern else 3):
            wanted = "row and column" if pattern else "row, column and value"
            raise MatrixFileError(path, number, f"expected {wanted}, found {len(words)} words")
        row, column = read_integers(path, number, words[:2])
        for index, most, what in ((row, shape[0], "rows"), (column, shape[1], "columns")):
            if not 1 <= index <= most:
                raise MatrixFileError(
                    path, number, f"index {index} is out of range, {what} go from 1 to {most}"
                )
        if symmetric and row < column:
            raise MatrixFileError(path, number, "a symmetric matrix is given by its lower triangle")
        if not pattern:
            ones[i] = _value(path, number, words[2])
        row_index[i], column_index[i] = row - 1, column - 1
    row_index, column_index = row_index[ones], column_index[ones]
    if symmetric:
        below = row_index != column_index
        row_index, column_index = (
            np.concatenate([row_index, column_index[below]]),
            np.concatenate([column_index, row_index[below]]),
        )
    try:
        return of_coordinates(row_index, column_index, shape, "the matrix")
    except ValueError as error:
        raise MatrixFileError(path, None, str(error)) from None


def _array(path: Path, lines: list[Line], rows: int, columns: int, symmetric: bool) -> Any:
    count = rows * (rows + 1) // 2 if symmetric else rows * columns
    # Several values on a line are not in the standard, but common.
    found = bytearray()
    for number, text in lines[1:]:
        found += bytes(_value(path, number, word) for word in text.split())
    if len(found) != count:
        problem = f"expected {count} values, as line {lines[0][0]} says; found {len(found)}"
        raise MatrixFileError(path, lines[-1][0], problem)
    values = np.frombuffer(bytes(found), np.uint8)
    if not symmetric:
        return values.reshape(columns, rows).T
    matrix = np.zeros((rows, rows), np.uint8)
    column, row = np.triu_indices(rows)  # the lower triangle, column by column
    matrix[row, column] = matrix[column, row] = values
    return matrix


def _value(path: Path, number: int, word: str) -> int:
    value = binary_value(word)
    if value is None:
        raise MatrixFileError(path, number, f"a binary matrix holds only 0 and 1, found {word[:40]!r}")
    return value
