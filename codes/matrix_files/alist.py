"""The alist format of sparse matrices (D. J. C. MacKay, "Encyclopedia of sparse graph codes").

The file holds: columns and rows; the largest column and row weight; the weight of each column; the
weight of each row; then for each column the rows of its ones, and for each row the columns of its
ones, numbered from 1, one line each, which may be padded with zeros, or with -1 as some programs do.
"""

from array import array
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ..binary.gf2 import MAX_ONES, MAX_SIZE, as_sparse, of_coordinates
from .formats import Format, is_matrix_market, text_format
from .text import ANY_KIND, Line, MatrixFileError, read_bytes, read_integers, text_lines


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
    last = at = 0

    def next_line(what: str) -> tuple[int, list[int]]:
        nonlocal last, at
        if at == len(lines):
            raise MatrixFileError(path, last, f"the file ends here, before {what}")
        last, text = lines[at]
        at += 1
        return last, read_integers(path, last, text.split())

    def pair(what: str, least: int) -> tuple[int, int]:
        line, values = next_line(what)
        if len(values) != 2:
            raise MatrixFileError(path, line, f"expected two numbers, {what}; found {len(values)}")
        if min(values) < least or max(values) > MAX_SIZE:
            raise MatrixFileError(path, line, f"{what} must lie in {least} to {MAX_SIZE}, found {values}")
        return values[0], values[1]

    def weights(count: int, limit: int, of: str, largest: int) -> tuple[int, list[int]]:
        values: list[int] = []
        line = last
        while len(values) < count:  # long lists may be broken over several lines
            line, more = next_line(f"the weights of all {count} {of}")
            values += more
        if len(values) > count:
            raise MatrixFileError(path, line, f"expected the weights of {count} {of}, found {len(values)}")
        if min(values) < 0 or max(values) > limit:
            raise MatrixFileError(path, line, f"the weights of {of} must lie in 0 to {limit}")
        if max(values) != largest:
            raise MatrixFileError(
                path, line, f"the largest weight of {of} is {max(values)}, the header says {largest}"
            )
        if sum(values) > MAX_ONES:
            raise MatrixFileError(path, line, f"the matrix may have up to {MAX_ONES} ones")
        return line, values

    def lists(
        weights: Sequence[int], size: int, what: str, of: str, unlisted: bool
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The ones of all columns or rows, from 0, and the line of each column or row.

        ``unlisted``: those without ones have no line.
        """
        found, numbers = array("q"), array("q")
        for i, weight in enumerate(weights, 1):
            if weight == 0 and unlisted:
                numbers.append(last)
                continue
            line, values = next_line(f"the {of} of {what} {i}")
            ones = [value for value in values if value not in (0, -1)]
            if len(ones) != weight:
                problem = f"{what} {i} should list {weight} {of}, as its weight says; found {len(ones)}"
                if 0 in values and _counts_from_0(lines[start:], column_weights + row_weights):
                    problem = (
                        f"{what} {i} lists 0 among its {of}: indices of an alist start at 1, and those of "
                        "this file at 0; add 1 to each"
                    )
                raise MatrixFileError(path, line, problem)
            for value in ones:
                if not 1 <= value <= size:
                    raise MatrixFileError(
                        path, line, f"index {value} is out of range, {of} go from 1 to {size}"
                    )
            if len(set(ones)) != len(ones):
                raise MatrixFileError(path, line, f"{what} {i} lists one of its {of} twice")
            found.extend(ones)
            numbers.append(line)
        return np.array(found, np.int64) - 1, np.array(numbers, np.int64)

    columns, rows = pair("the numbers of columns and rows", 1)
    header_column, header_row = pair("the largest column and row weight", 0)
    line, column_weights = weights(columns, rows, "columns", header_column)
    line, row_weights = weights(rows, columns, "rows", header_row)
    if sum(column_weights) != sum(row_weights):
        raise MatrixFileError(
            path,
            line,
            f"the column weights add up to {sum(column_weights)}, the row weights to {sum(row_weights)}",
        )
    start = at
    # Where lists are padded an empty one is a line of zeros; elsewhere it is blank, or not there.
    missing = columns + rows - (len(lines) - at)
    empty = column_weights.count(0), row_weights.count(0)
    unlisted_columns = empty[0] > 0 and missing in (empty[0], sum(empty))
    unlisted_rows = empty[1] > 0 and missing - (empty[0] if unlisted_columns else 0) == empty[1]
    row_index, _ = lists(column_weights, rows, "column", "rows", unlisted_columns)
    listed, row_lines = lists(row_weights, columns, "row", "columns", unlisted_rows)
    if at < len(lines):
        raise MatrixFileError(path, lines[at][0], "the matrix is complete, and yet the file goes on")
    column_index = np.repeat(np.arange(columns), column_weights)
    listing = np.repeat(np.arange(rows), row_weights)
    alone = np.flatnonzero(~np.isin(listing * columns + listed, row_index * columns + column_index))
    if len(alone):
        row, column = listing[alone[0]], listed[alone[0]] + 1
        problem = f"row {row + 1} lists column {column}, but column {column} does not list row {row + 1}"
        raise MatrixFileError(path, int(row_lines[row]), problem)
    return of_coordinates(row_index, column_index, (rows, columns), "the matrix")


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
    rows = as_sparse(matrix, "matrix")
    lists = [
        [ones.tolist() for ones in np.split(side.indices + 1, side.indptr[1:-1])]
        for side in (rows.tocsc(), rows)
    ]
    widths = [max(map(len, side)) for side in lists]
    table = [list(rows.shape[::-1]), widths, *([len(ones) for ones in side] for side in lists)]
    for side, width in zip(lists, widths, strict=True):
        table += [ones + [0] * (width - len(ones)) for ones in side]
    Path(path).write_text("".join(" ".join(map(str, line)) + "\n" for line in table), encoding="utf-8")
