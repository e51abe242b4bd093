"""Coefficients of matrices over GF(2^m) with few entries a column.

C. Poulliat, M. Fossorier and D. Declercq, "Design of regular (2,dc)-LDPC codes over GF(q) using their binary
images", 2008. A row of coefficients is by itself a check on bits, of which there should be few words of low
weight (section III). And a cycle of symbols of column weight 2 holds words of the whole code unless the two
products of its coefficients, taken in turns, differ (section IV): short cycles are to have none.
"""

import functools
import random
from collections.abc import Callable

import numpy as np

from ...fields.galois_field import Elements, GaloisField
from .symbol_matrix import Integers, SymbolMatrix

#: Rows that are drawn, how many of them are improved, and how often each coefficient.
DRAWN, IMPROVED, SWEEPS = 400, 10, 5
#: Passes over the rows to free short cycles of words, and the most cycles that are looked at.
PASSES, CYCLES = 20, 20_000

#: A cycle: for each of its rows, the entries of the two columns that meet there.
Cycle = tuple[tuple[int, int], ...]


def chosen(matrix: SymbolMatrix, seed: int) -> SymbolMatrix:
    """The matrix with coefficients that were chosen row by row, and, for column weight 2, cycle by cycle."""
    uniform = random.Random(seed).random
    tables = {
        degree: good_rows(matrix.field, degree) for degree in sorted(set(np.diff(matrix.row_start).tolist()))
    }
    values = np.zeros(len(matrix.coefficients), np.int32)
    rows = _entries_of_rows(matrix)
    for own in rows:
        values[own] = _drawn(tables[len(own)], uniform)
    if np.all(np.diff(matrix.column_start) == 2):
        _free_cycles(matrix, rows, tables, values, uniform)
    return matrix.with_coefficients(values)


@functools.cache
def good_rows(field: GaloisField, degree: int) -> list[Elements]:
    """Rows of coefficients whose check, on bits, has the fewest words of weight 2, then 3, then 4.

    The first coefficient is 1: multiples of a row are the same check. Rows are drawn, and the best ones
    improved, one coefficient at a time.
    """
    if degree < 2 or field.order == 1:
        return [np.ones(degree, np.int32)]
    uniform = random.Random(degree).random
    drawn = np.array([[int(uniform() * field.order) for _ in range(degree)] for _ in range(DRAWN)])
    drawn[:, 0] = 0
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for start in _best(field, drawn)[:IMPROVED]:
        row, at = start, 0
        for i in range(SWEEPS * (degree - 1)):
            tried = np.repeat(row[None], field.order, axis=0)
            tried[:, 1 + i % (degree - 1)] = np.arange(field.order)
            better = _best(field, tried)[0]
            at = 0 if (better != row).any() else at + 1
            row = better
            if at == degree - 1:
                break
        key = tuple(sorted(row.tolist()))
        found[key] = tuple(low_weight_words(field, field.power(row[None]))[0].tolist())
    least = min(found.values())
    return [np.asarray(field.power(np.array(row)), np.int32) for row in sorted(found) if found[row] == least]


def _best(field: GaloisField, exponents: Integers) -> Integers:
    """Rows of exponents, those with the fewest words of low weight first."""
    words = low_weight_words(field, field.power(exponents))
    made: Integers = exponents[np.lexsort(words.T[::-1])]
    return made


def low_weight_words(field: GaloisField, rows: Elements) -> Integers:
    """Words of weight 2, 3 and 4, in bits, that rows of coefficients let pass: int64 (rows, 3).

    They are sets of columns of the binary image that add up to 0. Their number is the mean, over all
    characters of the field's sums, of the elementary symmetric functions of the characters' values at the N
    columns, which are signs: Newton's identities give these from the sum of the signs alone.
    """
    rows = np.atleast_2d(rows)
    q = field.order + 1
    columns = np.asarray(field.multiply(rows[:, :, None], 1 << np.arange(field.m))).reshape(len(rows), -1)
    total = columns.shape[1]
    places = columns + q * np.arange(len(rows))[:, None]
    sums = np.bincount(places.ravel(), minlength=q * len(rows)).astype(np.int64)
    step = 1
    while step < q:  # the Walsh-Hadamard transform of each row
        pairs = sums.reshape(-1, 2, step)
        sums = np.stack([pairs[:, 0] + pairs[:, 1], pairs[:, 0] - pairs[:, 1]], axis=1).ravel()
        step *= 2
    two = (sums * sums - total) // 2
    three = (two * sums - sums * total + sums) // 3
    four = (three * sums - two * total + sums * sums - total) // 4
    return np.stack([each.reshape(-1, q).sum(axis=1) >> field.m for each in (two, three, four)], axis=1)


def _entries_of_rows(matrix: SymbolMatrix) -> list[Elements]:
    return np.split(matrix.by_row, matrix.row_start[1:-1])


def _drawn(rows: list[Elements], uniform: Callable[[], float]) -> Elements:
    """One of the rows, in some order."""
    row = rows[int(uniform() * len(rows))].copy()
    for i in range(len(row) - 1, 0, -1):
        j = int(uniform() * (i + 1))
        row[i], row[j] = row[j], row[i]
    return row


def _free_cycles(
    matrix: SymbolMatrix,
    rows: list[Elements],
    tables: dict[int, list[Elements]],
    values: Elements,
    uniform: Callable[[], float],
) -> None:
    """Draw rows anew until no short cycle holds a word, or the passes are over. Changes ``values``."""
    cycles = short_cycles(matrix)
    log, order = matrix.field.log, matrix.field.order
    through: list[list[int]] = [[] for _ in rows]
    for number, cycle in enumerate(cycles):
        for first, _ in cycle:
            through[int(matrix.rows[first])].append(number)

    def bad(number: int) -> bool:
        return sum(int(log[values[a]]) - int(log[values[b]]) for a, b in cycles[number]) % order == 0

    for _ in range(PASSES):
        clean = True
        for row, own in enumerate(rows):
            count = sum(map(bad, through[row]))
            if count == 0:
                continue
            clean = False
            for _ in range(30):
                before = values[own].copy()
                values[own] = _drawn(tables[len(own)], uniform)
                now = sum(map(bad, through[row]))
                if now < count:
                    count = now
                else:
                    values[own] = before
                if count == 0:
                    break
        if clean:
            break


def short_cycles(matrix: SymbolMatrix) -> list[Cycle]:
    """The shortest cycles of a matrix of column weight 2, and those that are one row longer.

    Columns are edges between rows. At most ``CYCLES`` are found, the shortest first.
    """
    # Entry e's column has another entry, e ^ 1, since each column has two.
    around = [own.tolist() for own in _entries_of_rows(matrix)]
    row_of = matrix.rows.tolist()
    found: list[Cycle] = []
    for length in range(2, len(around) + 1):
        before = len(found)
        for start in range(len(around)):
            _cycles_from(start, length, around, row_of, found)
            if len(found) >= CYCLES:
                return found[:CYCLES]
        if before:
            break
    return found


def _cycles_from(
    start: int, length: int, around: list[list[int]], row_of: list[int], found: list[Cycle]
) -> None:
    """Cycles of ``length`` rows of which ``start`` is the lowest, each once."""

    def walk(path: list[int], visited: set[int]) -> None:
        # path: entries by which rows were left.
        at = row_of[path[-1] ^ 1]
        if at == start:
            if len(path) == length and path[0] < path[-1] ^ 1:  # one of both directions
                arrived = [entry ^ 1 for entry in [path[-1], *path[:-1]]]
                found.append(tuple(zip(path, arrived, strict=True)))
            return
        if at < start or at in visited or len(path) == length:
            return
        for entry in around[at]:
            if entry != path[-1] ^ 1:
                walk([*path, entry], visited | {at})

    for entry in around[start]:
        walk([entry], {start})
