"""Counting errors, one frame a lane."""

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    bits_of,
    equal,
    keep_alive,
    load,
    mask_of,
    pointer_to,
    rows_in,
    select,
    space,
    splat,
    store,
)

#: Frames whose counters stay in the first-level cache.
TILE = 1024


@kernel
def count_errors(sent, decoded, errors):
    """``errors``, int32 (frames): the positions in which two uint8 (k, frames) arrays differ."""
    partial = np.empty(TILE, np.uint8)
    for first in range(0, sent.shape[1], TILE):
        last = min(first + TILE, sent.shape[1])
        total = errors[first:last]
        total[:] = 0
        # Byte counters hold 255 rows at a time; bytes are what the vector units count fastest.
        for begin in range(0, sent.shape[0], 255):
            for lane in range(total.size):
                partial[lane] = np.uint8(0)
            for i in range(begin, min(begin + 255, sent.shape[0])):
                a, b = sent[i, first:last], decoded[i, first:last]
                for lane in range(total.size):
                    partial[lane] += np.uint8(a[lane] != b[lane])
            for lane in range(total.size):
                total[lane] += np.int32(partial[lane])


@kernel
def count_group_errors(sent, decided, tie_bits, errors):
    """``errors``, int32 (64 groups): the positions in which decisions differ from what was sent.

    ``sent``, uint64 (groups, k), has a bit for each of 64 frames; ``decided``, int8 (groups, k, 64), a
    decision, 2 where the bit of ``tie_bits`` decides, uint64 of the shape of ``sent``.
    """
    groups, k = sent.shape
    decisions = pointer_to(decided)
    memory = space(1)
    counted = rows_in(memory, decisions)
    nothing, one, two = splat(np.int8(0)), splat(np.int8(1)), splat(np.int8(2))
    for group in range(groups):
        total = errors[group * GROUP : (group + 1) * GROUP]
        total[:] = 0
        for begin in range(0, k, 255):
            partial = nothing
            for i in range(begin, min(begin + 255, k)):
                decision = load(decisions, group * k + i)
                ones = bits_of(equal(decision, one)) | (bits_of(equal(decision, two)) & tie_bits[group, i])
                wrong = mask_of(ones ^ sent[group, i], partial)
                partial = partial + select(wrong, one, nothing)
            store(counted, 0, partial)
            for lane in range(GROUP):
                total[lane] += np.int32(np.uint8(counted[lane]))
    keep_alive(memory)


@kernel
def count_differences(sent, decided, errors):
    """``errors``, int32 (64 groups): where two uint64 (groups, k) arrays of packed bits differ."""
    groups, k = sent.shape
    memory = space(1)
    counted = rows_in(memory, pointer_to(memory))
    nothing, one = splat(np.int8(0)), splat(np.int8(1))
    for group in range(groups):
        total = errors[group * GROUP : (group + 1) * GROUP]
        total[:] = 0
        for begin in range(0, k, 255):  # as many as a byte counts
            partial = nothing
            for i in range(begin, min(begin + 255, k)):
                wrong = sent[group, i] ^ decided[group, i]
                partial = partial + select(mask_of(wrong, partial), one, nothing)
            store(counted, 0, partial)
            for lane in range(GROUP):
                total[lane] += np.int32(np.uint8(counted[lane]))
    keep_alive(memory)
