"""Bits of 64 frames in one word: packing and unpacking.

Bit f of word [g, i] is bit i of frame 64 g + f. One instruction of a modern processor compares 64
bytes and leaves the outcome in 64 bits, or takes the way back; the compiler is led there with vectors
of 64 elements, which it splits on processors that have no such instruction.
"""

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

#: Frames of one word.
FRAMES = 64
#: Rows that are taken side by side, so that the words of one group fill a line of the cache.
ROWS = 8

_byte, _word = ir.IntType(8), ir.IntType(64)
_bytes = ir.VectorType(_byte, FRAMES)
u64 = np.uint64


def _compare(above):
    """An intrinsic: bit f of the word is whether ``first[offset + f]`` is above ``above``."""

    @intrinsic
    def compared(typingctx, first, offset):
        def codegen(context, builder, signature, args):
            place = builder.bitcast(builder.gep(args[0], [args[1]]), _bytes.as_pointer())
            values = builder.load(place)
            values.align = 1
            limit = ir.Constant(_bytes, [above] * FRAMES)
            return builder.bitcast(builder.icmp_unsigned(">", values, limit), _word)

        return types.uint64(types.CPointer(types.uint8), types.intp), codegen

    return compared


ones_of = _compare(0)
excess_of = _compare(1)


@intrinsic
def spread(typingctx, word, first, offset):
    """``first[offset + f]`` = bit f of the word, for all 64."""

    def codegen(context, builder, signature, args):
        bits = builder.bitcast(args[0], ir.VectorType(ir.IntType(1), FRAMES))
        place = builder.bitcast(builder.gep(args[1], [args[2]]), _bytes.as_pointer())
        builder.store(builder.zext(bits, _bytes), place).align = 1
        return context.get_dummy_value()

    return types.void(types.uint64, types.CPointer(types.uint8), types.intp), codegen


@njit(nogil=True, error_model="numpy", inline="always")
def pack_word(bits, i, first, count):
    """The word of ``bits[i, first:first + count]``, count <= 64, and a word that is 0 if all are 0 or 1.

    ``bits`` is uint8 (m, frames), C-contiguous.
    """
    if count == FRAMES:
        place = i * bits.shape[1] + first
        return ones_of(bits.ctypes, place), excess_of(bits.ctypes, place)
    word, excess = u64(0), u64(0)
    for f in range(count):
        value = u64(bits[i, first + f])
        word |= min(value, u64(1)) << u64(f)
        excess |= value >> u64(1)
    return word, excess


@njit(nogil=True, error_model="numpy", inline="always")
def unpack_word(word, bits, i, first, count):
    """The inverse of ``pack_word``: writes ``bits[i, first:first + count]``."""
    if count == FRAMES:
        spread(word, bits.ctypes, i * bits.shape[1] + first)
    else:
        for f in range(count):
            bits[i, first + f] = (word >> u64(f)) & u64(1)


@njit(nogil=True, error_model="numpy", cache=True)
def pack_lanes(bits, out):
    """``out``, uint64 (groups, m), from ``bits``, uint8 (m, frames); whether all are 0 or 1.

    groups = ceil(frames / 64); frames beyond the last are 0. Anything but 0 is packed as 1. Both arrays
    must be C-contiguous.
    """
    if not (bits.flags.c_contiguous and out.flags.c_contiguous):
        raise ValueError("arrays to pack must be C-contiguous")
    m, frames = bits.shape
    if out.shape[0] != (frames + FRAMES - 1) // FRAMES or out.shape[1] != m:
        raise ValueError("arrays to pack must have shapes (m, frames) and (groups, m)")
    excess = u64(0)
    for i0 in range(0, m, ROWS):
        for group in range(out.shape[0]):
            count = min(FRAMES, frames - FRAMES * group)
            for i in range(i0, min(i0 + ROWS, m)):
                out[group, i], more = pack_word(bits, i, FRAMES * group, count)
                excess |= more
    return excess == 0


@njit(nogil=True, error_model="numpy", cache=True)
def unpack_lanes(words, out):
    """``out``, uint8 (m, frames), from ``words``, uint64 (groups, m): the inverse of ``pack_lanes``."""
    if not (words.flags.c_contiguous and out.flags.c_contiguous):
        raise ValueError("arrays to unpack must be C-contiguous")
    m, frames = out.shape
    if words.shape[0] != (frames + FRAMES - 1) // FRAMES or words.shape[1] != m:
        raise ValueError("arrays to unpack must have shapes (groups, m) and (m, frames)")
    for i0 in range(0, m, ROWS):
        for group in range(words.shape[0]):
            count = min(FRAMES, frames - FRAMES * group)
            for i in range(i0, min(i0 + ROWS, m)):
                unpack_word(words[group, i], out, i, FRAMES * group, count)
