"""Errors and erasures of one word at a time, by logarithms of field elements.

R. E. Blahut, "Algebraic Codes for Data Transmission", 2003, chapters 6 and 7; J. L. Massey, "Shift-register
synthesis and BCH decoding", 1969; G. D. Forney, "On decoding BCH codes", 1965.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined

#: A code whose words c_0, c_1, ... have c_0 x^(n-1) + ... + c_(n-1) = 0 at powers of beta = alpha^step.
#:
#: exp, log: those of the field, int32 (2 order) and (order + 1); ``order`` is the number of elements but zero.
#: places: logarithms of beta^(n - 1 - j), int32 (n), for symbol j.
#: step, first, roots: the roots are beta^first to beta^(first + roots - 1).
#: extended: whether a symbol more is the word's value at beta^(first - 1).
#: binary: whether symbols are bits.
WordTables = namedtuple(
    "WordTables", ("exp", "log", "order", "places", "step", "first", "roots", "extended", "binary")
)


@inlined
def times(tables, a, b):
    """The product of two elements."""
    if a == 0 or b == 0:
        return 0
    return np.int64(tables.exp[tables.log[a] + tables.log[b]])


@inlined
def times_power(tables, a, exponent):
    """a alpha^exponent, with an exponent from 0 to the order - 1."""
    return np.int64(tables.exp[tables.log[a] + exponent]) if a else 0


@inlined
def over(tables, a, b):
    """a / b, where b is not 0."""
    return np.int64(tables.exp[tables.log[a] - tables.log[b] + tables.order]) if a else 0


@callee
def value(tables, polynomial, degree, point):
    """A polynomial's value at alpha^point; the constant coefficient is the first."""
    found = np.int64(polynomial[degree])
    for i in range(degree - 1, -1, -1):
        found = times_power(tables, found, point) ^ polynomial[i]
    return found


@callee
def find_syndromes(tables, word, syndromes):
    """The values of a received word at the roots; of an extended code, at beta^(first - 1) before.

    ``word`` is int32 (n, or n + 1 if extended), whose last symbol then is not looked at. Returns whether it
    is a codeword.
    """
    first = tables.first - tables.extended
    n, found = tables.places.size, 0
    for i in range(tables.roots + tables.extended):
        point, total = tables.step * (first + i) % tables.order, np.int64(0)
        for j in range(n):
            total = times_power(tables, total, point) ^ word[j]
        syndromes[i] = total
        found |= total ^ (word[n] if tables.extended and i == 0 else 0)
    return found == 0


@callee
def find_locator(tables, syndromes, erased, locator):
    """The locator of errors and erasures by the algorithm of Berlekamp and Massey; returns its length.

    ``locator``, int32 (syndromes + 1), receives the shortest feedback polynomial of the syndromes, a multiple
    of that of the erased places. Its length is -1 if more places than syndromes are erased.
    """
    count = syndromes.size
    other, old = np.zeros(count + 1, np.int32), np.empty(count + 1, np.int32)
    locator[:] = 0
    locator[0] = 1
    erasures = 0
    for j in range(tables.places.size):
        if erased[j]:
            erasures += 1
            if erasures > count:
                return -1
            for i in range(erasures, 0, -1):
                locator[i] ^= times_power(tables, locator[i - 1], tables.places[j])
    other[:] = locator
    length = erasures
    for r in range(erasures, count):
        discrepancy = np.int64(0)
        for i in range(length + 1):
            discrepancy ^= times(tables, locator[i], syndromes[r - i])
        for i in range(count, 0, -1):
            other[i] = other[i - 1]
        other[0] = 0
        if discrepancy == 0:
            continue
        longer = 2 * length <= r + erasures
        old[:] = locator
        for i in range(count + 1):
            locator[i] ^= times(tables, discrepancy, other[i])
        if longer:
            length = r + 1 - length + erasures
            for i in range(count + 1):
                other[i] = over(tables, old[i], discrepancy)
    return length


@callee
def solve(tables, syndromes, first, erased, spare, errors):
    """Errors and erasures from the values at beta^first, beta^(first + 1), ...; returns whether it could.

    With s places erased (``erased``, bool (n)) it finds e errors elsewhere, 2 e + s at most the number of
    syndromes less ``spare``. ``errors``, int32 (n or more), receives what to add to each symbol.
    """
    count, n = syndromes.size, tables.places.size
    errors[:] = 0
    locator, evaluator = np.empty(count + 1, np.int32), np.zeros(count + 1, np.int32)
    erasures = 0
    for j in range(n):
        erasures += erased[j]
    length = find_locator(tables, syndromes, erased, locator)
    if length < 0 or 2 * (length - erasures) + erasures > count - spare or locator[length] == 0:
        return False
    for i in range(length + 1, count + 1):
        if locator[i]:
            return False
    for i in range(length):
        for j in range(i + 1):
            evaluator[i] ^= times(tables, locator[j], syndromes[i - j])
    slope = np.zeros(count + 1, np.int32)
    for i in range(1, length + 1, 2):
        slope[i - 1] = locator[i]
    found = 0
    for j in range(n):
        place = np.int64(tables.places[j])
        point = tables.order - place if place else 0
        if value(tables, locator, length, point):
            continue
        found += 1
        size = over(tables, value(tables, evaluator, length, point), value(tables, slope, length, point))
        exponent = (1 - first) * place % tables.order
        size = times_power(tables, size, exponent)
        if tables.binary and size > 1:
            return False
        errors[j] = size
    return found == length


@callee
def correct(tables, word, syndromes, erased, errors):
    """``solve`` for a word, with or without the extension; up to half the minimum distance.

    ``erased`` is bool (symbols), the extension included, and ``errors``, int32 (symbols), what to add.
    """
    if not tables.extended:
        return solve(tables, syndromes, tables.first, erased, 0, errors)
    n, inner = tables.places.size, syndromes[1:]
    if not erased[n]:
        # Take the extension for right; a word within half the distance is the only one.
        known = syndromes.copy()
        known[0] ^= word[n]
        if solve(tables, known, tables.first - 1, erased, 0, errors):
            return True
    if not solve(tables, inner, tables.first, erased, 0 if erased[n] else 1, errors):
        return False
    total = np.int64(syndromes[0])
    for j in range(n):
        power = (tables.first - 1) * tables.places[j] % tables.order
        total ^= times_power(tables, errors[j], power)
    errors[n] = total ^ word[n]
    return not (tables.binary and errors[n] > 1)
