"""Frames of some groups brought together in others, and what was decided of them brought back."""

import numpy as np

from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    deposited,
    keep_alive,
    load,
    mask_of,
    moved,
    pointer_to,
    population_count,
    rows_in,
    select,
    space,
    store,
)

i8, u64 = np.int8, np.uint64


@kernel
def gather_frames(llr, frames, out):
    """Bring frames together: ``out``, int8 (groups, n, 64), receives those numbered in ``frames``, in order.

    ``llr`` is int8 (groups, n, 64), and ``frames`` int64, ascending. Lanes of ``out`` beyond them stay.
    """
    n, count = llr.shape[1], len(frames)
    given, taken = pointer_to(llr), pointer_to(out)
    memory = space(1)
    place = rows_in(memory, given)
    at = 0
    while at < count:
        # Frames of one group that go to one group.
        source, target, new = frames[at] >> 6, at >> 6, u64(0)
        while at < count and frames[at] >> 6 == source and at >> 6 == target:
            place[at & 63] = frames[at] & 63
            new |= u64(1) << u64(at & 63)
            at += 1
        origin = load(place, 0) & i8(63)
        mask = mask_of(new, origin)
        for i in range(n):
            x = moved(load(given, source * n + i), origin)
            store(taken, target * n + i, select(mask, x, load(taken, target * n + i)))
    keep_alive(memory)


@kernel
def scatter_words(words, places, out):
    """The way back for bits: ``out``, uint64 (groups, m), receives those of ``words``, frames in order.

    ``places``, uint64 (groups), says which lanes of ``out`` they go to.
    """
    m, count = words.shape[1], 0
    for group in range(out.shape[0]):
        mask = places[group]
        if mask == 0:
            continue
        row, offset, number = count >> 6, u64(count & 63), population_count(mask)
        beyond = (count & 63) + number > 64
        for i in range(m):
            bits = words[row, i] >> offset
            if beyond:
                bits |= words[row + 1, i] << (u64(64) - offset)
            out[group, i] = (out[group, i] & ~mask) | deposited(bits, mask)
        count += number
