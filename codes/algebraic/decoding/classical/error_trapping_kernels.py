"""Error trapping, 512 frames side by side: errors in the check bits are shown by the syndrome."""

import numpy as np

from .....vectors.compiling.callee_kernels import callee
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
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
from ....binary.tile_kernels import WIDTH, clear, frames_in, put_cells, take_cells

i64, u32 = np.int64, np.uint32


@callee
def trap(cells, syndrome, checks, pattern, light, left, shift, n):
    """Note the errors of a syndrome plus a pattern, a number, shifted back, in the frames where it is light.

    That is a weight of ``light``, 2 or 3, at most. Cells from 0 on are the errors. ``left`` are the frames to
    look at; returned are those that were light.
    """
    none, all_ = splat(u32(0)), splat(u32(0xFFFFFFFF))
    one, two, more = none, none, none
    for i in range(checks):
        bit = load(cells, syndrome + i) ^ splat(u32(-(i64(pattern) >> i & 1)))
        carry = one & bit
        one = one ^ bit
        more = more | (two & carry)
        two = two ^ carry
    if light == 2:
        more = more | (one & two)
    here = left & (more ^ all_)
    for i in range(checks):
        error = load(cells, syndrome + i) ^ splat(u32(-(i64(pattern) >> i & 1)))
        at = i - shift + n if i < shift else i - shift
        store(cells, at, load(cells, at) | (error & here))
    return here


@callee
def shift_syndrome(cells, syndrome, checks, generator):
    """The syndrome of a word times x, in place."""
    top = load(cells, syndrome + checks - 1)
    for i in range(checks - 1, 0, -1):
        tap = splat(u32(-(i64(generator) >> i & 1)))
        store(cells, syndrome + i, load(cells, syndrome + i - 1) ^ (top & tap))
    store(cells, syndrome, top)


@kernel
def trap_errors(remainders, generator, covers, patterns, errors):
    """Errors of a cyclic code, uint64 (groups, n), up to three in a frame; column i is that of x^i.

    ``remainders``, uint64 (groups, checks), are the syndromes with that of 1 first, and ``generator`` is the
    polynomial. In each cyclic shift errors that all lie in the check bits are known by a syndrome of weight 3
    at most; those of which one lies at the power ``covers[c]``, whose own syndrome is the number
    ``patterns[c]``, by a weight of 2 at most of the sum of the two. Errors that are in no shift so stay 0.
    """
    groups, n = errors.shape
    checks = remainders.shape[1]
    memory = space(n + checks + 1)
    tile = rows_in(memory, pointer_to(errors))
    cells = seen_as(tile, pointer_to(np.empty(0, np.uint32)))
    all_ = splat(u32(0xFFFFFFFF))
    for start in range(0, groups, WIDTH):
        present = min(WIDTH, groups - start)
        clear(cells, 0, n)
        given = shifted(pointer_to(remainders), start * checks)
        take_cells(given, checks, present, checks, shifted(tile, n * WIDTH))
        left = all_
        for shift in range(n):
            left = left & (trap(cells, n, checks, 0, 3, left, shift, n) ^ all_)
            for c in range(covers.size):
                here = trap(cells, n, checks, patterns[c], 2, left, shift, n)
                left = left & (here ^ all_)
                at = (covers[c] - shift) % n
                store(cells, at, load(cells, at) | here)
            store(cells, n + checks, left)
            if not frames_in(tile, n + checks):
                break
            shift_syndrome(cells, n, checks, generator)
        put_cells(tile, n, shifted(pointer_to(errors), start * n), n, present)
    keep_alive(memory)
