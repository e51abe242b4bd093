"""Hard decision and majority, beside slow references."""

import itertools
from typing import Any

import numpy as np
import pytest
from capgap.channels import BSC
from capgap.codes import (
    DecodeResult,
    HardDecoder,
    MajorityDecoder,
    RepetitionCode,
    UncodedCode,
)
from capgap.codes.tie_breaking import fixed_tie_bits

from tests.codes.samples import (
    assert_same,
    random_llrs,
    words_of,
)


@pytest.mark.parametrize(("frames", "k"), [(1, 1), (300, 5), (7, 1000)])
def test_hard(frames: int, k: int) -> None:
    llr = random_llrs(frames, k)
    result = HardDecoder(UncodedCode(k=k)).decode(llr)
    coins = fixed_tie_bits(k)
    expected = [[1 if x < 0 else 0 if x > 0 else coins[i] for i, x in enumerate(row)] for row in llr]
    settled = (llr != 0).all(axis=1)
    assert_same(result, DecodeResult.without_iterations(np.array(expected, np.uint8), settled))


@pytest.mark.parametrize("input", ["soft", "hard"])
@pytest.mark.parametrize(("n", "k"), [(1, 1), (3, 1), (4, 1), (12, 3), (20, 10)])
def test_majority(n: int, k: int, input: Any) -> None:
    llr = np.round(random_llrs(2000, n) * 4) / np.float32(4)  # sums are exact, and ties come up
    coins = fixed_tie_bits(k)
    expected, settled = np.empty((2000, k), np.uint8), np.ones(2000, np.bool_)
    for frame, i in itertools.product(range(2000), range(k)):
        copies = [float(x) for x in llr[frame, i::k]]
        total = sum(copies) if input == "soft" else sum(x > 0 for x in copies) - sum(x < 0 for x in copies)
        expected[frame, i] = coins[i] if total == 0 else total < 0
        settled[frame] &= total != 0
    result = MajorityDecoder(RepetitionCode(n=n, k=k), input=input).decode(llr)
    assert_same(result, DecodeResult.without_iterations(expected, settled))


def test_soft_majority_is_the_vote_on_the_binary_symmetric_channel() -> None:
    code, signs = RepetitionCode(n=10), 1 - 2 * words_of(10).astype(np.float32)
    vote = MajorityDecoder(code, input="hard").decode(signs)
    for f in (0.01, 0.1, 0.25):
        llr = BSC(f=f).llr(words_of(10))
        assert_same(MajorityDecoder(code).decode(llr), vote)
