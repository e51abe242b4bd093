"""Binary matrices into files of any kind that is read."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from ..binary.gf2 import as_sparse
from .alist import alist_text
from .quasi_cyclic import base_matrix_of, quasi_cyclic_text

#: Most entries of a matrix that is written with all its zeros.
MOST_WRITTEN = 1 << 28


def write_matrix(
    path: str | Path, matrix: Any, *, lifting_size: int | None = None, punctured: Sequence[int] = ()
) -> None:
    """Write a binary matrix into a file, whose ending chooses the kind; ``read_matrix`` reads all of them.

    Parameters
    ----------
    path
        ``.alist``; ``.qc``, a base matrix of circulants; ``.mtx``, Matrix Market; ``.npz`` of SciPy;
        ``.npy``; ``.mat``, sparse and named H; ``.pchk`` of Neal's LDPC programs; or ``.txt``, a row of 0 and
        1 a line.
    matrix
        NumPy or SciPy sparse, of 0 and 1.
    lifting_size
        For ``.qc``, the size of the circulants; the largest that there is unless given.
    punctured
        Columns that are not sent: whole block columns, which ``.qc`` alone can tell.

    Raises
    ------
    ValueError
        If the ending is of no kind, the matrix is not binary, is too large or does not consist of circulants,
        or columns cannot be told.
    """
    Path(path).write_bytes(matrix_bytes(path, matrix, lifting_size=lifting_size, punctured=punctured))


def matrix_bytes(
    path: str | Path, matrix: Any, *, lifting_size: int | None = None, punctured: Sequence[int] = ()
) -> bytes:
    """What ``write_matrix`` writes."""
    kind = Path(path).suffix.lower()
    if kind not in (*WRITERS, ".qc"):
        raise ValueError(f"{path}: the ending must be one of {', '.join(sorted((*WRITERS, '.qc')))}")
    rows = as_sparse(matrix, "matrix")
    if kind == ".qc":
        return quasi_cyclic_text(base_matrix_of(rows, lifting_size, punctured)).encode()
    if len(punctured):
        raise ValueError(f"a {kind} file cannot tell which columns are punctured: .qc can, of whole blocks")
    return WRITERS[kind](rows)


def _matrix_market(rows: Any) -> bytes:
    ones = rows.tocoo()
    listed = np.stack([ones.coords[0], ones.coords[1]], axis=1) + 1
    text = io.StringIO()
    text.write("%%MatrixMarket matrix coordinate pattern general\n")
    text.write(f"{rows.shape[0]} {rows.shape[1]} {rows.nnz}\n")
    np.savetxt(text, listed, fmt="%d")
    return text.getvalue().encode()


def _npz(rows: Any) -> bytes:
    file = io.BytesIO()
    scipy.sparse.save_npz(file, rows)
    return file.getvalue()


def _npy(rows: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, _dense(rows))
    return file.getvalue()


def _matlab(rows: Any) -> bytes:
    from scipy.io import savemat

    file = io.BytesIO()
    savemat(file, {"H": rows.astype(np.float64).tocsc()}, do_compression=True)
    return file.getvalue()


def _pchk(rows: Any) -> bytes:
    """Neal's: each row that has ones by its negative number, then its columns; 0 at the end."""
    filled = np.flatnonzero(np.diff(rows.indptr))
    listed = np.insert(rows.indices.astype(np.int64) + 1, rows.indptr[filled], -(filled + 1))
    return np.concatenate([[0x5080, *rows.shape], listed, [0]]).astype("<i4").tobytes()


def _text(rows: Any) -> bytes:
    dense = _dense(rows)
    lines = np.full((dense.shape[0], dense.shape[1] + 1), ord("\n"), np.uint8)
    lines[:, :-1] = dense + ord("0")
    return lines.tobytes()


def _dense(rows: Any) -> Any:
    if rows.shape[0] * rows.shape[1] > MOST_WRITTEN:
        raise ValueError(f"the matrix has too many entries to be written with its zeros, over {MOST_WRITTEN}")
    return rows.toarray()


WRITERS: dict[str, Callable[[Any], bytes]] = {
    ".alist": lambda rows: alist_text(rows).encode(),
    ".mtx": _matrix_market,
    ".npz": _npz,
    ".npy": _npy,
    ".mat": _matlab,
    ".pchk": _pchk,
    ".txt": _text,
}
