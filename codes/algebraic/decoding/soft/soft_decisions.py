"""Hard decisions on LLRs in groups."""

import numpy as np

from .....vectors.groups import GroupInput, Words
from ....decision_kernels import decide_repetitions
from ....tie_breaking import BitStream, break_ties


def decided(given: GroupInput, stream: BitStream | None) -> Words:
    """The signs of float32 LLRs, uint64 (groups, n); fair bits where an LLR is 0."""
    assert given.llr is not None
    groups, n, _ = given.llr.shape
    words = np.empty((groups, n), np.uint64)
    undecided = np.empty_like(words)
    if decide_repetitions(given.llr, words, undecided):
        break_ties(words, undecided, np.arange(n), given.frames, stream)
    return words
