"""Who computes blocks of frames: threads of this process here, other machines in ``cluster``."""

import threading
import time
import traceback
import weakref
from abc import ABC, abstractmethod
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

from .counts import FrameCounts
from .errors import InputError
from .link import Link, OperatingPoint
from .memory import keep_freed_memory

#: Links whose kernels are compiled, or read from the disk, in this process.
_compiled: "weakref.WeakSet[Link]" = weakref.WeakSet()
_compiling = threading.Lock()

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
    def submit(self, link: Link, point: OperatingPoint, first: int, frames: int) -> "Future[Outcome]":
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


class Threads(Workers):
    """Threads of this process; kernels release Python's lock."""

    block_seconds = 0.1

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: Executor = ThreadPoolExecutor(count, thread_name_prefix="capgap")

    @property
    def count(self) -> int:
        """The number of threads."""
        return self._count

    def submit(self, link: Link, point: OperatingPoint, first: int, frames: int) -> "Future[Outcome]":
        """Hand a block to the threads."""
        return self._pool.submit(simulate_block, link, point, first, frames)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)


def simulate_block(link: Link, point: OperatingPoint, first: int, frames: int) -> Outcome:
    """Counts of a block, and the seconds it took, compilation excepted.

    Raises InputError, with file and line, for whatever goes wrong in anybody's classes.
    """
    try:
        if link not in _compiled:
            with _compiling:
                keep_freed_memory()
                if link not in _compiled:
                    # One frame that is not counted: compilation belongs to no point's time.
                    link.simulate(point, 0, 1)
                    _compiled.add(link)
        begin = time.perf_counter()
        counts = link.simulate(point, first, frames)
        return counts, time.perf_counter() - begin
    except InputError:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise InputError(
            f"{last.filename}:{last.lineno}: simulating '{link.label}' at {link.parameter} = "
            f"{point.value:g} fails: {type(error).__name__}: {error}"
        ) from error
