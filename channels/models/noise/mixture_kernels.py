"""BPSK with noise that is a mixture of Gaussians, and its LLRs, for groups of 64 frames."""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import PARTS
from ....vectors.kernel_cache import kernel
from ....vectors.operations.exponential_kernels import exp_minus, log_ratio
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    as_int,
    equal,
    load,
    mask_of,
    maximum,
    minimum,
    pointer_to,
    select,
    splat,
    store,
    unsigned_below,
)
from ...streams.stream_kernels import load_states, next_word, normal_pair, store_states
from ..channel_kernels import bound, put_llr

f32, u32, u64 = np.float32, np.uint32, np.uint64


@inlined
def _deviation(ends, deviations, a, b, c, d):
    """The deviation of the component that two words draw for 16 frames, and the streams' states then."""
    high, a, b, c, d = next_word(a, b, c, d)
    low, a, b, c, d = next_word(a, b, c, d)
    found = splat(deviations[deviations.size - 1])
    for k in range(deviations.size - 2, -1, -1):
        end, this = ends[k], splat(deviations[k])
        end_high, end_low = splat(u32(end >> u64(32))), splat(u32(end & u64(0xFFFFFFFF)))
        tied = select(unsigned_below(low, end_low), this, found)
        tied = select(equal(high, end_high), tied, found)
        found = select(unsigned_below(high, end_high), this, tied)
    return found, a, b, c, d


@kernel
def send_through_mixture(state, words, ends, deviations, out):
    """``out`` = 1 - 2 bit + deviation times a standard normal, float32 (groups, n, 64).

    ``words`` is uint64 (groups, n), a bit for each of 64 frames; ``state`` the streams of as many frames.
    For each pair of bits, the last one perhaps alone, first come two words for the component of each, the
    first one k with their 64 bits below ``ends``[k], uint64, or the last one; then two for both normals.
    """
    groups, n = words.shape
    vectors = groups * PARTS
    states, sent, received = pointer_to(state), pointer_to(words), pointer_to(out)
    plus_one, minus_one = splat(f32(1.0)), splat(f32(-1.0))
    for group in range(groups):
        for part in range(PARTS):
            j = group * PARTS + part
            shift = u64(part * LANES_FLOAT32)
            a, b, c, d = load_states(states, vectors, j)
            for i in range(0, n, 2):
                first, a, b, c, d = _deviation(ends, deviations, a, b, c, d)
                second = first
                if i + 1 < n:
                    second, a, b, c, d = _deviation(ends, deviations, a, b, c, d)
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                x, y = normal_pair(as_int(u), as_int(v))
                at = group * n + i
                symbol = select(mask_of(sent[at] >> shift, x), minus_one, plus_one)
                store(received, at * PARTS + part, symbol + first * x)
                if i + 1 < n:
                    symbol = select(mask_of(sent[at + 1] >> shift, y), minus_one, plus_one)
                    store(received, (at + 1) * PARTS + part, symbol + second * y)
            store_states(states, vectors, j, a, b, c, d)


@kernel
def mixture_llr_groups(samples, logs, slopes, limit, steps, out):
    """LLRs ln f(y - 1) / f(y + 1) of ``samples`` y, float32 (groups, n, 64), with f the density of the noise.

    f(x) is the sum of exp(``logs``[k] - ``slopes``[k] x^2), up to a factor. ``out`` is of the same shape,
    float32, or int8, which receives ``steps`` times the LLR, rounded; it may be ``samples`` itself.
    """
    received, llrs = pointer_to(samples), pointer_to(out)
    one, most = splat(f32(1.0)), splat(f32(87.0))
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for at in range(samples.size // LANES_FLOAT32):
        y = load(received, at)
        to_zero, to_one = y - one, y + one
        to_zero, to_one = to_zero * to_zero, to_one * to_one
        best_zero, best_one = logs[0] - slopes[0] * to_zero, logs[0] - slopes[0] * to_one
        for k in range(1, logs.size):
            best_zero = maximum(best_zero, logs[k] - slopes[k] * to_zero)
            best_one = maximum(best_one, logs[k] - slopes[k] * to_one)
        sum_zero, sum_one = splat(f32(0.0)), splat(f32(0.0))
        for k in range(logs.size):
            sum_zero = sum_zero + exp_minus(minimum(best_zero - (logs[k] - slopes[k] * to_zero), most))
            sum_one = sum_one + exp_minus(minimum(best_one - (logs[k] - slopes[k] * to_one), most))
        llr = (best_zero - best_one) + log_ratio(sum_zero, sum_one)
        put_llr(llrs, at, minimum(maximum(llr, low), high), steps)
