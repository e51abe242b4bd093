"""Linear algebra over GF(2) against a slow reference, against galois, and against the defining properties."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes.binary import gf2

Matrix = npt.NDArray[np.uint8]

#: From galois, see vectors/make_vectors.py.
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "vectors.json").read_text())["matrices"]


def reference_row_reduce(matrix: Matrix, order: list[int]) -> tuple[Matrix, list[int]]:
    """Gauss-Jordan elimination with lists, trying the columns in ``order``."""
    rows = [list(map(int, row)) for row in matrix]
    done: list[list[int]] = []
    pivots = []
    for column in order:
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        for row in rows + done:
            if row[column]:
                row[:] = [a ^ b for a, b in zip(row, pivot, strict=True)]
        done.append(pivot)
        pivots.append(column)
    return np.array(done, np.uint8).reshape(len(done), matrix.shape[1]), pivots


def span(matrix: Matrix) -> set[tuple[int, ...]]:
    """All sums of rows."""
    words = {(0,) * matrix.shape[1]}
    for row in matrix.tolist():
        words |= {tuple(a ^ b for a, b in zip(word, row, strict=True)) for word in words}
    return words


def of_rank_at_most(rank: int, rows: int, columns: int, generator: np.random.Generator) -> Matrix:
    left = generator.integers(0, 2, (rows, rank), dtype=np.uint8)
    return (left.astype(np.int64) @ generator.integers(0, 2, (rank, columns)) % 2).astype(np.uint8)


def matrices() -> dict[str, Matrix]:
    generator = np.random.default_rng(1)
    named = {
        "1x1 zero": np.zeros((1, 1), np.uint8),
        "1x1 one": np.ones((1, 1), np.uint8),
        "zero": np.zeros((5, 70), np.uint8),
        "all ones": np.ones((6, 4), np.uint8),
        "identity": np.eye(65, dtype=np.uint8),
        "one row": np.array([[0, 0, 1, 0, 1]], np.uint8),
        "one column": np.array([[0], [1], [1]], np.uint8),
        "transposed view": np.triu(np.ones((6, 9), np.uint8)).T,
    }
    # Widths on both sides of the 64 bits of a word.
    for rows, columns in [(1, 63), (3, 64), (4, 65), (8, 8), (20, 129), (130, 7), (64, 64), (40, 200)]:
        named[f"random {rows}x{columns}"] = generator.integers(0, 2, (rows, columns), dtype=np.uint8)
    for rank, rows, columns in [(1, 6, 6), (3, 10, 70), (5, 70, 10), (12, 30, 30), (63, 64, 128)]:
        named[f"rank {rank} {rows}x{columns}"] = of_rank_at_most(rank, rows, columns, generator)
    for i in range(40):
        rows, columns = generator.integers(1, 9, 2)
        density = generator.choice([0.1, 0.3, 0.5, 0.9])
        named[f"small {i}"] = (generator.random((rows, columns)) < density).astype(np.uint8)
    return named


MATRICES = matrices()
each_matrix = pytest.mark.parametrize("matrix", MATRICES.values(), ids=MATRICES.keys())


@each_matrix
@pytest.mark.parametrize("from_right", [False, True])
def test_row_reduce_is_the_reduced_echelon_form(matrix: Matrix, from_right: bool) -> None:
    before = matrix.copy()
    reduced, pivots = gf2.row_reduce(matrix, from_right=from_right)
    columns = list(range(matrix.shape[1]))
    expected, expected_pivots = reference_row_reduce(matrix, columns[::-1] if from_right else columns)
    assert reduced.dtype == np.uint8
    np.testing.assert_array_equal(reduced, expected)
    np.testing.assert_array_equal(pivots, expected_pivots)
    np.testing.assert_array_equal(matrix, before)


@each_matrix
def test_rank(matrix: Matrix) -> None:
    expected = len(reference_row_reduce(matrix, list(range(matrix.shape[1])))[1])
    assert gf2.rank(matrix) == gf2.rank(matrix.T) == expected


@each_matrix
@pytest.mark.parametrize("from_right", [False, True])
def test_null_space_is_a_basis_of_the_kernel(matrix: Matrix, from_right: bool) -> None:
    basis, free = gf2.null_space(matrix, from_right=from_right)
    assert basis.shape == (matrix.shape[1] - gf2.rank(matrix), matrix.shape[1])
    assert not gf2.multiply(matrix, basis.T).any()
    np.testing.assert_array_equal(basis[:, free], np.eye(len(free)))
    assert (np.diff(free) > 0).all()


@pytest.mark.parametrize("name", [name for name in MATRICES if name.startswith("small")])
def test_null_space_holds_every_solution(name: str) -> None:
    matrix = MATRICES[name]
    words = (np.arange(1 << matrix.shape[1])[:, None] >> np.arange(matrix.shape[1])) & 1
    solutions = words[~(words @ matrix.T % 2).any(axis=1)]
    assert span(gf2.null_space(matrix)[0]) == set(map(tuple, solutions.tolist()))


@each_matrix
def test_independent_rows_are_those_independent_of_the_rows_before(matrix: Matrix) -> None:
    columns = list(range(matrix.shape[1]))
    ranks = [len(reference_row_reduce(matrix[:count], columns)[1]) for count in range(len(matrix) + 1)]
    np.testing.assert_array_equal(gf2.independent_rows(matrix), np.flatnonzero(np.diff(ranks)))


def parse(rows: list[str]) -> Matrix:
    return np.array([list(map(int, row)) for row in rows], np.uint8)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{len(v['matrix'])}x{len(v['matrix'][0])}")
def test_agrees_with_galois(vector: dict[str, Any]) -> None:
    matrix = parse(vector["matrix"])
    assert gf2.rank(matrix) == vector["rank"]
    reduced = gf2.row_reduce(matrix)[0]
    np.testing.assert_array_equal(reduced, parse(vector["reduced"])[: len(reduced)])
    basis = gf2.null_space(matrix)[0]
    if vector["null_space"]:  # the two bases differ, what they span does not
        np.testing.assert_array_equal(
            gf2.row_reduce(basis)[0], gf2.row_reduce(parse(vector["null_space"]))[0]
        )
    else:
        assert len(basis) == 0


@pytest.mark.parametrize("size", [1, 2, 5, 63, 64, 65, 100])
def test_inverse(size: int) -> None:
    generator = np.random.default_rng(size)
    identity = np.eye(size, dtype=np.uint8)
    # A product of triangular matrices with ones on the diagonal, in shuffled order, is invertible.
    lower = np.tril(generator.integers(0, 2, (size, size), dtype=np.uint8), -1) + identity
    upper = np.triu(generator.integers(0, 2, (size, size), dtype=np.uint8), 1) + identity
    matrix = gf2.multiply(lower, upper)[generator.permutation(size)]
    inverse = gf2.inverse(matrix)
    np.testing.assert_array_equal(gf2.multiply(matrix, inverse), identity)
    np.testing.assert_array_equal(gf2.multiply(inverse, matrix), identity)


@pytest.mark.parametrize("matrix", [[[0]], [[1, 1], [1, 1]], [[1, 0, 1], [0, 1, 1], [1, 1, 0]]])
def test_inverse_refuses_singular_matrices(matrix: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="singular"):
        gf2.inverse(np.array(matrix, np.uint8))


@pytest.mark.parametrize(
    ("rows", "inner", "columns"), [(1, 1, 1), (3, 300, 2), (1, 70000, 1), (7, 5, 9), (0, 4, 3), (4, 3, 0)]
)
def test_multiply(rows: int, inner: int, columns: int) -> None:
    generator = np.random.default_rng(2)
    a = generator.integers(0, 2, (rows, inner), dtype=np.uint8)
    b = generator.integers(0, 2, (inner, columns), dtype=np.uint8)
    product = gf2.multiply(a, b)
    assert product.dtype == np.uint8
    np.testing.assert_array_equal(product, a.astype(np.int64) @ b.astype(np.int64) % 2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[0, 1], [1]], "G must be a matrix: its rows differ in length"),
        ([0, 1], r"G must be a matrix with at least one row and column, got shape \(2,\)"),
        (np.zeros((0, 3)), r"at least one row and column, got shape \(0, 3\)"),
        ([[0, 2]], "G must hold only 0 and 1"),
        ([[0.5, 1]], "G must hold only 0 and 1"),
        ([[np.nan, 1]], "G must hold only 0 and 1"),
        ([[-1, 1]], "G must hold only 0 and 1"),
        ([["0", "1"]], "G must hold only 0 and 1"),
        ([[1j, 1]], "G must hold only 0 and 1"),
    ],
)
def test_as_matrix_refuses(values: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gf2.as_matrix(values, "G")


def test_as_matrix_copies() -> None:
    given = np.eye(2, dtype=np.uint8)
    taken = gf2.as_matrix(given, "G")
    given[0, 0] = 0
    np.testing.assert_array_equal(taken, np.eye(2))
