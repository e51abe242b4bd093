"""Iterations variable by variable: each variable takes new messages from all its checks."""

from collections import namedtuple

import numpy as np
from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    INLINED,
    as_kind,
    below,
    common_bits,
    load,
    magnitude,
    mixed_signs,
    saturating_add,
    saturating_subtract,
    select,
    splat,
    store,
    unsigned_max,
    unsigned_min,
    unsigned_saturating_subtract,
    with_sign,
)
from .check_kernels import damped, extrinsic
from .min_sum_kernels import corrected
from .sum_product_kernels import FAR, MOST, RENEW, SumProduct, far_lanes, logarithm, power, with_input

#: Arrays of int32: edges of variable v, and their checks, are at ``start[v]`` to ``start[v + 1] - 1``.
Columns = namedtuple("Columns", ("start", "edge", "check"))

f32, i32, i64, u64 = np.float32, np.int32, np.int64, np.uint64


@inlined
def min_sum_message(state, graph, rule, keep, active, first, last, edge, check):
    """A check's message on one of its edges, which are ``first`` to ``last``, by min-sum."""
    least = splat(rule.cap)
    sign = saturating_subtract(least, least)
    for other in range(first, last):
        if other != edge:
            x = extrinsic(state, graph, other, keep)
            least, sign = unsigned_min(least, magnitude(x)), mixed_signs(sign, x)
    return with_sign(corrected(rule, least, check), sign)


@inlined
def sum_product_message(state, graph, rule, keep, active, first, last, edge, check):
    """The same by sum-product: see ``sum_product_kernels``."""
    zero, one, most, top = splat(f32(0.0)), splat(f32(1.0)), splat(f32(MOST)), splat(rule.cap)
    a, b, sign = zero, one, zero
    if last - first == 1:
        return top
    for other in range(first, last):
        if other != edge:
            x = extrinsic(state, graph, other, keep)
            sign = mixed_signs(sign, x)
            a, b = with_input(a, b, power(unsigned_min(magnitude(x), most)))
            if (other - first) % RENEW == RENEW - 1:
                a, b = a / b, one
    size = unsigned_max(logarithm(b, a), zero)
    if far_lanes(size, last - first, active):
        # Sums relative to the least; products of exponentials are nothing there.
        least, total = top, zero
        for other in range(first, last):
            if other != edge:
                least = unsigned_min(least, magnitude(extrinsic(state, graph, other, keep)))
        for other in range(first, last):
            if other != edge:
                more = unsigned_saturating_subtract(magnitude(extrinsic(state, graph, other, keep)), least)
                total = total + power(unsigned_min(more, most))
        beyond = unsigned_max(least - logarithm(total, one), zero)
        size = select(below(splat(f32(FAR)), least), beyond, size)
    return with_sign(size, sign)


def message_on(state, graph, rule, keep, active, first, last, edge, check):
    """A check's message on one of its edges."""
    raise NotImplementedError("for kernels alone")


@overload(message_on, jit_options=INLINED)
def _message_on(state, graph, rule, keep, active, first, last, edge, check):
    message = sum_product_message if rule.instance_class is SumProduct else min_sum_message

    def call(state, graph, rule, keep, active, first, last, edge, check):
        return message(state, graph, rule, keep, active, first, last, edge, check)

    return call


@inlined
def iterate_columns(state, graph, rule, start, edges, checks, wiped, active):
    """One iteration on all lanes, of which those ``active`` count.

    Pointers are those of ``Columns``; ``wiped`` are the bits that messages have kept, which last iteration
    lanes that are new had not.
    """
    keep = as_kind(wiped, splat(i32(-1)))
    for edge in range(i64(graph.start[graph.checks])):
        store(state.message, edge, common_bits(load(state.message, edge), wiped))
    for variable in range(graph.variables):
        total = load(state.channel, variable)
        for place in range(i64(start[variable]), i64(start[variable + 1])):
            edge, check = i64(edges[place]), i64(checks[place])
            first, last = i64(graph.start[check]), i64(graph.start[check + 1])
            new = message_on(state, graph, rule, keep, active, first, last, edge, check)
            new = damped(new, state, edge, keep)
            store(state.message, edge, new)
            total = saturating_add(total, new)
        store(state.value, variable, total)
