"""Min-sum at a check, in float32 or int8."""

from collections import namedtuple

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    equal,
    magnitude,
    mixed_signs,
    saturating_subtract,
    scaled,
    select,
    splat,
    unsigned_max,
    unsigned_min,
    unsigned_saturating_subtract,
    with_sign,
)
from .check_kernels import extrinsic, send_to_variable

#: Min-sum with a scale and an offset; the largest magnitude of a message.
MinSum = namedtuple("MinSum", ("scale", "offset", "cap"))


@inlined
def update_min_sum(state, graph, rule, flooding, keep, active, first, last, half):
    """A check's new messages: the least magnitude among the other inputs, with the product of their signs.

    The check has edges ``first`` to ``last``. The magnitude is scaled, with ``half`` to round it, the offset
    taken off, and what is below 0 becomes 0.
    """
    top = splat(rule.cap)
    least, second = top, top
    sign = saturating_subtract(top, top)
    for edge in range(first, last):
        x = extrinsic(state, graph, edge, keep)
        size = magnitude(x)
        second = unsigned_min(second, unsigned_max(size, least))
        least = unsigned_min(least, size)
        sign = mixed_signs(sign, x)
    offset = splat(rule.offset)
    a = unsigned_min(unsigned_saturating_subtract(scaled(least, rule.scale, half), offset), top)
    b = unsigned_min(unsigned_saturating_subtract(scaled(second, rule.scale, half), offset), top)
    for edge in range(first, last):
        x = extrinsic(state, graph, edge, keep)
        size = select(equal(magnitude(x), least), b, a)
        new = with_sign(size, mixed_signs(sign, x))
        send_to_variable(state, graph, flooding, edge, x, new)
