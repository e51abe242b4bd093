"""Metrics of trellises: costs, minus logarithms of probabilities, as vectors."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.operations.exponential_kernels import exp_minus
from ....vectors.vector_kernels import Vector, magnitude, minimum, splat

f32 = np.float32


@intrinsic
def widened(typingctx, pointer, first, like):
    """As many numbers from number ``first`` on as a vector has lanes, as a vector of the type of ``like``.

    Its elements are as wide as those of the pointer, or wider integers.
    """

    def codegen(context, builder, signature, arguments):
        data, at, _ = arguments
        machine = context.get_value_type(like)
        narrow = ir.VectorType(context.get_value_type(pointer.dtype), like.lanes)
        address = builder.bitcast(builder.gep(data, [at]), narrow.as_pointer())
        value = builder.load(address, align=1)
        return value if narrow == machine else builder.sext(value, machine)

    fits = isinstance(pointer, types.CPointer) and isinstance(like, Vector)
    return (like(pointer, types.intp, like), codegen) if fits else None


@inlined
def least_and_more(a, b):
    """-ln(exp(-a) + exp(-b)) of float32, to 2e-7 beside its own rounding.

    It is the least of a and b less ln(1 + e), e = exp(-|a - b|). ln(1 + e) = 2 artanh(e / (2 + e)), and the
    series of artanh up to the eleventh power ends where its remainder is below 2e-8.
    """
    e = exp_minus(minimum(magnitude(a - b), splat(f32(87.0))))
    z = e / (e + f32(2.0))
    w = z * z
    s = f32(2.0 / 9.0) + w * f32(2.0 / 11.0)
    s = f32(2.0 / 7.0) + w * s
    s = f32(2.0 / 5.0) + w * s
    s = f32(2.0 / 3.0) + w * s
    s = f32(2.0) + w * s
    return minimum(a, b) - z * s
