"""Turbo decoding of constituents with two inputs, which exchange what they find out by couples.

C. Berrou, M. Jezequel, C. Douillard and S. Kerouedan, "The advantages of non-binary turbo codes", 2001. Of a
couple A, B there are three LLRs, of 10, 01 and 11 against 00 in the order A, B: costs of the inputs 1, 2 and 3
of the trellis, whose metrics are in registers. A row of lanes holds what the other decoder says of each,
scaled; what was received is added when it is used.
"""

from collections import namedtuple

import numpy as np
from numba import njit

from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    keep_alive,
    load,
    magnitude,
    negative,
    pointer_to,
    rows_in,
    select,
    shifted,
    space,
    splat,
    store,
)
from ..convolutional.bcjr_kernels import combined
from ..convolutional.half_iteration_kernels import Use
from ..convolutional.metric_kernels import widened
from ..convolutional.trellis_type_kernels import (
    backward,
    extrinsics,
    forward,
    get_state,
    parity_costs,
    put_mask,
    put_narrow,
    put_state,
    relative,
    scaled_by,
    state_of,
)
from .turbo_kernels import begin_values

f32 = np.float32

#: One use of a trellis, by pointers. Rows of 64 lanes: ``value`` has what the other decoder says, ``llr`` what
#: was received. Int32: ``order`` are the three rows of each couple in ``value``, ``given`` the rows of its
#: bits in ``llr``, those of tails included, ``rows`` those of parity bits, and ``place`` the numbers of the
#: decisions on the bits.
Couples = namedtuple("Couples", ("value", "llr", "order", "given", "rows", "place"))
#: Steps with information bits and all steps; whether the frame begins, and ends, at 0, and whether it ends
#: where it begins; steps between two reductions of metrics, a power of two, less 1; the cost of what cannot
#: be, and 0; an LLR below ``doubt`` is a tie.
Turn = namedtuple("Turn", ("steps", "all_steps", "ends", "circular", "mask", "far", "zero", "doubt"))
#: Pointers to rows of metrics: of all steps, and of one; and to rows of 64 lanes, metrics at the beginning of a
#: circle and at its end, which are kept from one iteration to the next.
Rooms = namedtuple("Rooms", ("steps", "one", "kept"))


@njit(nogil=True, error_model="numpy", forceinline=True)
def couple_costs(couples, turn, t, lane, zero):
    """The costs of the inputs 1, 2 and 3 of step t."""
    a = widened(couples.llr, np.intp(couples.given[2 * t]) * GROUP + lane, zero)
    b = widened(couples.llr, np.intp(couples.given[2 * t + 1]) * GROUP + lane, zero)
    both = a + b
    if t < turn.steps:
        a = a + widened(couples.value, np.intp(couples.order[3 * t]) * GROUP + lane, zero)
        b = b + widened(couples.value, np.intp(couples.order[3 * t + 1]) * GROUP + lane, zero)
        both = both + widened(couples.value, np.intp(couples.order[3 * t + 2]) * GROUP + lane, zero)
    return a, b, both


@njit(nogil=True, error_model="numpy")
def keep(trellis, states, rooms, row, lane, state):
    """Write metrics to the lanes of rows that stay with their frames."""
    put_state(trellis, rooms.one, 0, relative(trellis, state))
    for s in range(states):
        store(shifted(rooms.kept, (row + s) * GROUP + lane), 0, load(rooms.one, s))


@njit(nogil=True, error_model="numpy")
def kept(trellis, states, rooms, row, lane, zero):
    """Metrics from rows that stay with their frames."""
    for s in range(states):
        store(rooms.one, s, load(shifted(rooms.kept, (row + s) * GROUP + lane), 0))
    return get_state(trellis, rooms.one, 0, zero)


@njit(nogil=True, error_model="numpy", forceinline=True)
def put_decision(couples, use, i, lane, zero_cost, one_cost, doubt):
    """Decide bit i, counted over couples, by the costs of 0 and of 1."""
    x, nothing = one_cost - zero_cost, splat(f32(0.0))
    tie, place = below(magnitude(x), splat(doubt)), np.intp(couples.place[i])
    put_mask(use.bits, place, lane, negative(select(tie, nothing, x)))
    put_mask(use.undecided, place, lane, tie)


@njit(nogil=True, error_model="numpy", forceinline=True)
def use_couple(couples, turn, use, t, lane, u, e, exact):
    """Decisions on a couple, and what the other decoder is told, from costs and extrinsic LLRs."""
    zero = splat(turn.zero)
    if use.decides:
        a, b, both = u[0] + e[0], u[1] + e[1], u[2] + e[2]
        zero_a, one_a = combined(zero, b, exact), combined(a, both, exact)
        zero_b, one_b = combined(zero, a, exact), combined(b, both, exact)
        put_decision(couples, use, 2 * t, lane, zero_a, one_a, turn.doubt)
        put_decision(couples, use, 2 * t + 1, lane, zero_b, one_b, turn.doubt)
    if use.updates:
        factor, rounding = widened(use.factor, lane, zero), widened(use.rounding, lane, zero)
        for i in range(3):
            row = np.intp(couples.order[3 * t + i])
            put_narrow(couples.value, row * GROUP + lane, scaled_by(e[i], factor, rounding), use.limit)


@njit(nogil=True, error_model="numpy")
def decode_couples(trellis, states, couples, turn, use, rooms, exact):
    """Decode a trellis for 64 frames.

    A circle's metrics begin as they ended in the iteration before, all the same before the first one.
    """
    zero, far = splat(turn.zero), splat(turn.far)
    for lane in range(0, GROUP, LANES_FLOAT32):
        state = state_of(trellis, zero, far)
        if turn.circular:
            state = kept(trellis, states, rooms, 0, lane, zero)
        for t in range(turn.all_steps):
            put_state(trellis, rooms.steps, t, state)
            u = couple_costs(couples, turn, t, lane, zero)
            p = parity_costs(trellis, couples.llr, couples.rows, t, lane, zero)
            state = forward(trellis, state, u, p)
            if t & turn.mask == turn.mask:
                state = relative(trellis, state)
        if turn.circular:
            keep(trellis, states, rooms, 0, lane, state)
            state = kept(trellis, states, rooms, states, lane, zero)
        else:
            state = state_of(trellis, zero, far if turn.ends else zero)
        for t in range(turn.all_steps - 1, -1, -1):
            u = couple_costs(couples, turn, t, lane, zero)
            p = parity_costs(trellis, couples.llr, couples.rows, t, lane, zero)
            if t < turn.steps:
                e = extrinsics(trellis, rooms.steps, t, state, p)
                use_couple(couples, turn, use, t, lane, u, e, exact)
            state = backward(trellis, state, u, p)
            if t & turn.mask == 0:
                state = relative(trellis, state)
        if turn.circular:
            keep(trellis, states, rooms, states, lane, state)


@kernel
def decode_by_couples(
    trellises,
    states,
    exact,
    ends,
    circular,
    informed,
    llr,
    value,
    sources,
    indices,
    mask,
    doubt,
    far,
    first,
    slots,
    factors,
    roundings,
    limit,
    last,
    bits,
    undecided,
):
    """Half-iterations as by ``decode_in_registers``, in float32, of couples.

    ``indices`` are int32 arrays of each decoder: ``order``, ``given``, ``rows`` and ``place`` of ``Couples``.
    ``states`` are those of each decoder. Values are three rows for each couple, and the metrics of circles:
    of each decoder those at the beginning and at the end. All begin as 0. ``informed`` steps have information
    bits. ``exact`` is None for the least costs, and True for sums, as in the trellises.
    """
    longest = max(indices[0][1].size, indices[1][1].size) // 2
    most = max(states[0], states[1])
    memory = space((longest + 1) * most)
    metrics = rows_in(memory, pointer_to(far))
    one = shifted(metrics, longest * most * LANES_FLOAT32)
    for group in range(llr.shape[0]):
        received = shifted(pointer_to(llr), group * llr.shape[1] * GROUP)
        own = shifted(pointer_to(value), group % value.shape[0] * value.shape[1] * GROUP)
        if first == 0:
            begin_values(received, sources, own, LANES_FLOAT32)
        for i in range(slots.size):
            slot = max(slots[i], 0)
            scale = (i * factors.shape[1] + group % factors.shape[1]) * GROUP
            to = (slot * llr.shape[0] + group) * bits.shape[2]
            use = Use(
                shifted(pointer_to(factors), scale),
                shifted(pointer_to(roundings), scale),
                limit,
                first + i != last,
                slots[i] >= 0,
                shifted(pointer_to(bits), to),
                shifted(pointer_to(undecided), to),
            )
            which = (first + i) % 2
            order, given, rows, place = indices[which]
            couples = Couples(
                own, received, pointer_to(order), pointer_to(given), pointer_to(rows), pointer_to(place)
            )
            turn = Turn(informed, given.size // 2, ends[which], circular[which], mask, far[0], far[1], doubt)
            rooms = Rooms(metrics, one, shifted(own, (3 * informed + 2 * which * states[0]) * GROUP))
            if which == 0:
                decode_couples(trellises[0], states[0], couples, turn, use, rooms, exact)
            else:
                decode_couples(trellises[1], states[1], couples, turn, use, rooms, exact)
    keep_alive(memory)
