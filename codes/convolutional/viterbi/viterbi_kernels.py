"""The Viterbi algorithm for rate 1/n codes of memory 3 and more, groups of 64 frames side by side.

A. J. Viterbi, "Error bounds for convolutional codes and an asymptotically optimum decoding algorithm", 1967.

The encoder is a shift register; bit 0 of a state is its newest bit. Three steps at a time are taken on eight
states, which stay in registers: from states r + (states / 8) j, j = 0 to 7, a group r reaches the states
8 r to 8 r + 7, and meanwhile no state of another group. Metrics are costs, see ``viterbi_tables``; in each
three steps the least metric is brought to the base of its type.

A survivor's decision is a bit for each state and lane: whether the oldest bit that the register has lost is
1. A byte has those of eight states, and a row of 64 bytes those of a group r. After step j = 1, 2, 3 of
three, state s is in row (s >> j) mod (states / 8) at the place of its other bits: the j lowest, then the
highest. Single steps, which begin a frame whose steps are no multiple of three, have the layout of step 3.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import CALLEE, inlined
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
    negative,
    nothing_in,
    pointer_to,
    seen_as,
    select,
    shifted,
    splat,
    store,
    store_bytes,
    unsigned_below,
)
from .cost_kernels import Adder, add_costs, rows_of_costs
from .survivor_kernels import (
    Task,
    advance,
    decode_groups_of,
    least_metric,
    row_of,
    sets_back,
    trace,
)

u8, i64, u64 = np.uint8, np.int64, np.uint64

#: Largest memory whose states fit into a byte, so that vectors of them trace back.
VECTOR_MEMORY = 8

#: A shift register: its memory, the steps at which no three begin, and a pointer to the rows of branches,
#: two for each pair of states if ``symmetric`` is True, four if it is None; whether its memory is ``wide``,
#: True if it exceeds VECTOR_MEMORY, else None.
Register = namedtuple("Register", ("memory", "lead", "branches", "symmetric", "wide"))


@inlined
def layout_of(register, step):
    """Which of three steps has the layout of a step's decisions."""
    return 3 if step < register.lead else (step - register.lead) % 3 + 1


def branch_sums(low, high, costs, rows, symmetric):
    """Candidates for two states from two: with 0 from the low and the high one, with 1 from these."""
    raise NotImplementedError("for kernels alone")


@overload(branch_sums, jit_options=INLINED)
def _branch_sums(low, high, costs, rows, symmetric):
    def two_costs(low, high, costs, rows, symmetric):
        a, b = load(costs, i64(rows[0])), load(costs, i64(rows[1]))
        return low + a, high + b, low + b, high + a

    def four_costs(low, high, costs, rows, symmetric):
        a, b = load(costs, i64(rows[0])), load(costs, i64(rows[1]))
        c, d = load(costs, i64(rows[2])), load(costs, i64(rows[3]))
        return low + a, high + b, low + c, high + d

    return four_costs if isinstance(symmetric, types.NoneType) else two_costs


@inlined
def step_of_eight(s, costs, rows, width, symmetric):
    """A step from eight states, of which number i + 4 has another oldest bit than i: eight, and a byte.

    Of equal candidates the one whose oldest bit is 0 survives.
    """
    # From the last pair on: of a byte that begins with its highest bit the compiler makes no other sums.
    a, b, c, d = branch_sums(s[3], s[7], costs, shifted(rows, 3 * width), symmetric)
    taken = add_where(below(d, c), nothing_in(below(d, c)), -128)
    w, x = minimum(a, b), minimum(c, d)
    taken = add_where(below(b, a), taken, -64)
    a, b, c, d = branch_sums(s[2], s[6], costs, shifted(rows, 2 * width), symmetric)
    u, v = minimum(a, b), minimum(c, d)
    taken = add_where(below(d, c), taken, -32)
    taken = add_where(below(b, a), taken, -16)
    a, b, c, d = branch_sums(s[1], s[5], costs, shifted(rows, width), symmetric)
    r, t = minimum(a, b), minimum(c, d)
    taken = add_where(below(d, c), taken, -8)
    taken = add_where(below(b, a), taken, -4)
    a, b, c, d = branch_sums(s[0], s[4], costs, rows, symmetric)
    p, q = minimum(a, b), minimum(c, d)
    taken = add_where(below(d, c), taken, -2)
    nothing = nothing_in(below(b, a))
    taken = add_where(below(b, a), taken, -1)
    return (p, q, r, t, u, v, w, x), nothing - taken


@inlined
def eight_states(metric, first, stride):
    """The metrics of states ``first`` + i ``stride``, i = 0 to 7."""
    return (
        load(metric, first),
        load(metric, first + stride),
        load(metric, first + 2 * stride),
        load(metric, first + 3 * stride),
        load(metric, first + 4 * stride),
        load(metric, first + 5 * stride),
        load(metric, first + 6 * stride),
        load(metric, first + 7 * stride),
    )


@inlined
def store_eight(metric, r, s):
    """Keep the metrics of states 8 r to 8 r + 7, and return the least."""
    store(metric, 8 * r, s[0])
    store(metric, 8 * r + 1, s[1])
    store(metric, 8 * r + 2, s[2])
    store(metric, 8 * r + 3, s[3])
    store(metric, 8 * r + 4, s[4])
    store(metric, 8 * r + 5, s[5])
    store(metric, 8 * r + 6, s[6])
    store(metric, 8 * r + 7, s[7])
    a, b = (
        minimum(minimum(s[0], s[1]), minimum(s[2], s[3])),
        minimum(minimum(s[4], s[5]), minimum(s[6], s[7])),
    )
    return minimum(a, b)


@inlined
def single_step(source, target, least, llr, adder, register, costs, step, rows):
    """One step of all states; returns the least new metric. ``rows`` is where its decisions go."""
    groups = 1 << register.memory - 3
    width = 4 if register.symmetric is None else 2
    add_costs(llr, adder, step, least - splat(adder.base), costs)
    smallest = least
    for r in range(groups):
        s = (
            load(source, 4 * r),
            load(source, 4 * r + 1),
            load(source, 4 * r + 2),
            load(source, 4 * r + 3),
            load(source, 4 * r + 4 * groups),
            load(source, 4 * r + 4 * groups + 1),
            load(source, 4 * r + 4 * groups + 2),
            load(source, 4 * r + 4 * groups + 3),
        )
        branches = shifted(register.branches, (2 * groups + r) * 4 * width)
        s, taken = step_of_eight(s, costs, branches, width, register.symmetric)
        store_bytes(shifted(rows, r * GROUP), 0, taken)
        found = store_eight(target, r, s)
        smallest = found if r == 0 else minimum(smallest, found)
    return smallest


@inlined
def three_steps(source, target, least, llr, adder, register, costs, step, rows, lanes):
    """Three steps of all states, whose decisions go to three pointers; returns the least new metric."""
    groups = 1 << register.memory - 3
    width = 4 if register.symmetric is None else 2
    size = rows_of_costs(adder) * lanes
    less = least - splat(adder.base)
    second, third = shifted(costs, size), shifted(costs, 2 * size)
    add_costs(llr, adder, step, less, costs)
    nothing = less - less
    add_costs(llr, adder, step + 1, nothing, second)
    add_costs(llr, adder, step + 2, nothing, third)
    smallest = least
    all_rows = groups * 4 * width
    for r in range(groups):
        branches = shifted(register.branches, r * 4 * width)
        s = eight_states(source, r, groups)
        s, taken = step_of_eight(s, costs, branches, width, register.symmetric)
        store_bytes(shifted(rows[0], r * GROUP), 0, taken)
        s, taken = step_of_eight(s, second, shifted(branches, all_rows), width, register.symmetric)
        store_bytes(shifted(rows[1], r * GROUP), 0, taken)
        s, taken = step_of_eight(s, third, shifted(branches, 2 * all_rows), width, register.symmetric)
        store_bytes(shifted(rows[2], r * GROUP), 0, taken)
        found = store_eight(target, r, s)
        smallest = found if r == 0 else minimum(smallest, found)
    return smallest


def advance_register(machine, metric, other, llr, adder, costs, first, last, ring, part, lanes):
    """See ``advance``."""
    states = 1 << machine.memory
    source, target, moved = metric, other, False
    least = least_metric(source, states)
    step = first
    while step < last:
        at = shifted(row_of(ring, step), part * lanes)
        if step < machine.lead:
            least = single_step(source, target, least, llr, adder, machine, costs, step, at)
            step += 1
        else:
            rows = (
                at,
                shifted(row_of(ring, step + 1), part * lanes),
                shifted(row_of(ring, step + 2), part * lanes),
            )
            least = three_steps(source, target, least, llr, adder, machine, costs, step, rows, lanes)
            step += 3
        source, target, moved = target, source, not moved
    if moved:
        for s in range(states):
            store(metric, s, load(source, s))


@inlined
def has_bit(state, number):
    """The mask of lanes whose state has bit ``number``."""
    return unsigned_below(splat(u8(0)), state & splat(u8(1 << number)))


@inlined
def one_of_eight(rows, first, a, b, c):
    """In each lane one of the rows from ``first`` on, by masks of its number's bits, the lowest first."""
    d, e = (
        select(a, load(rows, first + 1), load(rows, first)),
        select(a, load(rows, first + 3), load(rows, first + 2)),
    )
    f, g = (
        select(a, load(rows, first + 5), load(rows, first + 4)),
        select(a, load(rows, first + 7), load(rows, first + 6)),
    )
    return select(c, select(b, g, f), select(b, e, d))


@inlined
def row_of_group(state, rows, groups, layout):
    """In each lane the row of its state's group."""
    if groups < 8:
        one, group = splat(u8(1)), (state >> u8(layout)) & splat(u8(groups - 1))
        byte = load(rows, 0)
        for r in range(1, groups):
            group = group - one
            byte = select(equal(group, one - one), load(rows, r), byte)
        return byte
    a, b, c = has_bit(state, layout), has_bit(state, layout + 1), has_bit(state, layout + 2)
    byte = one_of_eight(rows, 0, a, b, c)
    eights = state >> u8(layout + 3)
    for r in range(8, groups, 8):
        mask = equal(eights & splat(u8((groups >> 3) - 1)), splat(u8(r >> 3)))
        byte = select(mask, one_of_eight(rows, r, a, b, c), byte)
    return byte


@inlined
def one_back(state, rows, register, layout):
    """States of 64 lanes a step before, by the step's decisions; vectors and rows of uint8."""
    memory = register.memory
    byte = row_of_group(state, rows, 1 << memory - 3, layout)
    # The place in the byte has three bits of the state: the ``layout`` lowest, then the highest.
    b, c = 1 if layout > 1 else memory - 2, 2 if layout > 2 else memory - 1
    places = select(has_bit(state, 0), splat(u8(0xAA)), splat(u8(0x55)))
    places = places & select(has_bit(state, b), splat(u8(0xCC)), splat(u8(0x33)))
    places = places & select(has_bit(state, c), splat(u8(0xF0)), splat(u8(0x0F)))
    before = state >> u8(1)
    taken = unsigned_below(splat(u8(0)), byte & places)
    return select(taken, before | splat(u8(1 << memory - 1)), before)


def trace_vector(machine, state, first, last, ring, words, count):
    """See ``trace``, where states fit into bytes: the register's newest bit after each step is decided."""
    memory = np.empty(GROUP, np.uint8)
    bytes_ = pointer_to(memory)
    for lane in range(GROUP):
        bytes_[lane] = state[lane]
    now = load(bytes_, 0)
    for step in range(last - 1, first - 1, -1):
        if step < count:
            words[step] = bits_of(has_bit(now, 0))
        now = one_back(now, seen_as(row_of(ring, step), bytes_), machine, layout_of(machine, step))
    store(bytes_, 0, now)
    for lane in range(GROUP):
        state[lane] = bytes_[lane]
    keep_alive(memory)


def trace_lanes(machine, state, first, last, ring, words, count):
    """As ``trace_vector``, for any memory: lane by lane."""
    memory = machine.memory
    groups = 1 << memory - 3
    for step in range(last - 1, first - 1, -1):
        at, layout = row_of(ring, step), layout_of(machine, step)
        low = (1 << layout) - 1
        word = u64(0)
        for lane in range(GROUP):
            s = i64(state[lane])
            word |= u64(s & 1) << u64(lane)
            byte = i64(at[((s >> layout) & (groups - 1)) * GROUP + lane])
            place = (s & low) | (s >> (memory - 3 + layout) << layout)
            state[lane] = (s >> 1) | ((byte >> place & 1) << memory - 1)
        if step < count:
            words[step] = word


def register_sets_back(machine, lanes, before, step, ring):
    """See ``sets_back``."""
    memory = machine.memory
    at, layout = row_of(ring, step), layout_of(machine, step)
    half = 1 << memory - 1
    for s in range(2 * half):
        before[s] = u64(0)
    for r in range(ring.width):
        byte = load(at, r)
        for place in range(7, -1, -1):
            taken = bits_of(negative(byte))
            byte = byte + byte
            s = (place & ((1 << layout) - 1)) | (r << layout) | (place >> layout << (memory - 3 + layout))
            before[s >> 1] |= lanes[s] & ~taken
            before[(s >> 1) + half] |= lanes[s] & taken


def _is_register(machine):
    return isinstance(machine, types.NamedTuple) and machine.instance_class is Register


@overload(advance, jit_options=CALLEE)
def _advance(machine, metric, other, llr, adder, costs, first, last, ring, part, lanes):
    return advance_register if _is_register(machine) else None


@overload(trace, jit_options=CALLEE)
def _trace(machine, state, first, last, ring, words, count):
    if not _is_register(machine):
        return None
    return trace_vector if isinstance(machine.types[-1], types.NoneType) else trace_lanes


@overload(sets_back, jit_options=CALLEE)
def _sets_back(machine, lanes, before, step, ring):
    return register_sets_back if _is_register(machine) else None


@kernel
def decode_register(
    llr,
    position,
    flips,
    sums,
    limit,
    base,
    memory,
    branches,
    symmetric,
    wide,
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
    """The best paths of groups of 64 frames through the trellis of a shift register.

    Parameters
    ----------
    llr
        (groups, n, 64), float32, int16 or int8.
    position, flips, sums
        int32 (steps n0), uint8 (steps n0), int32 (sums, 2): see ``ViterbiTables`` and ``CostRows``.
    limit, base
        The largest |LLR|, to which others are clipped, or None; the least metric. Of the type of ``llr``.
    memory, branches, symmetric, wide
        The register, ``ViterbiTables.branch_rows``; True, or None for False: ``ViterbiTables.symmetric``, and
        whether its memory exceeds VECTOR_MEMORY.
    steps, ring_steps
        Steps of a frame, and of how many survivors are kept, at least 5; more if they do not merge. None
        for all.
    start
        Metrics at the beginning, (1 or groups, states, 64) of the type of ``llr``, none below ``base``.
    ends, best
        int32 (groups, 64): the states in which paths end; or, if ``best`` is True and not None, it receives
        those of the best paths.
    tries
        How many paths are looked at until one ends where it begins: after the first each is the one to the
        state in which the last one began. None for one.
    words
        uint64 (groups, ...): receives the register's newest bits after each of the first steps.
    began
        int32 (groups, 64): receives the states in which the paths begin.
    final
        (groups, states, 64): receives the metrics at the end; None for nothing.
    """
    outputs = position.size // steps
    adder = Adder(
        pointer_to(position), pointer_to(flips), pointer_to(sums), sums.shape[0], outputs, limit, base
    )
    machine = Register(memory, steps % 3, pointer_to(branches), symmetric, wide)
    task = Task(steps, start, ends, words, began)
    decode_groups_of(
        machine, memory, steps % 3, 1 << memory - 3, llr, adder, ring_steps, best, tries, final, task
    )
