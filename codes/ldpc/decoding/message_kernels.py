"""Hard messages on the Tanner graph, 64 frames a word.

Messages go along edges, which are numbered check by check. A check's message is the sum of all that it was
sent less that of the edge itself, so that one word a check and what it was sent are all that is kept.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import keep_alive, pointer_to
from .counter_kernels import ALL, add, at_least, clear, digits_of

u64 = np.uint64

#: Pointers: edges of check c are ``start[c]`` to ``start[c + 1] - 1``, at ``variable[edge]``; of variable v
#: they are ``edge[at]``, at ``check[at]``, from ``own[v]`` to ``own[v + 1] - 1``.
Graph = namedtuple("Graph", "variables checks start variable own edge check")
#: Pointers to words: messages to checks, of each edge, and where they are 0; what checks were sent: the sum,
#: where one message is 0, and where several are; decisions.
State = namedtuple("State", "sign zero parity one several decided")


@inlined
def graph_of(tables):
    """The graph of its five arrays: ``Graph`` without the two numbers."""
    start, variable, own, edge, check = tables
    return Graph(
        own.size - 1,
        start.size - 1,
        pointer_to(start),
        pointer_to(variable),
        pointer_to(own),
        pointer_to(edge),
        pointer_to(check),
    )


@inlined
def broken_checks(graph, decided):
    """The frames in which decisions break a check."""
    broken = u64(0)
    for check in range(graph.checks):
        parity = u64(0)
        for edge in range(graph.start[check], graph.start[check + 1]):
            parity ^= decided[graph.variable[edge]]
        broken |= parity
        if broken == ALL:
            break
    return broken


@inlined
def frames_in(group, frames):
    """The frames of a group that there are."""
    count = min(64, frames - 64 * group)
    return ALL >> u64(64 - count)


@callee
def _add_up(graph, state, ternary):
    """What checks are sent."""
    for check in range(graph.checks):
        parity, one, several = u64(0), u64(0), u64(0)
        for edge in range(graph.start[check], graph.start[check + 1]):
            parity ^= state.sign[edge]
            if ternary:
                several |= one & state.zero[edge]
                one |= state.zero[edge]
        state.parity[check] = parity
        if ternary:
            state.one[check], state.several[check] = one, several


@callee
def _binary_update(graph, state, received, flip_at, digits, places):
    """Messages of variables: what was received, or its opposite where so many other checks say so.

    Decisions are those of most checks, or what was received where they are undecided.
    """
    for v in range(graph.variables):
        first, last, y = graph.own[v], graph.own[v + 1], received[v]
        clear(digits, places)
        for at in range(first, last):
            add(digits, 0, places, state.parity[graph.check[at]] ^ state.sign[graph.edge[at]] ^ y)
        more, enough = at_least(digits, places, flip_at[v] + 1), at_least(digits, places, flip_at[v])
        for at in range(first, last):
            edge = graph.edge[at]
            own = state.parity[graph.check[at]] ^ state.sign[edge] ^ y
            state.sign[edge] = y ^ (more | (enough & ~own))
        state.decided[v] = y ^ at_least(digits, places, (last - first) // 2 + 1)


@callee
def _ternary_update(graph, state, received, erased, weight, digits, places):
    """Messages of variables: the sign of the sum of what was received, ``weight`` times, and other checks.

    Each term is 1 more in the counter, so that it counts from 0. Returns where decisions are undecided.
    """
    undecided = u64(0)
    for v in range(graph.variables):
        first, last, y, nothing = graph.own[v], graph.own[v + 1], received[v], erased[v]
        clear(digits, places)
        for at in range(first, last):
            edge, check = graph.edge[at], graph.check[at]
            none = state.several[check] | (state.one[check] & ~state.zero[edge])
            sign = (state.parity[check] ^ state.sign[edge]) & ~none
            add(digits, 0, places, none)
            add(digits, 1, places, ~sign & ~none)
        plus, degree = ~y & ~nothing, last - first
        i = 0
        while (2 * weight) >> i:  # of 2 ``weight``, or ``weight``, the binary digits
            both, half = (2 * weight >> i) & 1, (weight >> i) & 1
            add(digits, i, places, (plus if both else u64(0)))
            add(digits, i, places, (nothing if half else u64(0)))
            i += 1
        middle = degree + weight
        two, one = at_least(digits, places, middle + 2), at_least(digits, places, middle + 1)
        none_or_more, minus_or_more = at_least(digits, places, middle), at_least(digits, places, middle - 1)
        for at in range(first, last):
            edge, check = graph.edge[at], graph.check[at]
            none = state.several[check] | (state.one[check] & ~state.zero[edge])
            own_minus = (state.parity[check] ^ state.sign[edge]) & ~none
            own_plus = ~own_minus & ~none
            positive = (two & own_plus) | (one & none) | (none_or_more & own_minus)
            negative = ~((one & own_plus) | (none_or_more & none) | (minus_or_more & own_minus))
            state.sign[edge], state.zero[edge] = negative, ~(positive | negative)
        tie = none_or_more & ~one
        state.decided[v] = ~none_or_more | (tie & y)
        undecided |= tie & nothing
    return undecided


@kernel
def pass_messages(received, erased, frames, tables, flip_at, weights, iterations, bits, ok, spent):
    """Decide on all variables by hard messages, Gallager's algorithms A and B, or, with ``weights``, E.

    Parameters
    ----------
    received, erased
        What was received, uint64 (groups, n), and where nothing was: of E alone, others take no such group.
        Bits of ``received`` decide there in the end.
    frames
        How many there are.
    tables
        The graph, five arrays of int32, see ``Graph``.
    flip_at
        int32 (n): with so many checks against what was received, a message is its opposite. Of A and B.
    weights
        int32: what was received counts as so many messages, in the first iteration and the next ones; the
        last is for all others. None of A and B.
    iterations
        The most.
    bits, ok, spent
        Decisions, uint64 (groups, n); frames in which they fulfil all checks, uint64 (groups); iterations,
        int32 (frames), 0 for what was received as a codeword.
    """
    graph = graph_of(tables)
    ternary, edges, most, heaviest = weights.size > 0, tables[1].size, 1, 0
    for v in range(graph.variables):
        most = max(most, graph.own[v + 1] - graph.own[v])
    for i in range(weights.size):
        heaviest = max(heaviest, weights[i])
    places = digits_of(2 * (most + heaviest) + 2)
    memory, counter = np.zeros((2, edges), np.uint64), np.zeros(places + 1, np.uint64)
    sums, digits = np.zeros((3, graph.checks), np.uint64), pointer_to(counter)
    state_sign, state_zero = pointer_to(memory[0]), pointer_to(memory[1])
    parity, one, several = pointer_to(sums[0]), pointer_to(sums[1]), pointer_to(sums[2])
    current, nothing = np.zeros(graph.variables, np.uint64), np.zeros(graph.variables, np.uint64)
    state = State(state_sign, state_zero, parity, one, several, pointer_to(current))
    for group in range(bits.shape[0]):
        y, gone = pointer_to(received[group]), pointer_to(nothing)
        if erased.shape[0]:
            gone = pointer_to(erased[group])
        undecided = u64(0)
        for v in range(graph.variables):
            bits[group, v] = y[v]
            undecided |= gone[v]
        for edge in range(edges):
            state.sign[edge] = y[graph.variable[edge]] & ~gone[graph.variable[edge]]
            state.zero[edge] = gone[graph.variable[edge]]
        every = frames_in(group, frames)
        active = every & (broken_checks(graph, y) | undecided)
        now = 0
        while active and now < iterations:
            _add_up(graph, state, ternary)
            if ternary:
                weight = weights[min(now, weights.size - 1)]
                undecided = _ternary_update(graph, state, y, gone, weight, digits, places)
            else:
                undecided = u64(0)
                _binary_update(graph, state, y, pointer_to(flip_at), digits, places)
            now += 1
            for v in range(graph.variables):
                bits[group, v] ^= (bits[group, v] ^ state.decided[v]) & active
            going = active & (broken_checks(graph, state.decided) | undecided)
            note_ended(spent, group, active & ~going, now)
            active = going
        note_ended(spent, group, active, now)
        ok[group] = every & ~active
    for array in (memory, sums):
        keep_alive(array)
    for array in (counter, current, nothing):
        keep_alive(array)


@inlined
def note_ended(spent, group, ended, now):
    """Put iterations so far into the entries of the frames that ended."""
    for f in range(64):
        if (ended >> u64(f)) & u64(1):
            spent[64 * group + f] = now
