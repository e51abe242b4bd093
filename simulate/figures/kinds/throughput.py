"""Throughput and transmissions of frames that are sent again, beside those of ideal codes and capacities."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...analysis.row_limits import parameter_of
from ...content.limit_curves import FEEDBACK, IDEAL, LIMIT_NAMES
from ...content.styles import Style, styles_of
from ...content.throughput import Ideal, Measure, capacity_curves, feedback_curves, ideal_curves, sent_again
from ...results.rows import Results, Row
from ..sheet import CAPACITY, CAPACITY_BPSK, legend, readable, titled
from ..style import AXIS_LABELS, LIMIT_LINES, grey, shade
from .error_rates import x_axis

if TYPE_CHECKING:
    from ...configuration.models import PlotOptions

#: What a capacity is called.
NAMES = {
    "shannon": CAPACITY,
    "bpsk": CAPACITY_BPSK,
    "modulation": "capacity of the modulation",
    "bicm": "BICM capacity",
}


def throughput_figure(results: Results, options: "PlotOptions") -> Figure:
    """A panel of bits delivered a channel use, and one of transmissions a frame."""
    curves = sent_again(results)
    styles = styles_of(curves)
    figure, (delivered, sent) = titled(options, 2)
    rows = [row for each in curves.values() for row in each]
    values = [row.value for row in rows]
    for panel, name in ((delivered, "delivered"), (sent, "transmissions")):
        span = x_axis(panel, parameter_of(rows[0]), values)
        panel.set_ylabel(AXIS_LABELS[name])
    log = delivered.get_xscale() == "log"
    ideal = ideal_curves(results, span, log=log) if IDEAL in options.limits else []
    panels: tuple[tuple[Axes, Measure], ...] = ((delivered, "throughput"), (sent, "transmissions"))
    for panel, measure in panels:
        for label, each in curves.items():
            _draw(panel, each, measure, styles[label], label)
        _draw_ideal(panel, ideal, measure, styles)
    highest = 1.15 * max(row.harq_rates.throughput_high for row in rows if row.harq_rates is not None)
    highest = max([highest, *(1.1 * each.throughput.max() for each in ideal)])
    for kind, x, y in capacity_curves(results, options.limits, span, log=log):
        look = {"color": grey("#444444"), "linestyle": LIMIT_LINES[kind], "linewidth": 1.2}
        delivered.plot(x, y, label=NAMES[kind], zorder=0.9, **look)
    for label, x, y in feedback_curves(results, span, log=log) if FEEDBACK in options.limits else ():
        look = {"linestyle": LIMIT_LINES[FEEDBACK], "linewidth": 1.4}
        delivered.plot(x, y, color=shade(styles[label].colour), zorder=0.9, **look)
        delivered.plot([], [], color=grey("#444444"), label=LIMIT_NAMES[FEEDBACK], **look)
    delivered.set_ylim(0, highest)
    sent.set_ylim(bottom=0.9)
    legend(figure, [delivered, sent])
    return figure


def _draw(panel: Axes, rows: list[Row], measure: Measure, style: Style, label: str) -> None:
    """Points with their intervals, joined."""
    found = [(row.value, row.harq_rates) for row in rows if row.harq_rates is not None]
    names = (measure, f"{measure}_low", f"{measure}_high")
    y, low, high = (np.array([getattr(rates, name) for _, rates in found]) for name in names)
    panel.errorbar(
        [value for value, _ in found],
        y,
        yerr=[np.maximum(y - low, 0), np.maximum(high - y, 0)],
        color=shade(style.colour),
        marker=style.marker,
        markerfacecolor=grey("#ffffff"),
        capsize=2,
        elinewidth=0.9,
        label=readable(label),
    )


def _draw_ideal(panel: Axes, ideal: list[Ideal], measure: Measure, styles: dict[str, Style]) -> None:
    for each in ideal:
        look = {"color": shade(styles[each.curve].colour), "linestyle": LIMIT_LINES[IDEAL]}
        panel.plot(each.x, getattr(each, measure), linewidth=1.0, zorder=0.9, **look)
    if ideal:
        look = {"color": grey("#444444"), "linestyle": LIMIT_LINES[IDEAL]}
        panel.plot([], [], linewidth=1.0, label=LIMIT_NAMES[IDEAL], **look)
