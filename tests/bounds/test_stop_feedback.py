"""The throughput that some code reaches with stop feedback: against sampled random walks, and where it is sure."""

import math

import numpy as np
import pytest
from capgap.bounds.stop_feedback import _at, stop_feedback
from capgap.channels import bpsk_capacity


def test_probabilities_are_those_of_random_walks() -> None:
    """100,000 walks with a fixed seed: uses, and losses, within what five standard deviations leave open.

    The bound takes each length by itself, where a walk may be below at one and above at another.
    """
    ends, bits, esno, above = (20, 30, 45), 8.0, 0.9, 1.0
    rng = np.random.default_rng(1)
    y = 1 + rng.normal(size=(100_000, ends[-1])) / math.sqrt(2 * esno)
    walks = np.cumsum(math.log(2) - np.logaddexp(0, -4 * esno * y), axis=1)[:, [end - 1 for end in ends]]
    threshold = bits * math.log(2) + above
    below = (walks < threshold).mean(axis=0)
    found = _at(ends, bits, esno, above)
    expected = 20 + 10 * below[0] + 15 * below[1]
    assert found.uses == pytest.approx(expected, abs=5 * 15 / math.sqrt(100_000))
    above_it = np.where(walks >= threshold, np.exp(-walks), 0.0).mean(axis=0).sum()
    lost = below[2] + (2**bits - 1) * min(above_it, math.exp(-threshold))
    assert found.lost == pytest.approx(lost, abs=0.006)
    assert found.throughput == pytest.approx(bits * (1 - found.lost) / found.uses)


@pytest.mark.parametrize("esno", [0.3, 1.0, 3.0])
def test_it_lies_below_the_capacity_and_the_rate(esno: float) -> None:
    found = stop_feedback((60, 120, 180), 40, esno)
    assert 0 < found.throughput <= min(bpsk_capacity(esno), 40 / 60)
    assert (
        found.throughput
        >= max(_at((60, 120, 180), 40, esno, above).throughput for above in (0.0, 3.0)) - 1e-3
    )


def test_long_words_reach_what_ideal_codes_do() -> None:
    """At twice the length the second word, with room to spare: 1/3 of a bit a use of 2,400."""
    assert stop_feedback((2400, 4800), 1600, 10**-0.3).throughput == pytest.approx(1 / 3, rel=1e-3)


def test_what_it_does_not_take() -> None:
    for ends in ((), (0, 5), (5, 5)):
        with pytest.raises(ValueError, match="increase, from 1 on"):
            stop_feedback(ends, 8, 1.0)
    with pytest.raises(ValueError, match="bits must be above 0"):
        stop_feedback((5,), 0, 1.0)
    with pytest.raises(ValueError, match="esno must lie in"):
        stop_feedback((5,), 2, 1e9)
