"""BPSK behind a quantiser."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BSC, QuantisedBPSK, blahut_arimoto, bpsk_capacity
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import EBNO
from scipy.stats import norm

CASES = [
    (bits, quantiser, db)
    for bits, quantiser, db in (
        (1, "uniform", 0.0),
        (2, "uniform", 3.0),
        (3, "optimal", -6.0),
        (4, "optimal", 6.0),
        (8, "uniform", 0.0),
        (5, "optimal", 1.0),
    )
]


@pytest.mark.parametrize(("bits", "quantiser", "db"), CASES)
def test_law(bits: int, quantiser: Any, db: float) -> None:
    """Areas under the normal density between the thresholds."""
    channel = QuantisedBPSK(esno_db=db, bits=bits, quantiser=quantiser)
    sigma = AWGN(esno_db=db).sigma
    ends = np.array([-np.inf, *channel.thresholds, np.inf])
    assert len(ends) == 2**bits + 1
    assert (np.diff(ends) > 0).all()
    assert np.array_equal(channel.thresholds, -channel.thresholds[::-1])
    for bit, level in ((0, 1.0), (1, -1.0)):
        assert channel.transition[bit] == pytest.approx(
            np.diff(norm.cdf(ends, level, sigma))[::-1], abs=1e-14
        )
    inside = channel.llrs[1:-1] * sigma**2 / 2  # some y in the level
    assert (inside < ends[::-1][1:-2]).all()
    assert (inside > ends[::-1][2:-1]).all()
    assert channel.capacity("bpsk") < bpsk_capacity(10 ** (db / 10)) < channel.capacity() + 1
    if bits <= 4:
        found = blahut_arimoto(channel.transition, gap=1e-11, max_iterations=2000)
        assert found.lower - 1e-12 <= channel.capacity("bpsk") <= found.upper + 1e-12
    assert channel.modulated_ber() == pytest.approx(AWGN.uncoded_ber("esno_db", db), rel=1e-12)


def test_one_bit_is_a_hard_decision() -> None:
    for db in (-5.0, 3.0, 9.0):
        channel, bsc = QuantisedBPSK(esno_db=db, bits=1), BSC(f=AWGN.uncoded_ber("esno_db", db))
        assert channel.capacity("bpsk") == pytest.approx(bsc.capacity(), rel=1e-12)
        assert channel.llrs.tolist() == pytest.approx(bsc.llr([0, 1]).tolist(), rel=1e-6)
    limit = ChannelModel(QuantisedBPSK, EBNO, {"bits": 1}, rate=0.5).limit(signal="bpsk")
    assert limit == pytest.approx(1.772, abs=1e-3)  # Proakis and Salehi, 2008, section 6.5


@pytest.mark.parametrize(("bits", "snr_db"), [(1, 4.40), (2, 9.30), (3, 14.62), (4, 20.22), (5, 26.01)])
def test_with_much_noise_the_optimal_one_is_that_of_the_least_squared_error(bits: int, snr_db: float) -> None:
    """The share of the information that is lost is that of the power: N. S. Jayant and P. Noll, 1984, chapter 4."""
    channel = QuantisedBPSK(esno_db=-50, bits=bits, quantiser="optimal")
    lost = 1 - channel.capacity("bpsk") / bpsk_capacity(1e-5)
    assert -10 * math.log10(lost) == pytest.approx(snr_db, abs=6e-3)


def test_with_much_noise_the_best_step_is_that_of_the_least_squared_error() -> None:
    """Three thresholds are always uniform: J. Max, "Quantizing for minimum distortion", 1960, table I."""
    channel = QuantisedBPSK(esno_db=-50, bits=2)
    assert channel.thresholds[2] / AWGN(esno_db=-50).sigma == pytest.approx(0.9816, abs=1e-3)


@pytest.mark.parametrize("bits", [2, 3, 4])
def test_what_is_best(bits: int) -> None:
    """No other step and no other thresholds near by keep more, and a uniform one keeps less."""
    optimal = QuantisedBPSK(esno_db=2, bits=bits, quantiser="optimal")
    uniform = QuantisedBPSK(esno_db=2, bits=bits)
    step = float(uniform.thresholds[2 ** (bits - 1)])
    for factor in (0.5, 0.98, 1.02, 2.0):
        other = QuantisedBPSK(esno_db=2, bits=bits, step=step * factor)
        assert other.capacity("bpsk") < uniform.capacity("bpsk")
    assert uniform.capacity("bpsk") <= optimal.capacity("bpsk") + 1e-12
    rng = np.random.default_rng(bits)
    sigma = AWGN(esno_db=2).sigma
    for _ in range(20):  # whether symmetric or not
        ends = np.sort(optimal.thresholds + 0.02 * rng.standard_normal(2**bits - 1))
        cells = np.diff([norm.cdf([-np.inf, *ends, np.inf], level, sigma) for level in (1, -1)])
        assert blahut_arimoto(cells, max_iterations=1).lower < optimal.capacity("bpsk")


def test_far_operating_points() -> None:
    """Everything stays finite, and LLRs are those of y: they end where all is certain."""
    for db in (-100.0, 30.0, 100.0):
        for quantiser in ("uniform", "optimal"):
            channel = QuantisedBPSK(esno_db=db, bits=4, quantiser=quantiser)
            assert channel.transition.sum(axis=1).tolist() == pytest.approx([1, 1], abs=1e-12)
            assert (np.diff(channel.llrs) <= 0).all()
            assert abs(channel.llrs).max() <= 1000
            assert 0 < channel.capacity("bpsk") <= 1
            assert channel.capacity("bpsk") <= channel.capacity() <= 4


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"ebno_db": 1.0, "rate": 0.5}, "quantised takes one of ebno_db and esno_db"),
        ({"bits": 9}, "bits must lie in 1 to 8, got 9"),
        ({"bits": 2.5}, "bits must be a whole number"),
        ({"quantiser": "lloyd"}, "quantiser must be uniform or optimal"),
        ({"step": 0.0}, "step must be above 0"),
        ({"step": 0.1, "quantiser": "optimal"}, "step is that of a uniform quantiser"),
    ],
)
def test_what_is_no_channel(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        QuantisedBPSK(**{"esno_db": 0.0, "bits": 2, **changed})
    channel = QuantisedBPSK(esno_db=1.5, bits=2, step=0.5)
    assert repr(eval(repr(channel))) == repr(channel)
    assert channel.thresholds.tolist() == [-0.5, 0, 0.5]
    assert math.isclose(channel.esno_db, 1.5)
    with pytest.raises(ValueError, match="signal must be one of"):
        channel.capacity("quantised")  # type: ignore[arg-type]
