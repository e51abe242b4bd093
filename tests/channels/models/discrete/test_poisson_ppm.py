"""Pulse-position modulation over a photon counter. Statistical tests have fixed seeds."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from capgap.channels import PoissonPPM, Stream, qary_erasure_capacity
from capgap.vectors.groups import HARD, SOFT, packed
from scipy.special import logsumexp
from scipy.stats import binomtest, poisson

CHANNELS = (
    PoissonPPM(photons=3, order=4, background=0.5),
    PoissonPPM(photons=20, order=16, background=2),
    PoissonPPM(photons=0.5, order=2, background=1e-6),
)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("n", [8, 9])
def test_llrs(channel: PoissonPPM, n: int) -> None:
    """By the definition: counts by numbers of 64 bits, slot by slot, and sums over the symbols with a bit."""
    frames, m = 70, channel.order.bit_length() - 1
    word = Stream(1, frames).bits(n)
    llr = channel.transmit(word, Stream(2, frames))
    stream = Stream(2, frames)
    symbols = np.hstack([word, stream.bits(-n % m)]).reshape(frames, -1, m) @ (1 << np.arange(m)[::-1])
    drawn = stream.words(2 * symbols.shape[1] * channel.order).astype(np.float64) @ np.kron(
        np.eye(symbols.shape[1] * channel.order), [[2.0**-32], [2.0**-64]]
    )
    uniform = drawn.reshape(frames, -1, channel.order)
    pulses = symbols[:, :, None] == np.arange(channel.order)
    means = channel.background + channel.photons * pulses
    counts = poisson.ppf(uniform, means)
    log_ratio = counts * math.log1p(channel.photons / channel.background)
    bits = np.arange(channel.order)[:, None] >> np.arange(m)[::-1] & 1
    exact = np.stack(
        [
            logsumexp(log_ratio[:, :, bits[:, i] == 0], axis=2)
            - logsumexp(log_ratio[:, :, bits[:, i] == 1], axis=2)
            for i in range(m)
        ],
        axis=2,
    ).reshape(frames, -1)[:, :n]
    assert llr == pytest.approx(exact, rel=1e-6, abs=1e-6)
    for reads in (SOFT, HARD):
        observed = channel.observe(packed(word), Stream(2, frames), reads).lanes().T
        assert np.array_equal(observed, llr if reads is SOFT else np.sign(llr))


def test_llrs_of_all_bits_are_true() -> None:
    """Of bits with |L| in a bin a share of 1 / (1 + e^|L|) is wrong, at each place of a label: 1e-6 a test."""
    channel, frames = CHANNELS[0], 20_000
    word = Stream(3, frames).bits(2)
    llr = channel.transmit(word, Stream(4, frames)).astype(np.float64)
    wrong = (llr < 0) != word
    for place in (0, 1):
        size = abs(llr[:, place])
        for low, high in ((0.1, 1), (1, 2), (2, 4), (4, 8)):
            there = (size > low) & (size <= high)
            share = float((1 / (1 + np.exp(size[there]))).mean())
            assert there.sum() > 100
            assert binomtest(int(wrong[there, place].sum()), int(there.sum()), share).pvalue > 1e-6


def brute(photons: float, order: int, background: float) -> tuple[float, float]:
    """Information of symbols and of single bits, per bit, over all counts that are likely."""
    counts = np.arange(56 // order)
    empty, pulse = poisson.pmf(counts, background), poisson.pmf(counts, background + photons)
    every = np.array(list(product(counts, repeat=order)))
    law = np.array(
        [
            np.prod([(pulse if slot == sent else empty)[every[:, slot]] for slot in range(order)], axis=0)
            for sent in range(order)
        ]
    )
    m = order.bit_length() - 1

    def told(rows: Any) -> float:
        mean = rows.mean(0)
        there = (rows > 0) & (mean > 0)
        return float((rows[there] * np.log2((rows / np.where(mean > 0, mean, 1))[there])).sum()) / len(rows)

    halves = [law.reshape(*([2] * m), -1).swapaxes(0, i).reshape(2, order // 2, -1).mean(1) for i in range(m)]
    return told(law) / m, sum(map(told, halves)) / m


@pytest.mark.parametrize(
    ("photons", "order", "background"), [(1.0, 4, 0.1), (2.0, 2, 0.3), (0.3, 4, 0.5), (1.0, 4, 1e-9)]
)
def test_capacities(photons: float, order: int, background: float) -> None:
    channel = PoissonPPM(photons=photons, order=order, background=background)
    symbols, bits = brute(photons, order, background)
    assert channel.capacity() == channel.capacity("modulation") == pytest.approx(symbols, abs=2e-9)
    assert channel.capacity("bicm") == pytest.approx(bits, abs=2e-9)


def test_without_background_it_is_a_qary_erasure_channel() -> None:
    channel = PoissonPPM(photons=0.7, order=8)
    assert channel.capacity() == pytest.approx(qary_erasure_capacity(8, math.exp(-0.7)) / 3, abs=1e-14)
    word = Stream(1, 2000).bits(60)
    llr = channel.transmit(word, Stream(2, 2000))
    lost = llr == 0
    assert set(np.unique(llr)) == {-1000, 0, 1000}
    assert np.array_equal(llr[~lost] < 0, word[~lost])
    by_symbol = lost.reshape(2000, 20, 3)
    assert (by_symbol.all(2) == by_symbol.any(2)).all()
    assert binomtest(int(by_symbol[:, :, 0].sum()), 40_000, math.exp(-0.7)).pvalue > 1e-6


def test_far_operating_points() -> None:
    """With many photons all arrives, with none nothing, and with many slots no precision is lost."""
    assert PoissonPPM(photons=1000, order=256, background=1e-12).capacity() == pytest.approx(1, abs=1e-9)
    assert PoissonPPM(photons=0, order=4, background=3).capacity() == 0
    assert PoissonPPM(photons=1e-3, order=16, background=1000).capacity() < 1e-9
    found = [PoissonPPM(photons=x, order=64, background=0.2).capacity() for x in (0.1, 1, 3, 10, 30)]
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"order": 3}, "order must be a power of two from 2 to 256, got 3"),
        ({"order": 512}, "order must be a power of two from 2 to 256"),
        ({"photons": 1001.0}, r"photons must lie in \[0, 1000\]"),
        ({"background": -1.0}, r"background must lie in \[0, 1000\]"),
        ({"background": 1e-20}, "background must be 0 or at least 1e-12"),
    ],
)
def test_what_is_no_channel(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        PoissonPPM(**{"photons": 1.0, "order": 4, **changed})
    assert repr(eval(repr(CHANNELS[0]))) == repr(CHANNELS[0])
    with pytest.raises(ValueError, match="signal must be gaussian, modulation or bicm here"):
        CHANNELS[0].capacity("bpsk")
