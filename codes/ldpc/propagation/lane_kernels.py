"""Frames into lanes, and decisions out of them: see ``propagate_kernels``."""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP
from ....vectors.vector_kernels import (
    COMPRESSES,
    INLINED,
    LANES_FLOAT32,
    MOVES_BYTES,
    below,
    bytes_in_front,
    equal,
    gathered_near,
    load,
    mask_of,
    moved,
    negative,
    select,
    shifted,
    splat,
    store,
)

#: Pointers to the same 64 bytes, as int8 and as int32.
Room = namedtuple("Room", ("bytes", "words"))

#: Pointers to the variables that decisions are wanted on, how many they are, and a pointer to decisions on
#: them, int8 in groups of 64 frames.
Decisions = namedtuple("Decisions", ("wanted", "size", "decisions"))

f32, i8, i32, i64, u64 = np.float32, np.int8, np.int32, np.int64, np.uint64


def fill_lanes(llr, value, unit, variables, width, count, pool, room):
    """Put frames of ``llr``, groups of 64, into lanes of ``value``: the first ``count`` that the pool lists.

    LLRs are multiplied by ``unit``, unless it is None. Both lists have 3 spare entries, since frames are
    copied four at a time.
    """
    raise NotImplementedError("for kernels alone")


def write_decisions(value, width, stride, count, pool, found, room):
    """Hard decisions of frames, the first ``count`` that the pool lists, from their lanes of ``value``.

    Variable v is in vector ``v stride``, of ``width`` lanes. A decision is 2 for a value of 0. Lists are as
    for ``fill_lanes``, and in any order after it.
    """
    raise NotImplementedError("for kernels alone")


@inlined
def decision(x):
    """1 for a negative value, 0 for a positive one, and 2 for zero."""
    return i8(x < 0) | (i8(x == 0) << i8(1))


@inlined
def in_unit(x, unit):
    """x times a unit, which may be None."""
    if unit is not None:
        return x * unit
    return x


@inlined
def fill_lane_by_lane(llr, value, unit, variables, width, count, pool, room):
    """As ``fill_lanes``, for any CPU: four frames at a time, the last one perhaps several times over."""
    lanes, frames = pool.lanes, pool.frames
    together = count == width and frames[0] % width == 0
    for i in range(count):
        together &= lanes[i] == i and frames[i] == frames[0] + i
    if together:
        first = shifted(llr, (frames[0] >> 6) * variables * GROUP + (frames[0] & 63))
        for variable in range(variables):
            store(value, variable, in_unit(load(shifted(first, variable * GROUP), 0), unit))
        return
    for i in range(count, count + 3):
        lanes[i], frames[i] = lanes[count - 1], frames[count - 1]
    for i in range(0, count, 4):
        a, b, c, d = lanes[i], lanes[i + 1], lanes[i + 2], lanes[i + 3]
        e, f, g, h = frames[i], frames[i + 1], frames[i + 2], frames[i + 3]
        e, f = (e >> 6) * variables * GROUP + (e & 63), (f >> 6) * variables * GROUP + (f & 63)
        g, h = (g >> 6) * variables * GROUP + (g & 63), (h >> 6) * variables * GROUP + (h & 63)
        for variable in range(variables):
            row, given = shifted(value, variable * width), shifted(llr, variable * GROUP)
            row[a], row[b] = in_unit(given[e], unit), in_unit(given[f], unit)
            row[c], row[d] = in_unit(given[g], unit), in_unit(given[h], unit)


@inlined
def write_lane_by_lane(value, width, stride, count, pool, found, room):
    """As ``write_decisions``, for any CPU: four frames at a time, the last one perhaps several times over."""
    lanes, frames = pool.lanes, pool.frames
    size, wanted, decisions = found.size, found.wanted, found.decisions
    for i in range(count, count + 3):
        lanes[i], frames[i] = lanes[count - 1], frames[count - 1]
    for i in range(0, count, 4):
        a, b, c, d = lanes[i], lanes[i + 1], lanes[i + 2], lanes[i + 3]
        e, f, g, h = frames[i], frames[i + 1], frames[i + 2], frames[i + 3]
        e, f = (e >> 6) * size * GROUP + (e & 63), (f >> 6) * size * GROUP + (f & 63)
        g, h = (g >> 6) * size * GROUP + (g & 63), (h >> 6) * size * GROUP + (h & 63)
        for j in range(size):
            row, out = shifted(value, i64(wanted[j]) * stride * width), shifted(decisions, GROUP * j)
            p, q, r, s = decision(row[a]), decision(row[b]), decision(row[c]), decision(row[d])
            out[e], out[f], out[g], out[h] = p, q, r, s


@inlined
def fill_by_moves(llr, value, unit, variables, width, count, pool, room):
    """As ``fill_lanes``, a row of lanes at a time, for the frames of one group after the other."""
    lanes, frames = pool.lanes, pool.frames
    done = 0
    while done < count:
        group = frames[done] >> 6
        taken = u64(0)
        for lane in range(GROUP):
            room.bytes[lane] = 0
        while done < count and frames[done] >> 6 == group:
            room.bytes[lanes[done]] = frames[done] & 63
            taken |= u64(1) << u64(lanes[done])
            done += 1
        origin = load(room.bytes, 0)
        mask = mask_of(taken, origin)
        for variable in range(variables):
            new = moved(load(llr, group * variables + variable), origin)
            store(value, variable, select(mask, new, load(value, variable)))


@inlined
def fill_parts_by_moves(llr, value, unit, variables, width, count, pool, room):
    """As ``fill_lanes`` for float32, a row of lanes at a time, for the frames of each 16 of a group."""
    lanes, frames = pool.lanes, pool.frames
    places = room.words
    done = 0
    while done < count:
        part = frames[done] >> 4
        taken = u64(0)
        for lane in range(LANES_FLOAT32):
            places[lane] = i32(0)
        while done < count and frames[done] >> 4 == part:
            places[lanes[done]] = i32(frames[done] & 15)
            taken |= u64(1) << u64(lanes[done])
            done += 1
        origin = load(places, 0)
        mask = mask_of(taken, origin)
        given = shifted(llr, (part >> 2) * variables * GROUP + (part & 3) * LANES_FLOAT32)
        for variable in range(variables):
            new = in_unit(gathered_near(shifted(given, variable * GROUP), origin), unit)
            store(value, variable, select(mask, new, load(value, variable)))


def decisions_in_front(x):
    """Hard decisions of a vector as int8, in its first lanes: 1 where negative, 2 where 0."""
    raise NotImplementedError("for kernels alone")


@overload(decisions_in_front, jit_options=INLINED)
def _decisions_in_front(x):
    if x.dtype == types.int8:

        def call(x):
            zero = splat(i8(0))
            return select(negative(x), splat(i8(1)), select(equal(x, zero), splat(i8(2)), zero))

    else:

        def call(x):
            zero, none = splat(f32(0.0)), splat(i32(0))
            bits = select(below(x, zero), splat(i32(1)), select(equal(x, zero), splat(i32(2)), none))
            return bytes_in_front(bits)

    return call


@inlined
def write_by_moves(value, width, stride, count, pool, found, room):
    """As ``write_decisions``, a row of lanes at a time, for the frames of one group after the other."""
    lanes, frames = pool.lanes, pool.frames
    size, wanted, decisions = found.size, found.wanted, found.decisions
    done = 0
    while done < count:
        # Lists are not in the order of frames: each group takes what is its own.
        group = frames[done] >> 6
        taken = u64(0)
        for lane in range(GROUP):
            room.bytes[lane] = 0
        rest = done
        for i in range(done, count):
            if frames[i] >> 6 == group:
                room.bytes[frames[i] & 63] = lanes[i]
                taken |= u64(1) << u64(frames[i] & 63)
                lanes[i], frames[i], lanes[rest], frames[rest] = (
                    lanes[rest],
                    frames[rest],
                    lanes[i],
                    frames[i],
                )
                rest += 1
        done = rest
        origin = load(room.bytes, 0)
        mask = mask_of(taken, origin)
        for j in range(size):
            bit = moved(decisions_in_front(load(value, i64(wanted[j]) * stride)), origin)
            store(decisions, group * size + j, select(mask, bit, load(decisions, group * size + j)))


@overload(fill_lanes, jit_options=INLINED)
def _fill_lanes(llr, value, unit, variables, width, count, pool, room):
    if value.dtype == types.int8:
        fill = fill_by_moves if MOVES_BYTES else fill_lane_by_lane
    else:
        fill = fill_parts_by_moves if COMPRESSES else fill_lane_by_lane

    def call(llr, value, unit, variables, width, count, pool, room):
        fill(llr, value, unit, variables, width, count, pool, room)

    return call


@overload(write_decisions, jit_options=INLINED)
def _write_decisions(value, width, stride, count, pool, found, room):
    write = write_by_moves if MOVES_BYTES else write_lane_by_lane

    def call(value, width, stride, count, pool, found, room):
        write(value, width, stride, count, pool, found, room)

    return call
