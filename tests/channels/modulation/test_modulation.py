"""Modulations against sums over all points in float64, closed forms, and their own other form."""

import inspect
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, BSC, OOK, PSK, QAM, Channel, HalfPiBPSK, PointModulation, Stream
from capgap.channels.models.observation import Observation, from_real_lanes, real_lanes
from capgap.channels.modulation.amplitude import BPSK, PAM, QPSK, AmplitudeModulation
from capgap.channels.modulation.constellation.constellations import Constellation, qam
from capgap.channels.modulation.modulation import ModulatedChannel, Modulation
from capgap.vectors.groups import HARD, SOFT, GroupInput, Reads, grouped, packed, unpacked
from scipy import stats

from tests.conftest import SIGNIFICANCE
from tests.lazy import Lazy

Array = npt.NDArray[Any]

MODULATIONS: Lazy[Modulation] = Lazy(
    {
        "bpsk": BPSK,
        "qpsk": QPSK,
        "4-pam": lambda: PAM(order=4),
        "4-pam, max-log": lambda: PAM(order=4, demapper="max-log"),
        "8-pam": lambda: PAM(order=8),
        "16-qam": lambda: AmplitudeModulation(qam(16)),
        "ook": OOK,
        "8-psk": lambda: PSK(order=8),
        "pi/2-bpsk": HalfPiBPSK,
        "16-qam, set partitioning, max-log": lambda: QAM(
            order=16, labels="set-partitioning", demapper="max-log"
        ),
        "32-qam": lambda: QAM(order=32),
    }
)
each_modulation = MODULATIONS.each("modulation")


def reference_llr(modulation: Modulation, seen: Observation, prior: Array, exact: bool) -> Array:
    """Sums, or maxima, over all points of the constellation in float64."""
    points, bits = modulation.constellation.points, modulation.constellation.label_bits
    gains = np.ones(seen.samples.shape) if seen.gains is None else seen.gains.astype(float)
    frames, uses = seen.samples.shape
    own = prior.reshape(frames, uses, 1, -1)
    samples = seen.samples * turns(modulation, uses).conj()
    metric = -(abs(samples[..., None] - gains[..., None] * points) ** 2) / (2 * seen.noise_variance)
    metric = metric + ((1 - 2.0 * bits) * own / 2).sum(axis=-1)
    add = np.logaddexp if exact else np.maximum
    llr = [
        add.reduce(metric[..., bits[:, i] == 0], axis=-1) - add.reduce(metric[..., bits[:, i] == 1], axis=-1)
        for i in range(bits.shape[1])
    ]
    clipped: Array = np.clip(np.stack(llr, axis=-1).reshape(prior.shape) - prior, -1000, 1000)
    return clipped


def turns(modulation: Modulation, uses: int) -> Array:
    """By what the points of each sample of a frame are multiplied."""
    return np.array([1, 1j, -1, -1j])[modulation.quarter_turns * np.arange(uses) % 4]


@each_modulation
@pytest.mark.parametrize("esno_db", [-10.0, 3.0, 12.0])
@pytest.mark.parametrize("gained", [False, True])
def test_llrs(modulation: PointModulation, esno_db: float, gained: bool) -> None:
    frames, uses = 70, 6
    n = uses * modulation.bits_per_symbol
    word = Stream(1, frames).bits(n)
    channel = AWGN(esno_db=esno_db, dimensions=modulation.dimensions)
    gains = abs(Stream(3, frames).normal(uses)) if gained else None
    sent = modulation.map(word) * (1 if gains is None else gains)
    samples: Any = sent.astype(np.float32 if modulation.dimensions == 1 else np.complex64)
    received = channel.receive(samples, Stream(2, frames))
    seen = Observation(received.samples, received.noise_variance, gains=gains)
    for prior in (np.zeros((frames, n), np.float32), 3 * Stream(4, frames).normal(n)):
        found = modulation.llr(seen, prior)
        expected = reference_llr(modulation, seen, prior, modulation.demapper == "exact")
        # The rounding of the squared distances, of which the LLR is a difference.
        size = (abs(seen.samples).max() + 3) ** 2 / seen.noise_variance
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=2e-6 + 1e-6 * size)
    np.testing.assert_array_equal(
        modulation.llr(seen), modulation.llr(seen, np.zeros((frames, n), np.float32))
    )


@each_modulation
def test_samples_are_the_points_of_the_labels(modulation: Modulation) -> None:
    word = Stream(1, 300).bits(5 * modulation.bits_per_symbol)
    samples = modulation.map(word)
    numbers = word.reshape(300, 5, -1) @ (1 << np.arange(modulation.bits_per_symbol)[::-1])
    at = np.argsort(modulation.constellation.labels)
    sent = modulation.constellation.points[at][numbers] * turns(modulation, 5)
    np.testing.assert_allclose(samples, sent, rtol=1e-6, atol=1e-7)
    assert samples.dtype == (np.float32 if modulation.dimensions == 1 else np.complex64)
    np.testing.assert_array_equal(modulation.map(word[3]), samples[3])
    assert float((abs(modulation.constellation.points) ** 2).mean()) == pytest.approx(1)
    if modulation.bits_per_symbol > 1:
        with pytest.raises(ValueError, match="must have a multiple of"):
            modulation.map(word[:, : modulation.bits_per_symbol + 1])


@each_modulation
@pytest.mark.parametrize("n", [24, 25])
@pytest.mark.parametrize("reads", [SOFT, HARD, Reads("soft", "int8", 4.0), Reads("soft", "int16", 64.0)])
def test_both_forms_of_a_modulated_channel_agree(modulation: Modulation, n: int, reads: Reads) -> None:
    """Also where the last sample is filled up."""
    frames = 130
    channel = modulation.over(AWGN(esno_db=2, dimensions=modulation.dimensions))
    word, streams = Stream(1, frames).bits(n), [Stream(2, frames), Stream(2, frames)]
    llr = channel.llr(channel.transmit(word, streams[0]))
    assert llr.shape == (frames, n)
    found = channel.observe(packed(word), streams[1], reads)
    expected = GroupInput.of_lanes(np.ascontiguousarray(llr.T), reads)
    if reads.kind == "hard":
        assert found.hard is not None
        assert expected.hard is not None
        np.testing.assert_array_equal(unpacked(found.hard, frames), unpacked(expected.hard, frames))
    else:
        assert found.llr is not None
        assert expected.llr is not None
        np.testing.assert_array_equal(found.llr[:2], expected.llr[:2])
        np.testing.assert_array_equal(found.llr[2, :, :2], expected.llr[2, :, :2])
    np.testing.assert_array_equal(streams[0].words(1), streams[1].words(1))


@each_modulation
@pytest.mark.parametrize("esno_db", [0.0, 8.0])
def test_bits_are_wrong_as_often_as_is_known(modulation: PointModulation, esno_db: float) -> None:
    """An exact binomial test at SIGNIFICANCE: bits of a sample depend on each other, which narrows the law of
    each dimension's count, so the first bit of each label is tested by itself, against all bits' mean within
    six standard errors.
    """
    frames, n = 4000, 24 * modulation.bits_per_symbol
    channel = modulation.over(AWGN(esno_db=esno_db, dimensions=modulation.dimensions))
    word = Stream(1, frames).bits(n)
    wrong = (channel.llr(channel.transmit(word, Stream(2, frames))) < 0) != word
    assert isinstance(channel, ModulatedChannel)
    known = channel.modulated_ber()
    if modulation.constellation.order == 32:
        assert known is None
        return
    assert known is not None
    deviation = wrong.mean(axis=1).std() / math.sqrt(frames)
    assert abs(wrong.mean() - known) < stats.norm.isf(SIGNIFICANCE / 2) * deviation


def test_closed_forms_of_bit_errors() -> None:
    """Q functions: BPSK and QPSK; 4-PAM with Gray labels by Cho and Yoon, 2002, equation 9."""
    for esno in (0.3, 1.0, 5.0):
        q = [math.erfc(x * math.sqrt(esno / 5)) / 2 for x in (1, 3, 5)]
        assert BPSK().uncoded_ber(esno) == pytest.approx(math.erfc(math.sqrt(esno)) / 2, rel=1e-6)
        assert QPSK().uncoded_ber(esno) == pytest.approx(math.erfc(math.sqrt(esno / 2)) / 2, rel=1e-6)
        expected = (3 * q[0] + 2 * q[1] - q[2]) / 4
        assert PAM(order=4, demapper="max-log").uncoded_ber(esno) == pytest.approx(expected, rel=1e-7)
        assert PAM(order=4).uncoded_ber(esno) <= expected * (1 + 1e-7)


def test_qpsk_is_two_bpsks() -> None:
    frames, n = 70, 24
    word = Stream(1, frames).bits(n)
    qpsk = QPSK().over(AWGN(esno_db=5, dimensions=2))
    llr = qpsk.llr(qpsk.transmit(word, Stream(2, frames)))
    half = AWGN(esno_db=5 - 10 * math.log10(2))
    np.testing.assert_allclose(llr, half.llr(half.transmit(word, Stream(2, frames))), rtol=2e-6, atol=2e-5)


class PlainPam(Modulation):
    """Defines the form on arrays alone."""

    def __init__(self) -> None:
        self.own = PAM(order=4)
        super().__init__(self.own.constellation)

    def map(self, word: Any) -> Any:
        return self.own.map(word)

    def llr(self, observation: Observation, prior: Any = None) -> Any:
        return self.own.llr(observation, prior)


def test_a_modulation_that_defines_one_form_has_the_other() -> None:
    frames, n = 70, 24
    word = packed(Stream(1, frames).bits(n))
    channel = AWGN(esno_db=4)
    for gains in (None, grouped(np.ascontiguousarray(abs(Stream(3, frames).normal(n // 2)).T))):
        found = []
        for modulation in (PlainPam(), PAM(order=4)):
            seen = channel.receive_groups(modulation.map_words(word), Stream(2, frames), 1)
            seen = Observation(seen.samples, seen.noise_variance, frames, gains=gains)
            prior = grouped(np.ascontiguousarray(Stream(4, frames).normal(n).T))
            found.append([modulation.demap(seen, SOFT, given).lanes() for given in (None, prior)])
        np.testing.assert_array_equal(found[0], found[1])


class Faded(AWGN):
    """Defines ``receive`` alone: every sample is halved, which the receiver knows."""

    def receive(self, samples: Any, stream: Stream) -> Observation:
        seen = super().receive(samples * np.float32(0.5), stream)
        gains = np.full(samples.shape, 0.5, np.float32)
        return Observation(seen.samples, seen.noise_variance, gains=gains)


class FadedGroups(AWGN):
    """The same on groups."""

    def receive_groups(self, samples: Any, stream: Stream, dimensions: int) -> Observation:
        seen = super().receive_groups(samples * np.float32(0.5), stream, dimensions)
        gains = np.full(samples.shape, 0.5, np.float32)
        return Observation(seen.samples, seen.noise_variance, stream.frames, gains=gains)


@pytest.mark.parametrize("modulation", [QPSK(), PAM(order=4)], ids=["qpsk", "pam"])
def test_a_channel_of_samples_that_defines_one_form_has_the_other(modulation: Modulation) -> None:
    frames, n = 70, 24
    word = Stream(1, frames).bits(n)
    found = []
    for kind in (Faded, FadedGroups):
        channel = modulation.over(kind(esno_db=6))
        found.append(channel.llr(channel.transmit(word, Stream(2, frames))))
        given = channel.observe(packed(word), Stream(2, frames))
        found.append(given.lanes().T)
    for llr in found[1:]:
        np.testing.assert_array_equal(llr, found[0])


def test_real_lanes_and_back() -> None:
    samples = (Stream(1, 7).normal(5) + 1j * Stream(2, 7).normal(5)).astype(np.complex64)
    np.testing.assert_array_equal(from_real_lanes(real_lanes(samples), 2), samples)
    np.testing.assert_array_equal(real_lanes(samples)[::2], samples.real.T)


def test_capacities() -> None:
    """Of two real uses of half the energy each."""
    qpsk, bpsk = QPSK().over(AWGN(esno_db=3, dimensions=2)), AWGN(esno_db=3 - 10 * math.log10(2))
    assert qpsk.capacity() == pytest.approx(2 * bpsk.capacity(), rel=1e-12)
    for signal in ("modulation", "bicm"):
        assert qpsk.capacity(signal) == pytest.approx(2 * bpsk.capacity("bpsk"), rel=1e-10)
    pam = PAM(order=4).over(AWGN(esno_db=3))
    assert pam.capacity("bicm") < pam.capacity("modulation") < pam.capacity()
    with pytest.raises(ValueError, match="the capacity of bpsk is not known"):
        pam.capacity("bpsk")


def test_refusals() -> None:
    with pytest.raises(ValueError, match="takes bits, not the samples"):
        QPSK().over(BSC(f=0.1))
    with pytest.raises(ValueError, match="demapper must be exact or max-log"):
        QPSK(demapper="soft")  # type: ignore[arg-type]
    for order in (5, 128):
        with pytest.raises(ValueError, match=f"order must be a power of two from 2 to 64, got {order}"):
            PAM(order=order)
    with pytest.raises(ValueError, match="no labels of each axis by itself"):
        AmplitudeModulation(Constellation([1, 1j, -1, -1j], [0, 1, 3, 2]))
    with pytest.raises(ValueError, match="dimensions must be at least 1, got 0"):
        AWGN(esno_db=0, dimensions=0)


def test_snr_is_that_of_the_dimensions() -> None:
    assert AWGN(snr_db=5, dimensions=2).esno_db == 5
    assert AWGN(snr_db=5).esno_db == pytest.approx(5 - 10 * math.log10(2))


def test_channels_of_bits_take_no_samples() -> None:
    assert not Channel.takes_samples
    with pytest.raises(NotImplementedError):
        BSC(f=0.1).receive(np.zeros((1, 1), np.float32), Stream(1, 1))


def test_both_forms_are_documented() -> None:
    """Whichever of them a class defines."""

    class Plain(QPSK):
        """Defines arrays."""

        def map(self, word: Any) -> Any:
            return super().map(word)

        def llr(self, observation: Observation, prior: Any = None) -> Any:
            return super().llr(observation, prior)

    assert (QPSK.map.__doc__, QPSK.llr.__doc__) == (Modulation.map.__doc__, Modulation.llr.__doc__)
    assert (QPSK.map.__name__, QPSK.llr.__name__) == ("map", "llr")
    assert inspect.signature(QPSK.llr) == inspect.signature(Modulation.llr)
    assert (Plain.map_words.__doc__, Plain.demap.__doc__) == (QPSK.map_words.__doc__, QPSK.demap.__doc__)
