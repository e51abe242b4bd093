"""The two sides of a comparison: results, or a reference curve in a CSV file."""

import csv
import dataclasses
import math
from dataclasses import dataclass, field, replace
from pathlib import Path

from ...channels.parameter import ENERGIES, STANDARD, parameter_named
from ..errors import InputError, nearest
from ..results.rows import FILE, MAX_BYTES, Results, Row, load_results
from ..statistics.intervals import binomial_interval, bit_error_interval
from ..statistics.tally import Tally
from ..text_files import read_text

COUNTS = ("frames", "frame_errors", "bit_errors", "bit_errors_squared", "k")
EXAMPLE = "such as 'ebno_db,frames,frame_errors'"


@dataclass(frozen=True)
class Side:
    """What one side counted at a point; None where that is not known.

    Attributes
    ----------
    frames, frame_errors, bit_errors, bit_errors_squared, k
        As in ``results.csv``.
    fer, fer_low, fer_high, ber, ber_low, ber_high
        Rates, and the bounds of their 95 % intervals.
    """

    frames: int
    frame_errors: int
    fer: float
    fer_low: float
    fer_high: float
    k: int | None = None
    bit_errors: int | None = None
    bit_errors_squared: int | None = None
    ber: float | None = None
    ber_low: float | None = None
    ber_high: float | None = None


@dataclass(frozen=True)
class SidePoint:
    """A point of one side.

    Attributes
    ----------
    places
        Its value in each parameter that is known; the first is the sweep's.
    side
        The counts.
    key, tally
        As in ``results.csv``; empty for a reference curve.
    """

    places: dict[str, float]
    side: Side
    key: str = ""
    tally: Tally = field(default_factory=Tally)

    @property
    def value(self) -> float:
        """The value in the sweep's parameter."""
        return next(iter(self.places.values()))


@dataclass(frozen=True)
class Source:
    """One side: its name, its curves by label, and the comments of a reference curve."""

    name: str
    curves: dict[str, list[SidePoint]]
    description: str = ""


def load_source(source: str | Path | Results, name: str) -> Source:
    """Read a side: results, their folder or file, or a reference curve; ``name`` if it has none.

    Raises InputError, with file and line, if that cannot be.
    """
    if isinstance(source, Results):
        return _from_results(source, str(source.folder or name))
    path = Path(source)
    if path.is_dir() or path.name == FILE:
        return _from_results(load_results(path), str(source))
    try:
        text = read_text(path, MAX_BYTES)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file or folder") from None
    lines = [(i, line.strip()) for i, line in enumerate(text.split("\n"), start=1) if line.strip()]
    rows = [(i, line) for i, line in lines if not line.startswith("#")]
    if rows and {"curve", "parameter"} & set(rows[0][1].split(",")):
        return _from_results(load_results(path), str(source))
    entries = _read_reference(path, rows)
    description = [line.lstrip("# ").strip() for _, line in lines if line.startswith("#")]
    return Source(str(source), {path.stem: entries}, "\n".join(filter(None, description)))


def _from_results(results: Results, name: str) -> Source:
    if not results.rows:
        raise InputError(f"{name}: there is nothing to compare: the results hold no point")
    weighted = next((row.curve for row in results if row.estimator.counters), None)
    if weighted is not None:
        raise InputError(f"{name}: '{weighted}' has frames with weights, for which there is no test here")
    curves = {label: [_of_row(row) for row in rows] for label, rows in results.curves().items()}
    return Source(name, curves)


def _of_row(row: Row) -> SidePoint:
    ratios = {name: getattr(row, name) for name in ENERGIES}
    places = {row.parameter: row.value}
    places |= {name: x for name, x in ratios.items() if x is not None and name != row.parameter}
    side = Side(**{each.name: getattr(row, each.name) for each in dataclasses.fields(Side)})
    return SidePoint(places, side, row.key, row.tally)


def _read_reference(path: Path, rows: list[tuple[int, str]]) -> list[SidePoint]:
    """The points of a reference curve, from the numbers and texts of its lines without comments."""
    if not rows:
        raise InputError(f"{path}:1: the file is empty: a reference curve begins with a header {EXAMPLE}")
    (line, text), *rest = rows
    header = _cells(text, f"{path}:{line}")
    parameters = [name for name in STANDARD if name in header]
    if len(parameters) != 1:
        raise InputError(
            f"{path}:{line}: the header must name one channel parameter, {' or '.join(STANDARD)}, "
            f"found {' and '.join(parameters) or 'none'}"
        )
    for name in ("frames", "frame_errors"):
        if name not in header:
            raise InputError(
                f"{path}:{line}: the column '{name}' is missing.{nearest(name, header)} A reference curve "
                f"has the counts, {EXAMPLE}; bit errors alone, which come in bursts, cannot be tested"
            )
    twice = next((name for name in (*parameters, *COUNTS) if header.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{path}:{line}: the column '{twice}' stands in the header twice")
    if not rest:
        raise InputError(f"{path}:{line}: the reference curve has no points: the header is all there is")
    entries: list[SidePoint] = []
    for line, text in rest:
        where = f"{path}:{line}"
        cells = _cells(text, where)
        if len(cells) != len(header):
            raise InputError(f"{where}: the row has {len(cells)} cells, the header {len(header)}")
        named = dict(zip(header, cells, strict=True))
        value = _number(named[parameters[0]], parameters[0], where)
        if any(same_value(parameters[0], value, entry.value) for entry in entries):
            raise InputError(f"{where}: the value {parameters[0]} = {value:g} stands in the file twice")
        counts = {name: _count(named[name], name, where) for name in COUNTS if name in named}
        entries.append(SidePoint({parameters[0]: value}, _reference_side(counts, where)))
    return entries


def _cells(text: str, where: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([text]))]
    except csv.Error as error:
        raise InputError(f"{where}: cannot be read as CSV: {error}") from None


def _number(text: str, name: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise InputError(f"{where}: {name} must be a number, found {text[:40]!r}") from None
    if not math.isfinite(value):
        raise InputError(f"{where}: {name} must be finite, found {text[:40]!r}")
    return value


def _count(text: str, name: str, where: str) -> int:
    """A count; other programs write large ones as in 2.66e+08."""
    value = _number(text, name, where)
    if not 0 <= value < 2**63 or value != int(value):
        raise InputError(f"{where}: {name} must be a whole number from 0 to 2^63 - 1, found {text[:40]!r}")
    return int(text) if text.isdecimal() else int(value)


def _reference_side(counts: dict[str, int], where: str) -> Side:
    """The side with its rates; intervals as for a number of frames fixed in advance, the wider ones."""
    frames, frame_errors, bits, squares, k = (counts.get(name) for name in COUNTS)
    assert frames is not None
    assert frame_errors is not None
    most = k or 2**63  # bit errors in a wrong frame, which has one at least
    rules = [
        (frames >= 1, "frames must be at least 1, found 0"),
        (frame_errors <= frames, f"frame_errors, {frame_errors}, must be at most frames, {frames}"),
        (k is None or k >= 1, "k, the information bits of a frame, must be at least 1, found 0"),
        (
            bits is None or frame_errors <= bits <= frame_errors * most,
            f"bit_errors must be from 1 to k in each of the {frame_errors} wrong frames, found {bits} in all",
        ),
        (squares is None or bits is not None, "bit_errors_squared needs the column bit_errors beside it"),
        (
            squares is None
            or bits is None
            or bits * bits <= squares * frame_errors <= bits * frame_errors * most,
            f"bit_errors_squared, {squares}, contradicts {bits} bit errors in {frame_errors} frames",
        ),
    ]
    for kept, message in rules:
        if not kept:
            raise InputError(f"{where}: {message}")
    low, high = binomial_interval(frame_errors, frames)
    side = Side(frames, frame_errors, frame_errors / frames, float(low), float(high), k, bits, squares)
    if bits is None or k is None:
        return side
    side = replace(side, ber=bits / (frames * k))
    if squares is None and bits and k > 1:
        return side
    ber_low, ber_high = bit_error_interval(bits, squares or bits, frame_errors, frames, k)
    return replace(side, ber_low=ber_low, ber_high=ber_high)


def same_value(parameter: str, one: float, other: float) -> bool:
    """Whether two values are the same but for rounding; near 0 dB that is no relative matter."""
    near_zero = 1e-9 if parameter_named(parameter).decibels else 0.0
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=near_zero)
