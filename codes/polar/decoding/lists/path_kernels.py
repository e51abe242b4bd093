"""Paths of list decoding in the lanes of a vector: 64 / L frames of L paths each, best paths first.

Byte lane L f + p is path p of frame f. L = 2, 4, ... or 64 is told by the type of ``strides``, the tuple of
1, 2, 4, ... below L, so that a kernel is compiled for it. Metrics are keys: uint16 in two vectors as of
``unpack_low`` and ``unpack_high``. A key is the metric times 2 L and a number below 2 L, so that no two are
equal.

Keys are sorted by K. E. Batcher's bitonic networks, "Sorting networks and their applications", 1968.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from .....vectors.operations.vector_type_kernels import call, picked
from .....vectors.vector_kernels import (
    BYTES,
    INLINED,
    LANES_INT16,
    PART,
    SHUFFLED_BYTES,
    Vector,
    moved,
    shuffled,
)

_BYTES, _KEYS = Vector(types.int8, BYTES), Vector(types.uint16, LANES_INT16)
_PAIR = types.UniTuple(_KEYS, 2)


def _paths(strides):
    return 1 << strides.count


def _lane(half, i):
    """The byte lane that lane i of the lower or upper half of the keys belongs to."""
    return i // 8 * PART + half * 8 + i % 8


def _across(builder, pair, distance):
    """The keys of the paths whose number differs from one's own by exclusive or with a power of two."""
    if distance == 8:
        return [pair[1], pair[0]]
    step = distance if distance < 8 else distance // 2
    lanes = [i ^ step for i in range(LANES_INT16)]
    return [picked(builder, x, x, lanes) for x in pair]


def _mask(builder, flags):
    """A constant mask of keys."""
    flag = ir.IntType(1)
    mask = ir.VectorType(flag, len(flags))
    if SHUFFLED_BYTES < BYTES:
        return ir.Constant(mask, [ir.Constant(flag, one) for one in flags])
    # LLVM would make one instruction of a shuffle and a known blend, which takes CPUs longer than both. So it
    # is not to know: an empty line of assembly may have changed the bits.
    word = ir.IntType(len(flags))
    bits = ir.Constant(word, sum(one << i for i, one in enumerate(flags)))
    return builder.bitcast(builder.asm(ir.FunctionType(word, [word]), "", "=r,0", [bits], False), mask)


def _exchanged(builder, pair, distance, ascends):
    """Compare and exchange of paths at a distance; ``ascends(lane)`` says where the lesser comes first."""
    done, masks = [], {}
    for half, (x, other) in enumerate(zip(pair, _across(builder, pair, distance), strict=True)):
        least = tuple((_lane(half, i) & distance == 0) == ascends(_lane(half, i)) for i in range(LANES_INT16))
        lesser, greater = (call(builder, name, x.type, [x, other]) for name in ("umin", "umax"))
        if all(least) or not any(least):
            done.append(lesser if least[0] else greater)
            continue
        chosen = [lesser, greater]
        if not least[0]:  # so that as few masks as possible are needed
            chosen, least = chosen[::-1], tuple(not one for one in least)
        if least not in masks:
            masks[least] = _mask(builder, least)
        done.append(builder.select(masks[least], *chosen))
    return done


def _merged(builder, pair, size, ascends):
    """Sequences of ``size`` that rise and then fall, or the other way round, sorted."""
    distance = size // 2
    while distance:
        pair = _exchanged(builder, pair, distance, ascends)
        distance //= 2
    return pair


def _sorted(builder, pair, paths, descending):
    size = 2
    while size <= paths:
        last = size == paths
        pair = _merged(
            builder,
            pair,
            size,
            lambda lane, s=size, last=last: (last or lane & s == 0) != (last and descending),
        )
        size *= 2
    return pair


@intrinsic
def sorted_paths(typingctx, low, high, strides):
    """Keys of each frame in ascending order."""

    def codegen(context, builder, signature, arguments):
        done = _sorted(builder, list(arguments[:2]), _paths(strides), False)
        return context.make_tuple(builder, _PAIR, done)

    return _PAIR(low, high, strides), codegen


@intrinsic
def best_paths(typingctx, low, high, other_low, other_high, strides):
    """The L least keys of each frame, in order: of L that are in order and of L others."""

    def codegen(context, builder, signature, arguments):
        paths = _paths(strides)
        others = _sorted(builder, list(arguments[2:4]), paths, True)
        least = [call(builder, "umin", x.type, [x, y]) for x, y in zip(arguments[:2], others, strict=True)]
        return context.make_tuple(builder, _PAIR, _merged(builder, least, paths, lambda lane: True))

    return _PAIR(low, high, low, high, strides), codegen


@intrinsic
def least_of_paths(typingctx, low, high, strides):
    """The least key of each frame, for all its paths."""

    def codegen(context, builder, signature, arguments):
        pair = list(arguments[:2])
        for stride in reversed([1 << i for i in range(strides.count)]):
            others = _across(builder, pair, stride)
            pair = [call(builder, "umin", x.type, [x, y]) for x, y in zip(pair, others, strict=True)]
        return context.make_tuple(builder, _PAIR, pair)

    return _PAIR(low, high, strides), codegen


@intrinsic
def last_path(typingctx, low, high, strides):
    """The key of the last path of each frame, for all its paths."""

    def codegen(context, builder, signature, arguments):
        paths, done = _paths(strides), []
        place = {_lane(half, i): half * LANES_INT16 + i for half in (0, 1) for i in range(LANES_INT16)}
        for half in (0, 1):
            lanes = [place[_lane(half, i) | paths - 1] for i in range(LANES_INT16)]
            done.append(picked(builder, *arguments[:2], lanes))
        return context.make_tuple(builder, _PAIR, done)

    return _PAIR(low, high, strides), codegen


@intrinsic
def least_byte_of_paths(typingctx, x, strides):
    """The least byte of each frame, taken as unsigned, for all its paths."""

    def codegen(context, builder, signature, arguments):
        least = arguments[0]
        for i in range(strides.count):
            other = picked(builder, least, least, [lane ^ 1 << i for lane in range(BYTES)])
            least = call(builder, "umin", least.type, [least, other])
        return least

    return x(x, strides), codegen


def of_paths(x, parents, strides):
    """Bytes of the lanes ``parents``, which are of the same frame."""
    raise NotImplementedError("for kernels alone")


@overload(of_paths, jit_options=INLINED)
def _of_paths(x, parents, strides):
    if _paths(strides) <= PART:
        return lambda x, parents, strides: shuffled(x, parents)
    return lambda x, parents, strides: moved(x, parents)


def _frames_type(strides):
    return ir.VectorType(ir.IntType(8), BYTES // _paths(strides))


def _frames_at(builder, data, index, machine):
    return builder.bitcast(builder.gep(data, [index]), machine.as_pointer())


@intrinsic
def load_frames(typingctx, pointer, index, strides):
    """A byte of each frame, from element ``index`` of int8 on, for all its paths."""

    def codegen(context, builder, signature, arguments):
        machine = _frames_type(strides)
        frames = builder.load(_frames_at(builder, *arguments[:2], machine), align=1)
        return picked(builder, frames, frames, [lane // _paths(strides) for lane in range(BYTES)])

    return (_BYTES(pointer, types.intp, strides), codegen) if pointer == types.CPointer(types.int8) else None


@intrinsic
def store_frames(typingctx, pointer, index, x, strides):
    """Write the byte of each frame's first path, to element ``index`` of int8 and on."""

    def codegen(context, builder, signature, arguments):
        data, index, value, _ = arguments
        machine = _frames_type(strides)
        frames = picked(builder, value, value, list(range(0, BYTES, _paths(strides))))
        builder.store(frames, _frames_at(builder, data, index, machine), align=1)
        return context.get_dummy_value()

    fits = pointer == types.CPointer(types.int8) and x == _BYTES
    return (types.void(pointer, types.intp, x, strides), codegen) if fits else None
