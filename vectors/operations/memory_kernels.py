"""Vectors in memory: pointers, loads and stores, and memory of a kernel's own (see ``vector_kernels``)."""

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from ..compiling.callee_kernels import INLINED, inlined
from .mask_kernels import bits_of, trailing_zeros
from .vector_type_kernels import (
    BYTES,
    COMPRESSES,
    LANES_FLOAT32,
    WORD,
    Vector,
    broadcast,
    machine_type,
    mask_type,
    vector_of,
)

u64 = np.uint64


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


def _bytes(lanes):
    return ir.VectorType(ir.IntType(8), lanes)


@intrinsic
def load(typingctx, pointer, row):
    """The vector at ``row`` of memory seen as rows of 64 bytes, by a pointer to its elements."""
    kind = vector_of(pointer.dtype)

    def codegen(context, builder, signature, arguments):
        machine = machine_type(kind)
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
    """Write the low bytes of integers to ``row`` of memory of int8 seen as rows of as many bytes."""

    def codegen(context, builder, signature, arguments):
        data, row, value = arguments
        small = value if vector.lanes == BYTES else builder.trunc(value, _bytes(vector.lanes))
        builder.store(small, _address(builder, data, row, vector.lanes, small.type), align=1)
        return context.get_dummy_value()

    fits = pointer == types.CPointer(types.int8) and isinstance(vector.dtype, types.Integer)
    return (types.void(pointer, types.intp, vector), codegen) if fits else None


@intrinsic
def _compressed(typingctx, vector, mask):
    """The lanes of a vector where the mask is set, moved to the front; only if ``COMPRESSES``."""

    def codegen(context, builder, signature, arguments):
        value, chosen = arguments
        element = "f32" if isinstance(value.type.element, ir.FloatType) else "i32"
        name = f"llvm.x86.avx512.mask.compress.v{vector.lanes}{element}"
        kind = ir.FunctionType(value.type, [value.type, value.type, chosen.type])
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        return builder.call(function, [value, ir.Constant(value.type, None), chosen])

    return vector(vector, mask), codegen


def store_compressed(pointer, vector, mask):
    """Write the lanes of a vector of 32-bit lanes where the mask is set, one after the other.

    There has to be room for a whole vector: what stands behind the lanes that were chosen is not defined.
    Without an instruction for it this takes time with each lane that is chosen.
    """
    raise NotImplementedError("for kernels alone")


@overload(store_compressed, jit_options=INLINED)
def _store_compressed(pointer, vector, mask):
    if vector.lanes != LANES_FLOAT32 or mask != mask_type(vector):
        return None
    if COMPRESSES:
        return lambda pointer, vector, mask: store(pointer, 0, _compressed(vector, mask))

    def lane_by_lane(pointer, vector, mask):
        store(pointer, 0, vector)
        bits, count = bits_of(mask), 0
        while bits:
            pointer[count] = pointer[trailing_zeros(bits)]  # never in front of one that is still to be read
            bits &= bits - u64(1)
            count += 1

    return lane_by_lane


@inlined
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
def seen_as(typingctx, pointer, like):
    """The same address as a pointer of the type of ``like``."""

    def codegen(context, builder, signature, arguments):
        return builder.bitcast(arguments[0], context.get_value_type(like))

    fits = isinstance(pointer, types.CPointer) and isinstance(like, types.CPointer)
    return (like(pointer, like), codegen) if fits else None


@intrinsic
def splat(typingctx, scalar):
    """The vector with a scalar in every lane."""
    kind = vector_of(scalar)

    def codegen(context, builder, signature, arguments):
        return broadcast(builder, arguments[0], machine_type(kind))

    return (kind(scalar), codegen) if kind else None


@intrinsic
def gathered(typingctx, pointer, lanes):
    """The vector whose lane i is element ``lanes[i]``, int32, behind a pointer to float32 or int32."""
    kind = vector_of(pointer.dtype)

    def codegen(context, builder, signature, arguments):
        data, indices = arguments
        machine = machine_type(kind)
        if COMPRESSES:
            byte = ir.IntType(8).as_pointer()
            chosen = ir.VectorType(ir.IntType(1), LANES_FLOAT32)
            kinds = [machine, byte, indices.type, chosen, WORD]
            letter = "s" if kind.dtype == types.float32 else "i"
            name = f"llvm.x86.avx512.mask.gather.dp{letter}.512"
            function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(machine, kinds), name)
            everywhere = ir.Constant(chosen, [1] * LANES_FLOAT32)
            passed = [ir.Constant(machine, None), builder.bitcast(data, byte), indices, everywhere]
            return builder.call(function, [*passed, ir.Constant(WORD, kind.dtype.bitwidth // 8)])
        found = ir.Constant(machine, ir.Undefined)
        for lane in range(LANES_FLOAT32):
            at = ir.Constant(WORD, lane)
            element = builder.load(builder.gep(data, [builder.extract_element(indices, at)]))
            found = builder.insert_element(found, element, at)
        return found

    fits = isinstance(pointer, types.CPointer) and lanes == Vector(types.int32, LANES_FLOAT32)
    return (kind(pointer, lanes), codegen) if fits and kind and kind.lanes == LANES_FLOAT32 else None


@intrinsic
def _exchanged(typingctx, vector, lanes):
    """The vector whose lane i is lane ``lanes[i]`` of another of float32 or int32; only if ``COMPRESSES``."""

    def codegen(context, builder, signature, arguments):
        machine = arguments[0].type
        letter = "f" if vector.dtype == types.float32 else "i"
        kind = ir.FunctionType(machine, [machine, arguments[1].type])
        name = f"llvm.x86.avx512.permvar.s{letter}.512"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)

    return vector(vector, lanes), codegen


def gathered_near(pointer, lanes):
    """``gathered`` of a single vector: lanes are 0 to 15."""
    raise NotImplementedError("for kernels alone")


@overload(gathered_near, jit_options=INLINED)
def _gathered_near(pointer, lanes):
    if COMPRESSES:
        return lambda pointer, lanes: _exchanged(load(pointer, 0), lanes)
    return lambda pointer, lanes: gathered(pointer, lanes)
