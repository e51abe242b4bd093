"""Errors and erasures of symbols.

Statistical tests have their seeds fixed beforehand and fail a correct program with probability 1e-6 at most.
"""

from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    BSC,
    BurstErasures,
    Channel,
    QaryErasure,
    QarySymmetric,
    Stream,
    qary_erasure_capacity,
    qary_symmetric_capacity,
)
from capgap.channels.models.bursts.symbol_errors import P_SYMBOL
from capgap.channels.models.model import ChannelModel
from capgap.channels.parameter import EPSILON
from capgap.codes import ReedSolomonCode
from capgap.codes.algebraic.decoding.bounded_distance import BoundedDistanceDecoder
from capgap.vectors.groups import HARD, SOFT, packed
from scipy.stats import binom, binomtest, chisquare


def test_symbols_become_all_others_alike() -> None:
    """Which are hit is a binomial number, and of what they become all others are as likely."""
    p, m, symbols, frames = 0.3, 3, 40, 1000
    word = Stream(1, frames).bits(m * symbols)
    received = QarySymmetric(p_symbol=p, symbol_bits=m).transmit(word, Stream(2, frames))
    added = (word ^ received).reshape(frames, symbols, m) @ [4, 2, 1]
    counts = np.bincount(added.ravel(), minlength=8)
    assert binomtest(int(counts[1:].sum()), added.size, p).pvalue > 1e-6
    assert chisquare(counts[1:]).pvalue > 1e-6
    pairs = np.count_nonzero(
        (added[:, :-1:2] > 0) & (added[:, 1::2] > 0)
    )  # neighbours know nothing of each other
    assert binomtest(int(pairs), added.size // 2, p * p).pvalue > 1e-6


def test_the_bits_of_a_symbol_are_lost_together() -> None:
    word = Stream(1, 500).bits(4 * 30 + 2)  # and half a symbol
    received = QaryErasure(epsilon=0.2, symbol_bits=4).transmit(word, Stream(2, 500))
    lost = received == 2
    assert np.array_equal(received[~lost], word[~lost])
    by_symbol = np.pad(lost, ((0, 0), (0, 2)), mode="edge").reshape(500, 31, 4)
    assert (by_symbol.all(2) == by_symbol.any(2)).all()
    assert binomtest(int(by_symbol[:, :, 0].sum()), 500 * 31, 0.2).pvalue > 1e-6


@pytest.mark.parametrize(
    "channel",
    [
        QarySymmetric(p_symbol=0.2, symbol_bits=5),
        QarySymmetric(p_symbol=0.875, symbol_bits=3),
        QaryErasure(epsilon=0.4, symbol_bits=5),
    ],
)
def test_both_forms_are_one_channel(channel: Channel) -> None:
    word = Stream(1, 100).bits(33)
    llr = channel.llr(channel.transmit(word, Stream(2, 100)))
    for reads in (SOFT, HARD):
        observed = channel.observe(packed(word), Stream(2, 100), reads).lanes().T
        assert np.array_equal(observed, llr if reads is SOFT else np.sign(llr))
    assert repr(eval(repr(channel))) == repr(channel)


def test_llrs_and_capacities() -> None:
    for m in (1, 2, 8, 16):
        q = 2**m
        channel = QarySymmetric(p_symbol=0.1, symbol_bits=m)
        assert channel.modulated_ber() == pytest.approx(0.1 * q / 2 / (q - 1))
        assert channel.llr([0]) == pytest.approx(BSC(f=channel.modulated_ber()).llr([0]))
        assert channel.capacity() == pytest.approx(qary_symmetric_capacity(q, 0.1) / m)
        assert channel.capacity() >= BSC(f=channel.modulated_ber()).capacity() - 1e-12
        erasing = QaryErasure(epsilon=0.1, symbol_bits=m)
        assert erasing.capacity() == pytest.approx(qary_erasure_capacity(q, 0.1) / m) == pytest.approx(0.9)
    assert QarySymmetric(p_symbol=0.75, symbol_bits=2).capacity() == pytest.approx(0, abs=1e-12)


def test_limits() -> None:
    """Where the capacity is the rate: a search on it."""
    limit = ChannelModel(QarySymmetric, P_SYMBOL, {"symbol_bits": 8}).limit(0.5)
    assert limit is not None
    assert qary_symmetric_capacity(256, limit) == pytest.approx(4, abs=1e-9)
    limit = ChannelModel(QaryErasure, EPSILON, {"symbol_bits": 8}).limit(0.5)
    assert limit == pytest.approx(0.5, abs=1e-10)
    limit = ChannelModel(BurstErasures, EPSILON, {"burst_length": 8.0}).limit(0.75)
    assert limit == pytest.approx(0.25, abs=1e-10)


def undecoded(code: Any, channel: Channel, frames: int) -> int:
    """Frames that bounded-distance decoding does not get right, as whole codewords."""
    bits = Stream(3, frames).bits(code.k)
    received = channel.llr(channel.transmit(code.encode(bits), Stream(4, frames)))
    result = BoundedDistanceDecoder(code).decode(received, Stream(5, frames))
    return int((~result.ok | (result.bits != bits).any(axis=1)).sum())


@pytest.mark.parametrize(("n", "k", "p"), [(15, 9, 0.15), (12, 8, 0.2)])
def test_reed_solomon_corrects_as_many_symbols_as_it_says(n: int, k: int, p: float) -> None:
    """A word is lost if, and only if, more than t symbols are wrong, or more than n - k are erased."""
    code, frames = ReedSolomonCode(n=n, k=k), 4000
    m = code.n // n
    wrong = undecoded(code, QarySymmetric(p_symbol=p, symbol_bits=m), frames)
    assert binomtest(wrong, frames, float(binom.sf((n - k) // 2, n, p))).pvalue > 1e-6
    epsilon = 2 * p
    wrong = undecoded(code, QaryErasure(epsilon=epsilon, symbol_bits=m), frames)
    assert binomtest(wrong, frames, float(binom.sf(n - k, n, epsilon))).pvalue > 1e-6


@pytest.mark.parametrize(
    ("make", "changed", "problem"),
    [
        (
            QarySymmetric,
            {"p_symbol": 0.8},
            r"p_symbol, .* must lie in \[0, 0.75\], which is 1 - 2\^-symbol_bits",
        ),
        (QarySymmetric, {"symbol_bits": 17, "p_symbol": 0.1}, "symbol_bits must lie in 1 to 16, got 17"),
        (QaryErasure, {"epsilon": 1.1}, "epsilon, the erasure probability, must lie in"),
        (QaryErasure, {"epsilon": 0.1, "symbol_bits": 0}, "symbol_bits must lie in 1 to 16"),
    ],
)
def test_what_is_no_channel(make: Any, changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make(**{"symbol_bits": 2, **changed})
