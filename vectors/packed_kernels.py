"""Bits of a group of 64 frames in one word each: packing and unpacking (see ``group_kernels``).

One instruction of a modern processor compares 64 bytes and leaves the outcome in 64 bits, or takes the way
back; the compiler is led there with vectors of 64 bytes, which it splits on processors that have no such
instruction.
"""

import numpy as np

from .compiling.callee_kernels import inlined
from .group_kernels import GROUP
from .kernel_cache import kernel
from .vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    bytes_of,
    equal,
    load,
    mask_of,
    negative,
    pointer_to,
    select,
    shifted,
    splat,
    store,
)

#: Rows that are taken side by side, so that the words of one group fill a line of the cache.
ROWS = 8
#: Positions that a word of one frame's bits holds, where frames are lanes of 32 bits.
POSITIONS = 32

f32, i8, u64 = np.float32, np.int8, np.uint64


@inlined
def pack_word(bits, first, count):
    """The word of ``count`` bytes, at most 64, from number ``first``, and a word that is 0 if all are 0 or 1.

    ``bits`` is a pointer to int8. Anything but 0 is packed as 1.
    """
    if count == GROUP:
        values = load(shifted(bits, first), 0)
        ones = ~bits_of(equal(values, splat(i8(0))))
        return ones, ones & ~bits_of(equal(values, splat(i8(1))))
    word, excess = u64(0), u64(0)
    for f in range(count):
        value = bits[first + f]
        word |= u64(value != 0) << u64(f)
        excess |= u64(value & ~1)
    return word, excess


@inlined
def unpack_word(word, bits, first, count):
    """The inverse of ``pack_word``: writes ``count`` bytes from number ``first``."""
    if count == GROUP:
        zero = splat(i8(0))
        store(shifted(bits, first), 0, select(mask_of(word, zero), splat(i8(1)), zero))
    else:
        for f in range(count):
            bits[first + f] = (word >> u64(f)) & u64(1)


@inlined
def _pack_byte(bytes_, first, out):
    for i in range(7, -1, -1):
        out[first + i] = bits_of(negative(bytes_))
        bytes_ = bytes_ + bytes_


@inlined
def pack_positions(a, b, c, d, out, at, count, spare):
    """``count`` <= 32 positions of a group from a word for each of its frames, in four vectors of uint32.

    Word ``at`` + i of ``out``, a pointer to uint64, receives bit i of the words. ``spare`` has room for 32.
    """
    to = shifted(out, at) if count == POSITIONS else spare
    _pack_byte(bytes_of(a, b, c, d, 0), 0, to)
    if count > 8:
        _pack_byte(bytes_of(a, b, c, d, 1), 8, to)
    if count > 16:
        _pack_byte(bytes_of(a, b, c, d, 2), 16, to)
        _pack_byte(bytes_of(a, b, c, d, 3), 24, to)
    if count < POSITIONS:
        for i in range(count):
            out[at + i] = spare[i]


@kernel
def pack_lanes(bits, out):
    """``out``, uint64 (groups, m), from ``bits``, uint8 (m, frames); whether all are 0 or 1.

    groups = ceil(frames / 64); frames beyond the last are 0. Anything but 0 is packed as 1. Both arrays
    must be C-contiguous.
    """
    if not (bits.flags.c_contiguous and out.flags.c_contiguous):
        raise ValueError("arrays to pack must be C-contiguous")
    m, frames = bits.shape
    if out.shape[0] != (frames + GROUP - 1) // GROUP or out.shape[1] != m:
        raise ValueError("arrays to pack must have shapes (m, frames) and (groups, m)")
    lanes, excess = pointer_to(bits.ravel().view(i8)), u64(0)  # ravel: other layouts must compile too
    for i0 in range(0, m, ROWS):
        for group in range(out.shape[0]):
            count = min(GROUP, frames - GROUP * group)
            for i in range(i0, min(i0 + ROWS, m)):
                out[group, i], more = pack_word(lanes, i * frames + GROUP * group, count)
                excess |= more
    return excess == 0


@kernel
def unpack_lanes(words, out):
    """``out``, uint8 (m, frames), from ``words``, uint64 (groups, m): the inverse of ``pack_lanes``."""
    if not (words.flags.c_contiguous and out.flags.c_contiguous):
        raise ValueError("arrays to unpack must be C-contiguous")
    m, frames = out.shape
    if words.shape[0] != (frames + GROUP - 1) // GROUP or words.shape[1] != m:
        raise ValueError("arrays to unpack must have shapes (groups, m) and (m, frames)")
    lanes = pointer_to(out.ravel().view(i8))
    for i0 in range(0, m, ROWS):
        for group in range(words.shape[0]):
            count = min(GROUP, frames - GROUP * group)
            for i in range(i0, min(i0 + ROWS, m)):
                unpack_word(words[group, i], lanes, i * frames + GROUP * group, count)


@kernel
def pack_signs(lanes, negative, zero):
    """The signs of ``lanes``, float32 (m, frames), and where they are 0; whether any is.

    ``negative`` and ``zero`` are uint64 (groups, m); frames beyond the last are 0 in both.
    """
    m, frames = lanes.shape
    any_zero = u64(0)
    for group in range(negative.shape[0]):
        first = group * GROUP
        width = min(GROUP, frames - first)
        for i in range(m):
            row = lanes[i, first : first + width]
            less, equals = u64(0), u64(0)
            for lane in range(width):
                less |= u64(row[lane] < 0) << u64(lane)
                equals |= u64(row[lane] == 0) << u64(lane)
            negative[group, i], zero[group, i] = less, equals
            any_zero |= equals
    return any_zero != 0


@kernel
def pack_group_signs(groups, negative, zero):
    """``pack_signs`` of float32 (groups, m, 64)."""
    values, below_zero, at_zero = pointer_to(groups), pointer_to(negative), pointer_to(zero)
    parts, nothing, any_zero = GROUP // LANES_FLOAT32, splat(f32(0.0)), u64(0)
    for at in range(negative.size):
        less, equals = u64(0), u64(0)
        for part in range(parts):
            value, shift = load(values, at * parts + part), u64(part * LANES_FLOAT32)
            less |= bits_of(below(value, nothing)) << shift
            equals |= bits_of(equal(value, nothing)) << shift
        below_zero[at], at_zero[at] = less, equals
        any_zero |= equals
    return any_zero != 0


@kernel
def unpack_signs(negative, zero, out):
    """``out``, float32 (groups, m, 64): -1 where ``negative``, 0 where ``zero``, else 1.

    Both are uint64 (groups, m); ``zero`` may have no group, where none is.
    """
    for group in range(negative.shape[0]):
        for i in range(negative.shape[1]):
            row, less = out[group, i], negative[group, i]
            equals = zero[group, i] if zero.shape[0] else u64(0)
            for lane in range(GROUP):
                sign = np.float32(1.0) - np.float32(2.0) * np.float32((less >> u64(lane)) & u64(1))
                row[lane] = np.float32(0.0) if (equals >> u64(lane)) & u64(1) else sign


@kernel
def unpack_votes(negative, zero, out):
    """``out``, int8 (groups, m, 64): -1 where ``negative``, 0 where ``zero``, else 1; as ``unpack_signs``."""
    votes, one, nothing = pointer_to(out), splat(i8(1)), splat(i8(0))
    for group in range(negative.shape[0]):
        for i in range(negative.shape[1]):
            vote = select(mask_of(negative[group, i], one), nothing - one, one)
            if zero.shape[0]:
                vote = select(mask_of(zero[group, i], one), nothing, vote)
            store(votes, group * negative.shape[1] + i, vote)


@kernel
def pack_decisions(decisions, ones, undecided):
    """Packed decisions, uint64 (groups, m), of int8 (groups, m, 64): 1, 0, or 2 where undecided.

    ``undecided`` receives where; a bit of ``ones`` is 0 there. Returns whether any is.
    """
    groups, m = ones.shape
    values, zero = pointer_to(decisions), splat(i8(0))
    two = splat(i8(2))
    found = u64(0)
    for at in range(groups * m):
        value = load(values, at)
        group, i = at // m, at % m
        open_ = bits_of(equal(value, two))
        ones[group, i], undecided[group, i] = ~bits_of(equal(value, zero)) & ~open_, open_
        found |= open_
    return found != 0


@kernel
def pack_erased(groups, out):
    """``out``, uint64 (groups): the frames whose values, (groups, m, 64) of 8, 16 or 32 bits, are all 0."""
    parts = groups.itemsize
    lanes = GROUP // parts
    every = ~u64(0) >> u64(GROUP - lanes)
    for group in range(groups.shape[0]):
        rows, word = pointer_to(groups[group]), u64(0)
        for part in range(parts):
            erased, row = every, part
            while erased and row < parts * groups.shape[1]:
                x = load(rows, row)
                erased &= bits_of(equal(x, x - x))
                row += parts
            word |= erased << u64(part * lanes)
        out[group] = word
