"""Point modulations: calibrated LLRs, exact error rates, komm's demapper, any CPU."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import (
    AWGN,
    OOK,
    PAM,
    PSK,
    QAM,
    Constellation,
    HalfPiBPSK,
    PointModulation,
    Stream,
    bit_error_rate,
    pam,
    psk,
    qam,
    symbol_error_rate,
    symbol_log_posteriors,
)
from capgap.channels.models.observation import Observation
from capgap.channels.modulation.carriers.axes import Axes
from capgap.channels.modulation.carriers.plane import Plane
from scipy import integrate, stats

from tests.conftest import SIGNIFICANCE
from tests.lazy import Lazy

Array = npt.NDArray[Any]

EXACT: Lazy[PointModulation] = Lazy(
    {
        "ook": OOK,
        "8-pam": lambda: PAM(order=8),
        "4-pam, anti-gray": lambda: PAM(order=4, labels="anti-gray"),
        "pi/2-bpsk": HalfPiBPSK,
        "8-psk": lambda: PSK(order=8),
        "16-psk, natural": lambda: PSK(order=16, labels="natural"),
        "8-psk, a list": lambda: PSK(order=8, labels=[3, 0, 5, 6, 1, 7, 2, 4]),
        "8-qam": lambda: QAM(order=8),
        "16-qam": lambda: QAM(order=16),
        "16-qam, set partitioning": lambda: QAM(order=16, labels="set-partitioning"),
        "64-qam": lambda: QAM(order=64),
        "16-qam, 5g": lambda: QAM(order=16, labels="nr"),
        "128-qam": lambda: QAM(order=128),
    }
)


def llr_and_bits(modulation: PointModulation, esno_db: float, uses: int) -> tuple[Array, Array]:
    """LLRs and bits, (bits of a sample, samples), of a sample each."""
    frames, n = 64, uses // 64 * modulation.bits_per_symbol
    word, stream = Stream(1, frames, point="calibration").bits(n), Stream(2, frames, point="calibration")
    channel = AWGN(esno_db=esno_db, dimensions=modulation.dimensions)
    llr = modulation.llr(channel.receive(modulation.map(word), stream))
    return tuple(each.reshape(-1, modulation.bits_per_symbol).T for each in (llr, word))  # type: ignore[return-value]


@EXACT.each("modulation")
def test_llrs_are_calibrated(modulation: PointModulation) -> None:
    """Of the bits with |L| in a bin a share 1 / (1 + e^|L|) lies on the wrong side, up to |L| = 10.

    A bit counts as wrong with a probability that makes the share the same all over its bin: so that exact
    binomial tests hold, of each bit of a label by itself, since bits of a sample depend on each other.
    """
    llr, word = llr_and_bits(modulation, 2.0 + 2.5 * modulation.bits_per_symbol, 1 << 17)
    chance = np.random.default_rng(1)
    tests = []
    for told, sent in zip(llr, word, strict=True):
        size = abs(told).astype(np.float64)
        wrong = (told < 0) != (sent == 1)
        for low in range(10):
            inside = (size >= low) & (size < low + 1)
            least = 1 / (1 + math.exp(low + 1))
            kept = wrong & (chance.random(len(size)) < least * (1 + np.exp(size)))
            tests.append((int(kept[inside].sum()), int(inside.sum()), least))
    tests = [each for each in tests if each[1]]
    assert len(tests) >= 10
    for count, trials, share in tests:
        assert stats.binomtest(count, trials, share).pvalue > SIGNIFICANCE / len(tests)


def sector_symbol_errors(order: int, esno: float) -> float:
    """M-PSK: Simon and Alouini, "Digital Communication over Fading Channels", 2005, equation 8.22."""
    step = math.pi / order
    found: float = integrate.quad(
        lambda t: math.exp(-esno * (math.sin(step) / math.sin(t)) ** 2), 0, math.pi - step
    )[0]
    return found / math.pi


def sector_bit_errors(order: int, esno: float) -> float:
    """M-PSK with Gray labels: Lassing et al., 2003, with the probability of phases beyond an angle by Pawula."""

    def beyond(angle: float) -> float:
        found: float = integrate.quad(
            lambda t: math.exp(-esno * (math.sin(angle) / math.sin(t)) ** 2), 0, math.pi - angle
        )[0]
        return found / (2 * math.pi)

    labels, step = psk(order).labels, math.pi / order
    sector = [beyond((2 * j - 1) * step) - beyond((2 * j + 1) * step) for j in range(1, order // 2)]
    sector = [*sector, 2 * beyond(math.pi - step), *sector[::-1]]
    apart = [np.bitwise_count(labels ^ np.roll(labels, -j)).mean() for j in range(1, order)]
    return float(np.dot(apart, sector)) / (order.bit_length() - 1)


def cho_yoon(order: int, esno: float) -> float:
    """M-PAM with Gray labels: Cho and Yoon, 2002, equation 9."""
    bits, total = order.bit_length() - 1, 0.0
    for k in range(1, bits + 1):
        for i in range(order - (order >> k)):
            sign = (-1) ** (i * (1 << (k - 1)) // order)
            weight = (1 << (k - 1)) - math.floor(i * (1 << (k - 1)) / order + 0.5)
            total += sign * weight * math.erfc((2 * i + 1) * math.sqrt(3 * esno / (order**2 - 1)))
    return total / (order * bits)


@pytest.mark.parametrize("esno", [0.1, 2.0, 30.0])
def test_closed_forms(esno: float) -> None:
    for order in (4, 8, 16, 64):
        assert symbol_error_rate(psk(order), esno) == pytest.approx(
            sector_symbol_errors(order, esno), rel=1e-10
        )
    for order in (4, 8, 32):
        # Of real dimensions the noise has half of N0, as 3 Es / N0 with Es on one axis.
        assert bit_error_rate(pam(order), esno) == pytest.approx(cho_yoon(order, esno), rel=1e-10)
        assert bit_error_rate(qam(order**2), esno) == pytest.approx(cho_yoon(order, esno / 2), rel=1e-10)
        exact = QAM(order=order**2, demapper="max-log").uncoded_ber(esno)
        assert exact == pytest.approx(cho_yoon(order, esno / 2), rel=2e-6)  # levels are float32
    on_axis = 1.5 * math.erfc(math.sqrt(esno / 10)) / 2  # Proakis, equation 4.3-30
    assert symbol_error_rate(qam(16), esno) == pytest.approx(1 - (1 - on_axis) ** 2, rel=1e-10)
    assert OOK().uncoded_ber(esno) == pytest.approx(math.erfc(math.sqrt(esno / 2)) / 2, rel=1e-6)
    assert HalfPiBPSK().uncoded_ber(esno) == pytest.approx(math.erfc(math.sqrt(esno)) / 2, rel=1e-10)
    for order in (8, 16):
        found = PSK(order=order).uncoded_ber(esno)
        assert found == pytest.approx(sector_bit_errors(order, esno), rel=1e-9)


WITH_RATES: Lazy[PointModulation] = Lazy(
    {
        "8-psk": lambda: PSK(order=8),
        "16-psk": lambda: PSK(order=16),
        "8-psk of DVB-S2": lambda: PSK(order=8, labels=[1, 0, 4, 6, 2, 3, 7, 5]),
        "8-psk, anti-gray, max-log": lambda: PSK(order=8, labels="anti-gray", demapper="max-log"),
        "16-qam": lambda: QAM(order=16),
        "16-qam, set partitioning, max-log": lambda: QAM(
            order=16, labels="set-partitioning", demapper="max-log"
        ),
        "32-qam, max-log": lambda: QAM(order=32, demapper="max-log"),
        "8-pam": lambda: PAM(order=8),
        "ook": OOK,
    }
)


@WITH_RATES.each("modulation")
@pytest.mark.parametrize("esno_db", [-3.0, 9.0])
def test_error_rates(modulation: PointModulation, esno_db: float) -> None:
    """Wrong bits within the standard error of the mean of samples; wrong samples by an exact binomial test."""
    llr, word = llr_and_bits(modulation, esno_db, 1 << 17)
    wrong = ((llr < 0) != word).mean(axis=0)
    known = modulation.uncoded_ber(10 ** (esno_db / 10))
    assert known is not None
    margin = stats.norm.isf(SIGNIFICANCE / 2) * wrong.std() / math.sqrt(len(wrong))
    assert abs(wrong.mean() - known) < margin
    if modulation.demapper == "max-log":
        symbols = symbol_error_rate(modulation.constellation, 10 ** (esno_db / 10))
        assert stats.binomtest(int((wrong > 0).sum()), len(wrong), symbols).pvalue > SIGNIFICANCE


def test_rates_of_exact_llrs_that_are_not_known() -> None:
    assert PSK(order=8, labels="anti-gray").uncoded_ber(1.0) is None
    assert QAM(order=32).uncoded_ber(1.0) is None


def test_komm_gives_the_same_llrs() -> None:
    komm = pytest.importorskip("komm")
    pairs: list[tuple[PointModulation, Any, float]] = [
        (PSK(order=8), komm.PSKConstellation(8), 1.0),
        (QAM(order=16), komm.QAMConstellation(16), math.sqrt(10)),
        (QAM(order=32), komm.CrossQAMConstellation(32), math.sqrt(20)),
    ]
    for modulation, theirs, scale in pairs:
        constellation, n = modulation.constellation, 5 * modulation.bits_per_symbol
        at = abs(theirs.matrix.ravel()[:, None] / scale - constellation.points).argmin(axis=1)
        labels = komm.Labeling(constellation.label_bits[at])
        seen = AWGN(esno_db=7, dimensions=2).receive(modulation.map(Stream(1, 50).bits(n)), Stream(2, 50))
        power = 2 * seen.noise_variance * scale**2
        posteriors = theirs.posteriors(seen.samples.ravel().astype(complex) * scale, noise_power=power)
        expected = labels.marginalize(posteriors).reshape(50, n)
        sure = abs(expected) < 20  # theirs are made of probabilities
        np.testing.assert_allclose(modulation.llr(seen)[sure], expected[sure], rtol=1e-4, atol=1e-4)


SCRIPT = """
import hashlib
import numpy as np
from capgap.channels import AWGN, PSK, QAM, Stream
from capgap.vectors.groups import Reads
int8 = Reads("soft", "int8", 4.0)
for modulation, reads in (
    (PSK(order=8), Reads()), (QAM(order=32, demapper="max-log"), Reads()), (QAM(order=16), int8)
):
    n = 24 * modulation.bits_per_symbol
    channel = modulation.over(AWGN(esno_db=6, dimensions=2))
    given = channel.observe(Stream(1, 100).packed_bits(n), Stream(2, 100), reads)
    print(hashlib.sha256(np.ascontiguousarray(given.llr).tobytes()).hexdigest())
"""


@pytest.mark.slow  # compiles anew
def test_llrs_are_the_same_on_any_cpu(
    on_a_plain_cpu: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    exec(compile(SCRIPT, "script", "exec"), {})
    assert on_a_plain_cpu(SCRIPT) == capsys.readouterr().out


def test_orders() -> None:
    for order in (3, 128):
        with pytest.raises(ValueError, match=f"order must be a power of two from 2 to 64, got {order}"):
            PSK(order=order)
    for order in (48, 8192):
        with pytest.raises(ValueError, match=f"order must be a power of two from 2 to 4096, got {order}"):
            QAM(order=order)
    with pytest.raises(ValueError, match="order must be at least 4, got 2"):
        QAM(order=2)


class InThePlane(PointModulation):
    """Demaps point by point, whatever the labels."""

    @staticmethod
    def _carrier(constellation: Constellation) -> Plane:
        return Plane(constellation)


@pytest.mark.parametrize("demapper", ["exact", "max-log"])
@pytest.mark.parametrize("labels", ["gray", "nr"])
def test_by_axes_and_in_the_plane_llrs_are_the_same(demapper: Any, labels: Any) -> None:
    modulation = QAM(order=64, labels=labels, demapper=demapper)
    assert isinstance(modulation.carrier, Axes)
    word = Stream(1, 70).bits(24)
    seen = AWGN(esno_db=12, dimensions=2).receive(modulation.map(word), Stream(2, 70))
    plane = InThePlane(modulation.constellation, demapper)
    np.testing.assert_array_equal(plane.map(word), modulation.map(word))
    np.testing.assert_allclose(plane.llr(seen), modulation.llr(seen), rtol=1e-5, atol=1e-4)


@EXACT.each("modulation")
def test_bits_follow_from_the_points(modulation: PointModulation) -> None:
    """LLRs are those of the sums of the points' probabilities; with gains and priors."""
    n = 5 * modulation.bits_per_symbol
    seen = AWGN(esno_db=6, dimensions=modulation.dimensions).receive(
        modulation.map(Stream(1, 20).bits(n)), Stream(2, 20)
    )
    seen = Observation(seen.samples, seen.noise_variance, gains=abs(Stream(3, 20).normal(5)))
    prior = Stream(4, 20).normal(n)
    log = symbol_log_posteriors(modulation, seen, prior)
    np.testing.assert_allclose(np.exp(log).sum(axis=-1), 1)
    bits = modulation.constellation.label_bits
    llr = [
        np.logaddexp.reduce(log[..., bit == 0], axis=-1) - np.logaddexp.reduce(log[..., bit == 1], axis=-1)
        for bit in bits.T
    ]
    expected = np.stack(llr, axis=-1).reshape(prior.shape) - prior
    np.testing.assert_allclose(modulation.llr(seen, prior), expected, rtol=1e-4, atol=1e-4)
