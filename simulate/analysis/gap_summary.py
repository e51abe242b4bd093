"""How far curves are from what is possible: from Shannon's and BPSK's limits, and from their length's."""

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from rich.table import Table

from ...bounds import CONSTRAINTS, BoundError
from ...channels.parameter import parameter_named
from ..configuration.links_of_results import configured, links_of, with_channel_models
from ..errors import InputError
from ..results.atomic_files import write_atomically
from ..results.crossings import SOMETIMES, Crossing
from ..results.csv_tables import format_table, shortened
from ..results.rows import Results, Row, load_results
from ..results.told_apart import told_apart
from .gaps import USUAL, gap_entries, usual_rates
from .row_limits import bound_of, limit_at_ber, qualified, signal_of, value_of_bound

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
        The nearest capacity limit, which ``capacity_of`` names; the gap to it, with its interval.
    converse, converse_gap
        Where the converse at n and k allows the frame error rate: no code does better, on AWGN no code whose
        words are under the constraint ``converse_constraint``.
    approximation, approximation_gap
        The same by the normal approximation.
    rate_distortion, rate_distortion_gap
        Where capacity equals R (1 - H(p_b)), which is all that the bit error rate p_b asks for.
    note
        How the value was found, or why not.
    capacity_of
        Whose limit ``capacity`` is: ``BPSK`` on the AWGN channel at rates below 1, else ``Shannon``.
    shannon_limit, shannon_gap
        Where the capacity for any input equals the rate, and the gap to it.
    bpsk_limit, bpsk_gap
        Where the capacity of BPSK equals the rate, on the AWGN channel; None elsewhere, and at rate 1.
    converse_constraint
        On AWGN, the power constraint of the converse: ``equal``, of equal energy as the words of BPSK are.
    modulation_limit, modulation_gap
        The limit of another modulation's points, equiprobable, and the gap to it; else None.
    threshold, threshold_gap
        Where the errors of code and decoder would vanish as n grows, where figures show it, and the gap to
        it.
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
    rate_distortion: float | None
    rate_distortion_gap: float | None
    note: str
    capacity_of: str
    shannon_limit: float | None
    shannon_gap: float | None
    bpsk_limit: float | None
    bpsk_gap: float | None
    converse_constraint: str | None
    modulation_limit: float | None = None
    modulation_gap: float | None = None
    threshold: float | None = None
    threshold_gap: float | None = None


#: Columns that are there where a gap has something in them.
OPTIONAL = (*SOMETIMES, "threshold", "threshold_gap")


def gap_to(entry: Crossing, limit: float | None) -> float | None:
    """How far a crossing falls short of a limit, see ``Gap``; None if either is unknown."""
    return _gap(entry, entry.value, limit)


def interval_to(entry: Crossing, limit: float | None) -> tuple[float, float] | None:
    """The 95 % interval of ``gap_to``; None where the crossing has none, or only one end of it."""
    one, other = (_gap(entry, end, limit) for end in (entry.low, entry.high))
    return None if one is None or other is None else (min(one, other), max(one, other))


def _gap(entry: Crossing, value: float | None, limit: float | None) -> float | None:
    if value is None or limit is None:
        return None
    return value - limit if parameter_named(entry.parameter).noise_falls else limit - value


def gap_of(entry: Crossing, row: Row, threshold: float | None = None) -> Gap:
    """The gaps of a crossing of the curve that a row is of, and whose threshold may be known."""
    of_input = entry.bpsk_limit if entry.modulation_limit is None else entry.modulation_limit
    capacity = entry.limit if of_input is None else of_input
    name = "BPSK" if entry.bpsk_limit is not None else "Shannon" if of_input is None else "modulation"
    # A converse takes seconds for short codes, so only where there is a gap to it; uncoded there is none.
    wanted = entry.measure == "fer" and entry.value is not None and row.k < row.n
    limits: dict[str, float | None] = {"converse": None, "normal-approximation": None}
    notes = [entry.note] if entry.note else []
    for kind in limits if wanted else ():
        try:
            limits[kind] = value_of_bound(row, kind, entry.target)
        except BoundError as error:
            notes.append(str(error))
    converse, approximation = limits.values()
    bound = bound_of(row, "converse")
    low, high = interval_to(entry, capacity) or (None, None)
    tolerant = None
    if entry.measure == "ber":
        tolerant = limit_at_ber(row, entry.target, signal_of(row))
    return Gap(
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
        capacity_gap=gap_to(entry, capacity),
        capacity_gap_low=low,
        capacity_gap_high=high,
        converse=converse,
        converse_gap=gap_to(entry, converse),
        approximation=approximation,
        approximation_gap=gap_to(entry, approximation),
        rate_distortion=tolerant,
        rate_distortion_gap=gap_to(entry, tolerant),
        note="; ".join(notes),
        capacity_of=name,
        shannon_limit=entry.limit,
        shannon_gap=gap_to(entry, entry.limit),
        bpsk_limit=entry.bpsk_limit,
        bpsk_gap=gap_to(entry, entry.bpsk_limit),
        modulation_limit=entry.modulation_limit,
        modulation_gap=gap_to(entry, entry.modulation_limit),
        converse_constraint=None if bound is None or converse is None else bound.constraint,
        threshold=threshold,
        threshold_gap=gap_to(entry, threshold),
    )


def gaps_of(
    results: Results,
    rates: Sequence[tuple[str, float]] | None = None,
    usual: Sequence[tuple[str, float]] = USUAL,
    *,
    thresholds: bool = False,
) -> list[Gap]:
    """The gaps of all curves of results, at what a search has found and at ``rates``, or the ``usual`` ones.

    Rates are pairs of ``fer`` or ``ber`` and a rate, see ``gap_entries``. Limits at the block
    length are of frame error rates, and given where the curve reaches the rate, and has check bits. With
    ``thresholds`` those of codes and decoders are computed, where they are known.
    """
    curves = results.curves()
    known = _thresholds(results) if thresholds else {}
    return [
        gap_of(entry, curves[entry.curve][0], known.get(entry.curve))
        for entry in gap_entries(results, rates, usual)
    ]


def _thresholds(results: Results) -> dict[str, float]:
    """The thresholds of curves, where they are known."""
    from ..theory.thresholds import link_threshold

    found = {}
    for label, link in links_of(results).items():
        with contextlib.suppress(ValueError):
            found[label] = link_threshold(link)
    return found


def summarise(
    folders: Iterable[str | Path], rates: Sequence[tuple[str, float]] | None = None
) -> list[tuple[Path, list[Gap]]]:
    """Write ``summary.csv`` beside the results in each folder; returns the files and the gaps.

    Without ``rates`` they are the usual ones of the error rates that a run's figures show. The file has dB to
    four decimals, and other values to four digits: what lies beyond is neither known nor the same on every
    machine. In the gaps returned, labels that stand in several folders are told apart.

    Raises InputError if results cannot be read or are given twice, or the file cannot be written.
    """
    made = []
    loaded = [with_channel_models(load_results(given)) for given in folders]
    for results, apart in zip(loaded, told_apart(loaded), strict=True):
        assert results.folder is not None
        options = configured(results.folder)[1]
        drawn = "threshold" in options.limits
        gaps = gaps_of(results, rates, usual_rates(options), thresholds=drawn)
        file = results.folder / FILE
        if not results.rows:
            raise InputError(f"{results.folder}: the results hold no point")
        try:
            columns = [field.name for field in fields(Gap)]
            columns = [
                name for name in columns if name not in OPTIONAL or any(getattr(gap, name) for gap in gaps)
            ]
            text = format_table(columns, map(_rounded, gaps))
            write_atomically(file, text.encode())
        except OSError as error:
            raise InputError(f"{file}: cannot be written: {error.strerror}") from None
        labels = dict(zip(results.curves(), apart.curves(), strict=True))
        made.append((file, [replace(gap, curve=labels[gap.curve]) for gap in gaps]))
    return made


def _rounded(gap: Gap) -> Gap:
    """A gap with no more digits than any machine computes alike."""
    db = parameter_named(gap.parameter).decibels
    known = {field.name: getattr(gap, field.name) for field in fields(Gap) if field.type == (float | None)}
    short: dict[str, Any] = {name: shortened(x, 4, db=db) for name, x in known.items() if x is not None}
    return replace(gap, **short)


def restriction_of(gaps: Iterable[Gap]) -> str:
    """Which codewords the converses of gaps are for, in words; empty where they are for all."""
    constraints = dict.fromkeys(gap.converse_constraint for gap in gaps)
    return " or ".join(text for name, text in CONSTRAINTS.items() if name in constraints)


def gap_table(gaps: Sequence[Gap]) -> Table:
    """Gaps as a table for the terminal."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    limits = ["Shannon limit", "gap"]
    bpsk = any(gap.bpsk_limit is not None for gap in gaps)
    if bpsk:
        limits += ["BPSK limit", "gap"]
    modulated = any(gap.modulation_limit is not None for gap in gaps)
    if modulated:
        limits += ["modulation limit", "gap"]
    thresholds = any(gap.threshold is not None for gap in gaps)
    if thresholds:
        limits += ["threshold", "gap"]
    converse = qualified("converse", restriction_of(gaps))
    for heading in ("curve", "n", "at", "needs", "95 %", *limits, converse, "gap"):
        table.add_column(heading, justify="left" if heading in ("curve", "at", "95 %") else "right")
    for gap in gaps:
        unit, digits = (" dB", ".3f") if parameter_named(gap.parameter).decibels else ("", ".3g")
        at = f"{gap.measure.upper()} {gap.target:g}"
        if gap.value is None:
            table.add_row(gap.curve, str(gap.n), at, "-", gap.note)
            continue
        known = gap.low is not None and gap.high is not None
        within = f"[{gap.low:{digits}}, {gap.high:{digits}}]" if known else "-"
        numbers = [gap.shannon_limit, gap.shannon_gap]
        numbers += [gap.bpsk_limit, gap.bpsk_gap] if bpsk else []
        numbers += [gap.modulation_limit, gap.modulation_gap] if modulated else []
        numbers += [gap.threshold, gap.threshold_gap] if thresholds else []
        numbers += [gap.converse, gap.converse_gap]
        shown = ["-" if x is None else f"{x:{digits}}{unit}" for x in numbers]
        table.add_row(gap.curve, str(gap.n), at, f"{gap.value:{digits}}{unit}", within, *shown)
    return table
