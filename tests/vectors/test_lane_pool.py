"""The pool of lanes against a slow one in Python, for a decoder that takes some given number of rounds a frame."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.vectors.lane_pool_kernels import hand_out, idle_lanes, pool_in, pool_memory, retire
from capgap.vectors.vector_kernels import keep_alive
from numba import njit

Array = npt.NDArray[Any]
u64 = np.uint64


@njit(error_model="numpy")
def decoded(rounds, left, width, most, lane_of, spent):  # type: ignore[no-untyped-def]
    """Decode frames that are done after some rounds; 2 where a frame is decoded twice."""
    memory = pool_memory()
    pool = pool_in(memory)
    active, now, first, frames = u64(0), 0, 0, rounds.size
    every = ~u64(0) >> u64(64 - width)
    while True:
        before = idle_lanes(active, width)
        count = 0
        while first < frames and active != every:
            last = min(frames, (first // 64 + 1) * 64)
            active, first, count = hand_out(pool, active, width, first, last, left[first // 64], now, count)
        for i in range(count):
            lane_of[pool.frames[i]] += pool.lanes[i] + 1
        if before - count != idle_lanes(active, width):
            return -1
        if active == u64(0):
            break
        now += 1
        done = u64(0)
        for lane in range(width):
            if (active >> u64(lane)) & u64(1) and now - pool.began[lane] == rounds[pool.frame_of[lane]]:
                done |= u64(1) << u64(lane)
        active, count = retire(pool, active, width, done, now, most)
        for i in range(count):
            spent[pool.frames[i]] += now - pool.began[pool.lanes[i]]
    keep_alive(memory)
    return now


def expected(rounds: Array, left: Array, width: int, most: int) -> tuple[Array, int]:
    """The lane of each frame, -1 where it is left out; and the rounds in all."""
    lane_of = np.full(len(rounds), -1)
    waiting = [f for f in range(len(rounds)) if not int(left[f // 64]) >> f % 64 & 1]
    busy: dict[int, int] = {}
    now = 0
    while waiting or busy:
        for lane in range(width):
            if lane not in busy and waiting:
                frame = waiting.pop(0)
                lane_of[frame], busy[lane] = lane, min(rounds[frame], most) + now
        now += 1
        busy = {lane: end for lane, end in busy.items() if end > now}
    return lane_of, now


@pytest.mark.parametrize("width", [16, 32, 64])
@pytest.mark.parametrize("frames", [1, 63, 64, 65, 700])
def test_frames_and_lanes(width: int, frames: int) -> None:
    generator = np.random.default_rng([width, frames])
    rounds = generator.integers(1, 9, frames)
    groups = -(-frames // 64)
    for left in (
        np.zeros(groups, np.uint64),
        generator.integers(0, 2**64, groups, np.uint64),
        np.full(groups, 2**64 - 1, np.uint64),
    ):
        lane_of, spent = np.zeros(frames, np.int64), np.zeros(frames, np.int64)
        now = decoded(rounds, left, width, 6, lane_of, spent)
        lanes, total = expected(rounds, left, width, 6)
        np.testing.assert_array_equal(lane_of - 1, lanes)
        np.testing.assert_array_equal(spent, np.where(lanes < 0, 0, np.minimum(rounds, 6)))
        assert now == total
