"""The Gilbert-Elliott channel.

Statistical tests have their seeds fixed beforehand and fail a correct program with probability 1e-6 at most.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import BSC, GilbertElliott, Stream, bsc_capacity
from capgap.vectors.groups import HARD, packed
from scipy.stats import binomtest

FRAMES, N = 20_000, 40


def errors(channel: GilbertElliott, seed: int = 1) -> npt.NDArray[np.bool_]:
    """Where LLRs of the word of zeros are negative."""
    return np.asarray(channel.transmit(np.zeros((FRAMES, N), np.uint8), Stream(seed, FRAMES)) < 0)


def assert_share(hits: npt.NDArray[np.bool_], probability: float) -> None:
    assert binomtest(int(hits.sum()), hits.size, probability).pvalue > 1e-7


@pytest.mark.parametrize(
    ("f", "length", "bad", "good"), [(0.05, 10, 0.5, 0.0), (0.1, 4, 0.3, 0.02), (0.2, 1, 0.45, 0.1)]
)
def test_errors_have_the_law_of_the_chain(f: float, length: float, bad: float, good: float) -> None:
    """At single positions, at pairs of them and at triples: frames are independent of each other."""
    found = errors(GilbertElliott(f=f, burst_length=length, bad=bad, good=good))
    share = (f - good) / (bad - good)
    law, flips = np.array([1 - share, share]), np.array([good, bad])
    enter = share / (length * (1 - share))
    step = np.array([[1 - enter, enter], [1 / length, 1 - 1 / length]])
    for position in (0, 17, N - 1):
        assert_share(found[:, position], f)
    for at, distance in ((0, 1), (20, 3), (5, 34)):
        both = float(law * flips @ np.linalg.matrix_power(step, distance) @ flips)
        assert_share(found[:, at] & found[:, at + distance], both)
    assert_share(found[:, 7] & found[:, 8] & found[:, 9], float(law * flips @ step * flips @ step @ flips))


def test_the_state_of_each_bit_may_be_known() -> None:
    word = Stream(1, FRAMES).bits(N)
    channel = GilbertElliott(f=0.1, burst_length=5, bad=0.3, good=0.02, csi="perfect")
    llr = channel.transmit(word, Stream(2, FRAMES))
    sizes = np.unique(abs(llr))
    assert sizes.tolist() == pytest.approx([math.log(7 / 3), math.log(49)], rel=1e-6)
    in_bad = abs(llr) == sizes[0]
    assert_share(in_bad[:, 11], 0.08 / 0.28)
    wrong = (llr < 0) != word
    assert_share(wrong[in_bad], 0.3)
    assert_share(wrong[~in_bad], 0.02)
    # A bad state with fair bits tells nothing: erasures for those who read hard decisions.
    erasing = GilbertElliott(f=0.1, burst_length=5, csi="perfect")
    observed = erasing.observe(packed(word), Stream(2, FRAMES), HARD)
    assert observed.erased is not None
    lanes = observed.lanes().T
    assert_share(lanes[:, 3] == 0, 0.2)
    assert np.array_equal(lanes[lanes != 0] < 0, word[lanes != 0])


def bounds(channel: Any, n: int) -> tuple[float, float]:
    """On the capacity, from the entropy of the nth error given all before, without and with the first state.

    Over all words of errors (Cover and Thomas, 2006, theorem 4.5.1).
    """
    states = channel._states
    step = np.array([[1 - states.enter, states.enter], [states.leave, 1 - states.leave]])
    flips = np.array([channel._good, channel._bad])

    def entropy(start: Any, length: int) -> float:
        words = np.atleast_2d(start)
        for _ in range(length):
            words = np.concatenate([words * flips @ step, words * (1 - flips) @ step])
        p = words.sum(1)
        return float(-(p[p > 0] * np.log2(p[p > 0])).sum())

    law = np.array([1 - states.share, states.share])
    without = entropy(law, n) - entropy(law, n - 1)
    known = [entropy(state, n) - entropy(state, n - 1) for state in np.eye(2)]
    return 1 - without, 1 - float(law @ known)


@pytest.mark.parametrize(
    ("f", "length", "bad", "good"),
    [
        (0.05, 3, 0.5, 0.0),
        (0.1, 2, 0.3, 0.02),
        (0.2, 1, 0.45, 0.1),
        (0.05, 1, 0.5, 0.0),
        (0.45, 30, 0.5, 0.0),
        (0.01, 8, 0.2, 0.001),
    ],
)
def test_capacity_lies_between_its_bounds(f: float, length: float, bad: float, good: float) -> None:
    channel = GilbertElliott(f=f, burst_length=length, bad=bad, good=good)
    low, high = bounds(channel, 14)
    assert low - 1e-9 <= channel.capacity() <= high + 1e-9
    assert high - low < 1e-3
    known = GilbertElliott(f=f, burst_length=length, bad=bad, good=good, csi="perfect")
    assert bsc_capacity(f) <= channel.capacity() + 1e-9 <= known.capacity() + 2e-9


def test_capacity_of_long_bursts_and_of_none() -> None:
    """The longer a state lasts the better it is known; where the next one is always new there is no memory."""
    lengths = (1.25, 3, 10, 100, 1000, 10_000)
    found = [GilbertElliott(f=0.05, burst_length=length, bad=0.25).capacity() for length in lengths]
    assert found[0] == pytest.approx(BSC(f=0.05).capacity(), abs=1e-12)  # leave = 0.8, enter = 0.2
    assert found == sorted(found)
    known = GilbertElliott(f=0.05, burst_length=3, bad=0.25, csi="perfect").capacity()
    assert 0 < known - found[-1] < 2e-3
    assert GilbertElliott(f=0.1, burst_length=7, bad=0.3, good=0.1).capacity() == bsc_capacity(0.1)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"burst_length": 0.5}, r"burst_length must lie in \[1, 10000\]"),
        ({"bad": 0.6}, r"bad must lie in \(0, 1/2\]"),
        ({"good": 0.5}, r"good must lie in \[0, bad\)"),
        ({"f": 0.48}, r"f, the mean error rate, must lie in \[0, 0.454545\]"),
        ({"good": 0.1}, r"f, the mean error rate, must lie in \[0.1, "),
        ({"csi": "noisy"}, "csi must be perfect or none"),
    ],
)
def test_what_is_no_channel(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        GilbertElliott(**{"f": 0.05, "burst_length": 10, **changed})
