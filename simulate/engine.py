"""The Monte-Carlo engine: blocks of frames over threads, committed in frame order.

A block is a run of consecutive frames of one point. Blocks finish in any order; their counts are
added in frame order and the stop rules applied after each frame, so the counts of a point do not
depend on the number of workers or the sizes of blocks. (To stop on what arrives first would bias the
estimate: blocks without errors finish sooner.)
"""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from .config_models import StopRules
from .errors import InputError
from .link import LANES, FrameCounts, Link
from .results import Row, make_row
from .tally import Tally, commit, ended_by

#: A block should take about this long: short enough to stop soon, long enough to cost nothing.
BLOCK_SECONDS = 0.1


@dataclass(eq=False)
class Point:
    """A point of a run, and how far it has come.

    Attributes
    ----------
    link, index
        The link, and the position of the value among its channels.
    tally
        Counts of the frames committed so far.
    seconds
        Computing time of the committed blocks.
    stop
        The rule that ended the point, or "". Before a run: the rule recorded in the file.
    resumed
        Frames that were there when this run began.
    """

    link: Link
    index: int
    tally: Tally = field(default_factory=Tally)
    seconds: float = 0.0
    stop: str = ""
    resumed: int = 0
    started: bool = False
    scheduled: int = 0
    seconds_per_frame: float | None = None
    pending: dict[int, tuple[FrameCounts, float]] = field(default_factory=dict)

    @property
    def value(self) -> float:
        """The channel parameter's value."""
        return self.link.channels[self.index][0]

    @property
    def key(self) -> str:
        """Hash of everything that defines the point's frames."""
        return self.link.keys[self.index]

    def row(self) -> Row:
        """The point as a row of results; it must have at least one frame."""
        link, channel = self.link, self.link.channels[self.index][1]
        return make_row(
            self.tally,
            curve=link.label,
            group=link.group,
            code=link.code_text,
            decoder=link.decoder_text,
            channel=link.channel_text,
            n=link.code.n,
            k=link.code.k,
            rate=link.code.rate,
            parameter=link.parameter,
            value=self.value,
            ebno_db=channel.ebno_db,
            esno_db=channel.esno_db,
            stop=self.stop,
            seconds=round(self.seconds, 6),
            key=self.key,
        )

    def frames_needed(self, stop: StopRules) -> float:
        """An estimate of the frames still needed beyond those committed; at least 1."""
        tally = self.tally
        # Half an error more than was seen: without errors yet, many frames and not infinitely many.
        frames = max(tally.frames, 1) + 0.5
        frame_rate, bit_rate = (tally.frame_errors + 0.5) / frames, (tally.bit_errors + 0.5) / frames
        needed = []
        if stop.frame_errors is not None:
            needed.append((stop.frame_errors - tally.frame_errors) / frame_rate)
        if stop.bit_errors is not None:
            needed.append((stop.bit_errors - tally.bit_errors) / bit_rate)
        if stop.relative_error is not None:
            errors = (1.96 / stop.relative_error) ** 2 * max(1 - frame_rate, 0.0)
            needed.append((errors - tally.frame_errors) / frame_rate)
        if stop.frames is not None:
            needed.append(stop.frames - tally.frames)
        if stop.seconds is not None and self.seconds_per_frame:
            needed.append((stop.seconds - self.seconds) / self.seconds_per_frame)
        return max(min(needed, default=float("inf")), 1.0)

    def next_block(self, stop: StopRules, workers: int, beyond: bool = False) -> int:
        """Frames of the next block, or 0 if the blocks under way should be enough.

        The estimate of what is needed is trusted up to twice what is known. ``beyond`` asks for a
        block even if the estimate says that the blocks under way suffice.
        """
        known = max(self.tally.frames, 2 * LANES * workers)
        outstanding = self.scheduled - self.tally.frames
        left = min(self.frames_needed(stop), 2 * known) - outstanding
        if stop.frames is not None:
            left = min(left, stop.frames - self.scheduled)
            if self.scheduled >= stop.frames:
                return 0
        if left <= 0 and not beyond:
            return 0
        size = max(left, 1) / (2 * workers)
        if self.seconds_per_frame is not None:
            size = min(size, BLOCK_SECONDS / self.seconds_per_frame)
        frames = max(round(size / LANES), 1) * LANES
        return frames if stop.frames is None else min(frames, stop.frames - self.scheduled)


class Engine:
    """Runs points until a stop rule ends each.

    Parameters
    ----------
    points
        What to run, in the order in which they are begun.
    stop
        The rules.
    workers
        Threads, at least 1.
    on_commit
        Called in the calling thread, with the point, each time counts were added to it.
    """

    def __init__(
        self,
        points: Sequence[Point],
        stop: StopRules,
        workers: int,
        on_commit: Callable[[Point], None] = lambda point: None,
    ) -> None:
        self.points = points
        self.stop = stop
        self.workers = workers
        self.on_commit = on_commit
        #: Frames that were computed and not counted, because a rule had been met before them.
        self.discarded = 0
        self._warm: set[Link] = set()
        self._locks = {point.link: threading.Lock() for point in points}
        self._under_way: dict[Future[tuple[FrameCounts, float]], tuple[Point, int, int]] = {}

    def run(self) -> None:
        """Run to the end. On KeyboardInterrupt, the blocks under way are committed before it goes on."""
        for point in self.points:
            point.stop = self._recorded_stop(point)
            point.scheduled = point.resumed = point.tally.frames
        with ThreadPoolExecutor(self.workers, thread_name_prefix="capgap") as pool:
            try:
                while self._fill(pool):
                    self._collect(wait(self._under_way, return_when=FIRST_COMPLETED)[0])
            except BaseException:
                for future in self._under_way:
                    future.cancel()
                finished, _ = wait(self._under_way)
                self._collect({f for f in finished if not f.cancelled() and f.exception() is None})
                raise

    def _recorded_stop(self, point: Point) -> str:
        """How a point that was read from a file stands with the rules of this run.

        A point that had ended, and meets a rule of this run too, stays as it ended. One that had
        not ended goes on to its next error even if it has more errors than are asked for now: the
        frame at which it was interrupted is no rule's, and intervals depend on the rule.
        """
        met = ended_by(point.tally, point.seconds, self.stop)
        if point.stop and met:
            return point.stop
        return met if met in ("frames", "seconds") else ""

    def _fill(self, pool: ThreadPoolExecutor) -> bool:
        """Submit blocks until every worker has one and one waits for it; false when nothing is left."""
        open_points = [point for point in self.points if not point.stop]
        while len(self._under_way) < 2 * self.workers:
            chosen = next(
                ((p, size) for p in open_points if (size := p.next_block(self.stop, self.workers))), None
            )
            if chosen is None and len(self._under_way) < self.workers:
                # Better a block that is perhaps not needed than an idle core.
                beyond = [(p, p.next_block(self.stop, self.workers, beyond=True)) for p in open_points]
                chosen = next(((p, size) for p, size in beyond if size), None)
            if chosen is None:
                break
            point, frames = chosen
            point.started = True
            future = pool.submit(self._work, point, point.scheduled, frames)
            self._under_way[future] = (point, point.scheduled, frames)
            point.scheduled += frames
        return bool(self._under_way)

    def _work(self, point: Point, first: int, frames: int) -> tuple[FrameCounts, float]:
        link = point.link
        try:
            if link not in self._warm:
                # One frame that is not counted: compilation belongs to no point's time.
                with self._locks[link]:
                    if link not in self._warm:
                        link.simulate(point.index, 0, 1)
                        self._warm.add(link)
            begin = time.perf_counter()
            counts = link.simulate(point.index, first, frames)
            return counts, time.perf_counter() - begin
        except InputError:
            raise
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            raise InputError(
                f"{last.filename}:{last.lineno}: simulating '{link.label}' at {link.parameter} = "
                f"{point.value:g} fails: {type(error).__name__}: {error}"
            ) from error

    def _collect(self, finished: set[Future[tuple[FrameCounts, float]]]) -> None:
        for future in finished:
            point, first, frames = self._under_way.pop(future)
            if future.cancelled():
                continue
            counts, seconds = future.result()
            point.seconds_per_frame = seconds / frames
            point.pending[first] = counts, seconds
            self._commit(point)

    def _commit(self, point: Point) -> None:
        changed = False
        while not point.stop and point.tally.frames in point.pending:
            counts, seconds = point.pending.pop(point.tally.frames)
            before = point.tally.frames
            point.tally, point.stop = commit(point.tally, counts, self.stop)
            self.discarded += len(counts) - (point.tally.frames - before)
            point.seconds += seconds
            if not point.stop and self.stop.seconds is not None and point.seconds >= self.stop.seconds:
                point.stop = "seconds"
            changed = True
        if point.stop:
            self.discarded += sum(len(counts) for counts, _ in point.pending.values())
            point.pending.clear()
            for future, (other, _, _) in list(self._under_way.items()):
                if other is point and future.cancel():
                    del self._under_way[future]
        if changed:
            self.on_commit(point)
