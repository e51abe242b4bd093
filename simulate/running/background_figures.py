"""Figures of a run that goes on: drawn now and then, beside it, so that it need not wait."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

#: Seconds from one drawing to the next, at least.
INTERVAL = 60.0
#: A drawing waits so many times as long as the last one took, so that it takes little from the run.
REST = 20.0


class BackgroundFigures:
    """Draws in a thread, one drawing at a time, and not often.

    Files are replaced whole, so whoever looks sees the old figure or the new. What goes wrong is left to the
    drawing at the end of the run, which tells it. The thread keeps no process from ending.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._next = time.monotonic() + INTERVAL

    @property
    def due(self) -> bool:
        """Whether it is time to draw, and nothing is being drawn."""
        return time.monotonic() >= self._next and (self._thread is None or not self._thread.is_alive())

    def start(self, draw: Callable[[], None]) -> None:
        """Begin to draw; ``draw`` must look at nothing that the run changes."""
        self._thread = threading.Thread(target=self._run, args=(draw,), name="capgap figures", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until nothing is being drawn; Ctrl-C ends the wait."""
        if self._thread is not None:
            self._thread.join()

    def _run(self, draw: Callable[[], None]) -> None:
        began = time.monotonic()
        with suppress(Exception):
            draw()
        ended = time.monotonic()
        self._next = ended + max(INTERVAL, REST * (ended - began))
