"""Two results in one figure, with rings where they differ beyond chance."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...channels.parameter import parameter_named
from ..content.files import check_curves
from ..content.styles import Style, styles_of
from .kinds.error_rates import log_y, x_axis
from .kinds.points import draw_points
from .sheet import BEYOND_CHANCE, figure_file, legend, readable, save
from .style import AXIS_LABELS, grey, house_style, shade

if TYPE_CHECKING:
    from ..analysis.comparison import Compared, Comparison
    from ..analysis.comparison_sides import Side

#: How side B of a comparison is drawn over A, whose filled markers are seen through its larger ones.
SIDE_B: dict[str, Any] = {"linestyle": "--", "markerfacecolor": "none", "markersize": 7.5}


def draw_comparison(comparison: "Comparison", output: str | Path) -> Path:
    """Draw both sides of a comparison, A solid and B dashed, with rings where they differ.

    Curves over different parameters get panels of their own. Returns the file, whose ending chooses the
    format; raises InputError if it cannot be written.
    """
    file = figure_file(output)
    points = comparison.points
    parameters = list(dict.fromkeys(point.parameter for point in points))
    with_ber = any(point.a and point.b and None not in (point.a.ber, point.b.ber) for point in points)
    rates = ["ber", "fer"] if with_ber else ["fer"]
    check_curves(len({_pair_label(point) for point in points}))
    styles = styles_of(_pair_label(point) for point in points)
    with house_style():
        size = (5.4 * max(len(rates), 1.3), 4.4 * len(parameters))
        figure = Figure(figsize=size, layout="constrained")
        grid = figure.subplots(len(parameters), len(rates), squeeze=False)
        for panels, parameter in zip(grid, parameters, strict=True):
            shown = [point for point in points if point.parameter == parameter]
            for panel, y in zip(panels, rates, strict=True):
                _overlay(panel, shown, y, styles, comparison.significance)
        for name, look in (("A: " + comparison.a, {}), ("B: " + comparison.b, SIDE_B)):
            label = readable(name if len(name) <= 60 else f"{name[:3]}...{name[-54:]}")
            grid[0][0].plot([], [], color=grey("#444444"), marker="o", label=label, **look)
        legend(figure, list(grid.flat))
        save(figure, [file])
    return file


def _pair_label(point: "Compared") -> str:
    return " | ".join(dict.fromkeys((point.curve_a, point.curve_b)))


def _overlay(
    panel: Axes, points: "Sequence[Compared]", y: str, styles: dict[str, Style], significance: float
) -> None:
    """Both sides of all curves in one panel, with rings around points that differ in its rate."""
    drawn: list[Side] = []
    for label in dict.fromkeys(_pair_label(point) for point in points):
        curve = [point for point in points if _pair_label(point) == label]
        for letter, look in (("a", {"markerfacecolor": shade(styles[label].colour)}), ("b", SIDE_B)):
            sides = [(point.value, getattr(point, letter)) for point in curve if getattr(point, letter)]
            known = [(x, side) for x, side in sides if getattr(side, y) is not None]
            rows = [side for _, side in known]
            named = label if letter == "a" else None
            draw_points(panel, [x for x, _ in known], rows, y, styles[label], named, **look)
            drawn += rows
    x_axis(panel, parameter_named(points[0].parameter), [point.value for point in points])
    panel.set_ylabel(AXIS_LABELS[y])
    log_y(panel, drawn, y)
    rings = [
        (point.value, getattr(side, y) if side.frame_errors else getattr(side, f"{y}_high"))
        for point in points
        for side in (point.a, point.b)
        if side and (p := getattr(point, f"{y}_p")) is not None and p < significance
    ]
    if rings:
        red: dict[str, Any] = {"markerfacecolor": "none", "markeredgecolor": "#cc0000", "markersize": 13}
        panel.plot(*zip(*rings, strict=True), linestyle="none", marker="o", label=BEYOND_CHANCE, **red)
