"""Kernels of belief propagation: one frame a lane, in int8 or float32, and no lane that waits.

LLRs come in groups of 64 frames, shape (groups, n, 64); a lane that is done takes the next frame. A
lane's arithmetic never involves another lane. No fast-math and no fused multiply-add: decisions are the
same on every CPU.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ...vectors.compiling.callee_kernels import inlined
from ...vectors.group_kernels import GROUP
from ...vectors.kernel_cache import kernel
from ...vectors.lane_pool_kernels import hand_out, idle_lanes, pool_in, pool_memory, retire
from ...vectors.operations.exponential_kernels import exp_minus, log_ratio
from ...vectors.vector_kernels import (
    INLINED,
    MOVES_BYTES,
    any_bits,
    as_kind,
    below,
    bits_of,
    change,
    common_bits,
    equal,
    keep_alive,
    load,
    magnitude,
    mask_of,
    mixed_signs,
    moved,
    negative,
    pointer_to,
    rows_in,
    saturating_add,
    saturating_subtract,
    scaled,
    select,
    shifted,
    space,
    splat,
    store,
    unsigned_max,
    unsigned_min,
    unsigned_saturating_subtract,
    with_sign,
)

#: Checks between two looks at whether every lane is known to break one.
LOOK = 32
#: Edges of a check after which the sum-product pairs are brought back to a denominator of 1: each edge
#: doubles them at most, and the product of two pairs must stay below 2^127.
RENEW = 32
#: The weakest input of a sum-product check counts as at most this far below the second weakest: all others
#: are then within the range of float32, and it outweighs them by far more than float32 resolves.
GAP = 64.0

f32, i8, i32, i64, u64 = np.float32, np.int8, np.int32, np.int64, np.uint64

#: Pointers to rows of lanes: values of variables; their next values and the LLRs received, which flooding
#: alone has; messages from checks, one an edge; and space for one check.
State = namedtuple("State", ("value", "total", "channel", "message", "room"))
#: The Tanner graph: edges of check c are ``start[c]`` to ``start[c + 1] - 1``, at ``variable[edge]``.
Graph = namedtuple("Graph", ("variables", "checks", "start", "variable"))
#: What a check does: min-sum with a scale and an offset, or, where the scale is None, sum-product; and the
#: largest magnitude of a message.
Rule = namedtuple("Rule", ("scale", "offset", "cap"))


@inlined
def extrinsic(state, graph, edge, keep):
    """A check's input on an edge: the variable's value less the message that it last got from here.

    ``keep`` wipes the bits of the message in lanes that are new.
    """
    last = common_bits(load(state.message, edge), keep)
    return saturating_subtract(load(state.value, graph.variable[edge]), last)


@inlined
def send_to_variable(state, graph, flooding, edge, given, new):
    """Keep a check's message, and add it to its variable's value, or in flooding to its next value.

    ``given`` is the check's input on the edge. Where a value saturates, what is kept is as much of the
    message as it took up: to take off more later could turn the sign.
    """
    variable = graph.variable[edge]
    if flooding is not None:
        store(state.message, edge, new)
        store(state.total, variable, saturating_add(load(state.total, variable), new))
    else:
        updated = saturating_add(given, new)
        store(state.message, edge, change(new, given, updated))
        store(state.value, variable, updated)


@inlined
def update_min_sum(state, graph, rule, flooding, keep, first, last, half):
    """A check's new messages: the least magnitude among the other inputs, with the product of their signs.

    The check has edges ``first`` to ``last``. The magnitude is scaled, with ``half`` to round it, the offset
    taken off, and what is below 0 becomes 0.
    """
    top = splat(rule.cap)
    least, second = top, top
    sign = saturating_subtract(top, top)
    for edge in range(first, last):
        x = extrinsic(state, graph, edge, keep)
        size = magnitude(x)
        second = unsigned_min(second, unsigned_max(size, least))
        least = unsigned_min(least, size)
        sign = mixed_signs(sign, x)
    offset = splat(rule.offset)
    a = unsigned_min(unsigned_saturating_subtract(scaled(least, rule.scale, half), offset), top)
    b = unsigned_min(unsigned_saturating_subtract(scaled(second, rule.scale, half), offset), top)
    for edge in range(first, last):
        x = extrinsic(state, graph, edge, keep)
        size = select(equal(magnitude(x), least), b, a)
        new = with_sign(size, mixed_signs(sign, x))
        send_to_variable(state, graph, flooding, edge, x, new)


@inlined
def send_sum_product(state, graph, flooding, first, degree, least, unit, sign, cap, wide):
    """Send a check's messages by sum-product: see ``update_sum_product``, which left the inputs in the room.

    ``unit`` is what exponents are relative to. Unless ``wide``, it is ``least``, and no input exceeds it by
    more than GAP.
    """
    room = state.room
    top, limit = splat(cap), splat(f32(87.0))
    zero, one = splat(f32(0.0)), splat(f32(1.0))
    square = exp_minus(unsigned_min(unit + unit, limit))
    a, b = zero, one
    for i in range(degree):
        size = magnitude(load(room, 4 * i))
        q = exp_minus(unsigned_min(unsigned_saturating_subtract(size, unit), limit) if wide else size - unit)
        store(room, 4 * i + 1, q)
        store(room, 4 * i + 2, a)
        store(room, 4 * i + 3, b)
        a, b = a + q * b, b + square * (a * q)
        if i % RENEW == RENEW - 1:
            a, b = a / b, one
    a, b = zero, one
    for i in range(degree - 1, -1, -1):
        x, q = load(room, 4 * i), load(room, 4 * i + 1)
        before, under = load(room, 4 * i + 2), load(room, 4 * i + 3)
        numerator = before * b + a * under
        denominator = under * b + square * (before * a)
        # Where the unit is above the least magnitude, only the weakest input has q = 1.
        base = select(equal(q, one), unit, least) if wide else unit
        size = unsigned_max(base + log_ratio(denominator, numerator), zero)
        new = with_sign(unsigned_min(size, top), mixed_signs(sign, x))
        send_to_variable(state, graph, flooding, first + i, x, new)
        a, b = a + q * b, b + square * (a * q)
        if i % RENEW == 0:
            a, b = a / b, one


@inlined
def update_sum_product(state, graph, rule, flooding, keep, first, last, half):
    """A check's new messages: 2 artanh of the product of tanh(x / 2) over the other inputs x.

    With q = exp(-|x|) two inputs combine to (q1 + q2) / (1 + q1 q2): additions and products of positive
    numbers, which lose nothing. q is kept as a fraction exp(-m) a / b, m being the least magnitude of
    all inputs, and combined from the first edge on (forward) and from the last (backward).

    Where the second least magnitude is more than GAP above the least, m is GAP below the second, so that
    the message to the weakest input comes out right; all others have the least magnitude itself. Checks on
    which that may be so, in any lane, take a longer way, on which other lanes come out the same.
    """
    degree, cap, room = last - first, rule.cap, state.room
    top, zero = splat(cap), splat(f32(0.0))
    if degree == 1:  # the check alone says 0
        send_to_variable(state, graph, flooding, first, extrinsic(state, graph, first, keep), top)
        return
    least, largest, sign = top, zero, zero
    for i in range(degree):
        x = extrinsic(state, graph, first + i, keep)
        store(room, 4 * i, x)
        size = magnitude(x)
        least, largest = unsigned_min(least, size), unsigned_max(largest, size)
        sign = mixed_signs(sign, x)
    gap = splat(f32(GAP))
    if bits_of(below(gap, largest - least)) == u64(0):
        send_sum_product(state, graph, flooding, first, degree, least, least, sign, cap, False)
        return
    least, second = top, top
    for i in range(degree):
        size = magnitude(load(room, 4 * i))
        second = unsigned_min(second, unsigned_max(size, least))
        least = unsigned_min(least, size)
    unit = unsigned_max(least, second - gap)
    send_sum_product(state, graph, flooding, first, degree, least, unit, sign, cap, True)


def update_check(state, graph, rule, flooding, keep, first, last, half):
    """``update_min_sum``, or, where the rule has no scale, ``update_sum_product``."""
    raise NotImplementedError("for kernels alone")


@overload(update_check, jit_options=INLINED)
def _update_check(state, graph, rule, flooding, keep, first, last, half):
    update = update_sum_product if isinstance(rule[0], types.NoneType) else update_min_sum

    def call(state, graph, rule, flooding, keep, first, last, half):
        update(state, graph, rule, flooding, keep, first, last, half)

    return call


@inlined
def unsatisfied_lanes(value, graph, start, stride, active):
    """Bit i is set if the hard decisions of lane i break a check, or leave a variable at 0; uint64.

    Variable v is in row ``start + v stride`` of ``value``. Of lanes that are not ``active`` the bits mean
    nothing.
    """
    broken = load(value, start)
    broken = mixed_signs(broken, broken)
    nothing = broken
    for check in range(graph.checks):
        parity = nothing
        for edge in range(graph.start[check], graph.start[check + 1]):
            parity = mixed_signs(parity, load(value, start + i64(graph.variable[edge]) * stride))
        broken = any_bits(broken, parity)
        if check % LOOK == LOOK - 1 and bits_of(negative(broken)) & active == active:
            return active
    lowest = magnitude(load(value, start))
    for variable in range(1, graph.variables):
        lowest = unsigned_min(lowest, magnitude(load(value, start + variable * stride)))
    return bits_of(negative(broken)) | bits_of(equal(lowest, nothing))


def fill_lanes(llr, value, variables, width, count, lanes, frames, room):
    """Put ``frames`` of ``llr``, groups of 64, into ``lanes`` of ``value``: ``count`` of each.

    Both lists have 3 spare entries, since frames are copied four at a time; ``room`` is space for 64 int8.
    """
    raise NotImplementedError("for kernels alone")


def write_decisions(value, width, wanted, size, count, lanes, frames, decisions, room):
    """Hard decisions of ``count`` ``frames`` from ``lanes``, of ``width``, of ``value``; 2 for a value of 0.

    Those on the ``size`` variables ``wanted`` go to groups of 64. Lists and room are as for ``fill_lanes``.
    """
    raise NotImplementedError("for kernels alone")


@inlined
def decision(x):
    """1 for a negative value, 0 for a positive one, and 2 for zero."""
    return i8(x < 0) | (i8(x == 0) << i8(1))


@inlined
def fill_lane_by_lane(llr, value, variables, width, count, lanes, frames, room):
    """As ``fill_lanes``, for any CPU: four frames at a time, the last one perhaps several times over."""
    together = count == width and frames[0] % width == 0
    for i in range(count):
        together &= lanes[i] == i and frames[i] == frames[0] + i
    if together:
        first = shifted(llr, (frames[0] >> 6) * variables * GROUP + (frames[0] & 63))
        for variable in range(variables):
            store(value, variable, load(shifted(first, variable * GROUP), 0))
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
            row[a], row[b], row[c], row[d] = given[e], given[f], given[g], given[h]


@inlined
def write_lane_by_lane(value, width, wanted, size, count, lanes, frames, decisions, room):
    """As ``write_decisions``, for any CPU: four frames at a time, the last one perhaps several times over."""
    for i in range(count, count + 3):
        lanes[i], frames[i] = lanes[count - 1], frames[count - 1]
    for i in range(0, count, 4):
        a, b, c, d = lanes[i], lanes[i + 1], lanes[i + 2], lanes[i + 3]
        e, f, g, h = frames[i], frames[i + 1], frames[i + 2], frames[i + 3]
        e, f = (e >> 6) * size * GROUP + (e & 63), (f >> 6) * size * GROUP + (f & 63)
        g, h = (g >> 6) * size * GROUP + (g & 63), (h >> 6) * size * GROUP + (h & 63)
        for j in range(size):
            row, out = shifted(value, i64(wanted[j]) * width), shifted(decisions, GROUP * j)
            p, q, r, s = decision(row[a]), decision(row[b]), decision(row[c]), decision(row[d])
            out[e], out[f], out[g], out[h] = p, q, r, s


@inlined
def fill_by_moves(llr, value, variables, width, count, lanes, frames, room):
    """As ``fill_lanes``, a row of lanes at a time, for the frames of one group after the other."""
    done = 0
    while done < count:
        group = frames[done] >> 6
        taken = u64(0)
        for lane in range(GROUP):
            room[lane] = 0
        while done < count and frames[done] >> 6 == group:
            room[lanes[done]] = frames[done] & 63
            taken |= u64(1) << u64(lanes[done])
            done += 1
        origin = load(room, 0)
        mask = mask_of(taken, origin)
        for variable in range(variables):
            new = moved(load(llr, group * variables + variable), origin)
            store(value, variable, select(mask, new, load(value, variable)))


@inlined
def write_by_moves(value, width, wanted, size, count, lanes, frames, decisions, room):
    """As ``write_decisions``, a row of lanes at a time, for the frames of one group after the other."""
    done = 0
    one, two = splat(i8(1)), splat(i8(2))
    nothing = splat(i8(0))
    while done < count:
        # Lists are not in the order of frames: each group takes what is its own.
        group = frames[done] >> 6
        taken = u64(0)
        for lane in range(GROUP):
            room[lane] = 0
        rest = done
        for i in range(done, count):
            if frames[i] >> 6 == group:
                room[frames[i] & 63] = lanes[i]
                taken |= u64(1) << u64(frames[i] & 63)
                lanes[i], frames[i], lanes[rest], frames[rest] = (
                    lanes[rest],
                    frames[rest],
                    lanes[i],
                    frames[i],
                )
                rest += 1
        done = rest
        origin = load(room, 0)
        mask = mask_of(taken, origin)
        for j in range(size):
            x = moved(load(value, i64(wanted[j])), origin)
            bit = select(negative(x), one, select(equal(x, nothing), two, nothing))
            store(decisions, group * size + j, select(mask, bit, load(decisions, group * size + j)))


@overload(fill_lanes, jit_options=INLINED)
def _fill_lanes(llr, value, variables, width, count, lanes, frames, room):
    fill = fill_by_moves if MOVES_BYTES and value.dtype == types.int8 else fill_lane_by_lane

    def call(llr, value, variables, width, count, lanes, frames, room):
        fill(llr, value, variables, width, count, lanes, frames, room)

    return call


@overload(write_decisions, jit_options=INLINED)
def _write_decisions(value, width, wanted, size, count, lanes, frames, decisions, room):
    write = write_by_moves if MOVES_BYTES and value.dtype == types.int8 else write_lane_by_lane

    def call(value, width, wanted, size, count, lanes, frames, decisions, room):
        write(value, width, wanted, size, count, lanes, frames, decisions, room)

    return call


@inlined
def codewords_of_group(llr, graph, group, width):
    """Bit i is set if frame i of a group is a codeword as it is received."""
    codewords, parts = u64(0), GROUP // width
    every = ~u64(0) >> u64(64 - width)
    for part in range(parts):
        open_ = unsatisfied_lanes(llr, graph, group * graph.variables * parts + part, parts, every)
        codewords |= (~open_ & every) << u64(part * width)
    return codewords


@inlined
def greatest_degree(check_start):
    """The largest number of edges of a check; 1 where there is none."""
    degree = 1
    for check in range(check_start.size - 1):
        degree = max(degree, i64(check_start[check + 1] - check_start[check]))
    return degree


@inlined
def finish_codewords(pool, codewords, first, last, ok, spent):
    """List the frames ``first`` to ``last`` - 1 of a group that are codewords as received, and are done.

    Returns how many.
    """
    count = 0
    for frame in range(first, last):
        if (codewords >> u64(frame & (GROUP - 1))) & u64(1):
            ok[frame], spent[frame] = True, 0
            pool.lanes[count], pool.frames[count] = frame & (GROUP - 1), frame
            count += 1
    return count


@inlined
def list_iterations(pool, listed, active, width, now, groups):
    """List the active lanes with their frames, each in groups that follow those of the iterations before.

    Returns how many.
    """
    count = 0
    for lane in range(width):
        if active & (u64(1) << u64(lane)):
            before = now - pool.began[lane] - 1
            listed.lanes[count], listed.frames[count] = lane, before * groups * GROUP + pool.frame_of[lane]
            count += 1
    return count


@inlined
def iterate(state, graph, rule, flooding, fresh):
    """One iteration on all lanes; the messages of lanes that are ``fresh`` count as 0."""
    nothing = load(state.value, 0)
    nothing = mixed_signs(nothing, nothing)
    keep = select(mask_of(fresh, nothing), nothing, as_kind(nothing, splat(i32(-1))))
    if flooding is not None:
        for variable in range(graph.variables):
            store(state.total, variable, load(state.channel, variable))
    for check in range(graph.checks):
        first, last = i64(graph.start[check]), i64(graph.start[check + 1])
        half = 128 - (check & 1)  # half up and half down in turn; always up would be a scale
        update_check(state, graph, rule, flooding, keep, first, last, half)
    if flooding is not None:
        for variable in range(graph.variables):
            store(state.value, variable, load(state.total, variable))


@kernel
def propagate(
    llr,
    frames,
    check_start,
    edge_variable,
    flooding,
    iterations,
    scale,
    offset,
    cap,
    stop_at_codeword,
    wanted,
    decisions,
    ok,
    spent,
    after,
):
    """Decode ``llr``, (groups, n, 64), into ``decisions`` on variables ``wanted``, int8 (groups, ..., 64).

    The schedule is layered where ``flooding`` is None, which makes a kernel of its own, and flooding where it
    is True. Min-sum with ``scale`` and ``offset``, or, where ``scale`` is None, sum-product in float32.
    ``cap`` is the largest magnitude of a message. A decision is 2 where the LLR is exactly 0. ``ok`` and
    ``spent``, one a frame, receive whether the frame is a codeword and its iterations. ``after``, unless it
    is None, has room for ``decisions`` after each iteration, (iterations, groups, ..., 64), and receives
    those of frames that go on.
    """
    width = 64 // llr.itemsize
    variables = llr.shape[1]
    next_values = 1 if flooding is None else variables
    rows = variables + 2 * next_values
    memory, received = space(rows + edge_variable.size + 4 * greatest_degree(check_start)), pointer_to(llr)
    value = rows_in(memory, received)
    for i in range(rows * width):
        value[i] = 0
    total = shifted(value, variables * width)
    channel = shifted(total, next_values * width)
    message = shifted(channel, next_values * width)
    state = State(value, total, channel, message, shifted(message, edge_variable.size * width))
    graph = Graph(variables, check_start.size - 1, pointer_to(check_start), pointer_to(edge_variable))
    rule = Rule(scale, offset, cap)
    wanted_at, decided = pointer_to(wanted), pointer_to(decisions)
    bytes_ = np.empty(GROUP, np.int8)
    place = pointer_to(bytes_)
    pool_memory_, done_memory = pool_memory(), pool_memory()
    pool, done = pool_in(pool_memory_), pool_in(done_memory)

    every = ~u64(0) >> u64(64 - width)
    active, fresh, codewords = u64(0), u64(0), u64(0)
    next_frame, now = 0, 0
    while True:
        if idle_lanes(active, width) >= width // 8 or active == u64(0):
            before, count = active, 0
            while next_frame < frames and active != every:
                group = next_frame // GROUP
                end = min(frames, (group + 1) * GROUP)
                if stop_at_codeword and next_frame % GROUP == 0:
                    codewords = codewords_of_group(received, graph, group, width)
                    listed = finish_codewords(done, codewords, next_frame, end, ok, spent)
                    if listed:
                        own = shifted(received, group * variables * GROUP)
                        write_decisions(
                            own,
                            GROUP,
                            wanted_at,
                            wanted.size,
                            listed,
                            done.lanes,
                            done.frames,
                            decided,
                            place,
                        )
                active, next_frame, count = hand_out(
                    pool, active, width, next_frame, end, codewords, now, count
                )
            fresh |= active & ~before
            if count:
                fill_lanes(received, value, variables, width, count, pool.lanes, pool.frames, place)
                if flooding is not None:
                    fill_lanes(received, channel, variables, width, count, pool.lanes, pool.frames, place)
        if active == u64(0):
            break

        if iterations > 0:
            now += 1
            iterate(state, graph, rule, flooding, fresh)
            fresh = u64(0)
        unsatisfied = unsatisfied_lanes(value, graph, 0, 1, active)
        satisfied = ~unsatisfied if stop_at_codeword else u64(0)
        active, count = retire(pool, active, width, satisfied, now, iterations)
        for i in range(count):
            lane, frame = pool.lanes[i], pool.frames[i]
            ok[frame] = (unsatisfied >> u64(lane)) & u64(1) == u64(0)
            spent[frame] = now - pool.began[lane]
        if count:
            write_decisions(
                value, width, wanted_at, wanted.size, count, pool.lanes, pool.frames, decided, place
            )
        if after is not None and active != u64(0):
            count = list_iterations(pool, done, active, width, now, llr.shape[0])
            write_decisions(
                value,
                width,
                wanted_at,
                wanted.size,
                count,
                done.lanes,
                done.frames,
                pointer_to(after),
                place,
            )
    for array in (memory, bytes_):
        keep_alive(array)
    keep_alive(pool_memory_)
    keep_alive(done_memory)
