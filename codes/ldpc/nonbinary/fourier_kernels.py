"""Belief propagation over GF(2^m) in the probability domain: one frame a lane.

The check's sum of products is a product of Walsh-Hadamard transforms. A message is 2^m rows of lanes, one for
each value of a symbol. No fast-math and no fused multiply-add: decisions are the same on every CPU.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.lane_pool_kernels import hand_out, idle_lanes, pool_in, pool_memory, retire
from ....vectors.operations.exponential_kernels import exp_minus
from ....vectors.vector_kernels import (
    LANES_FLOAT32,
    below,
    bits_of,
    equal,
    gathered,
    keep_alive,
    load,
    mask_of,
    maximum,
    minimum,
    mixed_signs,
    pointer_to,
    rows_in,
    seen_as,
    select,
    shifted,
    space,
    splat,
    store,
)

f32, i8, i32, i64, u64 = np.float32, np.int8, np.int32, np.int64, np.uint64

WIDTH = LANES_FLOAT32
EVERY = u64((1 << WIDTH) - 1)
#: What is received makes no value of a symbol less likely than exp(-50) times the most likely one.
LARGEST_COST = f32(50.0)
#: Products of probabilities, of mean 1, are at least this large: no product of them is then denormal.
TINY = f32(1e-30)
#: The least probability in a check's message, of all values together: the rounding of the transforms.
RESOLUTION = f32(2.0**-26)
#: A value is not decided for unless all others are less likely than the most likely one by this factor.
TIE = f32(0.9999)

#: The Tanner graph: edges ``column_start[v]`` to ``column_start[v + 1] - 1`` are those of symbol v, and
#: ``by_row[row_start[c]]`` to ``by_row[row_start[c + 1] - 1]`` those of check c. Edge e has a coefficient,
#: and the symbol ``symbol[e]``. ``product[h q + x]`` is h x.
Graph = namedtuple("Graph", "q m symbols checks column_start row_start by_row symbol coefficient product")
#: Pointers to rows of lanes: LLRs of bits, probabilities of symbols received, messages from checks, those
#: that flooding makes of them, and space for one check; decisions and where they are tied.
State = namedtuple("State", "llr channel message following room decision tied")


@callee
def _transform(at, q):
    """The Walsh-Hadamard transform of q rows, in their place: two of its steps at a time."""
    step = 1
    if q & 0xAA:  # an odd number of steps
        for i in range(0, q, 2):
            a, b = load(at, i), load(at, i + 1)
            store(at, i, a + b)
            store(at, i + 1, a - b)
        step = 2
    while step < q:
        for block in range(0, q, 4 * step):
            for i in range(block, block + step):
                a, b = load(at, i), load(at, i + step)
                c, d = load(at, i + 2 * step), load(at, i + 3 * step)
                even, odd, more, rest = a + b, a - b, c + d, c - d
                store(at, i, even + more)
                store(at, i + step, odd + rest)
                store(at, i + 2 * step, even - more)
                store(at, i + 3 * step, odd - rest)
        step *= 4


@callee
def _fill_channel(state, graph):
    """Probabilities of all symbols from LLRs of their bits, relative to the most likely value."""
    zero, largest = splat(f32(0.0)), splat(LARGEST_COST)
    for v in range(graph.symbols):
        row = shifted(state.channel, v * graph.q * WIDTH)
        store(row, 0, zero)
        for j in range(graph.m):
            llr = load(state.llr, (v + 1) * graph.m - 1 - j)
            one, null = maximum(llr, zero), maximum(zero - llr, zero)
            for x in range(1 << j):
                cost = load(row, x)
                store(row, x + (1 << j), cost + one)
                store(row, x, cost + null)
        for x in range(graph.q):
            store(row, x, exp_minus(minimum(load(row, x), largest)))


@callee
def _update_check(state, graph, check):
    """A check's new messages, from those that its symbols have from other checks.

    ``message`` is read, and ``following`` written, which are the same in the layered schedule. A transform at
    0 is the sum of all probabilities: it is divided by. Messages have a mean of 1.
    """
    q, first = graph.q, graph.row_start[check]
    degree = graph.row_start[check + 1] - first
    tiny, least, one = splat(TINY), splat(RESOLUTION * f32(q)), splat(f32(1.0))
    stride = q + 1  # not a power of two: rows of all edges should not share a set of the cache
    scale = shifted(state.room, degree * stride * WIDTH)
    before = shifted(scale, degree * WIDTH)
    for i in range(degree):
        edge = graph.by_row[first + i]
        v = graph.symbol[edge]
        place = shifted(graph.product, i64(graph.coefficient[edge]) * q)
        room = shifted(state.room, i * stride * WIDTH)
        for x in range(q):
            p = load(state.channel, v * q + x)
            for other in range(graph.column_start[v], graph.column_start[v + 1]):
                if other != edge:
                    p = p * load(state.message, other * q + x)
            store(room, place[x], maximum(p, tiny))
        _transform(room, q)
        store(scale, i, one / load(room, 0))
    for w in range(q):
        product = one
        for i in range(degree):
            store(before, i, product)
            product = product * (load(state.room, i * stride + w) * load(scale, i))
        product = one
        for i in range(degree - 1, -1, -1):
            own = load(state.room, i * stride + w) * load(scale, i)
            store(state.room, i * stride + w, load(before, i) * product)
            product = product * own
    for i in range(degree):
        edge = graph.by_row[first + i]
        place = shifted(graph.product, i64(graph.coefficient[edge]) * q)
        room = shifted(state.room, i * stride * WIDTH)
        _transform(room, q)
        for x in range(q):
            store(state.following, edge * q + x, maximum(load(room, place[x]), least))


@callee
def _decide(state, graph):
    """The most likely value of each symbol, and lanes in which another is as likely, or a check is broken."""
    open_, tie = u64(0), splat(TIE)
    for v in range(graph.symbols):
        best, second, index = splat(f32(0.0)), splat(f32(0.0)), splat(i32(0))
        for x in range(graph.q):
            p = load(state.channel, v * graph.q + x)
            for edge in range(graph.column_start[v], graph.column_start[v + 1]):
                p = p * load(state.message, edge * graph.q + x)
            index = select(below(best, p), splat(i32(x)), index)
            second = maximum(second, minimum(best, p))
            best = maximum(best, p)
        store(state.decision, v, index)
        state.tied[v] = EVERY & ~bits_of(below(second, best * tie))
        open_ |= state.tied[v]
    nothing = splat(i32(0))
    for check in range(graph.checks):
        total = nothing
        for i in range(graph.row_start[check], graph.row_start[check + 1]):
            edge = graph.by_row[i]
            place = shifted(graph.product, i64(graph.coefficient[edge]) * graph.q)
            total = mixed_signs(total, gathered(place, load(state.decision, graph.symbol[edge])))
        open_ |= EVERY & ~bits_of(equal(total, nothing))
        if open_ == EVERY:
            break
    return open_


@callee
def _write(state, graph, lane, out):
    """A lane's decisions on bits, to every 64th entry of ``out``; 2 where both values are as likely."""
    for v in range(graph.symbols):
        decided = state.decision[v * WIDTH + lane]
        for j in range(graph.m):
            out[GROUP * ((v + 1) * graph.m - 1 - j)] = i8((decided >> j) & 1)
        if (state.tied[v] >> u64(lane)) & u64(1) == u64(0):
            continue
        best, differ, same = f32(0.0), 0, graph.q - 1
        for again in range(2):
            for x in range(graph.q):
                p = state.channel[(v * graph.q + x) * WIDTH + lane]
                for edge in range(graph.column_start[v], graph.column_start[v + 1]):
                    p = p * state.message[(edge * graph.q + x) * WIDTH + lane]
                if again and p >= best * TIE:
                    differ |= x
                    same &= x
                best = max(best, p)
        for j in range(graph.m):
            if ((differ & ~same) >> j) & 1:
                out[GROUP * ((v + 1) * graph.m - 1 - j)] = i8(2)


@callee
def _take_frames(state, graph, pool, count, received):
    """Let lanes of the pool begin with their new frames."""
    bits, taken = graph.symbols * graph.m, u64(0)
    for i in range(count):
        lane, frame = pool.lanes[i], pool.frames[i]
        taken |= u64(1) << u64(lane)
        given = shifted(received, (frame >> 6) * bits * GROUP + (frame & 63))
        for b in range(bits):
            state.llr[b * WIDTH + lane] = given[b * GROUP]
    one = splat(f32(1.0))
    new = mask_of(taken, one)
    for row in range(graph.column_start[graph.symbols] * graph.q):
        store(state.message, row, select(new, one, load(state.message, row)))
    _fill_channel(state, graph)


@kernel
def propagate_symbols(
    llr, frames, tables, product, m, flooding, iterations, stop_at_codeword, decisions, ok, spent
):
    """Decode ``llr``, float32 (groups, n, 64), into ``decisions``, int8 of the same shape.

    ``tables`` are ``column_start``, ``row_start``, ``by_row``, ``symbol`` and ``coefficient`` of ``Graph``,
    ``product`` its products, int32 (2^m, 2^m). A decision is 2 where both values are as likely. ``ok`` and
    ``spent``, one a frame, receive whether the frame is a codeword and its iterations.
    """
    column_start, row_start, by_row, symbol, coefficient = tables
    symbols, checks, edges, q = column_start.size - 1, row_start.size - 1, symbol.size, 1 << m
    degree = 0
    for check in range(checks):
        degree = max(degree, row_start[check + 1] - row_start[check])
    n = symbols * m
    rows = n + symbols * q + (2 if flooding else 1) * edges * q + degree * (q + 3) + symbols
    memory, received, ties = space(rows), pointer_to(llr), np.empty(symbols, np.uint64)
    own = rows_in(memory, received)
    for i in range(rows * WIDTH):
        own[i] = f32(0.0)
    channel = shifted(own, n * WIDTH)
    message = shifted(channel, symbols * q * WIDTH)
    following = shifted(message, (edges * q if flooding else 0) * WIDTH)
    room = shifted(following, edges * q * WIDTH)
    values = pointer_to(product)
    decision = seen_as(shifted(room, degree * (q + 3) * WIDTH), values)
    tied = pointer_to(ties)
    state = State(own, channel, message, following, room, decision, tied)
    graph = Graph(
        q,
        m,
        symbols,
        checks,
        pointer_to(column_start),
        pointer_to(row_start),
        pointer_to(by_row),
        pointer_to(symbol),
        pointer_to(coefficient),
        values,
    )
    out, pool_room = pointer_to(decisions), pool_memory()
    pool = pool_in(pool_room)
    active, next_frame, now = u64(0), 0, 0
    while True:
        if next_frame < frames and (idle_lanes(active, WIDTH) >= WIDTH // 4 or active == u64(0)):
            count = 0
            while next_frame < frames and active != EVERY:
                end = min(frames, (next_frame // GROUP + 1) * GROUP)
                active, next_frame, count = hand_out(pool, active, WIDTH, next_frame, end, u64(0), now, count)
            _take_frames(state, graph, pool, count, received)
        if active == u64(0):
            break
        open_ = _decide(state, graph)
        done = ~open_ if stop_at_codeword else u64(0)
        active, count = retire(pool, active, WIDTH, done, now, iterations)
        for i in range(count):
            lane, frame = pool.lanes[i], pool.frames[i]
            ok[frame] = (open_ >> u64(lane)) & u64(1) == u64(0)
            spent[frame] = now - pool.began[lane]
            _write(state, graph, lane, shifted(out, (frame >> 6) * n * GROUP + (frame & 63)))
        idle = idle_lanes(active, WIDTH)
        if active == u64(0) or (next_frame < frames and idle >= WIDTH // 4):
            continue
        for check in range(checks):
            _update_check(state, graph, check)
        if flooding:
            state = State(own, channel, state.following, state.message, room, decision, tied)
        now += 1
    keep_alive(memory)
    keep_alive(ties)
    keep_alive(pool_room)
