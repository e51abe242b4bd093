"""Outputs of memoryless channels with binary input, drawn for groups of 64 frames."""

import numpy as np

from ....vectors.group_kernels import PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import LANES_FLOAT32, keep_alive, pointer_to, rows_in, space, store
from ...streams.stream_kernels import load_states, next_word, store_states

u64 = np.uint64
#: The bits of a number of 64 by which the search for an output begins.
GUIDE_BITS = 12
_SHIFT = u64(64 - GUIDE_BITS)


@kernel
def draw_outputs(state, words, ends, guide, last, table, out):
    """``table``[output] of each bit: ``out`` is of its type, (groups, n, 64).

    ``words`` is uint64 (groups, n), a bit for each of 64 frames; ``state`` the streams of as many frames.
    A bit takes two words, the 64 bits of a number x. Output k of bit b is the first with x < ``ends``[b, k],
    uint64 (2, outputs), and ``last``[b] where there is none; ``guide``[b], int64 (2, 2^GUIDE_BITS), says by
    the top bits of x where to begin.
    """
    groups, n = words.shape
    states = pointer_to(state)
    memory = space(2)
    drawn = rows_in(memory, states)
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            a, b, c, d = load_states(states, groups * PARTS, j)
            for i in range(n):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                store(drawn, 0, u)
                store(drawn, 1, v)
                bits = words[group, i] >> u64(part * LANES_FLOAT32)
                for lane in range(LANES_FLOAT32):
                    x = (u64(drawn[lane]) << u64(32)) | u64(drawn[LANES_FLOAT32 + lane])
                    bit = np.int64((bits >> u64(lane)) & u64(1))
                    k = guide[bit, np.int64(x >> _SHIFT)]
                    while k < last[bit] and x >= ends[bit, k]:
                        k += 1
                    out[group, i, part * LANES_FLOAT32 + lane] = table[k]
            store_states(states, groups * PARTS, j, a, b, c, d)
    keep_alive(memory)
