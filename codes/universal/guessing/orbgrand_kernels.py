"""Patterns by a weight of their ranks: partitions into distinct parts, tried one by one."""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, seen_as, shifted, trailing_zeros
from .failing_kernels import failing_frames, syndrome_of
from .rank_kernels import (
    ONE,
    POSITION,
    memory_of_ranks,
    next_guess,
    rank_to,
    ranks_in,
    receive,
    size_of_rank,
)

f32, i64, u32, u64 = np.float32, np.int64, np.uint32, np.uint64


@callee
def _value(bits):
    """The magnitude with these bits."""
    memory = np.empty(1, np.uint32)
    memory[0] = u32(bits)
    return np.float64(memory.view(np.float32)[0])


@callee
def fitted_intercept(ranks):
    """How many flips of rank 0 each flip counts beside its rank: the line L(r) = beta (r + c) has this c.

    It goes through the reliabilities of ranks 1 and n/2, and c is rounded, and 0 at least.
    """
    n = ranks.n
    middle = n // 2
    if middle < 2:
        return i64(0)
    first, other = _value(size_of_rank(ranks, 1)), _value(size_of_rank(ranks, middle))
    beta = (other - first) / (middle - 1)
    largest = np.float64(n * (n + 1) // 2)  # the number of flips goes before all else from here on
    if first >= beta * (largest + 1.0):
        return i64(largest) if first > 0.0 else i64(0)
    return max(i64(np.floor(first / beta - 0.5)), i64(0))


@callee
def _pairs(ranked, target, total, after, n, most):
    """Try pairs of ranks, the lower above ``after``, with this sum; the lower one or 0, and how many."""
    first, last = max(after + 1, total - n), (total - 1) // 2
    last = min(last, first + most - 1)
    for a in range(first, last + 1):
        if ranked[a] ^ ranked[total - a] == target:
            return a, a - first + 1
    return i64(0), max(last - first + 1, i64(0))


@callee
def _partitions(ranked, target, total, count, n, most, parts, top, rest, sums):
    """Try the sets of ``count`` distinct ranks, 1 to n, with sum ``total``, in lexicographic order.

    At most ``most`` of them. Whether one's columns add up to ``target``, which is then in ``parts``, int64
    (n) as ``top`` and ``rest``, and how many were tried. ``sums`` is uint64 (n).
    """
    if count == 1:
        parts[0] = total
        return ranked[total] == target, i64(1)
    tried, depth, last = i64(0), i64(0), count - 2
    rest[0], sums[0] = total, target
    entered = True
    while depth >= 0:
        before = parts[depth - 1] if depth else i64(0)
        if depth == last:
            low, more = _pairs(ranked, sums[depth], rest[depth], before, n, most - tried)
            tried += more
            if low:
                parts[depth], parts[depth + 1] = low, rest[depth] - low
                return True, tried
            if tried == most:
                return False, tried
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
        if parts[depth] > top[depth]:
            depth -= 1
            entered = False
            continue
        rest[depth + 1] = rest[depth] - parts[depth]
        sums[depth + 1] = sums[depth] ^ ranked[parts[depth]]
        depth += 1
        entered = True
    return False, tried


@callee
def _search(ranks, target, intercept, guess, most, parts, top, rest, sums):
    """Try patterns until one has the syndrome ``target``, or there were ``most`` with none flipped at all.

    The number of ranks in ``parts``, 0 if none was found; the number of patterns; and how many ranks the
    first step knew.
    """
    n = ranks.n
    tried, weight = i64(1), intercept + 1
    known, low = rank_to(ranks, 1, i64(0), i64(0), guess)
    found = known
    while tried < most:
        known, low = rank_to(ranks, min(weight - intercept, n), known, low, low)
        count, some, following = i64(1), False, weight + 1
        while count <= n:
            total = weight - intercept * count
            least = count * (count + 1) // 2
            if total < least:
                following = following if some else intercept * count + least
                break
            if total <= count * n - count * (count - 1) // 2:
                some = True
                hit, more = _partitions(
                    ranks.ranked, target, total, count, n, most - tried, parts, top, rest, sums
                )
                tried += more
                if hit:
                    return count, tried, found
                if tried == most:
                    break
            count += 1
        weight = following
    return i64(0), tried, found


@kernel
def guess_by_ranks(llr, frames, columns, syndromes, fitted, most, words, queries, ok):
    """Correct ``words``, uint64 (groups, n), where guessing finds a codeword; ``ok``, uint64 (groups): where.

    ``llr`` is float32 (groups, n, 64); ``columns``, uint64 (n), of the parity-check matrix; ``syndromes``,
    uint64 (groups, checks), those of ``words``. A pattern's weight is the sum of its ranks, to which
    ``fitted`` adds the intercept of a line for each; of equal weights fewer ranks come first, then the
    lexicographically lower ones. ``queries``, int32 (frames), are 1 and the patterns tried, ``most`` in all.
    """
    n = columns.size
    memory = memory_of_ranks(n)
    ranks = ranks_in(memory, columns)
    parts, top, rest = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    sums = np.zeros(n + 1, np.uint64)
    bits = seen_as(pointer_to(llr), ranks.sizes)
    guess = ONE
    queries[:] = 1
    for group in range(llr.shape[0]):
        failing = failing_frames(syndromes, group, frames)
        ok[group] = ~failing
        while failing:
            lane = trailing_zeros(failing)
            bit = u64(1) << lane
            failing &= ~bit
            receive(ranks, shifted(bits, group * n * GROUP), lane)
            intercept = fitted_intercept(ranks) if fitted else i64(0)
            target = syndrome_of(syndromes, group, lane)
            count, tried, known = _search(ranks, target, intercept, guess, most, parts, top, rest, sums)
            guess = next_guess(guess, known)
            queries[group * GROUP + i64(lane)] = tried
            if count:
                ok[group] |= bit
            for i in range(count):
                words[group, i64(ranks.keys[parts[i]] & POSITION)] ^= bit
    keep_alive(memory[0])
    keep_alive(memory[1])
    keep_alive(memory[2])
