"""A report of results as one HTML file: interactive curves, tables, and how to have them again.

The file needs no network: Plotly's JavaScript, which draws the curves, is in it.
"""

import base64
import contextlib
import hashlib
import html
import importlib.resources
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .atomic import write_atomically
from .crossings import Crossing
from .errors import InputError
from .figure_content import (
    LIMIT_NAMES,
    MARKERS,
    MOST_RATE,
    NO_ERRORS,
    TARGET,
    UNCODED,
    configured,
    converse_curve,
    least_rate,
    limit_lines,
    log_x,
    parted,
    styles_of,
    told_apart,
    uncoded_curve,
    x_range,
)
from .gaps import gap_entries
from .results import Results, Row, load_results

FILE, FILE_OF_SEVERAL = "report.html", "capgap-report.html"
#: The curves' colours where the background is dark, in the order of those where it is light.
DARK_COLOURS = ("#4ba3e3", "#ff8a4c", "#2ccb9b", "#e59bc6", "#8ad0f5", "#f5b93d", "#f2f2f2", "#cf9566")
#: Plotly's names of the figures' markers.
SYMBOLS = dict(
    zip(
        MARKERS,
        ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "star"),
        strict=True,
    )
)
AXIS_NAMES = {
    "ebno_db": "Eb/N0 (dB)",
    "esno_db": "Es/N0 (dB)",
    "snr_db": "SNR (dB)",
    "f": "crossover probability f",
    "epsilon": "erasure probability ε",
    "rate": "rate R (information bits per channel use)",
}
SHORT_NAMES = {"ebno_db": "Eb/N0", "esno_db": "Es/N0", "snr_db": "SNR", "epsilon": "ε", "rate": "R"}
RATE_NAMES = {"ber": "bit error rate", "fer": "frame error rate"}
CONVERSE = "R = C / (1 − H(p_b))"
#: Why a point ended, in words.
ENDED = {
    "frame_errors": "frame errors",
    "bit_errors": "bit errors",
    "frames": "frames",
    "relative_error": "relative error",
    "seconds": "seconds",
    "": "not ended",
}


def report(paths: str | Path | Iterable[str | Path], output: str | Path | None = None) -> Path:
    """Write a report of results read from one or more folders: one HTML file that needs no network.

    Parameters
    ----------
    paths
        Results folders, or their ``results.csv``.
    output
        The file. By default ``report.html`` in the results folder; of several,
        ``capgap-report.html`` in the working folder.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        If results cannot be read or hold no point, if Plotly is not installed, or if the file cannot
        be written.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    if not paths:
        raise InputError("there is nothing to report: no results were given")
    loaded = told_apart([load_results(path) for path in paths])
    if not any(results.rows for results in loaded):
        raise InputError("there is nothing to report: the results hold no point")
    folder = loaded[0].folder
    assert folder is not None
    file = (
        Path(output) if output is not None else folder / FILE if len(loaded) == 1 else Path(FILE_OF_SEVERAL)
    )
    if file.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{file}: the ending must be .html")
    library = _plotly()
    try:
        page = _page([_Run.of(results) for results in loaded], library)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise InputError(f"the results cannot be reported: {error}") from error
    try:
        write_atomically(file, page)
    except OSError as error:
        raise InputError(f"{file}: the report cannot be written: {error.strerror}") from None
    return file


def _plotly() -> str:
    """Plotly's JavaScript."""
    try:
        from plotly.offline import get_plotlyjs
    except ImportError:
        raise InputError("a report needs Plotly: install it with pip install 'capgap[report]'") from None
    return str(get_plotlyjs())


@dataclass(frozen=True)
class _Run:
    """What lies in a results folder, as far as it can be read."""

    results: Results
    name: str
    options: Any
    config: str | None
    record: dict[str, Any]

    @classmethod
    def of(cls, results: Results) -> "_Run":
        assert results.folder is not None
        name, options = configured(results.folder)
        record: Any = None
        with contextlib.suppress(ValueError, RecursionError):  # damaged, it is told as missing
            record = json.loads(_text(results.folder / "run.json") or "null")
        config = _text(results.folder / "config.yaml")
        return cls(results, name, options, config, record if isinstance(record, dict) else {})


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _page(runs: Sequence[_Run], library: str) -> str:
    """The whole file."""
    resources = importlib.resources.files(__package__)
    style = (resources / "report.css").read_text(encoding="utf-8")
    scripts = [_script(library), _script((resources / "report.js").read_text(encoding="utf-8"))]
    charts = _charts(runs)
    title = " · ".join(dict.fromkeys(_title(run) for run in runs))
    # The browser itself refuses whatever is not in the file, and scripts other than these two.
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts)
    policy = (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )
    several = len(runs) > 1
    sections = [
        f"<header><h1>{_safe(title)}</h1>{_summary(runs)}</header>",
        '<noscript><p class="note">The curves need JavaScript; the tables below do not.</p></noscript>',
        *(_chart_section(i, chart, len(charts)) for i, chart in enumerate(charts)),
        _gap_section(runs),
        _point_section(runs),
        *(_run_section(run, several) for run in runs),
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{_safe(title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(section for section in sections if section)
        + "\n</main>\n"
        + f'<script type="application/json" id="charts">{_data(charts)}</script>\n'
        + "\n".join(f"<script>{script}</script>" for script in scripts)
        + "\n</body>\n</html>\n"
    )


def _title(run: _Run) -> str:
    """The figure's title, its mathematics as plain text; or the run's name."""
    return re.sub(r"\$(?! )([^$]*[^$ ])\$", r"\1", run.options.title or run.name)


def _safe(text: object) -> str:
    """Text that HTML shows as it is, between tags and in attributes."""
    return html.escape(str(text), quote=True)


def _data(value: Any) -> str:
    """JSON that cannot end the element it stands in."""
    text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _script(text: str) -> str:
    """JavaScript that cannot end the element it stands in."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("</script", "<\\/script")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


def _summary(runs: Sequence[_Run]) -> str:
    points = sum(len(run.results) for run in runs)
    frames = sum(row.frames for run in runs for row in run.results)
    open_points = sum(not row.stop for run in runs for row in run.results)
    curves = sum(len(run.results.curves()) for run in runs)
    text = f"{_count(curves, 'curve')}, {_count(points, 'point')}, {_count(frames, 'frame')}"
    if open_points:
        text += f"; {_count(open_points, 'point')} not ended yet"
    return f'<p class="lead">{text}. Intervals are for 95 %.</p>'


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# --- charts ---------------------------------------------------------------------------------------


def _charts(runs: Sequence[_Run]) -> list[dict[str, Any]]:
    """What each chart shows: one for each axis that curves can share."""
    families: dict[tuple[Any, ...], list[tuple[_Run, Row]]] = {}
    for run in runs:
        by_rate = run.options.x == "rate" and _one_setting(run.results.rows)
        for row in run.results:
            if by_rate:
                family: tuple[Any, ...] = ("rate", row.channel, row.parameter, row.value)
            elif row.ebno_db is not None and row.esno_db is not None:
                family = ("energy",)
            else:
                family = (row.parameter,)
            families.setdefault(family, []).append((run, row))
    charts = []
    for family, members in families.items():
        rows = tuple(row for _, row in members)
        options = members[0][0].options
        labels = {row.curve for row in rows}
        crossings = tuple(one for run in runs for one in run.results.crossings if one.curve in labels)
        make = _rate_chart if family[0] == "rate" else _sweep_chart
        charts.append(make(Results(rows, None, crossings), options))
    return charts


def _one_setting(rows: Sequence[Row]) -> bool:
    """Whether rows can share an axis of rates."""
    return (
        len({(row.channel, row.parameter, row.value) for row in rows}) == 1 and rows[0].parameter != "ebno_db"
    )


def _sweep_chart(results: Results, options: Any) -> dict[str, Any]:
    """Error rates against the channel's parameter, whatever it is counted in."""
    rows = results.rows
    first = rows[0].parameter
    keys = list(dict.fromkeys(row.parameter for row in rows))
    if all(row.ebno_db is not None and row.esno_db is not None for row in rows):
        keys = [key for key in keys if key in ("ebno_db", "esno_db") or len(keys) == 1]
        keys += [key for key in ("ebno_db", "esno_db") if key not in keys]
    curves = results.curves()
    styles = styles_of(curves)
    drawn = []
    for label, own in curves.items():
        ordered, way = sorted(own, key=lambda row: row.value), list[Row]()
        if any(crossing.curve == label for crossing in results.crossings):
            ordered, way = parted(ordered)
        drawn.append(_curve(label, ordered, way, styles[label], keys))
    # Limits and references are computed for the parameter that a curve was swept over.
    limits = [
        {
            "kind": line.kind,
            "text": f"R = {line.rate}: {line.shown}",
            "name": f"{LIMIT_NAMES[line.kind].replace(' of the rate', '')}, rate {line.rate}",
            "curves": [styles[label].number for label in line.curves],
            "x": {key: _moved(line.value, curves[line.curves[0]][0], key) for key in keys},
        }
        for line in limit_lines(results, LIMIT_NAMES)
    ]
    axes = [_axis(key, rows, limits) for key in keys]
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
        row = rows[0] if key == first or key not in ("ebno_db", "esno_db") else _swept_over(rows[0], key)
        found = uncoded_curve(row, axis["range"], least_rate(rows, "ber"), log=axis["log"])
        if found is not None:
            references.append(_reference(UNCODED, key, *found))
    return {
        "axes": axes,
        "measures": _measures(results, options),
        "rates": _rates(rows),
        "curves": drawn,
        "limits": limits,
        "limit_kinds": [
            {"kind": kind, "name": name, "on": kind in options.limits}
            for kind, name in LIMIT_NAMES.items()
            if any(limit["kind"] == kind for limit in limits)
        ],
        "crossings": crossings,
        "crossing_name": TARGET,
        "references": references,
        "bound_name": NO_ERRORS,
    }


def _swept_over(row: Row, parameter: str) -> Row:
    from dataclasses import replace

    value = getattr(row, parameter)
    return replace(row, parameter=parameter, value=row.value if value is None else value)


def _moved(value: float | None, row: Row, key: str) -> float | None:
    """A value of a row's parameter on another axis: in dB they differ by what they differ at the row."""
    if value is None or key == row.parameter:
        return value
    return value + float(getattr(row, key)) - row.value


def _x(row: Row, key: str) -> float:
    return row.value if key == row.parameter else row.rate if key == "rate" else float(getattr(row, key))


def _axis(key: str, rows: Sequence[Row], limits: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An x axis: its name, and a range that holds the points and the limits."""
    values = [_x(row, key) for row in rows]
    log = log_x(key, values)
    span = x_range(values, [limit["x"][key] for limit in limits], log, key)
    return {
        "key": key,
        "name": AXIS_NAMES.get(key, key),
        "short": SHORT_NAMES.get(key, key),
        "log": log,
        "range": span,
    }


def _measures(results: Results, options: Any) -> list[str]:
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
    places = [f"{SHORT_NAMES.get(row.parameter, row.parameter)} {_place(row.value, row.parameter)}"]
    for key in ("ebno_db", "esno_db"):
        if key != row.parameter and getattr(row, key) is not None:
            places.append(f"{SHORT_NAMES[key]} {_place(getattr(row, key), key)}")
    lines = [label, " · ".join(places)]
    for y in ("ber", "fer"):
        rate, low, high = (getattr(row, name) for name in (y, f"{y}_low", f"{y}_high"))
        seen = f"{y.upper()} {rate:.3g} [{low:.3g}, {high:.3g}]"
        lines.append(seen if row.frame_errors else f"{y.upper()} below {high:.3g}")
    lines.append(f"{_count(row.frame_errors, 'frame error')} in {_count(row.frames, 'frame')}")
    lines.append(f"{_count(row.bit_errors, 'bit error')}, {row.undetected_errors:,} of the frames undetected")
    if row.iterations:
        lines.append(f"{row.iterations / row.frames:.3g} iterations a frame")
    lines.append(f"ended by {ENDED[row.stop]}" if row.stop else "not ended yet")
    return lines


def _place(value: float, key: str) -> str:
    return f"{value:.4g} dB" if key.endswith("_db") else f"{value:.4g}"


def _reference(name: str, key: str, x: Any, y: Any, **more: Any) -> dict[str, Any]:
    known = np.isfinite(y)
    return {
        "name": name,
        "measure": "ber",
        "axis": key,
        "x": [float(f"{value:.5g}") for value in x[known]],
        "y": [float(f"{value:.4g}") for value in y[known]],
        **more,
    }


def _rate_chart(results: Results, options: Any) -> dict[str, Any]:
    """Error rates against the code's rate, under the curve R = C / (1 - H(p_b))."""
    rows = results.rows
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    styles = styles_of(groups)
    drawn = []
    for group, own in groups.items():
        points = sorted(own, key=lambda row: row.rate)
        curve = _curve(group, points, [], styles[group], ["rate"])
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
    axis = {"key": "rate", "name": AXIS_NAMES["rate"], "short": "R", "log": False, "range": [0, MOST_RATE]}
    return {
        "axes": [axis],
        "measures": _measures(results, options),
        "rates": _rates(rows),
        "curves": drawn,
        "limits": [],
        "limit_kinds": [],
        "crossings": [],
        "crossing_name": TARGET,
        "references": references,
        "bound_name": NO_ERRORS,
    }


def _chart_section(number: int, chart: dict[str, Any], charts: int) -> str:
    """The place of a chart; its controls are made by the script."""
    axis = chart["axes"][0]["name"]
    heading = "Curves" if charts == 1 else f"Curves over {axis}"
    return (
        f'<section class="chart" data-chart="{number}"><h2>{_safe(heading)}</h2><div class="controls"></div>'
        f'<div class="plot" role="img" aria-label="{_safe(heading)}; the numbers are in the tables below">'
        '</div><div class="curves" role="group" aria-label="Curves shown"></div></section>'
    )


# --- tables ---------------------------------------------------------------------------------------


def _table(headings: Sequence[str], lines: Iterable[Sequence[str]], numbers: range) -> str:
    """A table of cells that are HTML already; those of some columns are numbers."""

    def cells(tag: str, line: Sequence[str]) -> str:
        marks = [' class="number"' if i in numbers else "" for i in range(len(line))]
        return "".join(f"<{tag}{mark}>{cell}</{tag}>" for mark, cell in zip(marks, line, strict=True))

    body = "\n".join(f"<tr>{cells('td', line)}</tr>" for line in lines)
    return (
        '<div class="scroll" tabindex="0"><table>\n'
        f"<thead><tr>{cells('th', headings)}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _gap_section(runs: Sequence[_Run]) -> str:
    entries = [entry for run in runs for entry in gap_entries(run.results)]
    if not entries:
        return ""
    lines = [_gap_line(entry) for entry in entries]
    headings = ("curve", "error rate", "reached at", "95 % interval", "capacity", "gap", "BPSK gap", "")
    return (
        '<section id="gaps"><h2>Gap to capacity</h2><p>Where each curve reaches an error rate, and how far '
        "that is from where the capacity equals its code's rate.</p>"
        + _table(headings, lines, range(2, 7))
        + "</section>"
    )


def _gap_line(entry: Crossing) -> list[str]:
    key = entry.parameter
    name = SHORT_NAMES.get(key, key)

    def place(value: float | None) -> str:
        if value is None:
            return ""
        return f"{value + 0.0:.3f} dB" if key.endswith("_db") else f"{value:.4g}"

    def distance(value: float | None) -> str:
        return "" if value is None else f"{value:.2f} dB" if key.endswith("_db") else f"{value:.3g}"

    unbounded = entry.low is None and entry.high is None
    interval = "" if unbounded else f"[{place(entry.low) or '?'}, {place(entry.high) or '?'}]"
    note = entry.note or ("found by the search" if entry.value is not None else "")
    return [
        _safe(entry.curve),
        f"{entry.measure.upper()} {entry.target:g}",
        "not reached" if entry.value is None else f"{_safe(name)} = {place(entry.value)}",
        interval.replace(" dB", ""),
        place(entry.limit),
        distance(entry.gap),
        distance(entry.bpsk_gap),
        _safe(note),
    ]


def _point_section(runs: Sequence[_Run]) -> str:
    rows = [row for run in runs for row in run.results]
    energy = [key for key in ("ebno_db", "esno_db") if any(getattr(row, key) is not None for row in rows)]
    others = list(dict.fromkeys(row.parameter for row in rows if row.parameter not in energy))
    keys = [*energy, *others]
    headings = [
        "curve",
        *(_safe(SHORT_NAMES.get(key, key)) for key in keys),
        "frames",
        "frame errors",
        "FER",
        "95 % interval",
        "bit errors",
        "BER",
        "95 % interval",
        "undetected",
        "iterations",
        "ended by",
    ]
    lines = []
    for row in rows:
        places = [
            row.value if key == row.parameter else getattr(row, key) if key in energy else None
            for key in keys
        ]
        cells = [row.curve, *("" if place is None else f"{place:.4g}" for place in places)]
        cells += [f"{row.frames:,}", f"{row.frame_errors:,}", *_rate_cells(row, "fer")]
        cells += [f"{row.bit_errors:,}", *_rate_cells(row, "ber"), f"{row.undetected_errors:,}"]
        cells += [f"{row.iterations / row.frames:.3g}" if row.iterations else "", ENDED[row.stop]]
        lines.append([_safe(cell) for cell in cells])
    table = _table(headings, lines, range(1, len(headings) - 1))
    return f'<section id="points"><h2>All points</h2>{table}</section>'


def _rate_cells(row: Row, y: str) -> list[str]:
    rate, low, high = (getattr(row, name) for name in (y, f"{y}_low", f"{y}_high"))
    if not row.frame_errors:
        return ["0", f"below {high:.3g}"]
    return [f"{rate:.3g}", f"[{low:.3g}, {high:.3g}]"]


def _run_section(run: _Run, several: bool) -> str:
    """How to have results again: command, seed, versions, machine, configuration."""
    record = run.record
    heading = f"Reproduce {run.name}" if several else "Reproduce"
    parts = [f"<section><h2>{_safe(heading)}</h2>"]
    if run.config is not None:
        parts.append(
            "<p>The same configuration and seed give the same counts on any machine, with any number of "
            "workers. Save the configuration below as a file (code files that it names are looked for from "
            "where it lies) and run</p><pre><code>capgap run config.yaml --out again</code></pre>"
        )
    entries = [("command", record.get("command")), ("seed", record.get("seed"))]
    entries += [("shard", record.get("shard"))] if "shard" in record else []
    began, ended = record.get("began"), record.get("ended")
    entries += [("began", began), ("ended", ended), ("seconds", record.get("seconds"))]
    entries += [("workers", record.get("workers")), ("versions", _listed(record.get("versions")))]
    entries += [("machine", _listed(record.get("machine")))]
    shown = [(name, value) for name, value in entries if value is not None]
    if shown:
        rows = "".join(
            f"<dt>{name}</dt><dd>{f'<code>{_safe(value)}</code>' if name == 'command' else _safe(value)}</dd>"
            for name, value in shown
        )
        parts.append(f"<h3>What was run</h3><dl>{rows}</dl>")
    else:
        parts.append('<p class="note">There is no record of the run (run.json) beside the results.</p>')
    if run.config is None:
        parts.append('<p class="note">There is no configuration (config.yaml) beside the results.</p>')
    else:
        encoded = base64.b64encode(run.config.encode("utf-8")).decode("ascii")
        parts.append(
            "<h3>config.yaml</h3>"
            f'<p><a download="config.yaml" href="data:text/yaml;base64,{encoded}">Save it as a file</a></p>'
            f"<pre><code>{_safe(run.config)}</code></pre>"
        )
    return "".join(parts) + "</section>"


def _listed(record: Any) -> str | None:
    """A record's entries in one line."""
    if not isinstance(record, dict):
        return None if record is None else str(record)
    return ", ".join(f"{name} {value}" for name, value in record.items())
