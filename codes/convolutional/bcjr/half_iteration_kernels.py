"""Max-log decoding of a trellis of up to 16 states with one input, metrics in registers.

Rows of 64 frames are int8, int16 or float32; metrics int16, int32 or float32. While the lanes of one vector
go back through a window, those of the next go forward through theirs: the stores of one hide behind the
arithmetic of the other. What is bound by what: see ``lane_trellis``.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee, inlined
from ....vectors.group_kernels import GROUP
from ....vectors.vector_kernels import equal, negative, shifted, splat
from ..trellis.metric_kernels import widened
from ..trellis.trellis_type_kernels import (
    backward,
    extrinsic,
    forward,
    get_state,
    parity_costs,
    put_mask,
    put_narrow,
    put_state,
    relative,
    scaled_by,
    state_of,
)

#: One use of a trellis, by pointers. Rows of 64 lanes: ``value`` has what is known of inputs, ``given`` what
#: was received of them, ``parity`` what was received of the other bits. Int32: for each step, tail included,
#: ``order`` is the row of its input in ``value``, ``source`` that in ``given``, ``rows`` those of its parity
#: bits in ``parity``, and ``place`` the number of its decision.
Half = namedtuple("Half", ("value", "given", "parity", "order", "source", "rows", "place"))
#: Steps with information bits and all steps; whether the frame begins, and ends, at 0; steps of a window;
#: steps of training, 0 for exact metrics; steps between
#: two reductions, a power of two, less 1; the cost of what cannot be, and 0.
Course = namedtuple(
    "Course", ("steps", "all_steps", "begins", "ends", "window", "training", "mask", "far", "zero")
)
#: What becomes of extrinsic LLRs: pointers to what ``scaled_by`` takes, for each lane, and the largest
#: magnitude of a value; whether values are replaced, and whether decisions are made, into words ``bits`` and,
#: where 0, ``undecided``.
Use = namedtuple("Use", ("factor", "rounding", "limit", "updates", "decides", "bits", "undecided"))
#: Pointers to rows of metrics: of the steps of a window, of the beginnings of windows, of the ends.
Rooms = namedtuple("Rooms", ("steps", "begins", "ends"))


@inlined
def windows_of(steps, window):
    """Windows of a frame."""
    return (steps - 1) // window + 1


@inlined
def rows_of_rooms(steps, window, states, lanes):
    """Rows of memory that ``rooms_in`` takes."""
    return (window + (windows_of(steps, window) + 1) * (GROUP // lanes)) * states


@inlined
def rooms_in(memory, steps, window, states, lanes):
    """The rooms in memory, by a pointer to it, for metrics of so many ``lanes`` a vector."""
    begins = shifted(memory, window * states * lanes)
    return Rooms(memory, begins, shifted(begins, windows_of(steps, window) * GROUP * states))


@inlined
def step_ahead(trellis, half, t, lane, state, zero):
    """Metrics after step t from those before it."""
    u = widened(half.value, np.intp(half.order[t]) * GROUP + lane, zero)
    return forward(trellis, state, u, parity_costs(trellis, half.parity, half.rows, t, lane, zero))


@inlined
def step_back(trellis, half, t, lane, state, zero):
    """Metrics before step t from those after it."""
    u = widened(half.value, np.intp(half.order[t]) * GROUP + lane, zero)
    return backward(trellis, state, u, parity_costs(trellis, half.parity, half.rows, t, lane, zero))


@inlined
def result_and_back(trellis, half, use, room, i, t, lane, state, zero):
    """The result of step t, of which the metrics before it are in row i of a room; and a step back."""
    row = np.intp(half.order[t])
    u = widened(half.value, row * GROUP + lane, zero)
    p = parity_costs(trellis, half.parity, half.rows, t, lane, zero)
    e = extrinsic(trellis, room, i, state, p)
    if use.decides:
        posterior, place = u + e, np.intp(half.place[t])
        put_mask(use.bits, place, lane, negative(posterior))
        put_mask(use.undecided, place, lane, equal(posterior, zero))
    if use.updates:
        given = widened(half.given, np.intp(half.source[t]) * GROUP + lane, zero)
        factor, rounding = widened(use.factor, lane, zero), widened(use.rounding, lane, zero)
        put_narrow(half.value, row * GROUP + lane, given + scaled_by(e, factor, rounding), use.limit)
    return backward(trellis, state, u, p)


@callee
def begin(trellis, half, course, rooms, windows, lanes, zero):
    """Metrics at the ends of frames, and at the beginnings: of all windows, if there is no training."""
    far = splat(course.far)
    parts = GROUP // lanes
    for part in range(parts):
        lane = part * lanes
        state = state_of(trellis, zero, far if course.ends else zero)
        for t in range(course.all_steps - 1, course.steps - 1, -1):
            state = relative(trellis, step_back(trellis, half, t, lane, state, zero))
        put_state(trellis, rooms.ends, part, state)
        state = state_of(trellis, zero, far if course.begins else zero)
        put_state(trellis, rooms.begins, part, state)
        last = 0 if course.training else (windows - 1) * course.window
        for t in range(last):
            state = step_ahead(trellis, half, t, lane, state, zero)
            if t & course.mask == course.mask:
                state = relative(trellis, state)
            if (t + 1) % course.window == 0:
                put_state(trellis, rooms.begins, (t + 1) // course.window * parts + part, state)


@callee
def train(trellis, half, course, state, first, lane, zero):
    """Metrics before a step from those, all the same, that stand some steps after it; or from the end.

    ``state`` has the metrics at the end.
    """
    last = min(first + course.training, course.steps)
    if last < course.steps:
        state = state_of(trellis, zero, zero)
    for t in range(last - 1, first - 1, -1):
        state = step_back(trellis, half, t, lane, state, zero)
        if t & course.mask == 0:
            state = relative(trellis, state)
    return state


@inlined
def window_of_job(course, windows, parts, job):
    """The window of a job: from the last on where metrics are exact, from the first on with training."""
    return job // parts if course.training else windows - 1 - job // parts


@callee
def decode_half(trellis, half, course, use, rooms, lanes):
    """Decode a trellis for 64 frames.

    Both directions share the rows of one window: step i forward is written where step i backward has just
    been read. So rows are in the order of the steps in one job, and the other way around in the next.
    """
    zero = splat(course.zero)
    windows, parts = (course.steps - 1) // course.window + 1, GROUP // lanes
    begin(trellis, half, course, rooms, windows, lanes, zero)
    a = get_state(trellis, rooms.begins, 0, zero)
    for job in range(windows * parts + 1):
        # Forward in this job, and back in the one before.
        first, last, lane, ahead = 0, 0, 0, job < windows * parts
        if ahead:
            w = window_of_job(course, windows, parts, job)
            first, last, lane = (
                w * course.window,
                min((w + 1) * course.window, course.steps),
                job % parts * lanes,
            )
            a = relative(trellis, get_state(trellis, rooms.begins, w * parts + job % parts, zero))
        start, end, side = 0, 0, 0
        b = a
        if job:
            w = window_of_job(course, windows, parts, job - 1)
            start, end = w * course.window, min((w + 1) * course.window, course.steps)
            side = (job - 1) % parts * lanes
            b = relative(trellis, get_state(trellis, rooms.ends, (job - 1) % parts, zero))
            if course.training:
                b = relative(trellis, train(trellis, half, course, b, end, side, zero))
        # Row ``write`` takes step i forward; that of step i backward was written in the job before.
        write, way = (course.window - 1, -1) if job % 2 else (0, 1)
        read = end - start - 1 if job % 2 else course.window - (end - start)
        # As long as there are steps in both directions, and then those of the longer one.
        both = min(last - first, end - start)
        for stretch in range(2):
            begin_, stop = (both, max(last - first, end - start)) if stretch else (0, both)
            onward, backward_ = stop <= last - first, stop <= end - start
            for i in range(begin_, stop):
                if backward_:
                    b = result_and_back(
                        trellis, half, use, rooms.steps, read + way * i, end - 1 - i, side, b, zero
                    )
                if onward:
                    put_state(trellis, rooms.steps, write + way * i, a)
                    a = step_ahead(trellis, half, first + i, lane, a, zero)
                if i & course.mask == course.mask:
                    a, b = relative(trellis, a), relative(trellis, b)
        if ahead and course.training and last < course.steps:
            w = last // course.window
            put_state(trellis, rooms.begins, w * parts + job % parts, a)
        if job and not course.training:
            put_state(trellis, rooms.ends, (job - 1) % parts, b)
