"""Algebraic list decoding of Reed-Solomon codes, frame by frame.

V. Guruswami and M. Sudan, "Improved decoding of Reed-Solomon and algebraic-geometry codes", 1999; R. Koetter and
A. Vardy, "Algebraic soft-decision decoding of Reed-Solomon codes", 2003.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from .interpolation_kernels import interpolate, next_factor
from .scalar_kernels import correct, find_syndromes, over, times, value
from .soft_symbol_kernels import (
    better,
    discrepancy,
    flip,
    least_reliable,
    likeliest,
    receive,
    room_for,
)

#: Steps of LLRs to 1 in the table of ln(1 + exp(-x)).
STEPS = 64

#: A code as values of polynomials, and what is interpolated: symbol j of the word of f, of degree below k, is
#: ``factors[j]`` f(``points[j]``).
#:
#: points, factors: elements, int32 (symbols).
#: k: symbols of information. weight: that of y.
#: size: rows of polynomials, the y-degree and one. width: their columns.
#: multiplicity: of every point, or, if ``soft``, on average.
#: budget: linear equations of all points together.
#: logs: ln(1 + i), softplus: ln(1 + exp(-i / STEPS)): float64, in steps of 2^-20.
ListTables = namedtuple(
    "ListTables",
    (
        "points",
        "factors",
        "k",
        "weight",
        "size",
        "width",
        "multiplicity",
        "soft",
        "budget",
        "logs",
        "softplus",
    ),
)


@callee
def _alike(tables, lists, received, elements, xs, ys, multiplicities):
    """The received symbols as points, all of one multiplicity, where no bit is erased; how many."""
    points = 0
    for j in range(lists.points.size):
        if received.reliabilities[j] > 0:
            xs[points] = lists.points[j]
            ys[points] = over(tables, np.int64(received.symbols[j]), np.int64(lists.factors[j]))
            multiplicities[points] = lists.multiplicity
            points += 1
    return points


@callee
def _by_reliability(tables, lists, received, elements, xs, ys, multiplicities):
    """Points with multiplicities by the probabilities of symbols; how many (Koetter and Vardy, algorithm A).

    The one that gains most, with the largest probability over the multiplicity that it would have, gets one
    more, until the budget is spent.
    """
    symbols, m = received.magnitudes.shape
    values = 1 << m
    costs, taken = np.empty((symbols, values), np.float64), np.zeros((symbols, values), np.int32)
    chosen, least = np.zeros(symbols, np.int64), np.empty(symbols, np.float64)
    for j in range(symbols):
        base = 0.0
        for bit in range(m):
            at = min(np.int64(received.magnitudes[j, bit] * STEPS + 0.5), lists.softplus.size - 1)
            base += lists.softplus[at]
        for flipped in range(values):
            rest, bit = flipped, m - 1
            while rest and not rest & 1:
                rest, bit = rest >> 1, bit - 1
            costs[j, flipped] = (
                costs[j, flipped & (flipped - 1)] + received.magnitudes[j, bit] if rest else base
            )
        least[j] = costs[j, 0]
    left = lists.budget
    while True:
        best = 0
        for j in range(1, symbols):
            if least[j] < least[best]:
                best = j
        row, counts = costs[best], taken[best]
        left -= counts[chosen[best]] + 1
        if left < 0:
            break
        counts[chosen[best]] += 1
        least[best] = np.inf
        for flipped in range(values):
            gain = row[flipped] + lists.logs[counts[flipped]]
            if gain < least[best]:
                least[best], chosen[best] = gain, flipped
    points = 0
    for j in range(symbols):
        for flipped in range(values):
            if taken[j, flipped]:
                element = np.int64(elements[received.patterns[j] ^ flipped])
                xs[points] = lists.points[j]
                ys[points] = over(tables, element, np.int64(lists.factors[j]))
                multiplicities[points] = taken[j, flipped]
                points += 1
    return points


@kernel
def decode_list(
    llr, words, frames, tables, positions, elements, patterns, distance, lists, preferred, ok, listed
):
    """Correct ``words``, uint64 (groups, n), the decisions on ``llr``, float32 (groups, n, 64), in place.

    The arguments up to ``distance`` are those of ``SymbolTables``, and ``lists`` is a ``ListTables``. Of each
    word of a frame the likeliest codeword is taken of those found by interpolation, and by solving for up to
    half the distance; of equals that with a bit of ``preferred``, int32 (depth, symbols), where they first
    differ. Where there is none, the word is left as it is. ``ok``, bool (frames), receives whether all had one
    without an equal, and ``listed``, int32 (frames), how many were found by interpolation.
    """
    depth, symbols, m = positions.shape
    received = room_for(symbols, m)
    syndromes = np.empty(tables.roots + tables.extended, np.int32)
    errors, best = np.empty(symbols, np.int32), np.empty(symbols, np.int32)
    erased = np.zeros(symbols, np.bool_)
    order = np.empty(min(distance, symbols), np.int32)
    size, width, k = lists.size, lists.width, lists.k
    basis, degrees = np.empty((size, size, width), np.int32), np.empty(size, np.int64)
    stack, tried, message = (
        np.empty((k + 1, size, width), np.int32),
        np.zeros(k + 1, np.int64),
        np.empty(k, np.int32),
    )
    xs, ys = np.empty(lists.budget, np.int32), np.empty(lists.budget, np.int32)
    multiplicities = np.empty(lists.budget, np.int32)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        ok[frame], listed[frame] = True, 0
        for each in range(depth):
            receive(llr[group], words[group], lane, positions[each], elements, received)
            if find_syndromes(tables, received.symbols, syndromes):
                continue
            least_reliable(received.reliabilities, order)
            least, alone = np.inf, True
            if correct(tables, received.symbols, syndromes, erased, errors):
                least, count = discrepancy(received, errors, patterns)
                best[:] = errors
                if likeliest(received, errors, order, distance, least, count):
                    flip(words[group], lane, positions[each], best, patterns)
                    continue
            if lists.soft:
                points = _by_reliability(tables, lists, received, elements, xs, ys, multiplicities)
            else:
                points = _alike(tables, lists, received, elements, xs, ys, multiplicities)
            stack[0] = basis[
                interpolate(tables, lists.weight, xs, ys, multiplicities, points, basis, degrees)
            ]
            tried[0] = 0
            at = next_factor(tables, stack, tried, 0, message)
            while at >= 0:
                listed[frame] += 1
                for j in range(symbols):
                    x = np.int64(lists.points[j])
                    found = value(tables, message, k - 1, tables.log[x]) if x else np.int64(message[0])
                    errors[j] = times(tables, found, np.int64(lists.factors[j])) ^ received.symbols[j]
                total, count = discrepancy(received, errors, patterns)
                least, alone = better(received, errors, patterns, preferred[each], total, best, least, alone)
                at = next_factor(tables, stack, tried, at, message)
            ok[frame] = ok[frame] and alone and least < np.inf
            if least < np.inf:
                flip(words[group], lane, positions[each], best, patterns)
