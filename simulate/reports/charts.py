"""What the charts of a report show, as the data that its script draws them from."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...channels.parameter import ENERGIES
from ..analysis.row_limits import SIGNALS, parameter_of, qualified
from ..configuration.links_of_results import links_of
from ..content.axes import MOST_RATE, least_rate, log_x, rate_text, x_range
from ..content.iterations import iteration_curves, strength
from ..content.limit_curves import (
    COUNTED,
    LIMIT_NAMES,
    NO_ERRORS,
    OF_THE_CODE,
    TARGET,
    THRESHOLD,
    LimitCurve,
    Values,
    converse_curve,
    limit_curves,
    limit_lines,
    limited_by,
    uncoded_curve,
    uncoded_rows,
)
from ..content.styles import DARK_COLOURS, MARKERS, parted, styles_of
from ..labels import family_name
from ..link.link import Link
from ..results.after_iterations import AfterIteration
from ..results.rows import Results, Row
from ..statistics.stop_rules import STOP_RULES

if TYPE_CHECKING:
    from ..configuration.models import PlotOptions

#: Plotly's names of the figures' markers.
SYMBOLS = dict(
    zip(
        MARKERS,
        ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "star"),
        strict=True,
    )
)
RATE_AXIS = "rate R (information bits per channel use)"
RATE_NAMES = {"ber": "bit error rate", "fer": "frame error rate"}
CONVERSE = "R = C / (1 − H(p_b))"
#: Why a point ended, in words.
ENDED = {name: rule.words for name, rule in STOP_RULES.items()} | {"": "not ended"}


def charts(
    runs: "Sequence[tuple[Results, PlotOptions]]", links: Mapping[str, Link] | None = None
) -> list[dict[str, Any]]:
    """What each chart shows: one for each axis that curves can share.

    ``links`` are those of the curves by their labels, by default ``all_links`` of the runs.
    """
    families: dict[tuple[Any, ...], list[tuple[PlotOptions, Row]]] = {}
    links = all_links(results for results, _ in runs) if links is None else links
    for results, options in runs:
        by_rate = options.x == "rate" and _one_setting(results.rows)
        for row in results:
            if by_rate:
                family: tuple[Any, ...] = ("rate", row.channel, row.parameter, row.value)
            elif row.ebno_db is not None and row.esno_db is not None:
                family = ("energy",)
            else:
                family = (row.parameter,)
            families.setdefault(family, []).append((options, row))
    found = []
    for family, members in families.items():
        rows = tuple(row for _, row in members)
        options = members[0][0]
        labels = {row.curve for row in rows}
        crossings = tuple(one for results, _ in runs for one in results.crossings if one.curve in labels)
        shown = Results(rows, None, crossings)
        by_rate = family[0] == "rate"
        found.append(_rate_chart(shown, options) if by_rate else _sweep_chart(shown, options, links))
    return found


def all_links(runs: Iterable[Results]) -> dict[str, Link]:
    """The links of several runs, whose labels are told apart, by their labels."""
    return {label: link for results in runs for label, link in links_of(results).items()}


def _one_setting(rows: Sequence[Row]) -> bool:
    """Whether rows can share an axis of rates."""
    settings = {(row.channel, row.parameter, row.value) for row in rows}
    return len(settings) == 1 and not parameter_of(rows[0]).per_bit


def plain_text(text: str) -> str:
    """Text whose mathematics, between dollars, is shown as it is written."""
    return re.sub(r"\$(?! )([^$]*[^$ ])\$", r"\1", text)


def _sweep_chart(results: Results, options: "PlotOptions", links: Mapping[str, Link]) -> dict[str, Any]:
    """Error rates against the channel's parameter, whatever it is counted in."""
    rows = results.rows
    first = rows[0].parameter
    keys = list(dict.fromkeys(row.parameter for row in rows))
    if all(row.ebno_db is not None and row.esno_db is not None for row in rows):
        keys = [key for key in keys if key in ENERGIES or len(keys) == 1]
        keys += [key for key in ENERGIES if key not in keys]
    curves = results.curves()
    styles = styles_of(curves)
    drawn = []
    for label, own in curves.items():
        ordered, way = sorted(own, key=lambda row: row.value), list[Row]()
        if any(crossing.curve == label for crossing in results.crossings):
            ordered, way = parted(ordered)
        drawn.append(
            _curve(label, ordered, way, styles[label], keys)
            | {"iterations": _iterations(label, ordered, keys)}
        )
    # Limits and references are computed for the parameter that a curve was swept over.
    lines = [
        {
            "kind": line.kind,
            "text": f"R = {line.rate}: {line.shown}",
            "name": f"{_short_name(line.kind)}, rate {line.rate}",
            "curves": [styles[label].number for label in line.curves],
            "x": {key: _moved(line.value, curves[line.curves[0]][0], key) for key in keys},
        }
        for line in limit_lines(results, _line_kinds(options), links)
    ]
    axes = [_axis(key, rows, lines) for key in keys]
    bounds = _limit_curves(results, options, links, axes)
    crossings = [
        {
            "curve": styles[one.curve].number,
            "measure": one.measure,
            "x": {key: _moved(one.value, curves[one.curve][0], key) for key in keys},
            "low": {key: _moved(one.low, curves[one.curve][0], key) for key in keys},
            "high": {key: _moved(one.high, curves[one.curve][0], key) for key in keys},
            "y": one.target,
            "text": str(one),
        }
        for one in results.crossings
        if one.value is not None
    ]
    references = []
    for key, axis in zip(keys, axes, strict=True):
        # Without coding every bit is sent by itself: Eb = Es, whatever axis the curve was swept over.
        for name, sent in uncoded_rows(rows):
            swept = sent if key == first or key not in ENERGIES else _swept_over(sent, key)
            found = uncoded_curve(swept, axis["range"], least_rate(rows, "ber"), log=axis["log"])
            if found is not None:
                references.append(_reference(name, key, *found))
    return {
        "axes": axes,
        "measures": _measures(results, options),
        "rates": _rates(rows),
        "curves": drawn,
        "limits": lines,
        "limit_curves": bounds,
        "limit_kinds": [
            {
                "kind": kind,
                "name": _qualified(_short_name(kind), kind, bounds),
                "title": _qualified(plain_text(name), kind, bounds),
                "on": kind in options.limits,
                "measures": measures,
            }
            for kind, name in LIMIT_NAMES.items()
            if (measures := _measures_of(kind, lines, bounds))
        ],
        "crossings": crossings,
        "crossing_name": TARGET,
        "references": references,
        "bound_name": NO_ERRORS,
    }


def _line_kinds(options: "PlotOptions") -> list[str]:
    """The kinds of limits that may be lines: thresholds, which take seconds, only if they are asked for."""
    return [kind for kind in LIMIT_NAMES if kind != THRESHOLD or kind in options.limits]


def _short_name(kind: str) -> str:
    """A limit's name without what it is for."""
    return re.sub(r"( of the rate| at n and k|,.*)", "", plain_text(LIMIT_NAMES[kind]))


def _qualified(name: str, kind: str, bounds: Sequence[dict[str, Any]]) -> str:
    """A limit's name with the codewords that its curves are for."""
    own = [bound for bound in bounds if bound["kind"] == kind]
    restrictions = dict.fromkeys(bound["restriction"] for bound in own if bound["restriction"])
    return qualified(name, " or ".join(restrictions), failed=any(bound["failure"] for bound in own))


def _measures_of(kind: str, lines: Sequence[dict[str, Any]], bounds: Sequence[dict[str, Any]]) -> list[str]:
    """The error rates over which there is a limit of a kind; lines are there over both."""
    if any(line["kind"] == kind for line in lines):
        return ["ber", "fer"]
    return sorted({bound["measure"] for bound in bounds if bound["kind"] == kind})


def _limit_curves(
    results: Results, options: "PlotOptions", links: Mapping[str, Link], axes: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Limits that are curves, also those that the configuration does not name: they can be switched on."""
    curves = results.curves()
    numbers = {label: number for number, label in enumerate(curves)}
    kinds = dict.fromkeys([*options.limits, *(kind for kind in LIMIT_NAMES if kind not in SIGNALS)])
    # Curves of one parameter and rate are moved from axis to axis by the same distance.
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row, *_ in curves.values():
        groups.setdefault((row.parameter, row.rate), []).append(row)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rows in groups.values():
        offsets = {axis["key"]: _offset(rows[0], axis["key"]) for axis in axes}
        ends = [end - offsets[axis["key"]] for axis in axes for end in axis["range"]]
        span = min(ends), max(ends)
        for measure in ("ber", "fer"):
            lowest, log = least_rate(results.rows, measure), axes[0]["log"]
            for limit in limit_curves(
                Results(tuple(rows)), list(kinds), measure, span, lowest, log=log, links=links
            ):
                row = curves[limit.curves[0]][0]
                known = np.isfinite(limit.y) & (limit.y > 0)
                # Codes of one size that were swept over Eb/N0 and over Es/N0 share a limit too.
                entry = found.setdefault(
                    (limit.kind, measure, *limited_by(limit.kind, row)),
                    {
                        "kind": limit.kind,
                        "measure": measure,
                        "restriction": limit.restriction,
                        "failure": limit.failure,
                        "text": _limit_text(limit, row),
                        "curves": [],
                        "x": {key: _rounded(limit.x[known] + offset, 5) for key, offset in offsets.items()},
                        "y": _rounded(limit.y[known], 4),
                    },
                )
                entry["curves"] += [numbers[label] for label in limit.curves]
    return list(found.values())


def _limit_text(limit: LimitCurve, row: Row) -> list[str]:
    """What a limit is, and of what: lines."""
    name = qualified(_short_name(limit.kind), limit.restriction, failed=bool(limit.failure))
    if limit.kind == "rate-distortion":
        return [name, f"rate {rate_text(row)}"]
    return [
        name,
        *([row.curve] if limit.kind in (*OF_THE_CODE, COUNTED) else []),
        f"n = {row.n}, k = {row.k}",
    ]


def _swept_over(row: Row, parameter: str) -> Row:
    value = getattr(row, parameter)
    return replace(row, parameter=parameter, value=row.value if value is None else value)


def _moved(value: float | None, row: Row, key: str) -> float | None:
    """A value of a row's parameter on another axis."""
    return None if value is None else value + _offset(row, key)


def _offset(row: Row, key: str) -> float:
    """What values on another axis are greater by: in dB they differ by what they differ at the row."""
    return 0.0 if key == row.parameter else float(getattr(row, key)) - row.value


def _x(row: Row, key: str) -> float:
    return row.value if key == row.parameter else row.rate if key == "rate" else float(getattr(row, key))


def _axis(key: str, rows: Sequence[Row], limits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An x axis: its name, and a range that holds the points and the limits."""
    values = [_x(row, key) for row in rows]
    parameter = parameter_of(rows[0], key)
    log = log_x(parameter, values)
    span = x_range(values, [limit["x"][key] for limit in limits], log, parameter)
    return {
        "key": key,
        "name": parameter.plain_label,
        "short": parameter.symbol,
        "log": log,
        "range": span,
    }


def _measures(results: Results, options: "PlotOptions") -> list[str]:
    """The error rates, the one to begin with first: that of the targets, or the configuration's first."""
    searched = [one.measure for one in results.crossings if one.measure in options.y]
    return list(dict.fromkeys([*searched[:1], *options.y, "ber", "fer"]))


def _rates(rows: Sequence[Row]) -> dict[str, Any]:
    return {y: {"name": RATE_NAMES[y], "low": least_rate(rows, y)} for y in ("ber", "fer")}


def _curve(label: str, rows: list[Row], way: list[Row], style: Any, keys: Sequence[str]) -> dict[str, Any]:
    """A curve's points; those that only showed a search the way are not joined."""
    dark = DARK_COLOURS[style.number % len(DARK_COLOURS)]
    return {
        "name": label,
        "colours": [style.colour, dark],
        "symbol": SYMBOLS[style.marker],
        "points": [
            *(_point(label, row, keys, way=False) for row in rows),
            *(_point(label, row, keys, way=True) for row in way),
        ],
    }


def _iterations(label: str, rows: Sequence[Row], keys: Sequence[str]) -> list[dict[str, Any]]:
    """The curve's error rates after 1, 2, 4, ... iterations, paler the earlier."""
    found = iteration_curves(rows)
    most = max((curve.iterations for curve in found), default=1)
    return [
        {
            "strength": round(strength(curve.iterations, most), 3),
            "points": [
                _point(f"{label}, {curve.name}", row, keys, way=False)
                | {
                    "bound": rates.frame_errors == 0,
                    "text": _hover_after(f"{label}, {curve.name}", row, rates),
                    **{
                        y: [getattr(rates, name) for name in (y, f"{y}_low", f"{y}_high")]
                        for y in ("ber", "fer")
                    },
                }
                for row, rates in curve.points
            ],
        }
        for curve in found
    ]


def _point(label: str, row: Row, keys: Sequence[str], *, way: bool) -> dict[str, Any]:
    point: dict[str, Any] = {
        "x": {key: _x(row, key) for key in keys},
        "bound": row.frame_errors == 0,
        "way": way,
        "text": _hover(label, row),
    }
    for y in ("ber", "fer"):
        point[y] = [getattr(row, name) for name in (y, f"{y}_low", f"{y}_high")]
    return point


def _hover(label: str, row: Row) -> list[str]:
    """What is said of a point that is pointed at: lines."""
    lines = [label, _places(row)]
    lines += _rate_lines(row)
    lines.append(f"{count(row.frame_errors, 'frame error')} in {count(row.frames, 'frame')}")
    lines.append(f"{count(row.bit_errors, 'bit error')}, {row.undetected_errors:,} of the frames undetected")
    if row.iterations:
        lines.append(f"{row.iterations / row.frames:.3g} iterations a frame")
    lines.append(f"ended by {ENDED[row.stop]}" if row.stop else "not ended yet")
    return lines


def _hover_after(label: str, row: Row, rates: AfterIteration) -> list[str]:
    """What is said of a point of a curve after fewer iterations."""
    errors = f"{count(rates.frame_errors, 'frame error')} in {count(row.frames, 'frame')}"
    return [label, _places(row), *_rate_lines(rates), errors, count(rates.bit_errors, "bit error")]


def _rate_lines(rates: Row | AfterIteration) -> list[str]:
    lines = []
    for y in ("ber", "fer"):
        rate, low, high = (getattr(rates, name) for name in (y, f"{y}_low", f"{y}_high"))
        seen = f"{y.upper()} {rate:.3g} [{low:.3g}, {high:.3g}]"
        lines.append(seen if rates.frame_errors else f"{y.upper()} below {high:.3g}")
    return lines


def _places(row: Row) -> str:
    places = [f"{_place(row, row.value, row.parameter)}"]
    for key in ENERGIES:
        if key != row.parameter and getattr(row, key) is not None:
            places.append(f"{_place(row, getattr(row, key), key)}")
    return " · ".join(places)


def _place(row: Row, value: float, key: str) -> str:
    parameter = parameter_of(row, key)
    return f"{parameter.symbol} {parameter.shown(value)}"


def _reference(name: str, key: str, x: Any, y: Any, **more: Any) -> dict[str, Any]:
    known = np.isfinite(y)
    return {
        "name": name,
        "measure": "ber",
        "axis": key,
        "x": _rounded(x[known], 5),
        "y": _rounded(y[known], 4),
        **more,
    }


def _rounded(values: Values, digits: int) -> list[float]:
    """Values for a drawing, with no more digits than are seen."""
    return [float(f"{value:.{digits}g}") for value in values]


def _rate_chart(results: Results, options: "PlotOptions") -> dict[str, Any]:
    """Error rates against the code's rate, under the curve R = C / (1 - H(p_b))."""
    rows = results.rows
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    styles = styles_of(groups)
    drawn = []
    for group, own in groups.items():
        points = sorted(own, key=lambda row: row.rate)
        name = family_name(group, (row.curve for row in own))
        curve = _curve(name, points, [], styles[group], ["rate"]) | {"iterations": []}
        for point, row in zip(curve["points"], points, strict=True):
            point["text"] = _hover(f"{row.curve}: R = {row.rate:.4g}", row)
        drawn.append(curve)
    bound = converse_curve(rows[0], least_rate(rows, "ber"))
    references = []
    if bound is not None:
        capacity, rate, ber = bound
        references = [
            _reference(CONVERSE, "rate", rate, ber, fill=MOST_RATE),
            {
                **_reference(f"C = {capacity:.3f}", "rate", np.full(2, capacity), ber[[0, -1]]),
                "y": [least_rate(rows, "ber"), 1.3],
            },
        ]
    axis = {"key": "rate", "name": RATE_AXIS, "short": "R", "log": False, "range": [0, MOST_RATE]}
    return {
        "axes": [axis],
        "measures": _measures(results, options),
        "rates": _rates(rows),
        "curves": drawn,
        "limits": [],
        "limit_curves": [],
        "limit_kinds": [],
        "crossings": [],
        "crossing_name": TARGET,
        "references": references,
        "bound_name": NO_ERRORS,
    }


def count(number: int, noun: str) -> str:
    """A number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
