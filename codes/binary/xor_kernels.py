"""Straight-line programs of XORs, run for 64 frames a word and several words side by side.

A program works on cells. ``targets[i]`` becomes the XOR of the cells ``sources[start[i]]`` to
``sources[start[i + 1] - 1]``, 0 if there are none, for i in ascending order. The inputs are cells
``inputs``, the outputs cells ``outputs``.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ...vectors.compiling.callee_kernels import callee, inlined
from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.packed_kernels import pack_word, unpack_word
from ...vectors.vector_kernels import pointer_to, shifted

i64, u64 = np.int64, np.uint64

#: Most words of one cell: a program runs for up to 8 groups of 64 frames at once.
WIDTH = 8


@kernel
def all_binary(bits):
    """Whether all elements, uint8 (m, frames), are 0 or 1."""
    found = np.uint8(0)
    for i in range(bits.shape[0]):
        row = bits[i]
        for lane in range(row.size):
            found |= row[lane]
    return found < 2


def _xor_cells(width):
    """An intrinsic: cell ``target`` = XOR of the cells ``sources[first]`` to ``sources[last - 1]``.

    Cells are ``width`` words. The sum stays in a register, which the vectoriser does not find for itself.
    """

    @intrinsic
    def xor_cells(typingctx, cells, sources, first, last, target):
        def codegen(context, builder, signature, args):
            cells, sources, first, last, target = args
            word = ir.IntType(64)
            cell = ir.VectorType(word, width)
            cells = builder.bitcast(cells, cell.as_pointer())
            before = builder.block
            loop, done = builder.append_basic_block("loop"), builder.append_basic_block("done")
            zero = ir.Constant(cell, [0] * width)
            builder.cbranch(builder.icmp_signed("<", first, last), loop, done)
            builder.position_at_end(loop)
            j, total = builder.phi(word), builder.phi(cell)
            index = builder.sext(builder.load(builder.gep(sources, [j])), word)
            value = builder.load(builder.gep(cells, [index]))
            value.align = 8
            following, more = builder.add(j, ir.Constant(word, 1)), builder.xor(total, value)
            builder.cbranch(builder.icmp_signed("<", following, last), loop, done)
            for phi, start, step in ((j, first, following), (total, zero, more)):
                phi.add_incoming(start, before)
                phi.add_incoming(step, loop)
            builder.position_at_end(done)
            result = builder.phi(cell)
            result.add_incoming(zero, before)
            result.add_incoming(more, loop)
            builder.store(result, builder.gep(cells, [target])).align = 8
            return context.get_dummy_value()

        return types.void(
            types.CPointer(types.uint64), types.CPointer(types.int32), types.int64, types.int64, types.int64
        ), codegen

    return xor_cells


xor_1, xor_2, xor_4, xor_8 = _xor_cells(1), _xor_cells(2), _xor_cells(4), _xor_cells(8)


@callee
def _run(targets, start, sources, count, cells, width):
    """Run a program of so many targets in place on cells of ``width`` words, 1, 2, 4 or 8; by pointers."""
    if width == 1:
        for i in range(count):
            xor_1(cells, sources, start[i], start[i + 1], targets[i])
    elif width == 2:
        for i in range(count):
            xor_2(cells, sources, start[i], start[i + 1], targets[i])
    elif width == 4:
        for i in range(count):
            xor_4(cells, sources, start[i], start[i + 1], targets[i])
    else:
        for i in range(count):
            xor_8(cells, sources, start[i], start[i + 1], targets[i])


@kernel
def run_program(targets, start, sources, cells):
    """Run a program, int32 arrays, in place on ``cells``, uint64 (cells, width), width 1, 2, 4 or 8."""
    targets_, start_, sources_ = pointer_to(targets), pointer_to(start), pointer_to(sources)
    _run(targets_, start_, sources_, targets.size, pointer_to(cells), cells.shape[1])


@inlined
def width_of(groups):
    """Words of a cell for this many groups: the least width that takes them, or the largest there is."""
    width = 1
    while width < min(groups, WIDTH):
        width *= 2
    return width


@kernel
def apply_to_lanes(inputs, outputs, targets, start, sources, memory, bits, out):
    """Run a program on ``bits``, int8 (inputs, frames), for ``out``, int8 (outputs, frames).

    Whether all bits were 0 or 1; any other counts as 1. ``memory`` is room for the cells of so many frames:
    see ``width_of``. Arrays are C-contiguous.
    """
    frames, steps = bits.shape[1], targets.size
    groups = (frames + GROUP - 1) // GROUP
    width = width_of(groups)
    cells, lanes, coded = pointer_to(memory), pointer_to(bits), pointer_to(out)
    into, outof = pointer_to(inputs), pointer_to(outputs)
    targets_, start_, sources_ = pointer_to(targets), pointer_to(start), pointer_to(sources)
    excess = u64(0)
    for group in range(0, groups, width):
        width = width_of(groups - group)
        for i in range(inputs.size):
            for w in range(width):
                first = GROUP * (group + w)
                count = max(min(GROUP, frames - first), 0)
                cells[i64(into[i]) * width + w], more = pack_word(lanes, i * frames + first, count)
                excess |= more
        _run(targets_, start_, sources_, steps, cells, width)
        for j in range(outputs.size):
            for w in range(min(width, groups - group)):
                first = GROUP * (group + w)
                word = cells[i64(outof[j]) * width + w]
                unpack_word(word, coded, j * frames + first, min(GROUP, frames - first))
    return excess == u64(0)


@kernel
def apply_to_words(inputs, outputs, targets, start, sources, memory, words, out):
    """Run a program on ``words``, uint64 (groups, inputs), for ``out``, (groups, outputs).

    ``memory`` is as for ``apply_to_lanes``. Arrays are C-contiguous.
    """
    groups, steps = words.shape[0], targets.size
    width = width_of(groups)
    cells, given, coded = pointer_to(memory), pointer_to(words), pointer_to(out)
    into, outof = pointer_to(inputs), pointer_to(outputs)
    targets_, start_, sources_ = pointer_to(targets), pointer_to(start), pointer_to(sources)
    for group in range(0, groups, width):
        width = width_of(groups - group)
        present = min(width, groups - group)
        for i in range(inputs.size):
            cell, word = shifted(cells, i64(into[i]) * width), shifted(given, group * inputs.size + i)
            for w in range(present):
                cell[w] = word[w * inputs.size]
            for w in range(present, width):
                cell[w] = u64(0)
        _run(targets_, start_, sources_, steps, cells, width)
        for j in range(outputs.size):
            cell, word = shifted(cells, i64(outof[j]) * width), shifted(coded, group * outputs.size + j)
            for w in range(present):
                word[w * outputs.size] = cell[w]
