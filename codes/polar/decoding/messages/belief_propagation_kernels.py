"""Belief propagation on the factor graph of the polar transform, a frame in each lane of float32."""

from collections import namedtuple

import numpy as np
from numba import njit

from .....vectors.group_kernels import GROUP
from .....vectors.kernel_cache import kernel
from .....vectors.lane_pool_kernels import hand_out, idle_lanes, pool_in, pool_memory, retire
from .....vectors.vector_kernels import (
    LANES_FLOAT32,
    bits_of,
    equal,
    keep_alive,
    load,
    negative,
    pointer_to,
    rows_in,
    shifted,
    space,
    splat,
    store,
)
from ...transform_kernels import transform
from .message_kernels import from_copy, from_sum

f32, u64 = np.float32, np.uint64

#: Pointers to n rows for each stage, from u on: messages towards u in ``left``, and from u in ``right``. n is
#: the length.
Stages = namedtuple("Stages", ("left", "right", "n"))


@njit(nogil=True, error_model="numpy")
def to_the_left(stage, stages, h, first, exact, scale):
    """Messages to the halves of a node, h rows each, which is at ``stage`` + 1."""
    at = stage * stages.n + first
    for i in range(at, at + h):
        a, b = load(stages.left, i + stages.n), load(stages.left, i + h + stages.n)
        store(stages.left, i, from_sum(a, b, load(stages.right, i + h), exact, scale))
        store(stages.left, i + h, from_copy(a, load(stages.right, i), b, exact, scale))


@njit(nogil=True, error_model="numpy")
def to_the_right(stage, stages, h, first, exact, scale):
    """Messages from the halves of a node."""
    at = stage * stages.n + first
    for i in range(at, at + h):
        a, b = load(stages.left, i + stages.n), load(stages.left, i + h + stages.n)
        x, y = load(stages.right, i), load(stages.right, i + h)
        store(stages.right, i + stages.n, from_sum(x, b, y, exact, scale))
        store(stages.right, i + h + stages.n, from_copy(a, x, y, exact, scale))


@njit(nogil=True, error_model="numpy")
def iterate(nodes, count, stages, exact, scale):
    """From the channel to u, stage by stage, and back."""
    for number in range(count):
        at = shifted(nodes, 3 * number)
        to_the_left(at[0], stages, at[1], at[2], exact, scale)
    for number in range(count - 1, -1, -1):
        at = shifted(nodes, 3 * number)
        to_the_right(at[0], stages, at[1], at[2], exact, scale)


@njit(nogil=True, error_model="numpy", inline="always")
def signs(stages, stage, words):
    """The signs of the LLRs of a stage, a word for each bit; returns the lanes in which one is 0."""
    open_, zero = u64(0), splat(f32(0.0))
    for i in range(stages.n):
        at = stage * stages.n + i
        total = load(stages.left, at) + load(stages.right, at)
        words[0, i] = bits_of(negative(total))
        open_ |= bits_of(equal(total, zero))
    return open_


@njit(nogil=True, error_model="numpy", inline="always")
def mismatches(stages, last, kernels, u, x):
    """The lanes in which the decisions on x are not the transform of those on u, or one is open."""
    found = signs(stages, 0, u) | signs(stages, last, x)
    transform(u, kernels, False)
    for i in range(stages.n):
        found |= u[0, i] ^ x[0, i]
    return found


@njit(nogil=True, error_model="numpy", inline="always")
def fill_lane(stages, last, lane, llr, prior, positions, start):
    """Give a lane a frame: its LLRs, and what u tells before anything is received.

    ``llr`` and ``prior`` are pointers to the frame's own entries, 64 apart; ``prior`` may be None.
    """
    left, right = shifted(stages.left, lane), shifted(stages.right, lane)
    for i in range(stages.n):
        left[(last * stages.n + i) * LANES_FLOAT32] = llr[i * GROUP]
    for row in range((last + 1) * stages.n):
        right[row * LANES_FLOAT32] = start[row]
    if prior is not None:
        for j in range(positions.size):
            right[positions[j] * LANES_FLOAT32] = prior[j * GROUP]


@njit(nogil=True, error_model="numpy", inline="always")
def write_lane(stages, last, lane, positions, information, coded):
    """The sums of both messages at u and at x, to a frame's own entries, 64 apart."""
    left, right = shifted(stages.left, lane), shifted(stages.right, lane)
    for j in range(positions.size):
        row = positions[j] * LANES_FLOAT32
        information[j * GROUP] = left[row] + right[row]
    for i in range(stages.n):
        row = (last * stages.n + i) * LANES_FLOAT32
        coded[i * GROUP] = left[row] + right[row]


@kernel
def propagate(
    llr,
    frames,
    prior,
    positions,
    nodes,
    kernels,
    start,
    iterations,
    exact,
    scale,
    stop_at_codeword,
    information,
    coded,
    spent,
):
    """LLRs of information bits, (groups, k, 64), and of coded bits, (groups, n, 64), and iterations.

    From LLRs, float32 (groups, n, 64). ``prior`` has LLRs of the information bits, (groups, k, 64), or no
    group. ``positions``, int64 (k), are theirs in u. ``nodes``, int64 (nodes, 3), are those that are not
    known, large ones first: the stage of their halves, rows and first position of the left half.
    ``kernels``, int64, are all 2, and ``start``, float32 (stages n), has the first messages from u.
    ``exact`` is True for the exact box-plus, None for min-sum times ``scale``.
    """
    n, k, width = llr.shape[1], positions.size, LANES_FLOAT32
    last = kernels.size
    rows = (last + 1) * n
    memory, given, priors = space(2 * rows), pointer_to(llr), pointer_to(prior)
    left = rows_in(memory, given)
    for row in range(rows):
        store(left, row, splat(f32(0.0)))
    stages = Stages(left, shifted(left, rows * width), n)
    of_bits, of_code, steps = pointer_to(information), pointer_to(coded), pointer_to(nodes)
    u, x = np.zeros((1, n), np.uint64), np.zeros((1, n), np.uint64)
    pool_memory_ = pool_memory()
    pool = pool_in(pool_memory_)
    active, next_frame, now = u64(0), 0, 0
    while True:
        if idle_lanes(active, width) >= width // 8 or active == u64(0):
            active, next_frame, count = hand_out(pool, active, width, next_frame, frames, u64(0), now, 0)
            for number in range(count):
                lane, group, own = (
                    pool.lanes[number],
                    pool.frames[number] // GROUP,
                    pool.frames[number] % GROUP,
                )
                received = shifted(given, group * n * GROUP + own)
                if prior.shape[0]:
                    known = shifted(priors, group * k * GROUP + own)
                    fill_lane(stages, last, lane, received, known, positions, start)
                else:
                    fill_lane(stages, last, lane, received, None, positions, start)
        if active == u64(0):
            break
        iterate(steps, len(nodes), stages, exact, splat(scale))
        now += 1
        done = ~mismatches(stages, last, kernels, u, x) if stop_at_codeword else u64(0)
        active, count = retire(pool, active, width, done, now, iterations)
        for number in range(count):
            lane, frame = pool.lanes[number], pool.frames[number]
            spent[frame] = now - pool.began[lane]
            group, own = frame // GROUP, frame % GROUP
            bits = shifted(of_bits, group * k * GROUP + own)
            write_lane(stages, last, lane, positions, bits, shifted(of_code, group * n * GROUP + own))
    keep_alive(memory)
    keep_alive(pool_memory_)
