"""Which of two trials has the codeword that is near enough, for 64 frames a word."""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.kernel_cache import kernel

u64 = np.uint64


@inlined
def _add(digits, word):
    """Count a word's ones in binary digits of 64 numbers."""
    for digit in range(digits.size):
        digits[digit], word = digits[digit] ^ word, digits[digit] & word


@inlined
def _number(digits, lane):
    """The number of a lane."""
    found = 0
    for digit in range(digits.size):
        found |= np.int64((digits[digit] >> u64(lane)) & u64(1)) << digit
    return found


@kernel
def choose_trial(received, hard, erased, low, low_ok, high, high_ok, distance, bits, ok):
    """The codeword with 2 e + s < ``distance``, for e errors outside s erasures, among those of two trials.

    All are packed, uint64 (groups, n), ``bits`` (groups, k), and ``low_ok``, ``high_ok`` and ``ok`` (groups):
    where a trial found a codeword, and where one is near enough. Elsewhere ``bits`` are those ``received``.
    """
    groups, n = hard.shape
    size = 1
    while n >> size:
        size += 1
    lost, wrong, other = np.zeros(size, np.uint64), np.zeros(size, np.uint64), np.zeros(size, np.uint64)
    for group in range(groups):
        lost[:], wrong[:], other[:] = u64(0), u64(0), u64(0)
        for i in range(n):
            there = ~erased[group, i]
            _add(lost, erased[group, i])
            _add(wrong, (low[group, i] ^ hard[group, i]) & there)
            _add(other, (high[group, i] ^ hard[group, i]) & there)
        first, second = u64(0), u64(0)
        for lane in range(64):
            room = distance - _number(lost, lane)
            first |= u64(2 * _number(wrong, lane) < room) << u64(lane)
            second |= u64(2 * _number(other, lane) < room) << u64(lane)
        first &= low_ok[group]
        second &= high_ok[group] & ~first
        ok[group] = first | second
        for i in range(bits.shape[1]):
            found = (low[group, i] & first) | (high[group, i] & second)
            bits[group, i] = found | (received[group, i] & ~ok[group])
