"""Sum-product at a check, in float32 and in units of ln 2.

A check's message to a variable is 2 artanh of the product of tanh(x / 2) over its other inputs x. With
q = exp(-|x|) two inputs combine to (q1 + q2) / (1 + q1 q2): additions and products of positive numbers,
which lose nothing. All is kept as pairs (numerator, denominator), so that a message takes one division.
Values and messages are logarithms to base 2: that saves a product at either end of each edge, and the
integer part of an exponent is taken off without an error.
"""

from collections import namedtuple

import numpy as np
from numba.extending import overload

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.vector_kernels import (
    INLINED,
    as_float,
    as_int,
    below,
    bits_of,
    load,
    magnitude,
    mixed_signs,
    select,
    splat,
    store,
    to_float,
    unsigned_max,
    unsigned_min,
    unsigned_saturating_subtract,
    with_sign,
)
from .check_kernels import extrinsic, send_to_variable

#: Sum-product; the largest magnitude of a message, and the unit of values beside that of LLRs.
SumProduct = namedtuple("SumProduct", ("cap", "unit"))

f32, i32, u64 = np.float32, np.int32, np.uint64

#: Values are LLRs times this.
UNITS = f32(1.4426950408889634)
#: Inputs count as at most this, so that the product of two exponentials is a normal number.
MOST = 62.0
#: Where the second least input exceeds this, MOST is too near to it: see ``far``. Others exceed it by less
#: than float32 resolves, or count as MOST, which changes a sum of exponentials by less than that.
FAR = 36.0
#: Edges of a check after which pairs are brought back to a denominator of 1: each edge doubles them at
#: most, and the product of two pairs must stay below 2^127.
RENEW = 32
#: Where a check's messages are: with the variables; in the room; there too, with lanes for ``far``.
SENT, IN_ROOM, FAR_IN_ROOM = 0, 1, 2
#: A float32 of at most 2^22 more than this is a whole number, which its last bits hold.
WHOLE = 12582912.0


@inlined
def power(x):
    """2^-x for x from 0 to MOST, to a relative error of 2e-7; exactly 1 at 0.

    2^-x = 2^-k 2^r with r in [-1/2, 1/2], exactly, and a minimax polynomial of error 1.1e-7.
    """
    k = x + f32(WHOLE)
    r = (k - f32(WHOLE)) - x
    p = f32(0.009671512) + r * f32(0.0013264746)
    p = f32(0.055507336) + r * p
    p = f32(0.24022242) + r * p
    p = f32(0.693147) + r * p
    p = f32(1.0) + r * p
    return as_float(as_int(p) - (as_int(k) << i32(23)))


@inlined
def logarithm(b, a):
    """log2(b / a) of positive normal numbers, to 2e-7 beside its rounding; exactly 0 where they are equal.

    It is e + 2 artanh((b - 2^e a) / (b + 2^e a)) / ln 2, with e such that the argument is at most 0.2, and
    a minimax polynomial of error 9e-8.
    """
    bits_a = as_int(a)
    e = ((as_int(b) - bits_a) + i32(1 << 22)) >> i32(23)
    a = as_float(bits_a + (e << i32(23)))
    z = (b - a) / (b + a)
    w = z * z
    s = f32(0.96118575) + w * f32(0.607166)
    s = f32(2.8853931) + w * s
    return to_float(e) + z * s


@inlined
def paired(p, q):
    """Two inputs as a pair."""
    return p + q, p * q + f32(1.0)


@inlined
def with_input(a, b, q):
    """A pair and one more input."""
    return a + q * b, b + q * a


@inlined
def joined(a, b, c, d):
    """Two pairs as one."""
    return a * d + b * c, b * d + a * c


@inlined
def taken(state, graph, edge, keep):
    """An input, and its magnitude, at most MOST."""
    x = extrinsic(state, graph, edge, keep)
    return x, unsigned_min(magnitude(x), splat(f32(MOST)))


@inlined
def greatest_of(a, b, c):
    """The greatest of three magnitudes."""
    return unsigned_max(unsigned_max(a, b), c)


@inlined
def far_lanes(greatest, degree, active):
    """Whether the second least of ``degree`` inputs may exceed FAR in an active lane.

    ``greatest`` is the largest message, to the weakest input: at most log2(degree) below the second least.
    """
    limit = FAR - 1.0
    while degree > 1:
        limit, degree = limit - 1.0, degree >> 1
    return bits_of(below(splat(f32(limit)), greatest)) & active != u64(0)


@inlined
def send(state, graph, flooding, keep, edge, x, size, sign):
    """Send a message of a magnitude, with the product of the signs of the others."""
    send_to_variable(state, graph, flooding, keep, edge, x, with_sign(size, mixed_signs(sign, x)))


@inlined
def put(room, i, x, m):
    """Leave an input, and the magnitude of the message on its edge, in the room."""
    store(room, 4 * i, x)
    store(room, 4 * i + 1, m)


@inlined
def update_six(state, graph, flooding, keep, active, first):
    """A check of six edges, as two halves, in registers: see ``update_any``."""
    x0, s0 = taken(state, graph, first, keep)
    x1, s1 = taken(state, graph, first + 1, keep)
    x2, s2 = taken(state, graph, first + 2, keep)
    x3, s3 = taken(state, graph, first + 3, keep)
    x4, s4 = taken(state, graph, first + 4, keep)
    x5, s5 = taken(state, graph, first + 5, keep)
    sign = mixed_signs(mixed_signs(mixed_signs(x0, x1), x2), mixed_signs(mixed_signs(x3, x4), x5))
    q0, q1, q2, q3, q4, q5 = power(s0), power(s1), power(s2), power(s3), power(s4), power(s5)
    t, u = paired(q0, q1)
    v, w = paired(q3, q4)
    a, b = with_input(v, w, q5)
    c, d = joined(t, u, a, b)
    m2 = logarithm(d, c)
    a, b = with_input(a, b, q2)
    c, d = with_input(a, b, q1)
    m0 = logarithm(d, c)
    c, d = with_input(a, b, q0)
    m1 = logarithm(d, c)
    a, b = with_input(t, u, q2)
    c, d = joined(v, w, a, b)
    m5 = logarithm(d, c)
    a, b = with_input(a, b, q5)
    c, d = with_input(a, b, q4)
    m3 = logarithm(d, c)
    c, d = with_input(a, b, q3)
    m4 = logarithm(d, c)
    greatest = greatest_of(greatest_of(m0, m1, m2), m3, greatest_of(m4, m5, m5))
    if far_lanes(greatest, 6, active):
        put(state.room, 0, x0, m0)
        put(state.room, 1, x1, m1)
        put(state.room, 2, x2, m2)
        put(state.room, 3, x3, m3)
        put(state.room, 4, x4, m4)
        put(state.room, 5, x5, m5)
        return FAR_IN_ROOM, sign
    send(state, graph, flooding, keep, first, x0, m0, sign)
    send(state, graph, flooding, keep, first + 1, x1, m1, sign)
    send(state, graph, flooding, keep, first + 2, x2, m2, sign)
    send(state, graph, flooding, keep, first + 3, x3, m3, sign)
    send(state, graph, flooding, keep, first + 4, x4, m4, sign)
    send(state, graph, flooding, keep, first + 5, x5, m5, sign)
    return SENT, sign


@inlined
def update_seven(state, graph, flooding, keep, active, first):
    """A check of seven edges, as two halves, in registers: see ``update_any``."""
    x0, s0 = taken(state, graph, first, keep)
    x1, s1 = taken(state, graph, first + 1, keep)
    x2, s2 = taken(state, graph, first + 2, keep)
    x3, s3 = taken(state, graph, first + 3, keep)
    x4, s4 = taken(state, graph, first + 4, keep)
    x5, s5 = taken(state, graph, first + 5, keep)
    x6, s6 = taken(state, graph, first + 6, keep)
    sign = mixed_signs(
        mixed_signs(mixed_signs(x0, x1), x2), mixed_signs(mixed_signs(x3, x4), mixed_signs(x5, x6))
    )
    q0, q1, q2, q3, q4, q5, q6 = power(s0), power(s1), power(s2), power(s3), power(s4), power(s5), power(s6)
    t, u = paired(q0, q1)
    v, w = paired(q3, q4)
    g, h = paired(q5, q6)
    a, b = joined(v, w, g, h)
    c, d = joined(t, u, a, b)
    m2 = logarithm(d, c)
    a, b = with_input(a, b, q2)
    c, d = with_input(a, b, q1)
    m0 = logarithm(d, c)
    c, d = with_input(a, b, q0)
    m1 = logarithm(d, c)
    t, u = with_input(t, u, q2)
    a, b = joined(t, u, v, w)
    c, d = with_input(a, b, q6)
    m5 = logarithm(d, c)
    c, d = with_input(a, b, q5)
    m6 = logarithm(d, c)
    a, b = joined(t, u, g, h)
    c, d = with_input(a, b, q4)
    m3 = logarithm(d, c)
    c, d = with_input(a, b, q3)
    m4 = logarithm(d, c)
    greatest = greatest_of(greatest_of(m0, m1, m2), m3, greatest_of(m4, m5, m6))
    if far_lanes(greatest, 7, active):
        put(state.room, 0, x0, m0)
        put(state.room, 1, x1, m1)
        put(state.room, 2, x2, m2)
        put(state.room, 3, x3, m3)
        put(state.room, 4, x4, m4)
        put(state.room, 5, x5, m5)
        put(state.room, 6, x6, m6)
        return FAR_IN_ROOM, sign
    send(state, graph, flooding, keep, first, x0, m0, sign)
    send(state, graph, flooding, keep, first + 1, x1, m1, sign)
    send(state, graph, flooding, keep, first + 2, x2, m2, sign)
    send(state, graph, flooding, keep, first + 3, x3, m3, sign)
    send(state, graph, flooding, keep, first + 4, x4, m4, sign)
    send(state, graph, flooding, keep, first + 5, x5, m5, sign)
    send(state, graph, flooding, keep, first + 6, x6, m6, sign)
    return SENT, sign


@callee
def far(room, degree, cap):
    """Correct the magnitudes of messages in the lanes where the second least input exceeds FAR.

    Inputs are in rows 4 i of the room, magnitudes in rows 4 i + 1. Exponents are relative to the least
    input there, or, where the second least is far above it, to FAR below that, so that the
    message to the weakest input comes out right; all others have the least magnitude itself.
    """
    zero, one, most = splat(f32(0.0)), splat(f32(1.0)), splat(f32(MOST))
    least, second = magnitude(load(room, 0)), magnitude(load(room, 4))
    least, second = unsigned_min(least, second), unsigned_max(least, second)
    for i in range(2, degree):
        size = magnitude(load(room, 4 * i))
        second = unsigned_min(second, unsigned_max(size, least))
        least = unsigned_min(least, size)
    distant = below(splat(f32(FAR)), second)
    unit = unsigned_max(least, second - f32(FAR))
    # The square is of little weight where it has to be cut off.
    square = power(unsigned_min(unit, most))
    square = square * power(unsigned_min(unit, most))
    a, b = zero, one
    for i in range(degree):
        size = magnitude(load(room, 4 * i))
        q = power(unsigned_min(unsigned_saturating_subtract(size, unit), most))
        store(room, 4 * i + 2, a)
        store(room, 4 * i + 3, b)
        a, b = a + q * b, b + square * (a * q)
        if i % RENEW == RENEW - 1:
            a, b = a / b, one
    a, b = zero, one
    for i in range(degree - 1, -1, -1):
        size = magnitude(load(room, 4 * i))
        q = power(unsigned_min(unsigned_saturating_subtract(size, unit), most))
        before, under = load(room, 4 * i + 2), load(room, 4 * i + 3)
        numerator = before * b + a * under
        denominator = under * b + square * (before * a)
        # Only the weakest input may be below the unit.
        base = select(below(unit, size), unsigned_min(least, unit), unit)
        new = unsigned_min(unsigned_max(base + logarithm(denominator, numerator), zero), splat(cap))
        store(room, 4 * i + 1, select(distant, new, load(room, 4 * i + 1)))
        a, b = a + q * b, b + square * (a * q)
        if i % RENEW == 0:
            a, b = a / b, one


@inlined
def spread(room, degree):
    """Magnitudes of the messages of a check, forward through it and backward: the largest of them.

    Inputs are in rows 4 i of the room, and magnitudes come to rows 4 i + 1. See ``far``.
    """
    most, one = splat(f32(MOST)), splat(f32(1.0))
    a, b = power(unsigned_min(magnitude(load(room, 0)), most)), one
    store(room, 1, a)
    for i in range(1, degree):
        q = power(unsigned_min(magnitude(load(room, 4 * i)), most))
        store(room, 4 * i + 1, q)
        store(room, 4 * i + 2, a)
        store(room, 4 * i + 3, b)
        a, b = with_input(a, b, q)
        if i % RENEW == RENEW - 1:
            a, b = a / b, one
    a, b = load(room, 4 * degree - 3), one
    greatest = logarithm(load(room, 4 * degree - 1), load(room, 4 * degree - 2))
    store(room, 4 * degree - 3, greatest)
    for i in range(degree - 2, 0, -1):
        c, d = joined(load(room, 4 * i + 2), load(room, 4 * i + 3), a, b)
        a, b = with_input(a, b, load(room, 4 * i + 1))
        m = logarithm(d, c)
        store(room, 4 * i + 1, m)
        greatest = unsigned_max(greatest, m)
        if i % RENEW == 0:
            a, b = a / b, one
    m = logarithm(b, a)
    store(room, 1, m)
    return unsigned_max(greatest, m)


@inlined
def update_any(state, graph, keep, active, first, degree):
    """Inputs and magnitudes of messages of a check, put into the room.

    Returns where they are, and the product of the inputs' signs.
    """
    sign = extrinsic(state, graph, first, keep)
    store(state.room, 0, sign)
    for i in range(1, degree):
        x = extrinsic(state, graph, first + i, keep)
        sign = mixed_signs(sign, x)
        store(state.room, 4 * i, x)
    greatest = spread(state.room, degree)
    return FAR_IN_ROOM if far_lanes(greatest, degree, active) else IN_ROOM, sign


def unit_of_llr(rule):
    """What LLRs are multiplied by as they are received, or None."""
    raise NotImplementedError("for kernels alone")


@overload(unit_of_llr, jit_options=INLINED)
def _unit_of_llr(rule):
    if "unit" in rule.fields:
        return lambda rule: rule.unit
    return lambda rule: None


@inlined
def update_sum_product(state, graph, rule, flooding, keep, active, first, last, check):
    """A check's new messages: 2 artanh of the product of tanh(x / 2) over the other inputs x.

    The check has edges ``first`` to ``last``. Lanes that are not ``active`` may get anything.
    """
    degree, room = last - first, state.room
    if degree == 1:  # the check alone says 0
        top = splat(rule.cap)
        send_to_variable(state, graph, flooding, keep, first, extrinsic(state, graph, first, keep), top)
    elif degree > 1:
        if degree == 6:
            where, sign = update_six(state, graph, flooding, keep, active, first)
        elif degree == 7:
            where, sign = update_seven(state, graph, flooding, keep, active, first)
        else:
            where, sign = update_any(state, graph, keep, active, first, degree)
        if where == FAR_IN_ROOM:
            far(room, degree, rule.cap)
        if where != SENT:
            for i in range(degree):
                send(state, graph, flooding, keep, first + i, load(room, 4 * i), load(room, 4 * i + 1), sign)
