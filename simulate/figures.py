"""Figures: error rates against the channel's parameter or the code's rate, with the capacity limits.

The only module that knows Matplotlib.
"""

import io
import typing
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from .atomic import write_atomically
from .crossings import Crossing
from .errors import InputError, nearest
from .figure_content import (
    LIMIT_NAMES,
    MOST_RATE,
    NO_ERRORS,
    TARGET,
    UNCODED,
    LimitCurve,
    LimitLine,
    Style,
    configured,
    converse_curve,
    least_rate,
    limit_curves,
    limit_lines,
    log_x,
    mean_iterations,
    parted,
    styles_of,
    throughput,
    told_apart,
    uncoded_curve,
    x_range,
)
from .results import Results, Row, load_results
from .runner import figure_files

if TYPE_CHECKING:
    from .comparison import Compared, Comparison
    from .comparison_sides import Side
    from .config_models import PlotOptions
    from .gap_summary import Gap

STYLE: Any = {
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.grid": True,
    "axes.grid.which": "both",
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "axes.axisbelow": True,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "savefig.dpi": 160,
    "svg.hashsalt": "capgap",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
#: Paper and ink of the dark theme.
PAPER, INK = "#14171c", "#e6e6e6"
DARK: Any = {
    **{f"{part}.facecolor": PAPER for part in ("figure", "axes", "savefig")},
    **{f"{part}.color": INK for part in ("text", "xtick", "ytick")},
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "grid.color": "#2e3339",
}
AXIS_LABELS = {
    "ebno_db": "$E_b/N_0$ (dB)",
    "esno_db": "$E_s/N_0$ (dB)",
    "snr_db": "SNR (dB)",
    "f": "crossover probability $f$",
    "epsilon": r"erasure probability $\varepsilon$",
    "ber": "bit error rate",
    "fer": "frame error rate",
    "iterations": "iterations a frame",
    "throughput": "Mb/s of information bits, one worker",
    "rate": "rate $R$ (information bits per channel use)",
}
LIMIT_LINES: dict[str, Any] = {
    "shannon": "--",
    "bpsk": "-.",
    "rate-distortion": (0, (5, 1.5)),
    "converse": (0, (6, 1.2, 1, 1.2)),
    "normal-approximation": (0, (3, 1)),
    "rcu": (0, (1, 1)),
    "union": (0, (4, 1, 1, 1, 1, 1)),
    "exact": (0, (2, 0.8)),
}
#: What a panel may show that is no error rate.
MEANS = {"iterations": mean_iterations, "throughput": throughput}
STAR: Any = {"linestyle": "none", "marker": "*", "markersize": 14}
BEYOND_CHANCE = "differs beyond chance"
#: How side B of a comparison is drawn over A, whose filled markers are seen through its larger ones.
SIDE_B: dict[str, Any] = {"linestyle": "--", "markerfacecolor": "none", "markersize": 7.5}


def plot(
    paths: str | Path | Iterable[str | Path],
    output: str | Path | None = None,
    options: "PlotOptions | None" = None,
    *,
    limits: Sequence[str] | None = None,
    y: Sequence[str] | None = None,
    theme: str | None = None,
) -> list[Path]:
    """Draw results read from one or more folders in one figure.

    Parameters
    ----------
    paths
        Results folders, or their ``results.csv``.
    output
        The figure's file; its ending chooses the format. By default the figure goes into the first
        folder under the run's name, in the formats configured there.
    options
        What to show; by default as the first folder's configuration says.
    limits, y, theme
        In place of those of the options, see ``plot`` in a configuration.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If results cannot be read, do not fit together, or the figure cannot be written.
    """
    if isinstance(paths, str | Path):
        paths = [paths]
    loaded = told_apart([load_results(path) for path in paths])
    if not any(results.rows for results in loaded):
        raise InputError("there is nothing to draw: the results hold no point")
    if not loaded:
        raise InputError("there is nothing to draw: no results were given")
    folder = loaded[0].folder
    assert folder is not None
    name, chosen = configured(folder)
    if options is None:
        options = chosen
    options = _with(options, limits=limits, y=y)
    if theme is not None:
        options = options.model_copy(update={"theme": theme})
    rows = tuple(row for results in loaded for row in results)
    crossings = tuple(crossing for results in loaded for crossing in results.crossings)
    if output is not None:
        figures = [(rows, [_figure_file(output)])]
    else:
        figures = figure_files(folder, name, rows, options.formats)
    for shown, files in figures:
        draw(Results(shown, folder, crossings), options, files)
    return [file for _, files in figures for file in files]


def _with(options: "PlotOptions", **given: Sequence[str] | None) -> "PlotOptions":
    """Options with some lists of names replaced."""
    changed = {name: list(names) for name, names in given.items() if names is not None}
    kinds = typing.get_type_hints(type(options))
    for name, names in changed.items():
        known = typing.get_args(typing.get_args(_plain(kinds[name]))[0])
        for word in names:
            if word not in known:
                raise InputError(
                    f"{name}: there is no '{word}'.{nearest(word, known)} Known: {', '.join(known)}"
                )
    if not changed.get("y", True):
        raise InputError("y: at least one panel is needed")
    return options.model_copy(update=changed)


def _plain(kind: Any) -> Any:
    """A type without what Annotated says of it."""
    return typing.get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def _figure_file(output: str | Path) -> Path:
    """The file, whose ending must be that of a format."""
    file = Path(output)
    known = set(Figure().canvas.get_supported_filetypes()) - {"pgf"}  # which needs a LaTeX
    if file.suffix.lstrip(".").lower() not in known:
        raise InputError(f"{output}: the ending must be one of {', '.join(sorted(known))}")
    return file


def draw(results: Results, options: "PlotOptions", files: Sequence[Path]) -> None:
    """Draw results into files, whose endings choose the formats. Raises InputError if that fails."""
    if not results.rows:
        raise InputError("there is nothing to draw: the results hold no point")
    with matplotlib.rc_context({**STYLE, **(DARK if options.theme == "dark" else {})}):
        make = _rate_figure if options.x == "rate" else _sweep_figure
        try:
            figure = make(results, options)
        except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            raise InputError(f"the results cannot be drawn: {error}") from error
        _save(figure, files)


def _grey(tone: str) -> str:
    """A grey of the light theme; in the dark one, that between its paper and ink which is as strong."""
    if matplotlib.rcParams["axes.facecolor"] != PAPER:
        return tone
    strength = 1 - int(tone[1:3], 16) / 255
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (PAPER, INK)]
    mixed = [round(paper + strength * (ink - paper)) for paper, ink in zip(*ends, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _seen(colour: str) -> str:
    """A curve's colour; black is the ink."""
    return _grey(colour) if colour == "#000000" else colour


def _save(figure: Figure, files: Sequence[Path]) -> None:
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


def _new_figure(options: "PlotOptions", entries: int) -> tuple[Figure, list[Axes]]:
    panels = len(options.y)
    rows = -(-entries // (2 * panels))
    figure = Figure(figsize=(5.4 * panels, 4.4 + 0.22 * rows), layout="constrained")
    axes = figure.subplots(1, panels, squeeze=False)[0]
    if options.title:
        figure.suptitle(_readable(options.title))
    return figure, list(axes)


def _readable(text: str) -> str:
    """A user's text, with its dollars escaped unless what is between them is mathematics."""
    from matplotlib.mathtext import MathTextParser

    try:
        MathTextParser("path").parse(text)
    except ValueError:
        text = text.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text  # Matplotlib hides what begins with _


def _legend(figure: Figure, axes: list[Axes]) -> None:
    """One legend below all panels, where it can cover no curve."""
    entries: dict[str, Any] = {}
    for panel in axes:
        for handle, label in zip(*panel.get_legend_handles_labels(), strict=True):
            entries.setdefault(label, handle)
    for label in (TARGET, UNCODED, *LIMIT_NAMES.values(), NO_ERRORS, BEYOND_CHANCE):  # the curves first
        if label in entries:
            entries[label] = entries.pop(label)
    widest = max((len(label) for label in entries), default=1)
    columns = int(figure.get_figwidth() / (0.8 + 0.075 * widest))
    columns = min(max(columns, 1), max(len(entries), 1))
    figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=columns)


def _points(
    panel: Axes,
    x: Sequence[float],
    rows: "Sequence[Row | Side]",
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
        color=_seen(style.colour),
        marker=style.marker,
        capsize=2,
        elinewidth=0.9,
        label=label and _readable(label),
        **{"markerfacecolor": _grey("#ffffff"), **look},
    )
    if unseen:
        bounds = [getattr(row, f"{y}_high") for _, row in unseen]
        panel.plot([xi for xi, _ in unseen], bounds, linestyle="none", marker=11, color=_seen(style.colour))
        panel.plot([], [], linestyle="none", marker=11, color=_grey("#666666"), label=NO_ERRORS)


def _sweep_figure(results: Results, options: "PlotOptions") -> Figure:
    parameters = sorted({row.parameter for row in results})
    if len(parameters) > 1:
        raise InputError(
            f"curves over {' and '.join(parameters)} cannot share one figure: plot them separately"
        )
    curves, parameter = results.curves(), parameters[0]
    styles = styles_of(curves)
    figure, axes = _new_figure(options, len(curves) + 1)
    x_values = [row.value for row in results]
    limits = limit_lines(results, options.limits)
    for panel, y in zip(axes, options.y, strict=True):
        span = _x_axis(panel, parameter, x_values, [limit.value for limit in limits])
        panel.set_ylabel(AXIS_LABELS[y])
        if y in MEANS:
            for label, rows in curves.items():
                ordered = sorted(rows, key=lambda row: row.value)
                if y != "iterations" or any(row.iterations for row in rows):
                    _means(panel, ordered, y, styles[label], label)
            panel.set_ylim(bottom=0)
            _draw_limits(panel, limits, styles)
            continue
        for label, rows in curves.items():
            ordered = sorted(rows, key=lambda row: row.value)
            if any(crossing.curve == label for crossing in results.crossings):
                # The search has points with few errors, which only showed it the way: they are not joined.
                ordered, way = parted(ordered)
                look = {"linestyle": "none", "alpha": 0.4}
                _points(panel, [row.value for row in way], way, y, styles[label], None, **look)
            _points(panel, [row.value for row in ordered], ordered, y, styles[label], label)
        _log_y(panel, results.rows, y)
        found = [crossing for crossing in results.crossings if crossing.measure == y]
        _crossings(panel, [crossing for crossing in found if crossing.curve in styles], styles)
        if y == "ber":
            _uncoded(panel, results.rows[0], span)
        _draw_limits(panel, limits, styles)
        log, lowest = panel.get_xscale() == "log", panel.get_ylim()[0]
        _draw_limit_curves(panel, limit_curves(results, options.limits, y, span, lowest, log=log), styles)
    _legend(figure, axes)
    return figure


def _means(panel: Axes, rows: Sequence[Row], y: str, style: Style, label: str) -> None:
    """A mean over the frames of each point."""
    panel.plot(
        [row.value for row in rows],
        [MEANS[y](row) for row in rows],
        color=_seen(style.colour),
        marker=style.marker,
        markerfacecolor=_grey("#ffffff"),
        label=_readable(label),
    )


def _draw_limit_curves(panel: Axes, bounds: Sequence[LimitCurve], styles: dict[str, Style]) -> None:
    """Limits on an error rate, in the colour of the curve they are for, or grey if it is several."""
    for bound in bounds:
        colour = _seen(styles[bound.curves[0]].colour) if len(bound.curves) == 1 else _grey("#444444")
        panel.plot(
            bound.x, bound.y, color=colour, linestyle=LIMIT_LINES[bound.kind], linewidth=1.2, zorder=0.9
        )
    for kind in dict.fromkeys(bound.kind for bound in bounds):
        panel.plot(
            [],
            [],
            color=_grey("#444444"),
            linestyle=LIMIT_LINES[kind],
            linewidth=1.2,
            label=LIMIT_NAMES[kind],
        )


def _crossings(panel: Axes, crossings: Sequence[Crossing], styles: dict[str, Style]) -> None:
    """Where curves reach their targets, with the intervals, on lines at the targets."""
    for target in dict.fromkeys(crossing.target for crossing in crossings):
        panel.axhline(target, color=_grey("#888888"), linewidth=0.9, linestyle=(0, (4, 3)), zorder=0.8)
    for crossing in crossings:
        if crossing.value is None:
            continue
        low, high = (crossing.value if x is None else x for x in (crossing.low, crossing.high))
        panel.errorbar(
            crossing.value,
            crossing.target,
            xerr=[[crossing.value - low], [high - crossing.value]],
            color=_seen(styles[crossing.curve].colour),
            ecolor=_grey("#000000"),
            markeredgecolor=_grey("#000000"),
            **STAR,
            capsize=4,
            elinewidth=1.4,
            zorder=4,
        )
    if any(crossing.value is not None for crossing in crossings):
        panel.plot([], [], color=_grey("#aaaaaa"), label=TARGET, markeredgecolor=_grey("#000000"), **STAR)


def _x_axis(
    panel: Axes, parameter: str, values: list[float], limits: Sequence[float] = ()
) -> tuple[float, float]:
    """Name, scale and range of the channel's parameter; returns the range."""
    log = log_x(parameter, values)
    span = x_range(values, limits, log, parameter)
    panel.set_xlabel(AXIS_LABELS.get(parameter, parameter))
    panel.set_xscale("log" if log else "linear")
    panel.set_xlim(*span)
    return span


def _log_y(panel: Axes, rows: "Sequence[Row | Side]", y: str) -> None:
    panel.set_yscale("log")
    panel.set_ylim(least_rate(rows, y), 1.3)
    panel.yaxis.set_major_locator(LogLocator(base=10, numticks=12))
    panel.yaxis.set_minor_locator(LogLocator(base=10, subs=tuple(range(2, 10)), numticks=100))
    panel.yaxis.set_minor_formatter(NullFormatter())


def _uncoded(panel: Axes, row: Row, span: tuple[float, float]) -> None:
    """The exact bit-error rate without coding."""
    reference = uncoded_curve(row, span, panel.get_ylim()[0], log=panel.get_xscale() == "log")
    if reference is None:
        return
    x, y = reference
    panel.plot(x, y, color=_grey("#666666"), linestyle=(0, (1, 1.2)), linewidth=1.2, label=UNCODED)


def _draw_limits(panel: Axes, limits: list[LimitLine], styles: dict[str, Style]) -> None:
    """A vertical line for each limit, with the rate and the value along it."""
    low, high = panel.get_xlim()
    to_axes = panel.transData + panel.transAxes.inverted()
    taken = dict.fromkeys((0.02, 0.35, 0.68), -1.0)  # where the last label at each height stands
    for limit in sorted(limits, key=lambda limit: limit.value):
        if not low <= limit.value <= high:
            continue
        # Curves of the same rate share a line: two alternate their colours, more leave it grey.
        colours = (
            [_seen(styles[label].colour) for label in limit.curves]
            if len(limit.curves) <= 2
            else [_grey("#444444")]
        )
        panel.axvline(
            limit.value,
            color=colours[0],
            gapcolor=colours[1] if len(colours) > 1 else None,
            linestyle=LIMIT_LINES[limit.kind],
            linewidth=1.2,
            zorder=0.8,
        )
        x = float(to_axes.transform((limit.value, 0.5))[0])
        # A label that would lie on its neighbour's goes higher up.
        height = next((h for h, last in taken.items() if x - last > 0.04), min(taken, key=lambda h: taken[h]))
        taken[height] = x
        _along(
            panel,
            limit.value,
            f"$R$ = {limit.rate}: {limit.shown}",
            colours[0] if len(colours) == 1 else _grey("#444444"),
            height,
        )
    for kind in dict.fromkeys(limit.kind for limit in limits):
        panel.plot(
            [],
            [],
            color=_grey("#444444"),
            linestyle=LIMIT_LINES[kind],
            linewidth=1.2,
            label=LIMIT_NAMES[kind],
        )


def _rate_figure(results: Results, options: "PlotOptions") -> Figure:
    """Bit-error probability against rate, under the curve R = C / (1 - H(p_b)).

    C. E. Shannon (1948); MacKay (2003), section 10.4 and figure 1.15.
    """
    if any(y in MEANS for y in options.y):
        raise InputError("with x: rate, y is ber or fer")
    if any(row.parameter == "ebno_db" for row in results):
        raise InputError("with x: rate give the channel esno_db: at one Eb/N0 every rate has another channel")
    settings = {(row.channel, row.parameter, row.value) for row in results}
    if len(settings) > 1:
        raise InputError("with x: rate every curve must be at one and the same value of one channel")
    row = results.rows[0]
    groups: dict[str, list[Row]] = {}
    for each in results:
        groups.setdefault(each.group, []).append(each)
    styles = styles_of(groups)
    figure, axes = _new_figure(options, len(groups) + 1)
    for panel, y in zip(axes, options.y, strict=True):
        for group, rows in groups.items():
            ordered = sorted(rows, key=lambda each: each.rate)
            _points(panel, [each.rate for each in ordered], ordered, y, styles[group], group)
        _log_y(panel, results.rows, y)
        panel.set_xlim(0, MOST_RATE)
        panel.set_xlabel(AXIS_LABELS["rate"])
        panel.set_ylabel(AXIS_LABELS[y])
        if y == "ber" and "shannon" in options.limits:
            _converse(panel, row)
    _legend(figure, axes)
    return figure


def _converse(panel: Axes, row: Row) -> None:
    """The curve R = C / (1 - H(p_b)), and the region beyond it."""
    bound = converse_curve(row, panel.get_ylim()[0])
    if bound is None:
        return
    capacity, rate, ber = bound
    panel.plot(rate, ber, color=_grey("#000000"), label="$R = C / (1 - H(p_b))$")
    panel.fill_betweenx(ber, rate, MOST_RATE, color=_grey("#eeeeee"), zorder=0)
    panel.annotate(
        "not achievable",
        xy=(0.5 * (capacity + MOST_RATE), 0.06),
        xycoords=("data", "axes fraction"),
        ha="center",
        color=_grey("#666666"),
    )
    panel.axvline(capacity, color=_grey("#000000"), linestyle=":", linewidth=1)
    _along(panel, capacity, f"$C$ = {capacity:.3f}", _grey("#000000"), 0.02)


def _along(panel: Axes, x: float, text: str, colour: str, height: float) -> None:
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
        bbox={"facecolor": _grey("#ffffff"), "edgecolor": "none", "pad": 0.5},
        zorder=1,  # over the grid, under the curves
    )


def draw_comparison(comparison: "Comparison", output: str | Path) -> Path:
    """Draw both sides of a comparison, A solid and B dashed, with rings where they differ.

    Curves over different parameters get panels of their own. Returns the file, whose ending chooses the
    format; raises InputError if it cannot be written.
    """
    file = _figure_file(output)
    points = comparison.points
    parameters = list(dict.fromkeys(point.parameter for point in points))
    with_ber = any(point.a and point.b and None not in (point.a.ber, point.b.ber) for point in points)
    rates = ["ber", "fer"] if with_ber else ["fer"]
    styles = styles_of(_pair_label(point) for point in points)
    with matplotlib.rc_context(STYLE):
        entries = len(styles) + 4
        figure = Figure(
            figsize=(5.4 * max(len(rates), 1.3), 4.4 * len(parameters) + 0.22 * entries), layout="constrained"
        )
        grid = figure.subplots(len(parameters), len(rates), squeeze=False)
        for panels, parameter in zip(grid, parameters, strict=True):
            shown = [point for point in points if point.parameter == parameter]
            for panel, y in zip(panels, rates, strict=True):
                _overlay(panel, shown, y, styles, comparison.significance)
        for name, look in (("A: " + comparison.a, {}), ("B: " + comparison.b, SIDE_B)):
            label = _readable(name if len(name) <= 60 else f"{name[:3]}...{name[-54:]}")
            grid[0][0].plot([], [], color=_grey("#444444"), marker="o", label=label, **look)
        _legend(figure, list(grid.flat))
        _save(figure, [file])
    return file


def draw_gaps(gaps: "Sequence[Gap]", output: str | Path) -> Path:
    """Draw gaps to capacity over the block length, with those that the length itself asks for.

    A panel for each measure and rate. Returns the file, whose ending chooses the format; raises InputError
    if there is nothing to draw or it cannot be written.
    """
    file = _figure_file(output)
    shown = [gap for gap in gaps if gap.capacity_gap is not None]
    if not shown:
        raise InputError("there is nothing to draw: no curve reaches the error rates asked for")
    if len({gap.parameter.endswith("_db") or gap.parameter for gap in shown}) > 1:
        raise InputError("gaps in dB and in f or epsilon cannot share a figure: draw them separately")
    kinds = list(dict.fromkeys((gap.measure, gap.target) for gap in shown))
    styles = styles_of(gap.curve for gap in shown)
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(5.4 * max(len(kinds), 1.2), 4.6), layout="constrained")
        panels = list(figure.subplots(1, len(kinds), squeeze=False)[0])
        for panel, (measure, target) in zip(panels, kinds, strict=True):
            here = [gap for gap in shown if (gap.measure, gap.target) == (measure, target)]
            for gap in here:
                assert gap.capacity_gap is not None
                ends = (gap.capacity_gap_low, gap.capacity_gap_high)
                low, high = (gap.capacity_gap if end is None else end for end in ends)
                panel.errorbar(
                    gap.n,
                    gap.capacity_gap,
                    yerr=[[gap.capacity_gap - low], [high - gap.capacity_gap]],
                    color=styles[gap.curve].colour,
                    marker=styles[gap.curve].marker,
                    markerfacecolor="white",
                    markersize=7,
                    capsize=3,
                    linestyle="none",
                    label=_readable(gap.curve),
                )
            for rate in sorted({gap.k / gap.n for gap in here}):
                alike = sorted((gap for gap in here if gap.k / gap.n == rate), key=lambda gap: gap.n)
                for name, line in (("converse", "-."), ("approximation", ":")):
                    points = [
                        (gap.n, gap.capacity_gap - own)
                        for gap in alike
                        if gap.capacity_gap is not None and (own := getattr(gap, f"{name}_gap")) is not None
                    ]
                    if points:
                        label = "converse" if name == "converse" else "normal approximation"
                        panel.plot(*zip(*points, strict=True), color="#444444", linestyle=line, label=label)
            panel.set_xscale("log", base=2)
            panel.set_ylim(bottom=0)
            panel.set_xlabel("block length $n$")
            unit = "dB" if here[0].parameter.endswith("_db") else f"in {here[0].parameter}"
            panel.set_ylabel(f"from capacity at {measure.upper()} {target:g} ({unit})")
        _legend(figure, panels)
        _save(figure, [file])
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
        for letter, look in (("a", {"markerfacecolor": _seen(styles[label].colour)}), ("b", SIDE_B)):
            sides = [(point.value, getattr(point, letter)) for point in curve if getattr(point, letter)]
            known = [(x, side) for x, side in sides if getattr(side, y) is not None]
            rows = [side for _, side in known]
            named = label if letter == "a" else None
            _points(panel, [x for x, _ in known], rows, y, styles[label], named, **look)
            drawn += rows
    _x_axis(panel, points[0].parameter, [point.value for point in points])
    panel.set_ylabel(AXIS_LABELS[y])
    _log_y(panel, drawn, y)
    rings = [
        (point.value, getattr(side, y) if side.frame_errors else getattr(side, f"{y}_high"))
        for point in points
        for side in (point.a, point.b)
        if side and (p := getattr(point, f"{y}_p")) is not None and p < significance
    ]
    if rings:
        red: dict[str, Any] = {"markerfacecolor": "none", "markeredgecolor": "#cc0000", "markersize": 13}
        panel.plot(*zip(*rings, strict=True), linestyle="none", marker="o", label=BEYOND_CHANCE, **red)
