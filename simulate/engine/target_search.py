"""Looking for the channel parameter at which a curve reaches an error rate.

First steps from the capacity limit, with few errors each, until the rate lies between two points;
then pairs of points around the crossing, with as many errors as its interval asks for. The crossing is
read off ``local_fit``. What comes next follows from points that have ended, so the points are the same
on any number of workers.
"""

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import InputError
from ..link.counting.frame_counts import WEIGHTS
from ..results.crossings import Crossing, as_filed
from ..results.rows import Row
from ..statistics.local_fit import (
    CHANGE,
    NARROW,
    WIDE,
    Fit,
    SearchAxis,
    counts_of,
    fit_around,
    kernel_weights,
    logit,
    solve,
)
from ..statistics.stop_rules import StopRules, Target
from .experiment import Experiment
from .plans import Plan
from .point import Point

#: Frame errors of a point that only shows the way.
FEW = 20
#: A point that shows the way ends after this many frames at which the target would give one error.
EXPECTED = 8
#: Steps on the way to the crossing, in dB or what stands for it: the longest, except where the target
#: seems to be further off than two of these, and the shortest.
LONGEST, SHORTEST = 1.0, 0.25
#: Distances of the pairs of points from the crossing, as parts of that width.
PAIRS = (0.4, 0.2, 0.5, 0.3)
#: Most points on the way to the crossing, and most pairs around it.
MOST_STEPS, MOST_PAIRS = 60, 24
#: How near to an end of the range points are at it, and how many are simulated there.
EDGE, MOST_AT_EDGE = 0.025, 6
#: Standard deviations beyond which a rate is on its side of the target for certain.
SURE = 4.0


class TargetPlan(Plan):
    """A curve whose parameter is looked for at which it reaches an error rate.

    Parameters
    ----------
    experiment
        What the curve simulates.
    target
        The rate, and how narrow the answer shall be.
    limits
        Least and greatest value; None for any.
    rules
        ``frames`` and ``seconds`` bound each point; how many errors it needs is decided here.
    known
        Rows of an earlier run, which goes on.

    Raises
    ------
    InputError
        If nothing says where to begin: the channel knows no limit, and there is no range.
    """

    certain = False

    def __init__(
        self,
        experiment: Experiment[Any],
        target: Target,
        limits: tuple[float, float] | None,
        rules: StopRules,
        known: Mapping[str, Row],
    ) -> None:
        self.experiment, self.target, self.rules, self.known = experiment, target, rules, known
        self._rate = experiment.bits_per_use
        if set(WEIGHTS) <= set(experiment.counters):
            raise InputError(
                f"{experiment.label}: a target is looked for in counts of frames without weights"
            )
        self.points = []
        self._path: list[Point] = []  # in the order in which they were chosen
        self._steps = self._pairs = self._insisted = 0
        self._over = False
        self._note = ""
        self._fitted: tuple[int, Fit | None] | None = None  # the points that had ended, and their fit
        start = _start(experiment, limits)
        self._code_rate = float(experiment.describe(experiment.at(start))["rate"])
        db = experiment.swept.decibels
        if not db and min(limits or (start,)) <= 0:
            raise InputError(
                f"{experiment.label}: a target is looked for at values of {experiment.parameter} above 0"
            )
        nearby = limits if limits is not None else (start, start + 1 if db else start * 0.8)
        less, more = (experiment.at(value).capacity for value in sorted(nearby))
        self._axis = SearchAxis(experiment.swept, 1 if more >= less else -1)
        self._limits, self._range = limits, (-math.inf, math.inf)
        if limits is not None:
            low, high = sorted(self._axis.distance_of(value) for value in limits)
            self._range = (low, high)
        self._begin = min(max(self._axis.distance_of(start), self._range[0]), self._range[1])
        self.advance()  # as far as the known rows lead

    def advance(self) -> list[Point]:
        """Choose points, once those chosen before have ended."""
        while not (self._over or self.open_points()):
            self._choose()
        return self.open_points()

    def open_points(self) -> list[Point]:
        """The points chosen last that have not ended."""
        return [point for point in self._path if not point.stop]

    @property
    def done(self) -> bool:
        """Whether the search is over."""
        return self._over

    @property
    def crossing(self) -> Crossing:
        """Where the curve reaches its target, as far as is known."""
        fit = self._fit() if self._bracket() is not None else None
        value = low = high = limit = gap = bpsk = bpsk_gap = sent = capacity = rate_gap = None
        if fit is not None:
            value = self._axis.value_at(fit.x)
            bounds = [self._bound(x) for x in (fit.low, fit.high)]
            low, high = bounds if self._axis.sign > 0 else bounds[::-1]
            limit, bpsk = self.experiment.limit("gaussian"), self.experiment.limit("bpsk")
            gap = None if limit is None else self._axis.sign * (value - limit)
            if bpsk is not None and bpsk != limit:
                bpsk_gap = self._axis.sign * (value - bpsk)
            else:
                bpsk = None
            if bpsk is None:
                sent = self.experiment.limit("modulation")
                sent = None if sent == limit else sent
            capacity = self.experiment.at(value).capacity
            rate_gap = capacity - self._rate
        return as_filed(
            Crossing(
                curve=self.experiment.label,
                measure=self.target.measure,
                target=self.target.rate,
                parameter=self.experiment.parameter,
                value=value,
                low=low,
                high=high,
                rate=self._code_rate,
                limit=limit,
                gap=gap,
                bpsk_limit=bpsk,
                bpsk_gap=bpsk_gap,
                modulation_limit=sent,
                modulation_gap=None if value is None or sent is None else self._axis.sign * (value - sent),
                capacity=capacity,
                rate_gap=rate_gap,
                points=sum(point.tally.frames > 0 for point in self._path),
                frames=sum(point.tally.frames for point in self._path),
                note=self._note if self._over else "not found yet",
            )
        )

    def _bound(self, x: float) -> float | None:
        """The value at a bound of the interval; None where there is no bound, or no channel at it."""
        if not math.isfinite(x):
            return None
        try:
            return float(self.experiment.at(self._axis.value_at(x)).value)
        except ValueError:
            return None

    def _choose(self) -> None:
        """Choose the next points, all those before having ended; or end the search."""
        bracket = self._bracket()
        if bracket is None:
            self._step()
            return
        fit = self._fit()
        half = math.inf if fit is None else fit.half_width
        width = self._width()
        near = [point for point in self._seen if fit is not None and abs(self._x(point) - fit.x) < width]
        if half <= self.target.within and len(near) >= 4:
            self._end()
        elif self._pairs >= MOST_PAIRS:
            self._end(f"the interval is wider than +- {self.target.within:g} dB: allow more frames")
        else:
            x = fit.x if fit is not None else self._guess(bracket)
            self._pair(x, width, self._errors_needed(x, width, half / self.target.within))

    @property
    def _seen(self) -> list[Point]:
        """The points of the path that have ended."""
        return [point for point in self._path if point.stop]

    @property
    def _goal(self) -> float:
        return logit(self.target.rate)

    def _x(self, point: Point) -> float:
        return self._axis.distance_of(point.value)

    def _logit(self, point: Point) -> float:
        """Logit of the rate at a point, with half an error more."""
        errors, trials = self._counts(point)
        return logit((errors + 0.5) / (trials + 1))

    def _counts(self, point: Point) -> tuple[int, int]:
        return counts_of(point.tally, point.k, self.target.measure)

    def _bracket(self) -> tuple[Point, Point] | None:
        """Neighbours on the path, noisier first, between which the rate falls below the target."""
        ended = sorted(self._seen, key=self._x)
        for one, other in itertools.pairwise(ended):
            if self._logit(one) >= self._goal > self._logit(other):
                return one, other
        return None

    def _guess(self, bracket: tuple[Point, Point]) -> float:
        """The crossing, by the straight line between two points."""
        one, other = bracket
        return _between(self._x(one), self._logit(one), self._x(other), self._logit(other), self._goal)

    def _step(self) -> None:
        """A point on the way to the crossing, or the end of a search that does not come to it."""
        if not self._path:
            if not self._add(self._begin, FEW, EXPECTED):
                self._end(
                    f"there is no channel with {self.experiment.parameter} near {self._begin:g} to begin with"
                )
            return
        ended = sorted(self._seen, key=self._x)
        quieter = self._logit(ended[-1]) >= self._goal
        last = ended[-1] if quieter else ended[0]
        distance = LONGEST
        if len(ended) > 1:
            before = ended[-2] if quieter else ended[1]
            apart = abs(self._x(last) - self._x(before))
            slope = abs(self._logit(last) - self._logit(before)) / apart
            # Straight on to the target, and a little further if it is near; or a longer step than the last.
            straight = abs(self._goal - self._logit(last)) / max(slope, 1e-9)
            distance = min(max(1.1 * straight, SHORTEST), max(LONGEST, min(straight / 2, 2 * apart)))
        self._steps += 1
        while self._steps <= MOST_STEPS and distance >= SHORTEST / 2:
            x = self._x(last) + (1 if quieter else -1) * distance
            if self._add(min(max(x, self._range[0]), self._range[1]), FEW, EXPECTED, beside=0):
                return
            distance /= 2  # no channel is there: a probability above one, say
        # The end of the range. Few errors may have put its rate on the wrong side of the target.
        near = [point for point in ended if abs(self._x(point) - self._x(last)) < 0.02]
        last = max(near, key=lambda point: point.tally.frames)
        if abs(self._logit(last) - self._goal) < SURE * self._deviation(last) and self._insisted < 4:
            self._insisted += 1
            more = 4**self._insisted
            if self._add(self._x(last), FEW * more, EXPECTED * more):
                return
        errors, trials = self._counts(last)
        rate = f"the {self.target.measure.upper()} at {self.experiment.parameter} = {last.value:g}"
        self._end(f"not reached: {rate} is {errors / trials:.3g}")

    def _deviation(self, point: Point) -> float:
        """Standard deviation of a point's logit, roughly: that of its frame errors."""
        tally = point.tally
        return math.sqrt(1 / (tally.frame_errors + 0.5) + 1 / (tally.frames - tally.frame_errors + 0.5))

    def _end(self, note: str = "") -> None:
        self._over, self._note = True, note

    def _pair(self, x: float, width: float, errors: int) -> None:
        """A point on each side of where the crossing seems to be."""
        distance = width * PAIRS[self._pairs % len(PAIRS)]
        self._pairs += 1
        low, high = self._range
        sides = [min(max(x + side * distance, low), high) for side in (-1, 1)]
        for end in (low, high):
            there = [point for point in self._seen if abs(self._x(point) - end) < EDGE]
            if len(there) >= MOST_AT_EDGE and abs(x - end) < EDGE:
                value = self._axis.value_at(end)
                self._end(f"it is reached about where the range ends, {value:g}, or beyond: widen the range")
                return
        added = [self._add(side, errors, 4 * errors) for side in sides]
        if not any(added):
            self._end("the range leaves no room to narrow it further")

    def _add(self, x: float, errors: int, expected: int, beside: int = 20) -> bool:
        """One more point, which ends at so many frame errors, or frames with so many expected at the target.

        False if there is no such value, or it was simulated already, and so were ``beside`` around it.
        """
        taken = {point.value for point in self._path}
        for shift in range(beside + 1):
            nudged = x + 0.001 * ((shift + 1) // 2) * (-1) ** shift
            if not self._range[0] - 1e-9 <= nudged <= self._range[1] + 1e-9:
                continue
            value = self._axis.value_rounded(nudged)
            if self._limits is not None:  # rounded, it may lie beyond
                value = min(max(value, self._limits[0]), self._limits[1])
            if value in taken:
                continue
            try:
                at = self.experiment.at(value)
            except ValueError:
                return False
            if not (self.experiment.swept.decibels or value > 0):
                return False
            frames = math.ceil(expected / self.target.rate)
            if self.rules.frames is not None:
                frames = min(frames, self.rules.frames)
            rules = StopRules(frame_errors=errors, frames=frames, seconds=self.rules.seconds)
            point = Point(self.experiment, at, rules)
            if point.key in self.known:
                point.resume(self.known[point.key])
            self._path.append(point)
            self.points = sorted(self._path, key=lambda point: point.value)
            return True
        return False

    def _errors_needed(self, x: float, width: float, excess: float) -> int:
        """Frame errors for each point of the next pair, when the interval is ``excess`` times too long."""
        nearness = kernel_weights(np.array([self._x(point) - x for point in self._seen]), width)
        seen = float(nearness @ [point.tally.frame_errors for point in self._seen])
        wanted = 1.2 * seen * (excess**2 - 1) / 2 if math.isfinite(excess) else seen
        return int(min(max(wanted, FEW), 4 * max(seen, FEW)))

    def _width(self) -> float:
        """The distance over which points tell of the crossing, from how steep the curve is around it."""
        around = [point for point in self._seen if abs(self._logit(point) - self._goal) < 4]
        if len(around) < 2:
            return NARROW
        x = np.array([self._x(point) for point in around])
        y = np.array([self._logit(point) for point in around])
        weight = np.array([point.tally.frame_errors + 0.5 for point in around])
        slope = solve(np.vander(x - x.mean(), 2), weight, y)[0]
        return min(max(CHANGE / max(-float(slope), 1e-9), NARROW), WIDE)

    def _fit(self) -> Fit | None:
        """The crossing by the local fit, which changes as points end; None where they do not show it."""
        ended = len(self._seen)
        if self._fitted is None or self._fitted[0] != ended:
            self._fitted = ended, self._make_fit()
        return self._fitted[1]

    def _make_fit(self) -> Fit | None:
        bracket = self._bracket()
        assert bracket is not None
        x = np.array([self._x(point) for point in self._seen])
        # Beyond the points there may be no channel.
        within = (float(x.min()), float(x.max()))
        tallies = [point.tally for point in self._seen]
        k, measure = self._seen[0].k, self.target.measure
        centre, width = self._guess(bracket), self._width()
        return fit_around(x, tallies, k, measure, self._goal, centre, width, within)


def _between(x0: float, y0: float, x1: float, y1: float, goal: float) -> float:
    """Where the straight line through two points (x, y) has y = goal."""
    return x0 + (goal - y0) / (y1 - y0) * (x1 - x0)


def _start(experiment: Experiment[Any], limits: tuple[float, float] | None) -> float:
    """The value to begin at: where capacity equals the rate, if that is known."""
    limit = experiment.limit("gaussian")
    if limit is not None and (experiment.swept.decibels or limit > 0):
        return limit
    if limits is not None:
        return min(limits, key=lambda value: experiment.at(value).capacity)
    if limit is not None:  # rate 1 on a channel whose parameter is a probability
        return 0.1
    raise InputError(
        f"{experiment.label}: to look for a target on this channel, give {experiment.parameter} a range, "
        "{start, stop}"
    )
