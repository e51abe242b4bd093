"""Which points of a curve are simulated, and in what order."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from ..results.crossings import Crossing
from ..results.rows import Row
from ..statistics.stop_rules import StopRules
from .experiment import Experiment
from .point import Point


class Plan(ABC):
    """The points of one curve, as far as they are known; more may follow as points end.

    What is simulated depends on points that have ended, never on which of those under way happens
    to be ahead, so that the same points come out on any number of workers.

    Attributes
    ----------
    experiment
        What the curve simulates.
    points
        The points there are, in the order of the results.
    certain
        Whether all points are there from the beginning.
    """

    experiment: Experiment[Any]
    points: list[Point]
    certain: bool = True

    @abstractmethod
    def advance(self) -> list[Point]:
        """Take note of points that have ended, choose those that follow, and return what is open.

        Called when the plan is made and then by the engine alone, in its thread: the display asks
        ``open_points`` from another one.
        """

    @abstractmethod
    def open_points(self) -> list[Point]:
        """The points that may be worked on now, the next one to begin first; changes nothing."""

    @property
    def done(self) -> bool:
        """Whether nothing is left to simulate."""
        return not self.open_points()

    @property
    def note(self) -> str:
        """What to tell the user at the end, beyond the points; or ""."""
        return ""

    @property
    def crossing(self) -> Crossing | None:
        """Where the curve reaches its target, as far as is known; None where it has none."""
        return None

    def beyond_end(self) -> list[Point]:
        """Points that are not begun, because of those before them: an earlier run may have had reason to."""
        return []


class SweepPlan(Plan):
    """A curve at given values, from the noisiest on, until errors are too rare to go on.

    After a point with a FER below ``floor``, or one that ended without an error, the values with
    less noise are left out. The next point begins as soon as it is certain that this one will not
    end the curve.
    """

    def __init__(
        self,
        experiment: Experiment[Any],
        values: Sequence[float],
        rules: StopRules,
        known: Mapping[str, Row],
    ) -> None:
        self.experiment, self.rules = experiment, rules
        self.points = [Point(experiment, experiment.at(value), rules) for value in values]
        for point in self.points:
            if point.key in known:
                point.resume(known[point.key])
        self._ordered = sorted(self.points, key=lambda point: point.at.capacity)
        self._ended = 0  # points at the noisy end that have ended and do not end the curve
        self.advance()

    def advance(self) -> list[Point]:
        """Pass over points that have ended."""
        while self._ended < len(self._ordered):
            point = self._ordered[self._ended]
            if not point.stop or self._ends_curve(point):
                break
            self._ended += 1
        return self.open_points()

    def open_points(self) -> list[Point]:
        """The points that have not ended, up to one that may yet end the curve."""
        opened = []
        for point in self._ordered[self._ended :]:
            if not point.stop:
                opened.append(point)
            if not self._goes_on(point):
                break
        return opened

    def beyond_end(self) -> list[Point]:
        """The points with less noise than the one that ended the curve, if one did."""
        rest = self._ordered[self._ended :]
        return rest[1:] if rest and rest[0].stop and self._ends_curve(rest[0]) else []

    @property
    def note(self) -> str:
        """Which values were left out, and why."""
        left = self.beyond_end()
        if not left:
            return ""
        name, point = self.experiment.parameter, self._ordered[self._ended]
        reason = "the FER is below the floor" if point.tally.frame_errors else "no errors"
        values = ", ".join(f"{each.value:g}" for each in left)
        return f"{self.experiment.label}: {name} = {values} left out: {reason} at {point.value:g}"

    def _ends_curve(self, point: Point) -> bool:
        """Whether an ended point's errors are so rare that less noise is not simulated."""
        if point.tally.frame_errors == 0:
            return self.rules.without_errors == "stop"
        floor = self.rules.floor
        return floor is not None and point.tally.frame_errors < floor * point.tally.frames

    def _goes_on(self, point: Point) -> bool:
        """Whether it is certain already that the point will not end the curve."""
        if point.stop:
            return not self._ends_curve(point)
        errors, floor = point.tally.frame_errors, self.rules.floor
        if errors == 0 and self.rules.without_errors == "stop":
            return False
        most = math.inf if self.rules.frames is None else self.rules.frames
        return floor is None or errors >= floor * most
