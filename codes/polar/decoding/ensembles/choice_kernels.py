"""The likeliest of several codewords, frame by frame."""

import numpy as np

from .....vectors.group_kernels import GROUP, PARTS
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    load,
    mask_of,
    minimum,
    pointer_to,
    select,
    shifted,
    splat,
    store,
)

f32, u64 = np.float32, np.uint64


@kernel
def keep_likelier(llr, words, costs, kept):
    """Put ``words`` into ``kept``, both uint64 (groups, n), in the frames in which they are likelier.

    A word costs the sum of the LLRs, float32 (groups, n, 64), of its ones. ``costs``, float32 (groups, 64),
    are those of what is kept.
    """
    groups, n, _ = llr.shape
    received, before = pointer_to(llr), pointer_to(costs)
    zero = splat(f32(0.0))
    for group in range(groups):
        rows, better = shifted(received, group * n * GROUP), u64(0)
        for part in range(PARTS):
            total, lane = zero, u64(part * LANES_FLOAT32)
            for i in range(n):
                x = load(rows, PARTS * i + part)
                total = total + select(mask_of(words[group, i] >> lane, x), x, zero)
            least = load(before, PARTS * group + part)
            better |= bits_of(below(total, least)) << lane
            store(before, PARTS * group + part, minimum(total, least))
        for i in range(n):
            kept[group, i] ^= (kept[group, i] ^ words[group, i]) & better
