"""The tables of a report, as the data that its template shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...channels.parameter import ENERGIES, parameter_named
from ..analysis.gap_summary import Gap, gap_of, gap_to, interval_to, restriction_of
from ..analysis.gaps import gap_entries
from ..analysis.row_limits import qualified
from ..results.crossings import Crossing
from ..results.rows import Results, Row
from ..statistics.stop_rules import COUNTING_RULES
from .charts import ENDED


@dataclass(frozen=True)
class Cell:
    """What a cell says, and in small letters below it."""

    text: str
    small: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Headings and lines of cells; the columns in ``numbers`` hold numbers."""

    headings: list[str]
    lines: list[list[Cell]]
    numbers: range


@dataclass(frozen=True)
class GapSection:
    """Where curves reach error rates, and for which codewords the converse is that they are compared with."""

    table: Table
    restriction: str


@dataclass(frozen=True)
class PointSection:
    """All points, and whether errors ended some of them, which makes their rates too high."""

    table: Table
    biased: bool


def gap_section(runs: Sequence[Results]) -> GapSection | None:
    """The gaps of all curves to their limits; None where there is none to tell."""
    entries: list[tuple[Crossing, Row]] = []
    for results in runs:
        curves = results.curves()
        entries += [(entry, curves[entry.curve][0]) for entry in gap_entries(results)]
    if not entries:
        return None
    gaps = [gap_of(entry, row) for entry, row in entries]
    limits = [_limits_at(entry, gap) for (entry, _), gap in zip(entries, gaps, strict=True)]
    named = [name for name in limits[0] if any(found[name] is not None for found in limits)]
    lines = [
        _gap_line(entry, row, [found[name] for name in named], gap.note)
        for (entry, row), gap, found in zip(entries, gaps, limits, strict=True)
    ]
    restriction = restriction_of(gaps)
    shown = [qualified(name, restriction if name == "converse" else "") for name in named]
    headings = ["curve", "error rate", "reached at", *(f"gap to {name}" for name in shown), ""]
    return GapSection(Table(headings, lines, range(2, 3 + len(named))), restriction)


def _limits_at(entry: Crossing, gap: Gap) -> dict[str, float | None]:
    """The values of the channel's parameter that a crossing is compared with, by their names."""
    return {
        "Shannon limit": entry.limit,
        "BPSK limit": entry.bpsk_limit,
        "modulation limit": entry.modulation_limit,
        "converse": gap.converse,
        "normal approximation": gap.approximation,
    }


def _gap_line(entry: Crossing, row: Row, limits: Sequence[float | None], note: str) -> list[Cell]:
    unit = " dB" if entry.decibels else ""

    def number(value: float) -> str:
        return f"{value + 0.0:.3f}" if unit else f"{value:.4g}"

    def interval(low: float | None, high: float | None) -> tuple[str, ...]:
        ends = ["?" if end is None else number(end) for end in (low, high)]
        return () if ends == ["?", "?"] else (f"[{', '.join(ends)}]",)

    def gap_cell(limit: float | None) -> Cell:
        if limit is None:
            return Cell("")
        gap = gap_to(entry, limit)
        own = interval(*(interval_to(entry, limit) or (None, None)))
        return Cell("" if gap is None else f"{number(gap)}{unit}", (*own, f"limit {number(limit)}{unit}"))

    place = Cell("not reached")
    if entry.value is not None:
        text = f"{parameter_named(entry.parameter).symbol} = {number(entry.value)}{unit}"
        place = Cell(text, interval(entry.low, entry.high))
    return [
        Cell(entry.curve, (f"n = {row.n}, k = {row.k}",)),
        Cell(f"{entry.measure.upper()} {entry.target:g}"),
        place,
        *(gap_cell(limit) for limit in limits),
        Cell(note or ("found by the search" if entry.value is not None else "")),
    ]


def point_section(runs: Sequence[Results]) -> PointSection:
    """All points of all curves, with what was counted."""
    rows = [row for results in runs for row in results]
    energy = [key for key in ENERGIES if any(getattr(row, key) is not None for row in rows)]
    others = list(dict.fromkeys(row.parameter for row in rows if row.parameter not in energy))
    keys = [*energy, *others]
    modulated = any(row.modulation for row in rows)
    again = any(row.harq for row in rows)
    headings = [
        "curve",
        *["modulation"] * modulated,
        *(parameter_named(key).symbol for key in keys),
        "frames",
        "frame errors",
        "FER",
        "95 % interval",
        "bit errors",
        "BER",
        "95 % interval",
        "undetected",
        "iterations",
        *(["throughput", "95 % interval", "transmissions"] if again else []),
        "ended by",
    ]
    lines = []
    for row in rows:
        places = [
            row.value if key == row.parameter else getattr(row, key) if key in energy else None
            for key in keys
        ]
        cells = [row.curve, *[row.modulation] * modulated]
        cells += ["" if place is None else f"{place:.4g}" for place in places]
        cells += [f"{row.frames:,}", f"{row.frame_errors:,}", *_rate_and_interval(row, "fer")]
        cells += [f"{row.bit_errors:,}", *_rate_and_interval(row, "ber"), f"{row.undetected_errors:,}"]
        cells += [f"{row.iterations / row.frames:.3g}" if row.iterations else ""]
        cells += [*(_throughput(row) if again else ()), ENDED[row.stop]]
        lines.append([Cell(cell) for cell in cells])
    table = Table(headings, lines, range(1 + modulated, len(headings) - 1))
    return PointSection(table, any(row.stop in COUNTING_RULES for row in rows))


def _throughput(row: Row) -> list[str]:
    """Bits delivered a use with the interval, transmissions a frame; nothing where frames are sent once."""
    rates = row.harq_rates
    if rates is None:
        return ["", "", ""]
    interval = f"[{rates.throughput_low:.4g}, {rates.throughput_high:.4g}]"
    return [f"{rates.throughput:.4g}", interval, f"{rates.transmissions:.3g}"]


def _rate_and_interval(row: Row, y: str) -> list[str]:
    rate, low, high = (getattr(row, name) for name in (y, f"{y}_low", f"{y}_high"))
    if not row.frame_errors:
        return ["0", f"below {high:.3g}"]
    return [f"{rate:.3g}", f"[{low:.3g}, {high:.3g}]"]
