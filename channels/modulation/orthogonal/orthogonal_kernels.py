"""Orthogonal signals and LLRs of the bits of their labels, for groups of 64 frames.

A symbol has a slot for each label, which is a real dimension, or two of them; the energy is in one of them.
"""

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.operations.bessel_kernels import log_i0
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    equal,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    select,
    space,
    splat,
    square_root,
    store,
)
from ..carriers.metric_kernels import put_label_llrs, sent_label, with_prior

f32, i32 = np.float32, np.int32


@kernel
def map_slots(words, bits, width, samples):
    """``samples``, float32 (groups, symbols x 2^bits x width, 64), from packed bits, uint64 (groups, n).

    A slot has ``width`` real dimensions, of which the first of the label's slot is 1 and all others are 0.
    """
    parts, order = GROUP // LANES_FLOAT32, 1 << bits
    sent, out = pointer_to(words), pointer_to(samples)
    nothing, energy = splat(f32(0.0)), splat(f32(1.0))
    for i in range(words.size // bits):
        for part in range(parts):
            label = sent_label(sent, i * bits, bits, part)
            for slot in range(order):
                at = (i * order + slot) * width * parts + part
                store(out, at, select(equal(label, splat(i32(slot))), energy, nothing))
                for other in range(1, width):
                    store(out, at + other * parts, nothing)


@kernel
def demap_slots(samples, gains, prior, bits, width, law, steps, out):
    """LLRs of the bits of ``samples`` in the order of ``map_slots``.

    The metric of a slot is 2 scale g y where it has one dimension, and ln I0(2 scale g |y|) where it has two,
    with the gain g of ``gains``. ``prior``, ``law``, ``steps`` and ``out`` are those of
    ``plane_kernels.demap_points``.
    """
    scale = law[0]
    parts, order = GROUP // LANES_FLOAT32, 1 << bits
    received, faded, llrs = pointer_to(samples), pointer_to(gains), pointer_to(out)
    memory, more = space(order), space(order)
    values, powers = rows_in(memory, received), rows_in(more, received)
    dimensions = samples.shape[0] * samples.shape[1]
    for i in range(dimensions // (order * width)):
        for part in range(parts):
            place = i * bits * parts + part
            for slot in range(order):
                at = (i * order + slot) * width * parts + part
                factor = (f32(2.0) * scale) * load(faded, at)
                value = factor * load(received, at)
                if width == 2:
                    other = factor * load(received, at + parts)
                    value = log_i0(square_root(value * value + other * other))
                value = with_prior(value, slot, bits, prior, place, parts)
                store(values, slot, value)
            put_label_llrs(llrs, values, powers, bits, law, prior, place, parts, steps)
    keep_alive(memory)
    keep_alive(more)
