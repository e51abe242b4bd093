"""Colours and markers of curves."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..results.rows import Row

#: Colours that people with any colour vision can tell apart (Okabe and Ito, 2008), and markers too.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#8B4513")
#: The same where the ground is dark: lighter, so that each stands out from it at least 6 to 1.
DARK_COLOURS = ("#4ba3e3", "#ff8a4c", "#2ccb9b", "#e59bc6", "#8ad0f5", "#f5b93d", "#f2f2f2", "#cf9566")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")
#: Frame errors from which on a point of a search is joined with its neighbours.
MANY = 50


@dataclass(frozen=True)
class Style:
    """How a curve is drawn: its colour, its marker, and their number."""

    colour: str
    marker: str
    number: int


def styles_of(names: Iterable[str]) -> dict[str, Style]:
    """A style for each name."""
    distinct = list(dict.fromkeys(names))
    return {
        name: Style(COLOURS[i % len(COLOURS)], MARKERS[(i + i // len(COLOURS)) % len(MARKERS)], i)
        for i, name in enumerate(distinct)
    }


def parted(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Rows with many errors and rows with few; all count as many if there is no other."""
    many = [row for row in rows if row.frame_errors >= MANY]
    return (many, [row for row in rows if row.frame_errors < MANY]) if many else (rows, [])
