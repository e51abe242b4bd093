"""The interval of a ratio of means: against other intervals of the same, and how often it covers."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from capgap.simulate.statistics.ratio import _deviance, ratio_interval
from scipy import stats

#: Outcomes of frames that are sent up to four times: probabilities, bits delivered and uses.
ENDED = np.array([1.0, 2, 3, 4, 4])
GAINS = np.array([1.0, 1, 1, 1, 0])


def test_a_share_has_the_likelihood_ratio_interval() -> None:
    """Of 30 in 100: both ends lose as much of the log-likelihood as 1.96 standard deviations do."""
    for bound in ratio_interval([30, 70], [1, 0], [1, 1]):
        lost = 30 * math.log(0.3 / bound) + 70 * math.log(0.7 / (1 - bound))
        assert 2 * lost == pytest.approx(1.96**2, rel=1e-6)


def test_many_trials_have_the_interval_of_the_delta_method() -> None:
    counts = np.array([5000, 3000, 1200, 500, 300])
    estimate = counts @ GAINS / (counts @ ENDED)
    spread = math.sqrt(counts @ (GAINS - estimate * ENDED) ** 2) / (counts @ ENDED)
    low, high = ratio_interval(counts, GAINS, ENDED)
    assert low == pytest.approx(estimate - 1.96 * spread, abs=0.05 * spread)
    assert high == pytest.approx(estimate + 1.96 * spread, abs=0.05 * spread)


def test_trials_that_ended_alike_have_no_empty_interval() -> None:
    """All delivered at once, in 100 frames: at worst 3.6 % of them might have failed, which is exact."""
    low, high = ratio_interval([100, 0, 0, 0, 0], GAINS, ENDED)
    lost = 1 - 0.025 ** (1 / 100)
    assert high == 1
    assert low == pytest.approx((1 - lost) / (1 - lost + 4 * lost), rel=1e-9)
    assert ratio_interval([0, 0, 0, 0, 9], GAINS, ENDED)[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("frames", "probabilities"),
    [
        (100, (0.5, 0.3, 0.1, 0.05, 0.05)),
        (300, (0.1, 0.4, 0.3, 0.1, 0.1)),
        (300, (0.02, 0.03, 0.25, 0.5, 0.2)),
        (1000, (0.97, 0.02, 0.005, 0.003, 0.002)),
        (1000, (0.9, 0.1, 0.0, 0.0, 0.0)),
        (1000, (0.0, 0.0, 0.01, 0.03, 0.96)),
    ],
)
def test_intervals_cover(frames: int, probabilities: tuple[float, ...]) -> None:
    """94 to 97 % of 20,000 samples, for throughput and for delay; fixed seed, standard deviation 0.15 %."""
    p = np.array(probabilities)
    drawn: npt.NDArray[np.int64] = np.random.default_rng(7).multinomial(frames, p, 20_000)
    for gains, costs in ((GAINS, ENDED), (ENDED, np.ones(5))):
        z = gains - (p @ gains) / (p @ costs) * costs
        different, times = np.unique(drawn, axis=0, return_counts=True)
        inside = [_deviance(counts.astype(float), z) <= stats.chi2.ppf(0.95, 1) for counts in different]
        assert 0.94 <= times[np.array(inside)].sum() / times.sum() <= 0.97
