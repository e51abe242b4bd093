"""Remainders by a polynomial, of 512 frames side by side: a shift register that takes a block in a step."""

import numpy as np

from ...vectors.compiling.callee_kernels import callee, inlined
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import keep_alive, load, pointer_to, shifted, splat, store
from .tile_kernels import WIDTH, put_cells, take_cells

#: Bits of a block whose combinations are all made beforehand.
NIBBLE = 4

i64, u32, u64 = np.int64, np.uint32, np.uint64


@inlined
def _shift(register, size, block, table, taps, nibbles):
    """Move the register on by a block, and add the combinations of feedback that its cells have taps for."""
    for j in range(size):
        cell = load(register, j + block)
        for q in range(nibbles):
            cell = cell ^ load(table, i64(taps[j * nibbles + q]))
        store(register, j, cell)


@callee
def divide(cells, count, solve, block, taps, nibbles, size, register, table):
    """The remainder of ``count`` cells, behind which as many zeros are thought as the register is long.

    ``cells``, ``register`` and ``table`` are pointers to uint32. The register has room for ``size`` +
    ``block`` cells, and receives the remainder in its first ``size``; ``table`` has room for 16 cells a
    nibble. ``solve`` and ``taps`` are as in ``remainders``.
    """
    zero = splat(u32(0))
    for j in range(size + block):
        store(register, j, zero)
    for q in range(nibbles):
        store(table, 16 * q, zero)
    for at in range(-(-count % block), count, block):
        for i in range(block):
            bit = load(register, i)
            if at + i >= 0:
                bit = bit ^ load(cells, at + i)
            first, own = 16 * (i // NIBBLE), i64(1) << i % NIBBLE
            for q in range(i // NIBBLE + 1):
                bit = bit ^ load(table, i64(solve[i * nibbles + q]))
            for other in range(own):
                store(table, first + own + other, load(table, first + other) ^ bit)
        if nibbles == 2:
            _shift(register, size, block, table, taps, 2)
        elif nibbles == 4:
            _shift(register, size, block, table, taps, 4)
        else:
            _shift(register, size, block, table, taps, nibbles)


@kernel
def remainders(words, count, solve, taps, out, first):
    """The remainders of u(x) x^degree by a polynomial, or by one over GF(2^m) whose symbols are blocks.

    ``words`` is uint64 (groups, at least count): the first ``count`` of a row are the coefficients of u(x),
    the highest first. ``out``, uint64 (groups, at least first + degree), receives the remainders, their
    highest coefficients at ``first``.

    Combinations of the feedback of each 4 bits of a block have numbers, 16 q + c for combination c of nibble
    q. Bit i feeds back the sum of what stands there and of the combinations of earlier bits in row i of
    ``solve``, uint8 (block, nibbles). Cell j of the register then takes those in row j of ``taps``, uint8
    (degree, nibbles).
    """
    groups, columns = words.shape
    block, (size, nibbles) = solve.shape[0], taps.shape
    cells, register = np.empty((count, WIDTH), np.uint64), np.empty((size + block, WIDTH), np.uint64)
    table = np.empty((16 * nibbles, WIDTH), np.uint64)
    given, taken, left = pointer_to(words), pointer_to(cells), pointer_to(register)
    for start in range(0, groups, WIDTH):
        present = min(WIDTH, groups - start)
        take_cells(shifted(given, start * columns), columns, present, count, taken)
        divide(
            pointer_to(cells.view(np.uint32)),
            count,
            pointer_to(solve),
            block,
            pointer_to(taps),
            nibbles,
            size,
            pointer_to(register.view(np.uint32)),
            pointer_to(table.view(np.uint32)),
        )
        put_cells(left, size, shifted(pointer_to(out), start * out.shape[1] + first), out.shape[1], present)
    keep_alive(cells)
    keep_alive(register)
    keep_alive(table)
