"""Counters of 64 frames at once: number i of ``digits`` has the digit 2^i of each frame's count."""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined

u64 = np.uint64
ALL = ~u64(0)


@inlined
def digits_of(most):
    """How many digits counts up to ``most`` have."""
    digits = 1
    while most >> digits:
        digits += 1
    return digits


@inlined
def clear(digits, count):
    """Begin at 0 in all frames."""
    for i in range(count):
        digits[i] = u64(0)


@inlined
def add(digits, first, count, word):
    """Add 2^first to the counts of the frames whose bit of ``word`` is set."""
    for i in range(first, count):
        before = digits[i]
        digits[i] = before ^ word
        word = before & word


@inlined
def at_least(digits, count, least):
    """The frames whose count is ``least`` or more."""
    if least <= 0:
        return ALL
    if least >> count:
        return u64(0)
    found = ALL
    for i in range(count):
        found = digits[i] & found if (least >> i) & 1 else digits[i] | found
    return found


@inlined
def exactly(digits, count, number):
    """The frames whose count is ``number``."""
    found = ALL
    for i in range(count):
        found &= digits[i] if (number >> i) & 1 else ~digits[i]
    return found
