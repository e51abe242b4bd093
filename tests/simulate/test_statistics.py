"""Confidence intervals, against their definitions and by their coverage of known laws."""

import numpy as np
import pytest
import scipy.stats
from capgap.simulate.statistics import binomial_interval, bit_error_interval, relative_half_width


@pytest.mark.parametrize(("errors", "trials"), [(0, 10), (1, 10), (10, 10), (3, 1000), (100, 12345)])
def test_binomial_interval_is_scipys(errors: int, trials: int) -> None:
    low, high = binomial_interval(errors, trials)
    expected = scipy.stats.binomtest(errors, trials).proportion_ci(0.95, method="exact")
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-9)


@pytest.mark.parametrize(("errors", "trials"), [(1, 1), (1, 10), (10, 10), (100, 345), (100, 1_000_000)])
def test_inverse_interval_inverts_the_negative_binomial_law(errors: int, trials: int) -> None:
    low, high = (float(bound) for bound in binomial_interval(errors, trials, inverse=True))
    extra = trials - errors
    if extra:  # P(this many trials or more | high) = 2.5 %
        assert scipy.stats.nbinom.sf(extra - 1, errors, high) == pytest.approx(0.025, rel=1e-6)
    assert scipy.stats.nbinom.cdf(extra, errors, low) == pytest.approx(0.025, rel=1e-6)


def test_exact_coverage_of_inverse_sampling() -> None:
    """Summed over the law itself, not simulated: coverage is at least the nominal 95 %."""
    for p in (0.001, 0.03, 0.4, 0.9):
        trials = np.arange(10, scipy.stats.nbinom.isf(1e-9, 10, p) + 11)
        low, high = binomial_interval(10, trials, inverse=True)
        covered = (low <= p) & (p <= high)
        assert scipy.stats.nbinom.pmf(trials - 10, 10, p)[covered].sum() >= 0.95 - 1e-8


@pytest.mark.parametrize("burst", [1, 5, 40])
@pytest.mark.parametrize("p", [0.5, 0.02])
def test_bit_interval_covers_bursty_errors(burst: int, p: float) -> None:
    """Frames wrong with probability p, with 1 to burst wrong bits: coverage near 95 %."""
    rng = np.random.default_rng(burst)
    frames, k, truth = 3000, 64, p * (1 + burst) / 2 / 64
    covered = 0
    for _ in range(2000):
        counts = rng.integers(1, burst + 1, rng.binomial(frames, p))
        low, high = bit_error_interval(int(counts.sum()), int((counts**2).sum()), len(counts), frames, k)
        covered += low <= truth <= high
    # 2000 runs of a true 95 % stray beyond these bounds with probability below 1e-4
    assert 0.93 <= covered / 2000 <= 0.985


def test_bit_interval_of_many_errors_is_the_normal_one() -> None:
    """Uncoded frames of 1000 bits, each wrong with probability 0.1."""
    counts = np.random.default_rng(1).binomial(1000, 0.1, 5000)
    low, high = bit_error_interval(int(counts.sum()), int((counts**2).sum()), 5000, 5000, 1000)
    half = 1.96 * counts.std() / np.sqrt(5000) / 1000
    assert (low, high) == pytest.approx((counts.mean() / 1000 - half, counts.mean() / 1000 + half), rel=2e-4)


def test_without_errors_there_is_an_upper_bound() -> None:
    low, high = bit_error_interval(0, 0, 0, 1000, 50)
    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / 1000))


@pytest.mark.parametrize("counts", [[50], [1], [3, 3, 3], [50, 50]])
def test_few_frames_give_a_wide_interval_around_the_estimate(counts: list[int]) -> None:
    total, squares, frames = sum(counts), sum(c * c for c in counts), len(counts)
    low, high = bit_error_interval(total, squares, frames, frames, 50)
    assert 0 <= low < total / frames / 50 <= high <= 1


def test_relative_half_width() -> None:
    assert relative_half_width(0, 100) == np.inf
    interval = scipy.stats.binomtest(384, 10**5).proportion_ci(0.95, method="exact")
    expected = (interval.high - interval.low) / 2 / (384 / 10**5)
    assert float(relative_half_width(384, 10**5)) == pytest.approx(expected)
