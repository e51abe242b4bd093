"""Soft-output Viterbi: metrics of all frames of a vector forward, then back frame by frame."""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel
from ....vectors.vector_kernels import LANES_FLOAT32, keep_alive, pointer_to, shifted, space
from .bcjr_kernels import MOST, TRUNCATED, copy_rows, fill, go_ahead, known_of, room_in

f32 = np.float32


@callee
def cost_of_branch(tables, known, t, label, lane):
    """What a label costs in step t, in one lane."""
    total = f32(0.0)
    digits = tables.digits[label]
    for bit in range(tables.inputs):
        if digits >> bit & 1:
            if t >= known.informed:
                total += known.certain
            elif known.has_prior:
                total += known.prior[np.int64(known.order[t * tables.inputs + bit]) * GROUP + lane]
    for j in range(tables.outputs):
        row = known.row_of[t * tables.outputs + j]
        if row >= 0 and digits >> (tables.inputs + j) & 1:
            total += known.llr[np.int64(row) * GROUP + lane]
    return total


@callee
def way_into(tables, known, metrics, t, state, branch, lane):
    """The metric after step t of the way that comes into a state by a branch, in one lane."""
    at = state * tables.branches + branch
    before = metrics[(t * tables.states + np.int64(tables.into.other[at])) * LANES_FLOAT32 + lane]
    return before + cost_of_branch(tables, known, t, tables.into.label[at], lane)


@callee
def survivor(tables, known, metrics, t, state, lane):
    """The branch by which the best way comes into a state after step t, the first of equals; its metric."""
    best, least = 0, way_into(tables, known, metrics, t, state, 0, lane)
    for branch in range(1, tables.branches):
        metric = way_into(tables, known, metrics, t, state, branch, lane)
        if metric < least:
            best, least = branch, metric
    return best, least


@callee
def weaken(tables, known, metrics, path, t, state, by, lane, reliability):
    """Go back from a state after step t, into which a way comes by a branch, until it is the best way.

    Bits in which the two differ are at most as reliable as the difference of their metrics.
    """
    bits = tables.inputs + tables.outputs
    gap = way_into(tables, known, metrics, t, state, by, lane)
    gap -= way_into(tables, known, metrics, t, np.int64(path[2 * t + 2]), np.int64(path[2 * t + 1]), lane)
    while True:
        at, own = state * tables.branches + by, np.int64(path[2 * t + 2]) * tables.branches + path[2 * t + 1]
        differ = tables.digits[tables.into.label[at]] ^ tables.digits[tables.into.label[own]]
        for bit in range(bits):
            if differ >> bit & 1:
                reliability[t * bits + bit] = min(reliability[t * bits + bit], gap)
        state = np.int64(tables.into.other[at])
        t -= 1
        if t < 0 or state == path[2 * t + 2]:
            return
        by, _ = survivor(tables, known, metrics, t, state, lane)


@callee
def trace_lane(tables, known, metrics, path, lane, reliability):
    """The best way of one lane, and how reliable its bits are; ``path`` has a state and a branch in turn."""
    steps, state = known.steps, 0
    if known.ending == TRUNCATED:
        for s in range(1, tables.states):
            if (
                metrics[(steps * tables.states + s) * LANES_FLOAT32 + lane]
                < (metrics[(steps * tables.states + state) * LANES_FLOAT32 + lane])
            ):
                state = s
    path[2 * steps] = state
    for t in range(steps - 1, -1, -1):
        branch, _ = survivor(tables, known, metrics, t, np.int64(path[2 * t + 2]), lane)
        path[2 * t + 1] = branch
        path[2 * t] = tables.into.other[np.int64(path[2 * t + 2]) * tables.branches + branch]
    for i in range(steps * (tables.inputs + tables.outputs)):
        reliability[i] = MOST
    for t in range(steps):
        for branch in range(tables.branches):
            if branch != path[2 * t + 1]:
                state = np.int64(path[2 * t + 2])
                weaken(tables, known, metrics, path, t, state, branch, lane, reliability)
    if known.ending == TRUNCATED:
        for s in range(tables.states):
            if s != path[2 * steps]:
                branch, _ = survivor(tables, known, metrics, steps - 1, s, lane)
                weaken(tables, known, metrics, path, steps - 1, s, branch, lane, reliability)


@callee
def put_lane(tables, known, path, lane, reliability, information, coded):
    """LLRs of one lane: decisions of the best way, as reliable as they are."""
    bits = tables.inputs + tables.outputs
    for t in range(known.steps):
        own = np.int64(path[2 * t + 2]) * tables.branches + path[2 * t + 1]
        digits = tables.digits[tables.into.label[own]]
        for bit in range(bits):
            size = reliability[t * bits + bit]
            llr = -size if digits >> bit & 1 else size
            if bit < tables.inputs:
                if t < known.informed:
                    information[(t * tables.inputs + bit) * GROUP + lane] = llr
            else:
                row = known.row_of[t * tables.outputs + bit - tables.inputs]
                if row >= 0:
                    coded[np.int64(row) * GROUP + lane] = llr


@kernel
def decode_sova(llr, prior, tables, order, row_of, steps, informed, ending, rows, far, information, coded):
    """LLRs by the soft-output Viterbi algorithm, in float32; arguments are as for ``decode_trellis``."""
    memory = space(rows)
    trellis, room = room_in(memory, tables, steps, steps, far)
    path = np.empty(2 * steps + 1, np.int32)
    reliability = np.empty(steps * (trellis.inputs + trellis.outputs), np.float32)
    for group in range(llr.shape[0]):
        for first in range(0, GROUP, LANES_FLOAT32):
            at = group, first
            known = known_of(llr, prior, at, order, row_of, steps, informed, far, ending, 1, steps)
            fill(room.kept, trellis.states, far[0], 0, far[2])
            copy_rows(room.kept, room.ahead, trellis.states)
            go_ahead(trellis, known, room, 0, steps, 0, None)
            for lane in range(LANES_FLOAT32):
                trace_lane(trellis, known, room.ahead, pointer_to(path), lane, pointer_to(reliability))
                put_lane(
                    trellis,
                    known,
                    pointer_to(path),
                    lane,
                    pointer_to(reliability),
                    shifted(pointer_to(information), group * information.shape[1] * GROUP + first),
                    shifted(pointer_to(coded), group * coded.shape[1] * GROUP + first),
                )
    keep_alive(path)
    keep_alive(memory)
    keep_alive(reliability)
