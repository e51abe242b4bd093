"""How long the stages of a link take."""

import time


class Clock:
    """Seconds that the stages of a link took: source, encoder, channel, decoder, count; or ``chain``, all in
    one.

    Attributes
    ----------
    seconds
        By the name of the stage.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def start(self) -> None:
        """Forget the time since the last stage."""
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """A stage has ended that began where the one before it did."""
        now = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._last
        self._last = now
