"""The positions of a frame from the least reliable on, sorted as far as somebody asks for them.

Most frames need few ranks. So positions whose reliability is below a threshold are collected for all frames
of a group at once, and only these are sorted. More are looked for frame by frame, where they are needed.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP, PARTS
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    equal,
    load,
    pointer_to,
    population_count,
    shifted,
    splat,
    store,
    trailing_zeros,
)

i32, i64, u64 = np.int32, np.int64, np.uint64

#: All but the sign of a float32. The bits of magnitudes are, as numbers, in the order of these.
MAGNITUDE = i32(0x7FFFFFFF)
#: The bits of 1.0, and of what is above all magnitudes.
ONE, ABOVE = i64(0x3F800000), i64(0x7F800000)
#: What is added to the bits of a magnitude for twice as much, and for one part in 16 and in 32.
TWICE, PART_IN_16, PART_IN_32 = i64(1 << 23), i64(1 << 19), i64(1 << 18)
#: How many positions the threshold should leave, on average: a vector of them.
WANTED = 16

#: Pointers: ``bits``, int32, of a frame's LLRs, GROUP elements apart; ``columns`` of the parity-check matrix,
#: uint64, by position; ``order``, int32, and ``ranked``, uint64: positions and columns by rank, from 1 on;
#: ``sizes`` and ``places``, int32: magnitudes and positions that are yet to be sorted. Then ``n``.
Ranks = namedtuple("Ranks", ("bits", "columns", "order", "ranked", "sizes", "places", "n"))


def memory_of_ranks(n):
    """Memory for the ranks of a group's frames, each in its turn: int32, uint64 and int64."""
    row = n + LANES_FLOAT32
    return np.empty(n + 1 + 2 * GROUP * row, np.int32), np.empty(n + 1, np.uint64), np.empty(GROUP, np.int64)


@inlined
def ranks_in(memory, columns):
    """The ranks in their memory, as they are of lane 0, but for ``bits``, which point to no LLR yet."""
    order, n = pointer_to(memory[0]), columns.size
    sizes = shifted(order, n + 1)
    places = shifted(sizes, GROUP * (n + LANES_FLOAT32))
    return Ranks(order, pointer_to(columns), order, pointer_to(memory[1]), sizes, places, n)


@inlined
def ranks_of(ranks, bits, lane):
    """Those of a frame, lane ``lane`` of the group with these ``bits`` of LLRs, a pointer to int32."""
    row = lane * (ranks.n + LANES_FLOAT32)
    sizes, places = shifted(ranks.sizes, row), shifted(ranks.places, row)
    return Ranks(shifted(bits, lane), ranks.columns, ranks.order, ranks.ranked, sizes, places, ranks.n)


@callee
def collect(ranks, counts, bits, lanes, threshold):
    """Collect the positions with magnitudes below ``threshold``, of the frames whose bit of ``lanes`` is set.

    How many each has is in ``counts``, a pointer to int64, and all together are returned.
    """
    n, total = ranks.n, i64(0)
    for lane in range(GROUP):
        counts[lane] = 0
    magnitude, limit = splat(MAGNITUDE), splat(i32(threshold))
    for j in range(n):
        small = u64(0)
        for part in range(PARTS):
            found = bits_of(below(load(bits, j * PARTS + part) & magnitude, limit))
            small |= found << u64(part * LANES_FLOAT32)
        small &= lanes
        while small:
            lane = trailing_zeros(small)
            small &= small - u64(1)
            at = lane * (n + LANES_FLOAT32) + counts[lane]
            ranks.sizes[at], ranks.places[at] = bits[j * GROUP + lane] & MAGNITUDE, j
            counts[lane] += 1
            total += 1
    return total


@callee
def sort_collected(ranks, known, count):
    """Give ``count`` positions that were collected, ascending, the ranks after those ``known``.

    Of equal magnitudes the first position comes first. A rank is the number of positions that come before.
    """
    store(shifted(ranks.sizes, count), 0, splat(i32(ABOVE)))
    for i in range(count):
        own, rank = splat(ranks.sizes[i]), known + 1
        for first in range(0, count, LANES_FLOAT32):
            others = load(shifted(ranks.sizes, first), 0)
            earlier = (u64(1) << u64(min(max(i - first, 0), LANES_FLOAT32))) - u64(1)
            before = bits_of(below(others, own)) | (bits_of(equal(others, own)) & earlier)
            rank += population_count(before)
        place = ranks.places[i]
        ranks.order[rank], ranks.ranked[rank] = place, ranks.columns[place]


@callee
def rank_to(ranks, rank, known, low):
    """Know at least so many ranks; the number known, and the bits of magnitudes from which nothing is.

    ``known`` is the number of magnitudes below ``low``. The first step is to twice as much.
    """
    step = TWICE
    while known < rank:
        high, count = min(low + step, ABOVE), i64(0)
        for j in range(ranks.n):
            size = ranks.bits[j * GROUP] & MAGNITUDE
            ranks.sizes[count], ranks.places[count] = size, j
            count += i64((size >= low) & (size < high))
        sort_collected(ranks, known, count)
        known, low, step = known + count, high, 2 * step
    return known, low


@inlined
def next_threshold(threshold, found, frames):
    """The threshold for the next group: no result depends on it, but how soon it is there."""
    if found < (WANTED - 1) * frames:
        return min(threshold + PART_IN_32, ABOVE)
    return max(threshold - PART_IN_32, i64(1)) if found > (WANTED + 1) * frames else threshold


@inlined
def _below(sizes, n, limit):
    """How many of n magnitudes are below one; in the last vector what is beyond them is not."""
    count = i64(0)
    for first in range(0, n, LANES_FLOAT32):
        count += population_count(bits_of(below(load(shifted(sizes, first), 0), splat(i32(limit)))))
    return count


@callee
def place_of(ranks, rank, near):
    """A position with the magnitude of one rank, whatever is known: its bits may be about ``near``.

    Overwrites what was collected. The magnitude has less than ``rank`` below it, and lies between two of
    which that holds for the lower one alone: these are moved together by turns as if magnitudes lay evenly
    between, and by halves.
    """
    for j in range(ranks.n):
        ranks.sizes[j] = ranks.bits[j * GROUP] & MAGNITUDE
    store(shifted(ranks.sizes, ranks.n), 0, splat(i32(ABOVE)))
    low, high, fewer, more = i64(0), ABOVE, i64(0), i64(ranks.n)
    tried, evenly, reach = near, True, PART_IN_16
    while high - low > 1 and more - fewer > 1:
        count = _below(ranks.sizes, ranks.n, tried)
        if count < rank:
            low, fewer = tried, count
        else:
            high, more = tried, count
        if low == 0 or high == ABOVE:  # one end is not known yet
            tried = tried + reach if low else tried - reach
            reach *= 2
        elif evenly:
            tried = low + (high - low) * (2 * (rank - fewer) - 1) // (2 * (more - fewer))
        else:
            tried = (low + high) >> 1
        evenly = not evenly
        tried = min(max(tried, low + 1), high - 1)
    found, place = ABOVE, i64(0)
    for j in range(ranks.n):
        size = i64(ranks.sizes[j])
        nearer = (size >= low) & (size < found)
        found, place = (size if nearer else found), (j if nearer else place)
    return place
