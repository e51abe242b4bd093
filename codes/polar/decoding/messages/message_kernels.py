"""Messages of the factor graph of the polar transform: what a pair of bits tells, both ways.

A node of two halves has x_i = a_i + b_i and x_(h + i) = b_i, a the word of its left half and b of its right
one. From the channel's side the node's bits have LLRs, from the side of u those of the halves; E. Arikan, "A
performance comparison of polar codes and Reed-Muller codes", 2008, section III.
"""

import numpy as np
from numba import njit, types
from numba.extending import overload

from .....vectors.vector_kernels import INLINED
from ..box_plus_kernels import box_plus

f32 = np.float32

#: The LLR of a frozen bit: more than all that is received, and sums of 2^20 of them are finite.
CERTAIN = f32(1e30)


def combined(a, b, exact, scale):
    """The box-plus; of min-sum, where ``exact`` is None, times a vector ``scale``."""
    raise NotImplementedError("for kernels alone")


@overload(combined, jit_options=INLINED)
def _combined(a, b, exact, scale):
    if isinstance(exact, types.NoneType):
        return lambda a, b, exact, scale: box_plus(a, b, exact) * scale
    return lambda a, b, exact, scale: box_plus(a, b, exact)


@njit(nogil=True, error_model="numpy", forceinline=True)
def from_sum(first, second, right, exact, scale):
    """What the equation of the sum tells: of ``first``, LLR of one bit, and the two LLRs of the other."""
    return combined(first, second + right, exact, scale)


@njit(nogil=True, error_model="numpy", forceinline=True)
def from_copy(first, left, second, exact, scale):
    """What the equation of the copy tells: ``second``, the bit's other LLR, and what the sum says of it."""
    return second + combined(first, left, exact, scale)
