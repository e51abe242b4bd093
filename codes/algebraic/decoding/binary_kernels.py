"""Bounded-distance decoding of binary BCH codes, 512 frames side by side, after Berlekamp and Massey.

All frames take the same steps, and masks decide. Roots of the locator are looked for at all places that were
sent: a frame with another number of them than the locator's length is a failure.
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
from ...fields.field_type_kernels import ROOT_PLACES, degree_of
from ...fields.slice_kernels import PARTS, roots_near, scale, square
from .locator_kernels import count_ones, digits_of, find_locators, judge, put_corrected

i64, u32 = np.int64, np.uint32


@callee
def search(field, cells, locator, t, begin, advance, flips, count, number, digits, table):
    """The roots of locators at ``count`` places in a row, cells from ``flips``, and how many they are.

    ``begin`` and ``advance`` are the multiplications of the coefficients, as ``scale`` takes them, that lead
    to the middle of the first block of places, and from one block to the next. There is room for a block.
    """
    m = degree_of(field)
    taps = m * ((m + 1) // 2)
    clear(cells, table, 4 * ((m + 1) // 2))
    clear(cells, number, digits)
    for first in range(0, count, ROOT_PLACES):
        factors = advance if first else begin
        for j in range(1, t + 1):
            scale(field, cells, locator + j * m, shifted(factors, j * taps), table)
        for part in range(PARTS):
            roots_near(field, cells, part, locator, t + 1, flips + first)
        count_ones(cells, flips + first, min(ROOT_PLACES, count - first), digits, number)


@kernel
def correct_binary(
    field, remainders, parity, sent, t, count, stride, taps, squares, begin, advance, words, out, ok
):
    """Correct packed words; ``ok``, uint64 (groups), receives where that worked.

    ``remainders``, uint64 (groups, degree), are those of the received words by the generator polynomial, and
    ``parity``, uint64 (groups), the sums of their bits, or of no groups for a code without overall parity.
    ``sent`` is the length without it. The ``count`` syndromes follow from the remainder by ``taps``, a map
    as ``map_cells`` takes it, to those of which ``squares``, int32 (count), is negative; the others are
    squares of earlier ones, of number ``squares``. ``words`` is uint64 (groups, n), and ``out`` (groups, at
    most n) the first columns of them, corrected, or as they were received where ``ok`` is not set.
    """
    groups, degree = remainders.shape
    m, columns, extended = degree_of(field), out.shape[1], parity.size > 0
    padded = (degree + BLOCK - 1) // BLOCK * BLOCK
    digits = digits_of(t)
    outputs = taps.shape[1]
    flips = i64(0)
    remainder = sent + ROOT_PLACES
    mapped = remainder + padded
    syndromes = mapped + outputs
    locator = syndromes + count * m
    lengths = locator + (t + 1) * m
    number = lengths + t + 1
    table = number + digits + 1
    work = table + COMBINATIONS
    memory = space(work + (2 * t + 2) * m + 4 * m)
    tile = rows_in(memory, pointer_to(ok))
    cells = seen_as(tile, pointer_to(squares.view(np.uint32)))
    all_ = splat(u32(0xFFFFFFFF))
    for start in range(0, groups, WIDTH):
        present = min(WIDTH, groups - start)
        clear(cells, remainder + degree, padded - degree)
        given = shifted(pointer_to(remainders), start * degree)
        take_cells(given, degree, present, degree, shifted(tile, remainder * WIDTH))
        found = number + digits
        clear(cells, found, 1)
        for w in range(present if extended else 0):
            tile[found * WIDTH + w] = parity[start + w]
        overall = load(cells, found)
        anything = overall
        for i in range(degree):
            anything = anything | load(cells, remainder + i)
        store(cells, found, anything)
        good = all_
        if frames_in(tile, found):
            map_cells(cells, remainder, padded, pointer_to(taps), outputs, mapped, table)
            place = mapped
            for j in range(count):
                if squares[j] >= 0:
                    square(field, cells, syndromes + i64(squares[j]) * m, syndromes + j * m)
                else:
                    for i in range(m):
                        store(cells, syndromes + j * m + i, load(cells, place + i))
                    place += m
            find_locators(field, cells, syndromes, count, stride, t, locator, lengths, work)
            search(
                field,
                cells,
                locator,
                t,
                pointer_to(begin),
                pointer_to(advance),
                flips,
                sent,
                number,
                digits,
                table,
            )
            good, wrong = judge(cells, lengths, t, number, digits, overall, extended)
            store(cells, flips + sent, wrong)
            for i in range(columns):
                store(cells, flips + i, load(cells, flips + i) & good)
        else:
            clear(cells, flips, columns)
        store(cells, found, good)
        put_corrected(tile, found, words, out, ok, start, present)
    keep_alive(memory)
