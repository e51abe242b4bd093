"""Turbo decoding: half-iterations of 64 frames side by side.

C. Berrou, A. Glavieux and P. Thitimajshima, "Near Shannon limit error-correcting coding and decoding: turbo
codes", 1993. A decoder's value of an information bit is the LLR received plus the other decoder's extrinsic
one, scaled. One row of lanes holds it for both: to interleave is to take the rows in another order.
"""

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    BYTES,
    INLINED,
    LANES_FLOAT32,
    MOVES_BYTES,
    below,
    keep_alive,
    load,
    magnitude,
    mask_of,
    moved,
    negative,
    pointer_to,
    rows_in,
    select,
    shifted,
    space,
    splat,
    store,
)
from ...convolutional.bcjr.bcjr_kernels import (
    Known,
    Results,
    decode_part,
    room_in,
)
from ...convolutional.bcjr.half_iteration_kernels import (
    Course,
    Half,
    Use,
    decode_half,
    rooms_in,
    rows_of_rooms,
)
from ...convolutional.trellis.metric_kernels import widened
from ...convolutional.trellis.trellis_type_kernels import put_mask, put_narrow, scaled_by

f32, i8, u64 = np.float32, np.int8, np.uint64


@callee
def begin_values(llr, sources, value, lanes):
    """Values before the first half-iteration: rows ``sources`` of the LLRs of a group, by pointers.

    ``lanes`` of them fill a vector.
    """
    parts = GROUP // lanes
    for i in range(sources.size):
        for part in range(parts):
            store(value, i * parts + part, load(llr, np.int64(sources[i]) * parts + part))


@inlined
def half_of(value, llr, indices):
    """One decoder's part of a group: ``indices`` are order, source, rows and place of its steps."""
    order, source, rows, place = indices
    return Half(value, llr, llr, pointer_to(order), pointer_to(source), pointer_to(rows), pointer_to(place))


@inlined
def use_of(factors, roundings, limit, updates, slot, i, group, bits, undecided):
    """What becomes of the i-th half-iteration of a group, with decisions into a slot unless that is -1."""
    scale = (i * factors.shape[1] + group % factors.shape[1]) * GROUP
    to = (max(slot, 0) * bits.shape[1] + group) * bits.shape[2]
    return Use(
        shifted(pointer_to(factors), scale),
        shifted(pointer_to(roundings), scale),
        limit,
        updates,
        slot >= 0,
        shifted(pointer_to(bits), to),
        shifted(pointer_to(undecided), to),
    )


@kernel
def decode_in_registers(
    trellises,
    states,
    llr,
    value,
    sources,
    indices,
    ends,
    steps,
    window,
    training,
    block,
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
    """Half-iterations by ``half_iteration_kernels``, from number ``first`` on, as many as ``slots`` has.

    ``llr`` is int8, int16 or float32 (groups, rows, 64). ``value``, of the same type, (groups, ..., 64), has
    values from one call to the next; or it has one group, if all are done in this call. With ``first`` 0 they
    begin with rows ``sources``. ``indices`` are int32 arrays of each decoder, see ``Half``. ``ends`` says of
    each whether it ends at 0. Decisions after a half-iteration go to its slot, unless that is -1, of ``bits``
    and ``undecided``, uint64 (slots, groups, k). ``factors`` and ``roundings``, of the type of metrics,
    (half-iterations, groups or 1, 64), are what ``scaled_by`` takes. The half-iteration ``last`` leaves
    values as they are.
    """
    lanes = BYTES // far.itemsize
    memory = space(rows_of_rooms(steps, window, states, lanes))
    rooms = rooms_in(rows_in(memory, pointer_to(far)), steps, window, states, lanes)
    for group in range(llr.shape[0]):
        received = shifted(pointer_to(llr), group * llr.shape[1] * GROUP)
        own = shifted(pointer_to(value), group % value.shape[0] * value.shape[1] * GROUP)
        if first == 0:
            begin_values(received, sources, own, BYTES // llr.itemsize)
        one_half, two_half = half_of(own, received, indices[0]), half_of(own, received, indices[1])
        for i in range(slots.size):
            use = use_of(factors, roundings, limit, first + i != last, slots[i], i, group, bits, undecided)
            which = (first + i) % 2
            size = indices[which][0].size
            course = Course(steps, size, True, ends[which], window, training, block - 1, far[0], far[1])
            if which == 0:
                decode_half(trellises[0], one_half, course, use, rooms, lanes)
            else:
                decode_half(trellises[1], two_half, course, use, rooms, lanes)
    keep_alive(memory)


@callee
def use_posteriors(posterior, half, use, count, doubt):
    """Decisions and new values from a-posteriori LLRs; one closer to 0 than ``doubt`` is a tie."""
    nothing = splat(f32(0.0))
    for i in range(count):
        for lane in range(0, GROUP, LANES_FLOAT32):
            x = widened(posterior, i * GROUP + lane, nothing)
            at = np.int64(half.order[i]) * GROUP + lane
            if use.decides:
                tie = below(magnitude(x), splat(doubt))
                place = np.int64(half.place[i])
                put_mask(use.bits, place, lane, negative(select(tie, nothing, x)))
                put_mask(use.undecided, place, lane, tie)
            if use.updates:
                e = x - widened(half.value, at, nothing)
                given = widened(half.given, np.int64(half.source[i]) * GROUP + lane, nothing)
                factor, rounding = widened(use.factor, lane, nothing), widened(use.rounding, lane, nothing)
                put_narrow(half.value, at, given + scaled_by(e, factor, rounding), use.limit)


@kernel
def decode_by_tables(
    tables,
    exact,
    endings,
    rounds,
    informed,
    llr,
    value,
    sources,
    indices,
    window,
    room_rows,
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
    """The same by ``bcjr_kernels``, in float32, for any trellis.

    ``tables`` of each decoder are what ``decode_trellis`` takes, and ``endings``, ``rounds`` and ``exact``
    too; its ``indices`` are the rows of inputs, in the order of steps, among values and LLRs, and the row of
    each output among LLRs, -1 for information bits and what is not sent. ``informed`` steps have information
    bits. An a-posteriori LLR below ``doubt`` is a tie.
    """
    count = bits.shape[2]
    memory = space(room_rows + count * (GROUP // LANES_FLOAT32))
    posterior = shifted(rows_in(memory, pointer_to(far)), room_rows * LANES_FLOAT32)
    for group in range(llr.shape[0]):
        received = shifted(pointer_to(llr), group * llr.shape[1] * GROUP)
        own = shifted(pointer_to(value), group % value.shape[0] * value.shape[1] * GROUP)
        if first == 0:
            begin_values(received, sources, own, BYTES // llr.itemsize)
        for i in range(slots.size):
            which = (first + i) % 2
            order, rows = indices[which][0], indices[which][2]
            steps = rows.size // tables[which][0][4]  # by outputs of a step
            trellis, room = room_in(memory, tables[which], steps, window, far)
            for part in range(0, GROUP, LANES_FLOAT32):
                known = Known(
                    shifted(received, part),
                    shifted(own, part),
                    True,
                    pointer_to(order),
                    pointer_to(rows),
                    steps,
                    informed,
                    far[1],
                    far[2],
                    endings[which],
                    1,
                    window,
                )
                informations = shifted(posterior, part)
                results = Results(informations, informations, False)
                decode_part(trellis, known, room, rounds, far[0], f32(1.0), exact, results)
            use = use_of(factors, roundings, limit, first + i != last, slots[i], i, group, bits, undecided)
            use_posteriors(posterior, half_of(own, received, indices[which]), use, count, doubt)
    keep_alive(memory)


def copy_lanes(source, target, rows, count, origin, chosen, room):
    """Copy the lanes ``origin`` of ``count`` ``rows`` of 64 to where bits of ``chosen`` are set; by pointers.

    ``room`` is space for 64 int8.
    """
    raise NotImplementedError("for kernels alone")


@callee
def copy_lane_by_lane(source, target, rows, count, origin, chosen, room):
    """As ``copy_lanes``, for any CPU and type."""
    lanes = 0
    for lane in range(GROUP):
        if chosen >> u64(lane) & u64(1):
            room[lanes] = lane
            lanes += 1
    for i in range(count):
        first = np.int64(rows[i]) * GROUP
        for j in range(lanes):
            lane = np.int64(room[j])
            target[i * GROUP + lane] = source[first + np.int64(origin[lane])]


@callee
def copy_by_moves(source, target, rows, count, origin, chosen, room):
    """As ``copy_lanes``, a row at a time."""
    lanes = load(origin, 0)
    mask = mask_of(chosen, lanes)
    for i in range(count):
        new = moved(load(source, np.int64(rows[i])), lanes)
        store(target, i, select(mask, new, load(target, i)))


@overload(copy_lanes, jit_options=INLINED)
def _copy_lanes(source, target, rows, count, origin, chosen, room):
    copy = copy_by_moves if MOVES_BYTES and source.dtype == types.int8 else copy_lane_by_lane

    def call(source, target, rows, count, origin, chosen, room):
        copy(source, target, rows, count, origin, chosen, room)

    return call


@callee
def next_run(origins, targets, at, origin):
    """Frames from number ``at`` on that go from one group to one group.

    Returns the lanes that they go to, and the next number. ``origin`` receives the lane that each of these is
    filled from.
    """
    chosen = u64(0)
    first = at
    while (
        at < origins.size
        and origins[at] // GROUP == origins[first] // GROUP
        and targets[at] // GROUP == targets[first] // GROUP
    ):
        lane = targets[at] % GROUP
        origin[lane] = origins[at] % GROUP
        chosen |= u64(1) << u64(lane)
        at += 1
    return chosen, at


@kernel
def move_frames(source, target, rows, origins, targets):
    """Copy frames of groups, (groups, ..., 64), by their numbers.

    Row i of the target becomes row ``rows[i]`` of the source.
    """
    bytes_ = np.zeros(2 * GROUP, np.int8)
    origin, at = pointer_to(bytes_), 0
    while at < origins.size:
        from_ = shifted(pointer_to(source), origins[at] // GROUP * source.shape[1] * GROUP)
        to = shifted(pointer_to(target), targets[at] // GROUP * target.shape[1] * GROUP)
        chosen, at = next_run(origins, targets, at, origin)
        copy_lanes(from_, to, pointer_to(rows), rows.size, origin, chosen, shifted(origin, GROUP))
    keep_alive(bytes_)


@kernel
def move_bits(source, target, origins, targets):
    """Copy packed bits of frames, uint64 (groups, k), by their numbers."""
    for i in range(origins.size):
        from_, to = origins[i] // GROUP, targets[i] // GROUP
        shift, back = u64(origins[i] % GROUP), u64(targets[i] % GROUP)
        keep = ~(u64(1) << back)
        for j in range(source.shape[1]):
            target[to, j] = (target[to, j] & keep) | (((source[from_, j] >> shift) & u64(1)) << back)
