"""What every figure needs: a sheet with panels, a legend below them, text in it, and its files."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..atomic import write_atomically
from ..errors import InputError
from ..figure_content import LIMIT_NAMES, NO_ERRORS, TARGET, UNCODED
from .style import paper

if TYPE_CHECKING:
    from ..config_models import PlotOptions

BEYOND_CHANCE = "differs beyond chance"
CAPACITY, CAPACITY_BPSK = "capacity", "capacity with BPSK"
#: Width in inches at which a legend of the limits has two columns.
LEAST_WIDTH = 7.0
#: Height in inches of a row of a legend.
ROW = 0.22
#: What a legend ends with.
LAST = (NO_ERRORS, BEYOND_CHANCE, CAPACITY, CAPACITY_BPSK)


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


def along(panel: Axes, x: float, text: str, colour: str, height: float) -> None:
    """Text along the left side of a vertical line at x, from a height in parts of the axes'."""
    panel.annotate(
        text,
        xy=(x, height),
        xycoords=("data", "axes fraction"),
        xytext=(-2, 0),
        textcoords="offset points",
        rotation=90,
        ha="right",
        va="bottom",
        fontsize=8,
        color=colour,
        bbox=paper(),
        zorder=1,  # over the grid, under the curves
    )
