"""Symbols of one word and how reliable they are, from LLRs of bits."""

from collections import namedtuple

import numpy as np

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.vector_kernels import pointer_to, shifted

i64, u64 = np.int64, np.uint64

#: What is received of a word, what is tried, and the best of it so far: pointers.
#:
#: patterns: the decided bits of each symbol as a number, the first bit the highest. symbols: the elements.
#: places: the least reliable symbols, as many as the minimum distance, ascending. errors: what a candidate
#: adds to symbols. best: the likeliest candidate's. All int32. magnitudes: of the LLRs, float64 (symbols, m).
#: reliabilities: the least of each symbol, float64.
Received = namedtuple(
    "Received", ("patterns", "symbols", "places", "errors", "best", "magnitudes", "reliabilities")
)


@inlined
def received_memory(code):
    """Memory of what is received, int32 and float64, to be kept alive while it is used."""
    return np.empty(5 * code.symbols, np.int32), np.empty(code.symbols * (code.m + 1), np.float64)


@inlined
def received_in(numbers, magnitudes, code):
    """What is received, in its memory."""
    first, sizes, n = pointer_to(numbers), pointer_to(magnitudes), code.symbols
    return Received(
        first,
        shifted(first, n),
        shifted(first, 2 * n),
        shifted(first, 3 * n),
        shifted(first, 4 * n),
        sizes,
        shifted(sizes, n * code.m),
    )


@callee
def receive(code, received, llr, words, lane, word):
    """Take a word of a frame: of a pointer to the LLRs of a group, (n, 64), and one to its decisions."""
    at = shifted(code.positions, word * code.symbols * code.m)
    for j in range(code.symbols):
        pattern, least = i64(0), np.inf
        for bit in range(code.m):
            position = i64(at[j * code.m + bit])
            pattern = pattern << 1 | i64((words[position] >> u64(lane)) & u64(1))
            size = np.float64(abs(llr[position * 64 + lane]))
            received.magnitudes[j * code.m + bit] = size
            least = min(least, size)
        received.patterns[j], received.symbols[j] = pattern, code.elements[pattern]
        received.reliabilities[j] = least


@callee
def rank(code, received):
    """Find the least reliable places. Of equals the first place comes first."""
    wanted = min(code.distance, code.symbols)
    for j in range(code.symbols):
        received.best[j] = 0  # taken
    for i in range(wanted):
        best = i64(-1)
        for j in range(code.symbols):
            fits = best < 0 or received.reliabilities[j] < received.reliabilities[best]
            if not received.best[j] and fits:
                best = j
        received.places[i], received.best[best] = best, 1


@callee
def consider(code, received, word, least, alone):
    """Take the candidate if it is the likeliest so far, whose discrepancy was ``least``, infinite at first.

    The discrepancy is the sum of the magnitudes where a codeword differs from the decisions. Of equals that
    one is taken which has the bit of ``preferred`` where they first differ. Returns the least discrepancy,
    whether no other candidate has the same, and whether no codeword can be likelier: any other one differs
    from this one in as many symbols as the minimum distance says, and from the decisions at least where those
    are and this one has no errors (D. J. Taipale and M. B. Pursley, "An improvement to
    generalized-minimum-distance decoding", 1991, with symbols in the place of bits).
    """
    m, total, count, first = code.m, 0.0, i64(0), i64(-1)
    for j in range(code.symbols):
        flipped = i64(code.patterns[received.errors[j]])
        for bit in range(m):
            if flipped >> (m - 1 - bit) & 1:
                total += received.magnitudes[j * m + bit]
        count += flipped != 0
        if first < 0 and received.errors[j] != received.best[j]:
            first = j
    bound, left = 0.0, code.distance - count
    for i in range(min(code.distance, code.symbols)):
        place = i64(received.places[i])
        if left > 0 and received.errors[place] == 0:
            bound += received.reliabilities[place]
            left -= 1
    taken, tied = total < least, total == least and first >= 0
    if tied:
        differ = i64(code.patterns[received.errors[first] ^ received.best[first]])
        top = i64(1)
        while differ >> 1:
            top, differ = top << 1, differ >> 1
        own = i64(received.patterns[first] ^ code.patterns[received.errors[first]])
        taken = (own ^ code.preferred[word * code.symbols + first]) & top == 0
    if taken:
        for j in range(code.symbols):
            received.best[j] = received.errors[j]
    alone = not tied and (alone or total < least)
    return min(total, least), alone, total < bound


@callee
def flip_best(code, received, words, lane, word):
    """Add the best candidate's errors to the decisions, a pointer to those of a group."""
    m, at = code.m, shifted(code.positions, word * code.symbols * code.m)
    for j in range(code.symbols):
        flipped = i64(code.patterns[received.best[j]])
        for bit in range(m):
            if flipped >> (m - 1 - bit) & 1:
                words[i64(at[j * m + bit])] ^= u64(1) << u64(lane)
