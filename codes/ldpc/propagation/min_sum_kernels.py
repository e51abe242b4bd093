"""Min-sum at a check, in float32 or int8."""

from collections import namedtuple

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    common_bits,
    equal,
    load,
    magnitude,
    mixed_signs,
    negative,
    saturating_subtract,
    scaled,
    select,
    splat,
    store,
    unsigned_max,
    unsigned_min,
    unsigned_saturating_subtract,
    with_sign,
)
from .check_kernels import extrinsic, send_to_variable

#: Self-corrected min-sum, with the same parameters.
SelfCorrected = namedtuple("SelfCorrected", ("scale", "offset", "cap"))
#: Min-sum with a scale and an offset; the largest magnitude of a message.
MinSum = namedtuple("MinSum", ("scale", "offset", "cap"))


@inlined
def corrected(rule, size, check):
    """A magnitude times the scale, less the offset, and at least 0."""
    half = 128 - (check & 1)  # half up and half down in turn; always up would be a scale
    less = unsigned_saturating_subtract(scaled(size, rule.scale, half), splat(rule.offset))
    return unsigned_min(less, splat(rule.cap))


@inlined
def update_min_sum(state, graph, rule, flooding, keep, active, first, last, check):
    """A check's new messages: the least magnitude among the other inputs, with the product of their signs.

    The check has edges ``first`` to ``last``.
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
    a, b = corrected(rule, least, check), corrected(rule, second, check)
    for edge in range(first, last):
        x = extrinsic(state, graph, edge, keep)
        size = select(equal(magnitude(x), least), b, a)
        new = with_sign(size, mixed_signs(sign, x))
        send_to_variable(state, graph, flooding, keep, edge, x, new)


@inlined
def steady(state, graph, edge, keep):
    """A check's input, and the same where its sign is that of the last one, or that was 0; 0 elsewhere."""
    x = extrinsic(state, graph, edge, keep)
    last = common_bits(load(state.before, edge), keep)
    nothing = saturating_subtract(last, last)
    turned = select(negative(mixed_signs(x, last)), nothing, x)
    return x, select(equal(last, nothing), x, turned)


@inlined
def update_self_corrected(state, graph, rule, flooding, keep, active, first, last, check):
    """Min-sum of the inputs whose sign did not turn since the last iteration; others count as 0."""
    top = splat(rule.cap)
    least, second = top, top
    sign = saturating_subtract(top, top)
    for edge in range(first, last):
        x, used = steady(state, graph, edge, keep)
        store(state.before, edge, used)
        size = magnitude(used)
        second = unsigned_min(second, unsigned_max(size, least))
        least = unsigned_min(least, size)
        sign = mixed_signs(sign, used)
    a, b = corrected(rule, least, check), corrected(rule, second, check)
    for edge in range(first, last):
        x, used = extrinsic(state, graph, edge, keep), load(state.before, edge)
        size = select(equal(magnitude(used), least), b, a)
        new = with_sign(size, mixed_signs(sign, used))
        send_to_variable(state, graph, flooding, keep, edge, x, new)
