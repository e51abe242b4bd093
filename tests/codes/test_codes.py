"""Every code: its matrices, its encoder, its weights, and what its constructor refuses."""

import functools
import json
import math
from collections.abc import Callable
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
    LinearRateMatchedCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
    by_name,
    regular_matrix,
    write_alist,
)
from capgap.codes.binary import gf2

from tests.codes.samples import Bits, assert_is_linear_code, product, random_bits, words_of
from tests.lazy import Lazy

#: From komm and galois, see vectors/make_vectors.py.
VECTORS = json.loads((Path(__file__).parent / "vectors" / "vectors.json").read_text())

NON_SYSTEMATIC = [[1, 1, 0, 1, 0], [0, 1, 1, 1, 1], [1, 0, 0, 1, 1]]

SPARSE = scipy.sparse.csr_array((np.random.default_rng(3).random((9, 15)) < 0.3).astype(np.uint8))

CODES: Lazy[LinearCode] = Lazy(
    {
        "uncoded 1": lambda: UncodedCode(k=1),
        "uncoded 9": lambda: UncodedCode(k=9),
        "repetition 1": lambda: RepetitionCode(n=1),
        "repetition 5": lambda: RepetitionCode(n=5),
        "repetition 12, 3": lambda: RepetitionCode(n=12, k=3),
        "repetition 4, 4": lambda: RepetitionCode(n=4, k=4),
        "spc 2": lambda: SingleParityCheckCode(n=2),
        "spc 8": lambda: SingleParityCheckCode(n=8),
        **{f"hamming {r}": functools.partial(HammingCode, r=r) for r in range(2, 7)},
        **{f"extended hamming {r}": functools.partial(HammingCode, r=r, extended=True) for r in range(2, 7)},
        "shortened hamming 3": lambda: HammingCode(r=3, shorten=1),
        "shortened hamming 3 to k = 1": lambda: HammingCode(r=3, shorten=3),
        "shortened hamming 5": lambda: HammingCode(r=5, shorten=14),
        "shortened extended hamming 4": lambda: HammingCode(r=4, extended=True, shorten=5),
        "generator, nested lists": lambda: LinearCode(generator=[[1, 0, 1, 1], [0, 1, 0, 1]]),
        "generator, non-systematic": lambda: LinearCode(generator=NON_SYSTEMATIC),
        "generator, swapped rows": lambda: LinearCode(generator=[[0, 1, 1], [1, 0, 1]]),
        "generator, rank-deficient": lambda: LinearCode(
            generator=[[1, 1, 0, 1], [1, 1, 0, 1], [0, 1, 1, 0], [1, 0, 1, 1]]
        ),
        "generator, zero row first": lambda: LinearCode(generator=[[0, 0, 0], [1, 0, 1]]),
        "generator, zero columns": lambda: LinearCode(generator=[[0, 1, 0, 1, 0], [0, 0, 0, 1, 0]]),
        "generator, one bit": lambda: LinearCode(generator=[[1]]),
        "generator, k = n": lambda: LinearCode(generator=[[1, 1, 0], [0, 1, 1], [0, 0, 1]]),
        "generator, sparse": lambda: LinearCode(generator=SPARSE),
        "generator, random 12, 6": lambda: LinearCode(generator=random_bits(6, 12)),
        "generator, random 140, 70": lambda: LinearCode(generator=random_bits(70, 140)),
        "parity check, nested lists": lambda: LinearCode(parity_check=[[1, 1, 0, 1], [0, 1, 1, 1]]),
        "parity check, bool": lambda: LinearCode(parity_check=random_bits(5, 9) == 1),
        "parity check, float": lambda: LinearCode(parity_check=random_bits(5, 9).astype(float)),
        "parity check, rank-deficient": lambda: LinearCode(
            parity_check=np.vstack([random_bits(4, 10), random_bits(4, 10)])
        ),
        "parity check, zero columns": lambda: LinearCode(parity_check=[[0, 1, 0, 1, 0], [0, 1, 0, 0, 0]]),
        "parity check, zero rows": lambda: LinearCode(
            parity_check=[[0, 0, 0, 0], [1, 0, 1, 1], [0, 0, 0, 0]]
        ),
        "parity check, csr": lambda: LinearCode(parity_check=scipy.sparse.csr_array(SPARSE)),
        "parity check, csc": lambda: LinearCode(parity_check=scipy.sparse.csc_array(SPARSE)),
        "parity check, coo matrix": lambda: LinearCode(parity_check=scipy.sparse.coo_matrix(SPARSE)),
        "parity check, random 150, 80": lambda: LinearCode(parity_check=random_bits(70, 150, density=0.05)),
        "ldpc 20": lambda: LDPCCode.regular(20, 8, 3),
        "ldpc 96": lambda: LDPCCode.regular(96, 48, 3),
        "ldpc, even column weight": lambda: LDPCCode.regular(96, 48, 4),
        "ldpc, tall": lambda: LDPCCode(np.vstack([regular_matrix(40, 20, 3).toarray()] * 2)),
        "punctured ldpc": lambda: LinearRateMatchedCode(
            LDPCCode(regular_matrix(60, 30, 3)), puncture=[0, 7, 7, 59]
        ),
        "punctured in the information bits": lambda: LinearRateMatchedCode(
            LDPCCode(regular_matrix(40, 20, 3)), puncture=range(5)
        ),
    }
)

#: Of more than 16 bits; those of up to 16, and with them those of up to 12 information bits.
LONG = (
    *("hamming 5", "hamming 6", "extended hamming 5", "extended hamming 6", "shortened hamming 5"),
    *("generator, random 140, 70", "parity check, random 150, 80", "ldpc 20", "ldpc 96"),
    *("ldpc, even column weight", "ldpc, tall", "punctured ldpc", "punctured in the information bits"),
)
SHORT = [name for name in CODES if name not in LONG]
SMALL = [*SHORT, "shortened hamming 5", "ldpc 20"]
#: Every word is a codeword.
WITHOUT_CHECKS = (
    *("uncoded 1", "uncoded 9", "repetition 1", "repetition 4, 4"),
    *("generator, one bit", "generator, k = n"),
)

each_code = CODES.each("code")

each_small_code = CODES.each("code", SMALL)


@each_code
def test_is_a_linear_code(code: LinearCode) -> None:
    assert_is_linear_code(code)


@CODES.each("code", SHORT)
def test_syndrome_is_zero_for_codewords_alone(code: LinearCode) -> None:
    words = words_of(code.n)
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


@each_small_code
def test_weights_by_counting(code: LinearCode) -> None:
    weights = np.bincount(code.encode(words_of(code.k)).sum(axis=1, dtype=np.int64), minlength=code.n + 1)
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


@CODES.each("code", (name for name in SMALL if name not in WITHOUT_CHECKS))
def test_macwilliams_identity(code: LinearCode) -> None:
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
            "takes one of parity_check, alist, qc, standard, construction, or n with k and",
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
    assert isinstance(drawn, LinearCode)
    np.testing.assert_array_equal(drawn.parity_check_matrix, regular_matrix(40, 20, 3, 2).toarray())
    unseeded = by_name.ldpc(n=40, k=20, column_weight=3)
    assert isinstance(unseeded, LinearCode)
    np.testing.assert_array_equal(unseeded.parity_check_matrix, regular_matrix(40, 20, 3, 0).toarray())
    write_alist(tmp_path / "h.alist", drawn.parity_check_matrix)
    for read in (
        by_name.ldpc(alist=tmp_path / "h.alist"),
        by_name.linear(parity_check=tmp_path / "h.alist"),
    ):
        assert isinstance(read, LinearCode)
        np.testing.assert_array_equal(read.parity_check_matrix, drawn.parity_check_matrix)
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
    drawn = LDPCCode.regular(kind(96), kind(48), kind(3), seed=kind(1))
    np.testing.assert_array_equal(
        drawn.tanner_graph.edge_variable, LDPCCode.regular(96, 48, 3, seed=1).tanner_graph.edge_variable
    )
    assert LinearRateMatchedCode(drawn, puncture=[kind(0)]).n == 95


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
    with pytest.raises(ValueError, match=r"^puncture takes coded bits .*; got "):
        LinearRateMatchedCode(LDPCCode.regular(96, 48, 3), puncture=[value])


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
