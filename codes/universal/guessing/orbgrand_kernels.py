"""Patterns by a weight of their ranks: partitions into distinct parts, tried one by one."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import pointer_to, population_count, seen_as, shifted, trailing_zeros
from .failing_kernels import failing_frames, syndrome_of
from .rank_kernels import (
    MAGNITUDE,
    ONE,
    collect,
    next_threshold,
    place_of,
    rank_to,
    ranks_in,
    ranks_of,
    sort_collected,
)

i64, u64 = np.int64, np.uint64

#: A set of ranks in the making, by pointers: int64 ``parts``, ascending, the ``top`` to which each goes, and
#: the ``rest`` of the weight for it and what follows; uint64 ``sums``, the syndrome that these must have.
Sets = namedtuple("Sets", ("parts", "top", "rest", "sums"))


@callee
def intercept_of(ranks, magnitudes, first, middle):
    """How many flips of rank 0 each flip counts beside its rank: the line L(r) = beta (r + c) has this c.

    ``magnitudes`` are LLRs, a pointer to float32, at the positions ``first`` and ``middle`` of ranks 1 and
    n/2, through which the line goes. c is rounded, and 0 at least.
    """
    n = ranks.n
    least, other = np.float64(abs(magnitudes[first * GROUP])), np.float64(abs(magnitudes[middle * GROUP]))
    along = least * (n // 2 - 1)  # L(1) / beta, but for the division
    largest = n * (n + 1) // 2  # from here on the number of flips goes before all else
    if along >= (other - least) * (largest + 1.0):
        return i64(largest) if least > 0.0 else i64(0)
    return max(i64(np.floor(along / (other - least) - 0.5)), i64(0))


@callee
def _pairs(ranked, target, total, after, n, most):
    """Try pairs of ranks, the lower above ``after``, with this sum; the lower one or 0, and how many."""
    first, last = max(after + 1, total - n), (total - 1) >> 1
    last = min(last, first + most - 1)
    for a in range(first, last + 1):
        if ranked[a] ^ ranked[total - a] == target:
            return a, a - first + 1
    return i64(0), max(last - first + 1, i64(0))


@callee
def _triples(ranked, target, total, after, n, most, parts):
    """Try sets of three ranks above ``after`` with this sum, in lexicographic order, at most ``most``.

    Whether one fits, which is then in ``parts``, a pointer to int64, and how many were tried.
    """
    tried = i64(0)
    for a in range(max(after + 1, total - 2 * n + 1), (total - 3) // 3 + 1):
        rest, sum_ = total - a, target ^ ranked[a]
        first, last = max(a + 1, rest - n), (rest - 1) >> 1
        last = min(last, first + most - tried - 1)
        for b in range(first, last + 1):
            if ranked[b] ^ ranked[rest - b] == sum_:
                parts[0], parts[1], parts[2] = a, b, rest - b
                return True, tried + b - first + 1
        tried += last - first + 1
        if tried == most:
            break
    return False, tried


@callee
def _sets(ranked, target, total, count, n, most, sets):
    """Try the sets of ``count`` distinct ranks, 1 to n, with sum ``total``, in lexicographic order.

    There are 3 ranks or more, and at most ``most`` sets are tried. Whether the columns of one add up to
    ``target``, which is then in ``sets.parts``, and how many were tried.
    """
    parts, top, rest, sums = sets
    tried, depth, last = i64(0), i64(0), count - 3
    rest[0], sums[0] = total, target
    entered = True
    while depth >= 0:
        before = parts[depth - 1] if depth else i64(0)
        if depth == last:
            hit, more = _triples(
                ranked, sums[depth], rest[depth], before, n, most - tried, shifted(parts, depth)
            )
            tried += more
            if hit or tried == most:
                return hit, tried
            depth -= 1
            entered = False
            continue
        if entered:
            # What follows has ranks above this one, and at most n: it can make up any sum between.
            behind = count - depth - 1
            least = rest[depth] - (behind * n - behind * (behind - 1) // 2)
            parts[depth] = max(before + 1, least)
            top[depth] = (rest[depth] - behind * (behind + 1) // 2) // (behind + 1)
        else:
            parts[depth] += 1
        entered = parts[depth] <= top[depth]
        if entered:
            rest[depth + 1] = rest[depth] - parts[depth]
            sums[depth + 1] = sums[depth] ^ ranked[parts[depth]]
            depth += 1
        else:
            depth -= 1
    return False, tried


@callee
def _search(ranks, known, low, target, intercept, most, sets):
    """Try patterns until one has the syndrome ``target``, or there were ``most`` with none flipped at all.

    ``known`` ranks are, of magnitudes below ``low``. Returns the number of ranks in ``sets.parts``, 0 if none
    was found, and that of the patterns.
    """
    n, ranked, parts = ranks.n, ranks.ranked, sets.parts
    tried, weight = i64(1), intercept + 1
    while tried < most:
        needed = min(weight - intercept, n)
        if needed > known:
            known, low = rank_to(ranks, needed, known, low)
        if weight - intercept <= n:
            tried += 1
            if ranked[weight - intercept] == target:
                parts[0] = weight - intercept
                return i64(1), tried
        count, some, following = i64(2), weight - intercept <= n, weight + 1
        while count <= n and tried < most:
            total = weight - intercept * count
            least = count * (count + 1) // 2
            if total < least:
                following = following if some else intercept * count + least
                break
            if total <= count * n - count * (count - 1) // 2:
                some = True
                if count == 2:
                    parts[0], more = _pairs(ranked, target, total, i64(0), n, most - tried)
                    parts[1], hit = total - parts[0], parts[0] > 0
                else:
                    hit, more = _sets(ranked, target, total, count, n, most - tried, sets)
                tried += more
                if hit:
                    return count, tried
            count += 1
        weight = following
    return i64(0), tried


@kernel
def guess_by_ranks(llr, frames, columns, syndromes, fitted, most, memory, numbers, sums, words, queries, ok):
    """Correct ``words``, uint64 (groups, n), where guessing finds a codeword; ``ok``, uint64 (groups): where.

    ``llr`` is float32 (groups, n, 64); ``columns``, uint64 (n), of the parity-check matrix; ``syndromes``,
    uint64 (groups, checks), those of ``words``. A pattern's weight is the sum of its ranks, to which
    ``fitted`` adds the intercept of a line for each; of equal weights fewer ranks come first, then the
    lexicographically lower ones. ``queries``, int32 (frames), are 1 and the patterns tried, ``most`` in all.
    ``memory`` is that of ranks; ``numbers``, int64 (3 n + 3), and ``sums``, uint64 (n + 1), are some more.
    """
    n = columns.size
    every, counts, soft = ranks_in(memory, columns), pointer_to(memory[2]), pointer_to(llr)
    parts = pointer_to(numbers)
    sets = Sets(parts, shifted(parts, n + 1), shifted(parts, 2 * n + 2), pointer_to(sums))
    threshold, near = ONE, ONE
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
            ranks, known, intercept = ranks_of(every, bits, lane), counts[lane], i64(0)
            sort_collected(ranks, i64(0), known)
            known, below = rank_to(ranks, 1, known, low)
            if fitted and n >= 4:
                middle = place_of(ranks, n // 2, near)
                near += (i64(ranks.bits[middle * GROUP] & MAGNITUDE) - near) >> 3
                intercept = intercept_of(ranks, shifted(values, lane), i64(ranks.order[1]), middle)
            target = syndrome_of(syndromes, group, u64(lane))
            count, tried = _search(ranks, known, below, target, intercept, most, sets)
            queries[group * GROUP + lane] = tried
            if count:
                ok[group] |= bit
            for i in range(count):
                words[group, ranks.order[parts[i]]] ^= bit
