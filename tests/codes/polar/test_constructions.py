"""Constructions of polar codes: closed forms, orders, other programs' sets."""

import math
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.integrate
from capgap.channels import AWGN, BEC, BSC
from capgap.codes.matrix_files.text import MatrixFileError
from capgap.codes.polar.construction.bhattacharyya import bhattacharyya
from capgap.codes.polar.construction.gaussian_approximation import check, mean_llrs
from capgap.codes.polar.construction.orders import best, ranks_5g, row_weights, sequence_5g
from capgap.codes.polar.construction.tal_vardy import (
    erasure_channel,
    error_probabilities,
    gaussian_channel,
    symmetric_channel,
)
from capgap.codes.polar.weights.minimum_weight import (
    is_decreasing,
    minimum_weight_words,
    sampled_words,
)

from tests.codes.polar.samples import unmatched

KINDS: dict[str, dict[str, Any]] = {
    "5g": {},
    "pw": {"construction": "pw"},
    "ga": {"construction": "ga", "design_ebno_db": 1.0},
    "bhattacharyya": {"construction": "bhattacharyya", "design_epsilon": 0.4},
    "tal-vardy": {"construction": "tal-vardy", "design_esno_db": 0.0, "mu": 32},
    "reed-muller": {"construction": "reed-muller"},
    "rm-polar": {"construction": "rm-polar", "design_esno_db": 0.0},
}


def test_the_sequence_of_5g_is_a_permutation_that_begins_and_ends_as_in_the_standard() -> None:
    # Equal to py3gpp's table and to the file of AFF3CT's configurations, element by element.
    sequence = sequence_5g().tolist()
    assert sorted(sequence) == list(range(1024))
    assert sequence[:10] == [0, 1, 2, 4, 8, 16, 32, 3, 5, 64]
    assert sequence[-5:] == [1015, 1019, 1021, 1022, 1023]
    weights = np.arange(1, 1025) * np.array(sequence)
    assert int(weights.sum()) == 340547653
    assert ranks_5g(8).tolist() == [0, 1, 2, 4, 3, 5, 6, 7]


def test_erasure_channels_polarise_by_the_exact_recursion() -> None:
    z = np.exp(bhattacharyya(np.log([[0.3], [0.7]]), (2,) * 10))
    expected = [0.3]
    for _ in range(10):
        expected = [each for e in expected for each in (2 * e - e * e, e * e)]
    assert np.allclose(z[0], expected, rtol=1e-12)
    assert np.allclose(z.sum(axis=0), 1)
    assert z[0].mean() == pytest.approx(0.3)  # capacity is preserved


@pytest.mark.parametrize("kernels", [(2, 2, 2), (3, 2), (2, 3), (3, 3)])
def test_erasure_probabilities_are_those_of_all_patterns(kernels: tuple[int, ...]) -> None:
    # Bit i is erased, given those before it, where row i of G depends on the later ones in what is received.
    code = unmatched(kernels=list(kernels), frozen=[0])
    n, epsilon = code.n, 0.35
    matrix = np.vstack([code.generator_matrix[:0], _rows(kernels)])
    erased = np.zeros(n)
    for count in range(n + 1):
        for lost in combinations(range(n), count):
            kept = [i for i in range(n) if i not in lost]
            chance = epsilon**count * (1 - epsilon) ** (n - count)
            for i in range(n):
                erased[i] += chance * (_rank(matrix[i:, kept]) == _rank(matrix[i + 1 :, kept]))
    z = bhattacharyya(np.log([[epsilon], [1 - epsilon]]), kernels)
    assert np.allclose(np.exp(z[0]), erased, atol=1e-12)


def _rows(kernels: tuple[int, ...]) -> np.ndarray[Any, np.dtype[Any]]:
    kernel = {2: [[1, 0], [1, 1]], 3: [[1, 1, 1], [1, 0, 1], [0, 1, 1]]}
    found = np.ones((1, 1), np.uint8)
    for size in kernels:
        found = np.kron(found, np.array(kernel[size], np.uint8))
    return found


def _rank(matrix: np.ndarray[Any, np.dtype[Any]]) -> int:
    rows = [int("".join(map(str, row)) or "0", 2) for row in matrix.tolist()]
    rank = 0
    while rows:
        pivot = rows.pop()
        if pivot:
            rank += 1
            low = pivot & -pivot
            rows = [row ^ pivot if row & low else row for row in rows]
    return rank


@pytest.mark.parametrize("mean", [1e-3, 0.2, 0.999, 1.001, 4.0, 30.0, 300.0])
def test_means_after_a_check_solve_the_equation_of_phi(mean: float) -> None:
    def phi(m: float) -> float:
        def density(u: float) -> float:
            return math.exp(-u * u / 4 / m) / math.sqrt(4 * math.pi * m) / math.cosh(u / 2)

        width = 12 * math.sqrt(2 * m)
        return math.exp(-m / 4) * float(
            scipy.integrate.quad(density, -min(width, 200), min(width, 200), limit=300, epsrel=1e-11)[0]
        )

    after = float(np.exp(check(np.log([mean]), np.log([mean])))[0])
    expected = 1 - (1 - phi(mean)) ** 2
    assert phi(after) == pytest.approx(expected, rel=1e-8)
    if mean < 1:
        assert 1 - phi(after) == pytest.approx((1 - phi(mean)) ** 2, rel=1e-5)


def test_bits_that_are_not_sent_or_known_have_their_means() -> None:
    found = mean_llrs(np.array([-np.inf, 1.0, 0.5, np.inf]), (2, 2))
    assert found[0] == -np.inf  # a sum with a bit of which nothing is known
    assert found[3] == np.inf


def test_merged_channels_are_degraded_and_exact_where_few_symbols_will_do() -> None:
    erased = error_probabilities(erasure_channel(0.4), 6, 8)
    z = np.exp(bhattacharyya(np.log([[0.4], [0.6]]), (2,) * 6)[0])
    assert np.allclose(erased, z / 2, rtol=1e-12)
    coarse, fine = (error_probabilities(gaussian_channel(0.5, mu), 7, mu) for mu in (16, 128))
    assert (coarse >= fine * (1 - 1e-9)).all()
    # Of the best of 1024 bit channels, errors have probabilities below 1e-40, and products underflow.
    assert 0 < error_probabilities(gaussian_channel(0.0, 64), 10).min() < 1e-40
    crossed = error_probabilities(symmetric_channel(0.1), 1, 16)
    assert crossed.tolist() == pytest.approx([0.18, 0.1])


@pytest.mark.parametrize("kind", KINDS)
def test_better_positions_come_first_in_every_construction(kind: str) -> None:
    sets = [set(unmatched(n=64, k=k, **KINDS[kind]).information.tolist()) for k in (1, 20, 32, 63)]
    assert all(small < large for small, large in pairwise(sets)) or kind == "rm-polar"
    assert sets[0] == {63}
    assert sets[3] == set(range(1, 64))


def test_reed_mullers_weights_come_before_reliability() -> None:
    heavy = unmatched(n=128, k=64, construction="reed-muller")
    assert (row_weights(128)[heavy.information] >= 16).all()
    assert heavy.minimum_distance() == 16
    between = unmatched(n=128, k=50, construction="rm-polar")
    assert between.minimum_distance() == 16
    assert unmatched(n=128, k=50, construction="pw").minimum_distance() == 8


def test_a_design_for_each_point_is_made_there() -> None:
    class Point:
        def __init__(self, channel: Any) -> None:
            self.channel, self.value = channel, 0.0

    code = unmatched(n=256, k=128, construction="ga", design="each")
    low, high = code.at(Point(AWGN(esno_db=-3.0))), code.at(Point(AWGN(esno_db=4.0)))
    assert low.information.tolist() != high.information.tolist()  # type: ignore[attr-defined]
    fixed = unmatched(n=256, k=128, construction="ga", design_esno_db=4.0)
    assert high.information.tolist() == fixed.information.tolist()  # type: ignore[attr-defined]
    assert fixed.at(Point(AWGN(esno_db=-3.0))) is fixed
    erased = unmatched(n=256, k=128, construction="bhattacharyya", design="each").at(Point(BEC(epsilon=0.4)))
    assert "BEC" in str(erased.info()["designed for"])
    with pytest.raises(ValueError, match=r"ga is made for awgn, not for the BSC with f = 0\.1"):
        code.at(Point(BSC(f=0.1)))


def test_ebno_counts_with_the_codes_own_rate() -> None:
    by_bit = unmatched(n=64, k=16, construction="ga", design_ebno_db=2.0)
    by_use = unmatched(n=64, k=16, construction="ga", design_esno_db=2.0 + 10 * math.log10(16 / 64))
    assert by_bit.information.tolist() == by_use.information.tolist()
    assert by_bit.info()["designed for"] == "AWGN at Es/N0 = -4.02 dB"


def test_frozen_positions_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "frozen.txt"
    path.write_text("# of eight\n0 1 2\n4\n")
    assert unmatched(n=8, frozen=path).information.tolist() == [3, 5, 6, 7]
    path.write_text("0 1\n8\n")
    with pytest.raises(MatrixFileError, match=r"frozen.txt:2: frozen must lie in 0 to 7, got 8"):
        unmatched(n=8, frozen=path)


def test_the_minimum_weight_words_of_reed_muller_codes_are_counted() -> None:
    assert minimum_weight_words(unmatched(n=128, k=64, construction="reed-muller").information, 128) == 94488


@pytest.mark.parametrize(("n", "k"), [(16, 8), (32, 11), (32, 16), (64, 20)])
def test_minimum_weight_words_are_those_that_enumeration_finds(n: int, k: int) -> None:
    for kind in ("pw", "5g", "reed-muller", "ga"):
        code = unmatched(n=n, k=k, **KINDS[kind])
        weights = code.weight_distribution()
        least = int(np.flatnonzero(weights)[1])
        assert code.minimum_distance() == least
        assert is_decreasing(code.information, n)
        low = code.low_weights()
        assert low is not None
        assert low.codewords == (weights[least],)
        words = sampled_words(code.information, n)
        assert len(np.unique(words, axis=0)) == weights[least] == len(words)
        assert (words.sum(axis=1) == least).all()
        messages = code.information_bits(words)
        assert (code.encode(messages) == words).all()
        assert low.ones[0] == pytest.approx(messages.sum())


def test_where_there_is_no_formula_words_are_looked_for() -> None:
    gap = unmatched(n=16, frozen=[0, 1, 2, 3, 4, 8, 10, 12])
    assert not is_decreasing(gap.information, 16)
    weights = gap.weight_distribution()
    found = gap.low_weights()
    assert found is not None
    assert found.codewords == (weights[found.weights[0]],)
    assert gap.minimum_distance() == int(np.flatnonzero(gap.weight_distribution())[1])
    pac = unmatched(n=32, k=16, construction="reed-muller", convolution=133)
    found = pac.low_weights()
    assert found is not None
    assert found.weights == (8,)
    assert found.codewords == (pac.weight_distribution()[8],)
    assert pac.minimum_distance() == 8


def test_many_words_are_sampled_evenly() -> None:
    code = unmatched(n=128, k=64, construction="reed-muller")
    words = sampled_words(code.information, 128)
    assert (words.sum(axis=1) == 16).all()
    assert (code.encode(code.information_bits(words)) == words).all()
    # Each position is as often a one as any other, by symmetry: 16 of 128; within five standard deviations.
    spread = math.sqrt(len(words) / 8 * 7 / 8)
    assert (abs(words.sum(axis=0) - len(words) / 8) < 5 * spread).all()


def test_the_best_are_the_later_of_equals() -> None:
    assert best(np.array([1.0, 0.0, 1.0, 1.0]), 2).tolist() == [2, 3]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            {"n": 2048, "k": 4, "construction": "5g"},
            "construction: 5g orders up to n = 1024 positions, got 2048",
        ),
        ({"n": 8, "k": 4, "construction": "ga"}, "design_esno_db is missing"),
        ({"n": 8, "k": 4, "design_esno_db": 1.0}, "design_esno_db belongs to ga, bhattacharyya, tal-vardy"),
        (
            {"n": 8, "k": 4, "construction": "ga", "design_esno_db": 1.0, "design": "each"},
            "design cannot be beside design_esno_db: give one of design_ebno_db, design_esno_db, design_epsilon",
        ),
        (
            {"n": 8, "k": 4, "construction": "ga", "design_epsilon": 0.5},
            "ga is made for awgn, not for the BEC",
        ),
        (
            {"n": 8, "k": 4, "construction": "bhattacharyya", "design_epsilon": 1.5},
            r"design_epsilon must lie in \(0, 1\)",
        ),
        ({"n": 8, "k": 4, "construction": "gaussian"}, "construction must be 5g, pw, ga"),
        (
            {"n": 8, "k": 4, "construction": "ga", "design_ebno_db": 1000.0},
            r"design_ebno_db must give an Es/N0 in \[-100, 100\] dB, got 1000, which gives 996.99",
        ),
        ({"n": 8, "k": 4, "mu": 64}, "mu belongs to tal-vardy"),
        (
            {"n": 8, "k": 4, "construction": "tal-vardy", "design_esno_db": 0.0, "mu": 7},
            "mu must be even and lie in 4 to 512, got 7",
        ),
        ({"n": 8, "frozen": [0, 1, 1]}, "frozen must name each position once, and names 1 twice"),
        (
            {"n": 8, "frozen": [0, 1], "construction": "pw"},
            "construction chooses positions, and frozen names",
        ),
        ({"n": 4, "frozen": [0, 1, 2, 3]}, "frozen must leave a position for information"),
        ({"kernels": [2, 3], "k": 2}, "construction is missing: ga or bhattacharyya"),
        ({"kernels": [2, 3], "k": 2, "construction": "pw"}, "construction must be ga or bhattacharyya for"),
        ({"kernels": [2, 5], "k": 2}, "kernels must each be 2 or 3"),
        ({"n": 8, "kernels": [2, 3], "k": 2}, "n must be 6, the product of the kernels, got 8"),
        ({"k": 2}, "n is missing"),
    ],
)
def test_bad_parameters_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        unmatched(**arguments)
