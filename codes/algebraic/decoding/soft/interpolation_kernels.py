"""Polynomials in x and y that vanish at points, and their factors y - f(x), over a finite field.

R. Koetter, "Fast generalized minimum-distance decoding of algebraic-geometry and Reed-Solomon codes", 1996,
and R. J. McEliece, "The Guruswami-Sudan decoding algorithm for Reed-Solomon codes", 2003, sections VII and
VIII; R. M. Roth and G. Ruckenstein, "Efficient decoding of Reed-Solomon codes beyond half the minimum
distance", 2000.

A polynomial is a pointer to int32 (size, width): row t has the coefficients of y^t, by powers of x. Its
weighted degree bounds those of x by the degree less t times the weight of y.
"""

from collections import namedtuple

import numpy as np

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.vector_kernels import pointer_to, shifted
from ..scalar_kernels import over, times, times_power

i64 = np.int64

#: What is interpolated, and memory for it, pointers to int32.
#:
#: weight: that of y; x weighs 1. size: rows of a polynomial. width: their columns. k: coefficients of f.
#: basis: as many polynomials as one has rows. degrees: their weighted degrees. found: a number for each.
#: stack: k + 1 polynomials. tried, message: k + 1 and k numbers.
Curve = namedtuple(
    "Curve",
    ("weight", "size", "width", "k", "basis", "degrees", "found", "stack", "tried", "message"),
)


@inlined
def curve_memory(weight, size, width, k):
    """Memory for a curve, to be kept alive while it is used."""
    return np.zeros((size + k + 1) * size * width + 2 * size + 2 * (k + 1), np.int32)


@inlined
def curve_in(memory, weight, size, width, k):
    """A curve in its memory."""
    basis = pointer_to(memory)
    stack = shifted(basis, size * size * width)
    degrees = shifted(stack, (k + 1) * size * width)
    found, tried = shifted(degrees, size), shifted(degrees, 2 * size)
    message = shifted(tried, k + 1)
    return Curve(weight, size, width, k, basis, degrees, found, stack, tried, message)


@callee
def _derivative(code, curve, polynomial, degree, a, b, x, y):
    """The Hasse derivative of a polynomial of this weighted degree, a times by x and b times by y.

    Binomials are odd where the lower number's bits are among those of the upper one.
    """
    total = i64(0)
    step, up = i64(code.log[x]), i64(code.log[y])
    for t in range(b, curve.size if y else b + 1):
        last, row = degree - curve.weight * t, shifted(polynomial, t * curve.width)
        if t & b != b or last < a:
            continue
        inner, power = i64(row[a]), i64(0)
        for s in range(a + 1, last + 1 if x else 0):
            power += step
            power -= code.order if power >= code.order else 0
            if s & a == a:
                inner ^= times_power(code, row[s], power)
        total ^= times_power(code, inner, up * (t - b) % code.order)
    return total


@callee
def _add_multiple(code, curve, to, polynomial, degree, factor):
    """Add ``factor`` times a polynomial of this weighted degree."""
    for t in range(curve.size):
        for s in range(t * curve.width, t * curve.width + degree - curve.weight * t + 1):
            to[s] ^= times(code, polynomial[s], factor)


@callee
def _times_linear(code, curve, polynomial, degree, x):
    """Multiply by the variable plus x; ``degree`` is the weighted one that the polynomial then has."""
    for t in range(curve.size):
        row = shifted(polynomial, t * curve.width)
        for s in range(degree - curve.weight * t, -1, -1):
            row[s] = times(code, row[s], x) ^ (row[s - 1] if s else 0)


@callee
def _require(code, curve, a, b, x, y):
    """Make the derivatives of the basis at a point 0, by raising one of its weighted degrees."""
    size = curve.size * curve.width
    chosen = i64(-1)
    for i in range(curve.size):
        own = shifted(curve.basis, i * size)
        curve.found[i] = _derivative(code, curve, own, i64(curve.degrees[i]), a, b, x, y)
        if curve.found[i] and (chosen < 0 or curve.degrees[i] < curve.degrees[chosen]):
            chosen = i
    if chosen < 0:
        return
    least, degree = shifted(curve.basis, chosen * size), i64(curve.degrees[chosen])
    for i in range(curve.size):
        if i != chosen and curve.found[i]:
            factor = over(code, curve.found[i], curve.found[chosen])
            _add_multiple(code, curve, shifted(curve.basis, i * size), least, degree, factor)
    curve.degrees[chosen] = degree + 1
    _times_linear(code, curve, least, degree + 1, x)


@callee
def interpolate(code, curve, xs, ys, multiplicities, points):
    """Put a polynomial of least weighted degree that vanishes at points, as often as said, on the stack."""
    size = curve.size * curve.width
    for i in range(curve.size * size):
        curve.basis[i] = 0
    for i in range(curve.size):
        curve.basis[i * size + i * curve.width] = 1
        curve.degrees[i] = curve.weight * i
    for point in range(points):
        x, y, often = i64(xs[point]), i64(ys[point]), i64(multiplicities[point])
        for b in range(often):
            for a in range(often - b):
                _require(code, curve, a, b, x, y)
    best = i64(0)
    for i in range(1, curve.size):
        if curve.degrees[i] < curve.degrees[best]:
            best = i
    for i in range(size):
        curve.stack[i] = curve.basis[best * size + i]
    _drop_powers(curve, curve.stack)
    curve.tried[0] = 0


@callee
def _root_from(code, curve, polynomial, first):
    """The least element from ``first`` on at which a polynomial with x = 0 is 0; -1 if none is left."""
    for gamma in range(first, code.order + 1):
        total = i64(0)
        for t in range(curve.size - 1, -1, -1):
            total = times(code, total, gamma) ^ polynomial[t * curve.width]
        if total == 0:
            return i64(gamma)
    return i64(-1)


@callee
def _drop_powers(curve, polynomial):
    """Divide a polynomial that is not 0 by the largest power of x that divides it."""
    power = curve.width
    for t in range(curve.size):
        for s in range(power):
            if polynomial[t * curve.width + s]:
                power = s
                break
    for t in range(curve.size if power else 0):
        row = shifted(polynomial, t * curve.width)
        for s in range(curve.width):
            row[s] = row[s + power] if s + power < curve.width else 0


@callee
def _substitute(code, curve, polynomial, gamma, out):
    """``out``: the polynomial at y = x y + gamma."""
    for i in range(curve.size * curve.width):
        out[i] = 0
    for j in range(curve.size):
        row = shifted(out, j * curve.width + j)
        for t in range(j, curve.size if gamma else j + 1):
            if t & j == j:
                power = i64(code.log[gamma]) * (t - j) % code.order
                for s in range(curve.width - j):
                    row[s] ^= times_power(code, polynomial[t * curve.width + s], power)


@callee
def next_factor(code, curve, depth):
    """The next f of degree below k for which y - f(x) is a factor, into ``message``.

    ``depth`` is 0 at first, and then what the call before returned; -1 if there is none left.
    """
    size = curve.size * curve.width
    while depth >= 0:
        own = shifted(curve.stack, depth * size)
        if depth == curve.k:
            depth -= 1
            left = i64(0)
            for s in range(curve.width):
                left |= own[s]
            if left == 0:  # y divides what is left
                return depth
            continue
        gamma = _root_from(code, curve, own, i64(curve.tried[depth]))
        if gamma < 0:
            depth -= 1
            continue
        curve.tried[depth], curve.message[depth] = gamma + 1, gamma
        following = shifted(own, size)
        _substitute(code, curve, own, gamma, following)
        _drop_powers(curve, following)
        depth += 1
        curve.tried[depth] = 0
    return depth
