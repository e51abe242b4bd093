"""The likeliest of several codewords, and the weakest positions, frame by frame."""

import numpy as np

from ....vectors.group_kernels import GROUP, PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    equal,
    load,
    magnitude,
    mask_of,
    minimum,
    pointer_to,
    select,
    shifted,
    splat,
    store,
)

f32, i32, u64 = np.float32, np.int32, np.uint64


@kernel
def keep_likelier(llr, words, allowed, costs, kept, tied):
    """Put ``words`` into ``kept``, both uint64 (groups, n), in the frames in which they are likelier.

    Only where ``allowed``. A word costs the sum of the LLRs, float32 (groups, n, 64), of its ones. ``costs``,
    float32 (groups, 64), are those of what is kept. ``allowed`` and ``tied`` are uint64 (groups), a bit for
    each frame: the latter is set where another word costs as much as what is kept.
    """
    groups, n, _ = llr.shape
    received, before = pointer_to(llr), pointer_to(costs)
    zero, infinite = splat(f32(0.0)), splat(f32(np.inf))
    for group in range(groups):
        rows, better, alike = shifted(received, group * n * GROUP), u64(0), u64(0)
        for part in range(PARTS):
            total, lane = zero, u64(part * LANES_FLOAT32)
            for i in range(n):
                x = load(rows, PARTS * i + part)
                total = total + select(mask_of(words[group, i] >> lane, x), x, zero)
            total = select(mask_of(allowed[group] >> lane, total), total, infinite)
            least = load(before, PARTS * group + part)
            better |= bits_of(below(total, least)) << lane
            alike |= bits_of(equal(total, least)) << lane
            store(before, PARTS * group + part, minimum(total, least))
        differs = u64(0)
        for i in range(n):
            change = kept[group, i] ^ words[group, i]
            differs |= change
            kept[group, i] ^= change & better
        tied[group] = (tied[group] & ~better) | (alike & differs & allowed[group])


@kernel
def find_weakest(llr, flips):
    """``flips``, uint64 (positions, groups, n) of zeros: flips[q] has a bit for each frame's position q.

    Position 0 is the weakest, of the least magnitude of the LLRs, float32 (groups, n, 64); of equal ones it
    is the first.
    """
    groups, n, _ = llr.shape
    infinite, places = splat(f32(np.inf)), np.empty(LANES_FLOAT32, np.int32)
    for group in range(groups):
        rows, taken = pointer_to(llr[group]), np.zeros(n, np.uint64)
        for q in range(flips.shape[0]):
            for part in range(PARTS):
                least, place, lane = infinite, splat(i32(0)), u64(part * LANES_FLOAT32)
                for i in range(n):
                    size = magnitude(load(rows, PARTS * i + part))
                    size = select(mask_of(taken[i] >> lane, size), infinite, size)
                    better = below(size, least)
                    least, place = minimum(least, size), select(better, splat(i32(i)), place)
                store(pointer_to(places), 0, place)
                for f in range(LANES_FLOAT32):
                    bit = u64(1) << (lane + u64(f))
                    taken[places[f]] |= bit
                    flips[q, group, places[f]] |= bit
