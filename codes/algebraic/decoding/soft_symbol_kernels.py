"""Symbols of one word and how reliable they are, from LLRs of bits."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee

u64 = np.uint64

#: What is received of one word: ``patterns``, int32 (symbols), the decided bits of each symbol as a number,
#: the first bit the highest; ``symbols``, int32 (symbols), the elements; ``magnitudes``, float64 (symbols, m),
#: of the LLRs; ``reliabilities``, float64 (symbols), the least of each.
Received = namedtuple("Received", ("patterns", "symbols", "magnitudes", "reliabilities"))


@callee
def room_for(symbols, m):
    """A ``Received`` to be filled."""
    return Received(
        np.empty(symbols, np.int32),
        np.empty(symbols, np.int32),
        np.empty((symbols, m), np.float64),
        np.empty(symbols, np.float64),
    )


@callee
def receive(llr, words, lane, positions, elements, received):
    """Fill ``received`` with the word at ``positions``, int32 (symbols, m), of a frame.

    ``llr`` is float32 (n, 64) and ``words``, uint64 (n), has the decisions of the group.
    """
    symbols, m = positions.shape
    for j in range(symbols):
        pattern, least = 0, np.inf
        for bit in range(m):
            at = positions[j, bit]
            pattern = pattern << 1 | np.int64((words[at] >> u64(lane)) & u64(1))
            magnitude = np.float64(abs(llr[at, lane]))
            received.magnitudes[j, bit] = magnitude
            least = min(least, magnitude)
        received.patterns[j], received.symbols[j] = pattern, elements[pattern]
        received.reliabilities[j] = least


@callee
def change(received, j, flipped):
    """What it costs in likelihood to flip the bits ``flipped`` of symbol j: the sum of their magnitudes."""
    m, total = received.magnitudes.shape[1], 0.0
    for bit in range(m):
        if flipped >> (m - 1 - bit) & 1:
            total += received.magnitudes[j, bit]
    return total


@callee
def discrepancy(received, errors, patterns):
    """By how much the word with ``errors`` added is less likely than the decisions; and its errors."""
    total, count = 0.0, 0
    for j in range(errors.size):
        if errors[j]:
            total += change(received, j, np.int64(patterns[errors[j]]))
            count += 1
    return total, count


@callee
def least_reliable(reliabilities, order):
    """Fill ``order``, int32, with the least reliable places, ascending; of equals the first place first."""
    taken = np.zeros(reliabilities.size, np.bool_)
    for i in range(order.size):
        best = -1
        for j in range(reliabilities.size):
            if not taken[j] and (best < 0 or reliabilities[j] < reliabilities[best]):
                best = j
        order[i], taken[best] = best, True


@callee
def likeliest(received, errors, order, distance, total, count):
    """Whether no codeword can be likelier than that with ``errors``, of this discrepancy and count.

    Any other one differs from it in ``distance`` symbols, and so from the decisions in so many less ``count``
    where it has no errors (D. J. Taipale and M. B. Pursley, "An improvement to generalized-minimum-distance
    decoding", 1991, for symbols). ``order`` has the ``distance`` least reliable places.
    """
    bound, left = 0.0, distance - count
    for i in range(order.size):
        if left > 0 and errors[order[i]] == 0:
            bound += received.reliabilities[order[i]]
            left -= 1
    return total < bound


@callee
def better(received, errors, patterns, preferred, total, best, least, alone):
    """Put ``errors``, of discrepancy ``total``, into ``best`` if that is more, with ``least``.

    Of equals that one is, which has the bit of ``preferred``, int32 (symbols), in the first place where they
    differ. Returns the least discrepancy, and whether no other codeword has the same.
    """
    if total > least:
        return least, alone
    if total == least:
        first = -1
        for j in range(errors.size):
            if errors[j] != best[j]:
                first = j
                break
        if first < 0:
            return least, alone
        differ = np.int64(patterns[errors[first] ^ best[first]])
        top = 1
        while differ >> 1:
            top, differ = top << 1, differ >> 1
        own = np.int64(received.patterns[first] ^ patterns[errors[first]])
        if (own ^ np.int64(preferred[first])) & top:
            return least, False
    best[:] = errors
    return total, total < least


@callee
def flip(words, lane, positions, errors, patterns):
    """Add ``errors`` to the symbols at ``positions``, int32 (symbols, m), of a frame of ``words``."""
    m = positions.shape[1]
    for j in range(errors.size):
        flipped = np.int64(patterns[errors[j]])
        for bit in range(m):
            if flipped >> (m - 1 - bit) & 1:
                words[positions[j, bit]] ^= u64(1) << u64(lane)
