"""Channels of samples: noise on groups of 64 frames, shape (groups, real dimensions, 64)."""

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import LANES_FLOAT32, as_int, load, pointer_to, store
from ..streams.stream_kernels import load_states, next_word, normal_pair, store_states

f32 = np.float32


@kernel
def add_noise_groups(state, sigma, samples):
    """Add sigma times standard normal noise to ``samples``, float32, in place.

    The noise is that of ``draw_normal``; ``state`` holds the streams of 64 frames a group.
    """
    groups, dimensions, _ = samples.shape
    parts = GROUP // LANES_FLOAT32
    vectors = groups * parts
    states, received = pointer_to(state), pointer_to(samples)
    for group in range(groups):
        for part in range(parts):
            j = group * parts + part
            a, b, c, d = load_states(states, vectors, j)
            for i in range(0, dimensions, 2):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                x, y = normal_pair(as_int(u), as_int(v))
                at = (group * dimensions + i) * parts + part
                store(received, at, load(received, at) + sigma * x)
                if i + 1 < dimensions:
                    at += parts
                    store(received, at, load(received, at) + sigma * y)
            store_states(states, vectors, j, a, b, c, d)
