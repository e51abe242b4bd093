"""Which paths of a list live on: each may be kept as it is or flipped, and the best of both are taken.

A row is a value for each lane, ``count`` vectors of 16 lanes. Lanes are the paths of one frame, or, with a
list below 16, those of frames side by side. Ties: a path that is kept comes before one that is flipped, and
a lower lane before a higher one.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.operations.exponential_kernels import exp_minus
from .....vectors.vector_kernels import (
    INLINED,
    LANES_FLOAT32,
    as_int,
    below,
    bits_of,
    equal,
    gathered,
    gathered_near,
    load,
    mask_of,
    maximum,
    minimum,
    population_count,
    select,
    shifted,
    splat,
    store,
    trailing_zeros,
)

f32, i32, i64, u64 = np.float32, np.int32, np.int64, np.uint64

#: The metric of a lane without a path, and the least that none with a path reaches.
ABSENT, PRESENT = f32(1e30), f32(1e29)
#: Rows of a vector of constant lanes: own number; that in the frame; partners 1, 2, 4, 8 away; then the
#: lanes 0, 1, ... 15 of the own frame.
OWN, OWN_IN_FRAME, PARTNERS, MEMBERS = 0, 1, 2, 6

#: Lists: their size, the vectors of a row, rows ``lanes`` of constants (see ``OWN``), pointers to rows of
#: float32: ``metric`` of each path, and if it is ``kept`` or ``flipped``; to rows of int32: ``turn``, the
#: lane before that each lane comes from, ``spare``; to uint64: a mask of each vector of lanes that ``die``,
#: and of those whose flips are ``born``. ``shifts`` is None, or ``Shifts``.
Lists = namedtuple(
    "Lists", ("size", "count", "lanes", "metric", "kept", "flipped", "turn", "spare", "die", "born", "shifts")
)
#: Where lists keep the other half of their candidates for once: pointers to the ``position`` at which each
#: frame does, int64; to ``scores``, float32 (frames, n), of how doubtful each choice is; n; to the first
#: ``frame`` in the lanes, int64; and to two rows of float32, ``work``.
Shifts = namedtuple("Shifts", ("position", "scores", "n", "frame", "work"))


@inlined
def turned_vector(row, lanes, count):
    """A vector of a row, by the lanes that it is taken from."""
    return gathered_near(row, lanes) if count == 1 else gathered(row, lanes)


@inlined
def turn_row(row, turn, spare, count):
    """Take a row of int32 from the lanes ``turn``, in place."""
    if count == 1:
        store(row, 0, gathered_near(row, load(turn, 0)))
        return
    for v in range(count):
        store(spare, v, load(row, v))
    for v in range(count):
        store(row, v, gathered(spare, load(turn, v)))


@inlined
def copy_row(source, target, count):
    """Copy a row."""
    for v in range(count):
        store(target, v, load(source, v))


@inlined
def _extreme(lists, row, largest):
    """The largest, or the least, of each frame's lanes, in all of them; a vector."""
    found = load(row, 0)
    for v in range(1, lists.count):
        x = load(row, v)
        found = maximum(found, x) if largest else minimum(found, x)
    distance, number = 1, 0
    while distance < min(lists.size, LANES_FLOAT32):
        store(lists.metric, 0, found)
        x = gathered_near(lists.metric, load(lists.lanes, PARTNERS + number))
        found = maximum(found, x) if largest else minimum(found, x)
        distance, number = 2 * distance, number + 1
    return found


@inlined
def _choose_in_vector(lists):
    """Set ``die`` and ``born`` for rows of one vector, by the rank of each candidate in its frame."""
    kept, flipped = load(lists.kept, 0), load(lists.flipped, 0)
    own = load(lists.lanes, OWN_IN_FRAME)
    none, one = splat(i32(0)), splat(i32(1))
    rank_kept, rank_flipped = none, none
    for other in range(lists.size):
        lanes, number = load(lists.lanes, MEMBERS + other), splat(i32(other))
        before = below(number, own)
        k, f = gathered_near(lists.kept, lanes), gathered_near(lists.flipped, lanes)
        rank_kept = rank_kept + select(below(k, kept) | (equal(k, kept) & before), one, none)
        rank_kept = rank_kept + select(below(f, kept), one, none)
        rank_flipped = rank_flipped + select(below(flipped, k), none, one)
        rank_flipped = rank_flipped + select(below(f, flipped) | (equal(f, flipped) & before), one, none)
    size = splat(i32(lists.size))
    lists.die[0] = u64(0xFFFF) & ~bits_of(below(rank_kept, size))
    lists.born[0] = bits_of(below(rank_flipped, size))


@inlined
def _number_below(lists, bound):
    """How many candidates have a metric below the float32 with these bits."""
    number = 0
    for v in range(lists.count):
        number += population_count(bits_of(below(as_int(load(lists.kept, v)), splat(bound))))
        number += population_count(bits_of(below(as_int(load(lists.flipped, v)), splat(bound))))
    return number


@inlined
def _taken(row, v, last, ties):
    """The lanes of a vector that are below the last metric, or have it while ties are left; ties left."""
    keys = as_int(load(row, v))
    taken, same = bits_of(below(keys, splat(last))), bits_of(equal(keys, splat(last)))
    while same and ties > 0:
        taken |= same & (~same + u64(1))
        same &= same - u64(1)
        ties -= 1
    return taken, ties


@inlined
def _choose_in_rows(lists):
    """Set ``die`` and ``born`` for one frame over several vectors, by its last metric, bit by bit.

    Metrics are not negative, so they are ordered as the integers of the same bits.
    """
    last = i32(0)
    for bit in range(30, -1, -1):
        bound = i32(last | i32(1 << bit))
        if _number_below(lists, bound) < lists.size:
            last = bound
    ties = lists.size - _number_below(lists, last)
    for v in range(lists.count):
        taken, ties = _taken(lists.kept, v, last, ties)
        lists.die[v] = u64(0xFFFF) & ~taken
    for v in range(lists.count):
        taken, ties = _taken(lists.flipped, v, last, ties)
        lists.born[v] = taken


@inlined
def _place(lists):
    """Put flips that are born into lanes that die, in order: ``turn`` says from where."""
    for v in range(lists.count):
        store(lists.turn, v, load(lists.lanes, OWN) + splat(i32(LANES_FLOAT32 * v)))
    of, parents = 0, lists.born[0]
    for v in range(lists.count):
        places = lists.die[v]
        while places:
            while not parents:
                of += 1
                parents = lists.born[of]
            lane = LANES_FLOAT32 * v + trailing_zeros(places)
            lists.turn[lane] = LANES_FLOAT32 * of + trailing_zeros(parents)
            places &= places - u64(1)
            parents &= parents - u64(1)


@inlined
def _take_chosen(lists):
    """Put the candidates of ``die`` and ``born`` into their lanes, and their metrics into ``kept``."""
    _place(lists)
    for v in range(lists.count):
        born = turned_vector(lists.flipped, load(lists.turn, v), lists.count)
        store(lists.kept, v, select(mask_of(lists.die[v], born), born, load(lists.kept, v)))


@inlined
def _from_least(lists):
    """``metric`` of the metrics in ``kept``, less the least of each frame."""
    least = _extreme(lists, lists.kept, False)
    for v in range(lists.count):
        store(lists.metric, v, load(lists.kept, v) - least)


@inlined
def _choose(lists):
    """Set ``die`` and ``born``."""
    if lists.count == 1:
        _choose_in_vector(lists)
    else:
        _choose_in_rows(lists)


@callee
def fork(lists):
    """Take the best of the candidates ``kept`` and ``flipped``; returns whether any flip is among them.

    ``metric`` becomes theirs, less the least of each frame; ``turn`` where they come from, if any flip is
    among them, and ``die`` the lanes in which flips are.
    """
    worst, flips = _extreme(lists, lists.kept, True), u64(0)
    for v in range(lists.count):
        flips |= bits_of(below(load(lists.flipped, v), worst))
    forked = flips != u64(0)
    if forked:
        _choose(lists)
        _take_chosen(lists)
    _from_least(lists)
    return forked


@callee
def _score(lists, shifts, position):
    """Note for each frame how probable what was left out is, over what was kept."""
    width = LANES_FLOAT32 * lists.count
    flipped, most = shifted(shifts.work, width), splat(f32(87.0))
    least = _extreme(lists, lists.kept, False)
    for v in range(lists.count):
        store(shifts.work, v, exp_minus(minimum(load(lists.kept, v) - least, most)))
        store(flipped, v, exp_minus(minimum(load(lists.flipped, v) - least, most)))
    for first in range(0, width, lists.size):
        kept, lost = f32(0.0), f32(0.0)
        for lane in range(first, first + lists.size):
            v, bit = lane // LANES_FLOAT32, u64(1) << u64(lane % LANES_FLOAT32)
            if lists.die[v] & bit:
                lost += shifts.work[lane]
            else:
                kept += shifts.work[lane]
            if lists.born[v] & bit:
                kept += flipped[lane]
            else:
                lost += flipped[lane]
        shifts.scores[(shifts.frame[0] + first // lists.size) * shifts.n + position] = lost / kept


@callee
def _shifted_fork(lists, shifts, position):
    """``fork`` that keeps what it would leave out, in frames whose shift is at this position."""
    _choose(lists)
    _score(lists, shifts, position)
    width, births = LANES_FLOAT32 * lists.count, u64(0)
    for lane in range(width):
        if shifts.position[shifts.frame[0] + lane // lists.size] == position:
            v, bit = lane // LANES_FLOAT32, u64(1) << u64(lane % LANES_FLOAT32)
            lists.die[v] ^= bit
            lists.born[v] ^= bit
    for v in range(lists.count):
        births |= lists.born[v]
    forked = births != u64(0)
    if forked:
        _take_chosen(lists)
    _from_least(lists)
    return forked


def fork_at(lists, shifts, position):
    """``fork`` for the bit at a position; shifted where ``shifts``, those of ``lists``, are not None."""
    raise NotImplementedError("for kernels alone")


@overload(fork_at, jit_options=INLINED)
def _fork_at(lists, shifts, position):
    if isinstance(shifts, types.NoneType):
        return lambda lists, shifts, position: fork(lists)
    return lambda lists, shifts, position: _shifted_fork(lists, shifts, position)
