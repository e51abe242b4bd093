"""BPSK with impulsive noise. Statistical tests have fixed seeds, and a significance of 1e-6."""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, Impulsive, Stream
from capgap.channels.models.model import ChannelModel
from capgap.channels.numerics import integral
from capgap.channels.parameter import EBNO
from capgap.vectors.groups import HARD, SOFT, Reads, packed
from scipy import integrate, stats
from scipy.special import logsumexp

Floats = npt.NDArray[np.float64]
CHANNELS = (
    Impulsive(esno_db=0, impulsive_index=0.1, gaussian_factor=0.1),
    Impulsive(esno_db=10, impulsive_index=2, gaussian_factor=0.01),
    Impulsive(esno_db=-5, impulsive_index=0.3, gaussian_factor=0.5, model="bernoulli-gauss"),
    Impulsive(esno_db=3, impulsive_index=1, gaussian_factor=0.5, model="bernoulli-gauss"),
)


def log_density(channel: Impulsive, x: Floats) -> Floats:
    weights, deviations = channel.components
    return np.asarray(logsumexp(stats.norm.logpdf(x[..., None], scale=deviations) + np.log(weights), axis=-1))


def test_components() -> None:
    """Their laws, the variances of Middleton, and a mean power of N0 / 2."""
    for channel in CHANNELS:
        weights, deviations = channel.components
        assert weights.sum() == pytest.approx(1, abs=1e-14)
        assert weights @ deviations**2 == pytest.approx(AWGN(esno_db=channel.esno_db).sigma ** 2, rel=1e-12)
    weights, deviations = CHANNELS[0].components
    assert weights == pytest.approx(stats.poisson.pmf(range(len(weights)), 0.1), rel=1e-12)
    assert stats.poisson.sf(len(weights) - 1, 0.1) < 2.0**-60
    assert deviations[3] ** 2 == pytest.approx((3 / 0.1 + 0.1) / 1.1 / 2)
    weights, deviations = CHANNELS[2].components
    assert weights.tolist() == pytest.approx([0.7, 0.3])
    assert deviations[1] ** 2 / deviations[0] ** 2 == pytest.approx(1 + 1 / (0.3 * 0.5))
    assert len(CHANNELS[3].components[0]) == 1


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("n", [6, 7])
def test_what_is_received(channel: Impulsive, n: int) -> None:
    """By the definition: words for the components of two bits, and then their normals."""
    word = Stream(1, 70).bits(n)
    received = channel.transmit(word, Stream(2, 70))
    stream = Stream(2, 70)
    weights, deviations = channel.components
    ends = [int(end * 2**64) for end in np.cumsum(weights)[:-1]]
    for first in range(0, n, 2):
        pair = range(first, min(first + 2, n))
        words = [stream.words(2).astype(object) @ [2**32, 1] for _ in pair]
        normals = stream.normal(2)
        for i, drawn in zip(pair, words, strict=True):
            component = np.array([sum(int(x) >= end for end in ends) for x in drawn])
            noise = deviations.astype(np.float32)[component] * normals[:, i - first]
            assert np.array_equal(received[:, i], np.float32(1) - np.float32(2) * word[:, i] + noise)


@pytest.mark.parametrize("channel", CHANNELS)
def test_noise_has_its_law(channel: Impulsive) -> None:
    """A test of Kolmogorov and Smirnov."""
    received = channel.transmit(np.zeros((500, 60), np.uint8), Stream(4, 500)).astype(np.float64)
    weights, deviations = channel.components

    def distribution(x: Floats) -> Floats:
        return np.asarray(stats.norm.cdf(x[:, None] / deviations) @ weights)

    assert stats.kstest(received.ravel() - 1, distribution).pvalue > 1e-6


@pytest.mark.parametrize("channel", CHANNELS)
def test_llrs(channel: Impulsive) -> None:
    _, deviations = channel.components
    y = np.linspace(-1, 1, 2001) * (2 + 6 * deviations.max())
    exact = np.clip(log_density(channel, y - 1) - log_density(channel, y + 1), -1000, 1000)
    llr = channel.llr(y.astype(np.float32)[None])[0]
    size = np.minimum(abs(log_density(channel, abs(y) + 1)), 1000)  # of what is subtracted
    assert (abs(llr - exact) <= 2e-6 * (1 + size)).all()
    word = Stream(1, 70).bits(13)
    received = channel.transmit(word, Stream(2, 70))
    for reads in (SOFT, HARD, Reads("soft", "int8", 4.0)):
        observed = channel.observe(packed(word), Stream(2, 70), reads).soft()
        llr = channel.llr(received)
        expected = {"hard": np.sign(llr), "soft": llr}[reads.kind]
        if reads.precision == "int8":
            expected = np.rint(np.clip(4 * llr, -127, 127))
        assert np.array_equal(np.moveaxis(observed, 2, 1).reshape(-1, 13)[:70], expected)
    with pytest.raises(ValueError, match="received must hold real numbers"):
        channel.llr(["a"])


@pytest.mark.parametrize("channel", CHANNELS)
def test_capacity_of_bpsk(channel: Impulsive) -> None:
    """By SciPy, from the definition 1 - E[log2(1 + exp(-L))]; and it is less than the bound for any input."""

    def lost(y: float) -> float:
        zero, one = log_density(channel, np.array([y - 1, y + 1]))
        return math.exp(zero) * float(np.logaddexp(0, one - zero)) / math.log(2)

    deviations = channel.components[1]
    points = np.unique([-1, 0, 1, *(1 + k * s for k in (-8, -2, 2, 8) for s in deviations if s < 2)])
    ends = np.unique([-60.0, *points, 60.0])
    whole = sum(integrate.quad(lost, *pair, epsabs=1e-12, limit=200)[0] for pair in pairwise(ends))
    bpsk = channel.capacity("bpsk")
    assert bpsk == pytest.approx(1 - whole, abs=1e-9)
    assert bpsk < channel.capacity()
    assert AWGN(esno_db=channel.esno_db).capacity() < channel.capacity() + 1e-12  # the worst of its power


def test_limits_of_the_model() -> None:
    """With no impulses, or with all the time one, it is Gaussian noise; with the rarest ones less is lost."""
    for db in (-30.0, 0.0, 8.0):
        gaussian = AWGN(esno_db=db)
        for channel in (
            Impulsive(esno_db=db, impulsive_index=0.1, gaussian_factor=1e6),
            Impulsive(esno_db=db, impulsive_index=1, gaussian_factor=0.1, model="bernoulli-gauss"),
        ):
            assert channel.capacity("bpsk") == pytest.approx(gaussian.capacity("bpsk"), rel=1e-4)
            assert channel.capacity() == pytest.approx(gaussian.capacity(), rel=1e-4)
            assert channel.modulated_ber() == pytest.approx(AWGN.uncoded_ber("esno_db", db), rel=1e-3)
    limit = ChannelModel(Impulsive, EBNO, {"impulsive_index": 0.1, "gaussian_factor": 0.1}, rate=0.5).limit(
        signal="bpsk"
    )
    assert limit is not None
    found = Impulsive(ebno_db=limit, rate=0.5, impulsive_index=0.1, gaussian_factor=0.1)
    assert found.capacity("bpsk") == pytest.approx(0.5, abs=1e-9)
    assert limit < -5  # 0.187 dB over Gaussian noise


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"ebno_db": 1.0, "rate": 0.5}, "impulsive takes one of ebno_db and esno_db"),
        ({"model": "class-b"}, "model must be middleton or bernoulli-gauss"),
        ({"impulsive_index": 11.0}, r"impulsive_index must lie in \[1e-06, 10\]"),
        ({"impulsive_index": 1.1, "model": "bernoulli-gauss"}, r"impulsive_index must lie in \[1e-06, 1\]"),
        ({"gaussian_factor": 0.0}, "gaussian_factor must lie in"),
        ({"esno_db": 101.0}, "esno_db must lie in"),
    ],
)
def test_what_is_no_channel(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Impulsive(**{"esno_db": 0.0, "impulsive_index": 0.1, "gaussian_factor": 0.1, **changed})
    assert repr(eval(repr(CHANNELS[2]))) == repr(CHANNELS[2])
    with pytest.raises(ValueError, match="signal must be one of"):
        CHANNELS[0].capacity("laplace")  # type: ignore[arg-type]


def test_integrals() -> None:
    """A narrow peak, an edge, and one that is no polynomial."""
    peak = integral(lambda x: np.exp(-(x**2) / 2e-8), np.array([-3.0, -1e-3, 0, 1e-3, 1.0]))
    assert peak == pytest.approx(1e-4 * math.sqrt(2 * math.pi), rel=1e-10)
    assert integral(lambda x: abs(x - 0.3), np.array([0.0, 1.0])) == pytest.approx(0.29, rel=1e-10)
    assert integral(np.sqrt, np.array([0.0, 4.0])) == pytest.approx(16 / 3, rel=1e-10)


@pytest.mark.slow
def test_llrs_are_the_same_on_a_plain_cpu(on_a_plain_cpu: Callable[..., str], capsys: Any) -> None:
    script = """
import hashlib
import numpy as np
from capgap.channels import Impulsive, Stream
channel = Impulsive(esno_db=2, impulsive_index=0.2, gaussian_factor=0.1)
llr = channel.llr(channel.transmit(np.zeros((200, 33), np.uint8), Stream(1, 200)))
print(hashlib.sha256(np.ascontiguousarray(llr).tobytes()).hexdigest())
"""
    exec(script, {})
    assert on_a_plain_cpu(script) == capsys.readouterr().out
