"""Where curves reach the error rates they were asked for, and how far from their capacity limits that is."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ...channels.parameter import parameter_named
from ..errors import InputError
from ..text_files import read_text
from .csv_tables import format_table, parse_cell, shortened

FILE = "targets.csv"
#: Most bytes of it.
MAX_BYTES = 10_000_000


@dataclass(frozen=True)
class Crossing:
    """The value of the channel parameter at which a curve reaches an error rate.

    Attributes
    ----------
    curve
        Label of the curve.
    measure, target
        ``fer`` or ``ber``, and the rate.
    parameter
        The channel parameter.
    value, low, high
        Where the curve reaches the rate, and the bounds of the 95 % interval; None where unknown.
    rate
        Of the code.
    limit, gap
        Shannon's limit, the value at which the capacity for any input equals the rate, and how far the
        crossing is from it: positive where the code needs less noise. In dB, or in f or epsilon.
    bpsk_limit, bpsk_gap
        The BPSK limit, the same with the capacity of BPSK, on the AWGN channel below rate 1; else None.
    modulation_limit, modulation_gap
        The limit of another modulation's points, equiprobable; else None. Columns where there are any.
    capacity, rate_gap
        Shannon's capacity at the crossing, and how much of it the rate leaves unused, in bits a channel use.
    points, frames
        How many were simulated for it.
    note
        What is to be known of it: that it was not found, or not as narrowly as was asked for.
    """

    curve: str
    measure: str
    target: float
    parameter: str
    value: float | None
    low: float | None
    high: float | None
    rate: float
    limit: float | None
    gap: float | None
    bpsk_limit: float | None
    bpsk_gap: float | None
    capacity: float | None
    rate_gap: float | None
    points: int
    frames: int
    note: str = ""
    modulation_limit: float | None = None
    modulation_gap: float | None = None

    @property
    def decibels(self) -> bool:
        """Whether the parameter is in dB."""
        return parameter_named(self.parameter).decibels

    @property
    def shannon_limit(self) -> float | None:
        """``limit``, by its name."""
        return self.limit

    @property
    def shannon_gap(self) -> float | None:
        """``gap``, by the name of its limit."""
        return self.gap

    def __str__(self) -> str:
        unit = " dB" if self.decibels else ""
        reached = f"{self.curve}: {self.measure.upper()} {self.target:g}"
        if self.value is None:
            return f"{reached}: {self.note}"
        words = f"{reached} at {self.parameter} = {self.value:.4g}{unit}"
        if self.low is not None and self.high is not None:
            words += f" [{self.low:.4g}, {self.high:.4g}]"
        if self.gap is not None:
            words += f", {self.gap:.3g}{unit or f' in {self.parameter}'} from the Shannon limit"
        if self.bpsk_gap is not None:
            words += f", {self.bpsk_gap:.3g} dB from the BPSK limit"
        if self.modulation_gap is not None:
            words += f", {self.modulation_gap:.3g} dB from that of the modulation"
        if not unit and self.rate_gap is not None:
            words += f", {self.rate_gap:.3g} in rate"
        return f"{words}; {self.note}" if self.note else words


#: Columns that are there where a crossing has something in them.
SOMETIMES = ("modulation_limit", "modulation_gap")
#: The other columns of the file: ``limit`` and ``gap`` also stand in it under the name of their limit.
COLUMNS = [
    *(field.name for field in fields(Crossing) if field.name not in SOMETIMES),
    "shannon_limit",
    "shannon_gap",
]


def format_crossings(crossings: Sequence[Crossing]) -> str:
    """Crossings as the text of ``targets.csv``; "" if there are none."""
    used = [name for name in SOMETIMES if any(getattr(crossing, name) is not None for crossing in crossings)]
    return format_table([*COLUMNS, *used], crossings) if crossings else ""


def as_filed(crossing: Crossing) -> Crossing:
    """The crossing with eight decimals in dB, eight digits elsewhere: its file is the same on any machine."""
    db = crossing.decibels
    names = [field.name for field in fields(Crossing) if field.type == (float | None)]
    known = {name: value for name in names if (value := getattr(crossing, name)) is not None}
    in_bits = ("capacity", "rate_gap")
    short: dict[str, Any] = {
        name: shortened(x, 8, db=db and name not in in_bits) for name, x in known.items()
    }
    return replace(crossing, **short)


def load_crossings(folder: Path) -> tuple[Crossing, ...]:
    """The crossings beside results; none if there is no file.

    Raises InputError, with file and line, if the file is damaged.
    """
    file = folder / FILE
    try:
        text = read_text(file, MAX_BYTES)
    except FileNotFoundError:
        return ()
    kinds = {field.name: field.type for field in fields(Crossing)}
    reader = csv.DictReader(io.StringIO(text))
    found = []
    try:
        for cells in reader:
            values: dict[str, Any] = {}
            for name, kind in kinds.items():
                values[name] = parse_cell(cells.get(name, "") if name in SOMETIMES else cells[name], kind)
                if isinstance(values[name], float) and not math.isfinite(values[name]):
                    raise ValueError(cells[name])
            found.append(_consistent(Crossing(**values)))
    except (KeyError, TypeError, ValueError, csv.Error):
        raise InputError(
            f"{file}:{reader.line_num}: the file is damaged; remove it, and 'capgap run' makes it anew"
        ) from None
    return tuple(found)


def _consistent(crossing: Crossing) -> Crossing:
    """The crossing itself; raises ValueError if no run can have written it."""
    known = [x for x in (crossing.low, crossing.value, crossing.high) if x is not None]
    if not (
        crossing.measure in ("fer", "ber")
        and 0 < crossing.target < 1
        and 0 < crossing.rate <= 1
        and 0 <= crossing.points <= crossing.frames < 2**63
        and known == sorted(known)
        and (crossing.value is not None or not known)
        and all((text or "").isprintable() for text in (crossing.curve, crossing.parameter, crossing.note))
    ):
        raise ValueError("the entries contradict each other")
    return crossing
