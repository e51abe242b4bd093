"""Tables as CSV text: a column for each field of a dataclass, empty cells for None."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


def format_table(
    columns: Sequence[str], entries: Iterable[T], cell: Callable[[T, str], Any] = getattr
) -> str:
    """A line of headings, and one for each entry. Floats are written so that they read back the same.

    ``cell`` gets what an entry has in a column: by default its attribute.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for entry in entries:
        values = [cell(entry, column) for column in columns]
        writer.writerow(["" if value is None else value for value in values])
    return out.getvalue()


def shortened(value: float, digits: int, *, db: bool) -> float:
    """A computed value as far as any machine computes it alike: dB to decimals, others to digits.

    The last digits of a float depend on the processor, and files should not.
    """
    # On a scale of probabilities a gap of nothing is some 1e-16, up or down.
    short = round(value, digits) if db else float(f"{round(value, digits + 6):.{digits}g}")
    return short + 0.0  # no minus zero


def parse_cell(text: str, kind: Any) -> Any:
    """What a cell holds, by its field's type: str, int, float, or one of the latter two or None.

    Raises ValueError if it does not.
    """
    if kind is str:
        return text
    if kind is int:
        return int(text)
    if text == "" and kind is not float:
        return None
    return int(text) if kind == (int | None) else float(text)
