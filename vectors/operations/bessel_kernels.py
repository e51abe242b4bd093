"""The logarithm of the modified Bessel function of order 0, of vectors of float32."""

import numpy as np

from ..compiling.callee_kernels import inlined
from .arithmetic_kernels import maximum, minimum, square_root
from .exponential_kernels import log_ratio
from .mask_kernels import below, select
from .memory_kernels import splat

f32 = np.float32
#: Up to there the function itself is a polynomial.
MIDDLE = f32(4.5)


@inlined
def log_i0(x):
    """ln I0(x) for x in [0, 1e30], to 2e-7 beside its own rounding.

    Below 4.5 I0 is a polynomial in x^2; above, exp(-x) sqrt(x) I0
    is one in 1 / x: both nearly minimax, with relative errors of 2e-9 and 3e-8.
    """
    small = minimum(x, splat(MIDDLE)) * f32(1 / 4.5)
    u = small * small
    near = f32(0.030766697600483894) + u * f32(0.004471564665436745)
    near = f32(0.23222212493419647) + u * near
    near = f32(1.1398175954818726) + u * near
    near = f32(3.6041781902313232) + u * near
    near = f32(6.407215118408203) + u * near
    near = f32(5.062500476837158) + u * near
    near = f32(1.0) + u * near
    large = maximum(x, splat(MIDDLE))
    v = MIDDLE / large
    far = f32(0.0018827704479917884) - v * f32(0.0006776739028282464)
    far = v * far - f32(0.0017412756569683552)
    far = f32(0.0009294626652263105) + v * far
    far = f32(0.00013700313866138458) + v * far
    far = f32(0.00140286551322788) + v * far
    far = f32(0.01108132116496563) + v * far
    far = f32(0.3989422619342804) + v * far
    inside = below(x, splat(MIDDLE))
    one = splat(f32(1.0))
    found = log_ratio(select(inside, near, far), select(inside, one, square_root(large)))
    return select(inside, found, large + found)
