"""Bounded-distance decoding of Reed-Solomon codes, 512 words side by side: places and values of errors.

E. R. Berlekamp and J. L. Massey, see ``locator_kernels``; G. D. Forney, "On decoding BCH codes", 1965.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    keep_alive,
    load,
    pointer_to,
    rows_in,
    seen_as,
    shifted,
    space,
    splat,
    store,
)
from ...binary.tile_kernels import BLOCK, COMBINATIONS, WIDTH, clear, frames_in, map_cells, take_cells
from ...fields.field_type_kernels import VALUE_PLACES, degree_of
from ...fields.slice_kernels import PARTS, add_product, divide_pair, reduce_product, scale, values_near
from .locator_kernels import count_ones, digits_of, find_locators, judge, put_corrected

i64, u32 = np.int64, np.uint32


@callee
def find_evaluators(field, cells, syndromes, locator, t, evaluator, total):
    """The first t coefficients of the products of syndromes and locators."""
    m = degree_of(field)
    for i in range(t):
        clear(cells, total, 2 * m - 1)
        for j in range(i + 1):
            add_product(field, cells, locator + j * m, syndromes + (i - j) * m, total)
        reduce_product(field, cells, total, evaluator + i * m)


@callee
def find_values(
    field,
    cells,
    locator,
    t,
    evaluator,
    later,
    begin,
    advance,
    flips,
    count,
    number,
    digits,
    roots,
    pairs,
    table,
):
    """What to add to ``count`` symbols, m cells each from ``flips``, and how many roots there are.

    ``begin`` and ``advance`` are as for ``binary_kernels.search``, of the locator's t + 1 coefficients and
    then of the evaluator's t.
    """
    m = degree_of(field)
    taps = m * ((m + 1) // 2)
    clear(cells, table, 4 * ((m + 1) // 2))
    clear(cells, number, digits)
    for first in range(0, count, VALUE_PLACES):
        factors = advance if first else begin
        for j in range(2 * t + 1):
            place = locator + j * m if j <= t else evaluator + (j - t - 1) * m
            scale(field, cells, place, shifted(factors, j * taps), table)
        present = min(VALUE_PLACES, count - first)
        for part in range(PARTS):
            values_near(field, cells, part, locator, t + 1, evaluator, later, roots, pairs)
            for i in range(present):
                divide_pair(field, cells, part, pairs + 2 * i * m, roots + i, flips + (first + i) * m)
        count_ones(cells, roots, present, digits, number)


@kernel
def correct_symbols(field, remainders, t, count, later, taps, begin, advance, scales, words, out, ok):
    """Correct packed words of symbols; ``ok``, uint64 (groups), receives where that worked.

    ``remainders``, uint64 (groups, parity bits), are those of the received words by the generator
    polynomial, and ``taps`` the map of them to the ``count`` syndromes. ``words`` is uint64 (groups, m
    symbols), and ``out`` receives as many of its columns, whole symbols, as it has, corrected, or as they
    were received where ``ok`` is not set. Values are in units of ``scales``, uint8 (symbols, m, pairs), by
    which they are multiplied, or those that are sent if it has no symbols.
    """
    groups, parity = remainders.shape
    m, n, columns = degree_of(field), words.shape[1], out.shape[1]
    symbols = n // m
    padded = (parity + BLOCK - 1) // BLOCK * BLOCK
    digits = digits_of(t)
    flips = i64(0)
    remainder = n
    syndromes = remainder + padded
    locator = syndromes + count * m
    evaluator = locator + (t + 1) * m
    lengths = evaluator + t * m
    number = lengths + t + 1
    found = number + digits
    roots = found + 1
    pairs = roots + VALUE_PLACES
    table = pairs + 2 * VALUE_PLACES * m
    work = table + COMBINATIONS
    memory = space(work + (2 * t + 2) * m + 4 * m)
    tile = rows_in(memory, pointer_to(ok))
    cells = seen_as(tile, pointer_to(np.empty(1, np.uint32)))
    all_ = splat(u32(0xFFFFFFFF))
    for start in range(0, groups, WIDTH):
        present = min(WIDTH, groups - start)
        clear(cells, remainder + parity, padded - parity)
        given = shifted(pointer_to(remainders), start * parity)
        take_cells(given, parity, present, parity, shifted(tile, remainder * WIDTH))
        anything = splat(u32(0))
        for i in range(parity):
            anything = anything | load(cells, remainder + i)
        store(cells, found, anything)
        good = all_
        if frames_in(tile, found):
            map_cells(cells, remainder, padded, pointer_to(taps), count * m, syndromes, table)
            find_locators(field, cells, syndromes, count, 1, t, locator, lengths, work)
            find_evaluators(field, cells, syndromes, locator, t, evaluator, work)
            find_values(
                field,
                cells,
                locator,
                t,
                evaluator,
                later,
                pointer_to(begin),
                pointer_to(advance),
                flips,
                symbols,
                number,
                digits,
                roots,
                pairs,
                table,
            )
            good, _ = judge(cells, lengths, t, number, digits, all_, False)
            for i in range(columns // m if scales.shape[0] else 0):
                scale(field, cells, flips + i * m, pointer_to(scales[i]), table)
            for i in range(columns):
                store(cells, flips + i, load(cells, flips + i) & good)
        else:
            clear(cells, flips, columns)
        store(cells, found, good)
        put_corrected(tile, found, words, out, ok, start, present)
    keep_alive(memory)
