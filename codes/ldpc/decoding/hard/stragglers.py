"""Frames that take long are put together, so that others need not wait.

All frames of a word, or of a group, take as many iterations as the slowest of them. So a decoder makes some
iterations at first. Frames that are left then fill groups of their own and are begun anew, with more
iterations, and so on. Each frame ends as if it had been alone.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .....vectors.groups import GROUP, Words, groups_of, packed

#: Decisions, uint64 (groups, n), of groups; for each frame, bool, whether it ended as it should, and int32,
#: iterations.
Outcome: TypeAlias = tuple[Words, npt.NDArray[np.bool_], npt.NDArray[np.int32]]
#: What makes up to so many iterations with so many frames in groups.
Run: TypeAlias = Callable[[Sequence[Any], int, int], Outcome]

#: What is left makes so many times as many iterations as before.
FACTOR = 8


def until_all_end(run: Run, inputs: Sequence[Any], frames: int, first: int, iterations: int) -> Outcome:
    """What ``run`` makes of groups with up to so many iterations.

    Parameters
    ----------
    run
        Called with inputs, a number of frames and a number of iterations.
    inputs
        Arrays of groups: packed, uint64 (groups, m), or values, (groups, m, 64); or without a group.
    frames
        How many there are.
    first
        With how many iterations to begin.
    iterations
        The most.
    """
    limit = min(first, iterations)
    bits, ok, spent = run(inputs, frames, limit)
    while limit < iterations:
        left = np.flatnonzero(~ok & (spent == limit))
        if len(left) == 0:
            break
        limit = min(FACTOR * limit, iterations)
        own, own_ok, own_spent = run([chosen(each, left) for each in inputs], len(left), limit)
        put_back(bits, left, own)
        ok[left], spent[left] = own_ok, own_spent
    return bits, ok, spent


def chosen(groups: npt.NDArray[Any], frames: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Groups of these frames alone: of packed bits, uint64 (groups, m), or of values, (groups, m, 64)."""
    if len(groups) == 0:
        return groups
    if groups.ndim == 3:
        made = np.zeros((groups_of(len(frames)), groups.shape[1], GROUP), groups.dtype)
        for i, frame in enumerate(frames.tolist()):
            made[i // GROUP, :, i % GROUP] = groups[frame // GROUP, :, frame % GROUP]
        return made
    lanes = (frames % GROUP).astype(np.uint64)[:, None]
    return packed(((groups[frames // GROUP] >> lanes) & np.uint64(1)).astype(np.uint8))


def put_back(words: Words, frames: npt.NDArray[Any], own: Words) -> None:
    """The inverse of ``chosen``: put the bits of chosen frames into their places."""
    for i, frame in enumerate(frames.tolist()):
        lane, new = np.uint64(frame % GROUP), (own[i // GROUP] >> np.uint64(i % GROUP)) & np.uint64(1)
        kept = words[frame // GROUP] & ~(np.uint64(1) << lane)
        words[frame // GROUP] = kept | (new << lane)
