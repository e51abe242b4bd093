"""A report of results as one HTML file: interactive curves, tables, and how to have them again.

The file needs no network: Plotly's JavaScript, which draws the curves, is in it. What stands where is in the
template, ``report.html.j2``, which escapes all that it is given here.
"""

import base64
import contextlib
import hashlib
import importlib.resources
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..configuration.links_of_results import configured
from ..configuration.yaml_file import MAX_BYTES
from ..content.files import check_curves, load_all
from ..content.left_out import limits_left_out
from ..errors import InputError
from ..results.atomic_files import write_atomically
from ..results.rows import Results
from ..text_files import read_text
from .charts import all_links, charts, count, plain_text
from .tables import gap_section, point_section

if TYPE_CHECKING:
    import jinja2

#: What a report's charts show, whatever the configuration's panels are.
RATES = ("ber", "fer")
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
        If results cannot be read or hold no point, if Plotly or Jinja2 is not installed, or if the
        file cannot be written.
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
    library, template = _plotly(), _template()
    try:
        page = _page([_ReportedRun.of(results) for results in loaded], library, template)
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
        raise _missing("Plotly") from None
    return str(get_plotlyjs())


def _template() -> "jinja2.Template":
    """The template of the page."""
    try:
        import jinja2
    except ImportError:
        raise _missing("Jinja2") from None
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(str(__package__), package_path=""),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.policies["json.dumps_kwargs"] = {"allow_nan": False, "separators": (",", ":")}
    return environment.get_template("report.html.j2")


def _missing(library: str) -> InputError:
    return InputError(f"a report needs {library}: install it with pip install 'capgap[report]'")


@dataclass(frozen=True)
class _ReportedRun:
    """What lies in a results folder, as far as it can be read."""

    results: Results
    name: str
    options: Any
    config: str | None
    record: dict[str, Any]

    @classmethod
    def of(cls, results: Results) -> "_ReportedRun":
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


def _page(runs: Sequence[_ReportedRun], library: str, template: "jinja2.Template") -> str:
    """The whole file."""
    resources = importlib.resources.files(__package__)
    own = (resources / "report.js").read_text(encoding="utf-8")
    results = [run.results for run in runs]
    links = all_links(results)
    shown = charts([(run.results, run.options) for run in runs], links)
    return template.render(
        title=" · ".join(dict.fromkeys(_title(run) for run in runs)),
        summary=_summary(results),
        style=(resources / "report.css").read_text(encoding="utf-8"),
        scripts=[_Script.of(library), _Script.of(own)],
        charts=shown,
        notes=[
            note for run in runs for note in limits_left_out(run.results, run.options.limits, RATES, links)
        ],
        chart_headings=["Curves" if len(shown) == 1 else f"Curves over {_axis(chart)}" for chart in shown],
        gaps=gap_section(results),
        points=point_section(results),
        runs=[_reproduction(run, several=len(runs) > 1) for run in runs],
    )


def _title(run: _ReportedRun) -> str:
    """The figure's title, its mathematics as plain text; or the run's name."""
    return plain_text(run.options.title or run.name)


def _axis(chart: dict[str, Any]) -> str:
    return str(chart["axes"][0]["name"])


@dataclass(frozen=True)
class _Script:
    """JavaScript that cannot end the element it stands in, and its SHA-256 in Base64."""

    text: str
    digest: str

    @classmethod
    def of(cls, text: str) -> "_Script":
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("</script", "<\\/script")
        return cls(text, base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii"))


def _summary(runs: Sequence[Results]) -> str:
    curves = sum(len(results.curves()) for results in runs)
    points = sum(len(results) for results in runs)
    frames = sum(row.frames for results in runs for row in results)
    open_points = sum(not row.stop for results in runs for row in results)
    text = f"{count(curves, 'curve')}, {count(points, 'point')}, {count(frames, 'frame')}"
    return f"{text}; {count(open_points, 'point')} not ended yet" if open_points else text


@dataclass(frozen=True)
class _Reproduction:
    """How to have results again: what the record of the run says, and the configuration; None without one."""

    heading: str
    record: dict[str, str]
    config: str | None
    config_base64: str


def _reproduction(run: _ReportedRun, several: bool) -> _Reproduction:
    record = run.record
    entries = {
        **{
            name: record.get(name)
            for name in ("command", "seed", "shard", "began", "ended", "seconds", "workers")
        },
        "versions": _listed(record.get("versions")),
        "machine": _listed(record.get("machine")),
    }
    return _Reproduction(
        heading=f"Reproduce {run.name}" if several else "Reproduce",
        record={name: str(value) for name, value in entries.items() if value is not None},
        config=run.config,
        config_base64=base64.b64encode((run.config or "").encode("utf-8")).decode("ascii"),
    )


def _listed(record: Any) -> str | None:
    """A record's entries in one line."""
    if not isinstance(record, dict):
        return None if record is None else str(record)
    return ", ".join(f"{name} {value}" for name, value in record.items())
