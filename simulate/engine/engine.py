"""The Monte-Carlo engine: blocks of frames over workers, committed in frame order.

A block is a run of consecutive frames of one point. Blocks finish in any order; their counts are
added in frame order and the stop rules applied after each frame, so the counts of a point do not
depend on the number of workers or the sizes of blocks. (To stop on what arrives first would bias the
estimate: blocks without errors finish sooner.)
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import chain

from ..errors import InputError
from .malloc import give_back_freed_memory
from .plans import Plan
from .point import Point
from .workers import Outcome, Workers

#: How often a block is handed out again after its worker was lost.
MOST_LOSSES = 10
#: Seconds after which the engine looks around even if no block has come back: whether there are more workers
#: to hand blocks to, whether any are left, and at the display.
LOOK = 1.0
#: Seconds that blocks under way may take, beyond what ten of them should, when the run is interrupted.
PATIENCE = 5.0

Block = tuple[Point, int, int]  # the point, its first frame, the number of frames


class Engine:
    """Runs curves until every point that belongs to them has ended.

    Parameters
    ----------
    plans
        The curves, in the order in which they are begun.
    workers
        Who computes.
    on_commit
        Called in the calling thread, with the point, each time counts were added to it.
    on_look
        Called in the calling thread at least every second or so.
    """

    def __init__(
        self,
        plans: Sequence[Plan],
        workers: Workers,
        on_commit: Callable[[Point], None] = lambda point: None,
        on_look: Callable[[], None] = lambda: None,
    ) -> None:
        self.plans = plans
        self.workers = workers
        self.on_commit = on_commit
        self.on_look = on_look
        #: Frames that were computed and not counted, because a rule had been met before them.
        self.discarded = 0
        self._under_way: dict[Future[Outcome], Block] = {}
        self._again: list[Block] = []  # whose workers were lost
        self._ended = 0  # curves
        self._losses: Counter[tuple[str, int]] = Counter()

    def run(self) -> None:
        """Run to the end.

        On KeyboardInterrupt, and on errors, blocks that threads are computing are committed before it goes
        on; those of a cluster are given up, and so are those that do not come back within some seconds,
        which a note of the exception tells.
        """
        try:
            while self._fill():
                finished, _ = wait(self._under_way, timeout=LOOK, return_when=FIRST_COMPLETED)
                self._collect(finished)
                self.workers.check()
                self.on_look()
        except BaseException as error:
            computed = [future for future in self._under_way if not future.cancel()]
            most = 10 * self.workers.block_seconds + PATIENCE
            finished, given_up = wait(computed, timeout=most)
            if given_up:
                blocks = ", ".join(sorted({_named(self._under_way[future]) for future in given_up}))
                error.add_note(f"what is under way of {blocks} did not end within {most:g} s and is given up")
            for future in finished:
                if not future.cancelled() and future.exception() is None:
                    self._committed(self._under_way[future], future.result())
            raise

    def _fill(self) -> bool:
        """Submit blocks until every worker has one and one waits for it; false when nothing is left."""
        opened = [plan.advance() for plan in self.plans]
        if opened.count([]) > self._ended:  # what comes next has arrays of other sizes
            self._ended = opened.count([])
            give_back_freed_memory()
        open_points = list(chain.from_iterable(opened))
        count = max(self.workers.count, 1)
        while len(self._under_way) < 2 * count:
            block = self._again.pop() if self._again else self._next(open_points, count)
            if block is None:
                break
            point, first, frames = block
            point.scheduled = max(point.scheduled, first + frames)
            self._under_way[self.workers.submit(point.experiment, point.at, first, frames)] = block
        return bool(self._under_way)

    def _next(self, open_points: Sequence[Point], count: int) -> Block | None:
        """The next block to compute, if there is one."""
        seconds = self.workers.block_seconds
        # Better a block that is perhaps not needed than an idle core.
        for beyond in (False, True) if len(self._under_way) < count else (False,):
            for point in open_points:
                frames = point.next_block(count, seconds, beyond)
                if frames:
                    return point, point.scheduled, frames
        return None

    def _collect(self, finished: "set[Future[Outcome]]") -> None:
        for future in finished:
            block = self._under_way.pop(future, None)
            if block is None:  # cancelled meanwhile, because its point ended
                continue
            error = None if future.cancelled() else future.exception()
            if future.cancelled() or (error is not None and self.workers.lost(error)):
                self._lost(block)
            else:
                self._committed(block, future.result())

    def _lost(self, block: Block) -> None:
        point, first, _ = block
        if point.stop:
            return
        self._losses[point.key, first] += 1
        if self._losses[point.key, first] > MOST_LOSSES:
            raise InputError(
                f"{_named(block)}: workers were lost {MOST_LOSSES + 1} times on the same frames: "
                "is their memory large enough?"
            )
        self._again.append(block)

    def _committed(self, block: Block, outcome: Outcome) -> None:
        point, first, frames = block
        if point.stop:
            self.discarded += frames
            return
        before = point.tally.frames
        self.discarded += point.add(first, *outcome)
        if point.stop:
            for future, (other, _, _) in list(self._under_way.items()):
                if other is point and future.cancel():
                    del self._under_way[future]
            self._again = [again for again in self._again if again[0] is not point]
        if point.tally.frames > before or point.stop:
            self.on_commit(point)


def _named(block: Block) -> str:
    point = block[0]
    return f"'{point.experiment.label}' at {point.experiment.parameter} = {point.value:g}"
