"""What a sender delivers that has several schemes, and uses the best of them on each channel.

A. J. Goldsmith, "Wireless Communications", 2005, chapter 9: with a frame error rate P a scheme of R bits a
symbol delivers R (1 - P). The best scheme at each Es/N0 gives the upper envelope, a staircase where the codes
are ideal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels.models.channel import Signal
from ...channels.parameter import ESNO
from ..configuration.links_of_results import configured, with_channel_models
from ..errors import InputError
from ..results.atomic_files import write_atomically
from ..results.csv_tables import format_table, shortened
from ..results.rows import Results, Row, load_results
from ..results.told_apart import told_apart
from ..statistics.local_fit import logit
from ..statistics.stop_rules import ErrorRate
from ..theory.limits import known_capacities
from .operating_points import PlacedCode, Plane, capacity_planes, modulations_of
from .row_limits import channel_of, decibels_to_esno, limit_of

Values = npt.NDArray[np.float64]
#: The error rate at which schemes are compared where none is asked for.
DEFAULT = ErrorRate(fer=0.1)
#: The step of the grid over Es/N0, and how far it goes on beside the schemes, in dB.
STEP, BESIDE = 0.05, 2.0
#: Bits a symbol that count as none.
NOTHING = 1e-6


@dataclass(frozen=True, eq=False)
class Scheme:
    """A code with a modulation, and how often its frames are wrong.

    Attributes
    ----------
    placed
        Where it reaches the error rate asked for, over Es/N0.
    esno_db, fer
        Its points, by ascending Es/N0; the FER does not grow.
    """

    placed: PlacedCode
    esno_db: Values
    fer: Values

    @property
    def row(self) -> Row:
        """One of its rows."""
        return self.placed.row

    @property
    def bits(self) -> float:
        """Information bits a symbol."""
        return self.row.bits_per_use

    def delivered(self, esno_db: Values) -> Values:
        """Bits a symbol that arrive, R (1 - FER), at Es/N0 in dB.

        Between points the logit of the FER is a straight line. Below the first point nothing is taken to
        arrive, unless frames are wrong there as rarely as at the last; above the last its FER stays.
        """
        logits = np.array([logit(min(max(rate, 1e-12), 1 - 1e-12)) for rate in self.fer])
        between = 1 / (1 + np.exp(np.interp(esno_db, self.esno_db, logits)))
        arrives = np.where(esno_db < self.esno_db[0] - 1e-9, 0.0, between)
        return np.asarray(self.bits * arrives)


@dataclass(frozen=True, eq=False)
class Adaptation:
    """Schemes over one channel, the least efficient first.

    Attributes
    ----------
    plane
        The codes at their error rates, over Es/N0.
    schemes
        Those that were simulated over Es/N0, or what it can be told from.
    """

    plane: Plane
    schemes: tuple[Scheme, ...]

    @cached_property
    def esno_db(self) -> Values:
        """A grid over Es/N0 that holds all points."""
        ends = [value for scheme in self.schemes for value in (scheme.esno_db[0], scheme.esno_db[-1])]
        first, last = np.floor(min(ends) - BESIDE), np.ceil(max(ends) + BESIDE)
        return np.arange(first, last + STEP / 2, STEP)

    @cached_property
    def delivered(self) -> Values:
        """What each scheme delivers on the grid, shape (schemes, grid)."""
        return np.stack([scheme.delivered(self.esno_db) for scheme in self.schemes])

    @property
    def envelope(self) -> Values:
        """What the best scheme delivers. It is a maximum: tables of standards are not monotone."""
        return np.asarray(self.delivered.max(axis=0))

    @property
    def best(self) -> npt.NDArray[np.int64]:
        """The number of the best scheme on the grid; -1 where none delivers anything."""
        return np.where(self.envelope > NOTHING, self.delivered.argmax(axis=0), -1)

    def used(self, number: int) -> tuple[float, float] | None:
        """The first and the last Es/N0 of the grid at which a scheme is the best; None if it never is."""
        at = self.esno_db[self.best == number]
        return (float(at[0]), float(at[-1])) if len(at) else None

    def capacity(self, signal: Signal) -> Values | None:
        """The most that any of the modulations carries on the grid; None if that is not known of any.

        ``signal`` is ``gaussian``, any input; ``modulation``, the points; or ``bicm``, their bits one by one.
        """
        models = [model for _, model in modulations_of(self.plane)]
        if signal == "gaussian" or not models:
            rows = [channel_of(scheme.row) for scheme in self.schemes]
            over = [model.over(ESNO.name) for model in rows if model is not None]
            models = [max((each for each in over if each), key=lambda each: each.dimensions)] if over else []
        found = [known_capacities(model, self.esno_db[::10], signal) for model in models]
        known = [each for each in found if each is not None]
        if not known:
            return None
        return np.asarray(np.interp(self.esno_db, self.esno_db[::10], np.max(known, axis=0)))


def adaptations(results: Results, at: ErrorRate | None = None) -> list[Adaptation]:
    """The schemes of results by channel; raises InputError where no curve has an Es/N0."""
    found = []
    for plane in _by_channel(results, at or DEFAULT):
        placed = {point.row.curve: point for point in plane.points}
        schemes = []
        for label, rows in results.curves().items():
            shift = decibels_to_esno(rows[0])
            if label not in placed or shift is None:
                continue
            ordered = sorted(rows, key=lambda row: row.value)
            at_points = np.array([row.value + shift for row in ordered])
            schemes.append(Scheme(placed[label], at_points, _falling(ordered)))
        found.append(Adaptation(plane, tuple(sorted(schemes, key=lambda each: each.bits))))
    if not found:
        raise InputError("adaptation needs curves that have an Es/N0, such as those over awgn")
    return found


def _falling(rows: Sequence[Row]) -> Values:
    """Frame error rates that do not grow with Es/N0: those nearest to what was counted, by frames.

    What points with few frames have above their neighbours is chance (R. E. Barlow, D. J. Bartholomew, J. M.
    Bremner and H. D. Brunk, "Statistical Inference under Order Restrictions", 1972).
    """
    from scipy.optimize import isotonic_regression

    counted, frames = np.array([row.fer for row in rows]), np.array([float(row.frames) for row in rows])
    return np.asarray(isotonic_regression(counted, weights=frames, increasing=False).x)


def _by_channel(results: Results, at: ErrorRate) -> list[Plane]:
    """The planes over Es/N0, with the schemes of one channel together, whatever their samples are."""
    points: dict[str, list[PlacedCode]] = {}
    for plane in capacity_planes(results, at):
        if plane.parameter == ESNO.name:
            points.setdefault(plane.channel, []).extend(plane.points)
    return [Plane(channel, ESNO.name, tuple(each)) for channel, each in points.items()]


def scheme_rows(adaptation: Adaptation) -> list[dict[str, str | float | None]]:
    """A row for each scheme: its threshold with the 95 % interval, limits, gaps, and where it is the best.

    ``limit`` is where the capacity of any input equals its bits a symbol, ``modulation_limit`` and
    ``bicm_limit`` those of its points and of their bits; all are Es/N0 in dB.
    """
    return [_row(adaptation, number, scheme) for number, scheme in enumerate(adaptation.schemes)]


def _row(adaptation: Adaptation, number: int, scheme: Scheme) -> dict[str, str | float | None]:
    placed, used = scheme.placed, adaptation.used(number)
    shift = decibels_to_esno(scheme.row)
    of_points, of_bits = (_limit(scheme.row, signal, shift) for signal in SIGNALS)
    nearest = placed.limit if of_bits is None else of_bits
    gap = None if placed.x is None or nearest is None else placed.x - nearest
    told: dict[str, str | float | None] = {
        "scheme": scheme.row.curve,
        "at": f"{placed.crossing.measure} {placed.crossing.target:g}",
        "modulation": scheme.row.modulation or "bpsk",
        "bits_per_symbol": scheme.bits,
        "esno_db": placed.x,
        "low": placed.low,
        "high": placed.high,
        "limit": placed.limit,
        "modulation_limit": of_points,
        "bicm_limit": of_bits,
        "gap": gap,
        "used_from": None if used is None else used[0],
        "used_to": None if used is None else used[1],
    }
    return {
        name: shortened(value, 6, db=True) if isinstance(value, float) else value
        for name, value in told.items()
    }


#: The inputs whose limits a table tells beside that of any input.
SIGNALS: Sequence[Signal] = ("modulation", "bicm")


def _limit(row: Row, signal: Signal, shift: float | None) -> float | None:
    own: Signal = "bpsk" if row.symbols is None else signal
    found = limit_of(row, own)
    return None if found is None or shift is None else found + shift


def adaptation_table(
    paths: str | Path | Sequence[str | Path], at: ErrorRate | None = None
) -> list[dict[str, str | float | None]]:
    """``scheme_rows`` of results in one or more folders; with several channels one after the other.

    ``at`` is the error rate of the thresholds, by default that of the first folder's figures, or a FER of
    0.1. Raises InputError if results cannot be read, or have no Es/N0.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    loaded = told_apart([with_channel_models(load_results(path)) for path in paths])
    if at is None and loaded and loaded[0].folder is not None:
        at = configured(loaded[0].folder)[1].at
    rows = tuple(row for results in loaded for row in results)
    whole = Results(rows, crossings=tuple(each for results in loaded for each in results.crossings))
    return [row for adaptation in adaptations(whole, at) for row in scheme_rows(adaptation)]


def save_table(table: Sequence[Mapping[str, Any]], path: str | Path) -> Path:
    """Write rows as CSV; returns the file. Raises InputError if it cannot be written."""
    path = Path(path)
    text = format_table(list(table[0]), table, lambda row, name: row[name])
    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    return path
