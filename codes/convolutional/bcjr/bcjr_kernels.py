"""Soft-output decoding of any trellis, by tables: one frame a lane, in float32 or int32.

Metrics are costs: what is minus the logarithm of a probability, up to a constant. A bit with LLR l costs
nothing as 0 and l as 1. L. R. Bahl, J. Cocke, F. Jelinek and J. Raviv, "Optimal decoding of linear codes for
minimizing symbol error rate", 1974; in the logarithmic domain P. Robertson, E. Villebrun and P. Hoeher, "A
comparison of optimal and sub-optimal MAP decoding algorithms operating in the log domain", 1995.
"""

from collections import namedtuple

import numpy as np
from numba import types
from numba.extending import overload

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.operations.exponential_kernels import least_and_more
from ....vectors.vector_kernels import (
    INLINED,
    LANES_FLOAT32,
    keep_alive,
    load,
    maximum,
    minimum,
    pointer_to,
    rows_in,
    shifted,
    space,
    splat,
    store,
    to_float,
)
from ..trellis.metric_kernels import widened

#: How a frame begins and ends: at 0 and at 0; at 0 and anywhere; in one state, over all of which is summed;
#: in one state, which rounds around the circle find.
ZERO, TRUNCATED, CIRCULAR, WRAPPED = 0, 1, 2, 3
#: Largest magnitude of an a-posteriori LLR: that of a bit which no codeword has as 1.
MOST = np.float32(2.0**20)

f32 = np.float32

#: A trellis: numbers, ways into and out of the states, and pointers to int32: ``parent`` and ``bit`` say of
#: which label another is made by one more bit that is set; ``digits`` are the bits of a label.
Tables = namedtuple(
    "Tables", ("states", "branches", "labels", "inputs", "outputs", "into", "out", "parent", "bit", "digits")
)
#: The branches into or out of each state: pointers to the state at the other end and to the label; and to
#: rows of lanes, what metrics are reduced by in each step.
Ways = namedtuple("Ways", ("other", "label", "less"))
#: What is known of one part of a group: pointers to its LLRs and to priors, whether there are priors, which
#: row of these each input has, and which of the LLRs each output is, -1 where it is not sent; how many steps
#: there are, how many of them have information bits, and what an input of 1 costs in the others; 0; how
#: frames end, how many states a circle can begin in, and steps of a window.
Known = namedtuple(
    "Known",
    (
        "llr",
        "prior",
        "has_prior",
        "order",
        "row_of",
        "steps",
        "informed",
        "certain",
        "zero",
        "ending",
        "circles",
        "window",
    ),
)
#: Where results go, by pointers to rows of 64 lanes, and whether coded bits are wanted.
Results = namedtuple("Results", ("information", "coded", "has_coded"))
#: Pointers to rows of lanes: costs of labels, metrics forward of a window's steps, metrics forward at the
#: beginning of each window, metrics backward and after them, sums by label, and sums over circles.
Room = namedtuple("Room", ("cost", "ahead", "kept", "back", "spare", "sums", "total"))


def combined(a, b, exact):
    """The cost of either of two events: the least; where ``exact`` is not None, -ln(exp(-a) + exp(-b))."""
    raise NotImplementedError("for kernels alone")


@overload(combined, jit_options=INLINED)
def _combined(a, b, exact):
    if isinstance(exact, types.NoneType):
        return lambda a, b, exact: minimum(a, b)
    return lambda a, b, exact: least_and_more(a, b)


def natural(x, unit):
    """A metric as float32 in units of the LLR: times ``unit`` where it is an integer."""
    raise NotImplementedError("for kernels alone")


@overload(natural, jit_options=INLINED)
def _natural(x, unit):
    if x.dtype == types.float32:
        return lambda x, unit: x
    return lambda x, unit: to_float(x) * unit


@callee
def cost_of_labels(tables, known, t, cost):
    """The costs of all labels in step t."""
    nothing = splat(known.zero)
    store(cost, 0, nothing)
    for label in range(1, tables.labels):
        bit = tables.bit[label]
        x = nothing
        if bit < tables.inputs:
            if t >= known.informed:
                x = nothing + known.certain
            elif known.has_prior:
                x = widened(known.prior, np.int64(known.order[t * tables.inputs + bit]) * GROUP, nothing)
        else:
            row = known.row_of[t * tables.outputs + bit - tables.inputs]
            if row >= 0:
                x = widened(known.llr, np.int64(row) * GROUP, nothing)
        store(cost, label, load(cost, tables.parent[label]) + x)


@callee
def step(tables, ways, cost, old, new, t, circle, exact):
    """Metrics of step t from those before or after: costs of the ways to or from each state.

    They are reduced by the least of them. Later circles are reduced as the first one is, so that sums of
    different circles can be compared.
    """
    count = tables.branches
    least = load(old, 0)
    for s in range(tables.states):
        at = s * count
        best = load(old, ways.other[at]) + load(cost, ways.label[at])
        for b in range(1, count):
            best = combined(best, load(old, ways.other[at + b]) + load(cost, ways.label[at + b]), exact)
        store(new, s, best)
        least = best if s == 0 else minimum(least, best)
    if circle == 0:
        store(ways.less, t, least)
    least = load(ways.less, t)
    for s in range(tables.states):
        store(new, s, load(new, s) - least)


@callee
def copy_rows(source, target, count):
    """Copy rows of lanes."""
    for i in range(count):
        store(target, i, load(source, i))


@callee
def fill(rows, count, value, only, zero):
    """``count`` rows of a value, but 0 in row ``only``."""
    for i in range(count):
        store(rows, i, splat(value))
    store(rows, only, splat(zero))


@callee
def sum_labels(tables, room, alpha, beta, far, exact):
    """The cost of all ways through the branches of each label."""
    for label in range(tables.labels):
        store(room.sums, label, splat(far))
    for s in range(tables.states):
        a = load(alpha, s)
        for b in range(tables.branches):
            at = s * tables.branches + b
            label = tables.out.label[at]
            way = a + load(beta, tables.out.other[at]) + load(room.cost, label)
            store(room.sums, label, combined(load(room.sums, label), way, exact))


@inlined
def sums_of_bit(tables, room, bit, far, exact):
    """The cost of all ways on which a bit of the label is 0, and of those on which it is 1."""
    zero, one = splat(far), splat(far)
    for label in range(tables.labels):
        x = load(room.sums, label)
        if (tables.digits[label] >> bit) & 1:
            one = combined(one, x, exact)
        else:
            zero = combined(zero, x, exact)
    return zero, one


@callee
def put_bits(tables, known, room, t, far, unit, circle, exact, results):
    """The LLRs of a step's bits, from the sums of labels; over all circles so far, if there are several."""
    bits = tables.inputs + (tables.outputs if results.has_coded else 0)
    for bit in range(bits):
        row, out = 0, results.information
        if bit < tables.inputs:
            row = t * tables.inputs + bit
            if t >= known.informed:
                continue
        else:
            row, out = known.row_of[t * tables.outputs + bit - tables.inputs], results.coded
            if row < 0:
                continue
        zero, one = sums_of_bit(tables, room, bit, far, exact)
        if known.circles > 1:
            at = 2 * (t * (tables.inputs + tables.outputs) + bit)
            if circle > 0:
                zero = combined(zero, load(room.total, at), exact)
                one = combined(one, load(room.total, at + 1), exact)
            store(room.total, at, zero)
            store(room.total, at + 1, one)
        llr = natural(one - zero, unit)
        store(shifted(out, np.int64(row) * GROUP), 0, minimum(maximum(llr, splat(-MOST)), splat(MOST)))


@callee
def go_ahead(tables, known, room, first, last, circle, exact):
    """Forward from step ``first`` to before ``last``, counted around the circle.

    Metrics before the first step are at ``room.ahead``, and those of a window follow. Of more steps they take
    turns, and those at the beginning of each window are kept. Returns where the last ones are.
    """
    size = tables.states * LANES_FLOAT32
    at = room.ahead
    for t in range(first, last):
        turn = t + 1 - first
        if last - first > min(known.window, known.steps):
            turn %= 2
            if t % known.window == 0 and t < known.steps:
                copy_rows(at, shifted(room.kept, t // known.window * size), tables.states)
        to = shifted(room.ahead, turn * size)
        cost_of_labels(tables, known, t % known.steps, room.cost)
        step(tables, tables.into, room.cost, at, to, t % known.steps, circle, exact)
        at = to
    return at


@inlined
def through(tables, known, room, far, unit, circle, exact, results):
    """Forward through all steps, then window by window forward again and backward.

    The rows ``kept`` begin with the metrics at the beginning, and ``back`` has those at the end.
    """
    size, windows = tables.states * LANES_FLOAT32, (known.steps - 1) // known.window + 1
    beta, after = room.back, room.spare
    for w in range(windows if windows > 1 else 0, -1, -1):
        whole = w == windows
        first = 0 if whole else w * known.window
        last = known.steps if whole else min(first + known.window, known.steps)
        copy_rows(shifted(room.kept, 0 if whole else w * size), room.ahead, tables.states)
        go_ahead(tables, known, room, first, last, circle, exact)
        if whole:
            continue
        for t in range(last - 1, first - 1, -1):
            cost_of_labels(tables, known, t, room.cost)
            sum_labels(tables, room, shifted(room.ahead, (t - first) * size), beta, far, exact)
            put_bits(tables, known, room, t, far, unit, circle, exact, results)
            step(tables, tables.out, room.cost, beta, after, t, circle, exact)
            beta, after = after, beta


@inlined
def go_round(tables, known, room, rounds, circle, exact):
    """Metrics at the beginning and at the end of a circle, from those that are there, by rounds each way."""
    states, count = tables.states, rounds * known.steps
    copy_rows(room.kept, room.ahead, states)
    copy_rows(go_ahead(tables, known, room, circle, count, circle, exact), room.kept, states)
    beta, after = room.back, room.spare
    for t in range(count - 1, -1, -1):
        cost_of_labels(tables, known, t % known.steps, room.cost)
        step(tables, tables.out, room.cost, beta, after, t % known.steps, circle, exact)
        beta, after = after, beta
    copy_rows(beta, room.back, states)


@inlined
def decode_part(tables, known, room, rounds, far, unit, exact, results):
    """A-posteriori LLRs of as many frames as a vector has lanes.

    ``rounds`` are those around a circle; None if no frames end WRAPPED: there is less to compile then.
    """
    states, zero = tables.states, known.zero
    for circle in range(known.circles):
        begins = far if known.ending < WRAPPED else zero
        fill(room.kept, states, begins, circle, zero)
        fill(room.back, states, zero if known.ending == TRUNCATED else begins, circle, zero)
        if rounds is not None and known.ending == WRAPPED:
            go_round(tables, known, room, rounds, circle, exact)
        through(tables, known, room, far, unit, circle, exact, results)


@inlined
def room_in(memory, tables, steps, window, far):
    """The trellis and the room in its memory."""
    (states, branches, labels, inputs, outputs), arrays = tables
    source, source_label, target, target_label, parent, bit, digits = arrays
    cost = rows_in(memory, pointer_to(far))
    sums = shifted(cost, labels * LANES_FLOAT32)
    less_ahead = shifted(sums, labels * LANES_FLOAT32)
    less_back = shifted(less_ahead, steps * LANES_FLOAT32)
    back = shifted(less_back, steps * LANES_FLOAT32)
    spare = shifted(back, states * LANES_FLOAT32)
    kept = shifted(spare, states * LANES_FLOAT32)
    ahead = shifted(kept, (steps + window - 1) // window * states * LANES_FLOAT32)
    totals = shifted(ahead, (min(window, steps) + 1) * states * LANES_FLOAT32)
    trellis = Tables(
        states,
        branches,
        labels,
        inputs,
        outputs,
        Ways(pointer_to(source), pointer_to(source_label), less_ahead),
        Ways(pointer_to(target), pointer_to(target_label), less_back),
        pointer_to(parent),
        pointer_to(bit),
        pointer_to(digits),
    )
    return trellis, Room(cost, ahead, kept, back, spare, sums, totals)


@inlined
def known_of(llr, prior, at, order, row_of, steps, informed, far, ending, circles, window):
    """What is known of one part: at a group and a first lane; arguments as for ``decode_trellis``."""
    group, first = at
    return Known(
        shifted(pointer_to(llr), group * llr.shape[1] * GROUP + first),
        shifted(pointer_to(prior), group * prior.shape[1] * GROUP + first),
        prior.shape[0] > 0,
        pointer_to(order),
        pointer_to(row_of),
        steps,
        informed,
        far[1],
        far[2],
        ending,
        circles,
        window,
    )


@kernel
def decode_trellis(
    llr,
    prior,
    tables,
    order,
    row_of,
    steps,
    informed,
    ending,
    rounds,
    window,
    rows,
    far,
    unit,
    exact,
    information,
    coded,
):
    """A-posteriori LLRs of ``llr``, float32, int16 or int8 (groups, n, 64), in float32.

    ``prior`` has what is known of the inputs, of the type of metrics, (groups, informed k0, 64), or no
    group. ``tables`` are the numbers of ``Tables``, and arrays: ways in, ways out, parents, bits and
    digits; ``order`` says which row of ``prior`` each input has, and ``row_of`` which row of ``llr`` each
    output is, -1 where it is not sent. Steps from ``informed`` on are a tail, where an input of 1 costs
    ``certain``. ``far`` is an array of the type of metrics: the cost of what cannot be, ``certain``, and
    0. ``unit`` is that of integer metrics. ``rounds`` is None unless frames end WRAPPED. Metrics are kept
    of each ``window``-th step, and made anew between. ``exact`` is None for the least costs, and True for
    sums.
    ``information`` is (groups, informed k0, 64), ``coded`` (groups, n, 64), or has no group if it is not
    wanted.
    """
    memory = space(rows)
    trellis, room = room_in(memory, tables, steps, window, far)
    circles = trellis.states if ending == CIRCULAR else 1
    for group in range(llr.shape[0]):
        for part in range(GROUP // LANES_FLOAT32):
            first = part * LANES_FLOAT32
            at = group, first
            known = known_of(llr, prior, at, order, row_of, steps, informed, far, ending, circles, window)
            results = Results(
                shifted(pointer_to(information), group * information.shape[1] * GROUP + first),
                shifted(pointer_to(coded), group * coded.shape[1] * GROUP + first),
                coded.shape[0] > 0,
            )
            decode_part(trellis, known, room, rounds, far[0], unit, exact, results)
    keep_alive(memory)
