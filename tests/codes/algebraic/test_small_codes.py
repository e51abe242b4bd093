"""Golay, Reed-Muller, simplex and quadratic residue codes: their words, and weights by formulas."""

import itertools
import math
import time
from functools import partial
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    BCHCode,
    GolayCode,
    HammingCode,
    LinearCode,
    QuadraticResidueCode,
    ReedMullerCode,
    SimplexCode,
    SyndromeDecoder,
    information_weights,
    macwilliams,
    weight_enumerator,
)
from capgap.codes.algebraic.quadratic_residue import DISTANCES
from capgap.codes.algebraic.reed_muller_codes.reed_muller_weights import covering_radius
from capgap.codes.algebraic.self_dual import doubly_even_weights, punctured_weights
from capgap.codes.binary import gf2
from capgap.codes.fields import polynomials
from capgap.codes.fields.galois_field import GaloisField

from tests.lazy import Lazy

SMALL: Lazy[LinearCode] = Lazy(
    {
        "golay": GolayCode,
        "extended golay": lambda: GolayCode(extended=True),
        "simplex": lambda: SimplexCode(r=5),
        "bch": lambda: BCHCode(n=31, k=11),
        "extended bch": lambda: BCHCode(n=31, k=16, extended=True),
        "extended bch of another first root": lambda: BCHCode(n=15, t=1, first_root=4, extended=True),
        "residues 7": lambda: QuadraticResidueCode(n=7, extended=True),
        "residues 17": lambda: QuadraticResidueCode(n=17),
        "residues 31": lambda: QuadraticResidueCode(n=31),
        "extended residues 31": lambda: QuadraticResidueCode(n=31, extended=True),
        **{
            f"RM({r},{m}){' systematic' if systematic else ''}": partial(
                ReedMullerCode, r=r, m=m, systematic=systematic
            )
            for m in range(1, 6)
            for r in range(m + 1)
            for systematic in (False, True)
            if sum(math.comb(m, i) for i in range(r + 1)) <= 16
        },
    }
)
#: Codes with few cosets.
RADII: Lazy[LinearCode] = Lazy(
    {
        "golay": GolayCode,
        "extended golay": lambda: GolayCode(extended=True),
        **{
            f"bch {n} {t}": partial(BCHCode, n=n, t=t)
            for n, t in [(15, 1), (15, 2), (15, 3), (31, 2), (31, 3)]
        },
        "extended bch": lambda: BCHCode(n=31, t=2, extended=True),
        "simplex 3": lambda: SimplexCode(r=3),
        "simplex 4": lambda: SimplexCode(r=4),
        **{
            f"RM({r},{m})": partial(ReedMullerCode, r=r, m=m)
            for r, m in [(0, 2), (0, 3), (0, 4), (1, 3), (1, 4), (2, 4), (2, 5), (3, 5), (4, 5)]
        },
    }
)


def monomials(r: int, m: int) -> np.ndarray[Any, Any]:
    """All products of up to r of the m bits of a position: a generator matrix of RM(r, m)."""
    x = np.arange(1 << m) >> np.arange(m)[:, None] & 1
    chosen = [each for d in range(r + 1) for each in itertools.combinations(range(m), d)]
    return np.array([np.prod(x[list(each)], axis=0, dtype=np.int64) for each in chosen]).astype(np.uint8)


@SMALL.each("code")
def test_weights_are_those_of_all_words(code: LinearCode) -> None:
    messages = np.arange(1 << code.k)[:, None] >> np.arange(code.k) & 1
    words = code.encode(messages.astype(np.uint8))
    weights = words.sum(axis=1, dtype=np.int64)
    counts = np.bincount(weights, minlength=code.n + 1)
    known = code.known_weights()
    assert known is None or known == counts.tolist()
    assert weight_enumerator(code).counts.tolist() == counts.tolist()
    ones = np.bincount(weights, weights=messages.sum(axis=1), minlength=code.n + 1)
    assert information_weights(code).counts.tolist() == ones.astype(int).tolist()
    assert code.minimum_distance() == np.flatnonzero(counts)[1]
    if code.systematic:
        np.testing.assert_array_equal(words[:, code.information_set], messages)


@pytest.mark.parametrize(("r", "m"), [(0, 3), (1, 4), (2, 5), (3, 7), (5, 7)])
def test_reed_muller_words_are_polynomials_of_the_degree(r: int, m: int) -> None:
    code = ReedMullerCode(r=r, m=m)
    matrix = monomials(r, m)
    assert len(matrix) == code.k
    both = np.vstack([matrix, code.generator_matrix])
    assert len(gf2.row_reduce(both)[0]) == code.k
    # The message's bits are coefficients: with the variables 1 less the bits of the position.
    u = np.zeros(code.k, np.uint8)
    u[3 % code.k] = 1
    zeros = ~int(code.information[3 % code.k]) & (1 << m) - 1
    at = np.arange(1 << m)
    np.testing.assert_array_equal(code.encode(u), (at & zeros) == 0)


@pytest.mark.parametrize(
    ("r", "m"), [(1, 7), (2, 6), (2, 7), (4, 7), (5, 7), (3, 6), (9, 12), (2, 12), (12, 12)]
)
def test_weights_of_reed_muller_codes_obey_macwilliams(r: int, m: int) -> None:
    counts = ReedMullerCode(r=r, m=m).known_weights()
    assert counts is not None
    assert sum(counts) == 1 << ReedMullerCode(r=r, m=m).k
    assert np.flatnonzero(counts)[1] == 1 << m - r
    if m < 12 and r < m:
        assert macwilliams(counts).tolist() == ReedMullerCode(r=m - r - 1, m=m).known_weights()


def test_weights_of_the_third_order_of_length_128() -> None:
    """Published: the sum, A16, and with Gleason's theorem all others; the code is its own dual."""
    code = ReedMullerCode(r=3, m=7)
    counts = code.known_weights()
    assert counts is not None
    assert sum(counts) == 2**64
    assert counts == counts[::-1] == macwilliams(counts).tolist()
    assert (counts[16], counts[20], counts[24], counts[28]) == (94488, 0, 74078592, 3128434688)
    assert counts[64] == 5193595576952890822
    low = code.low_weights()
    assert low is not None
    assert (low.weights, low.codewords) == ((16,), (94488.0,))
    # A second way to A16: flats of dimension 4 of a space of dimension 7.
    assert (
        2**3 * np.prod([(128 >> i) - 1 for i in range(4)]) // np.prod([(16 >> i) - 1 for i in range(4)])
        == 94488
    )


def test_reed_muller_codes_of_other_orders_have_their_lowest_weights() -> None:
    assert ReedMullerCode(r=3, m=8).known_weights() is None
    for systematic in (False, True):
        low = ReedMullerCode(r=3, m=8, systematic=systematic).low_weights()
        assert low is not None
        assert low.weights == (32,)
        assert low.codewords == (777240.0,)
        assert low.ones[0] == 777240 * 32 * 93 / 256 if systematic else low.ones[0] > 777240


@pytest.mark.parametrize("generator", [0xC75, 0xAE3])
def test_the_golay_code_is_one_of_two_that_are_equivalent(generator: int) -> None:
    assert polynomials.divided(1 << 23 | 1, generator)[1] == 0
    code, residues = GolayCode(), QuadraticResidueCode(n=23)
    assert residues.generator in (0xC75, 0xAE3)
    assert code.known_weights() == residues.known_weights() == residues.weight_distribution().tolist()
    assert code.info()["perfect"]


def test_the_golay_code_has_the_weights_of_that_of_komm() -> None:
    komm = pytest.importorskip("komm")
    for extended in (False, True):
        other = LinearCode(generator=komm.GolayCode(extended=extended).generator_matrix)
        code = GolayCode(extended=extended)
        assert code.known_weights() == other.weight_distribution().tolist()
    assert GolayCode(extended=True).known_weights()[8] == 759


@pytest.mark.parametrize(("r", "m"), [(1, 3), (2, 4), (2, 5)])
def test_reed_muller_and_simplex_codes_are_those_of_komm(r: int, m: int) -> None:
    komm = pytest.importorskip("komm")
    both = np.vstack([komm.ReedMullerCode(r, m).generator_matrix, ReedMullerCode(r=r, m=m).generator_matrix])
    assert len(gf2.row_reduce(both.astype(np.uint8))[0]) == ReedMullerCode(r=r, m=m).k
    columns = komm.SimplexCode(m).generator_matrix
    assert sorted(map(tuple, columns.T)) == sorted(map(tuple, SimplexCode(r=m).generator_matrix.T))


def test_the_simplex_code_is_the_dual_of_the_hamming_code() -> None:
    for r in (2, 4):
        counts = SimplexCode(r=r).known_weights()
        assert macwilliams(counts).tolist() == HammingCode(r=r).known_weights()
    assert SimplexCode(r=16).encode(np.eye(16, dtype=np.uint8)).sum() == 16 * 2**15


@pytest.mark.parametrize("n", [7, 17, 23, 31, 73, 89, 127])
def test_roots_of_quadratic_residue_codes_are_squares(n: int) -> None:
    code = QuadraticResidueCode(n=n)
    m = next(m for m in range(1, 17) if (2**m - 1) % n == 0)
    field = GaloisField(m)
    squares = sorted({i * i % n for i in range(1, n)})
    found = []
    for beta in (1, next(i for i in range(2, n) if i not in squares)):  # one root of unity or another
        step = field.order // n * beta
        product = 1
        cosets = {min(s * 2**j % n for j in range(m)) for s in squares}
        for leader in cosets:
            product = polynomials.product(product, field.minimal_polynomial(leader * step))
        found.append(product)
    assert code.generator in found
    assert (code.n, code.k) == (n, (n + 1) // 2)


@pytest.mark.parametrize("n", [41])
def test_distances_of_quadratic_residue_codes(n: int) -> None:
    counts = QuadraticResidueCode(n=n).weight_distribution()
    assert np.flatnonzero(counts)[1] == DISTANCES[n]


@pytest.mark.slow
@pytest.mark.cpu_seconds(60)
def test_weights_of_the_quadratic_residue_code_of_length_47() -> None:
    code = QuadraticResidueCode(n=47)
    assert code.weight_distribution().tolist() == code.known_weights()


@pytest.mark.parametrize("n", [79, 103])
def test_extremal_codes_have_weights_of_a_self_dual_code(n: int) -> None:
    code = QuadraticResidueCode(n=n, extended=True)
    counts = code.known_weights()
    assert counts is not None
    assert counts == counts[::-1] == macwilliams(counts).tolist()
    assert sum(counts) == 1 << code.k
    assert np.flatnonzero(counts)[1] == code.minimum_distance() == DISTANCES[n] + 1
    generator = code.generator_matrix.astype(np.int64)
    assert not (generator @ generator.T % 2).any()
    assert not (generator.sum(axis=1) % 4).any()


def test_punctured_weights_are_those_without_a_position() -> None:
    counts = doubly_even_weights(32, [1])
    assert punctured_weights(counts) == QuadraticResidueCode(n=31).weight_distribution().tolist()


@RADII.each("code")
def test_the_covering_radius_is_that_of_the_coset_leaders(code: LinearCode) -> None:
    leaders = SyndromeDecoder(code).leader_weights()
    assert code.info()["covering radius"] == np.flatnonzero(leaders)[-1]


def test_covering_radii_without_a_formula() -> None:
    """RM(1, 6) and RM(1, 8) have bent functions; others stand in papers."""
    assert [covering_radius(*each) for each in [(1, 5), (1, 6), (1, 7), (1, 8), (2, 6), (2, 8)]] == [
        12,
        28,
        56,
        120,
        18,
        None,
    ]


@pytest.mark.parametrize(
    ("make", "given", "message"),
    [
        (ReedMullerCode, {"r": 1, "m": 17}, "m must lie in 1 to 16, got 17"),
        (ReedMullerCode, {"r": 5, "m": 4}, "r must lie in 0 to m = 4, got 5"),
        (ReedMullerCode, {"r": -1, "m": 4}, "r must lie in 0 to m = 4"),
        (SimplexCode, {"r": 1}, "r must lie in 2 to 16, got 1"),
        (QuadraticResidueCode, {"n": 25}, "as 23 and 31 are; got 25"),
        (
            QuadraticResidueCode,
            {"n": 13},
            "n must be a prime, 1 or 7 modulo 8, up to 16384, as 7 and 17 are; got 13",
        ),
        (QuadraticResidueCode, {"n": 20000}, "up to 16384, as 16361 and 16369 are"),
    ],
)
def test_codes_that_do_not_exist(make: Any, given: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(**given)


def test_long_codes_are_made_at_once() -> None:
    start = time.process_time()
    code = ReedMullerCode(r=8, m=16)
    assert (code.n, code.k) == (65536, 39203)
    assert QuadraticResidueCode(n=16369).k == 8185
    assert time.process_time() - start < 2
