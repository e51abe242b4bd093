"""Turbo decoding of constituents with two inputs, which exchange what they find out by couples.

C. Berrou, M. Jezequel, C. Douillard and S. Kerouedan, "The advantages of non-binary turbo codes", 2001. Of a
couple A, B there are three LLRs, of 10, 01 and 11 against 00 in the order A, B: costs of the inputs 1, 2 and
3 of the trellis, whose metrics are in registers.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
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
from ...convolutional.bcjr.bcjr_kernels import combined
from ...convolutional.trellis.metric_kernels import widened
from ...convolutional.trellis.trellis_type_kernels import (
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
from .turbo_kernels import begin_values, half_of, use_of

f32 = np.float32

#: Steps with information bits and all steps; whether the frame ends at 0, and whether it ends where it
#: begins; steps of training of a circle; steps between two reductions of metrics, a power of two, less 1; the
#: cost of what cannot be, and 0; an LLR below ``doubt`` is a tie.
Turn = namedtuple(
    "Turn", ("steps", "all_steps", "ends", "circular", "training", "mask", "far", "zero", "doubt")
)
#: Pointers to rows of metrics: of all steps, and of one; and to rows of 64 lanes, the metrics at which
#: training begins forward and backward, which are kept from one iteration to the next.
Rooms = namedtuple("Rooms", ("steps", "one", "kept"))


@inlined
def couple_costs(half, t, lane, zero):
    """The costs of the inputs 1, 2 and 3 of step t."""
    a = widened(half.value, np.intp(half.order[3 * t]) * GROUP + lane, zero)
    b = widened(half.value, np.intp(half.order[3 * t + 1]) * GROUP + lane, zero)
    return a, b, widened(half.value, np.intp(half.order[3 * t + 2]) * GROUP + lane, zero)


@callee
def keep(trellis, states, rooms, row, lane, state):
    """Write metrics to the lanes of rows that stay with their frames."""
    put_state(trellis, rooms.one, 0, relative(trellis, state))
    for s in range(states):
        store(shifted(rooms.kept, (row + s) * GROUP + lane), 0, load(rooms.one, s))


@callee
def kept(trellis, states, rooms, row, lane, zero):
    """Metrics from rows that stay with their frames."""
    for s in range(states):
        store(rooms.one, s, load(shifted(rooms.kept, (row + s) * GROUP + lane), 0))
    return get_state(trellis, rooms.one, 0, zero)


@inlined
def put_decision(half, use, i, lane, zero_cost, one_cost, doubt):
    """Decide bit i, counted over couples, by the costs of 0 and of 1."""
    x, nothing = one_cost - zero_cost, splat(f32(0.0))
    tie, place = below(magnitude(x), splat(doubt)), np.intp(half.place[i])
    put_mask(use.bits, place, lane, negative(select(tie, nothing, x)))
    put_mask(use.undecided, place, lane, tie)


@inlined
def use_couple(half, turn, use, t, lane, u, e, exact):
    """Decisions on a couple, and what the other decoder is told, from costs and extrinsic LLRs."""
    zero = splat(turn.zero)
    if use.decides:
        a, b, both = u[0] + e[0], u[1] + e[1], u[2] + e[2]
        zero_a, one_a = combined(zero, b, exact), combined(a, both, exact)
        zero_b, one_b = combined(zero, a, exact), combined(b, both, exact)
        put_decision(half, use, 2 * t, lane, zero_a, one_a, turn.doubt)
        put_decision(half, use, 2 * t + 1, lane, zero_b, one_b, turn.doubt)
    if use.updates:
        factor, rounding = widened(use.factor, lane, zero), widened(use.rounding, lane, zero)
        for i in range(3):
            row = np.intp(half.order[3 * t + i])
            given = widened(half.given, np.intp(half.source[3 * t + i]) * GROUP + lane, zero)
            put_narrow(half.value, row * GROUP + lane, given + scaled_by(e[i], factor, rounding), use.limit)


@callee
def ahead(trellis, states, half, turn, rooms, lane):
    """Metrics before each step, to memory; of a circle after a training on its last steps."""
    zero = splat(turn.zero)
    state = state_of(trellis, zero, splat(turn.far))
    before = 0
    if turn.circular:
        state, before = kept(trellis, states, rooms, 0, lane, zero), turn.training
    for i in range(turn.all_steps + before):
        t = i - before
        if t < 0:
            t += turn.all_steps
        elif t == turn.all_steps - before:
            keep(trellis, states, rooms, 0, lane, state)
        put_state(trellis, rooms.steps, t, state)
        u = couple_costs(half, t, lane, zero)
        state = forward(trellis, state, u, parity_costs(trellis, half.parity, half.rows, t, lane, zero))
        if t & turn.mask == turn.mask:
            state = relative(trellis, state)


@callee
def decode_couples(trellis, states, half, turn, use, rooms, exact):
    """Decode a trellis for 64 frames.

    Around a circle a training on the last steps comes before the first one, and backward one on the first
    steps before the last. It begins with the metrics that stood there in the iteration before.
    """
    zero, far = splat(turn.zero), splat(turn.far)
    for lane in range(0, GROUP, LANES_FLOAT32):
        ahead(trellis, states, half, turn, rooms, lane)
        state, before = state_of(trellis, zero, far if turn.ends else zero), 0
        if turn.circular:
            state, before = kept(trellis, states, rooms, states, lane, zero), turn.training
        for i in range(turn.all_steps + before - 1, -1, -1):
            trains = i >= turn.all_steps
            t = i - turn.all_steps if trains else i
            if turn.circular and i == before - 1:
                keep(trellis, states, rooms, states, lane, state)
            u = couple_costs(half, t, lane, zero)
            p = parity_costs(trellis, half.parity, half.rows, t, lane, zero)
            if t < turn.steps and not trains:
                e = extrinsics(trellis, rooms.steps, t, state, p)
                use_couple(half, turn, use, t, lane, u, e, exact)
            state = backward(trellis, state, u, p)
            if t & turn.mask == 0:
                state = relative(trellis, state)


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
    training,
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

    ``indices`` are int32 arrays of each decoder, see ``Half``, with three rows a step, tail included, in
    ``order`` and ``source``, and two decisions in ``place``. ``states`` are those of each decoder. The last
    rows of values are the metrics of circles, of each decoder forward and backward, which are kept from one
    iteration to the next; ``training`` is at most so many steps. ``ends`` and ``circular`` are of each as in
    ``Turn``. ``informed`` steps have information bits. ``exact`` is None for the least costs, and True for
    sums, as in the trellises.
    """
    longest = max(indices[0][0].size, indices[1][0].size) // 3
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
            use = use_of(factors, roundings, limit, first + i != last, slots[i], i, group, bits, undecided)
            which = (first + i) % 2
            half = half_of(own, received, indices[which])
            steps = indices[which][0].size // 3
            turn = Turn(
                informed,
                steps,
                ends[which],
                circular[which],
                min(training, steps),
                mask,
                far[0],
                far[1],
                doubt,
            )
            row = value.shape[1] - 2 * (states[which] if which else states[0] + states[1])
            rooms = Rooms(metrics, one, shifted(own, row * GROUP))
            if which == 0:
                decode_couples(trellises[0], states[0], half, turn, use, rooms, exact)
            else:
                decode_couples(trellises[1], states[1], half, turn, use, rooms, exact)
    keep_alive(memory)
