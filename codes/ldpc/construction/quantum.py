"""The classical codes of quantum LDPC codes: one of the two parity-check matrices of a CSS code."""

from pathlib import Path
from typing import Any, Literal

import numpy as np
import scipy.sparse

from ...binary.gf2 import MAX_ONES, as_sparse, of_coordinates
from ...matrix_files.read import read_matrix
from ...matrix_files.written import Matrix, as_rows
from .checked import checked_range, checked_seed
from .made import Made


def hypergraph_product(*, first: Matrix, second: Matrix | None = None, part: Literal["x", "z"] = "x") -> Made:
    """The checks of X or of Z of the hypergraph product of two parity-check matrices, or of one with itself.

    J.-P. Tillich and G. Zemor, 2014: [A x I, I x B^T] for X and [I x B, A^T x I] for Z, x the Kronecker
    product.
    """
    if part not in ("x", "z"):
        raise ValueError(f"part must be x or z, got {part!r}")
    a = _matrix(first, "first")
    b = a if second is None else _matrix(second, "second")
    if a.nnz * max(b.shape) + b.nnz * max(a.shape) > MAX_ONES:
        raise ValueError(f"first and second must be smaller: the product may have up to {MAX_ONES} ones")

    def times(left: Any, right: Any) -> Any:
        return scipy.sparse.kron(left, right, format="csr")

    def eye(size: int) -> Any:
        return scipy.sparse.eye_array(size, dtype=np.uint8)

    if part == "x":
        blocks = [times(a, eye(b.shape[1])), times(eye(a.shape[0]), b.T)]
    else:
        blocks = [times(eye(a.shape[1]), b), times(a.T, eye(b.shape[0]))]
    matrix = as_sparse(scipy.sparse.csr_array(scipy.sparse.hstack(blocks)), "the matrix")
    return Made(matrix, facts={"variables of the first factor": blocks[0].shape[1]})


def bicycle(*, n: int, k: int, row_weight: int, seed: int = 0) -> Made:
    """[C, C^T] of a random circulant C, with rows taken away to n - k: each row is orthogonal to all.

    D. J. C. MacKay, G. Mitchison and P. L. McFadden, 2004, "Sparse-graph codes for quantum error correction",
    section IV: the rows that go are those that leave the weights of the columns the most equal.
    """
    n = checked_range(n, "n", 4, 20_000)
    if n % 2:
        raise ValueError(f"n must be even, two circulants side by side, got {n}: {n + 1} would do")
    half = n // 2
    k = checked_range(k, "k", half, n - 1)
    weight = checked_range(row_weight, "row_weight", 2, n)
    if weight % 2:
        raise ValueError(
            f"row_weight must be even, half in each circulant, got {weight}: {weight + 1} would do"
        )
    shifts = np.random.default_rng(checked_seed(seed)).choice(half, weight // 2, replace=False)
    rows = np.arange(half)[:, None]
    columns = np.hstack([(rows + shifts) % half, half + (rows - shifts) % half])
    weights = np.full(n, weight // 2)
    kept = np.ones(half, np.bool_)
    for _ in range(half - (n - k)):
        # Columns that have lost the fewest ones should lose the next.
        score = np.where(kept, (weights[columns] ** 2).sum(axis=1), -1)
        gone = int(score.argmax())
        kept[gone] = False
        weights[columns[gone]] -= 1
    left = columns[kept]
    matrix = of_coordinates(
        np.repeat(np.arange(len(left)), weight), left.ravel(), (len(left), n), "the matrix"
    )
    return Made(matrix)


def _matrix(given: Matrix, name: str) -> scipy.sparse.csr_array:
    return as_sparse(read_matrix(given) if isinstance(given, Path) else as_rows(given, name), name)
