"""Kernels of belief propagation: one frame a lane, in int8 or float32, and no lane that waits.

LLRs come in groups of 64 frames, shape (groups, n, 64); a lane that is done takes the next frame. A
lane's arithmetic never involves another lane. No fast-math and no fused multiply-add: decisions are the
same on every CPU.
"""

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.lane_pool_kernels import hand_out, idle_lanes, pool_in, pool_memory, retire
from ....vectors.vector_kernels import (
    INLINED,
    any_bits,
    as_kind,
    bits_of,
    equal,
    keep_alive,
    load,
    magnitude,
    mask_of,
    mixed_signs,
    negative,
    pointer_to,
    rows_in,
    seen_as,
    select,
    shifted,
    space,
    splat,
    store,
    unsigned_min,
)
from .approximation_kernels import (
    AMinStar,
    AMinStarLinear,
    LambdaMin,
    update_a_min_star,
    update_a_min_star_linear,
    update_lambda_min,
)
from .check_kernels import Graph, State
from .column_kernels import iterate_columns
from .lane_kernels import Decisions, Room, fill_lanes, write_decisions
from .min_sum_kernels import (
    MinSum,
    MinSumByCheck,
    MinSumByIteration,
    SelfCorrected,
    begin_iteration,
    update_min_sum,
    update_self_corrected,
    with_pointers,
)
from .sum_product_kernels import SumProduct, unit_of_llr, update_sum_product

#: What a check does by each rule.
UPDATES = {
    SumProduct: update_sum_product,
    MinSum: update_min_sum,
    MinSumByCheck: update_min_sum,
    MinSumByIteration: update_min_sum,
    SelfCorrected: update_self_corrected,
    LambdaMin: update_lambda_min,
    AMinStar: update_a_min_star,
    AMinStarLinear: update_a_min_star_linear,
}
#: Checks between two looks at whether every lane is known to break one.
LOOK = 32
i32, i64, u64 = np.int32, np.int64, np.uint64


def update_check(state, graph, rule, flooding, keep, active, first, last, check):
    """A check's new messages, by its rule."""
    raise NotImplementedError("for kernels alone")


@overload(update_check, jit_options=INLINED)
def _update_check(state, graph, rule, flooding, keep, active, first, last, check):
    update = UPDATES[rule.instance_class]

    def call(state, graph, rule, flooding, keep, active, first, last, check):
        update(state, graph, rule, flooding, keep, active, first, last, check)

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
def finish_codewords(llr, width, codewords, first, last, pool, found, ok, spent, room):
    """Write the decisions on the frames ``first`` to ``last`` - 1 of a group that are codewords as received.

    ``llr`` is a pointer to those of the group.
    """
    for part in range(GROUP // width):
        count = 0
        for lane in range(width):
            place = part * width + lane
            frame = (first & ~(GROUP - 1)) + place
            if frame < last and (codewords >> u64(place)) & u64(1):
                ok[frame], spent[frame] = True, 0
                pool.lanes[count], pool.frames[count] = lane, frame
                count += 1
        if count:
            write_decisions(shifted(llr, part * width), width, GROUP // width, count, pool, found, room)


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
def kept_bits(state, fresh):
    """No bits in lanes that are ``fresh``, all in others."""
    nothing = load(state.value, 0)
    nothing = mixed_signs(nothing, nothing)
    return select(mask_of(fresh, nothing), nothing, as_kind(nothing, splat(i32(-1))))


def iterate(state, graph, rule, flooding, fresh, active):
    """One iteration on all lanes, of which those ``active`` count; messages of ``fresh`` ones count as 0.

    Returns the new state.
    """
    raise NotImplementedError("for kernels alone")


@overload(iterate, jit_options=INLINED)
def _iterate(state, graph, rule, flooding, fresh, active):
    return by_columns if isinstance(flooding, types.BaseNamedTuple) else by_rows


def by_columns(state, graph, rule, flooding, fresh, active):
    """``iterate``, variable by variable."""
    start, edge, check = pointer_to(flooding.start), pointer_to(flooding.edge), pointer_to(flooding.check)
    iterate_columns(state, graph, rule, start, edge, check, kept_bits(state, fresh), active)
    return state


def by_rows(state, graph, rule, flooding, fresh, active):
    """``iterate``, check by check."""
    keep = kept_bits(state, fresh)
    if flooding is not None:
        for variable in range(graph.variables):
            store(state.total, variable, load(state.channel, variable))
    for check in range(graph.checks):
        first, last = i64(graph.start[check]), i64(graph.start[check + 1])
        update_check(state, graph, rule, flooding, keep, active, first, last, check)
    if flooding is not None:  # what was next is now
        return State(
            state.total,
            state.value,
            state.channel,
            state.message,
            state.room,
            state.before,
            state.damping,
        )
    return state


def keeps_inputs(rule):
    """Whether checks of a rule want to know what they took before."""
    raise NotImplementedError("for kernels alone")


@overload(keeps_inputs, jit_options=INLINED)
def _keeps_inputs(rule):
    answer = rule.instance_class is SelfCorrected
    return lambda rule: answer


@inlined
def state_in(value, width, variables, apart, kept, edges, damping):
    """The state in its memory, from the values of variables on, which are 0 as are next ones and LLRs.

    There are ``apart`` of these, and ``kept`` inputs of checks.
    """
    for i in range((variables + 2 * apart) * width):
        value[i] = 0
    total = shifted(value, variables * width)
    channel = shifted(total, apart * width)
    before = shifted(channel, apart * width)
    message = shifted(before, kept * width)
    return State(value, total, channel, message, shifted(message, edges * width), before, damping)


@inlined
def finish(pool, count, unsatisfied, now, ok, spent):
    """Note of the first ``count`` frames that the pool lists whether they are codewords, and iterations."""
    for i in range(count):
        lane, frame = pool.lanes[i], pool.frames[i]
        ok[frame] = (unsatisfied >> u64(lane)) & u64(1) == u64(0)
        spent[frame] = now - pool.began[lane]


@kernel
def propagate(
    llr,
    frames,
    check_start,
    edge_variable,
    flooding,
    iterations,
    rule,
    damping,
    stop_at_codeword,
    wanted,
    decisions,
    ok,
    spent,
    after,
):
    """Decode ``llr``, (groups, n, 64), into ``decisions`` on variables ``wanted``, int8 (groups, ..., 64).

    The schedule is layered where ``flooding`` is None, which makes a kernel of its own, flooding where it
    is True, and by variables where it is ``Columns``. ``rule`` says what checks do: see ``UPDATES``. A
    decision is 2 where the LLR is exactly 0. ``ok`` and ``spent``, one a frame, receive whether the frame is
    a codeword and its iterations. ``after``, unless it is None, has room for ``decisions`` after each
    iteration, (iterations, groups, ..., 64), and receives those of frames that go on.
    """
    width, groups, variables = 64 // llr.itemsize, llr.shape[0], llr.shape[1]
    apart = 1 if flooding is None else variables
    edges, degree = edge_variable.size, greatest_degree(check_start)
    kept = edges if keeps_inputs(rule) else 0
    memory, received = space(variables + 2 * apart + kept + edges + 8 * degree), pointer_to(llr)
    state = state_in(rows_in(memory, received), width, variables, apart, kept, edges, damping)
    graph = Graph(variables, check_start.size - 1, pointer_to(check_start), pointer_to(edge_variable))
    found = Decisions(pointer_to(wanted), wanted.size, pointer_to(decisions))
    pointed, unit, bytes_ = with_pointers(rule), unit_of_llr(rule), np.empty(GROUP, np.int8)
    room = Room(pointer_to(bytes_), seen_as(pointer_to(bytes_), graph.variable))
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
                    own = shifted(received, group * variables * GROUP)
                    finish_codewords(own, width, codewords, next_frame, end, done, found, ok, spent, room)
                active, next_frame, count = hand_out(
                    pool, active, width, next_frame, end, codewords, now, count
                )
            fresh |= active & ~before
            if count:
                fill_lanes(received, state.value, unit, variables, width, count, pool, room)
                if flooding is not None:
                    fill_lanes(received, state.channel, unit, variables, width, count, pool, room)
        if active == u64(0):
            break

        if iterations > 0:
            now += 1
            begin_iteration(pointed, pool, width, now)
            state = iterate(state, graph, pointed, flooding, fresh, active)
            fresh = u64(0)
        unsatisfied = unsatisfied_lanes(state.value, graph, 0, 1, active)
        satisfied = ~unsatisfied if stop_at_codeword else u64(0)
        active, count = retire(pool, active, width, satisfied, now, iterations)
        if count:
            finish(pool, count, unsatisfied, now, ok, spent)
            write_decisions(state.value, width, 1, count, pool, found, room)
        if after is not None and active != u64(0):
            count = list_iterations(pool, done, active, width, now, groups)
            reached = Decisions(found.wanted, found.size, pointer_to(after))
            write_decisions(state.value, width, 1, count, done, reached, room)
    for array in (memory, bytes_):
        keep_alive(array)
    keep_alive(pool_memory_)
    keep_alive(done_memory)
