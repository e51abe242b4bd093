"""Votes on the coefficients of a Reed-Muller code: sums over flats.

Bits are packed, uint64 (groups, n). A coefficient is named by its position i: its flats have the coordinates
of the zeros of the binary number i free, and there is one for each choice of the others.
"""

import numpy as np

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.group_kernels import GROUP, PARTS
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    equal,
    keep_alive,
    load,
    magnitude,
    mask_of,
    minimum,
    mixed_signs,
    pointer_to,
    rows_in,
    seen_as,
    select,
    shifted,
    space,
    splat,
    store,
    with_sign,
)
from ....binary.tile_kernels import WIDTH, clear, put_cells, take_cells

f32, u32, u64 = np.float32, np.uint32, np.uint64


@callee
def sum_flats(cells, source, n, position, sums, union):
    """The sums, or with ``union`` the unions, over the flats of a coefficient; how many there are."""
    h, size, at = n // 2, n, source
    while h:
        if not position & h:
            size //= 2
            for first in range(0, size, h):
                for i in range(first, first + h):
                    a, b = load(cells, at + i + first), load(cells, at + i + first + h)
                    store(cells, sums + i, a | b if union else a ^ b)
            at = sums
        h //= 2
    if size == n:
        for i in range(n):
            store(cells, sums + i, load(cells, source + i))
    return size


@inlined
def _count(cells, digits, votes, one):
    """Add a vote to the count of ``votes`` earlier ones, binary digits from the cell ``digits`` on."""
    at = digits
    while votes:
        digit = load(cells, at)
        store(cells, at, digit ^ one)
        one = one & digit
        at, votes = at + 1, votes >> 1
    store(cells, at, load(cells, at) | one)


@inlined
def _compare(cells, a, b, digits):
    """Where one count is more than another, and where they are equal."""
    all_ = splat(u32(0xFFFFFFFF))
    more, equal_ = splat(u32(0)), all_
    for digit in range(digits - 1, -1, -1):
        x, y = load(cells, a + digit), load(cells, b + digit)
        more = more | (equal_ & x & (y ^ all_))
        equal_ = equal_ & (x ^ y ^ all_)
    return more, equal_


@kernel
def count_votes(hard, erased, positions, bits, undecided):
    """What most flats say of the coefficients at ``positions``, and where they are even.

    ``erased`` may have no group, where nothing is erased: a flat with an erased bit has no vote. ``bits`` and
    ``undecided`` are uint64 (groups, positions). Frames go 512 side by side.
    """
    groups, n = hard.shape
    digits, losses = 1, erased.shape[0] > 0
    while n >> digits:
        digits += 1
    sums = n
    lost = sums + n
    unions = lost + (n if losses else 0)
    ones = unions + (n if losses else 0)
    zeros = ones + digits
    found = zeros + digits
    open_ = found + positions.size
    memory = space(open_ + positions.size)
    tile = rows_in(memory, pointer_to(bits))
    cells = seen_as(tile, pointer_to(np.empty(0, np.uint32)))
    all_ = splat(u32(0xFFFFFFFF))
    for start in range(0, groups, WIDTH):
        present = min(WIDTH, groups - start)
        take_cells(shifted(pointer_to(hard), start * n), n, present, n, tile)
        if losses:
            take_cells(shifted(pointer_to(erased), start * n), n, present, n, shifted(tile, lost * WIDTH))
        for j in range(positions.size):
            size = sum_flats(cells, 0, n, positions[j], sums, False)
            clear(cells, ones, 2 * digits)
            if losses:
                sum_flats(cells, lost, n, positions[j], unions, True)
            for i in range(size):
                x = load(cells, sums + i)
                if losses:
                    voting = load(cells, unions + i) ^ all_
                    _count(cells, zeros, i, voting & (x ^ all_))
                    x = x & voting
                _count(cells, ones, i, x)
            if not losses and size > 1:  # half of the votes are for 0
                half = zeros
                while size > 2:
                    half, size = half + 1, size // 2
                store(cells, half, all_)
            more, even = _compare(cells, ones, zeros, digits)
            if not losses and size == 1:
                even = splat(u32(0))
            store(cells, found + j, more)
            store(cells, open_ + j, even)
        place = start * positions.size
        decided, ties = shifted(pointer_to(bits), place), shifted(pointer_to(undecided), place)
        put_cells(shifted(tile, found * WIDTH), positions.size, decided, positions.size, present)
        put_cells(shifted(tile, open_ * WIDTH), positions.size, ties, positions.size, present)
    keep_alive(memory)


@callee
def weigh_flats(values, n, position, sums):
    """The LLRs of the flats of a coefficient by min-sum, from those of n bits; how many there are."""
    h, size, at = n // 2, n, values
    while h:
        if not position & h:
            size //= 2
            for first in range(0, size, h):
                for i in range(first, first + h):
                    a, b = load(at, i + first), load(at, i + first + h)
                    store(sums, i, with_sign(minimum(magnitude(a), magnitude(b)), mixed_signs(a, b)))
            at = sums
        h //= 2
    if size == n:
        for i in range(n):
            store(sums, i, load(values, i))
    return size


@kernel
def weigh_votes(llr, word, positions, bits, undecided):
    """What the flats say of the coefficients at ``positions`` by the sum of their LLRs, and where that is 0.

    ``llr`` is float32 (groups, n, 64), and flipped where ``word``, uint64 (groups, n), is 1. The LLR of a
    flat is that by min-sum. ``bits`` and ``undecided`` are uint64 (groups, positions).
    """
    groups, n, _ = llr.shape
    memory = space(2 * n)
    values = rows_in(memory, pointer_to(llr))
    sums = shifted(values, n * LANES_FLOAT32)
    zero = splat(f32(0.0))
    bits[:] = u64(0)
    undecided[:] = u64(0)
    for group in range(groups):
        given = shifted(pointer_to(llr), group * n * GROUP)
        for part in range(PARTS):
            lane = u64(part * LANES_FLOAT32)
            for i in range(n):
                x = load(given, i * PARTS + part)
                store(values, i, select(mask_of(word[group, i] >> lane, x), zero - x, x))
            for j in range(positions.size):
                total = zero
                for i in range(weigh_flats(values, n, positions[j], sums)):
                    total = total + load(sums, i)
                bits[group, j] |= bits_of(below(total, zero)) << lane
                undecided[group, j] |= bits_of(equal(total, zero)) << lane
    keep_alive(memory)
