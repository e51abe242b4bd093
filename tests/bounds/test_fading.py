"""The normal approximation over fading."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.bounds import bound
from capgap.bounds.binary_input import capacity_and_dispersion
from capgap.bounds.fading import normal_error_probability
from capgap.channels import Nakagami, Rayleigh, Rician, from_db, outage_probability
from capgap.simulate import run
from capgap.simulate.content.limit_curves import limit_curves
from scipy import stats

LN2 = math.log(2)


def test_one_gain_is_a_mean_over_it() -> None:
    """By Monte Carlo with the law of the gain, and capacity and dispersion as the AWGN channel has them."""
    n, k, esno = 200, 100, from_db(8)
    grid = np.linspace(-9, 4, 261)
    capacity, dispersion = np.array([capacity_and_dispersion(math.exp(x)) for x in grid.tolist()]).T
    gains = np.log(np.random.default_rng(1).exponential(size=200_000) * esno)
    mean, variance = (np.interp(gains, grid, each) for each in (capacity, dispersion))
    each = stats.norm.cdf((k * LN2 - n * mean) / np.sqrt(n * variance + 1e-300))
    found = normal_error_probability(Rayleigh(esno_db=8, coherence="frame"), n, k)
    assert found is not None
    assert abs(found - each.mean()) < 4.9 * each.std() / math.sqrt(len(each))


def test_several_gains_as_drawn() -> None:
    lengths, k, esno = np.array([30, 30, 30, 10]), 60, from_db(4)
    channel = Nakagami(m=2, esno_db=4, coherence=30)
    grid = np.linspace(-9, 4, 261)
    capacity, dispersion = np.array([capacity_and_dispersion(math.exp(x)) for x in grid.tolist()]).T
    gains = np.log(np.random.default_rng(2).gamma(2, 0.5, (100_000, 4)) * esno)
    mean, variance = (np.interp(gains, grid, each) @ lengths for each in (capacity, dispersion))
    each = stats.norm.cdf((k * LN2 - mean) / np.sqrt(variance))
    found = normal_error_probability(channel, 100, k)
    assert found is not None
    assert abs(found - each.mean()) < 4.9 * each.std() / math.sqrt(len(each))


def test_many_gains_have_a_dispersion() -> None:
    channel, n, k = Rayleigh(esno_db=2), 1000, 500
    energies, weights = channel._energies
    there = (energies > 1e-3) & (energies < 40)
    moments = [capacity_and_dispersion(x * from_db(2)) for x in energies[there].tolist()]
    capacity, dispersion = np.array(moments).T
    weights = weights[there] / weights[there].sum()
    mean = float(weights @ capacity)
    variance = float(weights @ dispersion + weights @ (capacity - mean) ** 2)
    exact = stats.norm.cdf((k * LN2 - n * mean - math.log(n) / 2) / math.sqrt(n * variance))
    assert normal_error_probability(channel, n, k) == pytest.approx(exact, rel=0.02)  # the ends are left out
    assert channel.capacity("bpsk") == pytest.approx(mean / LN2, abs=1e-3)


def test_what_it_comes_to_without_fading_and_with_long_words() -> None:
    nearly = Rician(k_factor_db=40, esno_db=0, coherence="frame")
    awgn = bound("bpsk", "normal-approximation")
    found = normal_error_probability(nearly, 500, 330 - math.log2(500) / 2)  # which has no term in ln n
    assert found == pytest.approx(awgn.error_probability(500, 330 / 500, from_db(0)), rel=0.2)
    channel = Rayleigh(esno_db=10, coherence="frame")
    outage = outage_probability(channel, 0.5, 50_000)
    assert normal_error_probability(channel, 50_000, 25_000) == pytest.approx(outage, rel=1e-3)
    channel = Rayleigh(esno_db=10, coherence=3000)
    outage = outage_probability(channel, 0.4, 6000)
    assert normal_error_probability(channel, 6000, 2400) == pytest.approx(outage, rel=0.03)


def test_where_there_is_none() -> None:
    for more in ({"csi": "none"}, {"coherence": {"doppler": 0.1}}):
        told: Any = more
        assert normal_error_probability(Rayleigh(esno_db=3, **told), 100, 50) is None
    with pytest.raises(ValueError, match="n must be at least 1"):
        normal_error_probability(Rayleigh(esno_db=3), 0, 1)
    with pytest.raises(ValueError, match="log2_m must not be negative"):
        normal_error_probability(Rayleigh(esno_db=3), 10, -1)


def test_figures_draw_it() -> None:
    curve = {"label": "a", "code": {"type": "repetition", "n": 40, "k": 20}}
    told = {"type": "rayleigh", "coherence": "frame", "ebno_db": [0, 10]}
    results = run({"name": "o", "channel": told, "curves": [curve], "stop": {"frames": 200}}, save=False)
    (drawn,) = limit_curves(results, ["normal-approximation"], "fer", (0.0, 10.0), 1e-2, log=False)
    channel = Rayleigh(ebno_db=float(drawn.x[-1]), rate=0.5, coherence="frame")
    assert drawn.y[-1] == pytest.approx(normal_error_probability(channel, 40, 20), rel=1e-9)
