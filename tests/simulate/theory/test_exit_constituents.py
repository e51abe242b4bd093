"""EXIT charts of two constituent decoders: closed forms on the erasure channel, published openings of tunnels.

Seeds are fixed. Tolerances are far above the standard errors, which are told beside them.
"""

from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, BSC
from capgap.codes import (
    BCJRDecoder,
    Code,
    Constituent,
    ConvolutionalCode,
    Decoder,
    DecodeResult,
    HardDecoder,
    LinearCode,
    RepetitionCode,
    UncodedCode,
)
from capgap.codes.detection.crc import CRCCode
from capgap.codes.matching.rate_matched import RateMatchedCode
from capgap.codes.soft_decoder import SoftDecoder, SoftResult
from capgap.simulate.theory.exit.exit_constituents import ConstituentChart, constituent_chart
from capgap.simulate.theory.exit.exit_curves import inverse_j_function, j_function
from capgap.simulate.theory.exit.exit_support import constituents_of
from capgap.vectors.groups import GroupInput, Words

from tests.references.turbo_pair import PairCode, PairDecoder


class SerialCode(Code):
    """An outer code and, behind an interleaver, an accumulator, of which the parity bits are sent."""

    def __init__(self, outer: LinearCode) -> None:
        self.outer, self.order = outer, np.random.default_rng(0).permutation(outer.n)
        self.accumulator = ConvolutionalCode(
            generators=[3, 2], feedback=3, k=outer.n, termination="truncated", puncture=["0", "1"]
        )
        super().__init__(n=outer.n, k=outer.k)

    def encode_words(self, words: Words) -> Words:
        return self.accumulator.encode_words(np.take(self.outer.encode_words(words), self.order, axis=1))


class SerialDecoder(Decoder):
    """What is asked of it here is its constituents."""

    code: SerialCode

    def __init__(self, code: SerialCode, outer: SoftDecoder) -> None:
        super().__init__(code)
        self.outer = outer

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        raise NotImplementedError

    def constituents(self) -> tuple[Constituent, ...]:
        code, everything = self.code, np.arange(self.code.n)
        nothing = np.full(code.n, -1)
        return (
            Constituent(BCJRDecoder(code.accumulator), everything, code.order, nothing),
            Constituent(self.outer, nothing, everything, nothing, "coded"),
        )


class Sums(SoftDecoder):
    """Repetition of blocks of k bits: of each bit the sum of its LLRs."""

    def soft_groups(self, given: GroupInput, prior: Any = None) -> SoftResult:
        assert given.llr is not None
        times = self.code.n // self.code.k
        found = given.llr.reshape(len(given.llr), times, self.code.k, -1).sum(axis=1)
        return SoftResult(found, np.tile(found, (1, times, 1)))

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        raise NotImplementedError


@lru_cache
def serial_chart() -> tuple[ConvolutionalCode, ConstituentChart]:
    outer = ConvolutionalCode(generators=[5, 7], k=400)
    return outer, constituent_chart(
        SerialDecoder(SerialCode(outer), BCJRDecoder(outer)), BEC(epsilon=0.4), frames=64, iterations=10
    )


def area(chart: ConstituentChart, curve: Any) -> float:
    return float(np.trapezoid(curve, chart.apriori))


def test_an_accumulator_on_erasures() -> None:
    """Of the rate-1 accumulator I_E = ((1 - e) / (1 - e I_A))^2 (ten Brink, Kramer and Ashikhmin, 2004)."""
    _, chart = serial_chart()
    known = (0.6 / (1 - 0.4 * chart.apriori)) ** 2
    assert chart.first_error.max() < 0.004
    np.testing.assert_allclose(chart.first, known, atol=0.01)
    # The area is 1 - H(U | Y) / k (Ashikhmin, Kramer and ten Brink, 2004, theorem 1), here the capacity.
    assert area(chart, chart.first) == pytest.approx(0.6, abs=0.006)


def test_the_area_of_an_outer_code_is_one_less_its_rate() -> None:
    """Ashikhmin, Kramer and ten Brink (2004), theorem 1: exactly, also of a terminated code."""
    outer, chart = serial_chart()
    assert area(chart, chart.second) == pytest.approx(1 - outer.rate, abs=0.004)
    assert chart.second[0] == 0
    assert chart.second[-1] == pytest.approx(1, abs=1e-3)
    # Its course follows the curves until frames differ.
    first = np.interp(chart.trajectory[1:6:2, 1], chart.apriori, chart.first)
    np.testing.assert_allclose(chart.trajectory[2:7:2, 0], first, atol=0.01)


@lru_cache
def pair_chart(ebno_db: float, algorithm: str = "log-map") -> ConstituentChart:
    decoder = PairDecoder(PairCode([23, 37], 23, 2048, period=2), algorithm=algorithm)
    esno_db = ebno_db - 10 * np.log10(2)
    return constituent_chart(decoder, AWGN(esno_db=esno_db), points=11, frames=32, iterations=12)


@pytest.mark.slow
def test_the_tunnel_of_a_turbo_code_opens_where_it_is_known_to() -> None:
    """Rate 1/2, memory 4, (023, 037): the pinch-off is at 0.7 dB (ten Brink, 2001, section IV)."""
    closed, opened = pair_chart(0.5), pair_chart(0.9)
    assert not closed.tunnel_open
    assert closed.crossing[0] < 0.4
    assert opened.tunnel_open
    assert opened.crossing == (1.0, 1.0)
    assert opened.trajectory[-1].min() > 0.9 > 0.5 > closed.trajectory[-1].max()
    # The two are the same code, from zero on, and one of them ends anywhere.
    np.testing.assert_allclose(opened.first, opened.second, atol=0.03)


def test_the_trajectory_follows_the_curves() -> None:
    """The first half iteration is the first curve at 0; then it is between them as long as values are new."""
    chart = pair_chart(0.9)
    assert chart.trajectory[0].tolist() == [chart.first[0], 0]
    second = np.interp(chart.trajectory[0, 0], chart.apriori, chart.second)
    assert chart.trajectory[1, 1] == pytest.approx(second, abs=0.03)
    for i in range(2):
        assert (np.diff(chart.trajectory[i::2], axis=0) > -0.003).all()


def test_max_log_has_its_own_curves_and_the_scale_is_the_decoders() -> None:
    exact, approximate = pair_chart(0.9), pair_chart(0.9, "max-log")
    assert 0 < (exact.first - approximate.first)[:5].max() < 0.06
    code = PairCode([13, 15], 13, 64)
    constituent = PairDecoder(code).constituents()[0]
    llr = np.random.default_rng(1).normal(1, 2, (3, code.n)).astype(np.float32)
    prior = np.zeros((3, 64), np.float32)
    plain = constituent.extrinsic(llr, prior)
    scaled = Constituent(
        constituent.decoder,
        constituent.positions,
        constituent.order,
        constituent.received,
        scales=(0.5, 0.75),
    )
    for iteration, scale in ((0, 0.5), (1, 0.75), (7, 0.75)):
        np.testing.assert_array_equal(scaled.extrinsic(llr, prior, iteration), np.float32(scale) * plain)


def test_of_a_repetition_the_curve_is_known() -> None:
    """I_E = J(sqrt(n - 1) J^-1(I_A)) of an outer code of length n: its LLRs are Gaussian."""
    outer = RepetitionCode(n=600, k=200)
    decoder = SerialDecoder(SerialCode(outer), Sums(outer))
    chart = constituent_chart(decoder, BSC(f=0.1), frames=64, iterations=1)
    known = j_function(np.sqrt(2) * inverse_j_function(chart.apriori))
    np.testing.assert_allclose(chart.second, known, atol=0.012)


def test_codes_around_are_looked_through() -> None:
    """A check is not seen, and punctured bits are: the chart is that of the code with fewer sent bits."""
    inner = PairCode([13, 15], 13, 256)
    plain = PairDecoder(inner)
    checked = CRCCode(inner, bits=8, polynomial=0x07)
    matched = RateMatchedCode(inner, puncture=list(range(1, 512, 4)))
    charts = [
        constituent_chart(each, AWGN(esno_db=-4.0), points=5, frames=32, iterations=2)
        for each in (plain, checked.decoder_around(plain), matched.decoder_around(plain))
    ]
    np.testing.assert_allclose(charts[0].first, charts[1].first, atol=0.03)
    assert (charts[0].first[:4] > charts[2].first[:4] + 0.03).all()
    np.testing.assert_allclose(charts[0].second, charts[2].second, atol=0.03)


def test_the_same_arguments_give_the_same_chart() -> None:
    decoder = PairDecoder(PairCode([5, 7], 7, 32))
    one, other, third = (
        constituent_chart(decoder, AWGN(esno_db=-3.0), points=3, frames=8, iterations=2, seed=seed)
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one.first, other.first)
    np.testing.assert_array_equal(one.trajectory, other.trajectory)
    assert not np.array_equal(one.first, third.first)


def test_what_has_no_constituents() -> None:
    code = UncodedCode(k=4)
    decoder = HardDecoder(code)
    assert constituents_of(decoder) == ()
    with pytest.raises(ValueError, match="decoder must have two constituents"):
        constituent_chart(decoder, BSC(f=0.1))
    pair = PairDecoder(PairCode([5, 7], 7, 8))
    for name, value in (("points", 1), ("frames", 1), ("iterations", 0), ("seed", -1)):
        with pytest.raises(ValueError, match=f"^{name} must be at least"):
            constituent_chart(pair, BSC(f=0.1), **{name: value})
