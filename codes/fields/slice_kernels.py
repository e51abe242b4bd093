"""Arithmetic in GF(2^m) on cells in memory, for kernels: see ``field_type_kernels``."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.vector_kernels import load, store
from .field_type_kernels import (
    CELL_WORDS,
    REACH,
    WORDS,
    Cells,
    FieldType,
    degree_of,
    power_of_two,
    product,
    reduced,
    straight,
    times_power,
)

i64 = np.int64

#: Parts of a cell that ``roots_near`` takes one by one.
PARTS = CELL_WORDS // WORDS

_I64 = ir.IntType(64)


def _add_product(field, builder, cells, a, b, total):
    factors = cells.read(a, field.m), cells.read(b, field.m)
    cells.write(total, product(field, builder, *factors, cells.read(total, 2 * field.m - 1)))


def _reduce(field, builder, cells, total, a):
    cells.write(a, reduced(field, builder, cells.read(total, 2 * field.m - 1)))


def _square(field, builder, cells, a, b):
    cells.write(b, power_of_two(field, builder, cells.read(a, field.m), 1))


def _two_products(field, builder, cells, a, b, c, d, e):
    total = product(field, builder, cells.read(a, field.m), cells.read(b, field.m))
    total = product(field, builder, cells.read(c, field.m), cells.read(d, field.m), total)
    cells.write(e, reduced(field, builder, total))


#: (field, cells, a, b, total): total += a b, not reduced, 2 m - 1 cells.
add_product = straight(_add_product, 3)
#: (field, cells, total, a): a = the 2 m - 1 cells of ``total``, reduced.
reduce_product = straight(_reduce, 2)
#: (field, cells, a, b): b = a^2.
square = straight(_square, 2)
#: (field, cells, a, b, c, d, e): e = a b + c d.
two_products = straight(_two_products, 5)


def _sum_of_terms(field, builder, cells, count, first, v):
    """The sum over j of coefficient j times (alpha^(step v))^j, by Horner's rule; a loop."""
    start, before = builder.sub(count, ir.Constant(_I64, 1)), builder.block
    loop, done = builder.append_basic_block("terms"), builder.append_basic_block("value")
    top = cells.read(builder.add(first, builder.mul(start, ir.Constant(_I64, field.m))), field.m)
    before = builder.block
    builder.cbranch(builder.icmp_signed(">", start, ir.Constant(_I64, 0)), loop, done)
    builder.position_at_end(loop)
    j, sums = builder.phi(_I64), [builder.phi(cells.machine) for _ in range(field.m)]
    following = builder.sub(j, ir.Constant(_I64, 1))
    coefficient = cells.read(builder.add(first, builder.mul(following, ir.Constant(_I64, field.m))), field.m)
    moved = times_power(field, builder, sums, field.step * v)
    more = [builder.xor(x, y) for x, y in zip(moved, coefficient, strict=True)]
    for phi, value, next_value in zip([j, *sums], [start, *top], [following, *more], strict=True):
        phi.add_incoming(value, before)
        phi.add_incoming(next_value, loop)
    builder.cbranch(builder.icmp_signed(">", following, ir.Constant(_I64, 0)), loop, done)
    builder.position_at_end(done)
    values = [builder.phi(cells.machine) for _ in range(field.m)]
    for phi, value, next_value in zip(values, top, more, strict=True):
        phi.add_incoming(value, before)
        phi.add_incoming(next_value, loop)
    return values


@intrinsic
def roots_near(typingctx, field, cells, part, coefficients, count, target):
    """Where a polynomial is 0 at x^v for v from -REACH to REACH, with x = alpha^step: PLACES cells.

    ``count`` is its coefficients, 1 or more, the constant one first. Only part ``part`` of cells is looked at,
    PARTS of which make a whole.
    """

    def codegen(context, builder, signature, arguments):
        data, part, first, number, to = arguments[1:]
        shift = builder.mul(part, ir.Constant(_I64, WORDS * 2))
        own = Cells(builder, builder.gep(data, [shift]), WORDS)
        for v in range(-REACH, REACH + 1):
            value = _sum_of_terms(field, builder, own, number, first, v)
            anything = value[0]
            for x in value[1:]:
                anything = builder.or_(anything, x)
            own.write(builder.add(to, ir.Constant(_I64, v + REACH)), [builder.not_(anything)])
        return context.get_dummy_value()

    fits = isinstance(field, FieldType)
    return (types.void(field, cells, *[types.int64] * 4), codegen) if fits else None


@inlined
def scale(field, cells, a, taps, table):
    """a times an element that is not known when the kernel is compiled.

    ``taps`` is a pointer to uint8: of each output bit, for each pair q of input bits, 4 q + which of them are
    added. ``table`` is a place for 4 cells a pair, of which the first is 0.
    """
    m = degree_of(field)
    pairs = (m + 1) // 2
    for q in range(pairs):
        x = load(cells, a + 2 * q)
        store(cells, table + 4 * q + 1, x)
        if 2 * q + 1 < m:
            y = load(cells, a + 2 * q + 1)
            store(cells, table + 4 * q + 2, y)
            store(cells, table + 4 * q + 3, x ^ y)
    for i in range(m):
        total = load(cells, table + i64(taps[i * pairs]))
        for q in range(1, pairs):
            total = total ^ load(cells, table + i64(taps[i * pairs + q]))
        store(cells, a + i, total)
