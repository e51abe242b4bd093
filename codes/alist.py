"""The alist format of sparse matrices (D. J. C. MacKay, "Encyclopedia of sparse graph codes").

The file holds: columns and rows; the largest column and row weight; the weight of each column; the
weight of each row; then for each column the rows of its ones, and for each row the columns of its
ones, numbered from 1, one line each, which may be padded with zeros.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import scipy.sparse

from .gf2 import MAX_SIZE, as_sparse
from .text_matrix import MatrixFileError, read_integers, read_lines


def read_alist(path: str | Path) -> scipy.sparse.csr_array:
    """The matrix of an alist file, uint8 sparse of shape (rows, columns).

    Raises MatrixFileError, with the line, for anything that does not fit: text in place of numbers,
    wrong counts, an index out of range or given twice, lists of rows and columns that disagree, or
    a file that ends too early or goes on too long.
    """
    path = Path(path)
    lines = iter(read_lines(path))
    last = 0

    def next_line(what: str) -> tuple[int, list[int]]:
        nonlocal last
        try:
            last, words = next(lines)
        except StopIteration:
            raise MatrixFileError(path, last, f"the file ends here, before {what}") from None
        return last, read_integers(path, last, words)

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
        return line, values

    def lists(
        weights: Sequence[int], size: int, what: str, of: str, unlisted: bool
    ) -> list[tuple[int, list[int]]]:
        """The line and the ones of each column or row; ``unlisted``: those without ones have no line."""
        found: list[tuple[int, list[int]]] = []
        for i, weight in enumerate(weights, 1):
            if weight == 0 and unlisted:
                found.append((last, []))
                continue
            line, values = next_line(f"the {of} of {what} {i}")
            ones = [value for value in values if value != 0]
            if len(ones) != weight:
                raise MatrixFileError(
                    path, line, f"{what} {i} should list {weight} {of}, as its weight says; found {len(ones)}"
                )
            for value in ones:
                if not 1 <= value <= size:
                    raise MatrixFileError(
                        path, line, f"index {value} is out of range, {of} go from 1 to {size}"
                    )
            if len(set(ones)) != len(ones):
                raise MatrixFileError(path, line, f"{what} {i} lists one of its {of} twice")
            found.append((line, ones))
        return found

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
    # Where lists are padded an empty one is a line of zeros; elsewhere it is blank, or not there.
    remaining = list(lines)
    lines = iter(remaining)
    missing = columns + rows - len(remaining)
    empty = column_weights.count(0), row_weights.count(0)
    unlisted_columns = empty[0] > 0 and missing in (empty[0], sum(empty))
    unlisted_rows = empty[1] > 0 and missing - (empty[0] if unlisted_columns else 0) == empty[1]
    by_column = lists(column_weights, rows, "column", "rows", unlisted_columns)
    by_row = lists(row_weights, columns, "row", "columns", unlisted_rows)
    extra = next(lines, None)
    if extra is not None:
        raise MatrixFileError(path, extra[0], "the matrix is complete, and yet the file goes on")
    edges = {(row, column) for column, (_, ones) in enumerate(by_column, 1) for row in ones}
    for row, (line, ones) in enumerate(by_row, 1):
        for column in ones:
            if (row, column) not in edges:
                problem = f"row {row} lists column {column}, but column {column} does not list row {row}"
                raise MatrixFileError(path, line, problem)
    row_index = np.array([row - 1 for _, ones in by_column for row in ones], np.int64)
    column_index = np.repeat(np.arange(columns), column_weights)
    ones_ = np.ones(len(row_index), np.uint8)
    return scipy.sparse.csr_array((ones_, (row_index, column_index)), shape=(rows, columns))


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
