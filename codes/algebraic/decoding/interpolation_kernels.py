"""Polynomials in x and y that vanish at points, and their factors y - f(x), over a finite field.

R. Koetter, "Fast generalized minimum-distance decoding of algebraic-geometry and Reed-Solomon codes", 1996, and
R. J. McEliece, "The Guruswami-Sudan decoding algorithm for Reed-Solomon codes", 2003, sections VII and VIII; R.
M. Roth and G. Ruckenstein, "Efficient decoding of Reed-Solomon codes beyond half the minimum distance", 2000.

A polynomial is int32 (L + 1, X): row t has the coefficients of y^t by powers of x.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from .scalar_kernels import over, times, times_power


@callee
def _derivative(tables, polynomial, degree, weight, a, b, x, y):
    """The Hasse derivative, a times by x and b times by y, of a polynomial at a point.

    ``degree`` is the weighted degree, y weighing ``weight``. Binomials are odd where the lower number's bits
    are among those of the upper one.
    """
    total = np.int64(0)
    step, up = np.int64(tables.log[x]), np.int64(tables.log[y])
    for t in range(b, polynomial.shape[0]):
        last = degree - weight * t
        if last < a:
            break
        if t & b != b or (y == 0 and t > b):
            continue
        row, inner, power = polynomial[t], np.int64(polynomial[t, a]), np.int64(0)
        if x:
            for s in range(a + 1, last + 1):
                power += step
                if power >= tables.order:
                    power -= tables.order
                if s & a == a and row[s]:
                    inner ^= tables.exp[tables.log[row[s]] + power]
        if inner:
            total ^= times_power(tables, inner, up * (t - b) % tables.order)
    return total


@callee
def interpolate(tables, weight, xs, ys, multiplicities, points, basis, degrees):
    """A polynomial of least weighted degree that vanishes at points with multiplicities; its number in a basis.

    Parameters
    ----------
    weight
        That of y; x weighs 1.
    xs, ys, multiplicities, points
        Elements int32, and how often the polynomial is to vanish there, of so many points.
    basis
        Receives polynomials of y-degree up to L, int32 (L + 1, L + 1, X), of which one is that.
    degrees
        Receives their weighted degrees, int64 (L + 1).
    """
    size = basis.shape[0]
    basis[:] = 0
    for i in range(size):
        basis[i, i, 0], degrees[i] = 1, weight * i
    found = np.empty(size, np.int64)
    for point in range(points):
        x, y, times_there = np.int64(xs[point]), np.int64(ys[point]), np.int64(multiplicities[point])
        for b in range(times_there):
            for a in range(times_there - b):
                chosen = -1
                for i in range(size):
                    found[i] = _derivative(tables, basis[i], degrees[i], weight, a, b, x, y)
                    if found[i] and (chosen < 0 or degrees[i] < degrees[chosen]):
                        chosen = i
                if chosen < 0:
                    continue
                least = basis[chosen]
                for i in range(size):
                    if i != chosen and found[i]:
                        _add_multiple(
                            tables,
                            basis[i],
                            least,
                            degrees[chosen],
                            weight,
                            over(tables, found[i], found[chosen]),
                        )
                degrees[chosen] += 1
                _times_linear(tables, least, degrees[chosen], weight, x)
    best = 0
    for i in range(1, size):
        if degrees[i] < degrees[best]:
            best = i
    return best


@callee
def _add_multiple(tables, to, polynomial, degree, weight, factor):
    """``to`` plus ``factor``, not 0, times a polynomial of this weighted degree."""
    power = tables.log[factor]
    for t in range(polynomial.shape[0]):
        row, sums = polynomial[t], to[t]
        for s in range(degree - weight * t + 1):
            if row[s]:
                sums[s] ^= tables.exp[tables.log[row[s]] + power]


@callee
def _times_linear(tables, polynomial, degree, weight, x):
    """A polynomial times its variable plus x; ``degree`` is the weighted one that it then has."""
    for t in range(polynomial.shape[0]):
        row = polynomial[t]
        for s in range(degree - weight * t, -1, -1):
            row[s] = (row[s - 1] if s else 0) ^ times(tables, x, np.int64(row[s]))


@callee
def _root_from(tables, polynomial, first):
    """The least element from ``first`` on at which a polynomial in y, with x = 0, is 0; -1 if there is none."""
    for gamma in range(first, tables.order + 1):
        total = np.int64(0)
        for t in range(polynomial.shape[0] - 1, -1, -1):
            total = times(tables, total, gamma) ^ polynomial[t, 0]
        if total == 0:
            return gamma
    return -1


@callee
def _drop_powers(polynomial):
    """Divide by the largest power of x that divides a polynomial; whether it is not 0."""
    size, width = polynomial.shape
    power = width
    for t in range(size):
        for s in range(power):
            if polynomial[t, s]:
                power = s
                break
    if power:
        for t in range(size):
            for s in range(width):
                polynomial[t, s] = polynomial[t, s + power] if s + power < width else 0
    return power < width


@callee
def _substituted(tables, polynomial, gamma, out):
    """``out``: the polynomial at y = x y + gamma."""
    size, width = polynomial.shape
    out[:] = 0
    for j in range(size):
        for t in range(j, size):
            if t & j != j or (gamma == 0 and t > j):
                continue
            power = np.int64(tables.log[gamma]) * (t - j) % tables.order
            for s in range(width - j):
                if polynomial[t, s]:
                    out[j, s + j] ^= tables.exp[tables.log[polynomial[t, s]] + power]


@callee
def next_factor(tables, stack, tried, depth, message):
    """The next f with y - f(x) a factor, of as many coefficients as ``message``, int32 (k), has; or none.

    ``stack``, int32 (k + 1, L + 1, X), has the polynomial first, and ``tried``, int64 (k + 1), begins with 0:
    both are kept between calls, and ``depth``, which begins with 0. Returns the depth to go on with; -1 if
    all factors have been found.
    """
    k = message.size
    if depth == 0 and tried[0] == 0 and not _drop_powers(stack[0]):
        return -1
    while depth >= 0:
        if depth == k:
            depth -= 1
            if not stack[k, 0].any():
                return depth
            continue
        gamma = _root_from(tables, stack[depth], tried[depth])
        if gamma < 0:
            depth -= 1
            continue
        tried[depth], message[depth] = gamma + 1, gamma
        _substituted(tables, stack[depth], gamma, stack[depth + 1])
        if not _drop_powers(stack[depth + 1]):
            return -1
        depth += 1
        tried[min(depth, k)] = 0
    return -1
