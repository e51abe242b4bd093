"""Exponentials and logarithms of vectors of float32, by polynomials: the same on every CPU."""

import numpy as np

from ..compiling.callee_kernels import inlined
from .arithmetic_kernels import as_float, as_int, magnitude, minimum, to_float, to_int
from .memory_kernels import splat

f32, i32 = np.float32, np.int32


@inlined
def exp_minus(x):
    """exp(-x) for x in [0, 87], to a relative error of 2e-7 + 6e-8 x; exactly 1 at 0.

    exp(-x) = 2^-k exp(r) with r in (-ln 2, 0] and a near-minimax polynomial: (exp(r) - 1) / r is
    interpolated at Chebyshev nodes, error below 2e-8.
    """
    p, k = exp_minus_parts(x)
    return as_float(as_int(p) - (k << i32(23)))


@inlined
def exp_minus_parts(x):
    """p in (1/2, 1] and k, int32, with exp(-x) = 2^-k p, for x in [0, 1e9]: see ``exp_minus``."""
    y = x * f32(1.4426950408889634)
    k = to_int(y)
    r = (to_float(k) - y) * f32(0.6931471805599453)
    p = f32(0.008072594) + r * f32(0.0010361978)
    p = f32(0.041575287) + r * p
    p = f32(0.16665201) + r * p
    p = f32(0.49999914) + r * p
    p = f32(1.0) + r * p
    p = f32(1.0) + r * p
    return p, k


@inlined
def log_ratio(b, a):
    """ln(b / a) of positive normal numbers, exactly 0 where they are equal.

    ln(b / a) = e ln 2 + 2 artanh((b - 2^e a) / (b + 2^e a)), with e such that the argument is at most
    0.2; the polynomial's relative error is 1e-8.
    """
    bits_a = as_int(a)
    e = ((as_int(b) - bits_a) + i32(1 << 22)) >> i32(23)
    a = as_float(bits_a + (e << i32(23)))
    z = (b - a) / (b + a)
    w = z * z
    s = f32(0.39942288) + w * f32(0.30633146)
    s = f32(0.6666718) + w * s
    s = f32(2.0) + w * s
    return to_float(e) * f32(0.6931471805599453) + z * s


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
