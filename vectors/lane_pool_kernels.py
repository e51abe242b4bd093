"""Which lane of a vector decodes which frame: one whose frame is done takes the next, so that none waits.

A decoder that ends some frames sooner than others loops over rounds, such as iterations, on all lanes at
once. Between two rounds it lets idle lanes take frames, and after a round retires those that are done. Sets
of lanes are the bits of a uint64. Nothing here knows what is decoded.
"""

from collections import namedtuple

import numpy as np

from .compiling.callee_kernels import inlined
from .group_kernels import GROUP
from .vector_kernels import pointer_to, shifted

#: Entries of a list of lanes: the last 3 are spare, for those who copy frames four at a time.
ENTRIES = GROUP + 3

u64 = np.uint64

#: Pointers to int64: the frame that each lane decodes, and the round before its first; then two lists, the
#: lanes and the frames that were handed out or retired last.
LanePool = namedtuple("LanePool", ("frame_of", "began", "lanes", "frames"))


@inlined
def pool_memory():
    """Memory of a pool, to be kept alive while it is used."""
    return np.empty(4 * ENTRIES, np.int64)


@inlined
def pool_in(memory):
    """The pool in its memory."""
    first = pointer_to(memory)
    return LanePool(first, shifted(first, ENTRIES), shifted(first, 2 * ENTRIES), shifted(first, 3 * ENTRIES))


@inlined
def hand_out(pool, active, width, first, last, leave, now, count):
    """Let idle lanes of ``width`` take the frames ``first`` to ``last`` - 1 of a group, in ascending order.

    Frames whose bit of ``leave`` is set are left out. The lists, of which ``count`` entries are taken, grow
    by what is handed out; ``now`` is the number of rounds before. Returns the lanes that are active, the
    first frame that is left, and the new count.
    """
    for lane in range(width):
        bit = u64(1) << u64(lane)
        if active & bit:
            continue
        while first < last and (leave >> u64(first & (GROUP - 1))) & u64(1):
            first += 1
        if first == last:
            break
        pool.frame_of[lane], pool.began[lane] = first, now
        pool.lanes[count], pool.frames[count] = lane, first
        active |= bit
        first += 1
        count += 1
    return active, first, count


@inlined
def retire(pool, active, width, done, now, most):
    """Lanes whose bit of ``done`` is set, or that have had ``most`` rounds, become idle, and are listed.

    ``now`` is the number of rounds so far. Returns the lanes that are active, and how many were listed.
    """
    count = 0
    for lane in range(width):
        bit = u64(1) << u64(lane)
        if active & bit and (done & bit or now - pool.began[lane] == most):
            pool.lanes[count], pool.frames[count] = lane, pool.frame_of[lane]
            active &= ~bit
            count += 1
    return active, count


@inlined
def idle_lanes(active, width):
    """How many lanes of ``width`` decode nothing."""
    idle = 0
    for lane in range(width):
        idle += (active >> u64(lane)) & u64(1) == u64(0)
    return idle
