"""Points with their intervals."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes

from ...content.limit_curves import NO_ERRORS
from ...content.styles import Style
from ...results.after_iterations import AfterIteration
from ...results.outcomes import Outcome
from ...results.rows import Row
from ..sheet import readable
from ..style import grey, shade

if TYPE_CHECKING:
    from ...analysis.comparison_sides import Side


def draw_points(
    panel: Axes,
    x: Sequence[float],
    rows: "Sequence[Row | Side | AfterIteration | Outcome]",
    y: str,
    style: Style,
    label: str | None,
    **look: Any,
) -> None:
    """Estimates with their intervals, joined; and upper bounds where no error was seen."""
    seen = [(xi, row) for xi, row in zip(x, rows, strict=True) if row.frame_errors > 0]
    unseen = [(xi, row) for xi, row in zip(x, rows, strict=True) if row.frame_errors == 0]
    values, low, high = (  # a reference curve's interval may be unknown, None: it becomes NaN
        np.array([getattr(row, name) for _, row in seen], np.float64) for name in (y, f"{y}_low", f"{y}_high")
    )
    panel.errorbar(
        [xi for xi, _ in seen],
        values,
        yerr=[np.maximum(values - low, 0), np.maximum(high - values, 0)],
        color=shade(style.colour),
        marker=style.marker,
        capsize=2,
        elinewidth=0.9,
        label=label and readable(label),
        **{"markerfacecolor": grey("#ffffff"), **look},
    )
    if unseen:
        bounds = [getattr(row, f"{y}_high") for _, row in unseen]
        panel.plot(
            [xi for xi, _ in unseen],
            bounds,
            linestyle="none",
            marker=11,
            color=shade(style.colour),
            alpha=look.get("alpha"),
        )
        panel.plot([], [], linestyle="none", marker=11, color=grey("#666666"), label=NO_ERRORS)
