"""EXIT charts: the curves of the two that exchange information, and a decoder's course between them.

ten Brink (2001); ten Brink, Kramer and Ashikhmin (2004), figure 3.
"""

from textwrap import wrap
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from ...analysis.row_limits import parameter_of
from ...content.exit_charts import exit_charts
from ...content.styles import COLOURS
from ...results.rows import Results
from ..sheet import legend, readable, titled
from ..style import grey, shade

if TYPE_CHECKING:
    from ...configuration.models import PlotOptions

#: Panels side by side.
COLUMNS = 4
#: Characters in a line of a panel's title.
WIDEST = 40


def exit_figure(results: Results, options: "PlotOptions") -> Figure:
    """A chart for each curve that has one, at its waterfall."""
    charts = exit_charts(results)
    figure, axes = titled(options, len(charts), width=4.6, columns=COLUMNS)
    for panel, made in zip(axes, charts, strict=True):
        chart, row, names = made.chart, made.row, made.names
        first, second = made.curves
        panel.plot(chart.apriori, first, color=shade(COLOURS[0]), label=names.first)
        panel.plot(second, chart.apriori, color=shade(COLOURS[1]), label=names.second)
        panel.plot(
            chart.trajectory[:, 1],
            chart.trajectory[:, 0],
            color=grey("#000000"),
            linewidth=0.8,
            label="decoder, simulated",
        )
        panel.set_xlim(0, 1)
        panel.set_ylim(0, 1)
        panel.set_aspect("equal")
        panel.set_xlabel(names.x)
        panel.set_ylabel(names.y)
        parameter = parameter_of(row)
        label = parameter.axis_label.removesuffix(f" ({parameter.unit})")
        place = f"{label} = {parameter.shown(row.value, 'g')}"
        panel.set_title("\n".join([*map(readable, wrap(row.curve, WIDEST)), place]), fontsize=9)
        panel.annotate(
            f"tunnel {'open' if chart.tunnel_open else 'closed'}, FER {row.fer:.2g}",
            xy=(0.97, 0.03),
            xycoords="axes fraction",
            ha="right",
            fontsize=8,
            color=grey("#444444"),
        )
    legend(figure, axes)
    return figure
