"""Hard decisions. Arrays are lane-major, shape (m, frames), C-contiguous, where not in groups."""

import numpy as np
from numba import njit

from ..vectors.group_kernels import GROUP
from ..vectors.kernel_cache import kernel

u64 = np.uint64


@kernel
def all_finite(llr):
    """Whether no element, float32, is NaN or infinite."""
    bits = llr.view(np.int32)
    greatest = np.int32(0)
    for i in range(bits.shape[0]):
        row = bits[i]
        for lane in range(row.size):  # without the sign, the order of floats is that of their bits
            greatest = max(greatest, row[lane] & np.int32(0x7FFFFFFF))
    return greatest < np.int32(0x7F800000)


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


@kernel
def decide_repetitions(llr, bits, undecided):
    """Decisions on the sums of the LLRs of positions i, i + k, i + 2 k, ...; whether any sum is 0.

    ``llr`` is float32 (groups, n, 64); ``bits`` and ``undecided`` are packed, uint64 (groups, k). Sums are
    float64: equal LLRs add up without rounding, so that a tie of votes is a tie.
    """
    total = np.empty(GROUP, np.float64)
    k, found = bits.shape[1], u64(0)
    for group in range(llr.shape[0]):
        for i in range(k):
            for lane in range(GROUP):
                total[lane] = 0.0
            for j in range(i, llr.shape[1], k):
                row = llr[group, j]
                for lane in range(GROUP):
                    total[lane] += np.float64(row[lane])
            ones, open_ = u64(0), u64(0)
            for lane in range(GROUP):
                ones |= u64(total[lane] < 0) << u64(lane)
                open_ |= u64(total[lane] == 0) << u64(lane)
            bits[group, i], undecided[group, i] = ones, open_
            found |= open_
    return found != 0


@njit(nogil=True, error_model="numpy", inline="always")
def ballot(most):
    """Binary digits of two counts of up to ``most`` votes, of 64 frames each: for 1, and for 0."""
    digits = 1
    while most >> digits:
        digits += 1
    return np.zeros(digits, np.uint64), np.zeros(digits, np.uint64)


@njit(nogil=True, error_model="numpy", inline="always")
def add_votes(for_one, for_zero, yes, no):
    """Count a vote for 1 in the frames of ``yes``, and one for 0 in those of ``no``."""
    for digit in range(for_one.size):
        for_one[digit], yes = for_one[digit] ^ yes, for_one[digit] & yes
        for_zero[digit], no = for_zero[digit] ^ no, for_zero[digit] & no


@njit(nogil=True, error_model="numpy", inline="always")
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
