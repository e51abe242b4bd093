"""Binary matrices from files: alist, NumPy, SciPy sparse, or plain text."""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import load_npz

from .alist import read_alist
from .gf2 import as_matrix, as_sparse
from .text_matrix import MatrixFileError, read_lines


def read_matrix(path: str | Path) -> Any:
    """A binary matrix, NumPy or SciPy sparse, from a file whose ending says what it is.

    ``.alist``; ``.npy``; ``.npz`` as ``scipy.sparse.save_npz`` writes it; anything else is text with
    one row a line, as ``1 0 1 1`` or ``1011``, where ``#`` starts a comment.

    Raises MatrixFileError, with the line where there is one, if the file does not hold a matrix.
    """
    path = Path(path)
    if path.suffix == ".alist":
        return read_alist(path)
    if path.suffix in (".npy", ".npz"):
        try:
            with path.open("rb") as file:
                matrix = np.load(file, allow_pickle=False) if path.suffix == ".npy" else load_npz(file)
                check = as_matrix if path.suffix == ".npy" else as_sparse
                check(matrix, "the matrix")  # refuses what is none
                return matrix
        except FileNotFoundError:
            raise MatrixFileError(path, None, "there is no such file") from None
        except Exception as error:  # damaged files raise whatever their readers trip over
            raise MatrixFileError(path, None, f"cannot be read as a matrix: {error}") from None
    rows: list[list[int]] = []
    for number, words in read_lines(path):
        digits = "".join(words)
        if set(digits) - {"0", "1"}:
            raise MatrixFileError(path, number, "a row of a binary matrix holds only 0 and 1")
        if rows and len(digits) != len(rows[0]):
            raise MatrixFileError(
                path, number, f"this row has {len(digits)} entries, the first has {len(rows[0])}"
            )
        rows.append([int(digit) for digit in digits])
    return np.array(rows, np.uint8)
