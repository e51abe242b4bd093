"""Where codes lie in the plane of rate and channel: at the channel's value with an error rate asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from ...channels import bpsk_limit_ebno_db, spectral_efficiency_limit_ebno_db, to_db
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...channels.parameter import EBNO, ESNO
from ..errors import InputError
from ..results.crossings import Crossing
from ..results.rows import Results, Row
from ..statistics.stop_rules import ErrorRate
from ..theory.limits import known_capacities
from .gaps import interpolated
from .row_limits import FINITE, bound_of, bounded_value, channel_of, decibels_to_esno, uses_of

if TYPE_CHECKING:
    from ...bounds import Bound

Values = npt.NDArray[np.float64]

#: The error rate at which codes are shown where none is asked for.
DEFAULT = ErrorRate(ber=1e-5)
#: Shannon's limit on Eb/N0 in dB for a rate of 0: ln 2.
LEAST_EBNO_DB = to_db(float(np.log(2)))
#: Es/N0 in dB at which capacities of modulations are computed.
ESNO_GRID: Values = np.arange(-10, 45.5, 0.5)


@dataclass(frozen=True)
class PlacedCode:
    """A code at the channel on which it reaches an error rate.

    Attributes
    ----------
    row
        One of its curve's.
    crossing
        Where the curve reaches the error rate, in the parameter it was swept over; ``value`` None if nowhere.
    x, low, high
        The same place on the figure's axis, with the bounds of its 95 % interval; None where unknown.
    limit
        Where capacity equals the code's rate there, for any input.
    """

    row: Row
    crossing: Crossing
    x: float | None
    low: float | None
    high: float | None
    limit: float | None


@dataclass(frozen=True)
class Plane:
    """One panel: codes over channels of one kind.

    Attributes
    ----------
    channel
        The channel's name.
    parameter
        Of the x axis: ``esno_db``, ``ebno_db``, or what was swept.
    points
        The codes.
    """

    channel: str
    parameter: str
    points: tuple[PlacedCode, ...]


def capacity_planes(results: Results, at: ErrorRate | None) -> list[Plane]:
    """The curves of results by channel, over Es/N0 where the channel has it.

    Raises InputError where there is none: those with HARQ are not among them.
    """

    def place(row: Row) -> tuple[str, float]:
        shift = decibels_to_esno(row)
        return (row.parameter, 0.0) if shift is None else (ESNO.name, shift)

    planes = _planes(results, at, place)
    if not planes:
        raise InputError("the capacity plane needs a curve whose frames are sent once, without harq")
    return planes


def efficiency_plane(results: Results, at: ErrorRate | None) -> Plane:
    """The curves that have an Eb/N0, over it. Raises InputError where there is none."""

    def place(row: Row) -> tuple[str, float] | None:
        shift = decibels_to_esno(row)
        known = shift is not None and row.ebno_db is not None
        return (EBNO.name, shift - to_db(row.bits_per_use)) if known and shift is not None else None

    planes = _planes(results, at, place)
    if not planes:
        raise InputError("spectral efficiency needs curves that have an Eb/N0, such as those over awgn")
    return Plane("", EBNO.name, tuple(point for plane in planes for point in plane.points))


def _planes(
    results: Results, at: ErrorRate | None, place: Callable[[Row], tuple[str, float] | None]
) -> list[Plane]:
    found: dict[tuple[str, str, int], list[PlacedCode]] = {}
    for label, rows in results.curves().items():
        placed = None if rows[0].harq else place(rows[0])  # the rate is that of the first transmission alone
        if placed is None:
            continue
        parameter, shift = placed
        asked = None if at is None else (at.measure, at.rate)
        searched = [
            crossing
            for crossing in results.crossings
            if crossing.curve == label and asked in (None, (crossing.measure, crossing.target))
        ]
        measure, rate = asked or (DEFAULT.measure, DEFAULT.rate)
        for crossing in searched or [interpolated(rows, measure, rate)]:
            places = (crossing.value, crossing.low, crossing.high, crossing.limit)
            moved = (None if place is None else place + shift for place in places)
            point = PlacedCode(rows[0], crossing, *moved)
            kind = (rows[0].channel, parameter, dimensions_of(rows[0]))
            found.setdefault(kind, []).append(point)
    return [Plane(channel, parameter, tuple(points)) for (channel, parameter, _), points in found.items()]


def dimensions_of(row: Row) -> int:
    """Real dimensions of a channel use of a row's curve; 1 where it is not known."""
    model = row.channel_model
    return 1 if model is None else model.dimensions


def efficiency_of(row: Row) -> float:
    """Bits a second and hertz: two real channel uses, or one complex one, to a second and hertz."""
    return row.bits_per_use * 2 / dimensions_of(row)


def model_of(plane: Plane) -> ChannelModel | None:
    """The channel of a plane's codes over the plane's parameter; None if it is not known."""
    model = channel_of(plane.points[0].row)
    return None if model is None else model.over(plane.parameter)


def modulations_of(plane: Plane) -> list[tuple[str, ChannelModel]]:
    """The modulations of a plane's codes, by name, with their channels over the plane's parameter."""
    found: dict[str, ChannelModel] = {}
    for point in plane.points:
        model = channel_of(point.row) if point.row.modulation else None
        model = None if model is None else model.over(plane.parameter)
        signals = getattr(getattr(model, "modulation", None), "signals", None)
        if model is not None and signals is not None:
            found.setdefault(signals.name, model)
    return list(found.items())


def capacity_formula(plane: Plane) -> str:
    """The formula of a plane's capacity in LaTeX; empty where the channel has none, or fixed parameters."""
    model = model_of(plane)
    if model is not None and model.dimensions > 1 and not model.set_apart:
        return str(getattr(model.make, "complex_formula", "")) if model.dimensions == 2 else ""
    # What a class inherits need not hold for it.
    known = {} if model is None or model.set_apart else getattr(model.make, "__dict__", {})
    return str(known.get("formula", ""))


def capacity_curve(plane: Plane, x: Values, signal: Signal) -> Values | None:
    """Capacity at values of a plane's parameter, in bits a channel use; None if it cannot be had.

    ``signal`` is ``gaussian`` or ``bpsk``; of channels whose input is discrete only the first is there.
    """
    model = model_of(plane)
    if model is None or (signal != "gaussian" and not model.tells_signals):
        return None
    return known_capacities(model, x, signal)


def finite_rates(plane: Plane, kind: str) -> list[tuple[float, float | None, "Bound", Row]]:
    """What a limit at the block length allows at each code's channel: place, rate, bound, and the code's row.

    For codes whose frame error rate is asked for, and limits named in ``FINITE``. The rate is None where the
    bound cannot be computed.
    """
    from ...bounds import BoundError

    found = []
    for point in plane.points:
        bound = bound_of(point.row, kind) if kind in FINITE else None
        crossing = point.crossing
        if bound is None or crossing.measure != "fer" or crossing.value is None or point.x is None:
            continue
        try:
            rate = bound.rate(uses_of(point.row), crossing.target, bounded_value(point.row, crossing.value))
        except BoundError:
            rate = None
        found.append((point.x, rate, bound, point.row))
    return found


def efficiency_limits(efficiency: Values) -> dict[str, Values]:
    """The least Eb/N0 in dB at spectral efficiencies in bits a second and hertz: two real uses.

    Shannon's, for any input, and that of BPSK on both of the two uses, NaN from 2 on.
    """
    return {
        "shannon": np.array([spectral_efficiency_limit_ebno_db(float(r)) for r in efficiency]),
        "bpsk": np.array([bpsk_limit_ebno_db(float(r) / 2) if r < 2 else np.nan for r in efficiency]),
    }


def modulated_efficiencies(plane: Plane, signal: Signal) -> list[tuple[str, Values, Values]]:
    """What each modulation of a plane's codes carries: its name, Eb/N0 in dB, and bits a second and hertz.

    ``signal`` is ``modulation``, the capacity of its points, or ``bicm``, that of their bits one by one.
    Modulations whose capacity is not known over their channel are left out.
    """
    found: list[tuple[str, Values, Values]] = []
    for name, model in modulations_of(plane):
        by_esno = model.over(ESNO.name)
        carried = None if by_esno is None else known_capacities(by_esno, ESNO_GRID, signal)
        if by_esno is None or carried is None:
            continue
        # Beyond 99.9 % of the bits of a sample more energy is all that there is to see.
        most = carried.max()
        seen = (carried > 0) & (np.append(True, carried[:-1] < 0.999 * most))
        per_dimension = 2 / by_esno.dimensions
        found.append((name, ESNO_GRID[seen] - to_db(carried[seen]), carried[seen] * per_dimension))
    return found
