"""Patterns by the sum of the reliabilities that they flip, from a heap."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import pointer_to, population_count, seen_as, shifted, trailing_zeros
from .failing_kernels import failing_frames, syndrome_of
from .rank_kernels import (
    ONE,
    collect,
    next_threshold,
    rank_to,
    ranks_in,
    ranks_of,
    sort_collected,
)

f64, i64, u64 = np.float64, np.int64, np.uint64

#: Patterns by number, in the order in which they came up. Arrays, or pointers: ``cost``, float64,
#: the sum of reliabilities; ``syndrome``, uint64; ``last``, int32, the highest rank; ``prefix``, int32, the
#: pattern without it, -1 if that is empty. ``heap``, int32, has the numbers of those that were not yet tried,
#: the next one first.
Patterns = namedtuple("Patterns", ("cost", "syndrome", "last", "prefix", "heap"))


def room_for_patterns(n, most):
    """Memory for so many queries: two patterns for each, of which a short code has no more than 2^n."""
    size = 2 * min(most, 1 << min(n, 40)) + 2
    return Patterns(*(np.empty(size, kind) for kind in (np.float64, np.uint64, np.int32, np.int32, np.int32)))


@inlined
def _before(patterns, a, b):
    """Whether pattern a is tried before b."""
    cost, other = patterns.cost[a], patterns.cost[b]
    return cost < other or (cost == other and a < b)


@callee
def _push(patterns, waiting, pattern):
    """Put a pattern into the heap of so many."""
    heap, at = patterns.heap, waiting
    while at and _before(patterns, pattern, heap[(at - 1) >> 1]):
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = pattern


@callee
def _pop(patterns, waiting):
    """Take the next pattern from the heap of so many."""
    heap = patterns.heap
    first, moved, at, left = heap[0], heap[waiting - 1], i64(0), waiting - 1
    while 2 * at + 1 < left:
        child = 2 * at + 1
        if child + 1 < left and _before(patterns, heap[child + 1], heap[child]):
            child += 1
        if _before(patterns, moved, heap[child]):
            break
        heap[at] = heap[child]
        at = child
    heap[at] = moved
    return first


@callee
def _add(patterns, pattern, prefix, rank, size, column):
    """Make a pattern: another one, or none, and a rank above it."""
    cost, syndrome = f64(size), column
    if prefix >= 0:
        cost += patterns.cost[prefix]
        syndrome ^= patterns.syndrome[prefix]
    patterns.cost[pattern], patterns.syndrome[pattern] = cost, syndrome
    patterns.last[pattern], patterns.prefix[pattern] = rank, prefix


@callee
def _search(ranks, known, low, values, target, most, patterns):
    """Try patterns until one has the syndrome ``target``, or there were ``most`` with none flipped at all.

    ``known`` ranks are, of magnitudes below ``low``; ``values`` points to the frame's LLRs. Returns the
    pattern or -1, and the number tried. Each pattern that is tried brings up two: with the next rank beside
    its last one, and in the place of that. So each comes up once, and after all that are more likely
    (Solomon, Duffy and Medard, 2020).
    """
    known, low = rank_to(ranks, 1, known, low)
    tried, made, waiting = i64(1), i64(1), i64(1)
    _add(patterns, 0, i64(-1), 1, abs(values[i64(ranks.order[1]) * GROUP]), ranks.ranked[1])
    patterns.heap[0] = 0
    while waiting and tried < most:
        pattern = _pop(patterns, waiting)
        waiting -= 1
        tried += 1
        if patterns.syndrome[pattern] == target:
            return i64(pattern), tried
        rank = i64(patterns.last[pattern]) + 1
        if rank > ranks.n:
            continue
        known, low = rank_to(ranks, rank, known, low)
        size, column = abs(values[i64(ranks.order[rank]) * GROUP]), ranks.ranked[rank]
        for prefix in (i64(pattern), i64(patterns.prefix[pattern])):
            _add(patterns, made, prefix, rank, size, column)
            _push(patterns, waiting, made)
            made += 1
            waiting += 1
    return i64(-1), tried


@kernel
def guess_by_likelihood(llr, frames, columns, syndromes, most, memory, room, words, queries, ok):
    """Correct ``words``, uint64 (groups, n), where guessing finds a codeword; ``ok``, uint64 (groups): where.

    Patterns come by the sum of the reliabilities that they flip, so the first one that fits is the most
    likely; equal ones as they came up. Parameters are those of ``guess_by_ranks``; ``room`` is for
    patterns.
    """
    n = columns.size
    every, counts, soft = ranks_in(memory, columns), pointer_to(memory[2]), pointer_to(llr)
    patterns = Patterns(
        pointer_to(room.cost),
        pointer_to(room.syndrome),
        pointer_to(room.last),
        pointer_to(room.prefix),
        pointer_to(room.heap),
    )
    threshold = ONE
    queries[:] = 1
    for group in range(llr.shape[0]):
        failing = failing_frames(syndromes, group, frames)
        ok[group] = ~failing
        if failing == u64(0) or most == 1:
            continue
        values = shifted(soft, group * n * GROUP)
        bits = seen_as(values, every.order)
        low, left = threshold, failing
        found = collect(every, counts, bits, failing, low)
        threshold = next_threshold(threshold, found, population_count(failing))
        while left:
            lane = trailing_zeros(left)
            bit = u64(1) << u64(lane)
            left &= ~bit
            ranks, known = ranks_of(every, bits, lane), counts[lane]
            sort_collected(ranks, i64(0), known)
            target = syndrome_of(syndromes, group, u64(lane))
            pattern, tried = _search(ranks, known, low, shifted(values, lane), target, most, patterns)
            queries[group * GROUP + lane] = tried
            if pattern >= 0:
                ok[group] |= bit
            while pattern >= 0:
                words[group, ranks.order[i64(patterns.last[pattern])]] ^= bit
                pattern = i64(patterns.prefix[pattern])
