"""The capacity plane, rate over the channel, and the spectral efficiency over Eb/N0; each code is a point.

MacKay (2003), section 1.6, figure 1.19; Proakis and Salehi (2008), section 6.5 and figure 6.5-6.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator

from ....channels.models.channel import Signal
from ...analysis.operating_points import (
    LEAST_EBNO_DB,
    PlacedCode,
    Plane,
    capacity_curve,
    capacity_formula,
    capacity_planes,
    efficiency_limits,
    efficiency_of,
    efficiency_plane,
    finite_rates,
    modulated_efficiencies,
    modulations_of,
)
from ...analysis.row_limits import FINITE, parameter_of, qualified
from ...content.axes import log_x
from ...content.styles import Style, styles_of
from ...labels import family_name
from ...results.rows import Results
from ...theory.limits import known_capacities
from ..sheet import CAPACITY, CAPACITY_BPSK, DISTANCE, legend, readable, titled, x_ticks
from ..style import AXIS_LABELS, LIMIT_LINES, grey, paper, shade

if TYPE_CHECKING:
    from ...configuration.models import PlotOptions

FINITE_MARKERS: dict[str, Any] = {
    "converse": {"marker": "_", "markersize": 11},
    "normal-approximation": {"marker": "x", "markersize": 5},
    "rcu": {"marker": "+", "markersize": 7},
}
#: What is drawn of modulations, in the order of the legend.
MODULATED: dict[Signal, str] = {
    "modulation": "capacity of the points",
    "bicm": "capacity of their bits (BICM)",
}
EFFICIENCY_AXIS = r"spectral efficiency $\eta$ (bits/s/Hz)"
EFFICIENCY = r"Shannon's limit, $E_b/N_0 = (2^\eta - 1) / \eta$"


def capacity_figure(results: Results, options: "PlotOptions") -> Figure:
    """A panel for each kind of channel: codes at their error rates, and the capacity above them."""
    planes = capacity_planes(results, options.at)
    styles = styles_of(point.row.group for plane in planes for point in plane.points)
    figure, axes = titled(options, len(planes))
    for panel, plane in zip(axes, planes, strict=True):
        low, high = _x_axis(panel, plane)
        rates = [point.row.bits_per_use for point in plane.points]
        middle, half = (min(rates) + max(rates)) / 2, max((max(rates) - min(rates)) * 0.75, 0.25)
        top = 1.05 if all(point.row.symbols is None for point in plane.points) else np.inf
        panel.set_ylim(max(middle - half, 0), min(middle + half, top))
        panel.set_ylabel(AXIS_LABELS["rate"])
        log = panel.get_xscale() == "log"
        x = np.geomspace(low, high, 300) if log else np.linspace(low, high, 300)
        least, most = parameter_of(plane.points[0].row, plane.parameter).range
        x = x[(x >= least) & (x <= most)]
        capacity = capacity_curve(plane, x, "gaussian")
        if capacity is not None:
            panel.set_title(capacity_formula(plane))
            panel.plot(x, capacity, color=grey("#000000"), label=CAPACITY)
            ceiling = max(panel.get_ylim()[1], 1.05)
            panel.fill_between(x, np.minimum(capacity, ceiling), ceiling, color=grey("#eeeeee"), zorder=0)
        if "bpsk" in options.limits and (bpsk := capacity_curve(plane, x, "bpsk")) is not None:
            panel.plot(x, bpsk, color=grey("#000000"), linestyle=LIMIT_LINES["bpsk"], label=CAPACITY_BPSK)
        for name, model in modulations_of(plane) if "modulation" in options.limits else ():
            sent = known_capacities(model, x, "modulation")
            if sent is None:
                continue
            panel.plot(
                x,
                sent,
                color=grey("#000000"),
                linestyle=LIMIT_LINES["modulation"],
                label=f"capacity of {name}",
            )
        _codes(panel, plane.points, styles, rates)
        _finite(panel, plane, [kind for kind in options.limits if kind in FINITE], styles)
    legend(figure, axes, _at([point for plane in planes for point in plane.points]))
    return figure


def _finite(panel: Axes, plane: Plane, kinds: Sequence[str], styles: dict[str, Style]) -> None:
    """Above each code, the rates that limits at its block length allow there."""
    for kind in kinds:
        look: dict[str, Any] = {"linestyle": "none", "markeredgewidth": 1.4, **FINITE_MARKERS[kind]}
        names: dict[str, None] = {}
        for x, rate, bound, row in finite_rates(plane, kind):
            if rate is not None:
                panel.plot(x, rate, color=shade(styles[row.group].colour), zorder=3, **look)
            names[qualified(f"{kind} at $n$", bound.restriction, failed=rate is None)] = None
        for name in names:
            panel.plot([], [], color=grey("#444444"), label=name, **look)


def efficiency_figure(results: Results, options: "PlotOptions") -> Figure:
    """Codes at their error rates over Eb/N0, right of Shannon's limit."""
    plane = efficiency_plane(results, options.at)
    styles = styles_of(point.row.group for point in plane.points)
    figure, (panel,) = titled(options, 1, width=6.6)
    low, high = _x_axis(panel, plane, LEAST_EBNO_DB - 0.4)
    modulated = any(point.row.symbols is not None for point in plane.points)
    efficiencies = [efficiency_of(point.row) for point in plane.points]
    least, most = min(efficiencies) / 2, max(*efficiencies, 1.0) * 2
    panel.set_yscale("log", base=2)
    panel.set_ylim(least, most)
    panel.yaxis.set_major_locator(LogLocator(base=2))
    panel.yaxis.set_major_formatter(FuncFormatter(lambda y, _: f"{y:g}" if y >= 1 else f"1/{1 / y:g}"))
    panel.set_ylabel(EFFICIENCY_AXIS if modulated else r"spectral efficiency $\eta = 2 R$ (bits/s/Hz)")
    # Denser where BPSK nears its two bits.
    efficiency = np.sort([*np.geomspace(min(least, 1e-3), most, 400), *(2 - np.geomspace(1e-9, 0.1, 100))])
    limits = efficiency_limits(efficiency)
    panel.set_title(EFFICIENCY)
    panel.plot(limits["shannon"], efficiency, color=grey("#000000"), label=CAPACITY)
    panel.fill_betweenx(efficiency, low, limits["shannon"], color=grey("#eeeeee"), zorder=0)
    if "bpsk" in options.limits:
        look: dict[str, Any] = {"color": grey("#000000"), "linestyle": LIMIT_LINES["bpsk"]}
        panel.plot(limits["bpsk"], efficiency, label=CAPACITY_BPSK, **look)
    panel.axvline(LEAST_EBNO_DB, color=grey("#888888"), linestyle=":", linewidth=1)
    panel.annotate(
        f"{LEAST_EBNO_DB:.2f} dB",
        xy=(LEAST_EBNO_DB, 0.94),
        xycoords=("data", "axes fraction"),
        xytext=(3, 0),
        textcoords="offset points",
        fontsize=8,
        color=grey("#666666"),
    )
    panel.set_xlim(low, high)
    _modulations(panel, plane, options.limits)
    _codes(panel, plane.points, styles, efficiencies)
    legend(figure, [panel], _at(plane.points))
    return figure


def _modulations(panel: Axes, plane: Plane, limits: Sequence[str]) -> None:
    """What modulations carry over Eb/N0, by their points and by their bits, with their names at the ends."""
    high, grid = panel.get_xlim()[1], grey("#666666")
    asked = {signal: label for signal, label in MODULATED.items() if signal in limits}
    for signal, label in asked.items():
        for number, (name, x, y) in enumerate(modulated_efficiencies(plane, signal)):
            look: dict[str, Any] = {"linestyle": LIMIT_LINES[signal], "linewidth": 1, "zorder": 1}
            panel.plot(x, y, color=grid, label="_" if number else label, **look)
            if signal == next(iter(asked)):
                end = min((x[-1], y[-1]), (high, float(np.interp(high, x, y))))
                place: dict[str, Any] = {"xytext": (-2, -3), "textcoords": "offset points", "ha": "right"}
                panel.annotate(name, xy=end, fontsize=8, color=grid, va="top", **place)


def _at(points: Sequence[PlacedCode]) -> str:
    """At which error rates the codes are shown."""
    rates = dict.fromkeys(f"{p.crossing.measure.upper()} of {p.crossing.target:g}" for p in points)
    return f"codes at a {' or '.join(rates)}"


def _x_axis(panel: Axes, plane: Plane, least: float | None = None) -> tuple[float, float]:
    """Name, scale and range of a plane's axis: it holds the codes with their intervals, and their limits."""
    places = [x for point in plane.points for x in (point.x, point.low, point.high, point.limit)]
    known = [x for x in places if x is not None]
    parameter = parameter_of(plane.points[0].row, plane.parameter)
    positive = [x for x in known if x > 0 or parameter.scale != "log"]
    values = positive or ([0.01, 0.5] if parameter.scale == "log" else [-2.0, 10.0])
    log = log_x(parameter, values)
    low, high = min(values), max(values)
    if log:
        low, high = low / 1.6, high * 1.6
    elif parameter.scale == "log":
        low, high = 0.0, high * 1.15
    else:
        first = low - max(0.12 * (high - low), 0.6) if least is None else least
        low, high = first, high + max(0.2 * (high - first), 0.6)  # room for a distance beside the last code
    panel.set_xscale("log" if log else "linear")
    panel.set_xlim(low, high)
    x_ticks(panel)
    panel.set_xlabel(readable(parameter.axis_label))
    return low, high


def _codes(
    panel: Axes, points: Sequence[PlacedCode], styles: dict[str, Style], heights: Sequence[float]
) -> None:
    """The codes, with their intervals, and lines and distances to the Shannon limits of their rates."""
    places = [
        (x, y)
        for point, y in zip(points, heights, strict=True)
        for x in (point.low, point.x, point.high)
        if x is not None
    ]
    for group in dict.fromkeys(point.row.group for point in points):
        own = [(point, y) for point, y in zip(points, heights, strict=True) if point.row.group == group]
        style = styles[group]
        reached = [(point, y) for point, y in own if point.x is not None]
        named = family_name(group, (point.row.curve for point, _ in own))
        named = named if reached else f"{named}: not reached over {own[0][0].row.channel}"
        if 0 < len(reached) < len(own):
            named += f" ({len(reached)} of {len(own)} reached)"
        look: dict[str, Any] = {"color": shade(style.colour), "marker": style.marker, "linestyle": "none"}
        panel.plot([], [], markersize=7, label=readable(named), **look)
        for point, y in reached:
            assert point.x is not None
            ends = [point.x if end is None else end for end in (point.low, point.high)]
            error = [[abs(point.x - min(ends))], [abs(max(ends) - point.x)]]
            panel.errorbar(point.x, y, xerr=error, capsize=3, markersize=7, zorder=3, **look)
            if point.limit is None:
                continue
            line: dict[str, Any] = {"linestyle": ":", "linewidth": 1}
            panel.plot([point.limit, point.x], [y, y], color=shade(style.colour), zorder=2, **line)
            panel.plot([], [], color=grey("#444444"), label=DISTANCE, **line)
            gap = point.crossing.gap
            if gap is None or not point.crossing.decibels:
                continue
            if not _beside(panel, (max(ends), y), places):
                panel.annotate(
                    f"{gap:.2f} dB",
                    xy=(max(ends), y),
                    xytext=(7, 0),
                    textcoords="offset points",
                    va="center",
                    fontsize=8,
                    color=shade(style.colour),
                    bbox=paper(),
                )


def _beside(panel: Axes, place: tuple[float, float], others: Sequence[tuple[float, float]]) -> bool:
    """Whether a text right of a place would lie on another code, or leave the panel."""
    (x, y), *rest = panel.transAxes.inverted().transform(panel.transData.transform([place, *others]))
    near = [(dx - x, abs(dy - y)) for dx, dy in rest]
    return bool(x > 0.87 or any(0 < dx < 0.15 and dy < 0.05 for dx, dy in near))
