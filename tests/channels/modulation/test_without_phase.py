"""Orthogonal and differential modulation: exact error rates, capacities by other integrals, calibrated LLRs."""

import math
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import (
    AWGN,
    DPSK,
    Channel,
    LabelModulation,
    Observation,
    Orthogonal,
    Rayleigh,
    Stream,
    bpsk_capacity,
    differential_bit_error_rate,
    differential_capacity,
    differential_symbol_error_rate,
    orthogonal_capacity,
    orthogonal_symbol_error_rate,
    psk,
    symbol_log_posteriors,
    to_db,
)
from capgap.channels.models.channel import Signal
from capgap.simulate import load_config
from scipy import integrate, special, stats

from tests.conftest import SIGNIFICANCE
from tests.lazy import Lazy

Array = npt.NDArray[Any]
SIGNALS: tuple[Signal, ...] = ("modulation", "bicm")

MODULATIONS: Lazy[LabelModulation] = Lazy(
    {
        "4 coherent": lambda: Orthogonal(order=4),
        "8 coherent, max-log": lambda: Orthogonal(order=8, demapper="max-log"),
        "4 non-coherent": lambda: Orthogonal(order=4, detection="non-coherent"),
        "16 non-coherent, max-log": lambda: Orthogonal(
            order=16, detection="non-coherent", demapper="max-log"
        ),
        "2-dpsk": lambda: DPSK(order=2),
        "8-dpsk": lambda: DPSK(order=8),
        "4-dpsk, anti-gray, max-log": lambda: DPSK(order=4, labels="anti-gray", demapper="max-log"),
    }
)


def llr_and_bits(modulation: LabelModulation, channel: Channel, symbols: int) -> tuple[Array, Array]:
    """LLRs and bits, (symbols, bits of one), of frames of one symbol each."""
    word = Stream(1, symbols).bits(modulation.bits_per_symbol)
    over = modulation.over(channel)
    return over.llr(over.transmit(word, Stream(2, symbols))), word


def is_share(wrong: Array, share: float) -> None:
    """Whether as many are wrong as an exact binomial test allows."""
    assert stats.binomtest(int(wrong.sum()), len(wrong), share).pvalue > SIGNIFICANCE


def alternating_sum(order: int, esno: float, gain: float = 0.0) -> float:
    """Symbol errors of non-coherent signals: Proakis and Salehi, equation 4.5-42; over Rayleigh fading 13.4-47.

    ``esno`` is the exponent's, and with a ``gain`` the mean over fading, exp(-x) being 1 / (1 + x gain).
    """
    with localcontext() as context:
        context.prec = 60
        total = Decimal(0)
        for k in range(1, order):
            part = Decimal(k) / (k + 1) * Decimal(gain or esno)
            mean = 1 / (1 + part) if gain else (-part).exp()
            total += (-1) ** (k + 1) * Decimal(math.comb(order - 1, k)) / (k + 1) * mean
        return float(total)


@MODULATIONS.each("modulation")
@pytest.mark.parametrize("esno_db", [-4.0, 7.0])
def test_llrs_follow_from_the_likelihoods(modulation: LabelModulation, esno_db: float) -> None:
    """Of sums, or of the largest, in float64; with gains and priors; in both forms."""
    frames, n = 40, 5 * modulation.bits_per_symbol
    channel = AWGN(esno_db=esno_db, dimensions=modulation.dimensions)
    seen = channel.receive(modulation.map(Stream(1, frames).bits(n)), Stream(2, frames))
    gains = np.repeat(abs(Stream(3, frames).normal(modulation.symbols(n))), modulation.slots, axis=1)
    prior = 3 * Stream(4, frames).normal(n)
    for factors, known in ((None, None), (gains, prior)):
        told = Observation(seen.samples, seen.noise_variance, gains=factors)
        log = symbol_log_posteriors(modulation, told, known)
        add = np.logaddexp if modulation.demapper == "exact" else np.maximum
        expected = np.stack(
            [
                add.reduce(log[..., bit == 0], axis=-1) - add.reduce(log[..., bit == 1], axis=-1)
                for bit in modulation.signals.label_bits.T
            ],
            axis=-1,
        ).reshape(frames, n) - (0 if known is None else known)
        np.testing.assert_allclose(modulation.llr(told, known), expected, rtol=1e-5, atol=2e-5)


def test_log_i0() -> None:
    """The LLR of two slots of which one received nothing is ln I0 of what the other received."""
    modulation = Orthogonal(order=2, detection="non-coherent")
    x = np.concatenate([np.linspace(0, 9, 3001), np.geomspace(9, 900, 500)])
    samples = np.zeros((len(x), 2), np.complex64)
    samples[:, 0] = x * np.exp(1j * x)
    x = abs(samples[:, 0].astype(np.complex128))
    exact = x + np.log(special.ive(0, x))
    found = modulation.llr(Observation(samples, 1.0))[:, 0]
    assert (abs(found - exact) <= 2.2e-7 * (1 + x)).all()


@pytest.mark.parametrize("esno", [0.0, 0.3, 4.0, 15.0])
def test_closed_forms_of_orthogonal_signals(esno: float) -> None:
    coherent = [orthogonal_symbol_error_rate(order, esno) for order in (2, 8, 64)]
    assert coherent[0] == pytest.approx(math.erfc(math.sqrt(esno / 2)) / 2, rel=1e-10)
    for order, found in zip((8, 64), coherent[1:], strict=True):  # Proakis and Salehi, equation 4.4-10
        right = integrate.quad(
            lambda y, m=order: special.ndtr(y + math.sqrt(2 * esno)) ** (m - 1) * stats.norm.pdf(y), -9, 9
        )[0]
        assert found == pytest.approx(1 - right, abs=1e-8)
    for order in (2, 8, 64):
        exact = alternating_sum(order, esno)
        assert orthogonal_symbol_error_rate(order, esno, "non-coherent") == pytest.approx(exact, rel=1e-10)
    binary = Orthogonal(order=2, detection="non-coherent").uncoded_ber(esno)
    assert binary == pytest.approx(math.exp(-esno / 2) / 2, rel=1e-10)


@pytest.mark.parametrize("esno", [0.1, 2.0, 12.0])
def test_closed_forms_of_turns(esno: float) -> None:
    assert DPSK(order=2).uncoded_ber(esno) == pytest.approx(math.exp(-esno) / 2, rel=1e-12)
    # Gray labels: Marcum's Q function less half of the Bessel function, Proakis and Salehi, equation 4.5-52.
    a, b = (math.sqrt(esno * (1 + sign * math.sqrt(0.5))) for sign in (-1, 1))
    bessel = special.ive(0, a * b) * math.exp(a * b - (a * a + b * b) / 2)
    marcum = stats.ncx2.sf(b * b, 2, a * a) - bessel / 2
    assert DPSK(order=4).uncoded_ber(esno) == pytest.approx(marcum, rel=1e-10)
    for order in (4, 8, 16):  # Pawula; Simon and Alouini, equation 8.90
        step = math.pi / order

        def beyond(t: float, c: float = math.cos(step), s: float = math.sin(step)) -> float:
            return math.exp(-esno * s * s / (1 + c * math.cos(t)))

        exact = integrate.quad(beyond, 0, math.pi - step, epsabs=1e-13)[0]
        assert differential_symbol_error_rate(order, esno) == pytest.approx(exact / math.pi, rel=1e-9)
        less, more = (
            differential_bit_error_rate(psk(order), esno),
            differential_symbol_error_rate(order, esno),
        )
        assert more / math.log2(order) < less < more


@MODULATIONS.each(
    "modulation", ["8 coherent, max-log", "16 non-coherent, max-log", "4-dpsk, anti-gray, max-log"]
)
def test_error_rates(modulation: Any) -> None:
    """Symbols by an exact test, bits within the standard error of the mean of symbols."""
    esno = 3.0
    llr, word = llr_and_bits(modulation, AWGN(esno_db=to_db(esno), dimensions=modulation.dimensions), 1 << 15)
    wrong = ((llr < 0) != word).mean(axis=1)
    is_share(wrong > 0, modulation.uncoded_ser(esno))
    margin = stats.norm.isf(SIGNIFICANCE / 2) * wrong.std() / math.sqrt(len(wrong))
    assert abs(wrong.mean() - modulation.uncoded_ber(esno)) < margin


def test_error_rates_over_rayleigh_fading() -> None:
    """A gain for each symbol; of two samples that share one, Simon and Alouini, 2005, section 8.2.5."""
    mean = 5.0
    for modulation, share in (
        (Orthogonal(order=2), (1 - math.sqrt(mean / (2 + mean))) / 2),
        (Orthogonal(order=8, detection="non-coherent", demapper="max-log"), alternating_sum(8, 0, mean)),
        (DPSK(order=2), 1 / (2 + 2 * mean)),
    ):
        channel = Rayleigh(esno_db=to_db(mean), coherence="frame", dimensions=modulation.dimensions)
        llr, word = llr_and_bits(modulation, channel, 1 << 15)
        is_share(((llr < 0) != word).any(axis=1), share)


def test_a_symbol_has_one_gain() -> None:
    channel = Rayleigh(esno_db=0, dimensions=8)
    seen = (
        Orthogonal(order=4, detection="non-coherent")
        .over(channel)
        .transmit(Stream(1, 9).bits(6), Stream(2, 9))
    )
    assert seen.gains is not None
    gains = seen.gains.reshape(9, 3, 4)
    assert (gains == gains[..., :1]).all()
    assert len(np.unique(gains)) == 27


@MODULATIONS.each("modulation", ["4 coherent", "4 non-coherent", "8-dpsk"])
def test_llrs_are_calibrated(modulation: LabelModulation) -> None:
    """Of the bits with |L| in a bin a share 1 / (1 + e^|L|) lies on the wrong side, each bit by itself."""
    esno_db = 10.0 if modulation.detection == "differential" else 5.0
    channel = AWGN(esno_db=esno_db, dimensions=modulation.dimensions)
    llr, word = llr_and_bits(modulation, channel, 1 << 16)
    chance, tests = np.random.default_rng(1), []
    for told, sent in zip(llr.T, word.T, strict=True):
        size = abs(told).astype(np.float64)
        wrong = (told < 0) != (sent == 1)
        for low in range(10):
            inside, least = (size >= low) & (size < low + 1), 1 / (1 + math.exp(low + 1))
            kept = wrong & (chance.random(len(size)) < least * (1 + np.exp(np.minimum(size, 50))))
            tests.append((int(kept[inside].sum()), int(inside.sum()), least))
    tests = [each for each in tests if each[1]]
    assert len(tests) >= 15
    for count, trials, share in tests:
        assert stats.binomtest(count, trials, share).pvalue > SIGNIFICANCE / len(tests)


def test_a_phase_that_is_not_known_makes_no_difference() -> None:
    for modulation in (Orthogonal(order=4, detection="non-coherent"), DPSK(order=8)):
        sent = modulation.map(Stream(1, 64).bits(24))
        seen = AWGN(esno_db=6, dimensions=2).receive(sent, Stream(2, 64))
        turned = (seen.samples * np.exp(2j * np.pi * Stream(3, 64).uniform(1))).astype(np.complex64)
        found = modulation.llr(Observation(turned, seen.noise_variance))
        np.testing.assert_allclose(found, modulation.llr(seen), rtol=1e-4, atol=1e-4)


def test_capacities() -> None:
    for esno in (0.01, 1.0, 20.0):  # two signals on lines of their own are BPSK of half the energy
        coherent = orthogonal_capacity(2, esno, phase="coherent")
        assert coherent == pytest.approx(bpsk_capacity(esno / 2), abs=1e-12)
    # Over four dimensions, by Gauss and Hermite.
    z, weight = np.polynomial.hermite_e.hermegauss(36)
    weight /= weight.sum()
    s = math.sqrt(2 * 0.8)
    metric = [s * (axis + s * (i == 0)) for i, axis in enumerate(np.meshgrid(z, z, z, z, indexing="ij"))]
    mass = np.einsum("i,j,k,l->ijkl", weight, weight, weight, weight)
    whole = np.logaddexp.reduce(metric)
    points = 2 - float((mass * (whole - metric[0])).sum()) / math.log(2)
    bits = 2 - 2 * float((mass * (whole - np.logaddexp(metric[0], metric[1]))).sum()) / math.log(2)
    four = Orthogonal(order=4)
    assert four.capacity(0.8) == pytest.approx(points, abs=1e-9)
    assert four.capacity(0.8, "bicm") == pytest.approx(bits, abs=1e-9)
    # Two turns: sum and difference of the samples are two signals of twice the energy, without a phase.
    for esno in (0.2, 4.0):
        apart = orthogonal_capacity(2, 2 * esno, phase="non-coherent")
        assert differential_capacity(psk(2), esno) == pytest.approx(apart, abs=1e-9)


@MODULATIONS.each("modulation", ["4 coherent", "4 non-coherent", "2-dpsk", "8-dpsk"])
def test_capacities_are_those_of_the_likelihoods(modulation: LabelModulation) -> None:
    """The mean of ln P(sent | received) over samples, and of what LLRs tell of their bits."""
    channel = AWGN(esno_db=3.0, dimensions=modulation.dimensions)
    word = Stream(1, 1 << 14).bits(modulation.bits_per_symbol)
    seen = channel.receive(modulation.map(word), Stream(2, len(word)))
    sent = np.argsort(modulation.signals.labels)[word @ (1 << np.arange(word.shape[1])[::-1])]
    log = symbol_log_posteriors(modulation, seen)[:, 0]
    bits = np.logaddexp(0, (2.0 * word - 1) * modulation.llr(seen)).sum(axis=1)
    for lost, signal in ((-log[np.arange(len(sent)), sent], "modulation"), (bits, "bicm")):
        told = modulation.bits_per_symbol - lost / math.log(2)
        margin = stats.norm.isf(SIGNIFICANCE / 2) * told.std() / math.sqrt(len(told))
        assert abs(told.mean() - modulation.capacity(10**0.3, signal)) < margin  # type: ignore[arg-type]


def test_limits() -> None:
    for modulation, rate, signals in (
        (Orthogonal(order=8, detection="non-coherent"), 1.5, SIGNALS),
        (DPSK(order=4), 0.5, SIGNALS[:1]),
    ):
        for signal in signals:
            esno = modulation.limit_esno(rate, signal)
            assert modulation.capacity(esno, signal) == pytest.approx(rate, abs=1e-9)
        with pytest.raises(ValueError, match="rate must lie in"):
            modulation.limit_esno(4.0)
    # The best rate of binary non-coherent signals is near 1/2, at 6.72 dB (Stark, 1985).
    two = Orthogonal(order=2, detection="non-coherent")
    assert to_db(two.limit_esno(0.48) / 0.48) == pytest.approx(6.72, abs=0.01)


def test_links() -> None:
    """Eb/N0 counts all dimensions and the sample of reference; limits are those of what is sent."""
    common = {"code": {"type": "hamming", "r": 3}, "decoder": "ml"}
    curves = [
        {**common, "modulation": {"type": "orthogonal", "order": 16, "detection": "non-coherent"}},
        {**common, "modulation": {"type": "dpsk", "order": 2}},
    ]
    config = load_config(
        {
            "name": "a",
            "channel": {"type": "awgn", "ebno_db": [4.0]},
            "curves": curves,
            "plot": {"limits": ["bicm"]},
        }
    )
    orthogonal, differential = (curve.link for curve in config.curves)
    for link, symbols in ((orthogonal, 2), (differential, 8)):
        assert link.symbols == symbols
        point = link.at(4.0)
        assert point.channel.esno_db == pytest.approx(4 + to_db(4 / symbols))
        counts = link.simulate(point, 0, 200)
        assert 0 < counts.bit_errors.sum() < 400
        sent = link.send(point, 0, 3)
        assert sent.llr.shape == (3, 7)
    limit = orthogonal.limit("bicm")
    assert limit is not None
    assert orthogonal.modulation is not None
    needed = orthogonal.modulation.limit_esno(orthogonal.bits_per_use, "bicm")
    assert limit == pytest.approx(to_db(needed / orthogonal.bits_per_use), abs=1e-6)
    # Shannon's limit is that of as many real dimensions, 32 for 2 bits.
    shannon = orthogonal.limit()
    assert shannon == pytest.approx(to_db(16 * math.expm1(2 / 16 * math.log(2)) / 2), abs=1e-6)


class Halved(Channel):
    """Takes samples one by one."""

    parameters = ("esno_db",)

    def receive(self, samples: Any, stream: Stream) -> Observation:
        return Observation(samples, 0.5)

    def capacity(self) -> float:
        return 1.0


def test_what_is_refused() -> None:
    with pytest.raises(ValueError, match="order must be a power of two from 2 to 64, got 3"):
        Orthogonal(order=3)
    with pytest.raises(ValueError, match="detection must be coherent or non-coherent, got 'square-law'"):
        Orthogonal(order=4, detection="square-law")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="demapper must be exact or max-log"):
        Orthogonal(order=4, demapper="hard")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="order must be a power of two from 2 to 16, got 32"):
        DPSK(order=32)
    with pytest.raises(ValueError, match="takes samples one by one, and a symbol has 4"):
        Orthogonal(order=4).over(Halved())
    with pytest.raises(ValueError, match="snr_db is that of samples, and a symbol has several"):
        AWGN(snr_db=3, dimensions=4)
    with pytest.raises(ValueError, match="has no points in the plane"):
        _ = Orthogonal(order=4).constellation
    assert Orthogonal(order=4).uncoded_ber(1.0) is None
    assert DPSK(order=8, labels="anti-gray").uncoded_ber(1.0) is None
    for modulation in (Orthogonal(order=4), DPSK(order=4)):
        with pytest.raises(ValueError, match="esno must not be negative"):
            modulation.capacity(-1.0)
        with pytest.raises(ValueError, match="signal must be modulation or bicm"):
            modulation.capacity(1.0, "bpsk")
