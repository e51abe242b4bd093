"""Hard decisions. Arrays are lane-major, shape (m, frames), C-contiguous, where not in groups."""

import numpy as np

from ..vectors.compiling.callee_kernels import callee, inlined
from ..vectors.group_kernels import GROUP, PARTS
from ..vectors.kernel_cache import kernel
from ..vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    load,
    magnitude,
    negative,
    pointer_to,
    shifted,
    splat,
    trailing_zeros,
)

u64 = np.uint64
#: The bits of all lanes of a vector of float32.
LANES = u64((1 << LANES_FLOAT32) - 1)


@kernel
def decide(llr, out):
    """``out`` = 1 where llr < 0, 0 where llr > 0, else 2; uint8. Returns whether any is 2."""
    undecided = np.uint8(0)
    for i in range(llr.shape[0]):
        row, bits = llr[i], out[i]
        for lane in range(row.size):
            x = row[lane]
            bit = np.uint8(1) if x < 0 else (np.uint8(2) if x == 0 else np.uint8(0))
            bits[lane] = bit
            undecided |= bit
    return undecided > 1


@callee
def _sum_of_copies(row, copies, stride):
    """The sum in float64 of elements of a pointer to float32, so many elements apart, in their order."""
    total = 0.0
    for j in range(copies):
        total += np.float64(row[j * stride])
    return total


@kernel
def decide_repetitions(llr, bits, undecided):
    """Decisions on the sums of the LLRs of positions i, i + k, i + 2 k, ...; whether any sum is 0.

    ``llr`` is float32 (groups, n, 64); ``bits`` and ``undecided`` are packed, uint64 (groups, k). The signs
    are those of sums in float64, where equal LLRs add up without rounding, so that a tie of votes is a tie.
    Sums in float32 are made first: their sign is right where they are larger than their rounding.
    """
    groups, n, _ = llr.shape
    k, found = bits.shape[1], u64(0)
    copies = n // k
    received, decided, ties = pointer_to(llr), pointer_to(bits), pointer_to(undecided)
    rounding = splat(np.float32(copies * 2.0**-23))
    for at in range(groups * k):  # one loop: for an inner one over i alone the compiler prepares too much
        row = (at // k * n + at % k) * PARTS
        ones, open_ = u64(0), u64(0)
        for part in range(PARTS):
            total = load(received, row + part)
            size = magnitude(total)
            for j in range(1, copies):
                x = load(received, row + part + j * k * PARTS)
                total, size = total + x, size + magnitude(x)
            here, nothing = bits_of(negative(total)), u64(0)
            doubtful = ~bits_of(below(rounding * size, magnitude(total))) & LANES
            while doubtful:
                lane = trailing_zeros(doubtful)
                bit = u64(1) << lane
                doubtful &= ~bit
                own = shifted(received, (row + part) * LANES_FLOAT32 + np.int64(lane))
                exact = _sum_of_copies(own, copies, k * GROUP)
                here = here | bit if exact < 0.0 else here & ~bit
                nothing |= bit if exact == 0.0 else u64(0)
            ones |= here << u64(part * LANES_FLOAT32)
            open_ |= nothing << u64(part * LANES_FLOAT32)
        decided[at], ties[at] = ones, open_
        found |= open_
    return found != 0


@inlined
def ballot(most):
    """Binary digits of two counts of up to ``most`` votes, of 64 frames each: for 1, and for 0."""
    digits = 1
    while most >> digits:
        digits += 1
    return np.zeros(digits, np.uint64), np.zeros(digits, np.uint64)


@inlined
def add_votes(for_one, for_zero, yes, no):
    """Count a vote for 1 in the frames of ``yes``, and one for 0 in those of ``no``."""
    for digit in range(for_one.size):
        for_one[digit], yes = for_one[digit] ^ yes, for_one[digit] & yes
        for_zero[digit], no = for_zero[digit] ^ no, for_zero[digit] & no


@inlined
def outcome(for_one, for_zero):
    """The frames with more votes for 1, and those with as many for 0."""
    more, less = u64(0), u64(0)
    for digit in range(for_one.size - 1, -1, -1):
        differ = (for_one[digit] ^ for_zero[digit]) & ~(more | less)
        more |= differ & for_one[digit]
        less |= differ & for_zero[digit]
    return more, ~(more | less)


@kernel
def vote(hard, erased, bits, undecided):
    """Majority votes of positions i, i + k, i + 2 k, ... for 64 frames a word; whether any is a tie.

    All are packed: ``hard`` and ``erased``, uint64 (groups, n), the latter without a group where nothing is
    erased; ``bits`` and ``undecided``, uint64 (groups, k). Votes for 1 and votes for 0 are counted in binary
    digits, a word for each digit, and the digits compared.
    """
    groups, n = hard.shape
    k, found = bits.shape[1], u64(0)
    ones, zeros = ballot(n // k)
    for group in range(groups):
        for i in range(k):
            ones[:] = u64(0)
            zeros[:] = u64(0)
            for j in range(i, n, k):
                one = hard[group, j]
                zero = ~one & ~erased[group, j] if erased.shape[0] else ~one
                add_votes(ones, zeros, one, zero)
            bits[group, i], undecided[group, i] = outcome(ones, zeros)
            found |= undecided[group, i]
    return found != 0
