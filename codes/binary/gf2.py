"""Linear algebra over GF(2), on rows packed 64 bits to a word.

Matrices are uint8 arrays of 0 and 1 outside this module's kernels.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from .gf2_kernels import eliminate

Matrix = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.int64]
#: Most entries of a dense matrix, a byte each.
MAX_ENTRIES = 4_000_000_000
#: Most entries of a dense matrix that is made of a sparse one.
MAX_MADE = 1 << 30
#: Most rows or columns of a sparse matrix, so that a mistyped header does not fill the memory.
MAX_SIZE = 10_000_000
#: Most ones of a sparse matrix that is read from a file: a short one can stand for billions.
MAX_ONES = 20_000_000


def check_size(shape: tuple[int, int], name: str) -> None:
    """Raise ValueError, naming the matrix, if a dense one of this shape would have over 2^30 entries."""
    if shape[0] * shape[1] > MAX_MADE:
        raise ValueError(f"{name} would be too large: {shape[0]} by {shape[1]}, over 2^30 entries")


def as_matrix(values: Any, name: str) -> Matrix:
    """A NumPy array, SciPy sparse matrix or nested sequence of 0 and 1 as a uint8 matrix.

    Raises ValueError, naming the matrix, if it is not two-dimensional, is empty, or holds anything
    but 0 and 1; or if a sparse one would have over 2^30 entries.
    """
    if scipy.sparse.issparse(values):
        if len(values.shape) == 2:
            check_size(values.shape, name)
        return np.asarray(as_sparse(values, name).toarray(), np.uint8)
    if hasattr(values, "shape") and np.prod(values.shape, dtype=np.float64) > MAX_ENTRIES:
        raise ValueError(
            f"{name} of shape {values.shape} is too large: up to {MAX_ENTRIES} entries are handled"
        )
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be a matrix: its rows differ in length") from None
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} must be a matrix with at least one row and column, got shape {array.shape}")
    if not _binary(array):
        raise ValueError(f"{name} must hold only 0 and 1")
    return array.astype(np.uint8)


def as_sparse(values: Any, name: str) -> scipy.sparse.csr_array:
    """The same as a SciPy CSR array, uint8, of ones only, each row's in ascending order.

    A sparse matrix is never made dense. Raises ValueError as ``as_matrix`` does, and for a sparse matrix
    whose indices lie outside it or that has an entry twice; it may have up to 10^7 rows and columns,
    whatever their product.
    """
    if not scipy.sparse.issparse(values):
        return scipy.sparse.csr_array(as_matrix(values, name))
    if len(values.shape) != 2 or min(values.shape) == 0:
        raise ValueError(
            f"{name} must be a matrix with at least one row and column, got shape {values.shape}"
        )
    if max(values.shape) > MAX_SIZE:
        raise ValueError(
            f"{name} of shape {values.shape} is too large: up to {MAX_SIZE} rows and columns are handled"
        )
    entries, rows, columns = coordinates(values, name)
    if not _binary(entries):
        raise ValueError(f"{name} must hold only 0 and 1")
    ones = entries != 0
    return of_coordinates(rows[ones], columns[ones], values.shape, name)


def of_coordinates(rows: Any, columns: Any, shape: tuple[int, int], name: str) -> scipy.sparse.csr_array:
    """A CSR array, uint8, of the places of its ones, which are within the shape.

    Raises ValueError, naming the matrix, if a place is given twice.
    """
    csr = scipy.sparse.csr_array((np.ones(len(rows), np.uint8), (rows, columns)), shape=shape)
    if csr.nnz < len(rows):  # duplicates have been added up
        raise ValueError(f"{name} must hold only 0 and 1: it gives an entry twice")
    csr.sort_indices()
    return csr


def coordinates(matrix: Any, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """The stored entries of a SciPy sparse matrix, and their rows and columns.

    SciPy looks at few of the indices that it is given, and its compiled code trusts them: one from
    somebody's file, or set by hand, reads and writes memory that is not the matrix's. Nothing
    compiled sees them here before they were looked at. Raises ValueError, naming the matrix, if they do not
    belong to a matrix of its shape.
    """

    def check(right: bool, problem: str) -> None:
        if not right:
            raise ValueError(f"{name} is a damaged sparse matrix: {problem}")

    def check_indices(indices: npt.NDArray[Any], size: int, what: str) -> None:
        check(indices.ndim == 1 and indices.dtype.kind in "iu", f"its {what} are no list of integers")
        if len(indices):
            wrong = indices.min() if indices.min() < 0 else indices.max()
            check(0 <= wrong < size, f"index {wrong} is out of range, {what} go from 0 to {size - 1}")

    height, width = matrix.shape
    data = np.asarray(matrix.data) if matrix.format in ("csr", "csc", "bsr", "dia") else None
    if matrix.format == "dia":
        offsets = np.asarray(matrix.offsets)
        assert data is not None
        check(data.ndim == 2 and offsets.shape == data.shape[:1], "it has not one offset for each diagonal")
        check(offsets.dtype.kind in "iu", "the offsets of its diagonals are no integers")
        which, columns = np.nonzero(data[:, :width])
        rows = columns - offsets[which].astype(np.int64)
        inside = (rows >= 0) & (rows < height)
        return data[which, columns][inside], rows[inside], columns[inside]
    if data is not None:
        indices, starts = np.asarray(matrix.indices), np.asarray(matrix.indptr)
        across = matrix.format == "csc"  # what is compressed are columns
        blocks = matrix.format == "bsr"
        check(data.ndim == (3 if blocks else 1), f"its entries have {data.ndim} dimensions")
        block = data.shape[1:] if blocks else (1, 1)
        check(min(block) > 0 and height % block[0] == width % block[1] == 0, "its blocks do not fill it")
        size = (height // block[0], width // block[1])
        lines, places = size[::-1] if across else size
        what = "columns of blocks" if blocks else "rows" if across else "columns"
        check(starts.ndim == 1 and starts.dtype.kind in "iu", "its index pointer is no list of integers")
        check(len(starts) == lines + 1, f"its index pointer has {len(starts)} entries, not {lines + 1}")
        ascending = bool(starts[0] == 0 and (starts[1:] >= starts[:-1]).all())
        check(ascending, "its index pointer does not ascend from 0")
        check(bool(len(data) == len(indices) >= starts[-1]), "its index pointer goes beyond its entries")
        count = int(starts[-1])
        check_indices(indices, places, what)
        minor = indices[:count].astype(np.int64)
        starts = starts.astype(np.int64)
        major = np.repeat(np.arange(lines), starts[1:] - starts[:-1])
        if not blocks:
            entries = data[:count]
            return (entries, minor, major) if across else (entries, major, minor)
        within_row, within_column = (part.ravel() for part in np.indices(block))
        rows = (major[:, None] * block[0] + within_row).ravel()
        columns = (minor[:, None] * block[1] + within_column).ravel()
        return data[:count].reshape(-1), rows, columns
    try:
        coo = matrix.tocoo()  # itself, or from Python's lists
    except ValueError as error:
        raise ValueError(f"{name} is a damaged sparse matrix: {error}") from None
    rows, columns = np.asarray(coo.row), np.asarray(coo.col)
    check_indices(rows, height, "rows")
    check_indices(columns, width, "columns")
    check(coo.data.shape == rows.shape == columns.shape, "its rows, columns and entries differ in number")
    return coo.data, rows, columns


def _binary(array: npt.NDArray[Any]) -> bool:
    """Whether an array holds only 0 and 1."""
    if array.dtype.kind not in "buif":
        return False
    return array.dtype.kind == "b" or bool(((array == 0) | (array == 1)).all())


def pack(matrix: Matrix) -> npt.NDArray[np.uint64]:
    """The rows as uint64 (rows, ceil(columns / 64)): column j is bit j % 64 of word j // 64."""
    rows, columns = matrix.shape
    padded = np.zeros((rows, -(-columns // 64) * 64), np.uint8)
    padded[:, :columns] = matrix
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _unpack(packed: npt.NDArray[np.uint64], columns: int) -> Matrix:
    return np.unpackbits(packed.view(np.uint8), axis=1, bitorder="little")[:, :columns]


def column_numbers(matrix: Matrix) -> npt.NDArray[np.uint64]:
    """Its columns as numbers, uint64 (columns): row i, of up to 64, is bit i."""
    return (np.uint64(1) << np.arange(len(matrix), dtype=np.uint64)) @ matrix.astype(np.uint64)


def others(size: int, indices: Any) -> Indices:
    """The numbers from 0 to size - 1 that are not among ``indices``, ascending."""
    left = np.ones(size, np.bool_)
    left[indices] = False
    return np.flatnonzero(left)


def row_reduce(matrix: Matrix, *, from_right: bool = False) -> tuple[Matrix, Indices]:
    """Reduced row echelon form without its zero rows, and the pivot column of each row.

    ``from_right`` takes the last possible columns as pivots rather than the first.
    """
    packed = pack(matrix)
    order = np.arange(matrix.shape[1])
    pivots = np.empty(len(packed), np.int64)
    pivots = pivots[: eliminate(packed, order[::-1].copy() if from_right else order, pivots)]
    return _unpack(packed[: len(pivots)], matrix.shape[1]), pivots


def rank(matrix: Matrix) -> int:
    """Rank over GF(2)."""
    return len(row_reduce(matrix)[1])


def independent_rows(matrix: Matrix) -> Indices:
    """The first rows that span the row space: the numbers of those independent of the rows before."""
    return np.sort(row_reduce(np.ascontiguousarray(matrix.T))[1])


def null_space(matrix: Matrix, *, from_right: bool = False) -> tuple[Matrix, Indices]:
    """A basis of {x : matrix x = 0}, one vector a row, and the coordinates on which it is the identity.

    The free coordinates are the columns that are not pivots of ``row_reduce``, in ascending order.
    """
    reduced, pivots = row_reduce(matrix, from_right=from_right)
    free = others(matrix.shape[1], pivots)
    basis = np.zeros((len(free), matrix.shape[1]), np.uint8)
    basis[np.arange(len(free)), free] = 1
    basis[:, pivots] = reduced[:, free].T
    return basis, free


def span(matrix: Matrix) -> npt.NDArray[np.uint64]:
    """All sums of the rows, packed and one a column: uint64 (words, 2^rows); row i is in those with bit i."""
    packed = pack(matrix)
    words = np.zeros((packed.shape[1], 1), np.uint64)
    for row in packed:
        words = np.hstack([words, words ^ row[:, None]])
    return words


def span_weights(*parts: Matrix) -> npt.NDArray[np.int64]:
    """How many of the sums of rows have which Hamming weights, by enumeration.

    ``parts`` are matrices of as many rows each, whose rows are added up together: one or several
    blocks of columns. Returns int64 of shape (columns of the first part + 1, of the second + 1, ...), whose
    sum is 2^rows.
    """
    shape = tuple(part.shape[1] + 1 for part in parts)
    counts = np.zeros(int(np.prod(shape)), np.int64)
    low = min(len(parts[0]), 14)
    tails = [span(part[:low]) for part in parts]
    heads = [span(part[low:]) for part in parts]
    for i in range(heads[0].shape[1]):
        index = np.zeros(1 << low, np.int64)
        for tail, head, size in zip(tails, heads, shape, strict=True):
            weights = np.bitwise_count(tail ^ head[:, i : i + 1]).sum(axis=0, dtype=np.int64)
            index = index * size + weights
        counts += np.bincount(index, minlength=len(counts))
    return counts.reshape(shape)


def inverse(matrix: Matrix) -> Matrix:
    """The inverse of a square matrix; raises ValueError if it is singular."""
    size = len(matrix)
    reduced, pivots = row_reduce(np.hstack([matrix, np.eye(size, dtype=np.uint8)]))
    if not np.array_equal(pivots[:size], np.arange(size)):
        raise ValueError("the matrix is singular over GF(2)")
    return reduced[:, size:]


def multiply(a: Matrix, b: Matrix) -> Matrix:
    """The product a b over GF(2)."""
    # float64 products run on BLAS and are exact for sums below 2^53
    return (a.astype(np.float64) @ b.astype(np.float64) % 2).astype(np.uint8)
