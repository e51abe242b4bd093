"""Error rates, iterations and throughput over the channel's parameter, with the limits; and over the rate."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from ....channels.parameter import Parameter
from ...analysis.row_limits import parameter_of
from ...content.axes import MOST_RATE, least_rate, log_x, mean_iterations, throughput, x_range
from ...content.limit_curves import (
    LIMIT_NAMES,
    TARGET,
    LimitCurve,
    LimitLine,
    converse_curve,
    limit_curves,
    limit_lines,
    uncoded_curve,
    uncoded_rows,
)
from ...content.styles import Style, parted, styles_of
from ...errors import InputError
from ...labels import family_name
from ...results.crossings import Crossing
from ...results.outcomes import Outcome, outcomes_of
from ...results.rows import Results, Row
from ..sheet import along, along_each, legend, readable, titled, x_ticks
from ..style import AXIS_LABELS, LIMIT_LINES, grey, shade
from .iterations import draw_iterations
from .outcomes import draw_outcomes
from .points import draw_points

if TYPE_CHECKING:
    from ...analysis.comparison_sides import Side
    from ...configuration.models import PlotOptions

MEANS = {"iterations": mean_iterations, "throughput": throughput}
#: Width and height of a point's name, as parts of a panel.
NAME_SIZE = (0.08, 0.035)
STAR: Any = {"linestyle": "none", "marker": "*", "markersize": 14}


def sweep_figure(results: Results, options: "PlotOptions") -> Figure:
    """A panel for each of the options' ``y``, over the parameter that all results share."""
    parameters = sorted({row.parameter for row in results})
    if len(parameters) > 1:
        raise InputError(
            f"curves over {' and '.join(parameters)} cannot share one figure: plot them separately"
        )
    curves = results.curves()
    styles = styles_of(curves)
    figure, axes = titled(options, len(options.y))
    x_values = [row.value for row in results]
    limits = limit_lines(results, options.limits)
    for panel, y in zip(axes, options.y, strict=True):
        span = x_axis(panel, parameter_of(results.rows[0]), x_values, [limit.value for limit in limits])
        panel.set_ylabel(AXIS_LABELS[y])
        if y in MEANS:
            for label, rows in curves.items():
                ordered = sorted(rows, key=lambda row: row.value)
                if y != "iterations" or any(row.iterations for row in rows):
                    _means(panel, ordered, y, styles[label], label)
            panel.set_ylim(bottom=0)
            _draw_limits(panel, limits, styles)
            continue
        if y == "outcomes":
            draw_outcomes(panel, curves, styles)
            outcomes = [each for row in results for each in outcomes_of(row) or ()]
            log_y(panel, outcomes, "rate")
            continue
        joined: dict[str, list[Row]] = {}
        for label, rows in curves.items():
            ordered = sorted(rows, key=lambda row: row.value)
            if any(crossing.curve == label for crossing in results.crossings):
                # The search has points with few errors, which only showed it the way: they are not joined.
                ordered, way = parted(ordered)
                look = {"linestyle": "none", "alpha": 0.4}
                draw_points(panel, [row.value for row in way], way, y, styles[label], None, **look)
            draw_points(panel, [row.value for row in ordered], ordered, y, styles[label], label)
            joined[label] = ordered
        draw_iterations(panel, joined, y, styles)
        log_y(panel, results.rows, y)
        found = [crossing for crossing in results.crossings if crossing.measure == y]
        _crossings(panel, [crossing for crossing in found if crossing.curve in styles], styles)
        if y == "ber":
            _uncoded(panel, results.rows, span)
        _draw_limits(panel, limits, styles)
        log, lowest = panel.get_xscale() == "log", panel.get_ylim()[0]
        _draw_limit_curves(panel, limit_curves(results, options.limits, y, span, lowest, log=log), styles)
    legend(figure, axes)
    return figure


def rate_figure(results: Results, options: "PlotOptions") -> Figure:
    """Bit-error probability against rate, under the curve R = C / (1 - H(p_b)).

    C. E. Shannon (1948); MacKay (2003), section 10.4 and figure 1.15.
    """
    if any(y not in ("ber", "fer") for y in options.y):
        raise InputError("with x: rate, y is ber or fer")
    if any(parameter_of(row).per_bit for row in results):
        raise InputError("with x: rate give the channel esno_db: at one Eb/N0 every rate has another channel")
    settings = {(row.channel, row.parameter, row.value) for row in results}
    if len(settings) > 1:
        raise InputError("with x: rate every curve must be at one and the same value of one channel")
    row = results.rows[0]
    groups: dict[str, list[Row]] = {}
    for each in results:
        groups.setdefault(each.group, []).append(each)
    styles = styles_of(groups)
    figure, axes = titled(options, len(options.y))
    for panel, y in zip(axes, options.y, strict=True):
        for group, rows in groups.items():
            ordered = sorted(rows, key=lambda each: each.rate)
            name = family_name(group, (each.curve for each in rows))
            draw_points(panel, [each.rate for each in ordered], ordered, y, styles[group], name)
        log_y(panel, results.rows, y)
        panel.set_xlim(0, MOST_RATE)
        if options.names:
            _name_points(panel, results.rows, y, styles)
        panel.set_xlabel(AXIS_LABELS["rate"])
        panel.set_ylabel(AXIS_LABELS[y])
        if y == "ber" and "shannon" in options.limits:
            _converse(panel, row)
    legend(figure, axes)
    return figure


def _name_points(panel: Axes, rows: Sequence[Row], y: str, styles: dict[str, Style]) -> None:
    """(n, k) beside each point; of names that would lie on each other the first one."""
    taken: list[tuple[float, float]] = []
    for row in rows:
        value = getattr(row, y) or getattr(row, f"{y}_high")
        across, up = panel.transAxes.inverted().transform(panel.transData.transform((row.rate, value)))
        if any(abs(across - x) < NAME_SIZE[0] and abs(up - z) < NAME_SIZE[1] for x, z in taken):
            continue
        taken.append((across, up))
        panel.annotate(
            f"({row.n}, {row.k})",
            xy=(row.rate, value),
            xytext=(5, 5),
            textcoords="offset points",
            fontsize="x-small",
            color=shade(styles[row.group].colour),
            zorder=5,
        )


def _means(panel: Axes, rows: Sequence[Row], y: str, style: Style, label: str) -> None:
    """A mean over the frames of each point."""
    panel.plot(
        [row.value for row in rows],
        [MEANS[y](row) for row in rows],
        color=shade(style.colour),
        marker=style.marker,
        markerfacecolor=grey("#ffffff"),
        label=readable(label),
    )


def _crossings(panel: Axes, crossings: Sequence[Crossing], styles: dict[str, Style]) -> None:
    """Where curves reach their targets, with the intervals, on lines at the targets."""
    for target in dict.fromkeys(crossing.target for crossing in crossings):
        panel.axhline(target, color=grey("#888888"), linewidth=0.9, linestyle=(0, (4, 3)), zorder=0.8)
    for crossing in crossings:
        if crossing.value is None:
            continue
        low, high = (crossing.value if x is None else x for x in (crossing.low, crossing.high))
        panel.errorbar(
            crossing.value,
            crossing.target,
            xerr=[[crossing.value - low], [high - crossing.value]],
            color=shade(styles[crossing.curve].colour),
            ecolor=grey("#000000"),
            markeredgecolor=grey("#000000"),
            **STAR,
            capsize=4,
            elinewidth=1.4,
            zorder=4,
        )
    if any(crossing.value is not None for crossing in crossings):
        panel.plot([], [], color=grey("#aaaaaa"), label=TARGET, markeredgecolor=grey("#000000"), **STAR)


def x_axis(
    panel: Axes, parameter: Parameter, values: list[float], limits: Sequence[float] = ()
) -> tuple[float, float]:
    """Name, scale and range of the channel's parameter; returns the range."""
    log = log_x(parameter, values)
    span = x_range(values, limits, log, parameter)
    panel.set_xlabel(readable(parameter.axis_label))
    panel.set_xscale("log" if log else "linear")
    panel.set_xlim(*span)
    x_ticks(panel)
    return span


def log_y(panel: Axes, rows: "Sequence[Row | Side | Outcome]", y: str) -> None:
    """A logarithmic axis of error rates that holds those of the rows."""
    panel.set_yscale("log")
    panel.set_ylim(least_rate(rows, y), 1.3)
    panel.yaxis.set_major_locator(LogLocator(base=10, numticks=12))
    panel.yaxis.set_minor_locator(LogLocator(base=10, subs=tuple(range(2, 10)), numticks=100))
    panel.yaxis.set_minor_formatter(NullFormatter())


def _uncoded(panel: Axes, rows: Sequence[Row], span: tuple[float, float]) -> None:
    """The exact bit-error rate without coding, of each modulation."""
    for i, (name, row) in enumerate(uncoded_rows(rows)):
        reference = uncoded_curve(row, span, panel.get_ylim()[0], log=panel.get_xscale() == "log")
        if reference is not None:
            dots: Any = (0, (1, 1.2 + i))
            panel.plot(*reference, color=grey("#666666"), linestyle=dots, linewidth=1.2, label=name)


def _draw_limits(panel: Axes, limits: list[LimitLine], styles: dict[str, Style]) -> None:
    """A vertical line for each limit, with the rate and the value along it."""
    low, high = panel.get_xlim()
    named = len({limit.kind for limit in limits}) > 1
    labels: dict[str, tuple[float, str, str]] = {}
    for limit in sorted(limits, key=lambda limit: limit.value):
        if not low <= limit.value <= high:
            continue
        # Curves of the same rate share a line: two alternate their colours, more leave it grey.
        colours = (
            [shade(styles[label].colour) for label in limit.curves]
            if len(limit.curves) <= 2
            else [grey("#444444")]
        )
        panel.axvline(
            limit.value,
            color=colours[0],
            gapcolor=colours[1] if len(colours) > 1 else None,
            linestyle=LIMIT_LINES[limit.kind],
            linewidth=1.2,
            zorder=0.8,
        )
        kind = f"{LIMIT_NAMES[limit.kind].split()[0]}, " if named else ""
        colour = colours[0] if len(colours) == 1 else grey("#444444")
        text = f"{kind}$R$ = {limit.rate}: {limit.shown}"
        # Two lines that are one to the digits shown have one label.
        labels[text] = (limit.value, text, grey("#444444") if text in labels else colour)
    along_each(panel, list(labels.values()))
    _name_limits(panel, [(limit.kind, LIMIT_NAMES[limit.kind]) for limit in limits])


def _draw_limit_curves(panel: Axes, bounds: Sequence[LimitCurve], styles: dict[str, Style]) -> None:
    """Limits on an error rate, in the colour of the curve they are for, or grey if it is several."""
    for bound in bounds:
        colour = shade(styles[bound.curves[0]].colour) if len(bound.curves) == 1 else grey("#444444")
        panel.plot(
            bound.x, bound.y, color=colour, linestyle=LIMIT_LINES[bound.kind], linewidth=1.2, zorder=0.9
        )
    _name_limits(panel, [(bound.kind, bound.name) for bound in bounds])


def _name_limits(panel: Axes, named: Sequence[tuple[str, str]]) -> None:
    """Entries of the legend for the kinds of limits that are drawn, with their names."""
    for kind, name in dict.fromkeys(named):
        panel.plot(
            [],
            [],
            color=grey("#444444"),
            linestyle=LIMIT_LINES[kind],
            linewidth=1.2,
            label=name,
        )


def _converse(panel: Axes, row: Row) -> None:
    """The curve R = C / (1 - H(p_b)), and the region beyond it."""
    bound = converse_curve(row, panel.get_ylim()[0])
    if bound is None:
        return
    capacity, rate, ber = bound
    panel.plot(rate, ber, color=grey("#000000"), label="$R = C / (1 - H(p_b))$")
    panel.fill_betweenx(ber, rate, MOST_RATE, color=grey("#eeeeee"), zorder=0)
    panel.annotate(
        "not achievable",
        xy=(0.5 * (capacity + MOST_RATE), 0.06),
        xycoords=("data", "axes fraction"),
        ha="center",
        color=grey("#666666"),
    )
    panel.axvline(capacity, color=grey("#000000"), linestyle=":", linewidth=1)
    along(panel, capacity, f"$C$ = {capacity:.3f}", grey("#000000"), 0.02)
