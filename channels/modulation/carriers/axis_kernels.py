"""Amplitudes on real dimensions and LLRs of their bits, for groups of 64 frames.

A label of some bits, the first the most significant one, chooses the level that is sent on a dimension.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.operations.exponential_kernels import exp_minus, log_ratio
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    as_int,
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
from ...models.channel_kernels import bound, put_llr
from ...streams.stream_kernels import load_states, next_word, normal_pair, store_states

f32, u64 = np.float32, np.uint64
#: 1 / (2 sigma^2), whether LLRs are those of sums or of the largest terms, and the largest magnitude of an
#: LLR.
Law = namedtuple("Law", ("scale", "exact", "limit"))
#: Below all metrics that may come up, and the largest exponent that still counts.
NOTHING, LEAST_EXPONENT = f32(-3e38), f32(87.0)


@inlined
def _level(sent, at, shift, constants, work, bits):
    """The levels of the labels of 16 frames, whose bits stand in the words from ``at`` on."""
    source, count = constants, 1 << bits
    for bit in range(bits - 1, -1, -1):
        mask = mask_of(sent[at + bit] >> shift, load(constants, 0))
        count >>= 1
        for j in range(count):
            store(work, j, select(mask, load(source, 2 * j + 1), load(source, 2 * j)))
        source = work
    return load(source, 0)


@inlined
def _splat_levels(levels, constants):
    """A row of each level."""
    for label in range(levels.size):
        store(constants, label, splat(levels[label]))


@kernel
def map_axes(words, levels, bits, samples):
    """``samples``, float32 (groups, dimensions, 64), from packed bits, uint64 (groups, dimensions ``bits``).

    ``levels``, float32 (2^bits), has the level of each label.
    """
    groups, dimensions, _ = samples.shape
    parts = GROUP // LANES_FLOAT32
    sent, out = pointer_to(words), pointer_to(samples)
    memory, more = space(levels.size), space(levels.size)
    constants, work = rows_in(memory, out), rows_in(more, out)
    _splat_levels(levels, constants)
    for i in range(groups * dimensions):
        for part in range(parts):
            level = _level(sent, i * bits, u64(part * LANES_FLOAT32), constants, work, bits)
            store(out, i * parts + part, level)
    keep_alive(memory)
    keep_alive(more)


@inlined
def _llr_of_two(y, first, second, scale):
    """The LLR of a bit that chooses one of two levels: what ``_put_llrs`` makes of them, without memory."""
    from_first, from_second, nothing = y - first, y - second, splat(f32(0.0))
    return (nothing - scale * (from_first * from_first)) - (nothing - scale * (from_second * from_second))


@inlined
def _put_llrs(y, factor, prior, at, levels, bits, scale, own, exact, metric, low, high, steps, llrs):
    """LLRs of the bits of ``y``, a vector of frames, at the rows from ``at`` on: see ``demap_axes``."""
    nothing, far, parts = splat(f32(0.0)), splat(LEAST_EXPONENT), GROUP // LANES_FLOAT32
    for label in range(levels.size):
        off = y - factor * splat(levels[label])
        if own is None:
            value = nothing - scale * (off * off)
        else:
            value = splat(own[1, label]) - splat(own[0, label]) * (off * off)
        if prior is not None:
            for bit in range(bits):
                half = f32(0.5) * load(pointer_to(prior), at + bit * parts)
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
        if exact and bits > 1:
            zeros, ones = nothing, nothing
            for label in range(levels.size):
                value = load(metric, label)
                if (label >> (bits - 1 - bit)) & 1:
                    ones = ones + exp_minus(minimum(best_1 - value, far))
                else:
                    zeros = zeros + exp_minus(minimum(best_0 - value, far))
            llr = llr + log_ratio(zeros, ones)
        if prior is not None:
            llr = llr - load(pointer_to(prior), at + bit * parts)
        put_llr(llrs, at + bit * parts, minimum(maximum(llr, low), high), steps)


@kernel
def demap_axes(samples, gains, prior, levels, bits, law, own, steps, out):
    """LLRs of the bits of ``samples``, float32 (groups, dimensions, 64), in the order of ``map_axes``.

    The metric of a level x is - scale (y - g x)^2, with the gain g of ``gains`` or 1 where that is None; or
    with the scale of its label in ``own``, float32 (2, 2^bits), and what stands below it added, if given. A
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
    metric, one = rows_in(memory, received), splat(f32(1.0))
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for i in range(groups * dimensions):
        for part in range(parts):
            y = load(received, i * parts + part)
            factor = one if gains is None else load(pointer_to(gains), i * parts + part)
            at = i * bits * parts + part
            _put_llrs(y, factor, prior, at, levels, bits, scale, own, exact, metric, low, high, steps, llrs)
    keep_alive(memory)


@kernel
def awgn_llr_axes(state, words, levels, bits, sigma, law, steps, out):
    """Samples, noise and LLRs in one pass: those of ``map_axes``, ``add_noise_groups`` and ``demap_axes``.

    ``words`` is uint64 (groups, n), ``state`` the streams of 64 frames a group, ``out`` float32 (groups, n,
    64), or int8, times ``steps``; n is a multiple of ``bits``.
    """
    scale, exact, limit = law
    groups, n = words.shape
    parts, dimensions = GROUP // LANES_FLOAT32, n // bits
    vectors = groups * parts
    states, sent, llrs = pointer_to(state), pointer_to(words), pointer_to(out)
    memory, more, most = space(levels.size), space(levels.size), space(levels.size)
    like = pointer_to(levels)
    constants, work, metric = rows_in(memory, like), rows_in(more, like), rows_in(most, like)
    _splat_levels(levels, constants)
    one, low, high = splat(f32(1.0)), splat(-bound(limit, steps)), splat(bound(limit, steps))
    for group in range(groups):
        for part in range(parts):
            j, shift = group * parts + part, u64(part * LANES_FLOAT32)
            a, b, c, d = load_states(states, vectors, j)
            for i in range(0, dimensions, 2):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                x, z = normal_pair(as_int(u), as_int(v))
                for second in range(min(2, dimensions - i)):
                    at = group * n + (i + second) * bits
                    noise = z if second else x
                    y = _level(sent, at, shift, constants, work, bits) + sigma * noise
                    row = at * parts + part
                    _put_llrs(
                        y, one, None, row, levels, bits, scale, None, exact, metric, low, high, steps, llrs
                    )
            store_states(states, vectors, j, a, b, c, d)
    keep_alive(memory)
    keep_alive(more)
    keep_alive(most)


@kernel
def awgn_llr_two_levels(state, words, levels, sigma, law, steps, out):
    """The same as ``awgn_llr_axes`` for labels of one bit: QPSK has one on each axis."""
    scale, _, limit = law
    groups, n = words.shape
    parts = GROUP // LANES_FLOAT32
    vectors = groups * parts
    states, sent, llrs = pointer_to(state), pointer_to(words), pointer_to(out)
    first, second = splat(levels[0]), splat(levels[1])
    low, high = splat(-bound(limit, steps)), splat(bound(limit, steps))
    for group in range(groups):
        for part in range(parts):
            j, shift = group * parts + part, u64(part * LANES_FLOAT32)
            a, b, c, d = load_states(states, vectors, j)
            for i in range(0, n, 2):
                u, a, b, c, d = next_word(a, b, c, d)
                v, a, b, c, d = next_word(a, b, c, d)
                x, z = normal_pair(as_int(u), as_int(v))
                at = group * n + i
                y = select(mask_of(sent[at] >> shift, x), second, first) + sigma * x
                llr = minimum(maximum(_llr_of_two(y, first, second, scale), low), high)
                put_llr(llrs, at * parts + part, llr, steps)
                if i + 1 < n:
                    y = select(mask_of(sent[at + 1] >> shift, x), second, first) + sigma * z
                    llr = minimum(maximum(_llr_of_two(y, first, second, scale), low), high)
                    put_llr(llrs, (at + 1) * parts + part, llr, steps)
            store_states(states, vectors, j, a, b, c, d)
