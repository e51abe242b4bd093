"""Frames whose hard decision is no codeword, and what guessing does to them."""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP

i64, u64 = np.int64, np.uint64


@inlined
def failing_frames(syndromes, group, frames):
    """The frames of a group with a syndrome that is not 0, as bits.

    ``syndromes`` is uint64 (groups, checks): a word for each check. Lanes beyond the last of ``frames`` are
    none of them.
    """
    failing = u64(0)
    for check in range(syndromes.shape[1]):
        failing |= syndromes[group, check]
    left = frames - GROUP * group
    return failing if left >= GROUP else failing & ((u64(1) << u64(left)) - u64(1))


@inlined
def syndrome_of(syndromes, group, lane):
    """The syndrome of one frame as a number: bit i is check i."""
    found = u64(0)
    for check in range(syndromes.shape[1]):
        found |= ((syndromes[group, check] >> lane) & u64(1)) << u64(check)
    return found
