"""Gains with Jakes' spectrum.

Every statistical test has its seed fixed beforehand and fails a correct program with probability 1e-6 at most.
"""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import PSK, QPSK, Channel, Nakagami, Rayleigh, Rician, Stream, from_db
from capgap.channels.models.doppler.sinusoids import STRIDE, number_of_sinusoids, sinusoids_of
from capgap.simulate import run
from capgap.simulate.errors import InputError
from capgap.vectors.groups import packed
from scipy import special, stats

FRAMES = 400


def tables(doppler: float, uses: int) -> tuple[Any, Any]:
    """Cosines and sines of all samples, float64 (uses, sinusoids): the angles of both tables added."""
    waves = sinusoids_of(doppler, uses)
    m = np.arange(uses)
    within, ahead = (each.astype(np.float64) @ [1, 1j] for each in (waves.within, waves.ahead))
    turned = ahead[m // STRIDE] * within[m % STRIDE]
    return turned.real, turned.imag


@pytest.mark.parametrize(("doppler", "uses"), [(0.01, 2304), (0.5, 100), (1e-4, 50), (0.2, 3)])
def test_their_autocorrelation_is_bessels_function(doppler: float, uses: int) -> None:
    cosines, _ = tables(doppler, uses)
    exact = special.j0(2 * math.pi * doppler * np.arange(uses))
    assert abs(cosines.mean(axis=1) - exact).max() < 1e-7
    count = number_of_sinusoids(doppler, uses)
    angles = 2 * math.pi * doppler * (uses - 1) * np.cos(math.pi * (np.arange(count) + 0.5) / (2 * count))
    assert abs(np.cos(angles).mean() - special.j0(2 * math.pi * doppler * (uses - 1))) < 1e-9


@pytest.mark.parametrize(
    "channel",
    [
        Rayleigh(esno_db=3, coherence={"doppler": 0.03}),
        Rician(k_factor_db=4, esno_db=3, coherence={"doppler": 0.2}, dimensions=2),
        Nakagami(m=1.5, esno_db=3, coherence={"doppler": 0.01}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_gains_are_sums_of_sinusoids(channel: Any) -> None:
    """Against NumPy, with the normals in the order in which they are drawn."""
    uses, frames = 70, 130
    kind: Any = np.complex64 if channel.dimensions == 2 else np.float32
    seen = channel.receive(np.ones((frames, uses), kind), Stream(1, frames))
    cosines, sines = tables(channel.coherence["doppler"], uses)
    stream, (sight, scatter, squares) = Stream(1, frames), channel._law
    energy = np.zeros((frames, uses))
    for square in range(squares):
        drawn = stream.normal(2 * cosines.shape[1]).astype(np.float64)
        x = (drawn[:, ::2] @ cosines.T + drawn[:, 1::2] @ sines.T) / math.sqrt(cosines.shape[1])
        energy += ((sight if square == 0 else 0) + scatter * x) ** 2
    np.testing.assert_allclose(seen.gains, np.sqrt(energy), atol=3e-6)
    noise = stream.normal(uses * channel.dimensions)
    received = seen.samples if channel.dimensions == 1 else seen.samples.view(np.float32)
    gains = seen.gains if channel.dimensions == 1 else np.repeat(seen.gains, 2, axis=1) * ([1, 0] * uses)
    np.testing.assert_allclose(received, gains + np.float32(channel.sigma) * noise, atol=1e-5)


def test_gains_are_rayleighs_and_correlated_as_jakes_says() -> None:
    """E[g^2 g'^2] = 1 + J0^2 of two Rayleigh gains; of every frame one mean, which are independent."""
    doppler, uses, frames = 0.04, 120, 2000
    channel = Rayleigh(esno_db=3, coherence={"doppler": doppler})
    gains = channel.receive(np.ones((frames, uses), np.float32), Stream(2, frames)).gains
    assert gains is not None
    energy = gains.astype(np.float64) ** 2
    for at in (0, uses - 1):
        assert stats.kstest(energy[:, at], stats.expon.cdf).pvalue > 1e-6
    for lag in (1, 5, 10, 25, 60):
        each = (energy[:, lag:] * energy[:, :-lag]).mean(axis=1)
        exact = 1 + float(special.j0(2 * math.pi * doppler * lag)) ** 2
        assert abs(each.mean() - exact) < 4.9 * each.std() / math.sqrt(frames)


def test_both_forms_are_the_same() -> None:
    channels: tuple[Channel, ...] = (
        Rayleigh(esno_db=4, coherence={"doppler": 0.02}),
        PSK(order=8).over(Rayleigh(esno_db=4, coherence={"doppler": 0.02}, dimensions=2)),
    )
    for channel in channels:
        word = Stream(1, 100).bits(48)
        llr = channel.llr(channel.transmit(word, Stream(2, 100)))
        np.testing.assert_array_equal(channel.observe(packed(word), Stream(2, 100)).lanes().T, llr)
        alone = channel.llr(channel.transmit(word[70:71], Stream(2, 1, first=70)))
        np.testing.assert_array_equal(alone, llr[70:71])


def test_links_err_as_often_as_with_other_gains() -> None:
    curve = {"label": "a", "code": {"type": "uncoded", "k": 40}}
    told = {"type": "rayleigh", "coherence": {"doppler": 0.02}, "ebno_db": 5}
    (row,) = run({"name": "f", "channel": told, "curves": [curve], "stop": {"frames": FRAMES}}, save=False)
    errors, n = row.tally.bit_errors, row.tally.frames
    spread = math.sqrt(row.tally.bit_errors_squared / n - (errors / n) ** 2) / 40  # of a frame's error rate
    g = from_db(5)
    assert abs(errors / (40 * n) - (1 - math.sqrt(g / (1 + g))) / 2) < 4.9 * spread / math.sqrt(n)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (
            {"coherence": {"doppler": 0.6}},
            r"coherence: doppler must lie in \(0, 0.5\] periods a sample, got 0.6",
        ),
        ({"coherence": {"doppler": 0}}, "coherence: doppler must lie in"),
        ({"coherence": {"speed": 3}}, "coherence has one key beside the lengths, doppler"),
        ({"coherence": {"doppler": 0.1}, "csi": "none"}, "csi: none needs coherence: symbol"),
    ],
)
def test_what_is_no_doppler_shift(more: dict[str, Any], problem: str) -> None:
    curve = {"label": "a", "code": {"type": "uncoded", "k": 4}}
    told = {"type": "rayleigh", "esno_db": 3, **more}
    with pytest.raises(InputError, match=problem):
        run({"name": "f", "channel": told, "curves": [curve], "stop": {"frames": 10}}, save=False)


def test_too_many_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="doppler times the 5000 samples of a frame must be at most 2000"):
        sinusoids_of(0.5, 5000)
    channel = QPSK().over(Rayleigh(esno_db=3, coherence={"doppler": 0.5}, dimensions=2))
    assert channel.capacity("modulation") == QPSK().over(Rayleigh(esno_db=3, dimensions=2)).capacity(
        "modulation"
    )
