"""Converses for words of equal, of at most, and of mean energy, against codes and against other formulas."""

import itertools
import math

import numpy as np
import pytest
from capgap.bounds import bound
from capgap.bounds.gaussian_tests import GaussianTerm, meta_converse_log_error
from capgap.bounds.numerics.logs import Floats
from capgap.bounds.power_constraints import _Envelope
from scipy import spatial, special, stats

from tests.lazy import but_slow


def qam_errors(levels: int, symbols: int, esno: float) -> float:
    """The exact FER of uncoded square QAM: of ``symbols`` symbols, Es/N0 being the mean energy of a real use."""
    half = math.sqrt(3 * esno / (levels**2 - 1))
    wrong = 2 * (1 - 1 / levels) * special.ndtr(-half * math.sqrt(2))
    return float(-np.expm1(2 * symbols * np.log1p(-wrong)))


@pytest.mark.parametrize("levels", [4, 8, 16])
@pytest.mark.parametrize("symbols", [1, 2, 8, 16])
def test_uncoded_qam_keeps_the_converses_for_its_energies(levels: int, symbols: int) -> None:
    """Its words differ in energy: the greatest is 3 (L - 1) / (L + 1) times the mean."""
    n, rate = 2 * symbols, math.log2(levels)
    peak = 3 * (levels - 1) / (levels + 1)
    beats_equal = 0
    for db in (2, 8, 14, 20, 26):
        esno = 10 ** (db / 10)
        seen = qam_errors(levels, symbols, esno)
        if seen < 1e-90:
            continue
        assert seen >= bound("awgn", "converse-average").error_probability(n, rate, esno)
        assert seen >= bound("awgn", "converse-maximal").error_probability(n, rate, peak * esno)
        beats_equal += seen < bound("awgn", "converse").error_probability(n, rate, esno)
    assert beats_equal or symbols > 1  # what the converse for equal energy does not hold for


@pytest.mark.parametrize(
    ("n", "rate"), but_slow([(1, 1), (1, 4), (2, 1), (7, 0.2), (50, 1), (1000, 4)], [(1, 4), (7, 0.2)])
)
def test_the_more_words_there_are_to_choose_from_the_less_is_excluded(n: int, rate: float) -> None:
    names = ("converse-average", "converse-maximal", *(("converse",) if n > 1 else ()))
    limit = bound("awgn", "capacity").value(n, rate, 0.5)
    assert limit is not None
    for factor in (0.3, 0.9, 1.3, 30.0):
        logs = [bound("awgn", name).log_error_probability(n, n * rate, factor * limit) for name in names]
        assert all(b >= a - 1e-11 for a, b in itertools.pairwise(logs))
        # Where errors are rare, that some words are silent is of no use.
        if logs[0] < math.log(1e-4):
            assert logs[0] == pytest.approx(meta_converse_log_error(n, n * rate, factor * limit), rel=1e-12)
    for name in names:
        for error in (0.3, 1e-9):
            value = bound("awgn", name).value(n, rate, error)
            assert value is not None
            reached = bound("awgn", name).error_probability(n, rate, value)
            if reached == pytest.approx(error, rel=1e-6):  # not at the end of the range
                assert bound("awgn", name).rate(n, error, value) == pytest.approx(rate, rel=1e-8)


def errors_of_tests(n: int, energy: Floats, power: float, log_ratio: float) -> tuple[Floats, Floats]:
    """P[missed] and Q[false] of the likelihood-ratio tests for words of these energies, by chi-squares."""
    variance = 1 + power
    # The ratio is at least this in a ball around x (1 + P) / P.
    square = (n / 2 * math.log(variance) + energy / (2 * power) - log_ratio) * 2 * variance / power
    missed = stats.ncx2.sf(np.maximum(square, 0), n, energy / power**2)
    false = stats.ncx2.cdf(np.maximum(square, 0) / variance, n, energy * variance / power**2)
    return np.where(square > 0, missed, 1.0), np.where(square > 0, false, 0.0)


@pytest.mark.parametrize(("n", "log2_m", "db"), [(8, 32.0, 20.0), (20, 12.0, -4.0), (3, 4.0, -6.0)])
def test_the_average_is_the_lower_convex_hull(n: int, log2_m: float, db: float) -> None:
    """Over energies on a grid, and with the best of many multipliers."""
    power = 2 * 10 ** (db / 10)
    energies = n * power * np.concatenate([[1e-12], np.geomspace(0.05, 60, 600)])
    best = -math.inf
    for log_ratio in np.linspace(log2_m * math.log(2) - 8, log2_m * math.log(2), 40):
        missed, false = errors_of_tests(n, energies, power, log_ratio)
        least = missed + np.exp(log_ratio) * false
        hull = spatial.ConvexHull(np.column_stack([energies, least])).vertices
        hull = np.sort(hull)
        below = [
            i for i in hull if least[i] <= np.interp(energies[i], energies[[0, -1]], least[[0, -1]]) + 1e-12
        ]
        value = float(np.interp(n * power, energies[below], least[below]))
        assert _Envelope(n, power, log_ratio).value == pytest.approx(value, abs=2e-4)
        best = max(best, value - math.exp(log_ratio) / 2**log2_m)
    found = bound("awgn", "converse-average").error_probability(n, log2_m / n, power / 2)
    assert found == pytest.approx(best, abs=1e-3)
    assert found < math.exp(meta_converse_log_error(n, log2_m, power / 2)) - 5e-3  # silence helps there


def test_a_code_with_silent_words_keeps_the_average_and_no_other() -> None:
    """One in three words is sent twice as loud as its share, the others not at all: antipodal pairs in n = 1."""
    # Three words in n = 1: -a, 0, a with mean energy 2 a^2 / 3.
    for db in (-3.0, 3.0, 9.0):
        esno = 10 ** (db / 10)
        a = math.sqrt(3 * esno)  # noise of variance 1: 2 a^2 / 3 = 2 Es/N0
        seen = 4 / 3 * special.ndtr(-a / 2)
        assert seen >= bound("awgn", "converse-average").error_probability(1, math.log2(3), esno)
        assert seen >= bound("awgn", "converse-maximal").error_probability(1, math.log2(3), 1.5 * esno)


@pytest.mark.parametrize(("n", "power"), [(1, 2.0), (2, 100.0), (5, 0.1)])
def test_the_meta_converse_of_few_coordinates_by_chi_squares(n: int, power: float) -> None:
    for log_ratio in (-1.0, 0.2, 0.9):
        missed, false = (float(x) for x in errors_of_tests(n, np.array(n * power), power, log_ratio))
        if 1e-12 < false < 1 and 1e-12 < missed < 1:
            found = meta_converse_log_error(n, -math.log2(false), power / 2)
            assert math.exp(found) == pytest.approx(missed, rel=1e-7)


def test_moments_of_a_term_by_quadrature() -> None:
    """A word's coordinate of one energy against outputs for another."""
    one = GaussianTerm(3.0, 1.5)
    y = np.linspace(-15, 18, 200_001)
    density = np.exp(-((y - math.sqrt(3)) ** 2) / 2) / math.sqrt(2 * math.pi)
    i = math.log(2.5) / 2 + y * y / 5 - (y - math.sqrt(3)) ** 2 / 2
    for z in (-0.5, 0.3, 1.2):
        weight = density * np.exp(-z * i) * (y[1] - y[0])
        total, mean = weight.sum(), (weight * i).sum() / weight.sum()
        value, slope, bend = one.cumulants(z)
        assert value == pytest.approx(math.log(total), abs=1e-10)
        assert slope == pytest.approx(-mean, abs=1e-9)
        assert bend == pytest.approx((weight * (i - mean) ** 2).sum() / total, abs=1e-8)
        assert one.saddle_point(mean) == pytest.approx(z, abs=1e-8)
