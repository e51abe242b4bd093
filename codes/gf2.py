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


def check_size(shape: tuple[int, int], name: str) -> None:
    """Raise ValueError, naming the matrix, if a dense one of this shape would have over 2^30 entries."""
    if shape[0] * shape[1] > MAX_MADE:
        raise ValueError(f"{name} would be too large: {shape[0]} by {shape[1]}, over 2^30 entries")


def as_matrix(values: Any, name: str) -> Matrix:
    """A NumPy array, SciPy sparse matrix or nested sequence of 0 and 1 as a uint8 matrix.

    Raises ValueError, naming the matrix, if it is not two-dimensional, is empty, or holds anything
    but 0 and 1.
    """
    if hasattr(values, "shape") and np.prod(values.shape, dtype=np.float64) > MAX_ENTRIES:
        raise ValueError(
            f"{name} of shape {values.shape} is too large: up to {MAX_ENTRIES} entries are handled"
        )
    dense = values.toarray() if hasattr(values, "toarray") else values
    try:
        array = np.asarray(dense)
    except ValueError:
        raise ValueError(f"{name} must be a matrix: its rows differ in length") from None
    if array.ndim != 2 or array.size == 0:
        raise ValueError(f"{name} must be a matrix with at least one row and column, got shape {array.shape}")
    if array.dtype.kind not in "buif" or not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold only 0 and 1")
    return array.astype(np.uint8)


def as_sparse(values: Any, name: str) -> scipy.sparse.csr_array:
    """The same as a SciPy CSR array, uint8, of ones only, each row's in ascending order.

    A sparse matrix is never made dense. Raises ValueError as ``as_matrix`` does; a sparse matrix may
    have up to 10^7 rows and columns, whatever their product.
    """
    if not hasattr(values, "toarray"):
        return scipy.sparse.csr_array(as_matrix(values, name))
    if len(values.shape) != 2 or min(values.shape) == 0:
        raise ValueError(
            f"{name} must be a matrix with at least one row and column, got shape {values.shape}"
        )
    if max(values.shape) > MAX_SIZE:
        raise ValueError(
            f"{name} of shape {values.shape} is too large: up to {MAX_SIZE} rows and columns are handled"
        )
    csr = scipy.sparse.csr_array(values, copy=True)
    csr.sum_duplicates()  # and puts them in order
    if csr.dtype.kind not in "buif" or not np.isin(csr.data, (0, 1)).all():
        raise ValueError(f"{name} must hold only 0 and 1")
    csr.eliminate_zeros()
    return csr.astype(np.uint8)


def pack(matrix: Matrix) -> npt.NDArray[np.uint64]:
    """The rows as uint64 (rows, ceil(columns / 64)): column j is bit j % 64 of word j // 64."""
    rows, columns = matrix.shape
    padded = np.zeros((rows, -(-columns // 64) * 64), np.uint8)
    padded[:, :columns] = matrix
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _unpack(packed: npt.NDArray[np.uint64], columns: int) -> Matrix:
    return np.unpackbits(packed.view(np.uint8), axis=1, bitorder="little")[:, :columns]


def row_reduce(matrix: Matrix, *, from_right: bool = False) -> tuple[Matrix, Indices]:
    """Reduced row echelon form without its zero rows, and the pivot column of each row.

    ``from_right`` takes the last possible columns as pivots rather than the first.
    """
    packed = pack(matrix)
    order = np.arange(matrix.shape[1])
    pivots = eliminate(packed, order[::-1].copy() if from_right else order)
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
    free = np.setdiff1d(np.arange(matrix.shape[1]), pivots)
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
