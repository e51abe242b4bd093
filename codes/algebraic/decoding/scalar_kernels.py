"""Errors and erasures of one word at a time, by logarithms of field elements.

R. E. Blahut, "Algebraic Codes for Data Transmission", 2003, chapters 6 and 7; J. L. Massey, "Shift-register
synthesis and BCH decoding", 1969; G. D. Forney, "On decoding BCH codes", 1965. Arrays of a word are pointers
to int32: they take a fraction of the time to compile.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, shifted

i64 = np.int64

#: A code whose words c_0, c_1, ... have c_0 x^(n-1) + ... + c_(n-1) = 0 at beta^first to
#: beta^(first + roots - 1), beta = alpha^step: its whole numbers, and pointers to tables of int32.
#:
#: order: elements of the field but zero. n: symbols without the extension. extended: whether a symbol more is
#: the value at beta^(first - 1). binary: whether symbols are bits. symbols: n with the extension, of each of
#: ``depth`` words. m: bits of a symbol. distance: the minimum distance that the roots give. Tables lie one
#: behind the other, see ``SymbolTables``: exp and log are those of the field, and ``places`` has the
#: logarithm of beta^(n - 1 - j) for symbol j.
WordCode = namedtuple(
    "WordCode",
    (
        "order",
        "n",
        "step",
        "first",
        "roots",
        "extended",
        "binary",
        "symbols",
        "depth",
        "m",
        "distance",
        "exp",
        "log",
        "places",
        "elements",
        "patterns",
        "positions",
        "preferred",
    ),
)
#: The names of the numbers, in the order in which kernels get them.
NUMBERS = WordCode._fields[:11]

#: Memory for solving, pointers: see ``solver_memory``.
Solver = namedtuple(
    "Solver", ("syndromes", "known", "erased", "locator", "other", "old", "evaluator", "slope")
)


@inlined
def code_in(numbers, tables):
    """A code out of its numbers, int64, and its tables, int32, both of which are to be kept alive."""
    order, n, symbols, depth, m = numbers[0], numbers[1], numbers[7], numbers[8], numbers[9]
    exp = pointer_to(tables)
    log = shifted(exp, 2 * order)
    places = shifted(log, order + 1)
    elements = shifted(places, n)
    patterns = shifted(elements, i64(1) << m)
    positions = shifted(patterns, i64(1) << m)
    preferred = shifted(positions, depth * symbols * m)
    return WordCode(
        order,
        n,
        numbers[2],
        numbers[3],
        numbers[4],
        numbers[5],
        numbers[6],
        symbols,
        depth,
        m,
        numbers[10],
        exp,
        log,
        places,
        elements,
        patterns,
        positions,
        preferred,
    )


@inlined
def solver_memory(code):
    """Memory of a solver, to be kept alive while it is used."""
    return np.zeros(7 * (code.roots + 3) + code.symbols, np.int32)


@inlined
def solver_in(memory, code):
    """The solver in its memory: ``erased`` for each symbol, the others for each root and a few more."""
    first, size = pointer_to(memory), code.roots + 3
    return Solver(
        first,
        shifted(first, size),
        shifted(first, 7 * size),
        shifted(first, 2 * size),
        shifted(first, 3 * size),
        shifted(first, 4 * size),
        shifted(first, 5 * size),
        shifted(first, 6 * size),
    )


@inlined
def times(code, a, b):
    """The product of two elements."""
    return i64(code.exp[code.log[a] + code.log[b]]) if a and b else i64(0)


@inlined
def times_power(code, a, exponent):
    """a alpha^exponent, with an exponent from 0 to the order - 1."""
    return i64(code.exp[code.log[a] + exponent]) if a else i64(0)


@inlined
def over(code, a, b):
    """a / b, where b is not 0."""
    return i64(code.exp[code.log[a] - code.log[b] + code.order]) if a else i64(0)


@callee
def value(code, polynomial, degree, point):
    """A polynomial's value at alpha^point; the constant coefficient is the first."""
    found = i64(polynomial[degree])
    for i in range(degree - 1, -1, -1):
        found = times_power(code, found, point) ^ polynomial[i]
    return found


@callee
def find_syndromes(code, word, syndromes):
    """The values of a received word at the roots; of an extended code, at beta^(first - 1) before.

    Returns whether it is a codeword.
    """
    wrong = i64(0)
    for i in range(code.roots + code.extended):
        point, total = code.step * (code.first - code.extended + i) % code.order, i64(0)
        for j in range(code.n):
            total = times_power(code, total, point) ^ word[j]
        syndromes[i] = total
        wrong |= total ^ word[code.n] if code.extended and i == 0 else total
    return wrong == 0


@callee
def _find_locator(code, solver, syndromes, count):
    """The locator of errors and erasures by the algorithm of Berlekamp and Massey; returns its length.

    It is the shortest feedback polynomial of the syndromes that is a multiple of that of the erased places.
    Its length is -1 if more places than syndromes are erased.
    """
    locator, other, old = solver.locator, solver.other, solver.old
    for i in range(count + 1):
        locator[i] = i == 0
    erasures = i64(0)
    for j in range(code.n):
        if solver.erased[j]:
            erasures += 1
            if erasures > count:
                return i64(-1)
            for i in range(erasures, 0, -1):
                locator[i] ^= times_power(code, locator[i - 1], code.places[j])
    for i in range(count + 1):
        other[i] = locator[i]
    length = erasures
    for r in range(erasures, count):
        discrepancy = i64(0)
        for i in range(length + 1):
            discrepancy ^= times(code, locator[i], syndromes[r - i])
        for i in range(count, 0, -1):
            other[i] = other[i - 1]
        other[0] = 0
        if discrepancy == 0:
            continue
        longer = 2 * length <= r + erasures
        for i in range(count + 1):
            old[i] = locator[i]
            locator[i] ^= times(code, discrepancy, other[i])
            if longer:
                other[i] = over(code, old[i], discrepancy)
        if longer:
            length = r + 1 - length + erasures
    return length


@callee
def _solve(code, solver, syndromes, count, first, most, errors):
    """Errors and erasures from ``count`` values at beta^first, beta^(first + 1), ...; whether it could.

    With s places erased it finds e errors elsewhere, with 2 e + s at most ``most``. ``errors`` receives what
    to add to each of n symbols.
    """
    erasures = i64(0)
    for j in range(code.n):
        erasures += solver.erased[j]
        errors[j] = 0
    length = _find_locator(code, solver, syndromes, count)
    if length < 0 or 2 * length - erasures > most:
        return False
    return find_errors(code, solver, syndromes, count, first, length, errors)


@callee
def find_errors(code, solver, syndromes, count, first, length, errors):
    """What to add to n symbols, by a locator that generates the syndromes; whether it has its roots.

    ``errors`` is 0 before.
    """
    locator, evaluator, slope = solver.locator, solver.evaluator, solver.slope
    if locator[length] == 0:
        return False
    for i in range(length + 1, count + 1):
        if locator[i]:
            return False
    for i in range(length + 1):
        total = i64(0)
        for j in range(min(i + 1, length * (i < length))):
            total ^= times(code, locator[j], syndromes[i - j])
        evaluator[i] = total
        slope[i] = locator[i + 1] if i < length and i % 2 == 0 else 0
    found = i64(0)
    for j in range(code.n):
        place = i64(code.places[j])
        point = code.order - place if place else i64(0)
        if value(code, locator, length, point) == 0:
            found += 1
            size = over(code, value(code, evaluator, length, point), value(code, slope, length, point))
            errors[j] = times_power(code, size, (1 - first) * place % code.order)
            if code.binary and errors[j] > 1:
                return False
    return found == length


@callee
def correct(code, solver, word, errors):
    """Up to half the minimum distance of errors, and erasures; returns whether it could.

    ``solver`` has the syndromes of the word, and what is ``erased``, 0 or 1 for each symbol, the extension
    included. ``errors`` receives what to add to each symbol.
    """
    syndromes, n, roots = solver.syndromes, code.n, code.roots
    if not code.extended:
        return _solve(code, solver, syndromes, roots, code.first, roots, errors)
    lost = i64(solver.erased[n])
    if not lost:
        # Take the extension for right; a word within half the distance is the only one.
        for i in range(roots + 1):
            solver.known[i] = syndromes[i]
        solver.known[0] ^= word[n]
        errors[n] = 0
        if _solve(code, solver, solver.known, roots + 1, code.first - 1, roots + 1, errors):
            return True
    if not _solve(code, solver, shifted(syndromes, 1), roots, code.first, roots - 1 + lost, errors):
        return False
    total = i64(syndromes[0])
    for j in range(n):
        total ^= times_power(code, errors[j], (code.first - 1) * code.places[j] % code.order)
    errors[n] = total ^ word[n]
    return not (code.binary and errors[n] > 1)


@kernel
def correct_words(words, erased, numbers, tables, ok):
    """Correct ``words``, int32 (words, symbols), in place: errors, and erasures, bool of the same shape.

    ``ok``, bool (words), receives whether it could: with s symbols of a word erased it finds e errors
    elsewhere, 2 e + s below the minimum distance. A word that it could not correct is left as it is.
    """
    code = code_in(numbers, tables)
    memory, errors = solver_memory(code), np.empty(code.symbols, np.int32)
    solver = solver_in(memory, code)
    for i in range(len(words)):
        word = pointer_to(words[i])
        for j in range(code.symbols):
            solver.erased[j] = erased[i, j]
        find_syndromes(code, word, solver.syndromes)
        ok[i] = correct(code, solver, word, pointer_to(errors))
        if ok[i]:
            words[i] ^= errors
    keep_alive(memory)
    keep_alive(errors)
    keep_alive(numbers)
    keep_alive(tables)
