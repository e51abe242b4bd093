"""Information-set decoding, one frame after the other, on words of 64 bits."""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, population_count, shifted

u64, ONE, WORD = np.uint64, np.uint64(1), 64


@callee
def _distance(a, b, mask, words):
    """Ones of the sum of two words, pointers to uint64, where a mask has ones."""
    found = 0
    for word in range(words):
        found += population_count((a[word] ^ b[word]) & mask[word])
    return found


@callee
def _same(a, b, c, words):
    """Whether the sum of two words is a third."""
    differing = u64(0)
    for word in range(words):
        differing |= a[word] ^ b[word] ^ c[word]
    return differing == u64(0)


@callee
def _try_set(rows, count, order, words, levels, chosen, mask, best_errors, best, equal):
    """Try the patterns of up to ``order`` ones in an information set.

    Row 0 of ``levels``, uint64 (order + 2, words), has the errors without any, and the last one is 0. Returns
    the least distance, whether another pattern has it, and the patterns that were tried.
    """
    tried, none = 1, shifted(levels, (order + 1) * words)
    found = _distance(levels, none, mask, words)
    if found < best:
        best, equal = found, False
        for word in range(words):
            best_errors[word] = levels[word]
    elif found == best and not _same(levels, none, best_errors, words):
        equal = True
    for weight in range(1, order + 1):
        level = 0
        chosen[0] = 0
        while level >= 0:
            own, first = shifted(levels, level * words), chosen[level]
            if level < weight - 1:
                if first + weight - level > count:
                    level -= 1
                    continue
                for word in range(words):
                    own[words + word] = own[word] ^ rows[first * words + word]
                chosen[level] = chosen[level + 1] = first + 1
                level += 1
                continue
            for i in range(first, count):
                row = shifted(rows, i * words)
                found = _distance(own, row, mask, words)
                if found < best:
                    best, equal = found, False
                    for word in range(words):
                        best_errors[word] = own[word] ^ row[word]
                elif found == best and not equal and not _same(own, row, best_errors, words):
                    equal = True
            tried += max(count - first, 0)
            level -= 1
    return best, equal, tried


@kernel
def decode_sets(hard, erased, frames, sets, generators, order, distance, bits, tied, spent, candidates):
    """Correct ``bits``, uint64 (groups, n), to the nearest word that any information set leads to.

    Parameters
    ----------
    hard, erased
        Decisions, and erasures, which count for nothing, uint64 (groups, n); the latter may have no group.
    frames
        How many there are.
    sets, generators
        Information sets, int64 (sets, k), and the generator matrices that are the identity there, uint64
        (sets, k, words).
    order
        In how many bits of a set a word may differ from the decisions.
    distance
        A lower bound on the minimum distance: a word is certainly the nearest that is nearer than half of it.
    bits
        Receives the words; uint64 (groups, n), 0 before.
    tied, spent, candidates
        Whether another word is as near, bool (frames); sets and words that were tried, int32 (frames).
    """
    n = hard.shape[1]
    count, k, words = generators.shape
    memory = np.zeros((order + 5) * words, np.uint64)
    places = np.zeros(order + 1, np.int64)
    received = pointer_to(memory)
    mask, errors = shifted(received, words), shifted(received, 2 * words)
    levels, chosen = shifted(received, 3 * words), pointer_to(places)
    for frame in range(frames):
        group, lane = frame // WORD, u64(frame % WORD)
        lost = 0
        for word in range(words):
            received[word] = mask[word] = u64(0)
        for j in range(n):
            at = u64(j % WORD)
            received[j // WORD] |= ((hard[group, j] >> lane) & ONE) << at
            known = ~(erased[group, j] >> lane) & ONE if erased.shape[0] else ONE
            mask[j // WORD] |= known << at
            lost += known == u64(0)
        best, equal, tried, used = n + 1, False, 0, 0
        while used < count and (used == 0 or 2 * best + lost >= distance):
            rows = shifted(pointer_to(generators), used * k * words)
            for word in range(words):
                levels[word] = received[word]
            for i in range(k):
                j = sets[used, i]
                if (received[j // WORD] >> u64(j % WORD)) & ONE:
                    for word in range(words):
                        levels[word] ^= rows[i * words + word]
            best, equal, more = _try_set(rows, k, order, words, levels, chosen, mask, errors, best, equal)
            tried += more
            used += 1
        tied[frame], spent[frame], candidates[frame] = equal, used, tried
        for j in range(n):
            bit = ((received[j // WORD] ^ errors[j // WORD]) >> u64(j % WORD)) & ONE
            bits[group, j] |= bit << lane
    keep_alive(memory)
    keep_alive(places)
