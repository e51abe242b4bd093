"""Arithmetic in GF(2^m) on cells in memory, for kernels: see ``field_type_kernels``."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.vector_kernels import load, store
from .field_type_kernels import (
    CELL_WORDS,
    ROOT_REACH,
    VALUE_REACH,
    WORDS,
    Cells,
    FieldType,
    degree_of,
    inverse,
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


def _sum_of_terms(field, builder, cells, count, first, v, apart=1):
    """The sum over j of coefficient ``apart`` j times (alpha^(step v))^j, by Horner's rule; a loop."""
    start = builder.sub(count, ir.Constant(_I64, 1))

    def coefficient(j):
        return cells.read(builder.add(first, builder.mul(j, ir.Constant(_I64, apart * field.m))), field.m)

    loop, done = builder.append_basic_block("terms"), builder.append_basic_block("value")
    top, before = coefficient(start), builder.block
    builder.cbranch(builder.icmp_signed(">", start, ir.Constant(_I64, 0)), loop, done)
    builder.position_at_end(loop)
    j, sums = builder.phi(_I64), [builder.phi(cells.machine) for _ in range(field.m)]
    following = builder.sub(j, ir.Constant(_I64, 1))
    moved = times_power(field, builder, sums, field.step * v)
    more = [builder.xor(x, y) for x, y in zip(moved, coefficient(following), strict=True)]
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


def _is_zero(builder, a):
    """Where an element is 0."""
    anything = a[0]
    for x in a[1:]:
        anything = builder.or_(anything, x)
    return builder.not_(anything)


def _part(builder, pointer, part):
    """A part of all cells behind a pointer to uint32."""
    return Cells(builder, builder.gep(pointer, [builder.mul(part, ir.Constant(_I64, WORDS * 2))]), WORDS)


@intrinsic
def roots_near(typingctx, field, cells, part, coefficients, count, target):
    """Where a polynomial is 0 at x^v, x = alpha^step, for v from -ROOT_REACH to ROOT_REACH.

    ``count`` is its coefficients, 1 or more, the constant one first. Only part ``part`` of cells is looked
    at, PARTS of which make a whole.
    """

    def codegen(context, builder, signature, arguments):
        data, part, first, number, to = arguments[1:]
        own = _part(builder, data, part)
        for v in range(-ROOT_REACH, ROOT_REACH + 1):
            value = _sum_of_terms(field, builder, own, number, first, v)
            own.write(builder.add(to, ir.Constant(_I64, v + ROOT_REACH)), [_is_zero(builder, value)])
        return context.get_dummy_value()

    fits = isinstance(field, FieldType)
    return (types.void(field, cells, *[types.int64] * 4), codegen) if fits else None


@intrinsic
def values_near(typingctx, field, cells, part, locator, count, evaluator, later, roots, quotients):
    """Where a locator of ``count`` >= 2 coefficients is 0 at x^v for v from -VALUE_REACH to VALUE_REACH.

    ``roots`` receives VALUE_PLACES cells, and ``quotients`` for each place the odd part of the locator there
    and the value of the evaluator, which has a coefficient less, times (x^v)^later. x is alpha^step, and
    ``part`` as for ``roots_near``.
    """

    def codegen(context, builder, signature, arguments):
        data, part, first, number, other, later, to, pairs = arguments[1:]
        own, one = _part(builder, data, part), ir.Constant(_I64, 1)
        evens = builder.lshr(builder.add(number, one), one)
        odd_terms = builder.add(first, ir.Constant(_I64, field.m))
        without = builder.icmp_signed("==", later, ir.Constant(_I64, 0))
        for v in range(-VALUE_REACH, VALUE_REACH + 1):
            even = _sum_of_terms(field, builder, own, evens, first, 2 * v, 2)
            odd = _sum_of_terms(field, builder, own, builder.lshr(number, one), odd_terms, 2 * v, 2)
            odd = times_power(field, builder, odd, field.step * v)
            value = _sum_of_terms(field, builder, own, builder.sub(number, one), other, v)
            moved = times_power(field, builder, value, field.step * v)
            value = [builder.select(without, x, y) for x, y in zip(value, moved, strict=True)]
            zero = _is_zero(builder, [builder.xor(x, y) for x, y in zip(even, odd, strict=True)])
            own.write(builder.add(to, ir.Constant(_I64, v + VALUE_REACH)), [zero])
            own.write(builder.add(pairs, ir.Constant(_I64, 2 * (v + VALUE_REACH) * field.m)), [*odd, *value])
        return context.get_dummy_value()

    fits = isinstance(field, FieldType)
    return (types.void(field, cells, *[types.int64] * 7), codegen) if fits else None


@intrinsic
def divide_pair(typingctx, field, cells, part, pair, chosen, target):
    """The second of two elements over the first, where the cell ``chosen`` says so, and 0 elsewhere.

    The coefficient of alpha^(m - 1) comes first.
    """

    def codegen(context, builder, signature, arguments):
        own = _part(builder, arguments[1], arguments[2])
        place, mask, to = arguments[3:]
        values = own.read(place, 2 * field.m)
        turned = inverse(field, builder, values[: field.m])
        quotient = reduced(field, builder, product(field, builder, turned, values[field.m :]))
        (there,) = own.read(mask, 1)
        own.write(to, [builder.and_(x, there) for x in reversed(quotient)])
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
