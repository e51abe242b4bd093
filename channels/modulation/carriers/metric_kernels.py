"""LLRs of the bits of labels from the metrics of all labels, for the lanes of a vector.

A metric is the logarithm of how probable what is received is with a label, but for what all labels have in
common. Labels are numbers of some bits, the first the most significant one.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.operations.exponential_kernels import exp_minus_parts, log_ratio
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    as_float,
    as_int,
    load,
    mask_of,
    maximum,
    minimum,
    pointer_to,
    select,
    splat,
    store,
    to_float,
)
from ...models.channel_kernels import bound, put_llr

f32, i32, u64 = np.float32, np.int32, np.uint64
LN2 = f32(0.6931471805599453)
#: Below all metrics that may come up; and how far below the best one they still differ, more than any LLR.
NOTHING, FARTHEST = f32(-3e38), f32(1e6)
#: By which power of two a term is scaled down at most: it is nothing beside the largest then.
LEAST_POWER = i32(125)


@inlined
def sent_label(words, first, bits, part):
    """The labels of lanes, int32, of packed bits: those of one vector of a group from ``first`` on."""
    none = splat(i32(0))
    label = none
    for bit in range(bits):
        mask = mask_of(words[first + bit] >> u64(part * LANES_FLOAT32), none)
        label = label + select(mask, splat(i32(1 << (bits - 1 - bit))), none)
    return label


@inlined
def with_prior(value, label, bits, prior, place, step):
    """A label's metric with what is known of its bits: half an LLR more for a 0, and half less for a 1.

    The LLR of the first bit is vector ``place`` of ``prior``, those of the others ``step`` on.
    """
    for bit in range(bits):
        half = f32(0.5) * load(pointer_to(prior), place + bit * step)
        value = value - half if (label >> (bits - 1 - bit)) & 1 else value + half
    return value


@inlined
def put_label_llrs(llrs, values, powers, bits, law, prior, place, step, steps):
    """Store the LLRs of a label's bits, the first at vector ``place`` and the others ``step`` on.

    ``values`` has the metric of each label, ``powers`` room for as many; both are overwritten. ``law`` is
    (scale, exact, limit). A bit's LLR is the largest metric with a 0 there less the largest with a 1; if
    exact, the logarithms of the sums of exponentials instead. The ``prior`` LLR is taken off. They are
    float32, or int8, times ``steps``.

    An exponential is 2^-k p with p in (1/2, 1]. Its k counts from the best of all labels, and within a sum
    from the best there: no sum underflows, and each exponential is made once.
    """
    _, exact, limit = law
    order = 1 << bits
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    if exact:
        best = load(values, 0)
        for label in range(1, order):
            best = maximum(best, load(values, label))
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
        at = place + bit * step
        if prior is not None:
            llr = llr - load(pointer_to(prior), at)
        put_llr(llrs, at, minimum(maximum(llr, low), high), steps)


@inlined
def _scaled_down(values, powers, label, power):
    """2^(power - k) p of a label's p and k."""
    down = minimum(as_int(load(powers, label)) - power, splat(LEAST_POWER))
    return as_float(as_int(load(values, label)) - (down << i32(23)))
