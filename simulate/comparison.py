"""Two results, or a result and a reference curve, side by side: where they differ beyond chance.

Frame errors of a point are two proportions; the test conditions on their sum (Fisher, "The logic of
inductive inference", 1935). Bit errors come in bursts, so they are first divided by the factor by which
bursts inflate their variance (Rao and Scott, "A simple method for the analysis of clustered binary
data", 1992). The p-values of all tests are corrected together (Holm, "A simple sequentially rejective
multiple test procedure", 1979).
"""

import csv
import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import InputError, nearest
from .results import FILE, Results, Row, load_results
from .statistics import binomial_interval, bit_error_interval
from .tally import Tally

if TYPE_CHECKING:
    from rich.table import Table

PARAMETERS = ("ebno_db", "esno_db", "snr_db", "f", "epsilon")
COUNTS = ("frames", "frame_errors", "bit_errors", "bit_errors_squared", "k")
EXAMPLE = "such as 'ebno_db,frames,frame_errors'"

#: What is found at a point; of the last two, frames that are the same have to have the same counts.
AGREES, DIFFERS, ONLY_A, ONLY_B = "agrees", "differs", "only in A", "only in B"
SAME, SAME_OF_ANOTHER_NUMBER = "same frames", "same frames, of another number: not tested"
CONTRADICTS = "differs: same frames, other counts"


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
class Compared:
    """One point of two matched curves.

    Attributes
    ----------
    curve_a, curve_b
        The labels.
    parameter, value
        Where on the channel.
    a, b
        The counts; None on the side that has no such point.
    outcome
        What was found, in words: one of the constants of this module.
    fer_p, ber_p
        p-values corrected for the number of tests; None where there was no test, 0 where the counts of the
        same frames contradict each other.
    fer_ratio, ber_ratio
        Rate of A over rate of B; None if not known, or without errors in B.
    better
        ``"A"`` or ``"B"``, whichever has the lower rate where the two differ; None elsewhere.
    """

    curve_a: str
    curve_b: str
    parameter: str
    value: float
    a: Side | None
    b: Side | None
    outcome: str
    fer_p: float | None = None
    ber_p: float | None = None
    fer_ratio: float | None = None
    ber_ratio: float | None = None
    better: str | None = None

    @property
    def differs(self) -> bool:
        """Whether the two sides differ here."""
        return self.outcome in (DIFFERS, CONTRADICTS)


@dataclass(frozen=True)
class Comparison:
    """Matched curves of two sides, A and B.

    Attributes
    ----------
    a, b
        Their names.
    points
        All points of the matched curves, in the order of A's curves and of their values.
    significance
        With equal links, the probability of at least one difference is at most about this.
    tests
        How many tests were made.
    only_a, only_b
        Labels of curves that the other side lacks; empty if the curves were named.
    notes
        What else there is to know, a sentence each.
    description_a, description_b
        The comments of a reference curve; empty for results.
    """

    a: str
    b: str
    points: tuple[Compared, ...]
    significance: float
    tests: int
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    description_a: str = ""
    description_b: str = ""

    @property
    def differ(self) -> bool:
        """Whether A and B differ at any point."""
        return any(point.differs for point in self.points)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data, fit for JSON."""
        return {"differ": self.differ, **dataclasses.asdict(self)}

    def heading(self) -> str:
        """What is compared: the two names, and the descriptions that reference curves have."""
        names = ("A", self.a, self.description_a), ("B", self.b, self.description_b)
        return "\n".join(
            f"{letter}: {name}\n{text}".strip().replace("\n", "\n   ") for letter, name, text in names
        )

    def summary(self) -> str:
        """The verdict in a line, and a line for each note."""
        both = [point for point in self.points if point.a and point.b]
        different = [point for point in both if point.differs]
        where = f"{len(different) or 'none'} of the {len(both)} points in both "
        where += "differs" if len(different) == 1 else "differ"
        worse = sum(point.better == "B" for point in different)
        better = sum(point.better == "A" for point in different)
        if worse or better:
            where += f"; A is worse at {worse}, better at {better}"
        tests = f"{self.tests} test{'s' * (self.tests != 1)}"
        return "\n".join([f"{where} (significance {self.significance:g}, {tests})", *self.notes])

    def table(self) -> "Table":
        """A table to be printed: one row a point, frame errors in brackets, p-values corrected."""
        from rich.table import Table
        from rich.text import Text

        table = Table(box=None, pad_edge=False, header_style="bold")
        labels = list(dict.fromkeys((point.curve_a, point.curve_b) for point in self.points))
        if len(labels) > 1:
            table.add_column("curve", overflow="fold")
        table.add_column(", ".join(dict.fromkeys(point.parameter for point in self.points)), justify="right")
        for heading in ("FER of A", "FER of B", "A / B", "p (FER)", "p (BER)"):
            table.add_column(heading, justify="right", no_wrap=True)
        table.add_column("finding", overflow="fold")
        shown = None
        for point in self.points:
            label = (point.curve_a, point.curve_b)
            cells = [] if len(labels) == 1 else ["" if label == shown else " | ".join(dict.fromkeys(label))]
            shown = label
            cells += [f"{point.value:.6g}", *(_rate_text(side) for side in (point.a, point.b))]
            cells += ["-" if point.fer_ratio is None else f"{point.fer_ratio:.3g}"]
            cells += ["-" if p is None else f"{p:.2g}" for p in (point.fer_p, point.ber_p)]
            cells += [self._finding(point)]
            table.add_row(*map(Text, cells), style="red" if point.differs else "")
        return table

    def _finding(self, point: Compared) -> str:
        if point.better is None or point.fer_p is None:
            return point.outcome
        which = "" if point.fer_p < self.significance else " (BER)"
        return ("A better" if point.better == "A" else "A worse") + which


def _rate_text(side: Side | None) -> str:
    return "-" if side is None else f"{side.fer:.3e} ({side.frame_errors})"


def compare(
    a: str | Path | Results,
    b: str | Path | Results,
    *,
    curves: Sequence[str] | None = None,
    significance: float = 0.01,
    output: str | Path | None = None,
) -> Comparison:
    """Compare two results, or a result and a reference curve, point by point.

    Parameters
    ----------
    a, b
        A results folder or its ``results.csv``, results as ``run`` returns them, or a reference curve:
        a CSV file with one of the columns ``ebno_db``, ``esno_db``, ``snr_db``, ``f``, ``epsilon``, with
        ``frames`` and ``frame_errors``, and perhaps ``bit_errors``, ``bit_errors_squared`` and ``k``.
        Lines that begin with # are its description, further columns are passed over.
    curves
        The curves to compare, each as ``LABEL`` or ``LABEL=LABEL_IN_B``. By default those of the same
        label, or the only ones there are.
    significance
        The probability of finding any difference where there is none; 0 < significance < 1.
    output
        A file for the overlay figure; its ending chooses the format.

    Raises
    ------
    InputError
        If something cannot be read, matched or written.

    Notes
    -----
    Points with the same key are the same frames: those are not tested, but must have the same counts.
    The BER is tested where both sides know ``bit_errors_squared`` and have the same k above 1.
    """
    if not 0 < significance < 1:
        raise InputError(f"significance must lie in (0, 1), got {significance:g}")
    sides = _load(a, "A"), _load(b, "B")
    points: list[Compared] = []
    matched = _match_curves(*sides, curves)
    for label_a, label_b in matched:
        points += _match_points(sides, label_a, label_b)
    both = [point for point in points if point.a and point.b]
    if not both:
        raise InputError(
            "there is nothing to compare, no value is on both sides:\n"
            + "\n".join(
                f"{side.name}: {_listed([f'{entry.value:.6g}' for entry in side.curves[label]])}"
                for side, label in zip(sides, matched[0], strict=True)
            )
        )
    points, tests = _judge(points, significance)
    only_a, only_b = (
        () if curves else tuple(label for label in side.curves if label not in {pair[i] for pair in matched})
        for i, side in enumerate(sides)
    )
    notes = [
        f"curves only in {name}: {', '.join(repr(label) for label in only)}"
        for name, only in (("A", only_a), ("B", only_b))
        if only
    ]
    notes += _notes(both, tests)
    comparison = Comparison(
        sides[0].name,
        sides[1].name,
        tuple(points),
        significance,
        tests,
        only_a,
        only_b,
        tuple(notes),
        sides[0].description,
        sides[1].description,
    )
    if output is not None:
        from .figures import draw_comparison

        draw_comparison(comparison, output)
    return comparison


def _notes(both: list[Compared], tests: int) -> list[str]:
    notes = []
    if not tests:
        notes.append("nothing was tested: both sides have the same frames, by the same seed")
    if any(
        None in (side.bit_errors_squared, side.k) for point in both for side in (point.a, point.b) if side
    ):
        notes.append("the BER is not tested where a side lacks bit_errors, bit_errors_squared or k")
    if any(point.a and point.b and point.a.k and point.b.k and point.a.k != point.b.k for point in both):
        notes.append("the BER is not tested where the frames of the sides have different numbers of bits")
    return notes


# --- the tests ---


def proportions_p(errors_a: int, trials_a: int, errors_b: int, trials_b: int) -> float:
    """Two-sided p-value of equal error probabilities, 0 <= errors <= trials, 1 <= trials.

    Given the sum of the errors, those of A are hypergeometric; the p-value is twice the smaller tail, at
    most 1. That is exact for numbers of trials fixed in advance. Where each side went on to a number of
    errors of its own, its tails are at least those of the exact (negative hypergeometric) law: the last
    trial is an error for certain, and taking it out of either sample makes the tail smaller.
    """
    # Both laws are the same for the frames that are right, and for B: counted is what is rarer, so that
    # no number in the sum is too large for its last digit.
    if errors_a + errors_b > (trials_a + trials_b) / 2:
        errors_a, errors_b = trials_a - errors_a, trials_b - errors_b
    if trials_a > trials_b:
        errors_a, trials_a, errors_b, trials_b = errors_b, trials_b, errors_a, trials_a
    errors, trials = errors_a + errors_b, trials_a + trials_b
    low, high = max(0, errors - trials_b), min(errors, trials_a)
    mean = errors / trials * trials_a
    deviation = math.sqrt(mean * (1 - errors / trials) * (trials_b / max(trials - 1, 1)))
    if deviation > 2e4:  # where the normal law is as good, and a sum of so many terms slow
        return math.erfc(max(abs(errors_a - mean) - 0.5, 0.0) / (deviation * math.sqrt(2)))
    # Probabilities relative to the mode's, by their ratios. Beyond the window they are below 1e-300
    # (Bernstein's inequality); there is nothing in them to cancel or overflow.
    mode = min(max((errors + 1) * (trials_a + 1) // (trials + 2), low), high)
    reach = int(40 * deviation) + 1000
    low, high = max(low, mode - reach), min(high, mode + reach)
    x = np.arange(low, high, dtype=np.float64)
    rising = ((errors - x) * (trials_a - x)) / ((x + 1) * (trials_b - errors + x + 1))
    split = mode - low
    weights = np.concatenate([np.cumprod(1 / rising[:split][::-1])[::-1], [1.0], np.cumprod(rising[split:])])
    at = min(max(errors_a, low - 1), high + 1) - low
    tails = weights[: max(at + 1, 0)].sum(), weights[max(at, 0) :].sum()
    return float(min(1.0, 2 * min(tails) / weights.sum()))


def bit_errors_p(a: Side, b: Side) -> float | None:
    """Approximate two-sided p-value of equal bit-error rates; None where it cannot be known.

    If both sides are the same link, their frames have one law. The variance of its bit errors, over that
    of k independent bits, is the design effect; counts of bits divided by it are tested as frames are
    (Rao and Scott, 1992), which keeps the level also for a few bursts. With k = 1 the BER is the FER.
    """
    if a.bit_errors is None or b.bit_errors is None or a.k is None or a.k != b.k or a.k == 1:
        return None
    if a.bit_errors_squared is None or b.bit_errors_squared is None:
        return None
    frames, k = a.frames + b.frames, a.k
    mean = (a.bit_errors + b.bit_errors) / frames
    variance = (a.bit_errors_squared + b.bit_errors_squared) / frames - mean * mean
    independent = mean * (1 - mean / k)
    if variance <= 0 or independent <= 0:  # every frame has the same number of bit errors
        return 1.0
    effect = variance / independent
    return proportions_p(
        *(round(count / effect) for side in (a, b) for count in (side.bit_errors or 0, side.frames * k))
    )


def holm(p: Sequence[float]) -> list[float]:
    """p-values adjusted for their number: those below a level keep its family-wise error (Holm, 1979)."""
    adjusted, highest = [0.0] * len(p), 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        highest = max(highest, min((len(p) - rank) * p[i], 1.0))
        adjusted[i] = highest
    return adjusted


def _judge(points: list[Compared], significance: float) -> tuple[list[Compared], int]:
    """The points with corrected p-values and findings, and the number of tests."""
    raw: list[tuple[float | None, float | None]] = []
    for point in points:
        if point.outcome != AGREES or point.a is None or point.b is None:
            raw.append((None, None))
            continue
        a, b = point.a, point.b
        raw.append((proportions_p(a.frame_errors, a.frames, b.frame_errors, b.frames), bit_errors_p(a, b)))
    made = [p for pair in raw for p in pair if p is not None]
    adjusted = iter(holm(made))
    judged = []
    for point, pair in zip(points, raw, strict=True):
        fer_p, ber_p = (None if p is None else next(adjusted) for p in pair)
        outcome, better = point.outcome, None
        if outcome == CONTRADICTS:
            fer_p = ber_p = 0.0
        for p, ratio in ((ber_p, point.ber_ratio), (fer_p, point.fer_ratio)):
            if outcome != CONTRADICTS and p is not None and p < significance:
                outcome = DIFFERS
                better = "A" if ratio is not None and ratio < 1 else "B"  # None: B has no errors
        judged.append(replace(point, outcome=outcome, fer_p=fer_p, ber_p=ber_p, better=better))
    return judged, len(made)


def _ratio(point: Compared, rate: str) -> float | None:
    of_a, of_b = (getattr(side, rate, None) for side in (point.a, point.b))
    return of_a / of_b if of_a is not None and of_b else None


# --- what is matched with what ---


@dataclass(frozen=True)
class _Entry:
    """A point of one side. ``places``: its value in each parameter known; the first is the sweep's."""

    places: dict[str, float]
    side: Side
    key: str = ""
    tally: Tally = field(default_factory=Tally)

    @property
    def value(self) -> float:
        return next(iter(self.places.values()))


@dataclass(frozen=True)
class _Source:
    name: str
    curves: dict[str, list[_Entry]]
    description: str = ""


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) if len(words) <= 12 else f"{', '.join(words[:11])}, ... ({len(words)} in all)"


def _match_curves(a: _Source, b: _Source, curves: Sequence[str] | None) -> list[tuple[str, str]]:
    there = "\n".join(f"{side.name} has: {_listed(list(side.curves))}" for side in (a, b))
    if curves:
        return list(dict.fromkeys(_match_named(text, a, b, there) for text in curves))
    if len(a.curves) == len(b.curves) == 1:
        return [(next(iter(a.curves)), next(iter(b.curves)))]
    common = [(label, label) for label in a.curves if label in b.curves]
    if not common:
        form = "LABEL" if 1 in (len(a.curves), len(b.curves)) else "LABEL=LABEL_IN_B"
        raise InputError(
            f"say which curves to compare, with --curve {form}: no label is on both sides\n{there}"
        )
    return common


def _match_named(text: str, a: _Source, b: _Source, there: str) -> tuple[str, str]:
    """The labels that ``LABEL`` or ``LABEL=LABEL_IN_B`` means; labels may have = in them."""
    if text in a.curves or text in b.curves:
        of_a, of_b = (
            text if text in side.curves else next(iter(side.curves)) if len(side.curves) == 1 else None
            for side in (a, b)
        )
        if of_a is not None and of_b is not None:
            return of_a, of_b
    for cut in (i for i, letter in enumerate(text) if letter == "="):
        if text[:cut] in a.curves and text[cut + 1 :] in b.curves:
            return text[:cut], text[cut + 1 :]
    hint = nearest(text, [*a.curves, *b.curves]) if "=" not in text else ""
    raise InputError(f"'{text}' does not name a curve of each side.{hint}\n{there}")


def _match_points(sides: tuple[_Source, _Source], label_a: str, label_b: str) -> list[Compared]:
    of_a, of_b = sides[0].curves[label_a], sides[1].curves[label_b]
    own = [next(iter(entries[0].places)) for entries in (of_a, of_b)]
    shared = [name for name in own if all(name in entry.places for entry in (*of_a, *of_b))]
    if not shared:
        raise InputError(
            f"'{label_a}' in {sides[0].name} is over {own[0]}, '{label_b}' in {sides[1].name} over {own[1]}: "
            "their points cannot be compared"
        )
    parameter, left = shared[0], list(of_b)
    points: list[tuple[float, Side | None, Side | None, str]] = []
    for entry in of_a:
        value = entry.places[parameter]
        other = next((each for each in left if _same(parameter, value, each.places[parameter])), None)
        if other is not None:
            left.remove(other)
        outcome = ONLY_A if other is None else _relation(entry, other)
        points.append((value, entry.side, other.side if other else None, outcome))
    points += [(entry.places[parameter], None, entry.side, ONLY_B) for entry in left]
    points.sort(key=lambda point: point[0])
    compared = [Compared(label_a, label_b, parameter, *point) for point in points]
    return [replace(each, fer_ratio=_ratio(each, "fer"), ber_ratio=_ratio(each, "ber")) for each in compared]


def _same(parameter: str, one: float, other: float) -> bool:
    """Whether two values are the same but for rounding; near 0 dB that is no relative matter."""
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9 if parameter.endswith("_db") else 0.0)


def _relation(a: _Entry, b: _Entry) -> str:
    """Whether two points may be tested: points with one key begin with the same frames."""
    if not a.key or a.key != b.key:
        return AGREES
    if a.tally.frames == b.tally.frames:
        return SAME if a.tally == b.tally else CONTRADICTS
    short, long = sorted((dataclasses.astuple(a.tally), dataclasses.astuple(b.tally)))
    more = [count - before for before, count in zip(short, long, strict=True)]
    frames, frame_errors = more[:2]
    return SAME_OF_ANOTHER_NUMBER if min(more) >= 0 and frame_errors <= frames else CONTRADICTS


# --- reading ---


def _load(source: str | Path | Results, name: str) -> _Source:
    if isinstance(source, Results):
        return _from_results(source, str(source.folder or name))
    path = Path(source)
    if path.is_dir() or path.name == FILE:
        return _from_results(load_results(path), str(source))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file or folder") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    lines = [(i, line.strip()) for i, line in enumerate(text.split("\n"), start=1) if line.strip()]
    rows = [(i, line) for i, line in lines if not line.startswith("#")]
    if rows and {"curve", "parameter"} & set(rows[0][1].split(",")):
        return _from_results(load_results(path), str(source))
    entries = _read_reference(path, rows)
    description = [line.lstrip("# ").strip() for _, line in lines if line.startswith("#")]
    return _Source(str(source), {path.stem: entries}, "\n".join(filter(None, description)))


def _from_results(results: Results, name: str) -> _Source:
    if not results.rows:
        raise InputError(f"{name}: there is nothing to compare: the results hold no point")
    curves = {label: [_of_row(row) for row in rows] for label, rows in results.curves().items()}
    return _Source(name, curves)


def _of_row(row: Row) -> _Entry:
    ratios = {"ebno_db": row.ebno_db, "esno_db": row.esno_db}
    places = {row.parameter: row.value}
    places |= {name: x for name, x in ratios.items() if x is not None and name != row.parameter}
    side = Side(**{each.name: getattr(row, each.name) for each in dataclasses.fields(Side)})
    return _Entry(places, side, row.key, row.tally)


def _read_reference(path: Path, rows: list[tuple[int, str]]) -> list[_Entry]:
    """The points of a reference curve, from the numbers and texts of its lines without comments."""
    if not rows:
        raise InputError(f"{path}:1: the file is empty: a reference curve begins with a header {EXAMPLE}")
    (line, text), *rest = rows
    header = _cells(text, f"{path}:{line}")
    parameters = [name for name in PARAMETERS if name in header]
    if len(parameters) != 1:
        raise InputError(
            f"{path}:{line}: the header must name one channel parameter, {' or '.join(PARAMETERS)}, "
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
    entries: list[_Entry] = []
    for line, text in rest:
        where = f"{path}:{line}"
        cells = _cells(text, where)
        if len(cells) != len(header):
            raise InputError(f"{where}: the row has {len(cells)} cells, the header {len(header)}")
        named = dict(zip(header, cells, strict=True))
        value = _number(named[parameters[0]], parameters[0], where)
        if any(_same(parameters[0], value, entry.value) for entry in entries):
            raise InputError(f"{where}: the value {parameters[0]} = {value:g} stands in the file twice")
        counts = {name: _count(named[name], name, where) for name in COUNTS if name in named}
        entries.append(_Entry({parameters[0]: value}, _reference_side(counts, where)))
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
