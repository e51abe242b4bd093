"""Progress of a run: a live table in a terminal, plain lines elsewhere, nothing when quiet."""

import math
import sys
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from ..statistics.estimators import estimator_of

if TYPE_CHECKING:
    from ..engine.plans import Plan
    from ..engine.point import Point
    from ..engine.workers import Workers

HEADINGS = ("curve", "value", "frames", "frame errors", "FER", "BER", "Mb/s", "left")
#: Seconds between two looks of the plain lines at what is running.
PLAIN_INTERVAL = 10.0


class Progress:
    """Shows the points of a run while it goes on; a context manager. This one shows nothing."""

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def say(self, text: str) -> None:
        """A line of text to the user."""

    def update(self, point: "Point") -> None:
        """Counts were added to a point."""

    def look(self) -> None:
        """Time has passed."""


def make_progress(plans: "Sequence[Plan]", workers: "Workers | None", quiet: bool) -> Progress:
    """The progress display that fits where standard error goes; ``workers`` is None if nothing is to do."""
    if quiet:
        return Progress()
    if sys.stderr.isatty():
        return _LiveProgress(plans, workers)
    return _PlainProgress(plans, workers, sys.stderr)


class _Speed:
    """How fast points go on and how long they need, from what was heard of them."""

    def __init__(self, plans: "Sequence[Plan]", workers: "Workers | None") -> None:
        self.plans, self.workers = plans, workers
        self._first: dict[int, tuple[float, int]] = {}

    @property
    def points(self) -> "list[Point]":
        """All points there are."""
        return [point for plan in self.plans for point in plan.points]

    def cells(self, point: "Point") -> tuple[str, ...]:
        """The table's cells for a point."""
        tally, k = point.tally, point.k
        estimator, now = estimator_of(tally.names), time.monotonic()
        # The first block's frames took time that was not observed: count from after it.
        began, frames_then = self._first.setdefault(id(point), (now, tally.frames))
        elapsed, frames = now - began, tally.frames - frames_then
        if frames > 0 and elapsed > 0:
            rate = frames / elapsed
        elif tally.frames > point.resumed and point.seconds_per_frame:
            rate = 1 / point.seconds_per_frame
        else:
            rate = 0.0
        if point.stop:
            left = point.stop
        elif rate and tally.frame_errors:
            left = duration(point.frames_needed() / rate)
        elif rate and point.rules.frames is not None:
            left = f"< {duration((point.rules.frames - tally.frames) / rate)}"
        else:
            left = ""
        if not tally.frames:
            return (point.experiment.label, f"{point.value:g}", "", "", "", "", "", "")
        return (
            point.experiment.label,
            f"{point.value:g}",
            f"{tally.frames:,}",
            f"{tally.frame_errors:,}",
            f"{estimator.fer(tally):.2e}",
            f"{estimator.ber(tally, k):.2e}",
            f"{rate * k / 1e6:.3g}" if rate else "",
            left,
        )

    def summary(self) -> str:
        """How much is done, and the time left for all of it."""
        points = self.points
        words = f"{sum(1 for point in points if point.stop)} of {len(points)} points done"
        if self.workers is None:
            return words
        if self.workers.count == 0:
            return f"{words}; waiting for workers"
        if not any(point.tally.frames > point.resumed for point in points):
            return f"{words}; compiling what this run needs, which is kept for the next"
        seconds, whole = time_left(self.plans)
        if seconds:
            words += f"; {'about' if whole else 'more than'} {duration(seconds / self.workers.count)} left"
        return words


class _PlainProgress(Progress):
    """One line for each finished point, and now and then one for those running."""

    def __init__(self, plans: "Sequence[Plan]", workers: "Workers | None", out: TextIO) -> None:
        self._speed = _Speed(plans, workers)
        self._out = out
        self._width = max((len(plan.experiment.label) for plan in plans), default=0)
        self._shown = time.monotonic()
        self._headed = False

    def say(self, text: str) -> None:
        try:
            print(text, file=self._out, flush=True)
        except BrokenPipeError:  # whoever read it has left
            raise
        except OSError:  # a full disk, perhaps: results are worth more than this display
            return

    def update(self, point: "Point") -> None:
        cells = self._speed.cells(point)
        if point.stop:
            self._show(cells)

    def look(self) -> None:
        if time.monotonic() - self._shown < PLAIN_INTERVAL:
            return
        for point in self._speed.points:
            if point.started and not point.stop:
                self._show(self._speed.cells(point))
        self._shown = time.monotonic()
        self.say(f"  {self._speed.summary()}")

    def _show(self, cells: tuple[str, ...]) -> None:
        if not self._headed:
            self._headed = True
            self.say(self._line(HEADINGS))
        self.say(self._line(cells))

    def _line(self, cells: tuple[str, ...]) -> str:
        widths = (8, 14, 12, 9, 9, 7)
        rest = " ".join(f"{cell:>{width}}" for cell, width in zip(cells[1:-1], widths, strict=True))
        return f"{cells[0]:<{max(self._width, 5)}} {rest}  {cells[-1]}"


class _LiveProgress(Progress):
    """A table of the running points under the finished ones, which scroll away."""

    def __init__(self, plans: "Sequence[Plan]", workers: "Workers | None") -> None:
        from rich.console import Console
        from rich.live import Live

        self._speed = _Speed(plans, workers)
        self._console = Console(stderr=True, highlight=False)
        self._printed: set[int] = set()
        self._cells: dict[int, tuple[str, ...]] = {}
        self._width = max((len(plan.experiment.label) for plan in plans), default=5)
        self._live = Live(console=self._console, refresh_per_second=4, get_renderable=self._render)

    def __enter__(self) -> "Progress":
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def say(self, text: str) -> None:
        self._console.print(text, markup=False)

    def update(self, point: "Point") -> None:
        from rich.text import Text

        self._cells[id(point)] = self._speed.cells(point)
        if point.stop and id(point) not in self._printed:
            table = self._table(header=not self._printed)
            table.add_row(*map(Text, self._cells[id(point)]))
            self._printed.add(id(point))
            self._console.print(table)

    def _table(self, header: bool) -> Any:
        from rich.table import Table

        table = Table(box=None, show_header=header, pad_edge=False, header_style="bold")
        for heading, width in zip(HEADINGS, (self._width, 8, 14, 12, 9, 9, 7, 14), strict=True):
            justify: Any = "left" if heading in ("curve", "left") else "right"
            table.add_column(heading, justify=justify, min_width=width, no_wrap=True)
        return table

    def _render(self) -> Any:
        from rich.console import Group
        from rich.text import Text

        points = self._speed.points
        table = self._table(header=not self._printed)
        running = [point for point in points if not point.stop and point.started]
        for point in running[: max(self._console.height - 4, 1)]:
            cells = self._cells.get(id(point)) or self._speed.cells(point)
            table.add_row(*map(Text, cells), style="cyan")
        return Group(table, Text(self._speed.summary(), style="dim"))


def time_left(plans: "Sequence[Plan]") -> tuple[float, bool]:
    """Computing seconds that the points still need, and whether that is all, as far as can be told.

    A point not begun is judged by those of its curve with more noise: its FER by the straight line, in
    the logarithm, through the last two; not at all where there is none, or the curve has a target.
    """
    total, whole = 0.0, True
    for plan in plans:
        if plan.done:
            continue
        seen: list[tuple[float, float, float]] = []  # value, log FER, seconds a frame
        for point in sorted(plan.points, key=lambda point: point.at.capacity):
            tally = point.tally
            if tally.frames and point.seconds_per_frame:
                rate = max(tally.frame_errors, 0.5) / tally.frames
                seen.append((point.value, math.log(rate), point.seconds_per_frame))
                if not point.stop:
                    total += point.frames_needed() * point.seconds_per_frame
            elif not point.stop:
                if not seen:
                    whole = False
                    continue
                slope = 0.0
                if len(seen) > 1:
                    (x0, y0, _), (x1, y1, _) = seen[-2:]
                    slope = (y1 - y0) / (x1 - x0)
                rate = math.exp(min(max(seen[-1][1] + slope * (point.value - seen[-1][0]), -30.0), 0.0))
                total += point.frames_at(rate) * seen[-1][2]
        if not plan.certain:
            whole = False
    return total, whole


def duration(seconds: float) -> str:
    """A time in words."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 360_000 else f"{seconds / 86400:.0f} days"
