"""What the sum of two bits is worth: the box-plus of LLRs, exact or by min-sum, for vectors of frames.

J. Hagenauer, E. Offer and L. Papke, "Iterative decoding of binary block and convolutional codes", 1996.
"""

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.operations.exponential_kernels import exp_minus, log_ratio
from ....vectors.vector_kernels import (
    INLINED,
    magnitude,
    maximum,
    minimum,
    mixed_signs,
    saturating_subtract,
    splat,
    with_sign,
)

f32, i8 = np.float32, np.int8


#: What the box-plus of LLRs other than 0 is at least, unless one of them is less.
LEAST = f32(1e-30)


@inlined
def least_product(a, b):
    """2 tanh(a / 2) tanh(b / 2) of magnitudes or less; close to it where they are small.

    tanh(x / 2) is at least x / 2 - x^3 / 24, and grows.
    """
    one = splat(f32(1.0))
    a, b = minimum(a, one), minimum(b, one)
    return (a * b) * f32(0.5) * ((one - a * a * f32(1 / 12)) * (one - b * b * f32(1 / 12)))


@inlined
def exact_box_plus(a, b):
    """2 artanh(tanh(a / 2) tanh(b / 2)) of float32, to an absolute error of 1e-6 beside its own rounding.

    Its magnitude is the least of the two less ln((1 + exp(-d)) / (1 + exp(-s))), of the difference d and the
    sum s of the two. What that loses of small ones is made good; 0 it is only where one of the two is.
    """
    one, most = splat(f32(1.0)), splat(f32(87.0))
    size_a, size_b = magnitude(a), magnitude(b)
    least = minimum(size_a, size_b)
    by_sum = one + exp_minus(minimum(size_a + size_b, most))
    by_difference = one + exp_minus(minimum(magnitude(size_a - size_b), most))
    size = maximum(least + log_ratio(by_sum, by_difference), least_product(size_a, size_b))
    return with_sign(maximum(size, minimum(least, splat(LEAST))), mixed_signs(a, b))


def box_plus(a, b, exact):
    """Where ``exact`` is not None, the exact box-plus of float32; else min-sum, of float32 or int8.

    Min-sum is the least magnitude with the product of the signs.
    """
    raise NotImplementedError("for kernels alone")


@overload(box_plus, jit_options=INLINED)
def _box_plus(a, b, exact):
    if not isinstance(exact, types.NoneType):
        return lambda a, b, exact: exact_box_plus(a, b)
    if a.dtype == types.float32:
        return lambda a, b, exact: with_sign(minimum(magnitude(a), magnitude(b)), mixed_signs(a, b))
    # Four instructions; -(-128) saturates.
    return lambda a, b, exact: maximum(minimum(a, b), saturating_subtract(splat(i8(0)), maximum(a, b)))
