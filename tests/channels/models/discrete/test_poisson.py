"""On-off keying over a photon counter. Statistical tests have fixed seeds."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import PoissonOOK, Stream, blahut_arimoto, z_channel_capacity
from capgap.channels.models.discrete.poisson import PHOTONS
from capgap.channels.models.model import ChannelModel
from scipy.stats import poisson


@pytest.mark.parametrize(
    ("photons", "background"), [(0.01, 0.0), (5.0, 1.0), (30.0, 0.001), (1000.0, 1000.0), (1000.0, 0.0)]
)
def test_law(photons: float, background: float) -> None:
    """Poisson's, and what is left out is less likely than any number that is drawn."""
    channel = PoissonOOK(photons=photons, background=background)
    counts = np.arange(channel.transition.shape[1])
    for bit, mean in enumerate((background, background + photons)):
        assert channel.transition[bit] == pytest.approx(poisson.pmf(counts, mean), rel=1e-10, abs=1e-300)
        assert poisson.sf(counts[-1], mean) < 2.0**-64
    if background > 0:
        exact = poisson.logpmf(counts, background) - poisson.logpmf(counts, background + photons)
        assert channel.llrs == pytest.approx(np.clip(exact, -1000, 1000), rel=1e-6, abs=1e-6)


def test_counts_have_their_means_and_variances() -> None:
    """Both are the mean, to six standard errors."""
    channel = PoissonOOK(photons=6, background=2)
    word = Stream(1, 1000).bits(50)
    received = channel.transmit(word, Stream(2, 1000)).astype(np.float64)
    for bit, mean in ((0, 2.0), (1, 8.0)):
        counts = received[word == bit]
        assert counts.mean() == pytest.approx(mean, abs=6 * math.sqrt(mean / counts.size))
        assert counts.var() == pytest.approx(mean, abs=6 * math.sqrt((mean + 2 * mean**2) / counts.size))


def test_without_background_it_is_a_z_channel() -> None:
    """A pulse is lost with exp(-photons); a photon is certainly one of a pulse."""
    for photons in (0.001, 0.5, 4.0, 30.0):
        channel = PoissonOOK(photons=photons)
        assert channel.capacity() == pytest.approx(z_channel_capacity(math.exp(-photons)), rel=1e-11)
        assert channel.llr([0, 1, 7]).tolist() == pytest.approx([photons, -1000, -1000])
        assert channel.modulated_ber() == pytest.approx(math.exp(-photons) / 2)
    nothing = PoissonOOK(photons=0)
    assert nothing.capacity() == 0
    assert nothing.llr([0, 3]).tolist() == [0, 0]


def test_capacities() -> None:
    for photons, background in ((1.0, 0.5), (10.0, 3.0), (100.0, 50.0)):
        channel = PoissonOOK(photons=photons, background=background)
        found = blahut_arimoto(channel.transition, gap=1e-11, max_iterations=1000)
        assert found.lower - 1e-13 <= channel.capacity() <= min(found.lower + 1e-10, found.upper + 1e-13)
        assert 0.94 * channel.capacity() < channel.capacity("modulation") <= channel.capacity()
    limit = ChannelModel(PoissonOOK, PHOTONS, {"background": 1.0}).limit(0.5, "modulation")
    assert limit is not None
    assert PoissonOOK(photons=limit, background=1.0).capacity("modulation") == pytest.approx(0.5, abs=1e-10)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"photons": -1.0}, r"photons must lie in \[0, 1000\], got -1"),
        ({"background": 1001.0}, r"background must lie in \[0, 1000\]"),
    ],
)
def test_what_is_no_channel(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        PoissonOOK(**{"photons": 1.0, **changed})
    channel = PoissonOOK(photons=1.5, background=0.1)
    assert repr(eval(repr(channel))) == repr(channel)
