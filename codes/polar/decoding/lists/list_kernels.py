"""Successive cancellation lists in float32: the operations of a code, for a few frames at a time.

I. Tal and A. Vardy, "List decoding of polar codes", 2015. Lanes are paths: 16 frames of one path, 8 of two,
..., one of 16; larger lists take several vectors a row.
"""

import numpy as np
from numba import types
from numba.extending import overload

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.group_kernels import GROUP
from .....vectors.kernel_cache import kernel
from .....vectors.vector_kernels import (
    INLINED,
    LANES_FLOAT32,
    as_float,
    as_int,
    bits_of,
    gathered,
    keep_alive,
    load,
    maximum,
    minimum,
    negative,
    pointer_to,
    rows_in,
    seen_as,
    shifted,
    space,
    splat,
    store,
)
from ..operation_kernels import (
    COPY,
    F_RATE_0,
    FIRST_OF_THREE,
    G_ZERO,
    JOIN,
    JOIN_THREE,
    KEEP,
    RATE_0,
    RATE_1,
    REPETITION,
    SECOND_OF_THREE,
    SUMS,
    THIRD_OF_THREE,
    F,
    G,
)
from .list_fork_kernels import ABSENT, OWN_IN_FRAME, Lists, Shifts, copy_row, turn_row
from .list_node_kernels import (
    Forks,
    Sums,
    even_node,
    free_node,
    frozen_half,
    frozen_node,
    join_three,
    join_two,
    keep_node,
    put_sums,
    repeated_node,
    right_of_two,
    second_of_three,
    sums_of_rows,
    third_of_three,
    turn_rows,
)

f32, i32, i64, u16, u64 = np.float32, np.int32, np.int64, np.uint16, np.uint64

#: The row of constant lanes with the number of each lane's frame, after those of ``list_fork_kernels``.
FRAME = 22
#: The largest LLR: metrics stay far below those of lanes without a path.
LARGEST = f32(1e9)
#: Most parts of parts, of lengths up to 2^20 and more.
DEPTH = 32


@inlined
def _receive(lists, received, first, preferred, rows):
    """Rows of LLRs of frames from ``first`` on, a frame's in all its lanes, signs flipped as preferred."""
    frames = load(lists.lanes, FRAME)
    for i in range(len(preferred)):
        x = gathered(shifted(received, i * GROUP + first), frames)
        x = as_float(as_int(x) ^ splat(preferred[i])) + splat(f32(0.0))  # no zero is negative
        x = minimum(maximum(x, splat(-LARGEST)), splat(LARGEST))
        for v in range(lists.count):
            store(rows, i * lists.count + v, x)


@callee
def _begin(lists, sums):
    """One path in each frame, and no sums."""
    for lane in range(LANES_FLOAT32 * lists.count):
        path = lists.lanes[LANES_FLOAT32 * OWN_IN_FRAME + lane] if lists.count == 1 else lane
        lists.metric[lane] = f32(0.0) if path == 0 else ABSENT
    for i in range(sums.words * lists.count):
        store(sums.state, i, splat(i32(0)))


@callee
def _decode(lists, sums, forks, operations, llr, bits, stack, stacked, exact):
    """Run the operations of a code. ``stack`` has turns of left parts, ``stacked`` whether there is one."""
    count, width, depth, turned = lists.count, LANES_FLOAT32 * lists.count, 0, False
    for number in range(len(operations)):
        what, h = operations[number, 0], operations[number, 1]
        first, known = operations[number, 2], operations[number, 3] != 0
        node, target, row = shifted(llr, 2 * h * width), shifted(llr, h * width), shifted(bits, first * width)
        saved = shifted(stack, depth * width)
        if what == F:
            sums_of_rows(node, shifted(node, h * width), target, h * count, exact)
        elif what == G:
            right_of_two(lists, node, shifted(node, h * width), row, target, h, turned)
            stacked[depth] = i64(turned)
            if turned:
                copy_row(lists.turn, saved, count)
            depth += 1
        elif what == G_ZERO:
            sum_of_halves(node, target, h * count)
        elif what == JOIN:
            depth -= 1
            join_two(lists, row, h, turned)
            turned = total_turn(lists, shifted(stack, depth * width), stacked[depth] != 0, turned)
        elif what == COPY:
            for i in range(h * count):
                store(row, i, load(row, h * count + i))
        elif what == FIRST_OF_THREE:
            node = shifted(llr, 3 * h * width)
            sums_of_rows(node, shifted(node, h * width), target, h * count, exact)
            sums_of_rows(target, shifted(node, 2 * h * width), target, h * count, exact)
        elif what == SECOND_OF_THREE:
            second_of_three(lists, shifted(llr, 3 * h * width), row, target, h, turned, exact)
            stacked[depth] = i64(turned)
            if turned:
                copy_row(lists.turn, saved, count)
            depth += 1
        elif what == THIRD_OF_THREE:
            if turned:
                turn_rows(lists, row, h)
            saved = shifted(stack, (depth - 1) * width)
            turned = total_turn(lists, saved, stacked[depth - 1] != 0, turned)
            third_of_three(lists, shifted(llr, 3 * h * width), row, target, h, turned)
            stacked[depth - 1] = i64(turned)
            if turned:
                copy_row(lists.turn, saved, count)
        elif what == JOIN_THREE:
            depth -= 1
            join_three(lists, row, h, turned)
            turned = total_turn(lists, shifted(stack, depth * width), stacked[depth] != 0, turned)
        elif what == F_RATE_0:
            frozen_half(lists, node, shifted(node, h * width), h, exact)
            turned = False
        elif what == RATE_0:
            frozen_node(lists, target, row, h, known, exact)
            turned = False
        elif what == SUMS:
            put_sums(lists, sums, row, first, h)
        elif what == KEEP:
            keep_node(lists, sums, row, seen_as(target, lists.turn), first, h)
        else:
            if what == REPETITION or h == 1:
                last = first + h - 1
                turned = repeated_node(lists, target, row, h, known, exact, forks.so_far, last)
            elif what == RATE_1:
                turned = free_node(lists, forks, target, row, h)
            else:
                turned = even_node(lists, forks, target, row, h, known)
            if turned:
                turn_rows(lists, sums.state, sums.words)


@callee
def sum_of_halves(node, target, rows):
    """LLRs of the right half, where the left one is 0."""
    for i in range(rows):
        store(target, i, load(node, i) + load(node, rows + i))


@inlined
def total_turn(lists, before, turned_before, turned):
    """Make ``turn`` that of an earlier part, then its own; returns whether there is any."""
    if not turned_before:
        return turned
    if turned:
        turn_row(before, lists.turn, lists.spare, lists.count)
    copy_row(before, lists.turn, lists.count)
    return True


def shifts_of(position, scores, n, frame, work):
    """``Shifts`` of the arrays, None of None."""
    raise NotImplementedError("for kernels alone")


@overload(shifts_of, jit_options=INLINED)
def _shifts_of(position, scores, n, frame, work):
    if isinstance(position, types.NoneType):
        return lambda position, scores, n, frame, work: None
    return lambda position, scores, n, frame, work: Shifts(
        pointer_to(position), pointer_to(scores), n, frame, work
    )


@kernel
def decode_lists(
    llr, frames, preferred, operations, kernels, words, slot, added, information, lanes, size, most, masks,
    metrics, exact, position, scores,
):  # fmt: skip
    """Codewords and metrics of all paths.

    Parameters
    ----------
    llr, frames
        float32 (groups, n, 64), and how many frames count.
    preferred
        int32 (n): the sign bit where LLRs are flipped.
    operations, kernels
        Of ``NodeProgram``; int64, the kernels of the code.
    words, slot, added, information
        Of ``PendingSums``; ``added`` with an entry at least.
    lanes
        int32 (23, 16): see ``list_fork_kernels`` and ``FRAME``.
    size
        Paths.
    most
        int64 (2): of how many rows a path may fork in a node whose bits are all free, or all but the first;
        0 for all.
    masks
        uint16 (groups, n, 4 size): receives codewords, for each position bits of all paths: those of a frame
        beside each other, frame after frame.
    metrics
        float32 (groups, 64 size): receives metrics, ``ABSENT`` or more where there is no path.
    exact
        None for min-sum.
    position, scores
        None; or int64 (64 groups), the position at which each frame keeps the candidates that it would leave
        out, -1 for none, and float32 (64 groups, n), 0 before: receives how probable what is left out at each
        information bit is, over what is kept. Then all nodes are ``repetition`` or ``rate-0``.
    """
    n = llr.shape[1]
    count, side_by_side = max(1, size // LANES_FLOAT32), max(1, LANES_FLOAT32 // size)
    memory = space((4 * n + DEPTH + words + 13) * count)
    received = pointer_to(llr)
    floats = rows_in(memory, received)
    own = pointer_to(lanes)
    width = LANES_FLOAT32 * count
    turns = shifted(floats, 2 * n * width)
    bits = seen_as(turns, own)
    leaf_turns = shifted(bits, n * width)
    stack = shifted(leaf_turns, n * width)
    state = shifted(stack, DEPTH * width)
    rows = shifted(state, words * width)
    flags = np.zeros(n + DEPTH + 1, np.int64)
    sets = np.zeros(2 * count, np.uint64)
    leaf_flags, stacked, die = pointer_to(flags), shifted(pointer_to(flags), n), pointer_to(sets)
    now = shifted(leaf_flags, n + DEPTH)
    shifts = shifts_of(position, scores, n, now, seen_as(shifted(rows, 11 * width), floats))
    lists = Lists(
        size, count, own, seen_as(rows, floats), seen_as(shifted(rows, width), floats),
        seen_as(shifted(rows, 2 * width), floats), shifted(rows, 3 * width), shifted(rows, 4 * width), die,
        shifted(die, count), shifts,
    )  # fmt: skip
    forks = Forks(
        leaf_turns, leaf_flags, shifted(rows, 5 * width), shifted(rows, 6 * width), most[0], most[1]
    )
    tables = pointer_to(slot), pointer_to(added), pointer_to(information)
    sums = Sums(words, state, *tables, kernels)
    batches = -(-frames // side_by_side)
    each = GROUP // side_by_side
    for batch in range(batches):
        group, part = batch // each, batch % each
        now[0] = batch * side_by_side
        rows_received = shifted(floats, n * width)
        _receive(lists, shifted(received, group * n * GROUP), part * side_by_side, preferred, rows_received)
        _begin(lists, sums)
        _decode(lists, sums, forks, operations, floats, bits, stack, stacked, exact)
        for i in range(n):
            for v in range(count):
                mask = bits_of(negative(load(bits, i * count + v)))
                masks[group, i, part * count + v] = u16(mask)
        for lane in range(width):
            metrics[group, part * width + lane] = lists.metric[lane]
    keep_alive(memory)
    keep_alive(flags)
    keep_alive(sets)


@kernel
def gather_paths(masks, groups, path, open_, words):
    """Codewords of one path of each frame, packed.

    Parameters
    ----------
    masks
        uint64 (all groups, n, size): what ``decode_lists`` makes.
    groups
        int64 (groups): the groups that are wanted.
    path, open_
        int64 (groups, 64), the path of each frame, and uint64 (groups), which frames are wanted.
    words
        uint64 (groups, n): receives the codewords, 0 of other frames.
    """
    n, size = masks.shape[1], masks.shape[2]
    for number in range(len(groups)):
        for i in range(n):
            row, word = masks[groups[number], i], u64(0)
            for frame in range(GROUP):
                if (open_[number] >> u64(frame)) & u64(1):
                    lane = u64(frame * size + path[number, frame])
                    word |= ((row[lane >> u64(6)] >> (lane & u64(63))) & u64(1)) << u64(frame)
            words[number, i] = word
