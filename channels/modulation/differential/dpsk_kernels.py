"""Phases that turn from sample to sample, and LLRs of the bits of the turns, for groups of 64 frames."""

import numpy as np

from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.operations.bessel_kernels import log_i0
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    common_bits,
    gathered,
    keep_alive,
    load,
    pointer_to,
    rows_in,
    space,
    splat,
    square_root,
    store,
    to_int,
)
from ..carriers.metric_kernels import put_label_llrs, sent_label, with_prior

f32, i32 = np.float32, np.int32


@kernel
def map_turns(words, turns, cosines, sines, bits, samples):
    """``samples``, float32 (groups, 2 symbols, 64), from packed bits, uint64 (groups, n).

    The first sample of a frame is 1, and every other one that before it, turned by the ``turns`` of its
    label, float32 (2^bits), in steps of a 2^bits-th of the circle. ``cosines`` and ``sines``, float32
    (2^bits), are those of each number of steps.
    """
    parts = GROUP // LANES_FLOAT32
    groups, n = words.shape
    symbols = n // bits + 1
    sent, out, steps = pointer_to(words), pointer_to(samples), pointer_to(turns)
    across, up = pointer_to(cosines), pointer_to(sines)
    inside = splat(i32((1 << bits) - 1))
    for group in range(groups):
        for part in range(parts):
            phase = splat(i32(0))
            for i in range(symbols):
                if i > 0:
                    label = sent_label(sent, group * n + (i - 1) * bits, bits, part)
                    phase = common_bits(phase + to_int(gathered(steps, label)), inside)
                at = (group * symbols + i) * 2 * parts + part
                store(out, at, gathered(across, phase))
                store(out, at + parts, gathered(up, phase))


@kernel
def demap_turns(samples, gains, prior, cosines, sines, bits, law, steps, out):
    """LLRs of the bits of the turns between samples, in the order of ``map_turns``.

    The metric of a turn by the angle a is ln I0(2 scale |g y + g' y' exp(-j a)|), for samples y and y' that
    follow each other, with their gains g of ``gains``. ``cosines`` and ``sines``, float32 (2^bits), are those
    of the angle of each label. ``prior``, ``law``, ``steps`` and ``out`` are those of
    ``plane_kernels.demap_points``.
    """
    scale = law[0]
    parts, order = GROUP // LANES_FLOAT32, 1 << bits
    groups, symbols = samples.shape[0], samples.shape[1] // 2
    received, faded, llrs = pointer_to(samples), pointer_to(gains), pointer_to(out)
    memory, more = space(order), space(order)
    values, powers = rows_in(memory, received), rows_in(more, received)
    for group in range(groups):
        for part in range(parts):
            before_x, before_y = splat(f32(0.0)), splat(f32(0.0))
            for i in range(symbols):
                at = (group * symbols + i) * 2 * parts + part
                factor = (f32(2.0) * scale) * load(faded, at)
                x, y = factor * load(received, at), factor * load(received, at + parts)
                if i > 0:
                    place = (group * (symbols - 1) + i - 1) * bits * parts + part
                    for label in range(order):
                        c, s = splat(cosines[label]), splat(sines[label])
                        real, imaginary = before_x + (x * c + y * s), before_y + (y * c - x * s)
                        value = log_i0(square_root(real * real + imaginary * imaginary))
                        value = with_prior(value, label, bits, prior, place, parts)
                        store(values, label, value)
                    put_label_llrs(llrs, values, powers, bits, law, prior, place, parts, steps)
                before_x, before_y = x, y
    keep_alive(memory)
    keep_alive(more)
