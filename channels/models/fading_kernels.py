"""Gains of fading on groups of 64 frames, shape (groups, real dimensions, 64), and LLRs with them."""

import numpy as np

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.group_kernels import PARTS
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_int,
    load,
    mask_of,
    maximum,
    minimum,
    pointer_to,
    select,
    splat,
    square_root,
    store,
)
from ..streams.stream_kernels import load_states, next_word, normal_pair, squared_radius, store_states
from .channel_kernels import bound, put_llr

f32, u64 = np.float32, np.uint64


@inlined
def _gain(law, a, b, c, d):
    """A gain of 16 frames, from a pair of words for each two squares of normals, and the states then."""
    sight, scatter, squares = law
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
    return square_root(energy), a, b, c, d


@kernel
def fade_groups(state, law, coherence, samples, gains):
    """Draw ``gains``, float32, and multiply ``samples`` by them in place.

    ``law`` is (sight, scatter, squares): the square of a gain is (sight + scatter x)^2 and the squares of
    ``squares`` - 1 more scatter x, with standard normals x. A gain lasts for ``coherence`` real dimensions.
    ``state`` holds the streams of 64 frames a group.
    """
    groups, dimensions, _ = samples.shape
    vectors = groups * PARTS
    states, sent, factors = pointer_to(state), pointer_to(samples), pointer_to(gains)
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            a, b, c, d = load_states(states, vectors, j)
            for first in range(0, dimensions, coherence):
                gain, a, b, c, d = _gain(law, a, b, c, d)
                for i in range(first, min(first + coherence, dimensions)):
                    at = (group * dimensions + i) * PARTS + part
                    store(factors, at, gain)
                    store(sent, at, gain * load(sent, at))
            store_states(states, vectors, j, a, b, c, d)


@kernel
def faded_llr_groups(state, words, law, coherence, sigma, scale, limit, steps, gains, out):
    """BPSK, gains, noise and LLRs, scale gain y, in one go: from the numbers of ``fade_groups``, then noise.

    ``words`` is uint64 (groups, n), a bit for each of 64 frames. ``gains``, float32 (n, 16), is room to work
    in. ``out`` is float32 (groups, n, 64), or int8, which receives ``steps`` times the LLR, rounded.
    """
    groups, n = words.shape
    vectors = groups * PARTS
    states, sent, factors, llrs = pointer_to(state), pointer_to(words), pointer_to(gains), pointer_to(out)
    plus_one, minus_one = splat(f32(1.0)), splat(f32(-1.0))
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            shift = u64(part * LANES_FLOAT32)
            a, b, c, d = load_states(states, vectors, j)
            for first in range(0, n, coherence):
                gain, a, b, c, d = _gain(law, a, b, c, d)
                for i in range(first, min(first + coherence, n)):
                    store(factors, i, gain)
            for i in range(0, n, 2):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                x, y = normal_pair(as_int(u), as_int(v))
                for k in range(min(2, n - i)):
                    noise = x if k == 0 else y
                    at, gain = group * n + i + k, load(factors, i + k)
                    symbol = select(mask_of(sent[at] >> shift, x), minus_one, plus_one)
                    llr = scale * (gain * (gain * symbol + sigma * noise))
                    put_llr(llrs, at * PARTS + part, minimum(maximum(llr, low), high), steps)
            store_states(states, vectors, j, a, b, c, d)
