"""The Viterbi algorithm for any trellis, branch by branch, groups of 64 frames side by side.

It is for codes of rate k0/n0 and for those of few states; ``viterbi_kernels`` has the others. A survivor's
decision is a byte for each state and lane: which of the branches into the state it has taken.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import (
    INLINED,
    add_where,
    below,
    bits_of,
    equal,
    keep_alive,
    load,
    minimum,
    nothing_in,
    pointer_to,
    select,
    shifted,
    splat,
    store,
    store_bytes,
)
from .cost_kernels import Adder, add_costs
from .survivor_kernels import Task, advance, decode_groups_of, least_metric, row_of, sets_back, trace

i8, i64, u64 = np.int8, np.int64, np.uint64

#: Most branches of a step that are traced back together.
FEW_BRANCHES = 64

#: A trellis: its states, inputs a step and branches into a state; pointers to where these come from, as state
#: times 2^inputs + input, and to their rows of costs. From step ``tail`` on inputs but 0 cost ``never``.
Branches = namedtuple("Branches", ("states", "inputs", "count", "entering", "rows", "tail", "never"))


@inlined
def candidate(trellis, source, costs, at, step):
    """The metric of a branch into a state, with what it costs."""
    branch = i64(trellis.entering[at])
    x = load(source, branch >> trellis.inputs) + load(costs, i64(trellis.rows[at]))
    if step >= trellis.tail and branch & ((1 << trellis.inputs) - 1):
        x = x + splat(trellis.never)
    return x


@inlined
def advance_branches(trellis, metric, other, llr, adder, costs, first, last, ring, part, lanes):
    """See ``advance``. Of equal candidates the first branch is taken."""
    source, target, moved = metric, other, False
    least = least_metric(source, trellis.states)
    for step in range(first, last):
        rows = shifted(row_of(ring, step), part * lanes)
        add_costs(llr, adder, step, least - splat(adder.base), costs)
        nothing = nothing_in(equal(least, least))
        one = add_where(equal(nothing, nothing), nothing, 1)
        for s in range(trellis.states):
            at = s * trellis.count
            best = candidate(trellis, source, costs, at, step)
            number, taken = nothing, nothing
            for at in range(s * trellis.count + 1, (s + 1) * trellis.count):
                x = candidate(trellis, source, costs, at, step)
                number = number + one
                taken = select(below(x, best), number, taken)
                best = minimum(best, x)
            store(target, s, best)
            store_bytes(shifted(rows, s * GROUP), 0, taken)
            least = best if s == 0 else minimum(least, best)
        source, target, moved = target, source, not moved
    if moved:
        for s in range(trellis.states):
            store(metric, s, load(source, s))


@callee
def trace_lanes(trellis, state, first, last, ring, words, count):
    """As ``trace``, for any number of states: lane by lane."""
    for step in range(last - 1, first - 1, -1):
        at = row_of(ring, step)
        sent = step * trellis.inputs < count
        if sent:
            for i in range(trellis.inputs):
                words[step * trellis.inputs + i] = u64(0)
        for lane in range(GROUP):
            s = i64(state[lane])
            branch = i64(trellis.entering[s * trellis.count + i64(at[s * GROUP + lane])])
            state[lane] = branch >> trellis.inputs
            if sent:
                for i in range(trellis.inputs):
                    words[step * trellis.inputs + i] |= u64(branch >> i & 1) << u64(lane)


@callee
def trace_sets(trellis, state, first, last, ring, words, count):
    """As ``trace``, for few states: by the sets of lanes that are in each."""
    memory = np.zeros(2 * trellis.states + trellis.inputs, np.uint64)
    lanes = pointer_to(memory)
    before, inputs = shifted(lanes, trellis.states), shifted(lanes, 2 * trellis.states)
    for lane in range(GROUP):
        lanes[i64(state[lane])] |= u64(1) << u64(lane)
    for step in range(last - 1, first - 1, -1):
        at = row_of(ring, step)
        for s in range(trellis.states):
            before[s] = u64(0)
        for i in range(trellis.inputs):
            inputs[i] = u64(0)
        for s in range(trellis.states):
            row = load(at, s)
            for number in range(trellis.count):
                branch = i64(trellis.entering[s * trellis.count + number])
                taken = lanes[s] & bits_of(equal(row, splat(i8(number))))
                before[branch >> trellis.inputs] |= taken
                for i in range(trellis.inputs):
                    inputs[i] |= taken & (u64(0) - u64(branch >> i & 1))
        if step * trellis.inputs < count:
            for i in range(trellis.inputs):
                words[step * trellis.inputs + i] = inputs[i]
        lanes, before = before, lanes
    for s in range(trellis.states):
        for lane in range(GROUP):
            if lanes[s] >> u64(lane) & u64(1):
                state[lane] = s
    keep_alive(memory)


@callee
def trace_branches(trellis, state, first, last, ring, words, count):
    """See ``trace``: the inputs of each step are decided."""
    if trellis.states * trellis.count <= FEW_BRANCHES:
        trace_sets(trellis, state, first, last, ring, words, count)
    else:
        trace_lanes(trellis, state, first, last, ring, words, count)


@callee
def branches_sets_back(trellis, lanes, before, step, ring):
    """See ``sets_back``."""
    at = row_of(ring, step)
    for s in range(trellis.states):
        before[s] = u64(0)
    for s in range(trellis.states):
        row = load(at, s)
        for i in range(trellis.count):
            source = i64(trellis.entering[s * trellis.count + i]) >> trellis.inputs
            before[source] |= lanes[s] & bits_of(equal(row, splat(i8(i))))


def _is_trellis(machine):
    return isinstance(machine, types.NamedTuple) and machine.instance_class is Branches


@overload(advance, jit_options=INLINED)
def _advance(machine, metric, other, llr, adder, costs, first, last, ring, part, lanes):
    if not _is_trellis(machine):
        return None

    def call(machine, metric, other, llr, adder, costs, first, last, ring, part, lanes):
        advance_branches(machine, metric, other, llr, adder, costs, first, last, ring, part, lanes)

    return call


@overload(trace, jit_options=INLINED)
def _trace(machine, state, first, last, ring, words, count):
    if not _is_trellis(machine):
        return None

    def call(machine, state, first, last, ring, words, count):
        trace_branches(machine, state, first, last, ring, words, count)

    return call


@overload(sets_back, jit_options=INLINED)
def _sets_back(machine, lanes, before, step, ring):
    if not _is_trellis(machine):
        return None

    def call(machine, lanes, before, step, ring):
        branches_sets_back(machine, lanes, before, step, ring)

    return call


@kernel
def decode_trellis(
    llr,
    position,
    flips,
    sums,
    limit,
    base,
    memory,
    entering,
    rows,
    inputs,
    tail,
    never,
    steps,
    ring_steps,
    start,
    ends,
    best,
    tries,
    words,
    began,
    final,
):
    """The best paths of groups of 64 frames through a trellis of 2^memory states.

    ``entering``, int32 (states, branches), has the branches into each state as ``Trellis.entering`` does, and
    ``rows`` their rows of costs; ``inputs`` is k0. From step ``tail`` on another input than 0 costs
    ``never``. ``words``, uint64 (groups, ...), receives the inputs of the first steps. All else is as for
    ``viterbi_kernels.decode_register``.
    """
    outputs = position.size // steps
    adder = Adder(
        pointer_to(position), pointer_to(flips), pointer_to(sums), sums.shape[0], outputs, limit, base
    )
    machine = Branches(
        1 << memory, inputs, entering.shape[1], pointer_to(entering), pointer_to(rows), tail, never
    )
    task = Task(steps, start, ends, words, began)
    decode_groups_of(
        machine, memory, steps % 3, 1 << memory, llr, adder, ring_steps, best, tries, final, task
    )
