"""Successes, failures and miscorrections over the channel's parameter."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes

from ...content.styles import Style
from ...results.outcomes import OUTCOMES, outcomes_of
from ...results.rows import Row
from ..style import grey
from .points import draw_points

LINES = {"success": (0, (1, 1.2)), "failure": "--", "miscorrection": "-"}


def draw_outcomes(panel: Axes, curves: Mapping[str, Sequence[Row]], styles: Mapping[str, Style]) -> None:
    """A line for each outcome of each curve whose decoder counts failures, in the curve's colour."""
    for label, rows in curves.items():
        ordered = sorted(rows, key=lambda row: row.value)
        found = [(row.value, outcomes) for row in ordered if (outcomes := outcomes_of(row)) is not None]
        for i, name in enumerate(OUTCOMES):
            points = [outcomes[i] for _, outcomes in found]
            # One entry in the legend for each curve: that of what goes unseen.
            named = label if points and i == len(OUTCOMES) - 1 else None
            x = [value for value, _ in found]
            draw_points(panel, x, points, "rate", styles[label], named, linestyle=LINES[name])
    for name in OUTCOMES:
        look: Any = {"marker": "o", "markerfacecolor": grey("#ffffff"), "markersize": 4}
        panel.plot([], [], color=grey("#444444"), linestyle=LINES[name], label=name, **look)
