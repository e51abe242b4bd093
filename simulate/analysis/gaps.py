"""How far from the capacity limits the curves of a sweep reach error rates, read off between their points."""

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..failures import FAILURES
from ..results.crossings import Crossing
from ..results.rows import Results, Row
from ..statistics.local_fit import CHANGE, NARROW, WIDE, Fit, SearchAxis, counts_of, fit_around, logit
from .row_limits import channel_of, limit_of, parameter_of

if TYPE_CHECKING:
    from ..configuration.models import PlotOptions

#: The error rates at which codes are usually compared.
USUAL = (("fer", 1e-3), ("ber", 1e-5))
INTERPOLATED = "interpolated"
STRAIGHT = "interpolated by a straight line"


def usual_rates(options: "PlotOptions") -> list[tuple[str, float]]:
    """The usual ones of the error rates that figures show; all where they show none."""
    return [usual for usual in USUAL if usual[0] in options.y] or list(USUAL)


def gap_entries(
    results: Results,
    rates: Sequence[tuple[str, float]] | None = None,
    usual: Sequence[tuple[str, float]] = USUAL,
) -> list[Crossing]:
    """Where each curve reaches the error rates it is judged by: what a table of gaps shows.

    Crossings that a search has found come first; ``rates``, pairs of ``fer`` or ``ber`` and a rate, follow,
    read off between the points where these allow it. Rates that are given have an entry for every curve,
    which says why nothing was found. Without any it is the ``usual`` ones, left out where there was a
    search, or a single point, and they are not reached.
    """
    entries = []
    for label, rows in results.curves().items():
        searched = [crossing for crossing in results.crossings if crossing.curve == label]
        entries += searched
        for measure, target in usual if rates is None else rates:
            if any((one.measure, one.target) == (measure, target) for one in searched):
                continue
            found = interpolated(rows, measure, target)
            if rates is not None or found.value is not None or (len(rows) > 1 and not searched):
                entries.append(found)
    return entries


def interpolated(rows: Sequence[Row], measure: str, target: float) -> Crossing:
    """The channel parameter's value at which a curve reaches an error rate, from its points.

    It is read off the local fit that a search for a target uses, with that fit's 95 % interval; where
    the points are too few or too far apart for it, off the straight line between two of them, without
    an interval. Only between points: nothing is extrapolated.
    """
    row = rows[0]
    parameter = parameter_of(row)
    first, *_, last = sorted((row, *rows), key=lambda each: each.value)
    axis = SearchAxis(parameter, 1 if first.fer >= last.fer else -1)
    usable = [each for each in rows if parameter.decibels or each.value > 0]
    usable.sort(key=lambda each: axis.distance_of(each.value))
    fit, note = _crossing(usable, axis, measure, target)
    if fit is None:
        return _entry(rows, measure, target, None, None, note, axis)
    low, high = (axis.value_at(x) if math.isfinite(x) else None for x in (fit.low, fit.high))
    bounds = (low, high) if axis.sign > 0 else (high, low)
    if note == STRAIGHT:
        bounds = (None, None)
    return _entry(rows, measure, target, axis.value_at(fit.x), bounds, note, axis)


def _crossing(rows: Sequence[Row], axis: SearchAxis, measure: str, target: float) -> tuple[Fit | None, str]:
    """The crossing as distances, and how it was found or why not; rows by falling noise."""
    pair = next(((a, b) for a, b in itertools.pairwise(rows) if _between(a, b, measure, target)), None)
    if pair is None:
        seen = [getattr(row, measure) for row in rows if row.frame_errors]
        if seen and min(seen) > target:
            return None, f"the lowest {measure.upper()} seen is {min(seen):.2g}"
        if seen and max(seen) < target:
            return None, f"the highest {measure.upper()} seen is {max(seen):.2g}"
        return None, "the points do not show it"
    goal = logit(target)
    x = np.array([axis.distance_of(row.value) for row in rows])
    tallies, k = [row.tally for row in rows], rows[0].k
    counts = np.array([counts_of(tally, k, measure) for tally in tallies], float)
    logits = np.log((counts[:, 0] + 0.5) / (counts[:, 1] - counts[:, 0] + 0.5))
    i = rows.index(pair[0])
    share = (logits[i] - goal) / (logits[i] - logits[i + 1])
    straight = float(x[i] + share * (x[i + 1] - x[i]))
    # As wide as a search would look around, but at least from one point to the next.
    slope = (logits[i] - logits[i + 1]) / (x[i + 1] - x[i])
    width = max(min(max(CHANGE / slope, NARROW), WIDE), float(x[i + 1] - x[i]))
    # A curve may pass a little beside its points, so it may cross beside the two, but not beyond all of them.
    beside = (x[i + 1] - x[i]) / 2
    least, most = max(x[i] - beside, x[0]), min(x[i + 1] + beside, x[-1])
    fit = fit_around(x, tallies, k, measure, goal, straight, width, (least, most))
    if fit is None:
        return Fit(straight, -math.inf, math.inf), STRAIGHT
    return fit, INTERPOLATED


def _between(noisier: Row, quieter: Row, measure: str, target: float) -> bool:
    """Whether a curve falls to a rate between two points; without errors a point shows it by its bound."""
    if not noisier.frame_errors or getattr(noisier, measure) < target:
        return False
    name = measure if quieter.frame_errors else f"{measure}_high"
    return bool(getattr(quieter, name) < target)


def _entry(
    rows: Sequence[Row],
    measure: str,
    target: float,
    value: float | None,
    bounds: tuple[float | None, float | None] | None,
    note: str,
    axis: SearchAxis,
) -> Crossing:
    """The crossing with the limits it is compared with, as far as the row's channel tells them."""
    row = rows[0]
    limit, bpsk = limit_of(row, "gaussian"), limit_of(row, "bpsk")
    if bpsk == limit:
        bpsk = None
    sent = None if row.symbols is None else limit_of(row, "modulation")
    capacity = None if value is None else _capacity(row, value)
    return Crossing(
        curve=row.curve,
        measure=measure,
        target=target,
        parameter=row.parameter,
        value=value,
        low=bounds[0] if bounds else None,
        high=bounds[1] if bounds else None,
        rate=row.rate,
        limit=limit,
        gap=None if value is None or limit is None else axis.sign * (value - limit),
        bpsk_limit=bpsk,
        bpsk_gap=None if value is None or bpsk is None else axis.sign * (value - bpsk),
        modulation_limit=sent,
        modulation_gap=None if value is None or sent is None else axis.sign * (value - sent),
        capacity=capacity,
        rate_gap=None if capacity is None or row.harq else capacity - row.bits_per_use,
        points=len(rows),
        frames=sum(each.frames for each in rows),
        note=note,
    )


def _capacity(row: Row, value: float) -> float | None:
    """Capacity of a row's channel at another value; None if it is not known."""
    model = channel_of(row)
    if model is None:
        return None
    try:
        capacity = model.capacity(value)
    except FAILURES:
        return None
    return capacity if math.isfinite(capacity) else None
