"""What schemes deliver over Es/N0, and the best of them, under the capacity limits."""

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ....channels.models.channel import Signal
from ....channels.parameter import ESNO
from ...analysis.adaptation import Adaptation, adaptations
from ...content.styles import Style, styles_of
from ...labels import family_name
from ...results.rows import Results
from ..sheet import CAPACITY, legend, readable, titled, x_ticks
from ..style import LIMIT_LINES, grey, shade

if TYPE_CHECKING:
    from ...configuration.models import PlotOptions

#: Capacities by the names of limits: the input, and what the legend says.
CAPACITIES: dict[str, tuple[Signal, str]] = {
    "shannon": ("gaussian", CAPACITY),
    "modulation": ("modulation", "the most that the points carry"),
    "bicm": ("bicm", "the most that their bits carry (BICM)"),
}


def adaptation_figure(results: Results, options: "PlotOptions") -> Figure:
    """A panel for each channel: bits a symbol that arrive by each scheme, their envelope, and thresholds."""
    shown = adaptations(results, options.at)
    styles = styles_of(scheme.row.group for each in shown for scheme in each.schemes)
    figure, axes = titled(options, len(shown), width=7.4)
    for panel, adaptation in zip(axes, shown, strict=True):
        _panel(panel, adaptation, styles, options.limits)
    rates = {
        f"{scheme.placed.crossing.measure.upper()} of {scheme.placed.crossing.target:g}"
        for each in shown
        for scheme in each.schemes
    }
    legend(figure, axes, f"markers: where schemes reach a {' or '.join(sorted(rates))}")
    return figure


def _panel(panel: Axes, adaptation: Adaptation, styles: dict[str, Style], limits: list[Any]) -> None:
    x, top = adaptation.esno_db, max(scheme.bits for scheme in adaptation.schemes)
    for limit, (signal, label) in CAPACITIES.items():
        capacity = adaptation.capacity(signal) if limit in limits else None
        if capacity is not None:
            look: dict[str, Any] = {} if limit == "shannon" else {"linestyle": LIMIT_LINES[limit]}
            panel.plot(x, capacity, color=grey("#000000"), linewidth=1.1, label=label, **look)
    panel.plot(
        x,
        np.where(adaptation.envelope > 0, adaptation.envelope, np.nan),
        color=grey("#000000"),
        linewidth=2.4,
        alpha=0.35,
        label="the best scheme",
    )
    for group in dict.fromkeys(scheme.row.group for scheme in adaptation.schemes):
        own = [scheme for scheme in adaptation.schemes if scheme.row.group == group]
        colour, marker = shade(styles[group].colour), styles[group].marker
        name = readable(family_name(group, (scheme.row.curve for scheme in own)))
        panel.plot([], [], color=colour, marker=marker, markersize=5, label=name)
        for scheme in own:
            arriving = scheme.delivered(x)
            panel.plot(x, np.where(arriving > 0, arriving, np.nan), color=colour, linewidth=0.9)
            placed = scheme.placed
            if placed.x is None:
                continue
            ends = [placed.x if end is None else end for end in (placed.low, placed.high)]
            error = [[abs(placed.x - min(ends))], [abs(max(ends) - placed.x)]]
            panel.errorbar(
                placed.x,
                float(scheme.delivered(np.array([placed.x]))[0]),
                xerr=error,
                capsize=2,
                color=colour,
                marker=marker,
                markersize=5,
                zorder=3,
            )
    panel.set_xlim(x[0], x[-1])
    panel.set_ylim(0, 1.12 * top)
    panel.set_xlabel(readable(ESNO.axis_label))
    panel.set_ylabel("bits that arrive a symbol")
    x_ticks(panel)
