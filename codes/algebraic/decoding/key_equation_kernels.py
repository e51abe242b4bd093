"""Locators of errors and erasures by Euclid's algorithm, or from linear equations; one word at a time.

Y. Sugiyama, M. Kasahara, S. Hirasawa and T. Namekawa, "A method for solving key equation for decoding Goppa
codes", 1975; W. W. Peterson, "Encoding and error-correction procedures for the Bose-Chaudhuri codes", 1960;
D. Gorenstein and N. Zierler, 1961. Erasures as in R. E. Blahut, "Algebraic Codes for Data Transmission",
2003, section 7.5. Polynomials are pointers to int32, the constant coefficient first.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to, shifted
from .scalar_kernels import (
    code_in,
    find_errors,
    find_syndromes,
    over,
    solver_in,
    solver_memory,
    times,
    times_power,
)

i64 = np.int64


@callee
def _product_of_erasures(code, solver):
    """The locator of the erased places to ``solver.other``; returns how many they are."""
    found, erasures = solver.other, i64(0)
    found[0] = 1
    for j in range(code.n):
        if solver.erased[j]:
            erasures += 1
            if erasures > code.roots:
                return erasures
            found[erasures] = 0
            for i in range(erasures, 0, -1):
                found[i] ^= times_power(code, found[i - 1], code.places[j])
    return erasures


@callee
def _multiply(code, a, degree, b, other_degree, product, terms):
    """The first coefficients of a product."""
    for i in range(terms):
        total = i64(0)
        for j in range(max(0, i - other_degree), min(i, degree) + 1):
            total ^= times(code, a[j], b[i - j])
        product[i] = total


@callee
def _degree(polynomial, most):
    """The degree, which is at most ``most``; -1 of zero."""
    degree = most
    while degree >= 0 and polynomial[degree] == 0:
        degree -= 1
    return degree


@callee
def _by_euclid(code, modified, count, erasures, locator, room):
    """The errors' locator from modified syndromes, by dividing until a remainder is short; its degree.

    ``room`` is for four polynomials of count + 1 coefficients.
    """
    size = count + 1
    last, rest = room, shifted(room, size)
    before, found = shifted(room, 2 * size), shifted(room, 3 * size)
    for i in range(size):
        last[i], rest[i] = i == count, modified[i] if i < count else 0
        before[i], found[i] = 0, i == 0
    high, low = count, _degree(rest, count - 1)
    while low >= 0 and 2 * low >= count + erasures:
        while high >= low:
            factor, shift = over(code, i64(last[high]), i64(rest[low])), high - low
            for i in range(low + 1):
                last[i + shift] ^= times(code, factor, i64(rest[i]))
            for i in range(size - shift):
                before[i + shift] ^= times(code, factor, i64(found[i]))
            high = _degree(last, high)
        last, rest, before, found = rest, last, found, before
        high, low = low, high
    degree = _degree(found, count)
    for i in range(size):
        locator[i] = over(code, i64(found[i]), i64(found[0])) if found[0] else 0
    return degree if found[0] else i64(-1)


@callee
def _solvable(code, sequence, size, locator, matrix):
    """Whether the equations of a recursion of so many terms have one solution, which goes to ``locator``.

    ``matrix`` has room for size + 1 columns in each of ``size`` rows.
    """
    width = size + 1
    for row in range(size):
        for i in range(size):
            matrix[row * width + i] = sequence[size + row - 1 - i]
        matrix[row * width + size] = sequence[size + row]
    for column in range(size):
        pivot = column
        while pivot < size and matrix[pivot * width + column] == 0:
            pivot += 1
        if pivot == size:
            return False
        inverse = over(code, i64(1), i64(matrix[pivot * width + column]))
        for i in range(width):
            value = times(code, inverse, i64(matrix[pivot * width + i]))
            matrix[pivot * width + i] = matrix[column * width + i]
            matrix[column * width + i] = value
        for row in range(size):
            factor = i64(matrix[row * width + column])
            if row != column and factor:
                for i in range(width):
                    matrix[row * width + i] ^= times(code, factor, i64(matrix[column * width + i]))
    locator[0] = 1
    for i in range(size):
        locator[i + 1] = matrix[i * width + size]
    return True


@callee
def _by_equations(code, modified, count, erasures, locator, matrix):
    """The errors' locator by linear equations, as many as have one solution; returns its degree."""
    size = (count - erasures) // 2
    while size > 0 and not _solvable(code, shifted(modified, erasures), size, locator, matrix):
        size -= 1
    if size == 0:
        locator[0] = 1
    return _degree(locator, size)


@callee
def _generates(code, solver, syndromes, count, length):
    """Whether the locator, as a recursion of a length, generates the syndromes."""
    for r in range(length, count):
        total = i64(0)
        for i in range(length + 1):
            total ^= times(code, i64(solver.locator[i]), i64(syndromes[r - i]))
        if total:
            return False
    return True


@kernel
def correct_words_by(words, erased, numbers, tables, euclid, ok):
    """``scalar_kernels.correct_words`` by Euclid's algorithm, or by linear equations.

    For codes without an extension.
    """
    code = code_in(numbers, tables)
    memory, errors = solver_memory(code), np.empty(code.symbols, np.int32)
    solver, count = solver_in(memory, code), code.roots
    room = np.empty(max(4 * (count + 1), (count // 2 + 1) * (count // 2 + 2)), np.int32)
    modified, locator = np.empty(count + 1, np.int32), np.zeros(count + 2, np.int32)
    found = pointer_to(errors)
    for i in range(len(words)):
        ok[i] = False
        for j in range(code.symbols):
            solver.erased[j], errors[j] = erased[i, j], 0
        find_syndromes(code, pointer_to(words[i]), solver.syndromes)
        erasures = _product_of_erasures(code, solver)
        if erasures > count:
            continue
        _multiply(code, solver.other, erasures, solver.syndromes, count - 1, pointer_to(modified), count)
        if euclid:
            degree = _by_euclid(
                code, pointer_to(modified), count, erasures, pointer_to(locator), pointer_to(room)
            )
        else:
            degree = _by_equations(
                code, pointer_to(modified), count, erasures, pointer_to(locator), pointer_to(room)
            )
        length = degree + erasures
        if degree < 0 or 2 * degree + erasures > count:
            continue
        _multiply(code, solver.other, erasures, pointer_to(locator), degree, solver.locator, count + 1)
        if _generates(code, solver, solver.syndromes, count, length):
            ok[i] = find_errors(code, solver, solver.syndromes, count, code.first, length, found)
        if ok[i]:
            words[i] ^= errors
    keep_alive(memory)
    keep_alive(errors)
    keep_alive(room)
    keep_alive(modified)
    keep_alive(locator)
    keep_alive(numbers)
    keep_alive(tables)
