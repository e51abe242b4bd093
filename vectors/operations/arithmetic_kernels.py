"""Arithmetic on vectors: operators, conversions and functions (see ``vector_kernels``)."""

import operator

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, lower_builtin, type_callable

from .vector_type_kernels import (
    BYTES,
    LANES_FLOAT32,
    LANES_INT16,
    WORD,
    Vector,
    broadcast,
    call,
    constant,
    is_float,
    is_unsigned,
    machine_type,
    picked,
)

# Operators


def _operator(symbol, floats, integers, unsigned=None):
    """Teach an operator vectors; names are those of the builder's instructions, None where there is none."""

    @type_callable(symbol)
    def type_operator(context):
        def typer(a, b):
            kind = a if isinstance(a, Vector) else b
            if not isinstance(kind, Vector) or any(side not in (kind, kind.dtype) for side in (a, b)):
                return None
            return None if (floats if is_float(kind) else integers) is None else kind

        return typer

    def lower(context, builder, signature, arguments):
        kind, machine = signature.return_type, machine_type(signature.return_type)
        name = floats if is_float(kind) else integers
        if unsigned is not None and is_unsigned(kind):
            name = unsigned
        sides = [
            value if isinstance(side, Vector) else broadcast(builder, value, machine)
            for side, value in zip(signature.args, arguments, strict=True)
        ]
        return getattr(builder, name)(*sides)

    for sides in ((Vector, Vector), (Vector, types.Number), (types.Number, Vector)):
        lower_builtin(symbol, *sides)(lower)


_operator(operator.add, "fadd", "add")
_operator(operator.sub, "fsub", "sub")
_operator(operator.mul, "fmul", "mul")
_operator(operator.truediv, "fdiv", None)
_operator(operator.and_, None, "and_")
_operator(operator.or_, None, "or_")
_operator(operator.xor, None, "xor")
_operator(operator.lshift, None, "shl")
_operator(operator.rshift, None, "ashr", "lshr")


# Conversions


def _conversion(source, target, instruction):
    @intrinsic
    def convert(typingctx, x):
        def codegen(context, builder, signature, arguments):
            return getattr(builder, instruction)(arguments[0], machine_type(signature.return_type))

        fits = isinstance(x, Vector) and x.dtype in source
        return (Vector(target, x.lanes)(x), codegen) if fits else None

    return convert


#: int32 to the nearest float32.
to_float = _conversion((types.int32,), types.float32, "sitofp")
#: float32 to int32, towards zero; the value has to fit.
to_int = _conversion((types.float32,), types.int32, "fptosi")
#: The float32 with the bits of an int32; the int32 with the bits of a float32 or uint32; and so on.
as_float = _conversion((types.int32, types.uint32), types.float32, "bitcast")
as_int = _conversion((types.float32, types.uint32), types.int32, "bitcast")
as_word = _conversion((types.float32, types.int32), types.uint32, "bitcast")


@intrinsic
def as_kind(typingctx, like, x):
    """A vector of the type of ``like`` with the bits of another."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(arguments[1], machine_type(signature.return_type))

    return like(like, x), codegen


def _widening(first):
    @intrinsic
    def widen(typingctx, x):
        def codegen(context, builder, signature, arguments):
            half = picked(builder, *arguments, *arguments, list(range(first, first + LANES_INT16)))
            return builder.sext(half, machine_type(signature.return_type))

        return (Vector(types.int16, LANES_INT16)(x), codegen) if x == Vector(types.int8, BYTES) else None

    return widen


#: The lower and the upper half of a vector of int8 as int16.
widen_low, widen_high = _widening(0), _widening(LANES_INT16)


@intrinsic
def saturating_narrow(typingctx, low, high):
    """Two vectors of int16 as one of int8; what does not fit becomes -128 or 127."""

    def codegen(context, builder, signature, arguments):
        both = picked(builder, *arguments, list(range(BYTES)))
        least, most = constant(both.type, -128), constant(both.type, 127)
        clipped = call(builder, "smin", both.type, [call(builder, "smax", both.type, [both, least]), most])
        return builder.trunc(clipped, machine_type(signature.return_type))

    fits = low == high == Vector(types.int16, LANES_INT16)
    return (Vector(types.int8, BYTES)(low, high), codegen) if fits else None


@intrinsic
def bytes_of(typingctx, a, b, c, d, number):
    """Byte ``number``, a constant, 0 the lowest, of each of the 64 words of four vectors of uint32: int8."""
    if not isinstance(number, types.IntegerLiteral):
        return None

    def codegen(context, builder, signature, arguments):
        machine = machine_type(signature.return_type)
        words = [builder.bitcast(argument, machine) for argument in arguments[:4]]
        bytes_ = list(range(number.literal_value, 2 * BYTES, 4))
        halves = [picked(builder, *words[i : i + 2], bytes_) for i in (0, 2)]
        return picked(builder, *halves, list(range(BYTES)))

    fits = a == b == c == d == Vector(types.uint32, LANES_FLOAT32)
    return (Vector(types.int8, BYTES)(a, b, c, d, number), codegen) if fits else None


# Functions of integers and floats: saturating or unsigned where the name says so, ordinary where float32


def _function(integers, floats, unsigned=None):
    """A function of vectors of one type, from code generators for integers and for float32.

    ``unsigned`` is for integers without sign, where it matters.
    """

    @intrinsic
    def function(typingctx, a, b):
        def codegen(context, builder, signature, arguments):
            generate = floats if is_float(a) else unsigned if unsigned and is_unsigned(a) else integers
            return generate(builder, *arguments)

        return (a(a, b), codegen) if a == b else None

    return function


def _sum(builder, a, b):
    return builder.fadd(a, b)


def _least(builder, a, b):
    return builder.select(builder.fcmp_ordered("<", a, b), a, b)


def _greatest(builder, a, b):
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _bits(instruction):
    def floats(builder, a, b):
        words = ir.VectorType(WORD, a.type.count)
        mixed = getattr(builder, instruction)(builder.bitcast(a, words), builder.bitcast(b, words))
        return builder.bitcast(mixed, a.type)

    return floats


def _with_sign(builder, size, sign):
    zero = ir.Constant(size.type, None)
    return builder.select(builder.icmp_signed("<", sign, zero), builder.sub(zero, size), size)


def _intrinsic(name):
    return lambda builder, a, b: call(builder, name, a.type, [a, b])


#: a + b and a - b; integers saturate at the ends of their type.
saturating_add = _function(_intrinsic("sadd.sat"), _sum, _intrinsic("uadd.sat"))
saturating_subtract = _function(
    _intrinsic("ssub.sat"), lambda builder, a, b: builder.fsub(a, b), _intrinsic("usub.sat")
)
#: The smaller and the larger of two, by the sign of their type.
minimum = _function(_intrinsic("smin"), _least, _intrinsic("umin"))
maximum = _function(_intrinsic("smax"), _greatest, _intrinsic("umax"))
#: The smaller and the larger of two magnitudes: int8 is taken as unsigned, so that 128 is one.
unsigned_min = _function(_intrinsic("umin"), _least)
unsigned_max = _function(_intrinsic("umax"), _greatest)
#: The sum of magnitudes, up to the largest unsigned integer; a less b, at least 0.
unsigned_saturating_add = _function(_intrinsic("uadd.sat"), _sum)
unsigned_saturating_subtract = _function(
    _intrinsic("usub.sat"),
    lambda builder, a, b: _greatest(builder, builder.fsub(a, b), ir.Constant(a.type, None)),
)
#: Exclusive or of the bits: its sign is the product of the signs.
mixed_signs = _function(lambda builder, a, b: builder.xor(a, b), _bits("xor"))
#: The bits that both have, and those that either has.
common_bits = _function(lambda builder, a, b: builder.and_(a, b), _bits("and_"))
any_bits = _function(lambda builder, a, b: builder.or_(a, b), _bits("or_"))
#: A magnitude with the sign of the second.
with_sign = _function(_with_sign, lambda builder, a, b: call(builder, "copysign", a.type, [a, b]))


@intrinsic
def change(typingctx, addend, before, after):
    """What ``after``, the saturating sum of the other two, has more than ``before``."""

    def codegen(context, builder, signature, arguments):
        addend_value, before_value, after_value = arguments
        return addend_value if is_float(addend) else builder.sub(after_value, before_value)

    return addend(addend, before, after), codegen


@intrinsic
def magnitude(typingctx, a):
    """The absolute value; of the int8 -128, the unsigned 128."""

    def codegen(context, builder, signature, arguments):
        (value,) = arguments
        if is_float(a):
            return call(builder, "fabs", value.type, [value])
        zero = ir.Constant(value.type, None)
        return builder.select(builder.icmp_signed("<", value, zero), builder.sub(zero, value), value)

    return a(a), codegen


@intrinsic
def wide_product(typingctx, a, b):
    """The upper and the lower 32 bits of the products of two vectors of uint32."""

    def codegen(context, builder, signature, arguments):
        machine = arguments[0].type
        wide = ir.VectorType(ir.IntType(64), a.lanes // 2)
        half, low = constant(wide, 32), constant(wide, 2**32 - 1)
        first, second = (builder.bitcast(argument, wide) for argument in arguments)
        # CPUs multiply 32 bits to 64 in every other lane: even lanes as they are, odd ones moved down.
        even = builder.mul(builder.and_(first, low), builder.and_(second, low))
        odd = builder.mul(builder.lshr(first, half), builder.lshr(second, half))
        even, odd = builder.bitcast(even, machine), builder.bitcast(odd, machine)
        pairs = range(0, a.lanes, 2)
        upper = picked(builder, even, odd, [lane for i in pairs for lane in (i + 1, i + 1 + a.lanes)])
        lower = picked(builder, even, odd, [lane for i in pairs for lane in (i, i + a.lanes)])
        return context.make_tuple(builder, signature.return_type, [upper, lower])

    fits = a == b == Vector(types.uint32, LANES_FLOAT32)
    return (types.UniTuple(a, 2)(a, b), codegen) if fits else None


@intrinsic
def square_root(typingctx, a):
    """The square root, correctly rounded, of a vector of float32."""

    def codegen(context, builder, signature, arguments):
        return call(builder, "sqrt", arguments[0].type, arguments)

    return (a(a), codegen) if a == Vector(types.float32, LANES_FLOAT32) else None


@intrinsic
def scaled(typingctx, a, factor, half):
    """The product of magnitudes and a factor.

    For float32, a factor of float32; ``half`` means nothing. For int8, up to 128, (a factor + half) >> 8
    with int64s, of which the factor is from 0 to 256 and ``half`` at most 128.
    """

    def codegen(context, builder, signature, arguments):
        if is_float(a):
            return builder.fmul(arguments[0], broadcast(builder, arguments[1], arguments[0].type))
        wide = ir.VectorType(ir.IntType(16), a.lanes)
        value, *scalars = arguments
        factor, half = (broadcast(builder, builder.trunc(x, wide.element), wide) for x in scalars)
        product = builder.add(builder.mul(builder.zext(value, wide), factor), half)
        return builder.trunc(builder.lshr(product, constant(wide, 8)), value.type)

    return a(a, types.float32 if is_float(a) else types.int64, types.int64), codegen


@intrinsic
def scaled_each(typingctx, a, factors, half):
    """``scaled`` with a factor for each lane; for int8 the bits of uint8, each a factor less 1."""

    def codegen(context, builder, signature, arguments):
        if is_float(a):
            return builder.fmul(*arguments[:2])
        wide = ir.VectorType(ir.IntType(16), a.lanes)
        value, factors, half = arguments
        half = broadcast(builder, builder.trunc(half, wide.element), wide)
        factors = builder.add(builder.zext(factors, wide), constant(wide, 1))
        product = builder.add(builder.mul(builder.zext(value, wide), factors), half)
        return builder.trunc(builder.lshr(product, constant(wide, 8)), value.type)

    return (a(a, a, types.int64), codegen) if a == factors else None
