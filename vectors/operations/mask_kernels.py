"""Masks: a boolean for each lane of a vector, and integers with a bit for each (see ``vector_kernels``)."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from ..compiling.callee_kernels import INLINED
from .vector_type_kernels import (
    BYTES,
    DEPOSITS_BITS,
    Vector,
    constant,
    is_float,
    is_unsigned,
    machine_type,
    mask_type,
)

u64 = np.uint64
_BITS = ir.IntType(64)
_INTEGERS = {64: types.int8, 32: types.int16, 16: types.int32}


def _comparison(symbol, *, unsigned=False):
    @intrinsic
    def compare(typingctx, a, b):
        def codegen(context, builder, signature, arguments):
            if is_float(a):
                return builder.fcmp_ordered(symbol, *arguments)
            if unsigned or is_unsigned(a):
                return builder.icmp_unsigned(symbol, *arguments)
            return builder.icmp_signed(symbol, *arguments)

        fits = isinstance(a, Vector) and a == b and not (unsigned and is_float(a))
        return (mask_type(a)(a, b), codegen) if fits else None

    return compare


equal, below = _comparison("=="), _comparison("<")
#: a < b with integers taken as unsigned, whatever their type.
unsigned_below = _comparison("<", unsigned=True)


@intrinsic
def negative(typingctx, a):
    """The mask of the lanes whose sign bit is set."""

    def codegen(context, builder, signature, arguments):
        words = builder.bitcast(arguments[0], ir.VectorType(ir.IntType(8 * BYTES // a.lanes), a.lanes))
        return builder.icmp_signed("<", words, ir.Constant(words.type, None))

    return mask_type(a)(a), codegen


@intrinsic
def select(typingctx, mask, a, b):
    """Lanes of a where the mask is set, of b elsewhere."""

    def codegen(context, builder, signature, arguments):
        return builder.select(*arguments)

    return (a(mask, a, b), codegen) if a == b and mask == mask_type(a) else None


@intrinsic
def nothing_in(typingctx, mask):
    """A vector of signed integers, 0 in as many lanes as a mask has."""
    kind = Vector(_INTEGERS[mask.lanes], mask.lanes)

    def codegen(context, builder, signature, arguments):
        return ir.Constant(machine_type(kind), None)

    return kind(mask), codegen


@intrinsic
def add_where(typingctx, mask, a, number):
    """a plus a constant number, which wraps around, where the mask is set; a elsewhere."""
    if not isinstance(number, types.IntegerLiteral) or mask != mask_type(a):
        return None

    def codegen(context, builder, signature, arguments):
        value, bits = arguments[1], a.dtype.bitwidth
        wrapped = (number.literal_value + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)
        return builder.select(arguments[0], builder.add(value, constant(value.type, wrapped)), value)

    return a(mask, a, number), codegen


@intrinsic
def bits_of(typingctx, mask):
    """uint64 with bit i set where lane i of a mask is."""

    def codegen(context, builder, signature, arguments):
        word = builder.bitcast(arguments[0], ir.IntType(mask.lanes))
        return word if mask.lanes == _BITS.width else builder.zext(word, _BITS)

    return types.uint64(mask), codegen


@intrinsic
def mask_of(typingctx, bits, like):
    """The mask, for vectors such as ``like``, whose lane i is bit i of a uint64."""

    def codegen(context, builder, signature, arguments):
        word = arguments[0]
        if like.lanes < _BITS.width:
            word = builder.trunc(word, ir.IntType(like.lanes))
        return builder.bitcast(word, ir.VectorType(ir.IntType(1), like.lanes))

    return mask_type(like)(types.uint64, like), codegen


def _of_bits(name, *more):
    @intrinsic
    def function(typingctx, bits):
        def codegen(context, builder, signature, arguments):
            flags = [ir.Constant(ir.IntType(1), flag) for flag in more]
            kind = ir.FunctionType(_BITS, [_BITS, *(flag.type for flag in flags)])
            called = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.i64")
            return builder.call(called, [*arguments, *flags])

        return (types.int64(bits), codegen) if bits == types.uint64 else None

    return function


#: How many bits of a uint64 are set, int64.
population_count = _of_bits("ctpop")
#: The number of its lowest bit that is set, 64 if none is; int64.
trailing_zeros = _of_bits("cttz", False)


@intrinsic
def _deposited(typingctx, bits, mask):
    """``deposited`` in one instruction; only if ``DEPOSITS_BITS``."""

    def codegen(context, builder, signature, arguments):
        kind = ir.FunctionType(_BITS, [_BITS, _BITS])
        called = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.bmi.pdep.64")
        return builder.call(called, arguments)

    return types.uint64(types.uint64, types.uint64), codegen


def deposited(bits, mask):
    """The lowest bits of a uint64, in order, at the places that are set in a mask."""
    raise NotImplementedError("for kernels alone")


@overload(deposited, jit_options=INLINED)
def _deposit(bits, mask):
    if bits != types.uint64 or mask != types.uint64:
        return None
    if DEPOSITS_BITS:
        return lambda bits, mask: _deposited(bits, mask)

    def bit_by_bit(bits, mask):
        found = u64(0)
        while mask:
            lowest = mask & (~mask + u64(1))
            if bits & u64(1):
                found |= lowest
            bits >>= u64(1)
            mask ^= lowest
        return found

    return bit_by_bit
