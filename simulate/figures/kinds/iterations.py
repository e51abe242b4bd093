"""Error rates after some of the iterations of a decoder, paler the earlier."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from ...content.iterations import IterationCurve, iteration_curves, strength
from ...content.styles import Style
from ...results.rows import Row
from ..style import grey, shade
from .points import draw_points


def draw_iterations(
    panel: Axes, curves: Mapping[str, Sequence[Row]], y: str, styles: Mapping[str, Style]
) -> None:
    """The curves after 1, 2, 4, ... iterations of all that counted them, by label, in their colours.

    Those after as many iterations share an entry of the legend.
    """
    found = {label: iteration_curves(rows) for label, rows in curves.items()}
    families: dict[str, list[IterationCurve]] = {label: own for label, own in found.items() if own}
    each = {curve.iterations: curve.name for own in families.values() for curve in own}
    most = max(each, default=1)
    for label, own in families.items():
        for curve in own:
            draw_points(
                panel,
                [row.value for row, _ in curve.points],
                [rates for _, rates in curve.points],
                y,
                styles[label],
                None,
                alpha=strength(curve.iterations, most),
                markersize=3,
                linewidth=1.0,
                zorder=1.9,
            )
    colours = {shade(styles[label].colour) for label in families}
    colour = colours.pop() if len(colours) == 1 else grey("#000000")
    for iterations, name in sorted(each.items()):
        # An empty container: lines stand before the curves in a legend.
        panel.errorbar([], [], color=colour, alpha=strength(iterations, most), linewidth=1.0, label=name)
