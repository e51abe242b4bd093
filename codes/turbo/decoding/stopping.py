"""Stop rules of turbo decoding: frames that are done give their lanes to the next ones.

R. Y. Shao, S. Lin and M. P. C. Fossorier, "Two simple stopping criteria for turbo decoding", 1999, for
agreeing hard decisions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import Words, frame_flags, groups_of
from ...decoder import Check
from ...tie_breaking import frames_without
from .turbo_kernels import move_bits, move_frames
from .turbo_rows import TurboRows

#: Information bits that a stop rule looks at together, at least: there are as many lanes for them.
TOGETHER = 1 << 20
#: Lanes take frames when one in so many is free.
FEWEST_FREE = 8
#: The slots of an iteration's two half-iterations.
SLOTS = np.arange(2, dtype=np.int32)

_Flags = npt.NDArray[np.bool_]
#: Decisions, ties, whether the stop rule was fulfilled, iterations.
_Outcome = tuple[Words, Words, _Flags, npt.NDArray[np.int32]]


@dataclass(eq=False)
class Stopping:
    """Decodes frames until each one's stop rule is fulfilled; lanes that are free take the next frames.

    The rule is looked at after each half-iteration. Both of an iteration are made at once, since lanes take
    frames between iterations only.

    Attributes
    ----------
    half_iterations
        ``TurboDecoder.run``.
    rows, scales
        Of the code, and a scale for each half-iteration.
    check
        What ends a frame: that its decisions pass it; None: that they are those of the half-iteration before.
    k, counted
        Information bits of a frame, and the iterations after each of which decisions are kept.
    received
        LLRs as kernels take them, (groups, rows, 64).
    frames
        How many of them there are.
    """

    half_iterations: Callable[..., None]
    rows: TurboRows
    scales: npt.NDArray[np.float64]
    check: Check | None
    k: int
    counted: int
    received: npt.NDArray[Any]
    frames: int

    def __post_init__(self) -> None:
        groups = min(len(self.received), max(1, TOGETHER // (GROUP * self.k)))
        self.llr = np.zeros((groups, *self.received.shape[1:]), self.received.dtype)
        most = max(self.received.shape[1], self.rows.sources.size)
        self.all_rows = np.arange(most, dtype=np.int32)
        self.value = np.zeros((groups, self.rows.sources.size, GROUP), self.received.dtype)
        #: The frame of each lane, -1 if it is free, and the half-iterations it has had.
        self.frame = np.full(groups * GROUP, -1, np.int64)
        self.had = np.zeros(groups * GROUP, np.int64)
        self.next_frame = 0
        shape = (len(self.received), self.k)
        self.bits, self.undecided = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        self.ok, self.spent = np.zeros(self.frames, np.bool_), np.zeros(self.frames, np.int32)
        #: The same after each iteration, of frames that had not ended with it, if iterations are counted.
        self.after = np.zeros((self.counted, *shape), np.uint64)
        self.open_after = np.zeros_like(self.after)

    def decode(self) -> _Outcome:
        """What comes out of all frames."""
        before: Words | None = None
        while True:
            self._take_frames()
            if (self.frame < 0).all():
                return self.bits, self.undecided, self.ok, self.spent
            before = self._iterate(self._compact(before))

    def _iterate(self, before: Words | None) -> Words:
        """Make an iteration, and free the lanes of frames that it ends; returns its last decisions.

        ``before`` are the decisions before it.
        """
        shape = (2, len(self.llr), self.k)
        bits, open_ = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        turns = np.minimum(self.had + np.arange(2)[:, None], len(self.scales) - 1)
        scales = self.scales[turns].reshape(2, -1, GROUP)
        # Which decoder it is follows from the number; values have been begun.
        self.half_iterations(self.llr, self.value, 2, SLOTS, scales, bits, open_)
        for half in range(2):
            self.had[self.frame >= 0] += 1
            fulfilled = self._fulfilled(bits[half], open_[half], before)
            if half and self.counted:
                self._keep(bits[half], open_[half])
            self._retire(bits[half], open_[half], fulfilled)
            before = bits[half]
        last: Words = bits[1]
        return last

    def _fulfilled(self, bits: Words, undecided: Words, before: Words | None) -> _Flags:
        """Whether the stop rule is fulfilled in each lane, by decisions and those before; one a lane."""
        lanes = len(self.frame)
        untied: _Flags = frames_without(undecided, lanes)
        if self.check is not None:
            return untied & frame_flags(self.check.accepts(bits), lanes)
        if before is None:
            return np.zeros(lanes, np.bool_)
        # A frame that is new has no decisions of its own before the first ones.
        return untied & frames_without(bits ^ before, lanes) & (self.had > 1)

    def _take_frames(self) -> None:
        """Let free lanes take frames."""
        free = np.flatnonzero(self.frame < 0)
        if FEWEST_FREE * len(free) < len(self.frame):
            return
        count = min(len(free), self.frames - self.next_frame)
        lanes = free[:count]
        taken = np.arange(self.next_frame, self.next_frame + count)
        move_frames(self.received, self.llr, self.all_rows[: self.llr.shape[1]], taken, lanes)
        move_frames(self.llr, self.value, self.rows.sources, lanes, lanes)
        self.frame[lanes], self.had[lanes] = taken, 0
        self.next_frame += count

    def _compact(self, before: Words | None) -> Words | None:
        """When there are no more, put frames into as few groups as they need.

        Those in groups behind move into lanes that are free.
        """
        groups = groups_of(int(np.count_nonzero(self.frame >= 0)))
        kept = groups * GROUP
        if self.next_frame < self.frames or kept == len(self.frame):
            return before
        origins = kept + np.flatnonzero(self.frame[kept:] >= 0)
        targets = np.flatnonzero(self.frame[:kept] < 0)[: len(origins)]
        for each in (self.llr, self.value):
            move_frames(each, each, self.all_rows[: each.shape[1]], origins, targets)
        self.llr, self.value = self.llr[:groups], self.value[:groups]
        self.frame[targets], self.had[targets] = self.frame[origins], self.had[origins]
        self.frame, self.had = self.frame[:kept], self.had[:kept]
        if before is None:
            return None
        move_bits(before, before, origins, targets)
        return np.ascontiguousarray(before[:groups])

    def _keep(self, bits: Words, undecided: Words) -> None:
        """Keep the decisions after an iteration, which lanes are in different ones of."""
        busy = np.flatnonzero(self.frame >= 0)
        for iteration in np.unique(self.had[busy] // 2).tolist():
            lanes = busy[self.had[busy] // 2 == iteration]
            move_bits(bits, self.after[iteration - 1], lanes, self.frame[lanes])
            move_bits(undecided, self.open_after[iteration - 1], lanes, self.frame[lanes])

    def _retire(self, bits: Words, undecided: Words, fulfilled: _Flags) -> None:
        """Keep what came out of frames that are done, and free their lanes."""
        lanes = np.flatnonzero((self.frame >= 0) & (fulfilled | (self.had >= len(self.scales))))
        frames = self.frame[lanes]
        move_bits(bits, self.bits, lanes, frames)
        if undecided.any():
            move_bits(undecided, self.undecided, lanes, frames)
        self.ok[frames], self.spent[frames] = fulfilled[lanes], (self.had[lanes] + 1) // 2
        self.frame[lanes] = -1
