"""Encoders that solve sparse checks one by one: the same codewords, in linear time and without dense matrices."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import scipy.sparse
from capgap.codes import (
    BeliefPropagationDecoder,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    read_alist,
    read_matrix,
    regular_matrix,
    write_alist,
)
from capgap.codes.binary import gf2
from capgap.codes.binary.sparse_encoder import SparseEncoder
from capgap.codes.linear import systematic_encoder
from capgap.codes.matrix_files.quasi_cyclic import expand

from tests.lazy import but_slow
from tests.properties import given, settings, st

Bits = npt.NDArray[np.uint8]


def random_bits(*shape: int, seed: int = 1, density: float = 0.5) -> Bits:
    return (np.random.default_rng(seed).random(shape) < density).astype(np.uint8)


def product(a: Any, b: Any) -> npt.NDArray[np.int64]:
    return np.asarray(a, np.int64) @ np.asarray(b, np.int64) % 2


def reference(matrix: Bits, last: list[int]) -> tuple[npt.NDArray[np.int64], Bits]:
    """The information set and the systematic generator matrix, by dense elimination."""
    n = matrix.shape[1]
    order = np.array([*(j for j in range(n) if j not in last), *last])
    reduced, places = gf2.row_reduce(np.ascontiguousarray(matrix[:, order]), from_right=True)
    pivots = order[places]
    information_set = np.setdiff1d(np.arange(n), pivots)
    generator = np.zeros((len(information_set), n), np.uint8)
    generator[np.arange(len(information_set)), information_set] = 1
    back = np.argsort(order)
    generator[:, pivots] = reduced[:, back][:, information_set].T
    return information_set, generator


def assert_encodes(matrix: Bits, last: list[int] | None = None) -> SparseEncoder:
    given_last = None if last is None else np.array(last, np.int64)
    encoder = SparseEncoder(gf2.as_sparse(matrix, "matrix"), given_last)
    information_set, generator = reference(matrix, last or [])
    np.testing.assert_array_equal(encoder.information_set, information_set)
    np.testing.assert_array_equal(encoder.pivots, np.setdiff1d(np.arange(matrix.shape[1]), information_set))
    program = encoder.program()
    np.testing.assert_array_equal(program.matrix(), generator)
    u = random_bits(70, len(information_set), seed=5)
    word = program.apply(u)
    assert word is not None
    np.testing.assert_array_equal(word, product(u, generator))
    assert not product(word, matrix.T).any()
    assert encoder.gap <= len(encoder.pivots)
    return encoder


@st.composite
def matrices(draw: st.DrawFn) -> Bits:
    """Of all shapes and densities, with rows and columns repeated or empty."""
    m, n = draw(st.integers(1, 14)), draw(st.integers(2, 24))
    density = draw(st.sampled_from([0.03, 0.1, 0.2, 0.35, 0.6, 0.95]))
    matrix = random_bits(m, n, seed=draw(st.integers(0, 2**32)), density=density)
    if draw(st.booleans()):
        matrix = matrix[draw(st.lists(st.integers(0, m - 1), min_size=1, max_size=2 * m))]
    if draw(st.booleans()):
        matrix = matrix[:, draw(st.lists(st.integers(0, n - 1), min_size=2, max_size=2 * n))]
    if draw(st.booleans()):
        matrix[:, draw(st.integers(0, matrix.shape[1] - 1)) :] = 0
    return np.ascontiguousarray(matrix)


@settings(max_examples=400, deadline=None)
@given(matrix=matrices(), data=st.data())
def test_any_matrix(matrix: Bits, data: st.DataObject) -> None:
    assert_encodes(matrix)
    last = data.draw(st.lists(st.integers(0, matrix.shape[1] - 1), unique=True), "last")
    assert_encodes(matrix, last)


@settings(max_examples=200, deadline=None)
@given(matrix=matrices())
def test_codes_of_any_matrix(matrix: Bits) -> None:
    """The codes themselves, dense and sparse, whichever encoder they take."""
    information_set, generator = reference(matrix, [])
    for given_matrix in (matrix, scipy.sparse.csr_array(matrix)):
        if len(information_set) == 0 or not matrix.any():
            problem = "has rank n" if matrix.any() else "is all zero"
            with pytest.raises(ValueError, match=f"parity_check {problem}"):
                LinearCode(parity_check=given_matrix)
            continue
        code = LinearCode(parity_check=given_matrix)
        np.testing.assert_array_equal(code.information_set, information_set)
        np.testing.assert_array_equal(code.generator_matrix, generator)
        np.testing.assert_array_equal(code.parity_check_matrix, matrix)
        np.testing.assert_array_equal(code.tanner_graph.matrix(), matrix)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("density", [0.01, 0.03, 0.1, 0.5])
@pytest.mark.parametrize(("m", "n"), [(40, 90), (100, 160), (130, 140), (150, 120)])
def test_larger_matrices(m: int, n: int, density: float, seed: int) -> None:
    matrix = random_bits(m, n, seed=seed, density=density)
    matrix[m // 2 : m // 2 + 9] = matrix[:9]  # dependent rows
    assert_encodes(matrix)
    assert_encodes(matrix, np.random.default_rng(seed).permutation(n)[: m // 3].tolist())


@pytest.mark.parametrize(
    "matrix", [[[0, 0]], [[1, 0]], [[0, 1]], [[1, 1]], [[1, 1], [1, 1]], [[1, 0], [0, 1]]]
)
def test_smallest_matrices(matrix: list[list[int]]) -> None:
    assert_encodes(np.array(matrix, np.uint8))


@pytest.mark.parametrize(("n", "k", "weight"), [(1000, 500, 3), (1200, 600, 4), (2000, 1500, 3)])
def test_random_regular_codes(n: int, k: int, weight: int) -> None:
    """The gap is a fraction of the parity bits, and the program far shorter than the dense product."""
    matrix = regular_matrix(n, k, weight)
    encoder = assert_encodes(matrix.toarray())
    assert encoder.gap < 0.2 * (n - k)
    assert encoder.program().length < 0.25 * k * (n - k) / 2


def staircase(n: int, k: int, seed: int = 1) -> scipy.sparse.csr_array:
    """A repeat-accumulate code: information columns of weight 8/3 on average, then the accumulator's."""
    m, random = n - k, np.random.default_rng(seed)
    column = np.repeat(np.arange(k), np.where(np.arange(k) < k // 3, 4, 2))
    row = random.permutation(np.resize(np.arange(m), len(column)))
    row = np.concatenate([row, np.arange(m), np.arange(1, m)])
    column = np.concatenate([column, np.arange(k, n), np.arange(k, n - 1)])
    place = np.unique(row * n + column)
    return scipy.sparse.csr_array((np.ones(len(place), np.uint8), (place // n, place % n)), shape=(m, n))


def dual_diagonal(z: int, blocks: int, k_blocks: int, shift: int, seed: int = 1) -> scipy.sparse.csr_array:
    """As in IEEE 802.16e and 802.11n: a block column of weight 3, then those of two identities each."""
    random = np.random.default_rng(seed)
    base: list[list[list[int]]] = [[[] for _ in range(k_blocks + blocks)] for _ in range(blocks)]
    for j in range(k_blocks):
        for i in random.permutation(blocks)[:3]:
            base[i][j] = [int(random.integers(z))]
    base[0][k_blocks], base[blocks // 2][k_blocks], base[-1][k_blocks] = [shift], [0], [shift]
    for j in range(1, blocks):
        base[j - 1][k_blocks + j], base[j][k_blocks + j] = [0], [0]
    return expand(base, z)


@pytest.mark.parametrize(
    ("n", "k"), but_slow([(30, 15), (3000, 1500), (3000, 2700)], [(30, 15), (3000, 1500)])
)
def test_accumulators_have_no_gap(n: int, k: int) -> None:
    matrix = staircase(n, k)
    encoder = assert_encodes(matrix.toarray())
    assert encoder.gap == 0
    # Each check gives one bit, from all its others.
    assert encoder.program().length == matrix.nnz - (n - k)


@pytest.mark.parametrize(
    ("z", "blocks", "k_blocks"),
    but_slow([(27, 12, 12), (24, 6, 18), (81, 4, 20), (96, 12, 12)], [(27, 12, 12)]),
)
def test_dual_diagonals_have_a_small_gap(z: int, blocks: int, k_blocks: int) -> None:
    for shift in (0, 1, 5, z // 3):
        matrix = dual_diagonal(z, blocks, k_blocks, shift)
        encoder = assert_encodes(matrix.toarray())
        np.testing.assert_array_equal(encoder.information_set, np.arange(k_blocks * z))
        assert 1 <= encoder.gap <= z
        assert encoder.program().length <= matrix.nnz + 2 * (3 * z + 2 * (blocks - 1) * z)


def test_shared_matrices(shared: Path) -> None:
    for name, most in (("WIMAX_288_576", 24), ("CCSDS_64_128", 32), ("Peeling_PureIRA_2400_3000", 0)):
        matrix = read_alist(shared / "alist" / f"{name}.alist")
        assert assert_encodes(matrix.toarray()).gap <= most, name


def test_the_shorter_encoder_is_taken() -> None:
    # Sparse parity bits, whose checks were added up at random: the product with the reduced matrix is short.
    rows = np.hstack([random_bits(20, 30, density=0.1), np.eye(20, dtype=np.uint8)])
    sums = gf2.as_sparse(
        product(np.tril(random_bits(20, 20, seed=2)) | np.eye(20, dtype=np.uint8), rows), "matrix"
    )
    encoder = systematic_encoder(sums)[1]
    assert encoder.length == rows[:, :30].sum() < SparseEncoder(sums).program().length
    assert_encodes(sums.toarray())
    matrix = gf2.as_sparse(regular_matrix(1000, 500, 3), "matrix")
    assert systematic_encoder(matrix)[1].length == SparseEncoder(matrix).program().length


def test_large_dense_matrices() -> None:
    matrix = random_bits(1000, 1200)
    information_set, generator = reference(matrix, [])
    for given_matrix in (matrix, scipy.sparse.csr_array(matrix)):
        code = LinearCode(parity_check=given_matrix)
        np.testing.assert_array_equal(code.information_set, information_set)
        np.testing.assert_array_equal(code.generator_matrix, generator)


# Long codes

#: Bytes; a dense parity-check matrix of the code has 2,100,000,000.
MOST_MEMORY = 150_000_000


@contextmanager
def little_memory() -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def long_matrix() -> scipy.sparse.csr_array:
    return staircase(64800, 32400)


@pytest.fixture(scope="module")
def long_code(long_matrix: scipy.sparse.csr_array) -> LDPCCode:
    with little_memory():
        return LDPCCode(long_matrix)


def test_long_code(long_matrix: scipy.sparse.csr_array, long_code: LDPCCode) -> None:
    assert (long_code.n, long_code.k) == (64800, 32400)
    np.testing.assert_array_equal(long_code.information_set, np.arange(32400))
    u = random_bits(70, 32400)
    with little_memory():
        word = long_code.encode(u)
        assert not long_code.syndrome(word).any()
        np.testing.assert_array_equal(long_code.information_bits(word), u)
        wrong = word.copy()
        wrong[0, 64799] ^= 1
        assert long_code.syndrome(wrong).sum() == 1
        assert long_code.tanner_graph.edges == long_matrix.nnz
    np.testing.assert_array_equal(word[:, :32400], u)
    # the accumulator, in one line
    sums = (long_matrix[:, :32400].astype(np.int32) @ u.T.astype(np.int32)).T
    np.testing.assert_array_equal(word[:, 32400:], np.cumsum(sums, axis=1) % 2)


def test_long_code_is_decoded(long_code: LDPCCode) -> None:
    u = random_bits(2, 32400)
    llr = (2 - 4 * long_code.encode(u).astype(np.float32)) * (random_bits(2, 64800, seed=3, density=0.97))
    with little_memory():
        decoder = BeliefPropagationDecoder(long_code)
        result = decoder.decode(llr)
        trace = decoder.trace(llr)
    assert result.ok.all()
    np.testing.assert_array_equal(result.bits, u)
    assert trace is not None
    assert trace.unsatisfied[-1].sum() == 0


def test_long_code_has_no_dense_matrices(long_code: LDPCCode) -> None:
    for name in ("parity_check_matrix", "generator_matrix"):
        with pytest.raises(
            ValueError, match=f"the {name.replace('_', ' ').replace('y c', 'y-c')} would be too"
        ):
            getattr(long_code, name)


@pytest.mark.parametrize("puncture", [range(64000, 64800), range(700), [0, 32400, 64799]])
def test_long_punctured_code(
    long_matrix: scipy.sparse.csr_array, long_code: LDPCCode, puncture: range | list[int]
) -> None:
    with little_memory():
        code = LinearRateMatchedCode(LDPCCode(long_matrix), puncture=puncture)
        assert (code.n, code.k) == (64800 - len(puncture), 32400)
        u = random_bits(20, 32400)
        word = code.encode(u)
        np.testing.assert_array_equal(code.information_bits(word), u)
    kept = np.setdiff1d(np.arange(64800), puncture)
    np.testing.assert_array_equal(word, long_code.encode(u)[:, kept])
    assert code.systematic == (min(puncture) >= 32400)
    if code.systematic:
        np.testing.assert_array_equal(code.information_set, np.arange(32400))


def test_long_code_punctured_too_much(long_matrix: scipy.sparse.csr_array) -> None:
    # an information bit of weight 2 and the accumulator's bits between its checks: the rest does not tell it
    column = int(np.argmin(np.diff(long_matrix.tocsc().indptr)[:32400]))
    first, second = sorted(long_matrix.tocsc()[:, [column]].nonzero()[0].tolist())
    puncture = [column, *range(32400 + first, 32400 + second)]
    with pytest.raises(ValueError, match="puncture leaves two codewords that differ in no transmitted bit"):
        LinearRateMatchedCode(LDPCCode(long_matrix), puncture=puncture)
    LinearRateMatchedCode(LDPCCode(long_matrix), puncture=puncture[1:])


def test_random_long_code() -> None:
    """Of no structure at all, and of an even weight, so that the checks are dependent."""
    random, n, m = np.random.default_rng(1), 12000, 6000
    row = np.concatenate([random.permutation(np.resize(np.arange(m), n)) for _ in range(4)])
    matrix = scipy.sparse.coo_array((np.ones(4 * n, np.int64), (row, np.tile(np.arange(n), 4))), shape=(m, n))
    matrix = matrix.tocsr()
    matrix.data %= 2
    with little_memory():
        code = LDPCCode(matrix)
        assert code.k > n - m
        assert not code.syndrome(code.encode(random_bits(30, code.k))).any()


def test_matrices_without_structure_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix = regular_matrix(400, 200, 3)
    monkeypatch.setattr(gf2, "MAX_MADE", 100)
    with pytest.raises(ValueError, match="parity_check is too far from triangular: the dense part"):
        SparseEncoder(gf2.as_sparse(matrix, "matrix"))


@pytest.mark.slow
def test_long_matrices_in_files(long_matrix: scipy.sparse.csr_array, tmp_path: Path) -> None:
    with little_memory():
        scipy.sparse.save_npz(tmp_path / "h.npz", scipy.sparse.csr_matrix(long_matrix))
        assert (read_matrix(tmp_path / "h.npz") != long_matrix).nnz == 0
        write_alist(tmp_path / "h.alist", long_matrix)
    assert (tmp_path / "h.alist").read_text().startswith("64800 32400\n")


# Matrices


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "lil", "dok", "bsr", "dia"])
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float64])
def test_sparse_matrices_of_all_kinds(kind: str, dtype: Any) -> None:
    dense = random_bits(6, 11, density=0.3)
    for make in ("array", "matrix"):
        matrix = getattr(scipy.sparse, f"{kind}_{make}")(dense.astype(dtype))
        csr = gf2.as_sparse(matrix, "matrix")
        assert csr.dtype == np.uint8
        assert (csr.data == 1).all()
        np.testing.assert_array_equal(csr.toarray(), dense)


def test_sparse_matrices_are_left_as_they_are() -> None:
    # with explicit zeros, out of order
    matrix = scipy.sparse.csr_array(
        (np.array([1, 0, 1]), np.array([3, 2, 0]), np.array([0, 2, 3])), shape=(2, 4)
    )
    code = LinearCode(parity_check=matrix)
    np.testing.assert_array_equal(code.parity_check_matrix, [[0, 0, 0, 1], [1, 0, 0, 0]])
    assert code.tanner_graph.edges == 2
    np.testing.assert_array_equal(matrix.data, [1, 0, 1])
    np.testing.assert_array_equal(matrix.indices, [3, 2, 0])


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (scipy.sparse.csr_array(np.array([[1, 2]])), "matrix must hold only 0 and 1"),
        (scipy.sparse.csr_array(np.array([[1, -1]])), "matrix must hold only 0 and 1"),
        (scipy.sparse.csr_array(np.array([[1, np.nan]])), "matrix must hold only 0 and 1"),
        (scipy.sparse.csr_array(np.array([[1, 1j]])), "matrix must hold only 0 and 1"),
        (
            scipy.sparse.coo_array((np.ones(2, int), ([0, 0], [1, 1])), shape=(1, 3)),
            "matrix must hold only 0 and 1",
        ),
        (scipy.sparse.csr_array((0, 3)), "matrix must be a matrix with at least one row and column"),
        (scipy.sparse.csr_array((3, 0)), "matrix must be a matrix with at least one row and column"),
        (
            scipy.sparse.coo_array(np.array([1, 0])),
            "matrix must be a matrix with at least one row and column",
        ),
        (scipy.sparse.csr_array((1, 10_000_001)), "matrix of shape .* is too large"),
        ([[1, 2]], "matrix must hold only 0 and 1"),
        # 257 ones are 1 in a byte.
        (
            scipy.sparse.coo_array((np.ones(257, np.uint8), (np.zeros(257, int), np.ones(257, int)))),
            "matrix must hold only 0 and 1: it gives an entry twice",
        ),
    ],
)
def test_matrices_that_are_refused(matrix: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gf2.as_sparse(matrix, "matrix")


@pytest.mark.parametrize(
    ("kind", "changes", "message"),
    [
        ("csr", {"indptr": [0, 10**8, 0]}, "its index pointer does not ascend from 0"),
        ("csr", {"indptr": [0, 10**8, 3]}, "its index pointer does not ascend from 0"),
        ("csr", {"indptr": [0, 2, 10**8]}, "its index pointer goes beyond its entries"),
        ("csr", {"indptr": [0, 3]}, "its index pointer has 2 entries, not 3"),
        ("csr", {"indices": [0, -9, 1]}, "index -9 is out of range, columns go from 0 to 3"),
        ("csr", {"indices": [0, 4, 1]}, "index 4 is out of range, columns go from 0 to 3"),
        ("csr", {"indices": [0.0, 1.0, 1.0]}, "its columns are no list of integers"),
        ("csr", {"data": np.ones((3, 5))}, "its entries have 2 dimensions"),
        ("csc", {"indices": [0, 2, 0]}, "index 2 is out of range, rows go from 0 to 1"),
        ("bsr", {"indices": [10**8]}, "index 100000000 is out of range, columns of blocks go from 0 to"),
        ("bsr", {"data": np.ones((3, 1, 0))}, "its blocks do not fill it"),
        ("dia", {"offsets": [1, 2, 3]}, "it has not one offset for each diagonal"),
        (
            "coo",
            {"coords": ([0, 0, 10**8], [0, 1, 1])},
            "index 100000000 is out of range, rows go from 0 to 1",
        ),
        ("coo", {"coords": ([0, 0], [0, 1])}, "its rows, columns and entries differ in number"),
        ("lil", {"rows": [[0, 7], [1]]}, "axis 1 index 7 exceeds|index 7 is out"),
    ],
)
def test_damaged_sparse_matrices_are_refused(kind: str, changes: dict[str, Any], message: str) -> None:
    """SciPy's compiled code would read and write where their indices say."""
    matrix = scipy.sparse.coo_array(np.array([[1, 1, 0, 0], [0, 1, 0, 0]])).asformat(kind)
    for name, value in changes.items():
        if name == "coords":
            matrix.coords = tuple(np.array(part) for part in value)
        elif name == "rows":
            matrix.rows[:] = value
        else:
            setattr(matrix, name, np.array(value))
    for use in (gf2.as_sparse, gf2.as_matrix):
        with pytest.raises(ValueError, match=f"H is a damaged sparse matrix: ({message})"):
            use(matrix, "H")


def test_a_sparse_generator_is_not_made_dense_beyond_a_size() -> None:
    with pytest.raises(ValueError, match="generator would be too large: 100000 by 100000"):
        LinearCode(generator=scipy.sparse.csr_array((100_000, 100_000)))


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "dia", "lil", "dok"])
def test_sparse_matrices_of_any_format(kind: str) -> None:
    for dtype in (np.uint8, bool, float):
        matrix = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 1, 0, 1], [1, 0, 1, 0]], dtype)
        found = gf2.as_sparse(scipy.sparse.coo_array(matrix).asformat(kind), "matrix")
        assert found.dtype == np.uint8
        assert found.nnz == 6
        assert found.has_sorted_indices
        np.testing.assert_array_equal(found.toarray(), matrix)
    if kind == "bsr":
        np.testing.assert_array_equal(
            gf2.as_matrix(scipy.sparse.bsr_array(matrix, blocksize=(2, 2)), "m"), matrix
        )
