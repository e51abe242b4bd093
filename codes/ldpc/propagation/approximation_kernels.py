"""Approximations of sum-product that make few messages a check: lambda-min and A-min*, in float32."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    equal,
    load,
    magnitude,
    mixed_signs,
    select,
    shifted,
    splat,
    store,
    unsigned_max,
    unsigned_min,
    unsigned_saturating_subtract,
)
from .check_kernels import extrinsic, send_to_variable
from .sum_product_kernels import (
    FAR,
    MOST,
    RENEW,
    far,
    far_lanes,
    logarithm,
    power,
    send,
    spread,
    with_input,
)

#: Sum-product of the ``count`` least inputs; of the least one and all others. See ``SumProduct``.
LambdaMin = namedtuple("LambdaMin", ("count", "cap", "unit"))
AMinStar = namedtuple("AMinStar", ("cap", "unit"))
#: The latter with logarithms that are lines in two pieces.
AMinStarLinear = namedtuple("AMinStarLinear", ("cap",))

f32, u64 = np.float32, np.uint64


@inlined
def combined(a, b):
    """The magnitude that two combine to, in units of ln 2."""
    most, one = splat(f32(MOST)), splat(f32(1.0))
    above = one + power(unsigned_min(a + b, most))
    under = one + power(unsigned_min(magnitude(a - b), most))
    return unsigned_max(unsigned_min(a, b) + logarithm(above, under), splat(f32(0.0)))


@inlined
def send_top(state, graph, rule, flooding, keep, edge):
    """The message of a check of degree 1, which alone says 0."""
    given = extrinsic(state, graph, edge, keep)
    send_to_variable(state, graph, flooding, keep, edge, given, splat(rule.cap))


@inlined
def update_lambda_min(state, graph, rule, flooding, keep, active, first, last, check):
    """Sum-product of the least inputs: a variable that has one of them gets that of the others among them."""
    degree = last - first
    count = min(degree, rule.count)
    if degree == 1:
        send_top(state, graph, rule, flooding, keep, first)
    elif degree > 1:
        top, sign = splat(rule.cap), splat(f32(0.0))
        # The least inputs in rows 4 i, ascending, and messages to them in rows 4 i + 1.
        rows = state.room
        inputs = shifted(rows, 4 * count * LANES_FLOAT32)
        for i in range(count):
            store(rows, 4 * i, top)
        for i in range(degree):
            x = extrinsic(state, graph, first + i, keep)
            store(inputs, i, x)
            sign, size = mixed_signs(sign, x), magnitude(x)
            for j in range(count):
                least = load(rows, 4 * j)
                store(rows, 4 * j, unsigned_min(least, size))
                size = unsigned_max(least, size)
        if far_lanes(spread(rows, count), count, active):
            far(rows, count, rule.cap)
        others = combined(load(rows, 0), load(rows, 1))
        for i in range(degree):
            x = load(inputs, i)
            size, new = magnitude(x), others
            for j in range(count):
                new = select(equal(size, load(rows, 4 * j)), load(rows, 4 * j + 1), new)
            send(state, graph, flooding, keep, first + i, x, new, sign)


@inlined
def update_a_min_star(state, graph, rule, flooding, keep, active, first, last, check):
    """The variable of the least input gets the message of sum-product, all others that of all inputs."""
    if last - first == 1:
        send_top(state, graph, rule, flooding, keep, first)
    elif last - first > 1:
        top, one, most = splat(rule.cap), splat(f32(1.0)), splat(f32(MOST))
        sign = extrinsic(state, graph, first, keep)
        least, second = magnitude(sign), top
        a, b = splat(f32(0.0)), one
        for edge in range(first + 1, last):
            x = extrinsic(state, graph, edge, keep)
            sign, size = mixed_signs(sign, x), magnitude(x)
            larger = unsigned_max(least, size)
            least, second = unsigned_min(least, size), unsigned_min(second, larger)
            a, b = with_input(a, b, power(unsigned_min(larger, most)))
            if (edge - first) % RENEW == 0:
                a, b = a / b, one
        weakest = unsigned_max(logarithm(b, a), splat(f32(0.0)))
        distant = below(splat(f32(FAR)), second)
        if bits_of(distant) & active != u64(0):
            # Products of exponentials are nothing there, and sums are relative to the second least input.
            total = splat(f32(-1.0))  # what the least one adds
            for edge in range(first, last):
                size = magnitude(extrinsic(state, graph, edge, keep))
                total = total + power(unsigned_min(unsigned_saturating_subtract(size, second), most))
            weakest = select(distant, unsigned_min(second - logarithm(total, one), top), weakest)
        others = combined(weakest, least)
        for edge in range(first, last):
            x = extrinsic(state, graph, edge, keep)
            new = select(equal(magnitude(x), least), weakest, others)
            send(state, graph, flooding, keep, edge, x, new, sign)


@inlined
def line(x):
    """About ln(1 + exp(-x)) for x from 0 on."""
    near, far_ = f32(0.6825) - x * f32(0.375), f32(0.5) - x * f32(0.1875)
    zero = splat(f32(0.0))
    beyond = select(below(splat(f32(2.625)), x), zero, far_)
    return select(below(x, splat(f32(1.0))), near, beyond)


@inlined
def combined_by_lines(a, b):
    """``combined``, with lines, and in units of LLRs."""
    return unsigned_min(a, b) + line(a + b) - line(magnitude(a - b))


@inlined
def update_a_min_star_linear(state, graph, rule, flooding, keep, active, first, last, check):
    """``update_a_min_star`` by lines, one input after the other."""
    if last - first == 1:
        send_top(state, graph, rule, flooding, keep, first)
    elif last - first > 1:
        top, zero = splat(rule.cap), splat(f32(0.0))
        sign = extrinsic(state, graph, first, keep)
        least, weakest = magnitude(sign), top
        for edge in range(first + 1, last):
            x = extrinsic(state, graph, edge, keep)
            sign, size = mixed_signs(sign, x), magnitude(x)
            larger = unsigned_max(least, size)
            weakest = larger if edge == first + 1 else combined_by_lines(weakest, larger)
            least = unsigned_min(least, size)
        others = unsigned_max(combined_by_lines(weakest, least), zero)
        weakest = unsigned_max(weakest, zero)
        for edge in range(first, last):
            x = extrinsic(state, graph, edge, keep)
            new = select(equal(magnitude(x), least), weakest, others)
            send(state, graph, flooding, keep, edge, x, unsigned_min(new, top), sign)
