"""The binary symmetric channel with erasures."""

import math

import numpy as np
import pytest
from capgap.channels import BEC, BSC, BSEC, Stream, blahut_arimoto, bsec_capacity
from capgap.vectors.groups import HARD, packed
from scipy.stats import binom

FRAMES, N = 2000, 61


@pytest.mark.parametrize(("f", "epsilon"), [(0.05, 0.2), (0.0, 0.3), (0.2, 0.0), (0.3, 0.4), (0.0, 1.0)])
def test_bits_are_flipped_and_erased_with_their_probabilities(f: float, epsilon: float) -> None:
    """Two-sided binomial tests, significance 1e-6 each."""
    channel = BSEC(f=f, epsilon=epsilon)
    word = Stream(1, FRAMES).bits(N)
    received = channel.transmit(word, Stream(2, FRAMES))
    counts = np.count_nonzero(received == 2), np.count_nonzero(received == 1 - word)
    for count, probability in zip(counts, (epsilon, f), strict=True):
        assert binom.cdf(count, word.size, probability) > 5e-7
        assert binom.sf(count - 1, word.size, probability) > 5e-7
    # The plain form and the fast one are the same channel.
    observed = channel.observe(packed(word), Stream(2, FRAMES), HARD)
    assert np.array_equal(observed.lanes().T, np.sign(channel.llr(received)))


def test_llrs_and_capacity() -> None:
    assert BSEC(f=0.1, epsilon=0.2).llr([0, 1, 2]).tolist() == pytest.approx([math.log(7), -math.log(7), 0])
    assert BSEC(f=0.0, epsilon=0.2).capacity() == BEC(epsilon=0.2).capacity()
    assert BSEC(f=0.1, epsilon=0).capacity() == BSC(f=0.1).capacity()
    for f, epsilon in ((0.05, 0.2), (0.3, 0.4), (0.01, 0.9)):
        right = 1 - f - epsilon
        found = blahut_arimoto([[right, f, epsilon], [f, right, epsilon]])
        assert bsec_capacity(f, epsilon) == pytest.approx(found.lower, abs=1e-9)


def test_at_its_greatest_f_nothing_is_known() -> None:
    channel = BSEC(f=0.4, epsilon=0.2)
    assert channel.capacity() == pytest.approx(0, abs=1e-12)
    given = channel.observe(packed(np.zeros((3, 5), np.uint8)), Stream(1, 3), HARD)
    assert not given.lanes().any()


@pytest.mark.parametrize(
    ("f", "epsilon", "problem"),
    [
        (0.41, 0.2, r"f, .* \[0, 0.4\]"),
        (-0.1, 0.2, "f, the"),
        (0.1, 1.1, "epsilon, the"),
        (0.1, 1.0, r"\[0, 0\]"),
    ],
)
def test_what_is_no_channel(f: float, epsilon: float, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        BSEC(f=f, epsilon=epsilon)
