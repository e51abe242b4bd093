"""Min-sum at a check, in float32 or int8."""

from collections import namedtuple

from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    INLINED,
    common_bits,
    equal,
    load,
    magnitude,
    mixed_signs,
    negative,
    pointer_to,
    saturating_subtract,
    scaled,
    scaled_each,
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
#: The same with an array of each, an entry for each check.
MinSumByCheck = namedtuple("MinSumByCheck", ("scale", "offset", "cap"))
#: With an entry for each iteration, of which the one at ``last`` stays, and room for a vector of each. In
#: int8 scales are as ``scaled_each`` takes them.
MinSumByIteration = namedtuple("MinSumByIteration", ("scale", "offset", "cap", "last", "scales", "offsets"))


def corrected(rule, size, check):
    """A magnitude times the scale, less the offset, and at least 0."""
    raise NotImplementedError("for kernels alone")


@overload(corrected, jit_options=INLINED)
def _corrected(rule, size, check):
    return {MinSumByCheck: corrected_by_check, MinSumByIteration: corrected_by_iteration}.get(
        rule.instance_class, corrected_alike
    )


def corrected_alike(rule, size, check):
    """``corrected`` with one scale and one offset."""
    less = unsigned_saturating_subtract(scaled(size, rule.scale, half_of(check)), splat(rule.offset))
    return unsigned_min(less, splat(rule.cap))


def corrected_by_check(rule, size, check):
    """``corrected`` with the check's own."""
    product = scaled(size, rule.scale[check], half_of(check))
    return unsigned_min(unsigned_saturating_subtract(product, splat(rule.offset[check])), splat(rule.cap))


def corrected_by_iteration(rule, size, check):
    """``corrected`` with each lane's own."""
    product = scaled_each(size, load(rule.scales, 0), half_of(check))
    return unsigned_min(unsigned_saturating_subtract(product, load(rule.offsets, 0)), splat(rule.cap))


@inlined
def half_of(check):
    """A half in 256ths, up and down in turn; always up would be a scale."""
    return 128 - (check & 1)


def with_pointers(rule):
    """A rule with pointers in the place of arrays."""
    raise NotImplementedError("for kernels alone")


@overload(with_pointers, jit_options=INLINED)
def _with_pointers(rule):
    if rule.instance_class is MinSumByCheck:
        return lambda rule: MinSumByCheck(pointer_to(rule.scale), pointer_to(rule.offset), rule.cap)
    if rule.instance_class is MinSumByIteration:

        def call(rule):
            given, rows = pointer_to(rule.scale), pointer_to(rule.scales)
            offset, offsets = pointer_to(rule.offset), pointer_to(rule.offsets)
            return MinSumByIteration(given, offset, rule.cap, rule.last, rows, offsets)

        return call
    return lambda rule: rule


def begin_iteration(rule, pool, width, now):
    """Let lanes have what the rule has for their iteration; ``now`` counts all, with the coming one."""
    raise NotImplementedError("for kernels alone")


@overload(begin_iteration, jit_options=INLINED)
def _begin_iteration(rule, pool, width, now):
    if rule.instance_class is not MinSumByIteration:
        return lambda rule, pool, width, now: None

    def call(rule, pool, width, now):
        for lane in range(width):
            place = min(max(now - pool.began[lane] - 1, 0), rule.last)
            rule.scales[lane], rule.offsets[lane] = rule.scale[place], rule.offset[place]

    return call


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
