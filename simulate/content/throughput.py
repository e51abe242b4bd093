"""What figures show of frames that are sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...channels.models.channel import Signal
from ..analysis.row_limits import SIGNALS
from ..configuration.links_of_results import links_of
from ..errors import InputError
from ..failures import FAILURES
from ..harq.harq_link import HarqLink
from ..link.link import Link
from ..results.rows import Results, Row
from ..theory.accumulated import accumulated, feedback_reached, has_gains
from ..theory.figure_support import FIGURE_SUPPORT
from .limit_curves import FEEDBACK

Values = npt.NDArray[np.float64]
Measure = Literal["throughput", "transmissions"]
#: Points of the curve of an ideal code: where it is a staircase, whose steps are to be steep, and over gains.
POINTS, SMOOTH_POINTS = 600, 80
#: Points of a capacity, and of a bound at the length of the code.
CAPACITY_POINTS, BOUND_POINTS = 100, 40


@dataclass(frozen=True, eq=False)
class Ideal:
    """What ideal codes reach with a curve's scheme: over the parameter, throughput and transmissions."""

    curve: str
    x: Values
    throughput: Values
    transmissions: Values


def sent_again(results: Results) -> dict[str, list[Row]]:
    """The rows of curves with HARQ, in the order of the parameter.

    Raises InputError where there is none, or where they are over several parameters.
    """
    found = {
        label: sorted(rows, key=lambda row: row.value)
        for label, rows in results.curves().items()
        if rows[0].harq_rates is not None
    }
    if not found:
        raise InputError(FIGURE_SUPPORT["throughput"].needed)
    parameters = sorted({rows[0].parameter for rows in found.values()})
    if len(parameters) > 1:
        raise InputError(
            f"curves over {' and '.join(parameters)} cannot share one figure: plot them separately"
        )
    return found


def ideal_curves(results: Results, span: tuple[float, float], *, log: bool) -> list[Ideal]:
    """Those of the curves for which they are known."""
    found = []
    links = links_of(results)
    for label in sent_again(results):
        link = links.get(label)
        if not isinstance(link, HarqLink):
            continue
        count = SMOOTH_POINTS if has_gains(link) else POINTS
        points = []
        for value in np.geomspace(*span, count) if log else np.linspace(*span, count):
            try:
                reached = accumulated(link, float(value))
            except FAILURES:  # beyond what the channel takes
                continue
            if reached is not None:
                points.append((value, reached.throughput, reached.transmissions))
        if points:
            found.append(Ideal(label, *np.array(points, np.float64).T))
    return found


def feedback_curves(
    results: Results, span: tuple[float, float], *, log: bool
) -> list[tuple[str, Values, Values]]:
    """What some code reaches with stop feedback: curves, values of the parameter and throughputs."""
    found = []
    links = links_of(results)
    for label in sent_again(results):
        link = links.get(label)
        if not isinstance(link, HarqLink) or link.scheme.type != "incremental-redundancy":
            continue
        points = []
        for value in np.geomspace(*span, BOUND_POINTS) if log else np.linspace(*span, BOUND_POINTS):
            try:
                reached = feedback_reached(link, float(value))
            except FAILURES:  # beyond what the bound takes
                continue
            if reached is not None:
                points.append((value, reached))
        if points:
            found.append((label, *np.array(points, np.float64).T))
    return found


def why_not_ideal(kind: str, link: Link, value: float) -> str | None:
    """Why a limit of frames that are sent again is not drawn of a link; None if it is, or it is not known."""
    if not isinstance(link, HarqLink):
        return None
    if kind == FEEDBACK:
        known = feedback_reached(link, value) is not None
        return None if known else "it is known of incremental redundancy with BPSK over awgn"
    if accumulated(link, value) is not None:
        return None
    return "how the information of its transmissions adds up is not known over this channel"


def capacity_curves(
    results: Results, kinds: Sequence[str], span: tuple[float, float], *, log: bool
) -> list[tuple[str, Values, Values]]:
    """Capacities over the parameter, with their kinds, in bits a use; one of each channel and input."""
    links = links_of(results)
    found: dict[tuple[str, str, str], tuple[str, Values, Values]] = {}
    for label, rows in sent_again(results).items():
        link = links.get(label)
        for kind in kinds:
            place = kind, rows[0].channel, rows[0].modulation if kind != "shannon" else ""
            if kind not in SIGNALS or link is None or place in found:
                continue
            points = []
            for value in np.geomspace(*span, CAPACITY_POINTS) if log else np.linspace(*span, CAPACITY_POINTS):
                capacity = _capacity(link, float(value), SIGNALS[kind])
                if capacity is not None:
                    points.append((value, capacity))
            if points:
                found[place] = kind, *np.array(points, np.float64).T
    return list(found.values())


def _capacity(link: Link, value: float, signal: Signal) -> float | None:
    if signal != "gaussian" and not link.channel.tells_signals:
        return None
    try:
        return link.channel.capacity(value, signal)
    except FAILURES:  # beyond what the channel takes, or none of such a signal
        return None
