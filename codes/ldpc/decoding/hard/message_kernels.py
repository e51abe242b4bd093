"""Hard messages on the Tanner graph, of 512 frames at once.

Messages go along edges, which are numbered check by check. A check's message is the sum of all that it was
sent less that of the edge itself, so that one row a check and what it was sent are all that is kept.
"""

from collections import namedtuple

from .....vectors.compiling.callee_kernels import callee
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import keep_alive, load, pointer_to, shifted, store
from .counter_kernels import add, at_least, clear, digits_of
from .tile_kernels import (
    anything,
    broken_checks,
    every_frame,
    frames_in,
    graph_of,
    hand_out,
    note_row,
    rows_at,
    rows_of,
    take_in,
    tiles_of,
)

#: Pointers to rows: messages to checks, of each edge, and where they are 0; what checks were sent: the sum,
#: where one message is 0, and where several are; decisions.
State = namedtuple("State", "sign zero parity one several decided")


@callee
def _add_up(graph, state, ternary):
    """What checks are sent."""
    nothing = every_frame() ^ every_frame()
    for check in range(graph.checks):
        parity, one, several = nothing, nothing, nothing
        for edge in range(graph.start[check], graph.start[check + 1]):
            parity = parity ^ load(state.sign, edge)
            if ternary:
                zero = load(state.zero, edge)
                several = several | (one & zero)
                one = one | zero
        store(state.parity, check, parity)
        if ternary:
            store(state.one, check, one)
            store(state.several, check, several)


@callee
def _binary_update(graph, state, received, flip_at, digits, places):
    """Messages of variables: what was received, or its opposite where so many other checks say so.

    Decisions are those of most checks, or what was received where they are undecided.
    """
    every = every_frame()
    for v in range(graph.variables):
        first, last, y = graph.own[v], graph.own[v + 1], load(received, v)
        clear(digits, places, every ^ every)
        for at in range(first, last):
            against = load(state.parity, graph.check[at]) ^ load(state.sign, graph.edge[at]) ^ y
            add(digits, 0, places, against)
        more = at_least(digits, places, flip_at[v] + 1, every)
        enough = at_least(digits, places, flip_at[v], every)
        for at in range(first, last):
            edge = graph.edge[at]
            against = load(state.parity, graph.check[at]) ^ load(state.sign, edge) ^ y
            store(state.sign, edge, y ^ (more | (enough & (against ^ every))))
        store(state.decided, v, y ^ at_least(digits, places, (last - first) // 2 + 1, every))


@callee
def _ternary_update(graph, state, received, erased, weight, digits, places):
    """Messages of variables: the sign of the sum of what was received, ``weight`` times, and other checks.

    Each term is 1 more in the counter, so that it counts from 0. Returns where decisions are undecided.
    """
    every = every_frame()
    undecided = every ^ every
    for v in range(graph.variables):
        first, last, y, gone = graph.own[v], graph.own[v + 1], load(received, v), load(erased, v)
        clear(digits, places, every ^ every)
        for at in range(first, last):
            edge, check = graph.edge[at], graph.check[at]
            none = load(state.several, check) | (load(state.one, check) & (load(state.zero, edge) ^ every))
            sign = load(state.parity, check) ^ load(state.sign, edge)
            add(digits, 0, places, none)
            add(digits, 1, places, (sign | none) ^ every)
        plus, degree = (y | gone) ^ every, last - first
        i = 0
        while (2 * weight) >> i:  # of 2 ``weight``, or ``weight``, the binary digits
            if (2 * weight >> i) & 1:
                add(digits, i, places, plus)
            if (weight >> i) & 1:
                add(digits, i, places, gone)
            i += 1
        middle = degree + weight
        two = at_least(digits, places, middle + 2, every)
        one = at_least(digits, places, middle + 1, every)
        no_less = at_least(digits, places, middle, every)
        minus_one = at_least(digits, places, middle - 1, every)
        for at in range(first, last):
            edge, check = graph.edge[at], graph.check[at]
            none = load(state.several, check) | (load(state.one, check) & (load(state.zero, edge) ^ every))
            minus = (load(state.parity, check) ^ load(state.sign, edge)) & (none ^ every)
            plus = (minus | none) ^ every
            positive = (two & plus) | (one & none) | (no_less & minus)
            negative = ((one & plus) | (no_less & none) | (minus_one & minus)) ^ every
            store(state.sign, edge, negative)
            store(state.zero, edge, (positive | negative) ^ every)
        tie = no_less & (one ^ every)
        store(state.decided, v, (no_less ^ every) | (tie & y))
        undecided = undecided | (tie & gone)
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
        The graph, five arrays of int32, see ``tile_kernels.Graph``.
    flip_at
        int32 (steps, n): with so many checks against what was received, a message is its opposite, in the
        first iteration and the next ones; the last is for all others. Of A and B.
    weights
        int32: what was received counts as so many messages, in the first iteration and the next ones; the
        last is for all others. None of A and B.
    iterations
        The most.
    bits, ok, spent
        Decisions, uint64 (groups, n); frames in which they fulfil all checks, uint64 (groups); iterations,
        int32 (64 groups), 0 before, and for what was received as a codeword.
    """
    graph = graph_of(tables)
    groups, n = bits.shape
    ternary, edges, most, heaviest = weights.size > 0, tables[1].size, 1, 0
    for v in range(n):
        most = max(most, graph.own[v + 1] - graph.own[v])
    for i in range(weights.size):
        heaviest = max(heaviest, weights[i])
    places = digits_of(2 * (most + heaviest) + 2)
    signs, zeros, parities = rows_of(edges), rows_of(edges if ternary else 1), rows_of(graph.checks)
    ones, several = rows_of(graph.checks if ternary else 1), rows_of(graph.checks if ternary else 1)
    decided, given, gone, final = rows_of(n), rows_of(n), rows_of(n), rows_of(n)
    counter, spare = rows_of(places), rows_of(1)
    state = State(
        rows_at(signs), rows_at(zeros), rows_at(parities), rows_at(ones), rows_at(several), rows_at(decided)
    )
    y, open_, best = rows_at(given), rows_at(gone), rows_at(final)
    digits, room, every = rows_at(counter), (rows_at(spare), pointer_to(spare)), every_frame()
    spent_, weights_, flip_at_ = pointer_to(spent), pointer_to(weights), pointer_to(flip_at)
    for tile in range(tiles_of(groups)):
        take_in(pointer_to(received), n, groups, tile, pointer_to(given))
        if erased.shape[0]:
            take_in(pointer_to(erased), n, groups, tile, pointer_to(gone))
        undecided = every ^ every
        for v in range(n):
            store(best, v, load(y, v))
            undecided = undecided | load(open_, v)
        for edge in range(edges):
            v = graph.variable[edge]
            store(state.sign, edge, load(y, v) & (load(open_, v) ^ every))
            if ternary:
                store(state.zero, edge, load(open_, v))
        frames_in(tile, frames, room[1])
        there = load(room[0], 0)
        active = there & (broken_checks(graph, y, there) | undecided)
        now = 0
        while now < iterations and anything(active):
            _add_up(graph, state, ternary)
            undecided = every ^ every
            if ternary:
                weight = weights_[min(now, weights.size - 1)]
                undecided = _ternary_update(graph, state, y, open_, weight, digits, places)
            else:
                step = min(now, flip_at.shape[0] - 1)
                _binary_update(graph, state, y, shifted(flip_at_, step * n), digits, places)
            now += 1
            going = active & (broken_checks(graph, state.decided, active) | undecided)
            for v in range(n):
                before = load(best, v)
                store(best, v, before ^ ((before ^ load(state.decided, v)) & active))
            note_row(spent_, tile, active & (going ^ every), now, room)
            active = going
        note_row(spent_, tile, active, now, room)
        store(room[0], 0, there & (active ^ every))
        hand_out(room[1], 1, groups, tile, pointer_to(ok))
        hand_out(pointer_to(final), n, groups, tile, pointer_to(bits))
    for array in (signs, zeros, parities, ones, several, decided, given, gone, final, counter, spare):
        keep_alive(array)
