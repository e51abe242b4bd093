"""Non-binary alist files: an alist with the size of the field, and a value beside each index.

The files of D. J. C. MacKay's and M. C. Davey's codes over GF(q): columns, rows and q; the largest column and
row weight; the weight of each column; the weight of each row; then for each column a line with pairs of row
and value, and for each row one with pairs of column and value. Indices count from 1, and lines may be padded
by zeros.
"""

from pathlib import Path
from typing import Literal

import numpy as np

from ...binary.gf2 import MAX_SIZE
from ...fields.galois_field import GaloisField
from ...matrix_files.alist import Numbers, all_weights
from ...matrix_files.text import MatrixFileError, read_bytes, text_lines
from .symbol_matrix import SymbolMatrix

#: Fields of symbols: their sizes.
SIZES = tuple(1 << m for m in range(1, 9))

#: Index, from 0, of the other side, and the field's element.
Entry = tuple[int, int]


def read_symbol_alist(path: str | Path, values: Literal["elements", "powers"] = "elements") -> SymbolMatrix:
    """The matrix of a non-binary alist file.

    Parameters
    ----------
    path
        The file.
    values
        What they stand for: ``elements``, numbers from 1 to q - 1 whose bit i is the coefficient of alpha^i;
        ``powers``, exponents of alpha from 0 to q - 2. alpha is the root of ``GaloisField``'s polynomial.

    Raises
    ------
    MatrixFileError
        With the line, for anything that does not fit.
    ValueError
        If ``values`` is neither of both.
    """
    if values not in ("elements", "powers"):
        raise ValueError(f"values must be elements or powers, got {values!r}")
    path = Path(path)
    lines = text_lines(path, read_bytes(path))
    file = Numbers(path, lines)
    header = file.next_line("the numbers of columns and rows and the size of the field")
    if len(header) != 3:
        more = "; this looks like a binary alist, which type ldpc takes" if len(header) == 2 else ""
        raise file.error(
            f"expected columns, rows and the size of the field; found {len(header)} numbers{more}"
        )
    columns, rows, q = header
    if not 1 <= min(columns, rows) <= max(columns, rows) <= MAX_SIZE:
        raise file.error(f"columns and rows must lie in 1 to {MAX_SIZE}, found {columns} and {rows}")
    if q not in SIZES:
        nearest = min(SIZES, key=lambda size: abs(size - q))
        raise file.error(
            f"the size of the field must be a power of two from 2 to 256, such as {nearest}, found {q}"
        )
    largest = file.next_line("the largest column and row weight")
    if len(largest) != 2:
        raise file.error(f"expected the largest column and row weight, found {len(largest)} numbers")
    column_weights, row_weights = all_weights(file, columns, rows, (largest[0], largest[1]))
    field = GaloisField(q.bit_length() - 1)
    entries: dict[Entry, int] = {}
    for j, weight in enumerate(column_weights):
        for i, element in _pairs(file, f"column {j + 1}", weight, rows, field, values):
            entries[i, j] = element
    for i, weight in enumerate(row_weights):
        for j, element in _pairs(file, f"row {i + 1}", weight, columns, field, values):
            if entries.get((i, j)) != element:
                raise file.error(
                    f"row {i + 1} has another value at column {j + 1} than column {j + 1} at row {i + 1}"
                )
    if file.at < len(lines):
        raise MatrixFileError(path, lines[file.at][0], "the matrix is complete, and yet the file goes on")
    places = np.array(list(entries), np.int64)
    return SymbolMatrix.of_entries(
        field, (rows, columns), places[:, 0], places[:, 1], np.array(list(entries.values()))
    )


def _pairs(file: Numbers, name: str, weight: int, size: int, field: GaloisField, values: str) -> list[Entry]:
    """Indices, from 0, and elements of a column or row."""
    if weight == 0 and (file.at == len(file.lines) or file.lines[file.at][1].strip(" 0\t")):
        return []  # it has no line
    numbers = file.next_line(f"the entries of {name}")
    if len(numbers) % 2:
        raise file.error(f"{name} should list pairs of an index and a value, found {len(numbers)} numbers")
    found = [(i, value) for i, value in zip(numbers[::2], numbers[1::2], strict=True) if i not in (0, -1)]
    if len(found) != weight:
        raise file.error(f"{name} should list {weight} pairs, as its weight says; found {len(found)}")
    if len({i for i, _ in found}) != weight:
        raise file.error(f"{name} lists one index twice")
    low, high = (1, field.order) if values == "elements" else (0, field.order - 1)
    for i, value in found:
        if not 1 <= i <= size:
            raise file.error(f"index {i} is out of range: from 1 to {size}")
        if not low <= value <= high:
            other = "powers" if values == "elements" and value == 0 else None
            hint = f"; with values: {other} it would be alpha^0" if other else ""
            raise file.error(f"value {value} is out of range: {values} go from {low} to {high}{hint}")
    return [(i - 1, value if values == "elements" else field.power(value)) for i, value in found]


def write_symbol_alist(path: str | Path, matrix: SymbolMatrix) -> None:
    """Write a matrix as a non-binary alist file padded with zeros, its values as ``elements``."""
    rows, columns = matrix.shape
    by_column: list[list[int]] = [[] for _ in range(columns)]
    by_row: list[list[int]] = [[] for _ in range(rows)]
    for i, j, value in zip(
        matrix.rows.tolist(), matrix.columns.tolist(), matrix.coefficients.tolist(), strict=True
    ):
        by_column[j] += [i + 1, value]
        by_row[i] += [j + 1, value]
    sides = (by_column, by_row)
    widths = [max(map(len, side)) for side in sides]
    table = [[columns, rows, matrix.field.order + 1], [width // 2 for width in widths]]
    table += [[len(own) // 2 for own in side] for side in sides]
    for side, width in zip(sides, widths, strict=True):
        table += [own + [0] * (width - len(own)) for own in side]
    Path(path).write_text("".join(" ".join(map(str, line)) + "\n" for line in table), encoding="utf-8")
