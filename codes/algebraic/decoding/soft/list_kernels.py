"""Algebraic list decoding of Reed-Solomon codes, frame by frame.

V. Guruswami and M. Sudan, "Improved decoding of Reed-Solomon and algebraic-geometry codes", 1999; R. Koetter
and A. Vardy, "Algebraic soft-decision decoding of Reed-Solomon codes", 2003.
"""

from collections import namedtuple

import numpy as np

from .....vectors.compiling.callee_kernels import callee
from .....vectors.group_kernels import GROUP
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import keep_alive, pointer_to, shifted
from ..scalar_kernels import code_in, correct, find_syndromes, over, solver_in, solver_memory, times, value
from .interpolation_kernels import curve_in, curve_memory, interpolate, next_factor
from .soft_symbol_kernels import consider, flip_best, rank, receive, received_in, received_memory

#: Steps of LLRs to 1 in the table of ln(1 + exp(-x)), and its last entry.
STEPS, LAST = 64, 1280

i64 = np.int64

#: A list of points, and room to find them, pointers.
#:
#: xs, factors: symbol j of the word of f is ``factors[j]`` f(``xs[j]``), int32. left: equations that there
#: may be. x, y, often: the points and multiplicities that are found, int32. costs: -ln of the probability of
#: each value of each symbol, and least: a number for each symbol, float64. taken: a multiplicity for each
#: value, chosen: a value for each symbol, int32. logs: ln(1 + i); softplus: ln(1 + exp(-i / STEPS)).
Points = namedtuple(
    "Points",
    ("xs", "factors", "left", "x", "y", "often", "costs", "least", "taken", "chosen", "logs", "softplus"),
)


@callee
def _add_point(code, points, count, j, pattern, often):
    """Add symbol j with these bits."""
    points.x[count], points.often[count] = points.xs[j], often
    points.y[count] = over(code, i64(code.elements[pattern]), i64(points.factors[j]))


@callee
def _alike(code, points, received, multiplicity):
    """The received symbols in which no bit is erased as points of one multiplicity; how many there are."""
    count = i64(0)
    for j in range(code.symbols):
        if received.reliabilities[j] > 0:
            _add_point(code, points, count, j, received.patterns[j], multiplicity)
            count += 1
    return count


@callee
def _find_costs(code, points, received):
    """-ln of the probability of each value of each symbol, by what it differs in from the decisions."""
    for j in range(code.symbols):
        own, sizes = shifted(points.costs, j << code.m), shifted(received.magnitudes, j * code.m)
        own[0] = 0.0
        for bit in range(code.m):
            own[0] += points.softplus[i64(min(sizes[bit] * STEPS + 0.5, np.float64(LAST)))]
        for bit in range(code.m):  # the last bit of a symbol is the lowest of its number
            for other in range(i64(1) << bit):
                own[(i64(1) << bit) + other] = own[other] + sizes[code.m - 1 - bit]


@callee
def _by_reliability(code, points, received):
    """Points with multiplicities by the probabilities of symbols; how many (Koetter and Vardy, algorithm A).

    The one whose probability is the largest, over the multiplicity that it would have, gets one more, as long
    as there are equations left.
    """
    values, left = i64(1) << code.m, points.left
    _find_costs(code, points, received)
    for i in range(code.symbols << code.m):
        points.taken[i] = 0
    for j in range(code.symbols):
        points.least[j], points.chosen[j] = points.costs[j << code.m], 0
    while True:
        best = i64(0)
        for j in range(1, code.symbols):
            if points.least[j] < points.least[best]:
                best = j
        costs, taken = shifted(points.costs, best << code.m), shifted(points.taken, best << code.m)
        pick = i64(points.chosen[best])
        left -= taken[pick] + 1
        if left < 0:
            break
        taken[pick] += 1
        points.least[best] = np.inf
        for flipped in range(values):
            gain = costs[flipped] + points.logs[i64(taken[flipped])]
            if gain < points.least[best]:
                points.least[best], points.chosen[best] = gain, flipped
    count = i64(0)
    for j in range(code.symbols):
        for flipped in range(values):
            often = points.taken[(j << code.m) + flipped]
            if often:
                _add_point(code, points, count, j, received.patterns[j] ^ flipped, often)
                count += 1
    return count


@callee
def _encode(code, points, curve, received):
    """The codeword of the polynomial that was found, less what was received, as a candidate."""
    for j in range(code.symbols):
        x = i64(points.xs[j])
        found = value(code, curve.message, curve.k - 1, i64(code.log[x])) if x else i64(curve.message[0])
        received.errors[j] = times(code, found, i64(points.factors[j])) ^ received.symbols[j]


@kernel
def decode_list(
    llr, words, frames, numbers, tables, evaluation, shape, multiplicity, soft, equations, logs, ok, listed
):
    """Correct ``words``, uint64 (groups, n), the decisions on ``llr``, float32 (groups, n, 64), in place.

    Of each word of a frame the likeliest codeword is taken of those found by interpolation, and by solving
    for up to half the distance. Where there is none, the word is left as it is.

    Parameters
    ----------
    llr, words, frames
        See above.
    numbers, tables
        Those of ``SymbolTables``.
    evaluation
        int32 (2, symbols): points and factors with which codewords are values of polynomials.
    shape
        int64: weight, size, width and k of a ``Curve``.
    multiplicity, soft, equations
        The multiplicity of all received symbols; or, if ``soft``, how many equations points may have.
    logs
        float64: ln(1 + exp(-i / STEPS)) for i up to ``LAST``, then ln(1 + i).
    ok, listed
        Receive whether all words had a candidate without an equal, bool (frames), and how many were found by
        interpolation, int32 (frames).
    """
    code, bits = code_in(numbers, tables), words.shape[1]
    own, (integers, sizes) = solver_memory(code), received_memory(code)
    solver, received = solver_in(own, code), received_in(integers, sizes, code)
    plane = curve_memory(shape[0], shape[1], shape[2], shape[3])
    curve = curve_in(plane, shape[0], shape[1], shape[2], shape[3])
    values = code.symbols << code.m
    places = np.empty(3 * equations + values + code.symbols, np.int32)
    costs = np.empty(values + code.symbols, np.float64)
    x, taken, cost = pointer_to(places), shifted(pointer_to(places), 3 * equations), pointer_to(costs)
    points = Points(
        pointer_to(evaluation),
        shifted(pointer_to(evaluation), code.symbols),
        equations,
        x,
        shifted(x, equations),
        shifted(x, 2 * equations),
        cost,
        shifted(cost, values),
        taken,
        shifted(taken, values),
        shifted(pointer_to(logs), LAST + 1),
        pointer_to(logs),
    )
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        given = shifted(pointer_to(llr), group * bits * GROUP)
        hard = shifted(pointer_to(words), group * bits)
        ok[frame], listed[frame] = True, 0
        for word in range(code.depth):
            receive(code, received, given, hard, lane, word)
            if find_syndromes(code, received.symbols, solver.syndromes):
                continue
            rank(code, received)
            for j in range(code.symbols):
                solver.erased[j] = 0
            least, alone, done = np.inf, True, False
            if correct(code, solver, received.symbols, received.errors):
                least, alone, done = consider(code, received, word, least, alone)
            if not done:
                if soft:
                    count = _by_reliability(code, points, received)
                else:
                    count = _alike(code, points, received, multiplicity)
                interpolate(code, curve, points.x, points.y, points.often, count)
                at = next_factor(code, curve, i64(0))
                while at >= 0:
                    listed[frame] += 1
                    _encode(code, points, curve, received)
                    least, alone, done = consider(code, received, word, least, alone)
                    at = next_factor(code, curve, at)
            ok[frame] = ok[frame] and alone and least < np.inf
            if least < np.inf:
                flip_best(code, received, hard, lane, word)
    keep_alive(own)
    keep_alive(integers)
    keep_alive(plane)
    keep_alive(places)
    keep_alive(numbers)
    keep_alive(tables)
    keep_alive(evaluation)
    keep_alive(sizes)
    keep_alive(costs)
    keep_alive(logs)
    keep_alive(llr)
    keep_alive(words)
