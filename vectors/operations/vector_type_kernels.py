"""The type of vectors of 64 bytes, and what generators of their code share (see ``vector_kernels``)."""

import numpy as np
from llvmlite import binding, ir
from numba import config, types
from numba.core import cgutils
from numba.extending import models, register_model

#: Bytes of a vector, which are the lanes of int8 and uint8; lanes of the 16-bit type and of the 32-bit types.
BYTES = 64
LANES_INT16 = BYTES // 2
LANES_FLOAT32 = BYTES // 4
#: A mask of all 32-bit lanes as ``bits_of`` gives it.
ALL_FLOAT32 = np.uint64((1 << LANES_FLOAT32) - 1)


def _has(feature):
    """Whether kernels are compiled for this CPU itself, and it has a feature."""
    own = config.CPU_NAME is None and config.CPU_FEATURES is None
    return own and bool(binding.get_host_cpu_features().get(feature))


#: Whether the CPU that kernels are compiled for moves bytes to any lanes in one instruction.
MOVES_BYTES = _has("avx512vbmi")
#: How many bytes at once it shuffles within 16 lanes; 0 where it has no instruction for that.
SHUFFLED_BYTES = 64 if _has("avx512bw") else 32 if _has("avx2") else 16 if _has("ssse3") else 0
#: Whether it deposits bits at the places of a mask in one instruction.
DEPOSITS_BITS = _has("bmi2")
#: Whether it moves chosen lanes of 32 bits to the front in one instruction.
COMPRESSES = _has("avx512f")

WORD = ir.IntType(32)
_ELEMENTS = {
    types.boolean: ir.IntType(1),
    types.int8: ir.IntType(8),
    types.uint8: ir.IntType(8),
    types.int16: ir.IntType(16),
    types.uint16: ir.IntType(16),
    types.int32: WORD,
    types.uint32: WORD,
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
        super().__init__(manager, kind, machine_type(kind))


def machine_type(kind):
    """The LLVM type of a vector."""
    return ir.VectorType(_ELEMENTS[kind.dtype], kind.lanes)


def vector_of(dtype):
    """The vector of 64 bytes with elements of a type; None if there is none."""
    return Vector(dtype, BYTES * 8 // dtype.bitwidth) if dtype in _ELEMENTS else None


def mask_type(kind):
    """The type of a mask of as many lanes as a vector has."""
    return Vector(types.boolean, kind.lanes)


def is_float(kind):
    """Whether the elements of a vector are floats."""
    return kind.dtype == types.float32


def is_unsigned(kind):
    """Whether they are integers without sign."""
    return isinstance(kind.dtype, types.Integer) and not kind.dtype.signed


def constant(machine, value):
    """A vector with the same number in every lane."""
    return ir.Constant(machine, [ir.Constant(machine.element, value)] * machine.count)


def broadcast(builder, scalar, machine):
    """A vector with ``scalar`` in every lane."""
    empty = ir.Constant(machine, ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(WORD, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(WORD, machine.count), None))


def picked(builder, a, b, lanes):
    """Lanes of two vectors end to end, by their numbers."""
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(WORD, len(lanes)), lanes))


def call(builder, name, result, arguments):
    """Call an LLVM intrinsic on vectors of the type ``result``."""
    element = result.element
    suffix = "f32" if isinstance(element, ir.FloatType) else f"i{element.width}"
    full_name = f"llvm.{name}.v{result.count}{suffix}"
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, full_name), arguments)
