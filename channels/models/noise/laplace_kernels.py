"""BPSK with Laplace noise, and its LLRs, for groups of 64 frames."""

import numpy as np

from ....vectors.group_kernels import PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    as_int,
    mask_of,
    maximum,
    minimum,
    negative,
    pointer_to,
    select,
    splat,
)
from ...streams.stream_kernels import load_states, next_word, squared_radius, store_states
from ..channel_kernels import bound, put_llr

f32, u64 = np.float32, np.uint64


@kernel
def laplace_llr_groups(state, words, scale, limit, steps, out):
    """LLRs (|y + 1| - |y - 1|) / scale of y = 1 - 2 bit + noise, of density exp(-|x| / scale) / (2 scale).

    That is y, clipped to +-1, times 2 / scale, in which nothing cancels.

    ``words`` is uint64 (groups, n), a bit for each of 64 frames; ``state`` the streams of as many frames;
    ``out`` is float32 (groups, n, 64), or int8, which receives ``steps`` times the LLR, rounded. A bit takes
    two words: the size of the noise is exponential, half of ``squared_radius``, and the top bit of the second
    word, which that does not use, is the sign.
    """
    groups, n = words.shape
    states, sent, llrs = pointer_to(state), pointer_to(words), pointer_to(out)
    plus_one, minus_one = splat(f32(1.0)), splat(f32(-1.0))
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    twice = f32(2.0) / scale
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            shift = u64(part * LANES_FLOAT32)
            a, b, c, d = load_states(states, groups * PARTS, j)
            for i in range(n):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                size = (f32(0.5) * scale) * squared_radius(as_int(u), as_int(v))
                noise = select(negative(v), size, splat(f32(0.0)) - size)
                at = group * n + i
                y = select(mask_of(sent[at] >> shift, size), minus_one, plus_one) + noise
                llr = twice * minimum(maximum(y, minus_one), plus_one)
                put_llr(llrs, at * PARTS + part, minimum(maximum(llr, low), high), steps)
            store_states(states, groups * PARTS, j, a, b, c, d)
