"""The positions of a frame from the least reliable on, sorted as far as somebody asks for them."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.vector_kernels import pointer_to

i64, u32, u64 = np.int64, np.uint32, np.uint64

#: All but the sign of a float32. As numbers, the bits of magnitudes are in the order of these.
MAGNITUDE = u32(0x7FFFFFFF)
#: The position in a key.
POSITION = u64(0xFFFFFFFF)
#: What is added to the bits of a magnitude of a float32 for about a quarter more, and for one part in 16.
QUARTER, SIXTEENTH = i64(1 << 21), i64(1 << 19)
#: The bits of 1.0, and of the largest magnitude.
ONE, LARGEST = i64(0x3F800000), i64(0x7F800000)
#: Between so many positions the first step should find: most frames need no more.
FEW, MANY = 16, 24

#: Pointers: by position ``sizes``, the bits of magnitudes, uint32, and ``columns`` of the parity-check matrix,
#: uint64; by rank ``keys``, uint64, magnitude above position, and ``ranked``, the columns. Then ``n``. Ranks
#: count from 1.
Ranks = namedtuple("Ranks", ("sizes", "columns", "keys", "ranked", "n"))


@inlined
def memory_of_ranks(n):
    """Memory for a frame's ranks, to be kept alive."""
    return np.empty(n, np.uint32), np.empty(n + 2, np.uint64), np.empty(n + 1, np.uint64)


@inlined
def ranks_in(memory, columns):
    """The ranks in their memory."""
    sizes, keys, ranked = memory
    return Ranks(pointer_to(sizes), pointer_to(columns), pointer_to(keys), pointer_to(ranked), columns.size)


@inlined
def receive(ranks, llr, lane):
    """Take the magnitudes of a frame: lane ``lane`` of a pointer to a group of LLRs, float32."""
    for j in range(ranks.n):
        ranks.sizes[j] = u32(llr[j * GROUP + i64(lane)]) & MAGNITUDE


@callee
def _sort(keys, first, last):
    """Put the keys of ranks ``first`` to ``last`` - 1 in ascending order (Shell, 1959; Ciura's gaps)."""
    gap = 1
    while 9 * gap < 4 * (last - first):
        gap = 9 * gap // 4 + 1
    while True:
        for i in range(first + gap, last):
            key, j = keys[i], i
            while j >= first + gap and keys[j - gap] > key:
                keys[j] = keys[j - gap]
                j -= gap
            keys[j] = key
        if gap == 1:
            return
        gap = 1 if gap < 9 else 4 * gap // 9


@callee
def _rank_between(ranks, known, low, high):
    """Rank the positions whose magnitudes have bits from ``low`` to ``high`` - 1; how many are known then.

    All below ``low`` have been: ``known`` of them. Of equal magnitudes the first position comes first.
    """
    count = known
    for j in range(ranks.n):
        size = i64(ranks.sizes[j])
        ranks.keys[count + 1] = (u64(size) << u64(32)) | u64(j)
        count += i64((size >= low) & (size < high))
    _sort(ranks.keys, known + 1, count + 1)
    for rank in range(known + 1, count + 1):
        ranks.ranked[rank] = ranks.columns[i64(ranks.keys[rank] & POSITION)]
    return count


@callee
def rank_to(ranks, rank, known, low, high):
    """Know at least so many ranks; the number known, and the bits from which nothing is.

    ``known`` have magnitudes below ``low``; up to ``high`` is the next step, and each one after it is longer.
    """
    step = QUARTER
    while known < rank:
        known = _rank_between(ranks, known, low, high)
        low, high = high, min(high + step, LARGEST)
        step *= 2
    return known, low


@inlined
def next_guess(guess, found):
    """Up to where the first step of the next frame should go: no result depends on it."""
    if found < FEW:
        return min(guess + SIXTEENTH, LARGEST)
    return max(guess - SIXTEENTH, SIXTEENTH) if found > MANY else guess


@callee
def size_of_rank(ranks, rank):
    """The bits of the magnitude of a rank, known or not: the least that so many do not exceed."""
    found, step = i64(0), i64(1 << 30)
    while step:
        tried = u32(found + step)
        below = u32(0)
        for j in range(ranks.n):
            below += u32(ranks.sizes[j] < tried)
        if below < u32(rank):
            found += step
        step >>= 1
    return found
