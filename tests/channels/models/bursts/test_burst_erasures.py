"""Erasures in bursts.

Statistical tests have their seeds fixed beforehand and fail a correct program with probability 1e-6 at most.
"""

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import BurstErasures, Stream
from capgap.simulate import run
from capgap.vectors.groups import HARD, SOFT, packed
from scipy.stats import binomtest

FRAMES, N = 20_000, 40


def assert_share(hits: npt.NDArray[np.bool_], probability: float) -> None:
    assert binomtest(int(hits.sum()), hits.size, probability).pvalue > 1e-7


@pytest.mark.parametrize(("epsilon", "length"), [(0.1, 8.0), (0.5, 1.0), (0.6, 3.0)])
def test_erasures_have_the_law_of_the_chain(epsilon: float, length: float) -> None:
    """At single positions, and along bursts and what is between them: frames are independent of each other."""
    word = Stream(1, FRAMES).bits(N)
    received = BurstErasures(epsilon=epsilon, burst_length=length).transmit(word, Stream(2, FRAMES))
    lost = received == 2
    assert np.array_equal(received[~lost], word[~lost])
    stay, enter = 1 - 1 / length, epsilon / (length * (1 - epsilon))
    for at in (0, 17, N - 3):
        assert_share(lost[:, at], epsilon)
        assert_share(lost[:, at] & lost[:, at + 1] & lost[:, at + 2], epsilon * stay**2)
        assert_share(~lost[:, at] & ~lost[:, at + 1] & lost[:, at + 2], (1 - epsilon) * (1 - enter) * enter)


def test_both_forms_are_one_channel() -> None:
    channel = BurstErasures(epsilon=0.3, burst_length=4)
    word = Stream(1, 100).bits(N)
    llr = channel.llr(channel.transmit(word, Stream(2, 100)))
    assert set(np.unique(llr)) == {-1000, 0, 1000}
    for reads in (SOFT, HARD):
        observed = channel.observe(packed(word), Stream(2, 100), reads).lanes().T
        assert np.array_equal(observed, llr if reads is SOFT else np.sign(llr))
    assert BurstErasures(epsilon=0.3, burst_length=4).capacity() == 0.7
    assert repr(eval(repr(channel))) == repr(channel)


def test_repetition_errs_where_a_burst_is_as_long() -> None:
    config = {
        "name": "bursts",
        "channel": {"type": "burst-erasures", "epsilon": 0.3, "burst_length": 5},
        "curves": [{"label": "a", "code": {"type": "repetition", "n": 3}, "decoder": "ml"}],
        "stop": {"frames": 20_000},
        "seed": 1,
    }
    (row,) = run(config, save=False)
    assert binomtest(row.tally.frame_errors, row.tally.frames, 0.3 * 0.8**2 / 2).pvalue > 1e-6


@pytest.mark.parametrize(
    ("epsilon", "length", "problem"),
    [
        (0.3, 0.5, r"burst_length must lie in \[1, 10000\]"),
        (0.6, 1, r"epsilon, the mean erasure probability, must lie in \[0, 0.5\]"),
        (-0.1, 3, "epsilon, the mean erasure probability"),
    ],
)
def test_what_is_no_channel(epsilon: float, length: float, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        BurstErasures(epsilon=epsilon, burst_length=length)
