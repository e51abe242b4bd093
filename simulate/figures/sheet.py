"""What every figure needs: a sheet with panels, a legend below them, text in it, and its files."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogFormatterSciNotation, MaxNLocator

from ..content.limit_curves import LIMIT_NAMES, NO_ERRORS, TARGET, UNCODED
from ..errors import InputError
from ..results.atomic_files import write_atomically
from .style import paper

if TYPE_CHECKING:
    from ..configuration.models import PlotOptions

BEYOND_CHANCE = "differs beyond chance"
CAPACITY, CAPACITY_BPSK = "Shannon capacity", "BPSK capacity"
DISTANCE = "gap to the Shannon limit"
#: Width in inches at which a legend of the limits has two columns.
LEAST_WIDTH = 7.0
#: Height in inches of a row of a legend.
ROW = 0.22
#: Steps of a linear x axis, at most, and the width of a digit in points; which multiples of powers of ten a
#: logarithmic one is labelled at besides these, by how many decades it has at most.
MOST_STEPS, DIGIT = 9, 6.4
BETWEEN = ((1.2, (2, 5)), (2.0, (3,)))
#: Labels along lines, in points: their distance from the line, how thick they are, a letter's width; the
#: height of a panel, and how much of its column's width it has.
BESIDE, THICK, LETTER = 1.5, 10.0, 4.3
PANEL_HEIGHT, PANEL_PART = 250.0, 0.86
#: What a legend ends with.
LAST = (NO_ERRORS, BEYOND_CHANCE, CAPACITY, CAPACITY_BPSK, DISTANCE)


def figure_file(output: str | Path) -> Path:
    """The file, whose ending must be that of a format."""
    file = Path(output)
    known = set(Figure().canvas.get_supported_filetypes()) - {"pgf"}  # which needs a LaTeX
    if file.suffix.lstrip(".").lower() not in known:
        raise InputError(f"{output}: the ending must be one of {', '.join(sorted(known))}")
    return file


def titled(
    options: "PlotOptions", panels: int, width: float = 5.4, columns: int = 100
) -> tuple[Figure, list[Axes]]:
    """A figure with panels, so many columns at most, and the title."""
    columns = min(panels, columns)
    rows = -(-panels // columns)
    figure = Figure(figsize=(max(width * columns, LEAST_WIDTH), 4.4 * rows), layout="constrained")
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for unused in axes[panels:]:
        unused.remove()
    if options.title:
        figure.suptitle(readable(options.title))
    return figure, axes[:panels]


def save(figure: Figure, files: Sequence[Path]) -> None:
    """Write a figure into files, whose endings choose the formats. Raises InputError if that fails."""
    # Laid out once, so that every file shows the same.
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for file in files:
        # No dates in the files: the same results give the same bytes.
        dates = {"pdf": {"CreationDate": None}, "svg": {"Date": None}}
        drawn = io.BytesIO()
        kind = file.suffix.lstrip(".").lower()
        figure.savefig(drawn, format=kind, metadata=dates.get(kind))
        try:
            write_atomically(file, drawn.getvalue())
        except OSError as error:
            raise InputError(f"{file}: the figure cannot be written: {error.strerror}") from None


def legend(figure: Figure, axes: list[Axes], title: str | None = None) -> None:
    """One legend below all panels, where it can cover no curve; the figure becomes higher by it."""
    entries: dict[str, Any] = {}
    for panel in axes:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    for name in (TARGET, UNCODED, *LIMIT_NAMES.values(), *LAST):  # the curves first
        for label in [
            label for label in entries if label == name or label.startswith((f"{name}, ", f"{name}: "))
        ]:
            entries[label] = entries.pop(label)
    widest = max((len(label.replace("$", "")) for label in entries), default=1)
    columns = int(figure.get_figwidth() / (0.8 + 0.075 * widest))
    columns = min(max(columns, 1), max(len(entries), 1))
    rows = -(-len(entries) // columns) + (title is not None)
    figure.set_figheight(figure.get_figheight() + ROW * rows)
    figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=columns, title=title)


def readable(text: str) -> str:
    """A user's text, with its dollars escaped unless what is between them is mathematics."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        text = text.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text  # Matplotlib hides what begins with _


def column_width(panel: Axes) -> float:
    """Width in inches of the column of the sheet that a panel is in."""
    place = panel.get_subplotspec()
    width = float(panel.figure.bbox.width / panel.figure.dpi)
    return width / (1 if place is None else place.get_gridspec().ncols)


def x_ticks(panel: Axes) -> None:
    """Ticks of a panel's x axis, whose scale and range are set: labels so few that none lies on another."""
    low, high = panel.get_xlim()
    if panel.get_xscale() != "log":
        for steps in range(MOST_STEPS, 2, -1):
            panel.xaxis.set_major_locator(locator := MaxNLocator(nbins=steps, steps=[1, 2, 2.5, 5, 10]))
            places = [float(place) for place in locator.tick_values(low, high)]
            longest = max(map(len, panel.xaxis.get_major_formatter().format_ticks(places)))
            apart = 72 * PANEL_PART * column_width(panel) * (places[1] - places[0]) / (high - low)
            if apart > DIGIT * (longest + 1):
                break
        return
    decades = np.log10(high / low)
    between = next((steps for most, steps in BETWEEN if decades <= most), ())
    written = LogFormatterSciNotation(labelOnlyBase=False, minor_thresholds=(np.inf, np.inf))
    written.set_axis(panel.xaxis)

    def label(x: float, _: int) -> str:
        return written(x) if round(x / 10 ** np.floor(np.log10(x))) in between else ""

    panel.xaxis.set_minor_formatter(FuncFormatter(label))


def along(panel: Axes, x: float, text: str, colour: str, height: float, side: str = "left") -> None:
    """Text along a vertical line at x, left or right of it or on it, from a height in parts of the axes'."""
    offset, alignment = {"left": (-BESIDE, "right"), "right": (BESIDE, "left"), "on": (0.0, "center")}[side]
    panel.annotate(
        text,
        xy=(x, height),
        xycoords=("data", "axes fraction"),
        xytext=(offset, 0),
        textcoords="offset points",
        rotation=90,
        ha=alignment,
        va="bottom",
        fontsize=8,
        color=colour,
        bbox=paper(),
        zorder=1,  # over the grid, under the curves
    )


def along_each(panel: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Labels (x, text, colour) along vertical lines: each beside its own line, and on no other.

    Left of the line where there is room, else right of it, else on it; two labels that would meet go to
    different heights, and where there is a choice no curve that is drawn already runs through one. Where
    lines lie closer than a label is thick some label covers a neighbour.
    """
    width = 72 * PANEL_PART * column_width(panel)
    to_axes = panel.transData + panel.transAxes.inverted()
    lines = [width * float(to_axes.transform((x, 0.5))[0]) for x, _, _ in labels]
    heights = [LETTER * len(text.replace("$", "")) / PANEL_HEIGHT for _, text, _ in labels]
    longest = max(heights, default=1.0)
    rows = max(int(0.98 / (longest + 0.02)), 1)
    taken: list[tuple[float, float, int]] = []  # from, to, row

    def free(band: tuple[float, float], row: int) -> bool:
        return not any(band[0] < high and low < band[1] for low, high, other in taken if other == row)

    curves = _course_of_curves(panel) * [width, 1]

    def crossed(band: tuple[float, float], row: int, height: float) -> bool:
        """Whether a curve runs through a place."""
        low = np.array([band[0], 0.02 + row / rows])
        high = np.array([band[1], low[1] + height])
        return bool(((low < curves) & (curves < high)).all(axis=1).any())

    for i in sorted(range(len(labels)), key=lambda i: lines[i]):
        at, others = lines[i], [line for j, line in enumerate(lines) if j != i]
        bands = {
            "left": (at - BESIDE - THICK, at - BESIDE),
            "right": (at + BESIDE, at + BESIDE + THICK),
            "on": (at - THICK / 2, at + THICK / 2),
        }
        clear = [
            side
            for side, (low, high) in bands.items()
            if low >= 0 and high <= width and not any(low < line < high for line in others)
        ]
        places = [(side, row) for side in (*clear, "on") for row in range(rows)]
        x, text, colour = labels[i]
        side, row = min(
            (place for place in places if free(bands[place[0]], place[1])),
            key=lambda place: (place[0] == "on", crossed(bands[place[0]], place[1], heights[i])),
            default=places[0],
        )
        taken.append((*bands[side], row))
        along(panel, x, text, colour, 0.02 + row / rows, side)


def _course_of_curves(panel: Axes) -> npt.NDArray[np.float64]:
    """Points along the curves of a panel, float64 (points, 2), as parts of its width and height."""
    to_axes = panel.transData + panel.transAxes.inverted()
    found = [np.empty((0, 2))]
    for line in panel.lines:
        x, y = (np.asarray(values, float) for values in line.get_data())
        if len(x) > 2:  # a limit's line has two points
            steps = np.linspace(0, 1, 30)[:, None, None]
            with np.errstate(invalid="ignore"):  # of rates of 0 on a logarithmic axis
                corners = to_axes.transform(np.column_stack([x, y]))
                found.append((corners[:-1] + steps * np.diff(corners, axis=0)).reshape(-1, 2))
    return np.concatenate(found)
