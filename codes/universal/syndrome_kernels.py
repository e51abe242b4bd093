"""The table of coset leaders, and its use on groups of 64 frames."""

import numpy as np

from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import trailing_zeros

u64 = np.uint64


@kernel
def build_table(columns, checks):
    """For each of the 2^checks syndromes, one position of its coset leader, and whether that is unique.

    Breadth-first from syndrome 0: a leader of weight w is one of weight w - 1 plus one position.
    ``flip`` is int32, -1 where there is nothing to flip; correcting flips flip[s], adds its column
    to s, and goes on until s = 0. Every ordering of a lightest pattern is a path of the search, so
    a leader of weight w is unique if w! paths lead to it.
    """
    size = 1 << checks
    flip, weight = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    paths = np.zeros(size, np.float64)
    unique = np.zeros(size, np.bool_)
    queue = np.empty(size, np.int64)
    weight[0], paths[0], unique[0], queue[0] = 0, 1.0, True, 0
    head, tail, factorial = 0, 1, 1.0
    while head < tail:
        s = queue[head]
        head += 1
        if weight[s] > 0:
            if weight[s] != weight[queue[head - 2]]:
                factorial *= weight[s]
            unique[s] = paths[s] == factorial
        for j in range(columns.size):
            t = s ^ columns[j]
            if weight[t] < 0:
                weight[t], flip[t], queue[tail] = weight[s] + 1, j, t
                tail += 1
            if weight[t] == weight[s] + 1:
                paths[t] += paths[s]
    return flip, unique


@kernel
def correct_groups(words, digits, columns, flip, unique, ok):
    """Correct ``words``, uint64 (groups, n), in place: the packed bits of 64 frames a group.

    ``columns`` are the syndromes of single errors, int64 (n), and ``digits`` their binary digits as words,
    all ones for 1: uint64 (n, checks). ``flip`` and ``unique`` are as ``build_table`` makes them. ``ok``,
    uint64 (groups), receives whether the coset leader was unique. Single errors are found in 64 frames at a
    time, others frame by frame.
    """
    groups, n = words.shape
    checks = digits.shape[1]
    syndrome = np.empty(checks, np.uint64)
    for group in range(groups):
        left, doubtful = u64(0), u64(0)
        syndrome[:] = u64(0)
        for j in range(n):
            word = words[group, j]
            for check in range(checks):
                syndrome[check] ^= word & digits[j, check]
        for check in range(checks):
            left |= syndrome[check]
        for j in range(n):
            if left == u64(0):
                break
            column = columns[j]
            if flip[column] != j:
                continue
            here = left
            for check in range(checks):
                here &= ~(syndrome[check] ^ digits[j, check])
            words[group, j] ^= here
            left &= ~here
            if not unique[column]:
                doubtful |= here
        while left:
            lane = trailing_zeros(left)
            bit = u64(1) << lane
            left &= ~bit
            s = 0
            for check in range(checks):
                s |= np.int64((syndrome[check] >> lane) & u64(1)) << check
            if not unique[s]:
                doubtful |= bit
            while s:
                words[group, flip[s]] ^= bit
                s ^= columns[flip[s]]
        ok[group] = ~doubtful
