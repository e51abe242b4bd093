"""Confidence intervals, against their definitions; test_calibration.py draws their coverage."""

import numpy as np
import pytest
import scipy.stats
from capgap.simulate.statistics.intervals import (
    binomial_interval,
    bit_error_interval,
    relative_half_width,
    unbiased_rate,
)
from capgap.simulate.statistics.stop_rules import INVERSE_RULES


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


def test_haldanes_estimate_is_unbiased_and_the_plain_one_is_not() -> None:
    """Summed over the law itself."""
    for p in (0.001, 0.03, 0.4):
        for k in (2, 3, 20):
            trials = np.arange(k, scipy.stats.nbinom.isf(1e-12, k, p) + k + 1)
            law = scipy.stats.nbinom.pmf(trials - k, k, p)
            estimates = np.array([unbiased_rate(k, int(n)) for n in trials], float)
            assert (law * estimates).sum() == pytest.approx(p, rel=1e-9)
            bias = (law * k / trials).sum() / p - 1
            assert 0 < bias < 1 / (k - 1)
            if p == 0.001 and k == 20:
                assert bias == pytest.approx(1 / 19, rel=2e-3)
    assert unbiased_rate(1, 1) is unbiased_rate(1, 50) is None
    assert unbiased_rate(4, 4) == 1


@pytest.mark.parametrize("p", [0.01, 0.1, 0.5])
@pytest.mark.parametrize(("errors", "frames"), [(5, 60), (20, 200), (40, 80)])
def test_exact_coverage_where_the_first_of_two_rules_ends_a_point(p: float, errors: int, frames: int) -> None:
    """frame_errors and frames together: the rule that was met tells the law. Summed, not simulated."""
    trials = np.arange(errors, frames + 1)
    few = np.arange(errors)
    low, high = binomial_interval(errors, trials, inverse="frame_errors" in INVERSE_RULES)
    ended_by_errors = scipy.stats.nbinom.pmf(trials - errors, errors, p)
    covered = ended_by_errors[(low <= p) & (p <= high)].sum()
    low, high = binomial_interval(few, frames, inverse="frames" in INVERSE_RULES)
    ended_by_frames = scipy.stats.binom.pmf(few, frames, p)
    covered += ended_by_frames[(low <= p) & (p <= high)].sum()
    assert ended_by_errors.sum() + ended_by_frames.sum() == pytest.approx(1)
    assert covered >= 0.95 - 1e-8


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


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize(("errors", "frames"), [(1, 1), (1, 10), (2, 9), (7, 7), (30, 10**6)])
@pytest.mark.parametrize("k", [1, 4, 500])
def test_one_wrong_bit_a_frame_gives_the_interval_of_the_frames(
    errors: int, frames: int, k: int, inverse: bool
) -> None:
    interval = bit_error_interval(errors, errors, errors, frames, k, inverse=inverse)
    low, high = binomial_interval(errors, frames, inverse=inverse)
    assert interval == pytest.approx((float(low) / k, float(high) / k), rel=1e-12)


@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("law", ["alike", "geometric", "rare bursts", "all wrong"])
def test_bounds_of_the_bit_interval(law: str, inverse: bool) -> None:
    """Around the estimate, in [0, 1], at least as wide as if all wrong frames had been alike."""
    rng = np.random.default_rng(3)
    k = 300
    for errors in (1, 2, 3, 4, 5, 10, 100, 1000):
        for extra in (0, 1, 10, 10**8):
            weights = {
                "alike": np.full(errors, rng.integers(1, k + 1)),
                "geometric": np.minimum(rng.geometric(0.05, errors), k),
                "rare bursts": np.where(rng.random(errors) < 0.1, k, 1),
                "all wrong": np.full(errors, k),
            }[law]
            frames, total = errors + extra, int(weights.sum())
            low, high = bit_error_interval(total, int((weights**2).sum()), errors, frames, k, inverse=inverse)
            rate = total / (frames * k)
            fer_low, fer_high = (
                float(x) * total / errors / k for x in binomial_interval(errors, frames, inverse=inverse)
            )
            assert 0 < low <= rate <= high <= 1
            assert low <= fer_low * (1 + 1e-12)
            assert high >= min(fer_high, 1.0) * (1 - 1e-12)
            if law == "alike" and errors >= 3:
                assert (low, high) == pytest.approx((fer_low, fer_high), rel=1e-12)


def test_the_spread_of_the_bit_errors_widens_the_interval() -> None:
    """The formula of the docstring, by hand: weights 2, 4, 6, 8 in 100 frames of 50 bits."""
    low, high = bit_error_interval(20, 4 + 16 + 36 + 64, 4, 100, 50)
    fer = scipy.stats.binomtest(4, 100).proportion_ci(0.95, method="exact")
    v = (20 / 3) / 4 / 5**2
    t = scipy.stats.t.ppf(0.975, 3)
    assert np.log(0.004 / low) == pytest.approx(np.hypot(np.log(0.04 / fer.low), t * v**0.5))
    assert np.log(high / 0.004) == pytest.approx(np.hypot(np.log(fer.high / 0.04), t * v**0.5 + v / 2))


def test_relative_half_width() -> None:
    assert relative_half_width(0, 100) == np.inf
    interval = scipy.stats.binomtest(384, 10**5).proportion_ci(0.95, method="exact")
    expected = (interval.high - interval.low) / 2 / (384 / 10**5)
    assert float(relative_half_width(384, 10**5)) == pytest.approx(expected)
