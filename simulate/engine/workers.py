"""Who computes blocks of frames: threads of this process here, other machines in ``cluster``."""

import os
import threading
import time
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from ..errors import InputError
from ..failures import blamed
from ..link.counting.frame_counts import FrameCounts
from ..results.rows import check_counters
from .experiment import Experiment, ExperimentPoint

#: Experiments that were rehearsed in this process, and those that are: one that hangs holds up no other.
_rehearsed: "weakref.WeakSet[Experiment[Any]]" = weakref.WeakSet()
_rehearsing: "weakref.WeakKeyDictionary[Experiment[Any], threading.Lock]" = weakref.WeakKeyDictionary()
_choosing = threading.Lock()

#: What became of a block: its counts and the seconds they took.
Outcome = tuple[FrameCounts, float]


class Workers(ABC):
    """Computes blocks of frames side by side; a context manager.

    Attributes
    ----------
    block_seconds
        How long a block should take: short enough to stop soon, long enough to cost nothing.
    """

    block_seconds: float

    @property
    @abstractmethod
    def count(self) -> int:
        """How many blocks are computed at the same time; may change, and be 0 for a while."""

    @abstractmethod
    def submit(
        self, experiment: Experiment[Any], point: ExperimentPoint, first: int, frames: int
    ) -> "Future[Outcome]":
        """Begin a block as soon as a worker is free."""

    def check(self) -> None:
        """Raise InputError if no block will ever come back."""
        return

    def lost(self, error: BaseException) -> bool:
        """Whether an error means that the worker was lost and the block is to be computed again."""
        return False

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


Job = tuple["Future[Outcome]", Experiment[Any], ExperimentPoint, int, int]


class Threads(Workers):
    """Threads of this process; kernels release Python's lock.

    They are daemons: a decoder of somebody's that never returns keeps no process from ending.
    """

    block_seconds = 0.1

    def __init__(self, count: int) -> None:
        self._count = count
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"capgap-{i}", daemon=True) for i in range(count)
        ]

    @property
    def count(self) -> int:
        """The number of threads."""
        return self._count

    def submit(
        self, experiment: Experiment[Any], point: ExperimentPoint, first: int, frames: int
    ) -> "Future[Outcome]":
        """Hand a block to the threads."""
        future: Future[Outcome] = Future()
        self._jobs.put((future, experiment, point, first, frames))
        return future

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, experiment, point, first, frames = job
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(simulate_block(experiment, point, first, frames))
            except BaseException as error:
                future.set_exception(error)

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._jobs.empty():
            job = self._jobs.get()
            if job is not None:
                job[0].cancel()
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            # After an error, whoever waited for the blocks has done so.
            thread.join(timeout=None if error is None else 0.1)


def simulate_block(experiment: Experiment[Any], point: ExperimentPoint, first: int, frames: int) -> Outcome:
    """Counts of a block, and the seconds it took, compilation excepted.

    Raises InputError, with file and line, for whatever goes wrong in anybody's classes.
    """
    where = f"'{experiment.label}' at {experiment.parameter} = {point.value:g}"
    with blamed(f"simulating {where}"):
        if experiment not in _rehearsed:
            with _choosing:
                rehearsing = _rehearsing.setdefault(experiment, threading.Lock())
            with rehearsing:
                if experiment not in _rehearsed:
                    try:
                        check_counters(experiment.counters)
                    except ValueError as error:
                        raise InputError(f"{where}: {error}") from None
                    with _same_folder(where):
                        experiment.rehearse(point)
                    _rehearsed.add(experiment)
        begin = time.perf_counter()
        counts = experiment.simulate(point, first, frames)
        seconds = time.perf_counter() - begin
        counted = counts.names
        if (counted or experiment.counters) and counted != tuple(sorted(experiment.counters)):
            raise InputError(
                f"{where}: simulate counted {list(counted)} beside the usual, and counters names "
                f"{sorted(experiment.counters)}"
            )
        return counts, seconds


@contextmanager
def _same_folder(where: str) -> Iterator[None]:
    """Refuse classes that change the working folder, which is that of the whole process, results included."""
    before = _folder()
    try:
        yield
    finally:
        changed = _folder() != before
        if changed and before is not None:
            os.chdir(before)
    if changed:
        raise InputError(f"simulating {where} changes the working folder, in which results are written")


def _folder() -> Path | None:
    """The working folder; None if it was removed."""
    try:
        return Path.cwd()
    except OSError:
        return None
