"""Bounded-distance decoding of packed words by a table of syndromes."""

import numpy as np

from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import trailing_zeros

u64 = np.uint64


@kernel
def correct_words(words, digits, table, ok):
    """Correct ``words``, uint64 (groups, n), in place: the packed bits of 64 frames a group.

    ``digits`` are the binary digits of the syndromes of single errors as words, all ones for 1: uint64 (n,
    checks). ``table`` is that of ``Component``. ``ok``, uint64 (groups), receives where words were decoded;
    others stay as they are.
    """
    groups, n = words.shape
    checks = digits.shape[1]
    syndrome = np.empty(checks, np.uint64)
    for group in range(groups):
        left, decoded = u64(0), ~u64(0)
        syndrome[:] = u64(0)
        for j in range(n):
            word = words[group, j]
            for check in range(checks):
                syndrome[check] ^= word & digits[j, check]
        for check in range(checks):
            left |= syndrome[check]
        while left:
            lane = trailing_zeros(left)
            bit = u64(1) << u64(lane)
            left &= ~bit
            s = 0
            for check in range(checks):
                s |= np.int64((syndrome[check] >> u64(lane)) & u64(1)) << check
            if table[s, 0] > n:
                decoded &= ~bit
                continue
            for i in range(table.shape[1]):
                if table[s, i] < n:
                    words[group, table[s, i]] ^= bit
        ok[group] = decoded
