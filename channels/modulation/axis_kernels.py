"""Amplitudes on real dimensions and LLRs of their bits, for groups of 64 frames.

A label of some bits, the first the most significant one, chooses the level that is sent on a dimension.
"""

from collections import namedtuple

import numpy as np

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.operations.exponential_kernels import exp_minus, log_ratio
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    keep_alive,
    load,
    mask_of,
    maximum,
    minimum,
    pointer_to,
    rows_in,
    select,
    space,
    splat,
    store,
)
from ..models.channel_kernels import bound, put_llr

f32, u64 = np.float32, np.uint64
#: 1 / (2 sigma^2), whether LLRs are those of sums or of the largest terms, and the largest magnitude of an
#: LLR.
Law = namedtuple("Law", ("scale", "exact", "limit"))
#: Below all metrics that may come up, and the largest exponent that still counts.
NOTHING, LEAST_EXPONENT = f32(-3e38), f32(87.0)


@kernel
def map_axes(words, levels, bits, samples):
    """``samples``, float32 (groups, dimensions, 64), from packed bits, uint64 (groups, dimensions ``bits``).

    ``levels``, float32 (2^bits), has the level of each label.
    """
    groups, dimensions, _ = samples.shape
    parts = GROUP // LANES_FLOAT32
    sent, out = pointer_to(words), pointer_to(samples)
    for i in range(groups * dimensions):
        for part in range(parts):
            store(out, i * parts + part, splat(levels[0]))
        for label in range(1, levels.size):
            here = ~u64(0)
            for bit in range(bits):
                word = sent[i * bits + bit]
                here &= word if (label >> (bits - 1 - bit)) & 1 else ~word
            level = splat(levels[label])
            for part in range(parts):
                at = i * parts + part
                mask = mask_of(here >> u64(part * LANES_FLOAT32), level)
                store(out, at, select(mask, level, load(out, at)))


@kernel
def demap_axes(samples, gains, prior, levels, bits, law, steps, out):
    """LLRs of the bits of ``samples``, float32 (groups, dimensions, 64), in the order of ``map_axes``.

    The metric of a level x is - scale (y - g x)^2, with the gain g of ``gains`` or 1 where that is None. A
    bit that is 0 adds half of its ``prior`` LLR to it, and one that is 1 takes half of it off; ``prior`` is
    float32 of the shape of LLRs, or None. A bit's LLR is the largest metric with a 0 there less the largest
    with a 1; if exact, the logarithms of the sums of exponentials instead. The prior LLR is taken off.
    ``out`` is float32 (groups, dimensions ``bits``, 64), or int8, times ``steps``.
    """
    scale, exact, limit = law
    groups, dimensions, _ = samples.shape
    parts = GROUP // LANES_FLOAT32
    received, llrs = pointer_to(samples), pointer_to(out)
    memory = space(levels.size)
    metric = rows_in(memory, received)
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    one, nothing, far = splat(f32(1.0)), splat(f32(0.0)), splat(LEAST_EXPONENT)
    for i in range(groups * dimensions):
        for part in range(parts):
            y = load(received, i * parts + part)
            factor = one if gains is None else load(pointer_to(gains), i * parts + part)
            for label in range(levels.size):
                off = y - factor * splat(levels[label])
                value = nothing - scale * (off * off)
                if prior is not None:
                    for bit in range(bits):
                        half = f32(0.5) * load(pointer_to(prior), (i * bits + bit) * parts + part)
                        value = value - half if (label >> (bits - 1 - bit)) & 1 else value + half
                store(metric, label, value)
            for bit in range(bits):
                best_0, best_1 = splat(NOTHING), splat(NOTHING)
                for label in range(levels.size):
                    value = load(metric, label)
                    if (label >> (bits - 1 - bit)) & 1:
                        best_1 = maximum(best_1, value)
                    else:
                        best_0 = maximum(best_0, value)
                llr = best_0 - best_1
                if exact:
                    zeros, ones = nothing, nothing
                    for label in range(levels.size):
                        value = load(metric, label)
                        if (label >> (bits - 1 - bit)) & 1:
                            ones = ones + exp_minus(minimum(best_1 - value, far))
                        else:
                            zeros = zeros + exp_minus(minimum(best_0 - value, far))
                    llr = llr + log_ratio(zeros, ones)
                at = (i * bits + bit) * parts + part
                if prior is not None:
                    llr = llr - load(pointer_to(prior), at)
                put_llr(llrs, at, minimum(maximum(llr, low), high), steps)
    keep_alive(memory)
