"""Tiles: 512 frames side by side, eight groups of 64, a cell of 64 bytes for each position.

Packed words have a row for each group, and a tile a row for each position: the words of one change places.
"""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ...vectors.compiling.callee_kernels import callee
from ...vectors.operations.vector_type_kernels import picked
from ...vectors.vector_kernels import load, shifted, store

#: Groups of a tile: words of a cell.
WIDTH = 8

#: Cells of a block of a linear map's inputs, and the combinations that are made of each.
BLOCK, COMBINATIONS = 16, 64

i64, u64 = np.int64, np.uint64


@intrinsic
def _exchange(typingctx, source, step, target, stride):
    """Word j of row i becomes word i of row j, of 8 rows of 8 words, which are so many words apart."""

    def codegen(context, builder, signature, arguments):
        source, step, target, stride = arguments
        word = ir.IntType(64)
        row = ir.VectorType(word, WIDTH)

        def place(data, distance, i):
            at = builder.gep(data, [builder.mul(distance, ir.Constant(word, i))])
            return builder.bitcast(at, row.as_pointer())

        rows = [builder.load(place(source, step, i), align=8) for i in range(WIDTH)]
        for apart in (1, 2, 4):
            low = [i + WIDTH - apart if i & apart else i for i in range(WIDTH)]
            high = [i + apart for i in low]
            done = list(rows)
            for i in range(WIDTH):
                if not i & apart:
                    pair = rows[i], rows[i + apart]
                    done[i], done[i + apart] = (picked(builder, *pair, lanes) for lanes in (low, high))
            rows = done
        for i, value in enumerate(rows):
            builder.store(value, place(target, stride, i), align=8)
        return context.get_dummy_value()

    pointer = types.CPointer(types.uint64)
    return types.void(pointer, types.int64, pointer, types.int64), codegen


@intrinsic
def clear(typingctx, cells, first, count):
    """Set cells to 0, by a pointer to uint32."""

    def codegen(context, builder, signature, arguments):
        data, first, count = arguments
        size = ir.Constant(ir.IntType(64), 8 * WIDTH)
        start = builder.bitcast(data, ir.IntType(8).as_pointer())
        place = builder.gep(start, [builder.mul(first, size)])
        zero = ir.Constant(ir.IntType(8), 0)
        memset = builder.module.declare_intrinsic("llvm.memset", [place.type, size.type])
        builder.call(memset, [place, zero, builder.mul(count, size), ir.Constant(ir.IntType(1), 0)])
        return context.get_dummy_value()

    return types.void(cells, types.int64, types.int64), codegen


@callee
def take_cells(words, columns, present, count, cells):
    """``count`` cells of ``present`` groups from packed words, whose rows are ``columns`` words apart.

    ``words`` and ``cells`` are pointers to uint64, to the first of each. Groups that are not there are 0.
    """
    whole = count - count % WIDTH if present == WIDTH else i64(0)
    for i in range(0, whole, WIDTH):
        _exchange(shifted(words, i), columns, shifted(cells, i * WIDTH), WIDTH)
    for i in range(whole, count):
        for w in range(WIDTH):
            cells[i * WIDTH + w] = words[w * columns + i] if w < present else u64(0)


@callee
def put_cells(cells, count, words, columns, present):
    """The inverse of ``take_cells``."""
    whole = count - count % WIDTH if present == WIDTH else i64(0)
    for i in range(0, whole, WIDTH):
        _exchange(shifted(cells, i * WIDTH), WIDTH, shifted(words, i), columns)
    for i in range(whole, count):
        for w in range(present):
            words[w * columns + i] = cells[i * WIDTH + w]


@callee
def frames_in(tile, cell):
    """The words of a cell or-ed: 0 if none of its frames is set. ``tile`` is a pointer to uint64."""
    found = tile[cell * WIDTH]
    for w in range(1, WIDTH):
        found |= tile[cell * WIDTH + w]
    return found


@callee
def map_cells(cells, source, count, taps, outputs, target, table):
    """A linear map of ``count`` cells, a multiple of 16, to ``outputs`` cells.

    ``taps`` is a pointer to uint8, 4 for each output of each block of 16 inputs: 16 q + combination of
    nibble q. ``table`` is a place for 64 cells.
    """
    clear(cells, target, outputs)
    clear(cells, table, COMBINATIONS)
    for first in range(0, count, BLOCK):
        for i in range(BLOCK):
            x, own, at = load(cells, source + first + i), i64(1) << i % 4, table + 16 * (i // 4)
            for other in range(own):
                store(cells, at + own + other, load(cells, at + other) ^ x)
        for j in range(outputs):
            x, entry = load(cells, target + j), 4 * (first // BLOCK * outputs + j)
            for q in range(4):
                x = x ^ load(cells, table + i64(taps[entry + q]))
            store(cells, target + j, x)
