"""Two results, or a result and a reference curve, side by side: where they differ beyond chance."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, nearest
from ..results.rows import Results
from .comparison_sides import Side, SidePoint, Source, load_source, same_value
from .two_sample_tests import bit_errors_p, holm, proportions_p

if TYPE_CHECKING:
    from rich.table import Table

#: What is found at a point; of the last two, frames that are the same have to have the same counts.
AGREES, DIFFERS, ONLY_A, ONLY_B = "agrees", "differs", "only in A", "only in B"
SAME, SAME_OF_ANOTHER_NUMBER = "same frames", "same frames, of another number: not tested"
CONTRADICTS = "differs: same frames, other counts"


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
            where += f"; A is worse at {_points(worse)}, better at {_points(better)}"
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


def _points(count: int) -> str:
    return f"{count} point{'s' * (count != 1)}"


def _rate_text(side: Side | None) -> str:
    return "-" if side is None else f"{side.fer:.3e} ({side.frame_errors})"


def compare(
    a: str | Path | Results,
    b: str | Path | Results,
    *,
    curves: str | Sequence[str] | None = None,
    significance: float = 0.01,
) -> Comparison:
    """Compare two sides point by point: as ``capgap.simulate.compare``, which also draws."""
    if not 0 < significance < 1:
        raise InputError(f"significance must lie in (0, 1), got {significance:g}")
    curves = [curves] if isinstance(curves, str) else curves
    sides = load_source(a, "A"), load_source(b, "B")
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
    return Comparison(
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


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words) if len(words) <= 12 else f"{', '.join(words[:11])}, ... ({len(words)} in all)"


def _match_curves(a: Source, b: Source, curves: Sequence[str] | None) -> list[tuple[str, str]]:
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


def _match_named(text: str, a: Source, b: Source, there: str) -> tuple[str, str]:
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


def _match_points(sides: tuple[Source, Source], label_a: str, label_b: str) -> list[Compared]:
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
        other = next((each for each in left if same_value(parameter, value, each.places[parameter])), None)
        if other is not None:
            left.remove(other)
        outcome = ONLY_A if other is None else _relation(entry, other)
        points.append((value, entry.side, other.side if other else None, outcome))
    points += [(entry.places[parameter], None, entry.side, ONLY_B) for entry in left]
    points.sort(key=lambda point: point[0])
    compared = [Compared(label_a, label_b, parameter, *point) for point in points]
    return [replace(each, fer_ratio=_ratio(each, "fer"), ber_ratio=_ratio(each, "ber")) for each in compared]


def _relation(a: SidePoint, b: SidePoint) -> str:
    """Whether two points may be tested: points with one key begin with the same frames."""
    if not a.key or a.key != b.key:
        return AGREES
    fewer, more = sorted((a.tally.numbers(), b.tally.numbers()), key=lambda numbers: numbers["frames"])
    # A counter that one side lacks is unknown there.
    further = {name: more[name] - fewer[name] for name in more if name in fewer}
    if not further["frames"]:
        return CONTRADICTS if any(further.values()) else SAME
    possible = min(further.values()) >= 0 and further["frame_errors"] <= further["frames"]
    return SAME_OF_ANOTHER_NUMBER if possible else CONTRADICTS
