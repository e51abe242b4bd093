"""A report of results as one HTML file: interactive curves, tables, and how to have them again.

The file needs no network: Plotly's JavaScript, which draws the curves, is in it.
"""

import base64
import contextlib
import hashlib
import html
import importlib.resources
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...channels.parameter import ENERGIES, parameter_named
from ..analysis.gap_summary import Gap, gap_of, gap_to, interval_to, restriction_of
from ..analysis.gaps import gap_entries
from ..analysis.row_limits import qualified
from ..configuration.links_of_results import configured
from ..configuration.yaml_file import MAX_BYTES
from ..content.files import check_curves, load_all
from ..errors import InputError
from ..results.atomic_files import write_atomically
from ..results.crossings import Crossing
from ..results.rows import Results, Row
from ..statistics.intervals import COUNTING_RULES
from ..text_files import read_text
from .charts import ENDED, charts, count, plain_text

BIAS = (
    "Stopping at an error makes rates too high: FER and BER of a point that the k-th frame error ended "
    "are so by up to 1 / (k − 1) of their value on average, 5 % with 20 errors and 1 % with 100. The "
    "unbiased FER of such a point is (k − 1) / (frames − 1) (Haldane, 1945). Intervals follow the rule that "
    "ended the point."
)
FILE, FILE_OF_SEVERAL = "report.html", "capgap-report.html"


def report(paths: str | Path | Iterable[str | Path], output: str | Path | None = None) -> Path:
    """Write a report of results read from one or more folders: one HTML file that needs no network.

    Its curves can be compared with all limits there are for them, whether the configuration's ``plot.limits``
    names them, which are shown at first, or not.

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
    loaded = load_all(paths, "report")
    folder = loaded[0].folder
    assert folder is not None
    file = (
        Path(output) if output is not None else folder / FILE if len(loaded) == 1 else Path(FILE_OF_SEVERAL)
    )
    if file.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"{file}: the ending must be .html")
    check_curves(sum(len(results.curves()) for results in loaded))
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
        return read_text(file, MAX_BYTES)
    except (FileNotFoundError, InputError):
        return None


def _page(runs: Sequence[_Run], library: str) -> str:
    """The whole file."""
    resources = importlib.resources.files(__package__)
    style = (resources / "report.css").read_text(encoding="utf-8")
    scripts = [_script(library), _script((resources / "report.js").read_text(encoding="utf-8"))]
    shown = charts([(run.results, run.options) for run in runs])
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
        *(_chart_section(i, chart, len(shown)) for i, chart in enumerate(shown)),
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
        + f'<script type="application/json" id="charts">{_data(shown)}</script>\n'
        + "\n".join(f"<script>{script}</script>" for script in scripts)
        + "\n</body>\n</html>\n"
    )


def _title(run: _Run) -> str:
    """The figure's title, its mathematics as plain text; or the run's name."""
    return plain_text(run.options.title or run.name)


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
    text = f"{count(curves, 'curve')}, {count(points, 'point')}, {count(frames, 'frame')}"
    if open_points:
        text += f"; {count(open_points, 'point')} not ended yet"
    return f'<p class="lead">{text}. Intervals are for 95 %.</p>'


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
    entries: list[tuple[Crossing, Row]] = []
    for run in runs:
        curves = run.results.curves()
        entries += [(entry, curves[entry.curve][0]) for entry in gap_entries(run.results)]
    if not entries:
        return ""
    gaps = [gap_of(entry, row) for entry, row in entries]
    limits = [_limits_at(entry, gap) for (entry, _), gap in zip(entries, gaps, strict=True)]
    named = [name for name in limits[0] if any(found[name] is not None for found in limits)]
    lines = [
        _gap_line(entry, row, [found[name] for name in named], gap.note)
        for (entry, row), gap, found in zip(entries, gaps, limits, strict=True)
    ]
    restriction = restriction_of(gaps)
    words = f" (for words of {restriction}, as those of BPSK are)" if restriction else ""
    shown = [qualified(name, restriction if name == "converse" else "") for name in named]
    headings = ("curve", "error rate", "reached at", *(f"gap to {name}" for name in shown), "")
    return (
        '<section id="gaps"><h2>Gaps to the Shannon limit and to others</h2>'
        "<p>Where each curve reaches an error rate, and how far that is from the Shannon limit, the channel "
        "whose capacity for any input is the code's rate, from the BPSK limit, the same with the capacity "
        f"of BPSK, from the worst channel on which the converse at its n and k{words} permits the frame "
        "error rate, and from what the normal approximation says of that, which bounds nothing and is rough "
        "for short codes. Brackets are 95 % intervals.</p>"
        + _table(headings, lines, range(2, 3 + len(named)))
        + "</section>"
    )


def _limits_at(entry: Crossing, gap: Gap) -> dict[str, float | None]:
    """The values of the channel's parameter that a crossing is compared with, by their names."""
    return {
        "Shannon limit": entry.limit,
        "BPSK limit": entry.bpsk_limit,
        "converse": gap.converse,
        "normal approximation": gap.approximation,
    }


def _gap_line(entry: Crossing, row: Row, limits: Sequence[float | None], note: str) -> list[str]:
    key = entry.parameter
    unit = " dB" if parameter_named(key).decibels else ""

    def number(value: float) -> str:
        return f"{value + 0.0:.3f}" if unit else f"{value:.4g}"

    def interval(low: float | None, high: float | None) -> str:
        ends = ["?" if end is None else number(end) for end in (low, high)]
        return "" if ends == ["?", "?"] else f"<small>[{', '.join(ends)}]</small>"

    def cell(limit: float | None) -> str:
        if limit is None:
            return ""
        gap = gap_to(entry, limit)
        shown = "" if gap is None else f"{number(gap)}{unit}"
        own = interval(*(interval_to(entry, limit) or (None, None)))
        return f"{shown}{own}<small>limit {number(limit)}{unit}</small>"

    place = "not reached"
    if entry.value is not None:
        place = f"{_safe(parameter_named(key).symbol)} = {number(entry.value)}{unit}"
        place += interval(entry.low, entry.high)
    note = note or ("found by the search" if entry.value is not None else "")
    return [
        f"{_safe(entry.curve)}<small>n = {row.n}, k = {row.k}</small>",
        f"{entry.measure.upper()} {entry.target:g}",
        place,
        *(cell(limit) for limit in limits),
        _safe(note),
    ]


def _point_section(runs: Sequence[_Run]) -> str:
    rows = [row for run in runs for row in run.results]
    energy = [key for key in ENERGIES if any(getattr(row, key) is not None for row in rows)]
    others = list(dict.fromkeys(row.parameter for row in rows if row.parameter not in energy))
    keys = [*energy, *others]
    headings = [
        "curve",
        *(_safe(parameter_named(key).symbol) for key in keys),
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
    said = f"<p>{BIAS}</p>" if any(row.stop in COUNTING_RULES for row in rows) else ""
    return f'<section id="points"><h2>All points</h2>{said}{table}</section>'


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
