"""The alist format of sparse matrices (D. J. C. MacKay, "Encyclopedia of sparse graph codes").

The file holds: columns and rows; the largest column and row weight; the weight of each column; the
weight of each row; then for each column the rows of its ones, and for each row the columns of its
ones, numbered from 1, one line each, which may be padded with zeros, or with -1 as some programs do.
"""

from array import array
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ..binary.gf2 import MAX_ONES, MAX_SIZE, as_sparse, of_coordinates
from .formats import Format, is_matrix_market, text_format
from .text import ANY_KIND, Line, MatrixFileError, read_bytes, read_integers, text_lines

Integers = npt.NDArray[np.int64]


def read_alist(path: str | Path) -> scipy.sparse.csr_array:
    """The matrix of an alist file, uint8 sparse of shape (rows, columns).

    Raises MatrixFileError, with the line, for anything that does not fit: text in place of numbers,
    wrong counts, an index out of range or given twice, indices that count from 0, lists of rows and
    columns that disagree, or a file that ends too early or goes on too long.
    """
    path = Path(path)
    content = read_bytes(path)
    lines = text_lines(path, content)
    found = Format.MATRIX_MARKET if is_matrix_market(content) else text_format(lines)
    number, first = lines[0]
    if found is not Format.ALIST and (found is not Format.ROWS or not first.strip("01 \t\r")):
        line = None if found is Format.MATRIX_MARKET else number
        problem = (
            f"expected two numbers, those of columns and rows; this looks like {found.value}: {ANY_KIND}"
        )
        raise MatrixFileError(path, line, problem)
    return parse_alist(path, lines)


def parse_alist(path: Path, lines: list[Line]) -> scipy.sparse.csr_array:
    """``read_alist`` from the file's lines."""
    file = Numbers(path, lines)
    columns, rows = _pair(file, "the numbers of columns and rows", 1)
    largest = _pair(file, "the largest column and row weight", 0)
    column_weights, row_weights = all_weights(file, columns, rows, largest)
    start = file.at

    def from_0() -> bool:
        return _counts_from_0(lines[start:], column_weights + row_weights)

    unlisted_columns, unlisted_rows = _unlisted(len(lines) - start, column_weights, row_weights)
    row_index, _ = _lists(file, _Side("column", column_weights, "rows", rows, unlisted_columns), from_0)
    column_index, row_lines = _lists(
        file, _Side("row", row_weights, "columns", columns, unlisted_rows), from_0
    )
    if file.at < len(lines):
        raise MatrixFileError(path, lines[file.at][0], "the matrix is complete, and yet the file goes on")
    ones = row_index, np.repeat(np.arange(columns), column_weights)
    listed = np.repeat(np.arange(rows), row_weights), column_index
    alone = np.flatnonzero(~np.isin(listed[0] * columns + listed[1], ones[0] * columns + ones[1]))
    if len(alone):
        row, column = listed[0][alone[0]], listed[1][alone[0]] + 1
        problem = f"row {row + 1} lists column {column}, but column {column} does not list row {row + 1}"
        raise MatrixFileError(path, int(row_lines[row]), problem)
    return of_coordinates(*ones, (rows, columns), "the matrix")


class Numbers:
    """The numbers of a file, line by line: ``at`` lines were read, and ``last`` is the number of the last."""

    def __init__(self, path: Path, lines: list[Line]) -> None:
        self.path = path
        self.lines = lines
        self.at = self.last = 0

    def next_line(self, what: str) -> list[int]:
        """The numbers of the next line, which should hold ``what``."""
        if self.at == len(self.lines):
            raise self.error(f"the file ends here, before {what}")
        self.last, text = self.lines[self.at]
        self.at += 1
        return read_integers(self.path, self.last, text.split())

    def error(self, problem: str) -> MatrixFileError:
        """What is wrong with the line read last."""
        return MatrixFileError(self.path, self.last, problem)


def _pair(file: Numbers, what: str, least: int) -> tuple[int, int]:
    """A line of the header: of columns, then of rows."""
    values = file.next_line(what)
    if len(values) != 2:
        raise file.error(f"expected two numbers, {what}; found {len(values)}")
    if min(values) < least or max(values) > MAX_SIZE:
        raise file.error(f"{what} must lie in {least} to {MAX_SIZE}, found {values}")
    return values[0], values[1]


def all_weights(
    file: Numbers, columns: int, rows: int, largest: tuple[int, int]
) -> tuple[list[int], list[int]]:
    """The weights of all columns and of all rows, which add up to the same."""
    of_columns = _weights(file, columns, rows, "columns", largest[0])
    of_rows = _weights(file, rows, columns, "rows", largest[1])
    if sum(of_columns) != sum(of_rows):
        raise file.error(f"the column weights add up to {sum(of_columns)}, the row weights to {sum(of_rows)}")
    return of_columns, of_rows


def _weights(file: Numbers, count: int, limit: int, of: str, largest: int) -> list[int]:
    values: list[int] = []
    while len(values) < count:  # long lists may be broken over several lines
        values += file.next_line(f"the weights of all {count} {of}")
    if len(values) > count:
        raise file.error(f"expected the weights of {count} {of}, found {len(values)}")
    if min(values) < 0 or max(values) > limit:
        raise file.error(f"the weights of {of} must lie in 0 to {limit}")
    if max(values) != largest:
        raise file.error(f"the largest weight of {of} is {max(values)}, the header says {largest}")
    if sum(values) > MAX_ONES:
        raise file.error(f"the matrix may have up to {MAX_ONES} ones")
    return values


def _unlisted(lines: int, column_weights: list[int], row_weights: list[int]) -> tuple[bool, bool]:
    """Whether columns, and rows, without ones have no line among those that list the ones.

    Where lists are padded an empty one is a line of zeros; elsewhere it is blank, or not there.
    """
    missing = len(column_weights) + len(row_weights) - lines
    empty = column_weights.count(0), row_weights.count(0)
    columns = empty[0] > 0 and missing in (empty[0], sum(empty))
    return columns, empty[1] > 0 and missing - (empty[0] if columns else 0) == empty[1]


class _Side(NamedTuple):
    """All columns or all rows: the weight of each, and what is listed for it, which goes from 1 to ``size``.

    ``unlisted``: those without ones have no line.
    """

    name: str
    weights: list[int]
    listed: str
    size: int
    unlisted: bool


def _lists(file: Numbers, side: _Side, from_0: Callable[[], bool]) -> tuple[Integers, Integers]:
    """The ones of all columns or rows, from 0, and the line of each column or row."""
    found, numbers = array("q"), array("q")
    for i, weight in enumerate(side.weights, 1):
        if weight or not side.unlisted:
            found.extend(_ones(file, side, i, from_0))
        numbers.append(file.last)
    return np.array(found, np.int64) - 1, np.array(numbers, np.int64)


def _ones(file: Numbers, side: _Side, i: int, from_0: Callable[[], bool]) -> list[int]:
    """The ones of column or row i, both from 1. ``from_0`` tells whether the whole file counts from 0."""
    name, weight, listed = f"{side.name} {i}", side.weights[i - 1], side.listed
    values = file.next_line(f"the {listed} of {name}")
    ones = [value for value in values if value not in (0, -1)]
    if len(ones) != weight:
        if 0 in values and from_0():
            raise file.error(
                f"{name} lists 0 among its {listed}: indices of an alist start at 1, and those of this file "
                "at 0; add 1 to each"
            )
        raise file.error(f"{name} should list {weight} {listed}, as its weight says; found {len(ones)}")
    for value in ones:
        if not 1 <= value <= side.size:
            raise file.error(f"index {value} is out of range, {listed} go from 1 to {side.size}")
    if len(set(ones)) != len(ones):
        raise file.error(f"{name} lists one of its {listed} twice")
    return ones


def _counts_from_0(lines: list[Line], weights: list[int]) -> bool:
    """Whether all lists of an alist are as long as the weights say, zeros included."""
    return len(lines) == len(weights) and all(
        sum(not word.startswith("-") for word in line.split()) == weight
        for (_, line), weight in zip(lines, weights, strict=True)
    )


def write_alist(path: str | Path, matrix: object) -> None:
    """Write a binary matrix, NumPy or SciPy sparse, as an alist file padded with zeros.

    Raises ValueError if the matrix holds anything but 0 and 1.
    """
    Path(path).write_text(alist_text(matrix), encoding="utf-8")


def alist_text(matrix: object) -> str:
    """What ``write_alist`` writes."""
    rows = as_sparse(matrix, "matrix")
    lists = [
        [ones.tolist() for ones in np.split(side.indices + 1, side.indptr[1:-1])]
        for side in (rows.tocsc(), rows)
    ]
    widths = [max(map(len, side)) for side in lists]
    table = [list(rows.shape[::-1]), widths, *([len(ones) for ones in side] for side in lists)]
    for side, width in zip(lists, widths, strict=True):
        table += [ones + [0] * (width - len(ones)) for ones in side]
    return "".join(" ".join(map(str, line)) + "\n" for line in table)
