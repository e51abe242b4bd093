"""The algorithm of Berlekamp and Massey without inversions, on cells of 512 frames in the same steps.

E. R. Berlekamp, "Algebraic Coding Theory", 1968, chapter 7; J. L. Massey, "Shift-register synthesis and BCH
decoding", 1969; H. O. Burton, "Inversionless decoding of binary BCH codes", 1971. Where frames differ, masks
decide.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.vector_kernels import load, pointer_to, shifted, splat, store
from ...binary.tile_kernels import WIDTH, clear, put_cells
from ...fields.field_type_kernels import degree_of
from ...fields.slice_kernels import add_product, reduce_product, two_products

i64, u32 = np.int64, np.uint32


@callee
def find_locators(field, cells, syndromes, count, stride, t, locator, lengths, work):
    """The error locators of least length that generate ``count`` syndromes, to ``locator``: t + 1 elements.

    ``lengths`` receives t + 1 cells: whether the length is 0, 1, ..., t; a frame in none of them has a
    longer one, and its locator means nothing. With ``stride`` 2 every other discrepancy is known to be 0, as
    those of binary codes are whose first root is beta. ``work`` is a place for (2 t + 2) m + 4 m cells.
    """
    m = degree_of(field)
    zero, all_ = splat(u32(0)), splat(u32(0xFFFFFFFF))
    size = (t + 1) * m
    previous, following = work, work + size
    scale, discrepancy, total = following + size, following + size + m, following + size + 2 * m
    clear(cells, locator, size)
    clear(cells, previous, 2 * size + 2 * m)
    clear(cells, lengths, t + 1)
    store(cells, locator, all_)
    store(cells, previous + m, all_)  # the previous one is kept multiplied by x
    store(cells, scale, all_)
    store(cells, lengths, all_)
    for r in range(0, count, stride):
        clear(cells, total, 2 * m - 1)
        for i in range(min(r, t) + 1):
            add_product(field, cells, locator + i * m, syndromes + (r - i) * m, total)
        reduce_product(field, cells, total, discrepancy)
        wrong, short = zero, zero
        for i in range(m):
            wrong = wrong | load(cells, discrepancy + i)
        for i in range(min(r // 2, t) + 1):
            short = short | load(cells, lengths + i)
        longer = wrong & short
        top = min(r + 1, t)
        for i in range(top + 1):
            two_products(
                field, cells, locator + i * m, scale, previous + i * m, discrepancy, following + i * m
            )
        for i in range(size - 1, stride * m - 1, -1):
            before = load(cells, previous + i - stride * m)
            kept = load(cells, locator + i - stride * m)
            store(cells, previous + i, before ^ ((before ^ kept) & longer))
        clear(cells, previous, stride * m)
        for i in range(m):
            before = load(cells, scale + i)
            store(cells, scale + i, before ^ ((before ^ load(cells, discrepancy + i)) & longer))
        for i in range((top + 1) * m):
            store(cells, locator + i, load(cells, following + i))
        for low in range(min(r // 2, t) + 1):  # where it is longer, the length becomes r + 1 less itself
            here, high = load(cells, lengths + low), r + 1 - low
            if high <= t:
                store(cells, lengths + high, load(cells, lengths + high) | (here & longer))
            store(cells, lengths + low, here & (longer ^ all_))


@callee
def digits_of(t):
    """Binary digits of numbers up to t."""
    digits = i64(0)
    while t >> digits:
        digits += 1
    return digits


@callee
def put_corrected(tile, good, words, out, ok, start, present):
    """Put the cell ``good`` and what cells from 0 on change of ``present`` groups from ``start``.

    Arrays are those of ``correct_binary``.
    """
    columns = out.shape[1]
    for w in range(present):
        ok[start + w] = tile[good * WIDTH + w]
    put_cells(tile, columns, shifted(pointer_to(out), start * columns), columns, present)
    for w in range(present):
        for i in range(columns):
            out[start + w, i] ^= words[start + w, i]


@inlined
def count_ones(cells, first, count, digits, number):
    """Add the ones in ``count`` cells to numbers of so many binary digits, cells from ``number``."""
    for i in range(count):
        carry = load(cells, first + i)
        for digit in range(digits):
            place = number + digit
            before = load(cells, place)
            store(cells, place, before ^ carry)
            carry = before & carry


@callee
def judge(cells, lengths, t, number, digits, parity, extended):
    """Where the number of roots is the length, which is at most t; and where the overall parity is wrong.

    ``parity`` is the sum of all bits. Its own bit, if there is one, counts as an error like others.
    """
    all_, none = splat(u32(0xFFFFFFFF)), splat(u32(0))
    good, odd = none, none
    for length in range(t + 1):
        same = load(cells, lengths + length)
        odd = odd ^ (same if length & 1 else none)
        for digit in range(digits):
            same = same & (load(cells, number + digit) ^ (none if (length >> digit) & 1 else all_))
        good = good | same
    wrong = (parity ^ odd) if extended else none
    return good & ((wrong & load(cells, lengths + t)) ^ all_), wrong
