"""Lanes that change places within a vector, and bytes as 16-bit lanes and back (see ``vector_kernels``)."""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .vector_type_kernels import (
    BYTES,
    LANES_FLOAT32,
    LANES_INT16,
    MOVES_BYTES,
    SHUFFLED_BYTES,
    Vector,
    call,
    constant,
    machine_type,
    picked,
)

#: Bytes of a part: what CPUs shuffle freely, where they do not move bytes through a whole vector.
PART = 16
_WORDS = Vector(types.uint16, LANES_INT16)
_INDEX = ir.IntType(32)


def _is_bytes(kind):
    return kind in (Vector(types.int8, BYTES), Vector(types.uint8, BYTES))


def _one_by_one(builder, source, lanes, part):
    """Bytes moved within parts of so many lanes, through memory."""
    memory, places, found = (cgutils.alloca_once(builder, source.type) for _ in range(3))
    builder.store(source, memory)
    builder.store(builder.and_(lanes, constant(lanes.type, part - 1)), places)

    def byte(of, lane):
        return builder.gep(builder.bitcast(of, source.type.element.as_pointer()), [lane])

    with cgutils.for_range(builder, ir.Constant(_INDEX, BYTES)) as loop:
        start = builder.and_(loop.index, ir.Constant(_INDEX, -part))
        lane = builder.zext(builder.load(byte(places, loop.index)), _INDEX)
        value = builder.load(byte(memory, builder.add(start, lane)))
        builder.store(value, byte(found, loop.index))
    return builder.load(found)


#: LLVM's names of shuffles, by how many bytes of a vector each takes.
_SHUFFLES = {16: "ssse3.pshuf.b.128", 32: "avx2.pshuf.b", 64: "avx512.pshuf.b.512"}


def shuffle_by(width):
    """``shuffled`` by an instruction that takes so many bytes, or, for 0, by none.

    For tests: kernels take ``shuffled``, which is the best that the CPU has.
    """

    @intrinsic
    def shuffled(typingctx, source, lanes):
        def codegen(context, builder, signature, arguments):
            source, lanes = arguments
            if not width:
                return _one_by_one(builder, source, lanes, PART)
            lanes = builder.and_(lanes, constant(lanes.type, PART - 1))
            machine = ir.VectorType(source.type.element, width)
            kind = ir.FunctionType(machine, [machine, machine])
            function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.{_SHUFFLES[width]}")
            done = []
            for start in range(0, BYTES, width):
                part = list(range(start, start + width))
                done.append(builder.call(function, [picked(builder, x, x, part) for x in (source, lanes)]))
            while len(done) > 1:
                pairs = list(range(2 * done[0].type.count))
                done = [picked(builder, *done[i : i + 2], pairs) for i in range(0, len(done), 2)]
            return done[0]

        return (source(source, lanes), codegen) if _is_bytes(source) and _is_bytes(lanes) else None

    return shuffled


#: Byte i is the byte of the same 16 lanes that the lowest 4 bits of ``lanes[i]`` say.
shuffled = shuffle_by(SHUFFLED_BYTES)


@intrinsic
def moved(typingctx, source, lanes):
    """Bytes whose lane i is lane ``lanes[i]``, 0 to 63, of others; one by one unless ``MOVES_BYTES``."""

    def codegen(context, builder, signature, arguments):
        if not MOVES_BYTES:
            return _one_by_one(builder, *arguments, BYTES)
        machine = arguments[0].type
        kind = ir.FunctionType(machine, [machine, machine])
        name = "llvm.x86.avx512.permvar.qi.512"
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)

    return (source(source, lanes), codegen) if _is_bytes(source) and _is_bytes(lanes) else None


@intrinsic
def bytes_in_front(typingctx, x):
    """The low bytes of 16 int32 as the first 16 of a vector of int8, the others 0."""

    def codegen(context, builder, signature, arguments):
        small = builder.trunc(arguments[0], ir.VectorType(ir.IntType(8), LANES_FLOAT32))
        zero = ir.Constant(small.type, None)
        lanes = list(range(LANES_FLOAT32)) + [LANES_FLOAT32] * (BYTES - LANES_FLOAT32)
        return picked(builder, small, zero, lanes)

    fits = x == Vector(types.int32, LANES_FLOAT32)
    return (Vector(types.int8, BYTES)(x), codegen) if fits else None


@intrinsic
def lane_numbers(typingctx):
    """0 to 63 as int8."""
    kind = Vector(types.int8, BYTES)

    def codegen(context, builder, signature, arguments):
        machine = machine_type(kind)
        return ir.Constant(machine, [ir.Constant(machine.element, i) for i in range(BYTES)])

    return kind(), codegen


def _halves(per, high):
    """Lanes of two vectors in turn, of each 16 bytes, of ``per`` lanes, the lower or the upper half."""
    total = per * BYTES // PART
    return [
        part * per + high * per // 2 + i // 2 + i % 2 * total
        for part in range(BYTES // PART)
        for i in range(per)
    ]


def _unpacking(high):
    @intrinsic
    def unpack(typingctx, x):
        def codegen(context, builder, signature, arguments):
            zero = ir.Constant(arguments[0].type, None)
            both = picked(builder, arguments[0], zero, _halves(PART, high))
            return builder.bitcast(both, machine_type(_WORDS))

        return (_WORDS(x), codegen) if _is_bytes(x) else None

    return unpack


#: Of each 16 bytes the lower and the upper 8, without sign, as uint16.
unpack_low, unpack_high = _unpacking(0), _unpacking(1)


@intrinsic
def pack(typingctx, low, high):
    """The inverse of ``unpack_low`` and ``unpack_high``: int8 with the bits of uint8.

    Above 255 is 255; but from 32768 on, which would be a negative int16, 0.
    """

    def codegen(context, builder, signature, arguments):
        machine = machine_type(signature.return_type)
        if SHUFFLED_BYTES == BYTES:
            kind = ir.FunctionType(machine, [arguments[0].type] * 2)
            name = "llvm.x86.avx512.packuswb.512"
            return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)
        words = arguments[0].type
        least, most = ir.Constant(words, None), constant(words, 255)
        clipped = [call(builder, "smax", words, [x, least]) for x in arguments]
        clipped = [builder.bitcast(call(builder, "smin", words, [x, most]), machine) for x in clipped]
        half = PART // 2
        lanes = [
            part * PART + 2 * i + side * BYTES
            for part in range(BYTES // PART)
            for side in (0, 1)
            for i in range(half)
        ]
        return picked(builder, *clipped, lanes)

    return (Vector(types.int8, BYTES)(low, high), codegen) if low == high == _WORDS else None


def _interleaving(high):
    @intrinsic
    def interleave(typingctx, even, odd):
        def codegen(context, builder, signature, arguments):
            return picked(builder, *arguments, _halves(PART // 2, high))

        return (even(even, odd), codegen) if even == odd == _WORDS else None

    return interleave


#: What ``unpack_low`` and ``unpack_high`` give, from uint16 of the even lanes and of the odd ones.
interleave_low, interleave_high = _interleaving(0), _interleaving(1)


@intrinsic
def load_part(typingctx, pointer, row):
    """The 16 bytes at ``row`` of memory of int8 seen as rows of 16, in each 16 lanes."""
    kind = Vector(types.int8, BYTES)

    def codegen(context, builder, signature, arguments):
        data, row = arguments
        machine = ir.VectorType(ir.IntType(8), PART)
        address = builder.gep(data, [builder.mul(row, ir.Constant(row.type, PART))])
        part = builder.load(builder.bitcast(address, machine.as_pointer()), align=1)
        return picked(builder, part, part, [i % PART for i in range(BYTES)])

    return (kind(pointer, types.intp), codegen) if pointer == types.CPointer(types.int8) else None
