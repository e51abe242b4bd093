"""How far curves are from what is possible: from capacity, and from what their block length permits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from rich.table import Table

from .atomic import write_atomically
from .errors import InputError
from .figure_content import value_of_bound
from .gaps import USUAL, gap_entries
from .results import Results, load_results
from .tables import format_table

FILE = "summary.csv"


@dataclass(frozen=True)
class Gap:
    """One curve at one error rate.

    Values are of the channel's parameter, gaps the noise by which the curve falls short: positive where it
    needs a better channel than the limit. In dB, or in f or epsilon. None where something is unknown.

    Attributes
    ----------
    curve, n, k, parameter
        The curve, its code's size, and the channel's parameter.
    measure, target
        ``fer`` or ``ber``, and the rate.
    value, low, high
        Where the curve reaches it, with the bounds of the 95 % interval.
    capacity, capacity_gap, capacity_gap_low, capacity_gap_high
        Where capacity equals the rate, of BPSK on the AWGN channel; the gap to it, with its interval.
    converse, converse_gap
        Where the converse at n and k allows the frame error rate: no code does better.
    approximation, approximation_gap
        The same by the normal approximation.
    note
        How the value was found, or why not.
    """

    curve: str
    n: int
    k: int
    parameter: str
    measure: str
    target: float
    value: float | None
    low: float | None
    high: float | None
    capacity: float | None
    capacity_gap: float | None
    capacity_gap_low: float | None
    capacity_gap_high: float | None
    converse: float | None
    converse_gap: float | None
    approximation: float | None
    approximation_gap: float | None
    note: str


def gaps_of(results: Results, rates: Sequence[tuple[str, float]] = USUAL) -> list[Gap]:
    """The gaps of all curves of results, at what a search has found and at ``rates``.

    Rates are pairs of ``fer`` or ``ber`` and a rate. Limits at the block length are of frame error rates.
    """
    found = []
    curves = results.curves()
    for entry in gap_entries(results, rates):
        row = curves[entry.curve][0]
        sign = 1.0 if entry.parameter.endswith("_db") else -1.0
        capacity = entry.limit if entry.bpsk_limit is None else entry.bpsk_limit

        def gap(value: float | None, limit: float | None, sign: float = sign) -> float | None:
            return None if value is None or limit is None else sign * (value - limit)

        converse, approximation = (
            value_of_bound(row, kind, entry.target) if entry.measure == "fer" else None
            for kind in ("converse", "normal-approximation")
        )
        ends = sorted(x for x in (gap(entry.low, capacity), gap(entry.high, capacity)) if x is not None)
        found.append(
            Gap(
                curve=entry.curve,
                n=row.n,
                k=row.k,
                parameter=entry.parameter,
                measure=entry.measure,
                target=entry.target,
                value=entry.value,
                low=entry.low,
                high=entry.high,
                capacity=capacity,
                capacity_gap=gap(entry.value, capacity),
                capacity_gap_low=ends[0] if len(ends) == 2 else None,
                capacity_gap_high=ends[1] if len(ends) == 2 else None,
                converse=converse,
                converse_gap=gap(entry.value, converse),
                approximation=approximation,
                approximation_gap=gap(entry.value, approximation),
                note=entry.note,
            )
        )
    return found


def summarise(
    folders: Iterable[str | Path], rates: Sequence[tuple[str, float]] = USUAL
) -> list[tuple[Path, list[Gap]]]:
    """Write ``summary.csv`` beside the results in each folder; returns the files and the gaps.

    Raises InputError if results cannot be read, or the file not be written.
    """
    made = []
    for given in folders:
        results = load_results(given)
        assert results.folder is not None
        gaps, file = gaps_of(results, rates), results.folder / FILE
        if not results.rows:
            raise InputError(f"{results.folder}: the results hold no point")
        try:
            write_atomically(file, format_table([field.name for field in fields(Gap)], gaps).encode())
        except OSError as error:
            raise InputError(f"{file}: cannot be written: {error.strerror}") from None
        made.append((file, gaps))
    return made


def gap_table(gaps: Sequence[Gap]) -> Table:
    """Gaps as a table for the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("curve", "n", "at", "needs", "95 %", "capacity", "gap", "converse", "gap "):
        table.add_column(heading, justify="left" if heading in ("curve", "at", "95 %") else "right")
    for gap in gaps:
        unit = " dB" if gap.parameter.endswith("_db") else ""
        at = f"{gap.measure.upper()} {gap.target:g}"
        if gap.value is None:
            table.add_row(gap.curve, str(gap.n), at, "-", gap.note)
            continue
        within = f"[{gap.low:.3f}, {gap.high:.3f}]" if gap.low is not None and gap.high is not None else "-"
        numbers = (gap.capacity, gap.capacity_gap, gap.converse, gap.converse_gap)
        shown = ["-" if x is None else f"{x:.3f}{unit}" for x in numbers]
        table.add_row(gap.curve, str(gap.n), at, f"{gap.value:.3f}{unit}", within, *shown)
    return table
