"""Regular ensembles: degrees, girth, seeds."""

import hashlib
import itertools
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    LDPCCode,
    TannerGraph,
    regular_matrix,
)


@pytest.mark.parametrize(
    ("n", "k", "column_weight"),
    [
        (24, 6, 3),
        (40, 20, 3),
        (96, 48, 3),
        (200, 100, 4),
        (300, 225, 3),
        (120, 30, 3),
        (30, 10, 2),
        (504, 252, 3),
    ],
)
@pytest.mark.parametrize("seed", [0, 1])
def test_regular_matrix_has_exact_degrees_and_girth_six(
    n: int, k: int, column_weight: int, seed: int
) -> None:
    matrix = regular_matrix(n, k, column_weight, seed)
    assert matrix.dtype == np.uint8
    assert matrix.shape == (n - k, n)
    assert (matrix.data == 1).all()
    dense = matrix.toarray()
    assert (dense.sum(axis=0) == column_weight).all()
    assert (dense.sum(axis=1) == n * column_weight // (n - k)).all()
    assert TannerGraph.from_matrix(matrix).girth() >= 6
    overlap = dense.T.astype(int) @ dense  # two columns that share two rows make a 4-cycle
    assert overlap[~np.eye(n, dtype=bool)].max() <= 1


# 20 columns with three pairs of rows each, and only 45 pairs; all rows equal; one row in two columns.
@pytest.mark.parametrize(("n", "k", "column_weight"), [(20, 10, 3), (4, 1, 3), (6, 3, 3), (4, 2, 2)])
def test_regular_matrix_without_room_for_girth_six(n: int, k: int, column_weight: int) -> None:
    matrix = regular_matrix(n, k, column_weight).toarray()
    assert set(np.unique(matrix)) <= {0, 1}
    assert (matrix.sum(axis=0) == column_weight).all()
    assert (matrix.sum(axis=1) == n * column_weight // (n - k)).all()
    assert TannerGraph.from_matrix(matrix).girth() == 4


def digest(matrix: Any) -> str:
    return hashlib.sha256(np.ascontiguousarray(matrix.toarray()).tobytes()).hexdigest()


def test_regular_matrix_is_reproducible() -> None:
    digests = [digest(regular_matrix(96, 48, 3, seed)) for seed in range(8)]
    assert len(set(digests)) == 8
    assert digests == [digest(regular_matrix(96, 48, 3, seed)) for seed in range(8)]
    assert digest(regular_matrix(96, 48, 3)) == digests[0]
    program = (
        "import hashlib; from capgap.codes import regular_matrix; "
        "print(hashlib.sha256(regular_matrix(96, 48, 3, 5).toarray().tobytes()).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "123"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == digests[5]


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="seed must not be negative"):
        regular_matrix(40, 20, 3, -1)


def test_crowded_degrees_end_soon() -> None:
    """No room for girth 6: the double edges go, and the search does not look for what cannot be."""
    for n, k, weight in ((100, 50, 8), (60, 30, 5), (10, 1, 9)):
        matrix = regular_matrix(n, k, weight)
        assert set(matrix.sum(axis=0)) == {weight}
        assert set(matrix.sum(axis=1)) == {n * weight // (n - k)}
        assert matrix.max() == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((10, 0, 2), "k must lie in 1 to n - 1 = 9, got 0"),
        ((10, 10, 2), "k must lie in 1 to n - 1 = 9, got 10"),
        ((10, 5, 1), "column_weight must lie in 2 to n - k = 5, got 1"),
        ((10, 5, 6), "column_weight must lie in 2 to n - k = 5, got 6"),
        ((100, 49, 3), "k = 49 does not fit: .* k = 50 would do"),
    ],
)
def test_regular_matrix_refuses(arguments: tuple[int, int, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        regular_matrix(*arguments)


@pytest.mark.parametrize("n", [7, 12, 20])
def test_the_dimension_that_a_refusal_names_would_do(n: int) -> None:
    for k, weight in itertools.product(range(1, n - 1), [2, 3]):
        if weight > n - k or n * weight % (n - k) == 0:
            continue
        with pytest.raises(ValueError, match="would do") as refusal:
            regular_matrix(n, k, weight)
        named = int(str(refusal.value).split("; k = ")[1].split()[0])
        assert 1 <= named < n
        assert n * weight % (n - named) == 0
        assert weight <= n - named


def test_dimension_of_dependent_checks() -> None:
    # The sum of all rows is the column weight modulo 2, so an even weight makes them dependent.
    code = LDPCCode.regular(96, 48, 4)
    assert code.k > 48
    assert code.parity_check_matrix.shape == (48, 96)
