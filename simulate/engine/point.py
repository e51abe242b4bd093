"""A point of a run: an experiment at one value of its parameter, and how far it has come."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ...vectors.group_kernels import GROUP
from ..link.counting.frame_counts import FrameCounts
from ..results.rows import Row, make_row
from ..statistics.stop_rules import Outlook, StopRules, commit, ended_by, frames_needed
from ..statistics.tally import Tally
from .experiment import Experiment, ExperimentPoint

#: Most frames of a block, so that the counts of blocks that wait for an earlier one take little memory
#: even where every frame is wrong.
MAX_BLOCK = 1 << 18
#: The smallest block, even where it takes longer than it should: four frames a lane, so that decoders can put
#: the next frame where one is done.
REFILLED = 4 * GROUP


@dataclass(eq=False)
class Point:
    """A point of a run.

    Attributes
    ----------
    experiment, at
        What is simulated.
    rules
        When the point ends.
    tally
        Counts of the frames committed so far.
    seconds
        Computing time of the committed blocks.
    stop
        The rule that ended the point, or "".
    resumed
        Frames that were there when this run began.
    scheduled
        The frame after the last one that was handed to a worker.
    seconds_per_frame
        What the last block took, by its frames; None before the first.
    pending
        Finished blocks that wait for one before them, by their first frame.
    """

    experiment: Experiment[Any]
    at: ExperimentPoint
    rules: StopRules
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    stop: str = ""
    resumed: int = 0
    scheduled: int = 0
    seconds_per_frame: float | None = None
    pending: dict[int, tuple[FrameCounts, float]] = field(default_factory=dict)
    _row: tuple[tuple[Tally, float, str], Row] | None = field(default=None, init=False, repr=False)

    @property
    def value(self) -> float:
        """The parameter's value."""
        return self.at.value

    @property
    def key(self) -> str:
        """Hash of everything that defines the point's frames."""
        return self.at.key

    @cached_property
    def k(self) -> int:
        """Bits of a frame, whose errors are counted."""
        return int(self.experiment.describe(self.at)["k"])

    @property
    def started(self) -> bool:
        """Whether any worker was given frames of it, in this run or before."""
        return self.scheduled > 0

    def resume(self, row: Row) -> None:
        """Take over what a results file holds of this point; nothing if that lacks a counter.

        A counter that a row lacks is unknown for its frames, and not 0: they are simulated again. Those that
        a row has beyond what is counted now are left out.

        A point that had ended, and meets a rule of this run too, stays as it ended. One that had
        not ended goes on to its next error even if it has more errors than are asked for now: the
        frame at which it was interrupted is no rule's, and intervals depend on the rule.
        """
        if lacking(self.experiment, row):
            return
        counters = tuple((name, row.counters[name]) for name in sorted(self.experiment.counters))
        self.tally, self.seconds = replace(row.tally, counters=counters), row.seconds
        if row.stop and ended_by(self.tally, row.seconds, self.rules):
            self.stop = row.stop
        else:
            self.stop = ended_by(self.tally, row.seconds, self.rules, at_errors=False)
        self.scheduled = self.resumed = row.frames
        if row.seconds > 0:
            self.seconds_per_frame = row.seconds / row.frames

    def forget(self) -> None:
        """Drop what is known of the point."""
        self.tally, self.seconds, self.stop = Tally(), 0.0, ""
        self.scheduled = self.resumed = 0

    def row(self) -> Row:
        """The point as a row of results, made anew when it has changed; it must have at least one frame."""
        state = self.tally, self.seconds, self.stop
        if self._row is None or self._row[0] != state:
            self._row = state, self._make_row()
        return self._row[1]

    def _make_row(self) -> Row:
        columns = self.experiment.describe(self.at)
        return make_row(self.tally, stop=self.stop, seconds=round(self.seconds, 6), **columns)

    def frames_needed(self) -> float:
        """An estimate of the frames still needed beyond those committed; at least 1."""
        # Half an error more than was seen: without errors yet, many frames and not infinitely many.
        frames = max(self.tally.frames, 1) + 0.5
        return self.frames_at(
            (self.tally.frame_errors + 0.5) / frames, (self.tally.bit_errors + 0.5) / frames
        )

    def frames_at(self, frame_rate: float, bit_rate: float | None = None) -> float:
        """The frames needed beyond those committed, with so many frame and bit errors a frame; at least 1."""
        known = (self.tally, self.seconds, frame_rate, bit_rate, self.seconds_per_frame)
        return frames_needed(self.rules, Outlook(*known))

    def next_block(self, workers: int, seconds: float, beyond: bool = False) -> int:
        """Frames of the next block, or 0 if the blocks under way should be enough.

        ``seconds`` is how long a block may take. The estimate of what is needed is trusted up to
        twice what is known. ``beyond`` asks for a block even if the estimate says that the blocks
        under way suffice. What is left is shared in two blocks a worker, so that none waits long for the
        last one at the end of the point.
        """
        limit = self.rules.frames
        if len(self.pending) > 8 * workers:
            return 0  # one slow block holds up all that follow it: what waits takes memory
        known = max(self.tally.frames, 2 * GROUP * workers)
        outstanding = self.scheduled - self.tally.frames
        left = min(self.frames_needed(), 2 * known) - outstanding
        if limit is not None:
            left = min(left, limit - self.scheduled)
            if self.scheduled >= limit:
                return 0
        if left <= 0 and not beyond:
            return 0
        size = min(max(left, 1) / (2 * workers), MAX_BLOCK)
        if self.seconds_per_frame is not None:
            size = min(size, max(seconds / self.seconds_per_frame, REFILLED))
        frames = max(round(size / GROUP), 1) * GROUP
        return frames if limit is None else min(frames, limit - self.scheduled)

    def add(self, first: int, counts: FrameCounts, seconds: float) -> int:
        """Add a finished block, and commit what follows the frames committed; returns frames thrown away."""
        self.seconds_per_frame = seconds / len(counts)
        self.pending[first] = counts, seconds
        discarded = 0
        while not self.stop and self.tally.frames in self.pending:
            counts, seconds = self.pending.pop(self.tally.frames)
            before = self.tally.frames
            self.seconds += seconds
            self.tally, self.stop = commit(self.tally, counts, self.rules, self.seconds)
            discarded += len(counts) - (self.tally.frames - before)
        if self.stop:
            discarded += sum(len(counts) for counts, _ in self.pending.values())
            self.pending.clear()
        return discarded


def lacking(experiment: Experiment[Any], row: Row) -> list[str]:
    """The counters of an experiment that a row has not."""
    return sorted(set(experiment.counters) - set(row.counters))
