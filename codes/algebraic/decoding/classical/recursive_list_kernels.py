"""Recursive decoding of Reed-Muller codes: paths of several frames in the lanes of vectors.

A row has a lane for each path: of F frames with L paths each, path p of frame f is lane L f + p. Bits are
signs, 1.0 for 0 and -1.0 for 1.
"""

import numpy as np
from numba import types
from numba.extending import overload

from .....vectors.compiling.callee_kernels import callee, inlined
from .....vectors.group_kernels import GROUP, MESSAGE_MAX
from .....vectors.kernel_cache import kernel
from .....vectors.operations.exponential_kernels import exp_minus, log_ratio
from .....vectors.vector_kernels import (
    INLINED,
    LANES_FLOAT32,
    below,
    keep_alive,
    load,
    magnitude,
    minimum,
    pointer_to,
    rows_in,
    seen_as,
    select,
    shifted,
    space,
    splat,
    store,
    to_float,
)
from ....polar.decoding.box_plus_kernels import box_plus

f32, i32, i64, u64 = np.float32, np.int32, np.int64, np.uint64

#: Operations: the LLRs of a left half and of a right half, the sum of the two in the left, and a leaf.
LEFT, RIGHT, JOIN, LEAF = 0, 1, 2, 3
#: More than any metric: that of a path that is not there.
ABSENT = f32(1e30)
#: Where the number of a word stands above a lane.
LANE_BITS, LAST_LANE = 16, 0xFFFF


@callee
def left_half(source, target, count, exact):
    """LLRs of the left half, the sum of two codewords: ``count`` vectors."""
    for i in range(count):
        store(target, i, box_plus(load(source, i), load(source, count + i), exact))


@callee
def right_half(source, signs, target, count):
    """LLRs of the right half, where the left one is known."""
    for i in range(count):
        store(target, i, load(source, i) * load(signs, i) + load(source, count + i))


@callee
def join(signs, count):
    """The left half becomes the sum of both."""
    for i in range(count):
        store(signs, i, load(signs, i) * load(signs, count + i))


def more(total, x, exact):
    """A sum of the magnitudes of LLRs, of which half is what a bit costs that is against all of them.

    Where ``exact`` is not None, with twice what a bit costs whichever it is: ln(1 + exp(-|x|)).
    """
    raise NotImplementedError("for kernels alone")


@overload(more, jit_options=INLINED)
def _more(total, x, exact):
    if isinstance(exact, types.NoneType):
        return lambda total, x, exact: total + magnitude(x)
    return lambda total, x, exact: total + _exact_cost(magnitude(x))


@inlined
def _exact_cost(size):
    one = splat(f32(1.0))
    return size + log_ratio(one + exp_minus(minimum(size, splat(f32(87.0)))), one) * f32(2.0)


@callee
def correlate(llr, words, length, parts, sizes, exact):
    """Correlations with all words of the first order, by the fast Hadamard transform, and sums of ``more``.

    ``llr`` and ``words`` have ``length`` rows of ``parts`` vectors, and ``sizes`` has one. Row t of ``words``
    belongs to the bits at j that are the parity of the binary number j & t.
    """
    for part in range(parts):
        total = splat(f32(0.0))
        for i in range(length):
            x = load(llr, i * parts + part)
            store(words, i * parts + part, x)
            total = more(total, x, exact)
        store(sizes, part, total)
    h = 1
    while h < length:
        for first in range(0, length, 2 * h):
            for i in range(first * parts, (first + h) * parts):
                a, b = load(words, i), load(words, i + h * parts)
                store(words, i, a + b)
                store(words, i + h * parts, a - b)
        h *= 2


@callee
def put_words(chosen, signs, length, parts):
    """The words that lanes have chosen, numbers 2 t + 1 for the complement of the word t."""
    one, last = splat(f32(1.0)), splat(i32(1))
    for part in range(parts):
        number = load(chosen, part)
        store(signs, part, one - to_float(number & last) * f32(2.0))
        h = 1
        while h < length:
            number = number >> i32(1)
            sign = one - to_float(number & last) * f32(2.0)
            for i in range(h):
                store(signs, (h + i) * parts + part, load(signs, i * parts + part) * sign)
            h *= 2


@callee
def choose_one(words, sizes, count, parts, chosen, metrics):
    """Without lists: in each lane the word of the largest correlation, the first of equals."""
    for part in range(parts):
        best, number = load(words, part), splat(i32(0))
        for t in range(1, count):
            x = load(words, t * parts + part)
            larger = below(magnitude(best), magnitude(x))
            best, number = select(larger, x, best), select(larger, splat(i32(2 * t)), number)
        number = select(below(best, splat(f32(0.0))), number + i32(1), number)
        store(chosen, part, number)
        cost = (load(sizes, part) - magnitude(best)) * f32(0.5)
        store(metrics, part, load(metrics, part) + cost)


@inlined
def _sink(costs, numbers, size, cost, number):
    """Replace the largest of a heap."""
    at = 0
    while 2 * at + 1 < size:
        child = 2 * at + 1
        if child + 1 < size and costs[child + 1] > costs[child]:
            child += 1
        if costs[child] <= cost:
            break
        costs[at], numbers[at] = costs[child], numbers[child]
        at = child
    costs[at], numbers[at] = cost, number


@callee
def choose_list(words, sizes, count, lanes, first, paths, metrics, costs, numbers):
    """The best continuations of the paths of a frame, as many as it has paths.

    ``costs`` and ``numbers`` receive their metrics, and 2 t + 1 or 2 t as in ``put_words`` above the lane,
    from bit 16 on.
    """
    for p in range(paths):
        costs[p], numbers[p] = ABSENT, i64(0)
    for p in range(paths):
        lane = first + p
        if metrics[lane] >= costs[0]:
            continue
        least = sizes[lane] - (costs[0] - metrics[lane]) * f32(2.0)  # of correlations that can be kept
        for t in range(count):
            x = words[t * lanes + lane]
            size = abs(x)
            if size <= least:
                continue
            number = i64(2 * t) + i64(x < f32(0.0))
            cost = metrics[lane] + (sizes[lane] - size) * f32(0.5)
            if cost < costs[0]:
                _sink(costs, numbers, paths, cost, number << LANE_BITS | lane)
                cost = metrics[lane] + (sizes[lane] + size) * f32(0.5)
                if cost < costs[0]:
                    _sink(costs, numbers, paths, cost, (number ^ 1) << LANE_BITS | lane)
                least = sizes[lane] - (costs[0] - metrics[lane]) * f32(2.0)


@callee
def place(costs, numbers, first, paths, chosen, metrics, kept, moves, sources, count):
    """Put continuations into lanes: the first of each path into its own, others into those of ended ones.

    ``moves`` and ``sources`` receive, from ``count`` on, the lanes that become copies of others. Returned is
    how many there are then.
    """
    for p in range(paths):
        kept[first + p] = -1
        metrics[first + p] = ABSENT
    for c in range(paths):
        lane = numbers[c] & LAST_LANE
        if costs[c] < ABSENT and kept[lane] < 0:
            kept[lane] = c
    free = first
    for c in range(paths):
        if costs[c] >= ABSENT:
            continue
        lane = numbers[c] & LAST_LANE
        if kept[lane] != c:
            while kept[free] >= 0:
                free += 1
            kept[free] = c
            moves[count], sources[count] = free, lane
            count += 1
            lane = free
        chosen[lane], metrics[lane] = i32(numbers[c] >> LANE_BITS), costs[c]
    return count


@callee
def copy_lanes(values, rows, lanes, moves, sources, count):
    """Copy lanes of rows of float32."""
    for i in range(rows):
        for j in range(count):
            values[i * lanes + moves[j]] = values[i * lanes + sources[j]]


@kernel
def decode_paths(llr, frames, preferred, operations, levels, paths, lanes, exact, bits, doubtful):
    """Codewords, packed in ``bits``, and where the best two paths are as likely, in ``doubtful``.

    Parameters
    ----------
    llr, frames
        float32 (groups, n, 64), of so many frames.
    preferred
        float32 (n): the signs of the codeword that ties prefer.
    operations
        int64 (operations, 4): which one, the level, which has 2^level positions, and the first position; of a
        leaf also how many words it has beside their complements, and, from bit 32 on, the levels above whose
        right halves are still to come.
    levels, paths, lanes
        log2 of n, paths of a frame, and lanes: a multiple of 16 and of ``paths``.
    exact
        None for min-sum.
    bits, doubtful
        uint64 (groups, n) and (groups), all 0.
    """
    n, parts, together = 1 << levels, lanes // LANES_FLOAT32, lanes // paths
    # Level l has the rows from 2^l on; after those of all levels come those of bits, and of correlations.
    memory = space((4 * n + 3) * parts)
    rows = rows_in(memory, pointer_to(llr))
    width = i64(lanes)
    signs = shifted(rows, 2 * n * width)
    words = shifted(signs, n * width)
    sizes = shifted(words, n * width)
    metrics = shifted(sizes, width)
    chosen = seen_as(shifted(metrics, width), pointer_to(np.empty(0, np.int32)))
    kept = np.empty(lanes, np.int64)
    costs, numbers = np.empty(paths, np.float32), np.empty(paths, np.int64)
    moves, sources = np.empty(lanes, np.int64), np.empty(lanes, np.int64)
    for start in range(0, frames, together):
        for lane in range(lanes):
            frame = min(start + lane // paths, frames - 1)
            metrics[lane] = f32(0.0) if lane % paths == 0 else ABSENT
            for i in range(n):
                x = llr[frame // GROUP, i, frame % GROUP]  # small ones are to count beside certain ones
                rows[(n + i) * width + lane] = min(max(x, -MESSAGE_MAX), MESSAGE_MAX) * preferred[i]
        for o in range(len(operations)):
            kind, level, at = operations[o, 0], operations[o, 1], operations[o, 2]
            h = i64(1) << level
            here, node = shifted(rows, h * width), shifted(signs, at * width)
            if kind == LEFT:
                left_half(here, shifted(rows, h // 2 * width), h // 2 * parts, exact)
            elif kind == RIGHT:
                right_half(here, node, shifted(rows, h // 2 * width), h // 2 * parts)
            elif kind == JOIN:
                join(node, h // 2 * parts)
            else:
                count, above = operations[o, 3] & 0xFFFFFFFF, operations[o, 3] >> 32
                correlate(here, words, h, parts, sizes, exact)
                if paths == 1:
                    choose_one(words, sizes, count, parts, chosen, metrics)
                else:
                    moved = i64(0)
                    for first in range(0, lanes, paths):
                        choose_list(words, sizes, count, lanes, first, paths, metrics, costs, numbers)
                        moved = place(
                            costs, numbers, first, paths, chosen, metrics, kept, moves, sources, moved
                        )
                    if moved:
                        copy_lanes(signs, at, lanes, moves, sources, moved)
                        for upper in range(level + 1, levels):
                            if above >> upper & 1:
                                part = shifted(rows, width << upper)
                                copy_lanes(part, i64(1) << upper, lanes, moves, sources, moved)
                put_words(chosen, node, h, parts)
        for f in range(min(together, frames - start)):
            best, second = f * paths, ABSENT
            for lane in range(f * paths + 1, (f + 1) * paths):
                if metrics[lane] < metrics[best]:
                    best, second = lane, metrics[best]
                elif metrics[lane] < second:
                    second = metrics[lane]
            group, place_ = (start + f) // GROUP, u64((start + f) % GROUP)
            doubtful[group] |= u64(second <= metrics[best]) << place_
            for i in range(n):
                bits[group, i] |= u64(signs[i * width + best] * preferred[i] < f32(0.0)) << place_
    keep_alive(memory)
