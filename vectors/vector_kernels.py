"""Vectors of 64 bytes as values inside kernels: what a loop over lanes becomes, written down.

A ``Vector`` holds 64 int8, or 16 int32, uint32 or float32. LLVM keeps it in one 512-bit register, or in
as many smaller ones as the CPU needs, and every operation below is one instruction or a few; nothing
is left to the loop vectoriser, which gives up where it cannot tell arrays apart. Lanes never mix. No
fused multiply-add is formed, so results are the same on every CPU.

Integers wrap around in ``+``, ``-`` and ``*``; functions whose name says so saturate, or take int8 as
unsigned. Of float32 these are the ordinary operations, so that one kernel serves both. ``>>`` keeps the
sign of int32 and not of uint32. A scalar of the vector's own type may stand on either side.
"""

import operator

import numpy as np
from llvmlite import binding, ir
from numba import config, njit, types
from numba.core import cgutils
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

#: Bytes of a vector, which are the lanes of int8; lanes of the 32-bit types.
BYTES = 64
LANES_FLOAT32 = 16

#: How an ``overload`` is compiled that takes vectors.
INLINED = {"nogil": True, "error_model": "numpy", "forceinline": True}

#: Whether the CPU that kernels are compiled for moves bytes to any lanes in one instruction.
MOVES_BYTES = (
    config.CPU_NAME is None
    and config.CPU_FEATURES is None
    and bool(binding.get_host_cpu_features().get("avx512vbmi"))
)

_WORD = ir.IntType(32)
_ELEMENTS = {
    types.boolean: ir.IntType(1),
    types.int8: ir.IntType(8),
    types.int16: ir.IntType(16),
    types.int32: _WORD,
    types.uint32: _WORD,
    types.float32: ir.FloatType(),
}


class Vector(types.Type):
    """The Numba type of a vector: ``lanes`` elements of ``dtype``."""

    def __init__(self, dtype, lanes):
        self.dtype, self.lanes = dtype, lanes
        super().__init__(name=f"vector({dtype} x {lanes})")


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager, kind):
        super().__init__(manager, kind, _machine_type(kind))


def _machine_type(kind):
    """The LLVM type of a vector."""
    return ir.VectorType(_ELEMENTS[kind.dtype], kind.lanes)


def _vector_of(dtype):
    """The vector of 64 bytes with elements of a type; None if there is none."""
    return Vector(dtype, BYTES * 8 // dtype.bitwidth) if dtype in _ELEMENTS else None


def _mask(kind):
    """The type of a mask of as many lanes as a vector has."""
    return Vector(types.boolean, kind.lanes)


def _is_float(kind):
    return kind.dtype == types.float32


def _constant(machine, value):
    return ir.Constant(machine, [ir.Constant(machine.element, value)] * machine.count)


def _broadcast(builder, scalar, machine):
    """A vector with ``scalar`` in every lane."""
    empty = ir.Constant(machine, ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(_WORD, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(_WORD, machine.count), None))


def _call(builder, name, result, arguments):
    """Call an LLVM intrinsic on vectors of the type ``result``."""
    element = result.element
    suffix = "f32" if isinstance(element, ir.FloatType) else f"i{element.width}"
    full_name = f"llvm.{name}.v{result.count}{suffix}"
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, full_name), arguments)


# Operators


def _operator(symbol, floats, integers, unsigned=None):
    """Teach an operator vectors; names are those of the builder's instructions, None where there is none."""

    @type_callable(symbol)
    def type_operator(context):
        def typer(a, b):
            kind = a if isinstance(a, Vector) else b
            if not isinstance(kind, Vector) or any(side not in (kind, kind.dtype) for side in (a, b)):
                return None
            return None if (floats if _is_float(kind) else integers) is None else kind

        return typer

    def lower(context, builder, signature, arguments):
        kind, machine = signature.return_type, _machine_type(signature.return_type)
        name = floats if _is_float(kind) else integers
        if unsigned is not None and kind.dtype == types.uint32:
            name = unsigned
        sides = [
            value if isinstance(side, Vector) else _broadcast(builder, value, machine)
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


# Memory


@intrinsic
def pointer_to(typingctx, array):
    """The address of the first element of a C-contiguous array, for ``load``, ``store`` and plain indexing.

    Functions should be given this and not the array, whose references Numba counts at every call. It does
    not keep the array alive: see ``keep_alive``.
    """

    def codegen(context, builder, signature, arguments):
        return context.make_array(array)(context, builder, arguments[0]).data

    return (types.CPointer(array.dtype)(array), codegen) if array.layout == "C" else None


@intrinsic
def shifted(typingctx, pointer, elements):
    """A pointer further by a number of elements."""

    def codegen(context, builder, signature, arguments):
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, types.intp), codegen


@intrinsic
def keep_alive(typingctx, array):
    """Use an array that was made in a kernel: pointers to it may be used until here."""

    def codegen(context, builder, signature, arguments):
        return context.get_dummy_value()

    return types.void(array), codegen


def _address(builder, data, row, lanes, machine):
    element = builder.gep(data, [builder.mul(row, ir.Constant(row.type, lanes))])
    return builder.bitcast(element, machine.as_pointer())


@intrinsic
def load(typingctx, pointer, row):
    """The vector at ``row`` of memory seen as rows of 64 bytes, by a pointer to its elements."""
    kind = _vector_of(pointer.dtype)

    def codegen(context, builder, signature, arguments):
        machine = _machine_type(kind)
        return builder.load(_address(builder, *arguments, kind.lanes, machine), align=1)

    return (kind(pointer, types.intp), codegen) if kind and isinstance(pointer, types.CPointer) else None


@intrinsic
def store(typingctx, pointer, row, vector):
    """Write a vector to ``row`` of memory seen as rows of 64 bytes."""

    def codegen(context, builder, signature, arguments):
        data, row, value = arguments
        builder.store(value, _address(builder, data, row, vector.lanes, value.type), align=1)
        return context.get_dummy_value()

    fits = isinstance(pointer, types.CPointer) and pointer.dtype == vector.dtype
    return (types.void(pointer, types.intp, vector), codegen) if fits else None


@intrinsic
def store_bytes(typingctx, pointer, row, vector):
    """Write the low bytes of 16 int32 to ``row`` of memory of int8 seen as rows of 16."""

    def codegen(context, builder, signature, arguments):
        data, row, value = arguments
        small = builder.trunc(value, ir.VectorType(ir.IntType(8), vector.lanes))
        builder.store(small, _address(builder, data, row, vector.lanes, small.type), align=1)
        return context.get_dummy_value()

    fits = pointer == types.CPointer(types.int8) and vector == Vector(types.int32, LANES_FLOAT32)
    return (types.void(pointer, types.intp, vector), codegen) if fits else None


@njit(nogil=True, error_model="numpy", forceinline=True)
def space(rows):
    """Memory for ``rows`` vectors, not initialised: see ``rows_in`` and ``keep_alive``."""
    return np.empty((rows + 1) * BYTES, np.int8)


@intrinsic
def rows_in(typingctx, memory, like):
    """A pointer of the type of ``like`` to the first row of ``space`` that fills one cache line."""

    def codegen(context, builder, signature, arguments):
        data = context.make_array(memory)(context, builder, arguments[0]).data
        word = context.get_value_type(types.intp)
        last = ir.Constant(word, BYTES - 1)
        address = builder.and_(builder.add(builder.ptrtoint(data, word), last), builder.not_(last))
        return builder.inttoptr(address, context.get_value_type(like))

    return (like(memory, like), codegen) if isinstance(like, types.CPointer) else None


@intrinsic
def splat(typingctx, scalar):
    """The vector with a scalar in every lane."""
    kind = _vector_of(scalar)

    def codegen(context, builder, signature, arguments):
        return _broadcast(builder, arguments[0], _machine_type(kind))

    return (kind(scalar), codegen) if kind else None


# Conversions


def _conversion(source, target, instruction):
    @intrinsic
    def convert(typingctx, x):
        def codegen(context, builder, signature, arguments):
            return getattr(builder, instruction)(arguments[0], _machine_type(signature.return_type))

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
        return builder.bitcast(arguments[1], _machine_type(signature.return_type))

    return like(like, x), codegen


# Functions of both kinds: saturating or unsigned where int8, ordinary where float32


def _function(integers, floats):
    """A function of vectors of one type, from code generators for int8 (or int32) and for float32."""

    @intrinsic
    def function(typingctx, a, b):
        def codegen(context, builder, signature, arguments):
            return (floats if _is_float(a) else integers)(builder, *arguments)

        return (a(a, b), codegen) if a == b else None

    return function


def _least(builder, a, b):
    return builder.select(builder.fcmp_ordered("<", a, b), a, b)


def _greatest(builder, a, b):
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def _bits(instruction):
    def floats(builder, a, b):
        words = ir.VectorType(_WORD, a.type.count)
        mixed = getattr(builder, instruction)(builder.bitcast(a, words), builder.bitcast(b, words))
        return builder.bitcast(mixed, a.type)

    return floats


def _with_sign(builder, size, sign):
    zero = ir.Constant(size.type, None)
    return builder.select(builder.icmp_signed("<", sign, zero), builder.sub(zero, size), size)


def _intrinsic(name):
    return lambda builder, a, b: _call(builder, name, a.type, [a, b])


#: a + b and a - b; int8 and int16 saturate.
saturating_add = _function(_intrinsic("sadd.sat"), lambda builder, a, b: builder.fadd(a, b))
saturating_subtract = _function(_intrinsic("ssub.sat"), lambda builder, a, b: builder.fsub(a, b))
#: The smaller and the larger of two magnitudes: int8 is taken as unsigned, so that 128 is one.
unsigned_min = _function(_intrinsic("umin"), _least)
unsigned_max = _function(_intrinsic("umax"), _greatest)
#: a less b, at least 0, of magnitudes.
unsigned_saturating_subtract = _function(
    _intrinsic("usub.sat"),
    lambda builder, a, b: _greatest(builder, builder.fsub(a, b), ir.Constant(a.type, None)),
)
#: The smaller and the larger of two, with their signs.
minimum = _function(_intrinsic("smin"), _least)
maximum = _function(_intrinsic("smax"), _greatest)
#: Exclusive or of the bits: its sign is the product of the signs.
mixed_signs = _function(lambda builder, a, b: builder.xor(a, b), _bits("xor"))
#: The bits that both have, and those that either has.
common_bits = _function(lambda builder, a, b: builder.and_(a, b), _bits("and_"))
any_bits = _function(lambda builder, a, b: builder.or_(a, b), _bits("or_"))
#: A magnitude with the sign of the second.
with_sign = _function(_with_sign, lambda builder, a, b: _call(builder, "copysign", a.type, [a, b]))


@intrinsic
def change(typingctx, addend, before, after):
    """What ``after``, the saturating sum of the other two, has more than ``before``."""

    def codegen(context, builder, signature, arguments):
        addend_value, before_value, after_value = arguments
        return addend_value if _is_float(addend) else builder.sub(after_value, before_value)

    return addend(addend, before, after), codegen


@intrinsic
def magnitude(typingctx, a):
    """The absolute value; of the int8 -128, the unsigned 128."""

    def codegen(context, builder, signature, arguments):
        (value,) = arguments
        if _is_float(a):
            return _call(builder, "fabs", value.type, [value])
        zero = ir.Constant(value.type, None)
        return builder.select(builder.icmp_signed("<", value, zero), builder.sub(zero, value), value)

    return a(a), codegen


@intrinsic
def high_product(typingctx, a, b):
    """The upper 32 bits of the product of two vectors of uint32."""

    def codegen(context, builder, signature, arguments):
        wide = ir.VectorType(ir.IntType(64), a.lanes)
        first, second = (builder.zext(argument, wide) for argument in arguments)
        product = builder.mul(first, second)
        return builder.trunc(builder.lshr(product, _constant(wide, 32)), arguments[0].type)

    return (a(a, b), codegen) if a == b and a.dtype == types.uint32 else None


@intrinsic
def square_root(typingctx, a):
    """The square root, correctly rounded, of a vector of float32."""

    def codegen(context, builder, signature, arguments):
        return _call(builder, "sqrt", arguments[0].type, arguments)

    return (a(a), codegen) if a == Vector(types.float32, LANES_FLOAT32) else None


@intrinsic
def scaled(typingctx, a, factor, half):
    """The product of magnitudes and a factor.

    For float32, a factor of float32; ``half`` means nothing. For int8, up to 128, (a factor + half) >> 8
    with int64s, of which the factor is from 0 to 256 and ``half`` at most 128.
    """

    def codegen(context, builder, signature, arguments):
        if _is_float(a):
            return builder.fmul(arguments[0], _broadcast(builder, arguments[1], arguments[0].type))
        wide = ir.VectorType(ir.IntType(16), a.lanes)
        value, *scalars = arguments
        factor, half = (_broadcast(builder, builder.trunc(x, wide.element), wide) for x in scalars)
        product = builder.add(builder.mul(builder.zext(value, wide), factor), half)
        return builder.trunc(builder.lshr(product, _constant(wide, 8)), value.type)

    return a(a, types.float32 if _is_float(a) else types.int64, types.int64), codegen


@intrinsic
def moved(typingctx, source, lanes):
    """The vector of int8 whose lane i is lane ``lanes[i]`` of another; only where ``MOVES_BYTES``."""

    def codegen(context, builder, signature, arguments):
        machine = arguments[0].type
        kind = ir.FunctionType(machine, [machine, machine])
        name = "llvm.x86.avx512.permvar.qi.512"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)

    fits = MOVES_BYTES and source == lanes == Vector(types.int8, BYTES)
    return (source(source, lanes), codegen) if fits else None


# Masks: vectors of booleans, and integers with a bit for each lane


def _comparison(symbol):
    @intrinsic
    def compare(typingctx, a, b):
        def codegen(context, builder, signature, arguments):
            if _is_float(a):
                return builder.fcmp_ordered(symbol, *arguments)
            return builder.icmp_signed(symbol, *arguments)

        fits = isinstance(a, Vector) and a == b
        return (_mask(a)(a, b), codegen) if fits else None

    return compare


equal, below = _comparison("=="), _comparison("<")


@intrinsic
def negative(typingctx, a):
    """The mask of the lanes whose sign bit is set."""

    def codegen(context, builder, signature, arguments):
        words = builder.bitcast(arguments[0], ir.VectorType(ir.IntType(8 * BYTES // a.lanes), a.lanes))
        return builder.icmp_signed("<", words, ir.Constant(words.type, None))

    return _mask(a)(a), codegen


@intrinsic
def select(typingctx, mask, a, b):
    """Lanes of a where the mask is set, of b elsewhere."""

    def codegen(context, builder, signature, arguments):
        return builder.select(*arguments)

    return (a(mask, a, b), codegen) if a == b and mask == _mask(a) else None


@intrinsic
def bits_of(typingctx, mask):
    """uint64 with bit i set where lane i of a mask is."""

    def codegen(context, builder, signature, arguments):
        word = builder.bitcast(arguments[0], ir.IntType(mask.lanes))
        return word if mask.lanes == 64 else builder.zext(word, ir.IntType(64))

    return types.uint64(mask), codegen


@intrinsic
def mask_of(typingctx, bits, like):
    """The mask, for vectors such as ``like``, whose lane i is bit i of a uint64."""

    def codegen(context, builder, signature, arguments):
        word = arguments[0]
        if like.lanes < 64:
            word = builder.trunc(word, ir.IntType(like.lanes))
        return builder.bitcast(word, ir.VectorType(ir.IntType(1), like.lanes))

    return _mask(like)(types.uint64, like), codegen
