"""Points of the plane and LLRs of the bits of their labels, for groups of 64 frames.

A label of some bits, the first the most significant one, chooses the point that is sent on two real
dimensions.
"""

import numpy as np

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.operations.exponential_kernels import exp_minus_parts, log_ratio
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    gathered,
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
    to_float,
)
from ..models.channel_kernels import bound, put_llr

f32, i32, u64 = np.float32, np.int32, np.uint64
LN2 = f32(0.6931471805599453)
#: Below all metrics that may come up; and how far below the best one they still differ, more than any LLR.
NOTHING, FARTHEST = f32(-3e38), f32(1e6)
#: By which power of two a term is scaled down at most: it is nothing beside the largest then.
LEAST_POWER = i32(125)


@kernel
def map_points(words, real, imaginary, bits, samples):
    """``samples``, float32 (groups, dimensions, 64), from packed bits, uint64 (groups, n).

    ``real`` and ``imaginary``, float32 (2^bits), have the point of each label; n is ``bits`` for every two
    dimensions.
    """
    groups, dimensions, _ = samples.shape
    parts = GROUP // LANES_FLOAT32
    sent, out = pointer_to(words), pointer_to(samples)
    across, up = pointer_to(real), pointer_to(imaginary)
    none = splat(i32(0))
    for i in range(groups * (dimensions // 2)):
        for part in range(parts):
            label = none
            for bit in range(bits):
                mask = mask_of(sent[i * bits + bit] >> u64(part * LANES_FLOAT32), none)
                label = label + select(mask, splat(i32(1 << (bits - 1 - bit))), none)
            store(out, 2 * i * parts + part, gathered(across, label))
            store(out, (2 * i + 1) * parts + part, gathered(up, label))


@kernel
def demap_points(samples, gains, prior, real, imaginary, bits, law, steps, out):
    """LLRs of the bits of ``samples``, float32 (groups, dimensions, 64), in the order of ``map_points``.

    The metric of a point x is scale (2 g y x - g^2 |x|^2), which is - scale |y - g x|^2 but for what all
    points have in common, with the gain g of ``gains`` or 1 where that is None. A bit that is 0 adds half of
    its ``prior`` LLR to it, and one that is 1 takes half of it off; ``prior`` is float32 of the shape of
    LLRs, or None. A bit's LLR is the largest metric with a 0 there less the largest with a 1; if exact, the
    logarithms of the sums of exponentials instead. The prior LLR is taken off. ``out`` is float32
    (groups, n, 64), or int8, times ``steps``.

    An exponential is 2^-k p with p in (1/2, 1]. Its k counts from the best of all points, and within a sum
    from the best there: no sum underflows, and each exponential is made once.
    """
    scale, exact, limit = law
    groups, dimensions, _ = samples.shape
    parts, order = GROUP // LANES_FLOAT32, real.size
    received, llrs = pointer_to(samples), pointer_to(out)
    memory, more = space(order), space(order)
    values, powers = rows_in(memory, received), rows_in(more, received)
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for i in range(groups * (dimensions // 2)):
        for part in range(parts):
            at = 2 * i * parts + part
            x, y = load(received, at), load(received, at + parts)
            twice, energy = splat(f32(2.0) * scale), splat(scale)
            if gains is not None:
                gain = load(pointer_to(gains), at)
                twice, energy = twice * gain, energy * (gain * gain)
            x, y = twice * x, twice * y
            best = splat(NOTHING)
            for label in range(order):
                a, b = real[label], imaginary[label]
                value = (x * splat(a) + y * splat(b)) - energy * splat(a * a + b * b)
                if prior is not None:
                    for bit in range(bits):
                        half = f32(0.5) * load(pointer_to(prior), (i * bits + bit) * parts + part)
                        value = value - half if (label >> (bits - 1 - bit)) & 1 else value + half
                store(values, label, value)
                best = maximum(best, value)
            if exact:
                for label in range(order):
                    p, k = exp_minus_parts(minimum(best - load(values, label), splat(FARTHEST)))
                    store(values, label, p)
                    store(powers, label, as_float(k))
            for bit in range(bits):
                span = 1 << (bits - 1 - bit)
                if exact:
                    power_0, power_1 = splat(i32(1 << 30)), splat(i32(1 << 30))
                    for first in range(0, order, 2 * span):
                        for label in range(first, first + span):
                            power_0 = minimum(power_0, as_int(load(powers, label)))
                            power_1 = minimum(power_1, as_int(load(powers, label + span)))
                    zeros, ones = splat(f32(0.0)), splat(f32(0.0))
                    for first in range(0, order, 2 * span):
                        for label in range(first, first + span):
                            zeros = zeros + _scaled_down(values, powers, label, power_0)
                            ones = ones + _scaled_down(values, powers, label + span, power_1)
                    llr = to_float(power_1 - power_0) * LN2 + log_ratio(zeros, ones)
                else:
                    best_0, best_1 = splat(NOTHING), splat(NOTHING)
                    for first in range(0, order, 2 * span):
                        for label in range(first, first + span):
                            best_0 = maximum(best_0, load(values, label))
                            best_1 = maximum(best_1, load(values, label + span))
                    llr = best_0 - best_1
                at = (i * bits + bit) * parts + part
                if prior is not None:
                    llr = llr - load(pointer_to(prior), at)
                put_llr(llrs, at, minimum(maximum(llr, low), high), steps)
    keep_alive(memory)
    keep_alive(more)


@inlined
def _scaled_down(values, powers, label, power):
    """2^(power - k) p of a label's p and k."""
    down = minimum(as_int(load(powers, label)) - power, splat(LEAST_POWER))
    return as_float(as_int(load(values, label)) - (down << i32(23)))
