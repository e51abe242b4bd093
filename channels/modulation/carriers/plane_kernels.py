"""Points of the plane and LLRs of the bits of their labels, for groups of 64 frames.

A label of some bits, the first the most significant one, chooses the point that is sent on two real
dimensions.
"""

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    gathered,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    space,
    splat,
    store,
)
from .metric_kernels import put_label_llrs, sent_label, with_prior

f32 = np.float32


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
    for i in range(groups * (dimensions // 2)):
        for part in range(parts):
            label = sent_label(sent, i * bits, bits, part)
            store(out, 2 * i * parts + part, gathered(across, label))
            store(out, (2 * i + 1) * parts + part, gathered(up, label))


@kernel
def demap_points(samples, gains, prior, real, imaginary, bits, law, own, steps, out):
    """LLRs of the bits of ``samples``, float32 (groups, dimensions, 64), in the order of ``map_points``.

    The metric of a point x is scale (2 g y x - g^2 |x|^2), which is - scale |y - g x|^2 but for what all
    points have in common, with the gain g of ``gains`` or 1 where that is None. With ``own``, float32 (2,
    2^bits), the scale of each label stands there, and below it what is added. A bit that is 0 adds half of
    its ``prior`` LLR to it, and one that is 1 takes half of it off; ``prior`` is float32 of the shape of
    LLRs, or None. ``put_label_llrs`` makes LLRs of metrics: ``out`` is float32 (groups, n, 64), or int8,
    times ``steps``.
    """
    scale = law[0]
    groups, dimensions, _ = samples.shape
    parts, order = GROUP // LANES_FLOAT32, real.size
    received, llrs = pointer_to(samples), pointer_to(out)
    memory, more = space(order), space(order)
    values, powers = rows_in(memory, received), rows_in(more, received)
    for i in range(groups * (dimensions // 2)):
        for part in range(parts):
            at = 2 * i * parts + part
            x, y = load(received, at), load(received, at + parts)
            twice, energy = splat(f32(2.0) * scale), splat(scale)
            if gains is not None:
                gain = load(pointer_to(gains), at)
                twice, energy = twice * gain, energy * (gain * gain)
            gained = splat(f32(1.0)) if gains is None else load(pointer_to(gains), at)
            if own is None:
                x, y = twice * x, twice * y
            place = i * bits * parts + part
            for label in range(order):
                a, b = real[label], imaginary[label]
                if own is None:
                    value = (x * splat(a) + y * splat(b)) - energy * splat(a * a + b * b)
                else:
                    across, up = x - gained * splat(a), y - gained * splat(b)
                    value = splat(own[1, label]) - splat(own[0, label]) * (across * across + up * up)
                if prior is not None:
                    value = with_prior(value, label, bits, prior, place, parts)
                store(values, label, value)
            put_label_llrs(llrs, values, powers, bits, law, prior, place, parts, steps)
    keep_alive(memory)
    keep_alive(more)
