"""Gains of fading on groups of 64 frames, shape (groups, real dimensions, 64), and LLRs with them."""

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_int,
    load,
    maximum,
    minimum,
    pointer_to,
    splat,
    square_root,
    store,
)
from ..streams.stream_kernels import load_states, next_word, normal_pair, squared_radius, store_states
from .channel_kernels import bound, put_llr

f32 = np.float32


@kernel
def fade_groups(state, sight, scatter, squares, coherence, samples, gains):
    """Draw ``gains``, float32, and multiply ``samples`` by them in place.

    The square of a gain is (sight + scatter x)^2 and the squares of ``squares`` - 1 more scatter x, with
    standard normals x, which are made in pairs of two words each. A gain lasts for ``coherence`` real
    dimensions. ``state`` holds the streams of 64 frames a group.
    """
    groups, dimensions, _ = samples.shape
    parts = GROUP // LANES_FLOAT32
    vectors = groups * parts
    states, sent, factors = pointer_to(state), pointer_to(samples), pointer_to(gains)
    for group in range(groups):
        for part in range(parts):
            j = group * parts + part
            a, b, c, d = load_states(states, vectors, j)
            for first in range(0, dimensions, coherence):
                energy = splat(f32(0.0))
                for drawn in range(0, squares, 2):
                    u, a, b, c, d = next_word(a, b, c, d)
                    v, a, b, c, d = next_word(a, b, c, d)
                    if sight == f32(0.0) and drawn + 1 < squares:
                        energy = energy + (scatter * scatter) * squared_radius(as_int(u), as_int(v))
                    else:
                        x, y = normal_pair(as_int(u), as_int(v))
                        x, y = (sight if drawn == 0 else f32(0.0)) + scatter * x, scatter * y
                        energy = energy + x * x
                        if drawn + 1 < squares:
                            energy = energy + y * y
                gain = square_root(energy)
                for i in range(first, min(first + coherence, dimensions)):
                    at = (group * dimensions + i) * parts + part
                    store(factors, at, gain)
                    store(sent, at, gain * load(sent, at))
            store_states(states, vectors, j, a, b, c, d)


@kernel
def faded_llr_groups(samples, gains, scale, limit, steps, out):
    """LLRs of BPSK, scale gain sample: float32 (groups, n, 64), or int8, times ``steps`` and rounded."""
    received, factors, llrs = pointer_to(samples), pointer_to(gains), pointer_to(out)
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for row in range(samples.size // LANES_FLOAT32):
        llr = scale * (load(factors, row) * load(received, row))
        put_llr(llrs, row, minimum(maximum(llr, low), high), steps)
