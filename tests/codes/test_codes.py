"""Every code: its matrices, its encoder, its weights, its graph, and what its constructor refuses."""

import hashlib
import itertools
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse
from capgap.codes import (
    Code,
    HammingCode,
    LDPCCode,
    LinearCode,
    MatrixFileError,
    RepetitionCode,
    SingleParityCheckCode,
    TannerGraph,
    UncodedCode,
    by_name,
    read_matrix,
    read_quasi_cyclic,
    regular_matrix,
    write_alist,
)
from capgap.codes.binary import gf2
from capgap.codes.ldpc.columns import column_numbers
from numpy.polynomial import polynomial
from scipy.special import binom

Bits = npt.NDArray[np.uint8]

#: From komm and galois, see vectors/make_vectors.py.
VECTORS = json.loads((Path(__file__).parent / "vectors" / "vectors.json").read_text())


def random_bits(*shape: int, seed: int = 1, density: float = 0.5) -> Bits:
    return (np.random.default_rng(seed).random(shape) < density).astype(np.uint8)


NON_SYSTEMATIC = [[1, 1, 0, 1, 0], [0, 1, 1, 1, 1], [1, 0, 0, 1, 1]]
SPARSE = scipy.sparse.csr_array((np.random.default_rng(3).random((9, 15)) < 0.3).astype(np.uint8))

CODES: dict[str, LinearCode] = {
    "uncoded 1": UncodedCode(k=1),
    "uncoded 9": UncodedCode(k=9),
    "repetition 1": RepetitionCode(n=1),
    "repetition 5": RepetitionCode(n=5),
    "repetition 12, 3": RepetitionCode(n=12, k=3),
    "repetition 4, 4": RepetitionCode(n=4, k=4),
    "spc 2": SingleParityCheckCode(n=2),
    "spc 8": SingleParityCheckCode(n=8),
    **{f"hamming {r}": HammingCode(r=r) for r in range(2, 7)},
    **{f"extended hamming {r}": HammingCode(r=r, extended=True) for r in range(2, 7)},
    "shortened hamming 3": HammingCode(r=3, shorten=1),
    "shortened hamming 3 to k = 1": HammingCode(r=3, shorten=3),
    "shortened hamming 5": HammingCode(r=5, shorten=14),
    "shortened extended hamming 4": HammingCode(r=4, extended=True, shorten=5),
    "generator, nested lists": LinearCode(generator=[[1, 0, 1, 1], [0, 1, 0, 1]]),
    "generator, non-systematic": LinearCode(generator=NON_SYSTEMATIC),
    "generator, swapped rows": LinearCode(generator=[[0, 1, 1], [1, 0, 1]]),
    "generator, rank-deficient": LinearCode(
        generator=[[1, 1, 0, 1], [1, 1, 0, 1], [0, 1, 1, 0], [1, 0, 1, 1]]
    ),
    "generator, zero row first": LinearCode(generator=[[0, 0, 0], [1, 0, 1]]),
    "generator, zero columns": LinearCode(generator=[[0, 1, 0, 1, 0], [0, 0, 0, 1, 0]]),
    "generator, one bit": LinearCode(generator=[[1]]),
    "generator, k = n": LinearCode(generator=[[1, 1, 0], [0, 1, 1], [0, 0, 1]]),
    "generator, sparse": LinearCode(generator=SPARSE),
    "generator, random 12, 6": LinearCode(generator=random_bits(6, 12)),
    "generator, random 140, 70": LinearCode(generator=random_bits(70, 140)),
    "parity check, nested lists": LinearCode(parity_check=[[1, 1, 0, 1], [0, 1, 1, 1]]),
    "parity check, bool": LinearCode(parity_check=random_bits(5, 9) == 1),
    "parity check, float": LinearCode(parity_check=random_bits(5, 9).astype(float)),
    "parity check, rank-deficient": LinearCode(
        parity_check=np.vstack([random_bits(4, 10), random_bits(4, 10)])
    ),
    "parity check, zero columns": LinearCode(parity_check=[[0, 1, 0, 1, 0], [0, 1, 0, 0, 0]]),
    "parity check, zero rows": LinearCode(parity_check=[[0, 0, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0]]),
    "parity check, csr": LinearCode(parity_check=scipy.sparse.csr_array(SPARSE)),
    "parity check, csc": LinearCode(parity_check=scipy.sparse.csc_array(SPARSE)),
    "parity check, coo matrix": LinearCode(parity_check=scipy.sparse.coo_matrix(SPARSE)),
    "parity check, random 150, 80": LinearCode(parity_check=random_bits(70, 150, density=0.05)),
    "ldpc 20": LDPCCode.regular(20, 8, 3),
    "ldpc 96": LDPCCode.regular(96, 48, 3),
    "ldpc, even column weight": LDPCCode.regular(96, 48, 4),
    "ldpc, tall": LDPCCode(np.vstack([regular_matrix(40, 20, 3).toarray()] * 2)),
    "punctured ldpc": LDPCCode(regular_matrix(60, 30, 3), puncture=[0, 7, 7, 59]),
    "punctured in the information bits": LDPCCode(regular_matrix(40, 20, 3), puncture=range(5)),
}
SMALL = {name: code for name, code in CODES.items() if code.k <= 12}

each_code = pytest.mark.parametrize("code", CODES.values(), ids=CODES.keys())
each_small_code = pytest.mark.parametrize("code", SMALL.values(), ids=SMALL.keys())


def messages(k: int) -> Bits:
    """All of them."""
    return ((np.arange(1 << k)[:, None] >> np.arange(k)) & 1).astype(np.uint8)


def product(a: Any, b: Any) -> npt.NDArray[np.int64]:
    return np.asarray(a, np.int64) @ np.asarray(b, np.int64) % 2


def assert_is_linear_code(code: LinearCode) -> None:
    G, H = code.generator_matrix, code.parity_check_matrix
    n, k = code.n, code.k
    assert code.rate == k / n
    assert G.shape == (k, n)
    assert H.shape[1] == n
    assert G.dtype == H.dtype == np.uint8
    assert gf2.rank(G) == k
    assert n - (gf2.rank(H) if len(H) else 0) == k
    assert not product(G, H.T).any()

    u, v = random_bits(300, k, seed=2), random_bits(300, k, seed=3)
    word = code.encode(u)
    assert word.dtype == np.uint8
    np.testing.assert_array_equal(word, product(u, G))
    np.testing.assert_array_equal(word ^ code.encode(v), code.encode(u ^ v))
    np.testing.assert_array_equal(code.encode(np.asfortranarray(u)), word)
    np.testing.assert_array_equal(code.encode(np.eye(k, dtype=np.uint8)), G)
    assert code.encode(u[:0]).shape == (0, n)

    for ordered in (np.ascontiguousarray(word), np.asfortranarray(word)):
        back = code.information_bits(ordered)
        assert back.dtype == np.uint8
        np.testing.assert_array_equal(back, u)
    assert not code.syndrome(word).any()
    noisy = random_bits(300, n, seed=4)
    np.testing.assert_array_equal(code.syndrome(noisy), product(noisy, H.T))

    chosen = code.information_set
    assert chosen.shape == (k,)
    assert (np.diff(chosen) > 0).all()
    assert gf2.rank(np.ascontiguousarray(G[:, chosen])) == k
    assert code.systematic == np.array_equal(G[:, chosen], np.eye(k))

    graph = code.tanner_graph
    sent = code.transmitted
    assert len(sent) == len(set(sent.tolist())) == n
    if graph.variables == n:
        np.testing.assert_array_equal(sent, np.arange(n))
        np.testing.assert_array_equal(graph.matrix(), H)


@each_code
def test_is_a_linear_code(code: LinearCode) -> None:
    assert_is_linear_code(code)


@pytest.mark.parametrize("name", [name for name, code in CODES.items() if code.n <= 16])
def test_syndrome_is_zero_for_codewords_alone(name: str) -> None:
    code = CODES[name]
    words = messages(code.n)
    assert (~code.syndrome(words).any(axis=1)).sum() == 1 << code.k


def test_matrices_are_kept_as_given() -> None:
    np.testing.assert_array_equal(CODES["generator, non-systematic"].generator_matrix, NON_SYSTEMATIC)
    deficient = CODES["generator, rank-deficient"]
    np.testing.assert_array_equal(deficient.generator_matrix, [[1, 1, 0, 1], [0, 1, 1, 0]])
    redundant = CODES["parity check, zero rows"]
    np.testing.assert_array_equal(redundant.parity_check_matrix, [[0, 0, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0]])


@pytest.mark.parametrize("name", [name for name in CODES if name.startswith("parity check")])
def test_parity_check_codes_have_their_information_bits_first(name: str) -> None:
    code = CODES[name]
    assert code.systematic
    # The greedy choice from the left among the columns of G.
    first = gf2.independent_rows(np.ascontiguousarray(code.generator_matrix.T))
    np.testing.assert_array_equal(code.information_set, first)


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("r", range(2, 7))
def test_hamming_layout(r: int, extended: bool) -> None:
    code = HammingCode(r=r, extended=extended)
    n, k = 2**r - 1, 2**r - 1 - r
    assert (code.n, code.k) == (n + extended, k)
    np.testing.assert_array_equal(code.generator_matrix[:, :k], np.eye(k))
    H = code.parity_check_matrix
    np.testing.assert_array_equal(np.sort(2 ** np.arange(r) @ H[:r, :n]), np.arange(1, n + 1))
    if extended:
        np.testing.assert_array_equal(H[r], np.ones(n + 1))
        assert not (code.generator_matrix.sum(axis=1) % 2).any()
    shorter = HammingCode(r=r, extended=extended, shorten=k - 1)
    assert (shorter.n, shorter.k) == (n + extended - (k - 1), 1)


def test_shortening_takes_the_first_information_bits_away() -> None:
    whole, short = HammingCode(r=4, extended=True), HammingCode(r=4, extended=True, shorten=4)
    np.testing.assert_array_equal(short.generator_matrix, whole.generator_matrix[4:, 4:])


def test_repetition_sends_the_whole_block_over_and_over() -> None:
    u = random_bits(4, 3)
    np.testing.assert_array_equal(RepetitionCode(n=9, k=3).encode(u), np.hstack([u, u, u]))


def test_parity_bit_comes_last() -> None:
    u = random_bits(20, 6)
    expected = np.hstack([u, u.sum(axis=1, keepdims=True, dtype=np.uint8) % 2])
    np.testing.assert_array_equal(SingleParityCheckCode(n=7).encode(u), expected)


def test_uncoded_needs_no_matrix() -> None:
    code = UncodedCode(k=10**6)
    u = random_bits(2, 10**6)
    np.testing.assert_array_equal(code.encode(u), u)
    np.testing.assert_array_equal(code.information_bits(u), u)


# Weights


def hamming_weights(r: int) -> npt.NDArray[Any]:
    """((1 + z)^n + n (1 + z)^((n - 1) / 2) (1 - z)^((n + 1) / 2)) / (n + 1).

    MacWilliams and Sloane (1977), chapter 5, section 2: the MacWilliams transform of 1 + n z^((n + 1) / 2).
    """
    n = 2**r - 1
    other = polynomial.polymul(
        polynomial.polypow([1, 1], (n - 1) // 2), polynomial.polypow([1, -1], (n + 1) // 2)
    )
    whole: npt.NDArray[Any] = (polynomial.polypow([1, 1], n) + n * other) / (n + 1)
    return np.round(whole)


def extend(weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Odd weights go up by one."""
    extended = np.append(weights, 0)
    extended[2::2] += extended[1:-1:2]
    extended[1::2] = 0
    return extended


@pytest.mark.parametrize("r", [2, 3, 4])
def test_hamming_weights(r: int) -> None:
    expected = hamming_weights(r)
    np.testing.assert_array_equal(HammingCode(r=r).weight_distribution(), expected)
    np.testing.assert_array_equal(HammingCode(r=r, extended=True).weight_distribution(), extend(expected))
    simplex = np.zeros(2**r)
    simplex[[0, 2 ** (r - 1)]] = 1, 2**r - 1
    np.testing.assert_array_equal(HammingCode(r=r).dual().weight_distribution(), simplex)


@pytest.mark.parametrize("n", [2, 3, 8, 13, 17])
def test_single_parity_check_weights(n: int) -> None:
    weight = np.arange(n + 1)
    expected = np.where(weight % 2 == 0, binom(n, weight), 0)
    np.testing.assert_array_equal(SingleParityCheckCode(n=n).weight_distribution(), expected)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (5, 1), (12, 3), (28, 14)])
def test_repetition_weights(n: int, k: int) -> None:
    expected = np.zeros(n + 1)
    expected[:: n // k] = binom(k, np.arange(k + 1))
    np.testing.assert_array_equal(RepetitionCode(n=n, k=k).weight_distribution(), expected)


@each_small_code
def test_weights_by_counting(code: LinearCode) -> None:
    weights = np.bincount(code.encode(messages(code.k)).sum(axis=1, dtype=np.int64), minlength=code.n + 1)
    np.testing.assert_array_equal(code.weight_distribution(), weights)
    assert code.minimum_distance() == np.flatnonzero(weights)[1]


def macwilliams(weights: npt.NDArray[np.int64]) -> list[int]:
    """Weights of the dual code: 2^-k sum over i of A_i K_j(i) with Krawtchouk polynomials K_j, in integers."""
    n, total = len(weights) - 1, int(weights.sum())

    def krawtchouk(j: int, i: int) -> int:
        return sum((-1) ** s * math.comb(i, s) * math.comb(n - i, j - s) for s in range(j + 1))

    found = [sum(int(a) * krawtchouk(j, i) for i, a in enumerate(weights)) for j in range(n + 1)]
    assert all(value % total == 0 for value in found)
    return [value // total for value in found]


@pytest.mark.parametrize("name", [name for name, code in SMALL.items() if 0 < code.n - code.k <= 16])
def test_macwilliams_identity(name: str) -> None:
    code = SMALL[name]
    dual = code.dual()
    assert (dual.n, dual.k) == (code.n, code.n - code.k)
    assert dual.weight_distribution().tolist() == macwilliams(code.weight_distribution())
    twice = gf2.row_reduce(dual.dual().generator_matrix)[0]
    np.testing.assert_array_equal(twice, gf2.row_reduce(code.generator_matrix)[0])


@pytest.mark.parametrize(
    ("code", "distance"),
    [
        *((HammingCode(r=r), 3) for r in (2, 3, 4)),
        *((HammingCode(r=r, extended=True), 4) for r in (2, 3, 4)),
        (HammingCode(r=5, shorten=10), 3),
        (HammingCode(r=3, shorten=3), 4),  # the bit checked by all three
        (RepetitionCode(n=21, k=3), 7),
        (SingleParityCheckCode(n=20), 2),
        (UncodedCode(k=5), 1),
        (LinearCode(generator=[[0, 0, 1, 0]]), 1),
    ],
    ids=repr,
)
def test_minimum_distance(code: LinearCode, distance: int) -> None:
    assert code.minimum_distance() == distance


def test_enumeration_is_refused_where_hopeless() -> None:
    code = HammingCode(r=5)
    for method in (code.weight_distribution, code.minimum_distance):
        with pytest.raises(ValueError, match="enumerated up to k = 24, this code has 26"):
            method()


def parse(rows: list[str]) -> Bits:
    return np.array([list(map(int, row)) for row in rows], np.uint8)


@pytest.mark.parametrize("name", VECTORS["codes"])
def test_agrees_with_komm(name: str) -> None:
    vector = VECTORS["codes"][name]
    generator, check = parse(vector["generator"]), parse(vector["check"])
    for code in (LinearCode(generator=generator), LinearCode(parity_check=check)):
        assert code.minimum_distance() == vector["minimum_distance"]
        assert code.weight_distribution().tolist() == vector["weights"]
        assert not product(code.generator_matrix, check.T).any()
        assert not product(generator, code.parity_check_matrix.T).any()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *((f"hamming {r}", HammingCode(r=r)) for r in (2, 3, 4)),
        *((f"extended hamming {r}", HammingCode(r=r, extended=True)) for r in (2, 3, 4)),
        ("repetition 5", RepetitionCode(n=5)),
        ("repetition 6", RepetitionCode(n=6)),
        ("spc 6", SingleParityCheckCode(n=6)),
    ],
)
def test_same_code_as_in_komm(name: str, code: LinearCode) -> None:
    vector = VECTORS["codes"][name]
    assert code.weight_distribution().tolist() == vector["weights"]
    assert code.minimum_distance() == vector["minimum_distance"]
    assert code.generator_matrix.shape == parse(vector["generator"]).shape


@pytest.mark.parametrize("r", range(2, 7))
def test_hamming_has_the_columns_of_the_cyclic_code_of_galois(r: int) -> None:
    vector = VECTORS["cyclic_hamming"][r - 2]
    code = HammingCode(r=r)
    assert (code.k, 3) == (vector["k"], vector["d"])
    theirs = sorted(zip(*vector["check"], strict=True))
    ours = sorted(zip(*(map(str, row) for row in code.parity_check_matrix.tolist()), strict=True))
    assert ours == theirs


# Tanner graphs


def reference_girth(matrix: Bits) -> float:
    """Without each edge in turn: the distance between its ends, plus one."""
    edges = [(("check", int(r)), ("variable", int(c))) for r, c in np.argwhere(matrix)]
    best = math.inf
    for removed in edges:
        neighbours: dict[Any, list[Any]] = {}
        for a, b in edges:
            if (a, b) != removed:
                neighbours.setdefault(a, []).append(b)
                neighbours.setdefault(b, []).append(a)
        start, goal = removed
        distance = {start: 0}
        queue = [start]
        for node in queue:
            for other in neighbours.get(node, []):
                if other not in distance:
                    distance[other] = distance[node] + 1
                    queue.append(other)
        best = min(best, distance.get(goal, math.inf) + 1)
    return best


def cycle(length: int) -> Bits:
    """The graph that is one cycle of this even length."""
    half = length // 2
    return np.eye(half, dtype=np.uint8) + np.roll(np.eye(half, dtype=np.uint8), 1, axis=1)


@pytest.mark.parametrize("length", [4, 6, 8, 10, 14, 30])
def test_girth_of_a_cycle(length: int) -> None:
    # Beside the cycle: a branch, a tree, and vertices without edges.
    matrix = np.pad(cycle(length), ((0, 2), (0, 3)))
    matrix[0, -3] = 1
    matrix[-1, -2:] = 1
    assert TannerGraph.from_matrix(matrix).girth() == reference_girth(matrix) == length


@pytest.mark.parametrize(
    ("start", "ends", "message"),
    [
        ([0, 2, 3], [0, 1, 3], "edge_variable must lie in 0 to 2"),
        ([0, 2, 3], [0, -1, 2], "edge_variable must lie in 0 to 2"),
        ([0, 2, 4], [0, 1, 2], "check_start must ascend from 0 to the number of edges, 3"),
        ([0, 10**8, 3], [0, 1, 2], "check_start must ascend"),
        ([0, 3, 2, 3], [0, 1, 2], "check_start must ascend"),
        ([1, 3], [0, 1, 2], "check_start must ascend"),
        ([], [], "check_start must ascend"),
        ([0, 2], [1, 1], "edge_variable must ascend within each check"),
        ([0, 2, 4], [1, 2, 2, 0], "edge_variable must ascend within each check"),
        (np.zeros((2, 2), np.int32), [], "check_start must be an int32 array of one dimension"),
        ([0, 1], [0.0], "edge_variable must be an int32 array"),
    ],
)
def test_graphs_of_wrong_indices_are_refused(start: Any, ends: Any, message: str) -> None:
    """Kernels read and write where they say."""
    arrays = [np.array(a, np.int32 if not a or isinstance(a[0], int) else None) for a in (list(start), ends)]
    with pytest.raises(ValueError, match=message):
        TannerGraph(3, *arrays)


def test_graphs_of_right_indices() -> None:
    start, ends = np.array([0, 0, 2, 2, 3], np.int32), np.array([0, 2, 1], np.int32)
    expected = [[0, 0, 0], [1, 0, 1], [0, 0, 0], [0, 1, 0]]
    np.testing.assert_array_equal(TannerGraph(3, start, ends).matrix(), expected)
    graph = TannerGraph.from_matrix(scipy.sparse.csc_array(np.array(expected)))
    np.testing.assert_array_equal(graph.check_start, start)
    np.testing.assert_array_equal(graph.edge_variable, ends)
    assert TannerGraph.from_matrix(np.zeros((0, 3))).edges == 0
    with pytest.raises(ValueError, match="only 0 and 1"):
        TannerGraph.from_matrix(np.array([[2, 1]]))


def test_girth_of_a_forest() -> None:
    assert TannerGraph.from_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 1]])).girth() == math.inf
    assert TannerGraph.from_matrix(np.zeros((2, 3))).girth() == math.inf


@pytest.mark.parametrize("seed", range(60))
def test_girth_by_brute_force(seed: int) -> None:
    generator = np.random.default_rng(seed)
    rows, columns = generator.integers(1, 9, 2)
    matrix = (generator.random((rows, columns)) < generator.choice([0.15, 0.25, 0.4])).astype(np.uint8)
    assert TannerGraph.from_matrix(matrix).girth() == reference_girth(matrix)


@pytest.mark.parametrize(
    "make", [np.array, scipy.sparse.csr_array, scipy.sparse.csc_array, scipy.sparse.coo_array]
)
def test_tanner_graph_of_a_matrix(make: Callable[[Any], Any]) -> None:
    matrix = random_bits(7, 11, density=0.3)
    matrix[2], matrix[:, 4] = 0, 0
    graph = TannerGraph.from_matrix(make(matrix))
    np.testing.assert_array_equal(graph.matrix(), matrix)
    assert (graph.checks, graph.variables, graph.edges) == (7, 11, matrix.sum())
    np.testing.assert_array_equal(graph.check_degrees, matrix.sum(axis=1))
    np.testing.assert_array_equal(graph.variable_degrees, matrix.sum(axis=0))
    for check in range(7):
        ends = graph.edge_variable[graph.check_start[check] : graph.check_start[check + 1]]
        np.testing.assert_array_equal(ends, np.flatnonzero(matrix[check]))


# Regular ensembles


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


# LDPC codes


def test_ldpc_from_files(tmp_path: Path) -> None:
    matrix = regular_matrix(40, 20, 3)
    write_alist(tmp_path / "h.alist", matrix)
    code = LDPCCode.from_alist(tmp_path / "h.alist")
    assert_is_linear_code(code)
    np.testing.assert_array_equal(code.parity_check_matrix, matrix.toarray())
    (tmp_path / "base.txt").write_text("4 2 5\n0 1 - 3,4\n2 - 0 1\n")
    code = LDPCCode.from_quasi_cyclic(tmp_path / "base.txt", puncture=[3])
    assert_is_linear_code(code)
    assert (code.n, code.tanner_graph.variables, code.tanner_graph.checks) == (19, 20, 10)


def test_shared_alist_codes(shared: Path) -> None:
    for name, n, k in [("WIMAX_288_576", 576, 288), ("CCSDS_64_128", 128, 64)]:
        code = LDPCCode.from_alist(shared / "alist" / f"{name}.alist")
        assert (code.n, code.k) == (n, k)
        assert_is_linear_code(code)


def test_dimension_of_dependent_checks() -> None:
    # The sum of all rows is the column weight modulo 2, so an even weight makes them dependent.
    code = LDPCCode.regular(96, 48, 4)
    assert code.k > 48
    assert code.parity_check_matrix.shape == (48, 96)


@pytest.mark.parametrize("puncture", [[0], [39], [3, 4, 11], list(range(5))])
def test_puncturing(puncture: list[int]) -> None:
    matrix = regular_matrix(40, 20, 3)
    mother, code = LDPCCode(matrix), LDPCCode(matrix, puncture=puncture)
    kept = [position for position in range(40) if position not in puncture]
    assert (code.n, code.k) == (40 - len(puncture), mother.k)
    assert code.rate == mother.k / (40 - len(puncture))
    u = random_bits(50, code.k)
    np.testing.assert_array_equal(code.encode(u), mother.encode(u)[:, kept])
    np.testing.assert_array_equal(code.transmitted, kept)
    np.testing.assert_array_equal(code.tanner_graph.matrix(), matrix.toarray())
    np.testing.assert_array_equal(code.information_bits_of_variables(mother.encode(u)), u)


@pytest.mark.parametrize(
    ("puncture", "message"),
    [
        ([7], "puncture names column 7, columns go from 0 to 6"),
        ([0, -1], "puncture names column -1"),
        (range(4), "puncture leaves 3 bits to send 4 information bits"),
        ([0, 4, 5], "puncture leaves two codewords that differ in no transmitted bit"),
    ],
)
def test_puncturing_refuses(puncture: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        LDPCCode(HammingCode(r=3).parity_check_matrix, puncture=puncture)


@pytest.mark.parametrize(
    ("puncture", "columns"),
    [
        ("34:38", range(34, 38)),
        ({"start": 34, "stop": 38}, range(34, 39)),  # the end is included, as in a channel's range
        ({"start": 0, "stop": 8, "step": 4}, [0, 4, 8]),
        ("-3:", [37, 38, 39]),
        (":3", [0, 1, 2]),
        ("0:8:3", [0, 3, 6]),
        ([7, "1:3", {"start": 2, "stop": 3}], [1, 2, 3, 7]),
        (np.array([3, 1, 1]), [1, 3]),
        ({"block_columns": [1]}, range(5, 10)),
        ({"block_columns": "-1:"}, range(35, 40)),
        ([0, {"block_columns": {"start": 7, "stop": 7}}], [0, *range(35, 40)]),
    ],
)
def test_columns_are_named_by_ranges_and_blocks(puncture: Any, columns: Sequence[int]) -> None:
    assert column_numbers(puncture, 40, 5) == list(columns)
    code = LDPCCode(regular_matrix(40, 20, 3), puncture=puncture, lifting_size=5)
    np.testing.assert_array_equal(code.transmitted, np.setdiff1d(np.arange(40), columns))


@pytest.mark.parametrize(
    ("puncture", "message"),
    [
        ("38:41", "puncture names column 40, columns go from 0 to 39"),
        ("-41:3", "puncture names column -1, columns"),
        ({"start": 0, "stop": 10**12}, "puncture names column 1000000000000"),
        ("3:3", "puncture: '3:3' names no column"),
        ("1:3:0", "the step of '1:3:0' must be at least 1"),
        ({"start": 1, "stop": 3, "step": -1}, "must be at least 1"),
        ("3", "puncture takes columns from 0, .*; got '3'"),
        ({"start": 3}, "puncture takes columns from 0"),
        ({"start": 3, "stop": "x"}, "got 'x'"),
        ({"first": 3}, "puncture takes columns from 0"),
        ([1.5], "got 1.5"),
        ([True], "got True"),
        ([[1]], "puncture takes columns from 0"),
        (None, "puncture takes columns from 0"),
        ({"block_columns": [8]}, "puncture names block column 8, block columns go from 0 to 7"),
        ({"block_columns": {"block_columns": [1]}}, "puncture takes columns from 0|belong to a quasi-cyclic"),
    ],
)
def test_columns_that_are_refused(puncture: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        column_numbers(puncture, 40, 5)


def test_block_columns_of_codes() -> None:
    assert LDPCCode.from_standard("wimax", 576, "1/2", puncture={"block_columns": "-1:"}).n == 576 - 24
    assert LDPCCode.from_standard("wifi", 648, "5/6", puncture={"block_columns": [23]}).n == 648 - 27
    with pytest.raises(ValueError, match="puncture: block_columns belong to a quasi-cyclic code"):
        LDPCCode.regular(40, 20, 3, puncture={"block_columns": [0]})
    with pytest.raises(ValueError, match="lifting_size must divide the 40 columns, got 3"):
        LDPCCode(regular_matrix(40, 20, 3), puncture=[0], lifting_size=3)


def test_a_base_matrix_file_says_which_block_columns_are_sent(tmp_path: Path) -> None:
    path = tmp_path / "base.qc"
    path.write_text("4 2 5\n\n0 1 0 -1\n2 3 -1 0\n\n0 1 1 1\n")
    for make in (LDPCCode.from_quasi_cyclic, LDPCCode.from_file):
        code = make(path)
        assert (code.n, code.k) == (15, 10)
        np.testing.assert_array_equal(code.transmitted, range(5, 20))
        np.testing.assert_array_equal(make(path, puncture=[15]).transmitted, [*range(5, 15), *range(16, 20)])
        assert_is_linear_code(code)
    assert read_quasi_cyclic(path).shape == (10, 20)
    with pytest.raises(MatrixFileError, match=r"base.qc: .* says which columns are punctured: .* ldpc codes"):
        read_matrix(path)


def test_a_shared_base_matrix_file_says_which_block_columns_are_sent(shared: Path) -> None:
    code = LDPCCode.from_file(shared / "alist" / "AR4JA_4096_8192.qc")
    assert (code.n, code.k, code.tanner_graph.variables) == (8192, 4096, 10240)


def test_codes_of_files_of_any_kind(tmp_path: Path) -> None:
    matrix = regular_matrix(40, 20, 3)
    scipy.sparse.save_npz(tmp_path / "h", matrix)
    np.savetxt(tmp_path / "h.csv", matrix.toarray(), delimiter=",")
    write_alist(tmp_path / "h.dat", matrix)
    for name in ("h.npz", "h.csv", "h.dat"):
        code = by_name.ldpc(parity_check=tmp_path / name, puncture="0:2")
        assert (code.n, code.tanner_graph.variables) == (38, 40)
        np.testing.assert_array_equal(code.tanner_graph.matrix(), matrix.toarray())
    np.testing.assert_array_equal(
        by_name.ldpc(parity_check=["1101", "0111"]).parity_check_matrix, [[1, 1, 0, 1], [0, 1, 1, 1]]
    )
    np.savez(tmp_path / "two.npz", G=np.eye(2), H=matrix.toarray())
    assert by_name.ldpc(parity_check=tmp_path / "two.npz", variable="H").n == 40
    assert by_name.linear(generator=tmp_path / "two.npz", variable="G").k == 2
    with pytest.raises(ValueError, match=r"matrix of a MATLAB or \.npz file, and no such file"):
        by_name.ldpc(n=40, k=20, column_weight=3, variable="H")


# Arguments


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: UncodedCode(k=0), "at least 1"),
        (lambda: RepetitionCode(n=3, k=0), "k must be at least 1, got 0"),
        (lambda: RepetitionCode(n=5, k=2), "n must be a positive multiple of k = 2, got 5"),
        (lambda: RepetitionCode(n=0), "n must be a positive multiple of k = 1, got 0"),
        (lambda: SingleParityCheckCode(n=1), "n must be at least 2, got 1"),
        (lambda: HammingCode(r=1), "r must lie in 2 to 16, got 1"),
        (lambda: HammingCode(r=17), "r must lie in 2 to 16, got 17"),
        (lambda: HammingCode(r=3, shorten=4), "shorten must lie in 0 to 3 for r = 3, got 4"),
        (lambda: HammingCode(r=3, shorten=-1), "shorten must lie in 0 to 3"),
        (lambda: LinearCode(), "one of generator and parity_check"),
        (lambda: LinearCode(generator=[[1]], parity_check=[[1, 1]]), "one of generator and parity_check"),
        (lambda: LinearCode(generator=[[0, 0]]), "generator is all zero: the code has no codeword but zero"),
        (lambda: LinearCode(parity_check=np.zeros((2, 5))), "parity_check is all zero: it checks nothing"),
        (lambda: LDPCCode(scipy.sparse.csr_array((2, 5))), "parity_check is all zero: it checks nothing"),
        (lambda: LinearCode(parity_check=[[1, 0], [1, 1]]), "parity_check has rank n"),
        (lambda: LinearCode(generator=[[1, 2]]), "generator must hold only 0 and 1"),
        (lambda: LinearCode(parity_check=[[1, 0], [1]]), "parity_check must be a matrix: its rows differ"),
        (lambda: LinearCode(parity_check=[1, 0]), "parity_check must be a matrix with at least one row"),
        (lambda: LDPCCode([[1, 3]]), "parity_check must hold only 0 and 1"),
        (lambda: UncodedCode(k=3).dual(), "no codeword but zero"),
        (lambda: by_name.linear(), "one of generator and parity_check"),
        (lambda: by_name.linear(generator=["102"]), "generator must hold only 0 and 1"),
        (
            lambda: by_name.ldpc(),
            "takes one of parity_check, alist, qc, standard, or n with k and column_weight",
        ),
        (lambda: by_name.ldpc(alist=Path("x"), qc=Path("y")), "takes one of"),
        (lambda: by_name.ldpc(alist=Path("x"), seed=1), "seed belongs to a random matrix"),
        (lambda: by_name.ldpc(n=96), "missing: k, column_weight"),
        (lambda: by_name.ldpc(seed=1), "takes one of"),
        (
            lambda: by_name.ldpc(n=96, k=48, column_weight=3, puncture=[1.5]),
            "puncture takes columns .* got 1.5",
        ),
    ],
)
def test_refuses(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_by_name_gives_the_same_codes(tmp_path: Path) -> None:
    for rows in ([[1, 0, 1], [0, 1, 1]], ["101", "011"]):
        np.testing.assert_array_equal(by_name.linear(generator=rows).generator_matrix, [[1, 0, 1], [0, 1, 1]])
        code = by_name.linear(parity_check=rows)
        np.testing.assert_array_equal(code.parity_check_matrix, [[1, 0, 1], [0, 1, 1]])
    drawn = by_name.ldpc(n=40, k=20, column_weight=3, seed=2)
    np.testing.assert_array_equal(drawn.parity_check_matrix, regular_matrix(40, 20, 3, 2).toarray())
    unseeded = by_name.ldpc(n=40, k=20, column_weight=3)
    np.testing.assert_array_equal(unseeded.parity_check_matrix, regular_matrix(40, 20, 3, 0).toarray())
    write_alist(tmp_path / "h.alist", drawn.parity_check_matrix)
    for code in (
        by_name.ldpc(alist=tmp_path / "h.alist"),
        by_name.linear(parity_check=tmp_path / "h.alist"),
    ):
        np.testing.assert_array_equal(code.parity_check_matrix, drawn.parity_check_matrix)
    assert by_name.ldpc(alist=tmp_path / "h.alist", puncture=[0, 1]).n == 38


@each_code
def test_bits_of_any_kind_are_taken(code: LinearCode) -> None:
    rng = np.random.default_rng(3)
    for method, length in ((code.encode, code.k), (code.information_bits, code.n), (code.syndrome, code.n)):
        bits = rng.integers(0, 2, (70, length), dtype=np.uint8)
        expected = method(code.encode(bits[:, : code.k]) if method == code.information_bits else bits)
        bits = code.encode(bits[:, : code.k]) if method == code.information_bits else bits
        read_only = bits.copy()
        read_only.flags.writeable = False
        apart = np.zeros((140, 3 * length), np.uint8)[::2, 1::3]
        apart[:] = bits
        same: list[Any] = [
            np.asfortranarray(bits),
            read_only,
            apart,
            bits.tolist(),
            tuple(map(tuple, bits.tolist())),
        ]
        same += [bits.astype(kind) for kind in (bool, np.int8, np.int64, ">i4", np.float32, np.float64)]
        for given in same:
            made = method(given)
            assert made.dtype == np.uint8
            np.testing.assert_array_equal(made, expected)
        for alone in (bits[5], bits[5].tolist(), bits[5].astype(float), apart[5]):
            assert method(alone).shape == expected[5].shape
            np.testing.assert_array_equal(method(alone), expected[5])
        assert method(np.zeros((0, length))).shape == (0, expected.shape[1])


@each_code
def test_bits_of_the_wrong_kind_are_refused(code: LinearCode) -> None:
    for method, length in ((code.encode, code.k), (code.information_bits, code.n), (code.syndrome, code.n)):
        good = np.zeros((2, length), np.uint8)
        method(good)
        for bad in (good[None], 1, np.zeros(length + 1, int)):
            with pytest.raises(
                ValueError, match=rf"\(frames, {length}\), or \({length},\) for one frame, got "
            ):
                method(bad)
        for bad in (
            good + 2.0,
            good - 1,
            good + 0.5,
            good + np.nan,
            good.astype(str),
            good * 1j,
            good.astype(object),
        ):
            with pytest.raises(ValueError, match="must be 0 or 1"):
                method(bad)
        if length > 1:
            with pytest.raises(ValueError, match="its rows differ in length"):
                method([[0] * length, [0]])
        with pytest.raises(ValueError, match="must be a plain array, not a masked one"):
            method(np.ma.MaskedArray(good, good > 5))
        with pytest.raises(
            ValueError, match=rf"must have shape \(frames, {length}\), got \(2, {length + 1}\)"
        ):
            method(np.zeros((2, length + 1), np.uint8))
        with pytest.raises(ValueError, match="must be 0 or 1"):
            method(good + np.uint8(2))


@pytest.mark.parametrize("name", [name for name in CODES if not name.startswith("uncoded")])
def test_matrices_cannot_be_changed(name: str) -> None:
    code = CODES[name]
    for matrix in (code.generator_matrix, code.parity_check_matrix):
        assert not matrix.flags.writeable


def test_a_code_of_ones_own() -> None:
    class Inverted(Code):
        def encode(self, bits: Bits) -> Bits:
            return 1 - self.check_bits(bits, self.k)

    code = Inverted(n=4, k=4)
    assert repr(code) == "Inverted(n=4, k=4)"
    assert code.rate == 1
    with pytest.raises(ValueError, match="n and k must be at least 1, got n = 4, k = 0"):
        Inverted(n=4, k=0)


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.int8, np.float64, np.asarray, float])
def test_sizes_are_any_whole_numbers(kind: Any) -> None:
    """In small types too, in which 2^9 or n k do not fit."""
    hamming = HammingCode(r=kind(9), shorten=kind(2))
    assert (hamming.n, hamming.k) == (509, 500)
    assert hamming.known_weights() == HammingCode(r=9, shorten=2).known_weights()
    assert (
        RepetitionCode(n=kind(120), k=kind(60)).known_weights() == RepetitionCode(n=120, k=60).known_weights()
    )
    assert (UncodedCode(k=kind(5)).n, SingleParityCheckCode(n=kind(5)).k) == (5, 4)
    drawn = LDPCCode.regular(kind(96), kind(48), kind(3), seed=kind(1), puncture=[kind(0)])
    np.testing.assert_array_equal(
        drawn.tanner_graph.edge_variable, LDPCCode.regular(96, 48, 3, seed=1).tanner_graph.edge_variable
    )
    assert drawn.n == 95


@pytest.mark.parametrize("value", [2.5, "5", None, True, [5], np.nan])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    for build in (
        lambda: UncodedCode(k=value),
        lambda: RepetitionCode(n=6, k=value),
        lambda: SingleParityCheckCode(n=value),
        lambda: HammingCode(r=value),
        lambda: LDPCCode.regular(96, 48, 3, seed=value),
    ):
        with pytest.raises(ValueError, match="must be a whole number, got "):
            build()
    with pytest.raises(ValueError, match=r"^puncture takes columns .*; got "):
        LDPCCode.regular(96, 48, 3, puncture=[value])


def test_rows_by_name_are_arrays_too() -> None:
    rows = [[1, 0, 1], [0, 1, 1]]
    expected = by_name.linear(generator=rows).generator_matrix
    given: list[Any] = [np.array(rows), np.array(rows, float), np.array(rows, bool), ["101", "011"]]
    given += [[["1", "0", "1"], [0, 1, 1]], [np.array(row, np.uint8) for row in rows]]
    for each in given:
        np.testing.assert_array_equal(by_name.linear(generator=each).generator_matrix, expected)
    for bad in ([[1, 0.5], [0, 1]], ["12", "01"], [["x", 1]]):
        with pytest.raises(ValueError, match="generator must hold only 0 and 1"):
            by_name.linear(generator=bad)  # type: ignore[arg-type]
