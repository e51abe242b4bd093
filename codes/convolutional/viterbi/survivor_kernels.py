"""Survivors of the Viterbi algorithm, and the course of decoding, whatever the trellis is made of.

A ``machine`` is what takes steps: a ``Register`` (``viterbi_kernels``) or ``Branches`` (``trellis_kernels``).

Survivors are kept in a ring of steps. Where a frame has more, the survivors of all states are traced back
until they have merged in every lane, and what lies before is decided, as it would be at the end.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    keep_alive,
    load,
    minimum,
    pointer_to,
    rows_in,
    shifted,
    space,
    store,
)
from .cost_kernels import rows_of_costs

i64, u64 = np.int64, np.uint64

#: Survivors: a pointer to rows of decisions, int8 of 64 lanes; how many steps the ring holds, how many rows
#: each of them takes.
Ring = namedtuple("Ring", ("rows", "steps", "width"))
#: What is decoded from where to where: arrays of metrics at the beginning, of states at both ends, of bits
#: that receive decisions; see ``decode_register``.
Task = namedtuple("Task", ("steps", "start", "ends", "words", "began"))


def advance(machine, metric, other, llr, adder, costs, first, last, ring, part, lanes):
    """Steps ``first`` to ``last`` - 1 of as many lanes as a vector has, of which part ``part`` of 64 are.

    ``metric`` has those before and receives those after; ``other`` is of the same size.
    """
    raise NotImplementedError("for kernels alone")


def trace(machine, state, first, last, ring, words, count):
    """Trace 64 lanes back from their states after step ``last`` - 1 to those before ``first``, in place.

    ``state`` is a pointer to 64 int32. Decided bits go to ``words``, a pointer to uint64, the first ``count``
    of a frame.
    """
    raise NotImplementedError("for kernels alone")


def sets_back(machine, lanes, before, step, ring):
    """``before``: for each state before a step the lanes, bits of uint64, in which a survivor passes it.

    ``lanes`` has those after it.
    """
    raise NotImplementedError("for kernels alone")


@inlined
def row_of(ring, step):
    """Where the decisions of a step begin."""
    return shifted(ring.rows, step % ring.steps * ring.width * GROUP)


@inlined
def least_metric(metric, states):
    """The least metric of all states."""
    least = load(metric, 0)
    for s in range(1, states):
        least = minimum(least, load(metric, s))
    return least


@inlined
def merged_before(machine, states, last, first, ring, state):
    """The last step before which the survivors of all states are one in every lane; ``first`` if none is.

    They are those after step ``last`` - 1. ``state``, a pointer to 64 int32, receives the states before it.
    """
    set_memory, before_memory = np.empty(states, np.uint64), np.empty(states, np.uint64)
    lanes, before = pointer_to(set_memory), pointer_to(before_memory)
    for s in range(states):
        lanes[s] = ~u64(0)
    found = first
    for step in range(last - 1, first, -1):
        sets_back(machine, lanes, before, step, ring)
        lanes, before = before, lanes
        once, twice = u64(0), u64(0)
        for s in range(states):
            twice |= once & lanes[s]
            once |= lanes[s]
        if twice == u64(0):
            for s in range(states):
                for lane in range(GROUP):
                    if lanes[s] >> u64(lane) & u64(1):
                        state[lane] = s
            found = step
            break
    keep_alive(set_memory)
    keep_alive(before_memory)
    return found


@callee
def best_states(metric, states, memory, part, lanes, state):
    """The states of the least metrics; of equal ones that whose newest bits are 0 the longest."""
    for lane in range(lanes):
        state[part * lanes + lane] = 0
    for number in range(1, states):
        s, rest = 0, number
        for _ in range(memory):
            s, rest = s << 1 | (rest & 1), rest >> 1
        for lane in range(lanes):
            best = i64(state[part * lanes + lane])
            if metric[s * lanes + lane] < metric[best * lanes + lane]:
                state[part * lanes + lane] = s


@inlined
def new_ring(steps, width):
    """A ring of survivors and its memory, which is to be kept alive."""
    memory = space(steps * width)
    return memory, Ring(rows_in(memory, pointer_to(memory)), steps, width)


@inlined
def longer_ring(ring, first, last):
    """A ring of twice as many steps with the same decisions, of steps ``first`` to ``last`` - 1."""
    memory, longer = new_ring(2 * ring.steps, ring.width)
    for step in range(first, last):
        source, target = row_of(ring, step), row_of(longer, step)
        for row in range(ring.width):
            store(target, row, load(source, row))
    return memory, longer


@inlined
def decode_groups_of(machine, memory, lead, width, llr, adder, ring_steps, best, tries, final, task):
    """The best paths of groups of 64 frames: what ``decode_register`` and ``decode_trellis`` do.

    Steps are taken in threes after the first ``lead``, which leave no rest; a step's decisions take ``width``
    rows. ``ring_steps``, ``best``, ``tries`` and ``final`` are arguments of their own so that what is None
    is not compiled.
    """
    lanes = 64 // llr.itemsize
    parts = GROUP // lanes
    states = 1 << memory
    size = states * lanes
    received, like, steps = pointer_to(llr), pointer_to(task.start), task.steps
    room = space((parts + 1) * states + 3 * rows_of_costs(adder))
    metric = rows_in(room, like)
    other = shifted(metric, parts * size)
    costs = shifted(other, size)
    place = space(i64(GROUP // LANES_FLOAT32))
    state = rows_in(place, pointer_to(task.ends))
    if ring_steps is None:
        decisions, ring = new_ring(steps, width)
    else:
        decisions, ring = new_ring(ring_steps, width)
    began, ended, count = pointer_to(task.began), pointer_to(task.ends), task.words.shape[1]
    for group in range(llr.shape[0]):
        given = shifted(received, group * llr.shape[1] * GROUP)
        words = shifted(pointer_to(task.words), group * count)
        first = shifted(like, (group if task.start.shape[0] > 1 else 0) * states * GROUP)
        for part in range(parts):
            for s in range(states):
                store(metric, part * states + s, load(first, s * parts + part))
        step, decided = 0, 0
        if ring_steps is None:
            for part in range(parts):
                own, at = shifted(metric, part * size), shifted(given, part * lanes)
                advance(machine, own, other, at, adder, costs, 0, steps, ring, part, lanes)
        else:
            while step < steps:
                end = min(steps, decided + ring.steps)
                end -= (end - lead) % 3
                if end > step:
                    for part in range(parts):
                        own, at = shifted(metric, part * size), shifted(given, part * lanes)
                        advance(machine, own, other, at, adder, costs, step, end, ring, part, lanes)
                    step = end
                    continue
                merged = merged_before(machine, states, step, decided, ring, state)
                if merged - decided > ring.steps // 4:
                    trace(machine, state, decided, merged, ring, words, count)
                    if decided == 0:
                        for lane in range(GROUP):
                            began[group * GROUP + lane] = state[lane]
                    decided = merged
                else:  # not one yet, or for few steps only
                    longer_memory, longer = longer_ring(ring, decided, step)
                    keep_alive(decisions)
                    decisions, ring = longer_memory, longer
        begins, ends = shifted(began, group * GROUP), shifted(ended, group * GROUP)
        if best is not None:
            for part in range(parts):
                best_states(shifted(metric, part * size), states, memory, part, lanes, ends)
        for lane in range(GROUP):
            state[lane] = ends[lane]
        trace(machine, state, decided, steps, ring, words, count)
        if decided == 0:  # else all paths begin in one state
            for lane in range(GROUP):
                begins[lane] = state[lane]
        if tries is not None:
            for _ in range(1, tries):
                apart = False
                for lane in range(GROUP):
                    apart |= begins[lane] != ends[lane]
                if not apart:
                    break
                for lane in range(GROUP):
                    ends[lane] = state[lane] = begins[lane]
                trace(machine, state, decided, steps, ring, words, count)
                if decided == 0:
                    for lane in range(GROUP):
                        begins[lane] = state[lane]
        if final is not None:
            last = shifted(pointer_to(final), group * states * GROUP)
            for part in range(parts):
                for s in range(states):
                    store(last, s * parts + part, load(metric, part * states + s))
    keep_alive(room)
    keep_alive(decisions)
    keep_alive(place)
