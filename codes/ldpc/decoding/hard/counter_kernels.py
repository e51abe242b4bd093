"""Counters of 512 frames at once: row i of ``digits`` has the digit 2^i of each frame's count.

Rows are vectors of uint32, which have a bit for each frame; ``digits`` is a pointer to them.
"""

from .....vectors.compiling.callee_kernels import inlined
from .....vectors.vector_kernels import load, store


@inlined
def digits_of(most):
    """How many digits counts up to ``most`` have."""
    digits = 1
    while most >> digits:
        digits += 1
    return digits


@inlined
def clear(digits, count, nothing):
    """Begin at 0 in all frames."""
    for i in range(count):
        store(digits, i, nothing)


@inlined
def add(digits, first, count, frames):
    """Add 2^first to the counts of frames."""
    for i in range(first, count):
        before = load(digits, i)
        store(digits, i, before ^ frames)
        frames = before & frames


@inlined
def at_least(digits, count, least, every):
    """The frames whose count is ``least`` or more."""
    if least >> count:
        return every ^ every
    found = every
    if least > 0:
        for i in range(count):
            digit = load(digits, i)
            found = digit & found if (least >> i) & 1 else digit | found
    return found


@inlined
def exactly(digits, count, number, every):
    """The frames whose count is ``number``."""
    found = every
    for i in range(count):
        digit = load(digits, i)
        found = found & (digit if (number >> i) & 1 else digit ^ every)
    return found
