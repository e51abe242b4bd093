"""Patterns by the number of flips, tried one by one."""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import pointer_to, trailing_zeros
from .failing_kernels import failing_frames, syndrome_of

i64, u64 = np.int64, np.uint64


@callee
def _last_flip(columns, target, first, n, most):
    """Try a flip at each position from ``first`` on; the one that fits or -1, and how many were tried."""
    last = min(n, first + most)
    for j in range(first, last):
        if columns[j] == target:
            return j, j - first + 1
    return i64(-1), last - first


@callee
def _flips(columns, target, count, n, most, at, sums):
    """Try the sets of ``count`` of n positions in lexicographic order, at most ``most``.

    Whether the columns of one add up to ``target``, which is then in ``at``, int64 (n), and how many were
    tried. ``sums`` is uint64 (n).
    """
    tried, depth, last = i64(0), i64(0), count - 1
    sums[0], at[0] = target, -1
    while depth >= 0:
        if depth == last:
            found, more = _last_flip(columns, sums[depth], at[depth] + 1, n, most - tried)
            tried += more
            if found >= 0:
                at[depth] = found
                return True, tried
            if tried == most:
                return False, tried
            depth -= 1
            continue
        at[depth] += 1
        if at[depth] > n - count + depth:
            depth -= 1
            continue
        sums[depth + 1] = sums[depth] ^ columns[at[depth]]
        at[depth + 1] = at[depth]
        depth += 1
    return False, tried


@kernel
def guess_by_weight(frames, columns, syndromes, most, words, queries, ok):
    """Correct ``words``, uint64 (groups, n), where guessing finds a codeword; ``ok``, uint64 (groups): where.

    Patterns come by the number of their flips, and in lexicographic order of positions. Parameters are those
    of ``guess_by_ranks``.
    """
    n = columns.size
    at, sums = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.uint64)
    column = pointer_to(columns)
    queries[:] = 1
    for group in range(words.shape[0]):
        failing = failing_frames(syndromes, group, frames)
        ok[group] = ~failing
        while failing:
            lane = trailing_zeros(failing)
            bit = u64(1) << lane
            failing &= ~bit
            target = syndrome_of(syndromes, group, lane)
            hit, tried, count = False, i64(1), i64(0)
            while not hit and tried < most:
                count += 1
                hit, more = _flips(column, target, count, n, most - tried, at, sums)
                tried += more
            queries[group * GROUP + i64(lane)] = tried
            if hit:
                ok[group] |= bit
                for i in range(count):
                    words[group, at[i]] ^= bit
