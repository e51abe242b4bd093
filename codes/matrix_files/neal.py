"""Parity-check files, ``.pchk``, of R. M. Neal's "Software for Low Density Parity Check Codes" (2012).

Integers of four bytes, the lowest first: 0x5080; the numbers of rows and columns; then for each row
that has ones its number, from 1 and negative, and the columns of its ones, from 1; 0 at the end.
"""

import numpy as np
import scipy.sparse

from ..binary.gf2 import MAX_ONES, MAX_SIZE, of_coordinates


def parse_pchk(content: bytes) -> scipy.sparse.csr_array:
    """The matrix, uint8 sparse of shape (rows, columns). Raises ValueError if the content does not fit."""
    if len(content) % 4 or len(content) < 16:
        raise ValueError("the file ends too early")
    if len(content) // 4 > MAX_ONES:
        raise ValueError(f"the matrix may have up to {MAX_ONES} ones")
    values = np.frombuffer(content, "<i4").astype(np.int64)
    (rows, columns), entries = values[1:3].tolist(), values[3:-1]
    if not 1 <= min(rows, columns) <= max(rows, columns) <= MAX_SIZE:
        raise ValueError(f"rows and columns must lie in 1 to {MAX_SIZE}, found {rows} and {columns}")
    if values[-1] != 0 or (entries == 0).any():
        raise ValueError("a 0 must end the file, and be at its end only")
    begins = entries < 0
    if len(entries) and not begins[0]:
        raise ValueError("a column is listed before any row")
    row_index = (-entries[begins] - 1)[np.cumsum(begins) - 1][~begins]
    column_index = entries[~begins] - 1
    for index, most, what in ((-entries[begins] - 1, rows, "row"), (column_index, columns, "column")):
        if len(index) and index.max() >= most:
            raise ValueError(f"{what} {index.max() + 1} is out of range, {what}s go from 1 to {most}")
    return of_coordinates(row_index, column_index, (rows, columns), "the matrix")
