"""The report: what is in the file, and how it behaves in a browser."""

import builtins
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import markupsafe
import pytest
from capgap.bounds import BOUNDS
from capgap.channels import awgn_capacity, least_ber
from capgap.simulate import InputError, Results, exact_rates, load_config, load_results, report, run
from capgap.simulate.analysis.gap_summary import gaps_of
from capgap.simulate.analysis.gaps import gap_entries, interpolated
from capgap.simulate.commands.command_line import main
from capgap.simulate.results.rows import Row, make_row
from capgap.simulate.statistics.tally import Tally

pytestmark = pytest.mark.usefixtures("few_points", "plain_figures")

#: A label with everything that HTML, JSON, JavaScript and Plotly could take for something else.
HOSTILE = "</script><b onclick=\"x()\">&amp; 'x' <img src=q onerror=alert(1)> %{y} $a$"


class Page(HTMLParser):
    """Tags with their attributes, the text, and the cells of all tables."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self.text = ""
        self.scripts: list[str] = []
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "small":  # a second line of a cell
            self.cells[-1][-1] += " | "
            return
        self._open = tag
        if tag == "tr":
            self.cells.append([])
        elif tag in ("td", "th"):
            self.cells[-1].append("")
        elif tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag != "small":
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.scripts[-1] += data
        elif self._open in ("td", "th"):
            self.cells[-1][-1] += data
        elif self._open != "style":
            self.text += data

    @property
    def charts(self) -> Any:
        """The data that the charts are drawn from."""
        return json.loads(self.scripts[0])


def page_of(file: Path) -> Page:
    return Page(file.read_text(encoding="utf-8"))


def curve(label: str, points: list[tuple[float, int, int]], **changes: Any) -> list[Row]:
    """Rows of a curve: Eb/N0, frames and frame errors, each with two bit errors of k = 50."""
    identity: dict[str, Any] = {
        "curve": label,
        "group": label,
        "code": "c",
        "decoder": "d",
        "channel": "awgn",
        "n": 100,
        "k": 50,
        "rate": 0.5,
        "parameter": "ebno_db",
        "stop": "frames",
        "seconds": 0.0,
        **changes,
    }
    return [
        make_row(
            Tally(frames, errors, 2 * errors, 4 * errors, 0, 0),
            **{"value": x, "ebno_db": x, "esno_db": x - 3.0103, "key": f"{label}{x}", **identity},
        )
        for x, frames, errors in points
    ]


@pytest.fixture
def folder(config: dict[str, Any], tmp_path: Path) -> Path:
    """The small configuration's results."""
    config["plot"] = {"formats": ["svg"]}
    run(config, out=tmp_path / "small")
    return tmp_path / "small"


@pytest.mark.cpu_seconds(30)  # bounds at many points of its own configurations
def test_the_bias_of_stopping_at_an_error_is_said(config: dict[str, Any], tmp_path: Path) -> None:
    for stop, said in (({"frame_errors": 5}, True), ({"frames": 100}, False)):
        run({**config, "stop": stop}, out=tmp_path / str(said))
        page = report(tmp_path / str(said)).read_text(encoding="utf-8")
        assert ("(k − 1) / (frames − 1)" in page) == said


def test_all_points_are_in_it(folder: Path) -> None:
    file = report(folder)
    assert file == folder / "report.html"
    page = page_of(file)
    results = load_results(folder)
    (chart,) = page.charts
    drawn = {curve["name"]: curve["points"] for curve in chart["curves"]}
    assert set(drawn) == set(results.curves())
    for label, rows in results.curves().items():
        for point, row in zip(drawn[label], sorted(rows, key=lambda row: row.value), strict=True):
            assert point["x"] == {"ebno_db": row.ebno_db, "esno_db": row.esno_db}
            assert point["fer"] == [row.fer, row.fer_low, row.fer_high]
            assert point["ber"] == [row.ber, row.ber_low, row.ber_high]
            assert any(f"in {row.frames:,} frames" in line for line in point["text"])
    table = [cells for cells in page.cells if len(cells) == 13]
    assert len(table) == 1 + len(results)
    for cells, row in zip(table[1:], results, strict=True):
        assert cells[0] == row.curve
        assert [cells[3], cells[4]] == [f"{row.frames:,}", f"{row.frame_errors:,}"]
    # the configuration, and the record of the run
    assert (folder / "config.yaml").read_text() in page.text
    record = json.loads((folder / "run.json").read_text())
    assert record["command"] in page.text
    assert f"numpy {record['versions']['numpy']}" in page.text


def test_limits_are_those_of_the_figures(folder: Path) -> None:
    (chart,) = page_of(report(folder)).charts
    limits = {(limit["kind"], limit["text"].split(":")[0]): limit["x"] for limit in chart["limits"]}
    assert limits["shannon", "R = 1/2"]["ebno_db"] == pytest.approx(0, abs=1e-6)
    assert limits["shannon", "R = 1/2"]["esno_db"] == pytest.approx(-3.0103, abs=1e-4)
    assert limits["shannon", "R = 4/7"]["ebno_db"] == pytest.approx(0.2414, abs=1e-4)
    assert limits["bpsk", "R = 1/2"]["ebno_db"] == pytest.approx(0.187, abs=1e-3)
    kinds = {kind["kind"]: (kind["on"], kind["measures"]) for kind in chart["limit_kinds"]}
    assert kinds["shannon"] == (True, ["ber", "fer"])
    assert kinds["bpsk"] == (False, ["ber", "fer"])
    assert kinds["rate-distortion"] == (False, ["ber"])
    assert kinds["rcu"] == (False, ["fer"])
    assert kinds["exact"] == (False, ["ber", "fer"])


def limit_curves_of(chart: Any, kind: str, measure: str) -> dict[tuple[str, ...], Any]:
    """Limits that are curves, by what they are of."""
    return {
        tuple(limit["text"][1:]): limit
        for limit in chart["limit_curves"]
        if (limit["kind"], limit["measure"]) == (kind, measure)
    }


def test_limits_that_are_curves(folder: Path) -> None:
    """They are where the bounds have them on either axis, and those of one size are shared."""
    (chart,) = page_of(report(folder)).charts
    names = [curve["name"] for curve in chart["curves"]]
    links = {curve.link.label: curve.link for curve in load_config(folder / "config.yaml").curves}
    ldpc, hamming = links["LDPC"].code, links["Hamming"].code
    for kind in ("converse", "normal-approximation", "rcu"):
        limit = limit_curves_of(chart, kind, "fer")[f"n = {ldpc.n}, k = {ldpc.k}",]
        assert limit["curves"] == [names.index("LDPC")]
        assert ("equal energy" in limit["text"][0]) == (kind == "converse")
        (named,) = (each for each in chart["limit_kinds"] if each["kind"] == kind)
        assert ("equal energy" in named["title"]) == (kind == "converse")
        for i in (5, len(limit["y"]) // 2, -1):
            esno = 10 ** (limit["x"]["esno_db"][i] / 10)
            rate = BOUNDS["bpsk"][kind].error_probability(ldpc.n, ldpc.rate, esno)
            assert limit["y"][i] == pytest.approx(rate, rel=5e-3)  # the place is rounded
            assert limit["x"]["ebno_db"][i] - limit["x"]["esno_db"][i] == pytest.approx(3.0103, abs=1e-3)
    for measure in ("ber", "fer"):
        limit = limit_curves_of(chart, "exact", measure)["Hamming", "n = 7, k = 4"]
        assert limit["curves"] == [names.index("Hamming")]
        i = len(limit["y"]) // 2
        rates: Any = exact_rates(
            links["Hamming"].decoder, links["Hamming"].at(limit["x"]["ebno_db"][i]).channel
        )
        assert limit["y"][i] == pytest.approx(float(getattr(rates, measure)), rel=1e-3)
    limit = limit_curves_of(chart, "rate-distortion", "ber")["rate 4/7",]
    capacity = awgn_capacity(10 ** (limit["x"]["esno_db"][100] / 10))
    assert limit["y"][100] == pytest.approx(least_ber(capacity, hamming.rate), rel=5e-3)
    assert not limit_curves_of(chart, "converse", "ber")
    limit = limit_curves_of(chart, "exact", "ber")["Hamming", "n = 7, k = 4"]
    for axis in chart["axes"]:  # over all of each axis, as far as they are high enough
        (low, high), x = axis["range"], limit["x"][axis["key"]]
        assert x[0] <= low + 1e-3
        assert x[-1] >= high - 1e-3 or limit["y"][-1] < chart["rates"]["ber"]["low"]


@pytest.mark.cpu_seconds(30)  # bounds at many points of its own configurations
def test_limits_are_shared_and_on_where_they_are_configured(config: dict[str, Any], tmp_path: Path) -> None:
    """By codes of one size, also where one was swept over Eb/N0 and the other over Es/N0."""
    code = {"type": "ldpc", "n": 128, "k": 64, "column_weight": 3}
    config["curves"] = [
        {"label": "a", "code": code},
        {"label": "b", "code": {**code, "seed": 1}},
        {"label": "c", "code": code, "channel": {"type": "awgn", "esno_db": [-3, -2]}},
        {"label": "d", "code": {"type": "hamming", "r": 5}},
    ]
    config["channel"] = {"type": "awgn", "ebno_db": [0, 1]}
    config["stop"] = {"frames": 200}
    config["plot"] = {"limits": ["rcu", "rate-distortion"], "formats": ["svg"], "y": ["fer"]}
    for name, chosen in (
        ("ebno", config["curves"][:2] + config["curves"][3:]),
        ("esno", config["curves"][2:3]),
    ):
        run({**config, "name": name, "curves": chosen}, out=tmp_path / name)
    (chart,) = page_of(report([tmp_path / "ebno", tmp_path / "esno"], tmp_path / "a.html")).charts
    assert [curve["name"] for curve in chart["curves"]] == ["a", "b", "d", "c"]
    on = {kind["kind"] for kind in chart["limit_kinds"] if kind["on"]}
    assert on == {"rcu", "rate-distortion"}
    shared = [limit["curves"] for limit in chart["limit_curves"] if "n = 128, k = 64" in limit["text"]]
    assert shared == [[0, 1, 3]] * 3
    assert limit_curves_of(chart, "rate-distortion", "ber")["rate 1/2",]["curves"] == [0, 1, 3]
    for kind in ("rcu", "converse", "normal-approximation"):
        assert ("n = 31, k = 26",) in limit_curves_of(chart, kind, "fer")


def test_limits_of_codes_whose_labels_had_to_be_told_apart(config: dict[str, Any], tmp_path: Path) -> None:
    config["plot"] = {"formats": ["svg"]}
    for name in ("a", "b"):
        run({**config, "name": name}, out=tmp_path / name)
    (chart,) = page_of(report([tmp_path / "a", tmp_path / "b"], tmp_path / "a.html")).charts
    found = limit_curves_of(chart, "exact", "fer")
    assert {label for label, _ in found} >= {"Hamming (a)", "Hamming (b)"}


def test_nothing_is_loaded_from_elsewhere(folder: Path) -> None:
    page = page_of(report(folder))
    assert len(page.scripts) == 3
    for tag, attributes in page.tags:
        assert tag not in ("link", "iframe", "object", "embed", "base", "img")
        assert "src" not in attributes
        assert (attributes.get("href") or "data:").startswith("data:")
        assert not any(name.startswith("on") for name in attributes)
    (policy,) = (a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in (policy or "")
    assert "http" not in (policy or "")
    style = report(folder).read_text(encoding="utf-8").split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_users_texts_are_text(config: dict[str, Any], tmp_path: Path) -> None:
    config["curves"][0]["label"] = HOSTILE
    config["plot"] = {"title": HOSTILE, "formats": ["svg"]}
    run(config, out=tmp_path)
    record = json.loads((tmp_path / "run.json").read_text())
    (tmp_path / "run.json").write_text(
        json.dumps({**record, "command": HOSTILE, "versions": {HOSTILE: HOSTILE}})
    )
    file = report(tmp_path)
    page = page_of(file)
    assert len(page.scripts) == 3
    assert not {"b", "img"} & {tag for tag, _ in page.tags}
    assert page.charts[0]["curves"][0]["name"] == HOSTILE
    assert any(cells[:1] == [HOSTILE] for cells in page.cells)
    text = file.read_text(encoding="utf-8")
    assert "<img src=q" not in text
    assert str(markupsafe.escape(HOSTILE)) in text


@pytest.mark.parametrize(
    "label",
    [
        "<b>&\"'</b>",
        "{{ 7*7 }}",
        "{% raw %} {# note #}",
        "</script>",
        "</title></style>",
        "&lt;",
        "%(a)s",
        "Größe 𝔽₂ → ∞ λ",
    ],
)
def test_labels_and_titles_are_shown_literally(config: dict[str, Any], tmp_path: Path, label: str) -> None:
    config["curves"] = [{**config["curves"][1], "label": label}]
    config["stop"] = {"frames": 200}
    run({**config, "plot": {"title": label, "formats": ["svg"]}}, out=tmp_path)
    page = page_of(report(tmp_path))
    assert len(page.scripts) == 3
    assert page.charts[0]["curves"][0]["name"] == label
    table = [cells for cells in page.cells if len(cells) == 13]
    assert [cells[0] for cells in table[1:]] == [label] * 2
    assert page.text.count(label) == 2 + (tmp_path / "config.yaml").read_text().count(label)


@pytest.mark.cpu_seconds(30)  # bounds at many points of its own configurations
def test_several_results(config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels are told apart; what cannot share an axis gets a chart of its own, Eb/N0 and Es/N0 can."""
    monkeypatch.chdir(tmp_path)
    channels = {
        "a": {"type": "awgn", "ebno_db": [1, 4]},
        "b": {"type": "awgn", "esno_db": [0, 2]},
        "c": {"type": "bsc", "f": [0.05, 0.1]},
    }
    for name, channel in channels.items():
        run({**config, "name": name, "channel": channel, "plot": {"formats": ["svg"]}}, out=name)
    file = report([*channels, "a/results.csv"][:3])
    assert file == Path("capgap-report.html")
    page = page_of(file)
    energy, crossover = page.charts
    assert [axis["key"] for axis in energy["axes"]] == ["ebno_db", "esno_db"]
    assert [axis["key"] for axis in crossover["axes"]] == ["f"]
    assert [curve["name"] for curve in crossover["curves"]] == [
        f"{label} (c)" for label in ("Uncoded", "Hamming", "LDPC")
    ]
    assert len(energy["curves"]) == 6
    assert "Reproduce c" in page.text


def test_bounds_where_no_error_was_seen(tmp_path: Path) -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": [0, 0.1]},
        "curves": [{"label": "a", "code": {"type": "hamming", "r": 3}}],
        "stop": {"frames": 500},
        "plot": {"formats": ["svg"]},
    }
    results = run(config, out=tmp_path)
    page = page_of(report(tmp_path))
    points = page.charts[0]["curves"][0]["points"]
    assert [point["bound"] for point in points] == [True, False]
    assert points[0]["fer"] == [0, 0, results.rows[0].fer_high]
    assert any(f"below {results.rows[0].fer_high:.3g}" in cells for cells in page.cells)


def test_rates(tmp_path: Path) -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": 0.1},
        "curves": [
            {"label": "Repetition", "code": {"type": "repetition"}, "sweep": {"code.n": [3, 5, 7]}},
            {"label": "Hamming", "code": {"type": "hamming", "r": 3}},
        ],
        "stop": {"frame_errors": 20},
        "plot": {"x": "rate", "y": ["ber"], "formats": ["svg"]},
    }
    run(config, out=tmp_path)
    (chart,) = page_of(report(tmp_path)).charts
    assert [axis["key"] for axis in chart["axes"]] == ["rate"]
    assert [curve["name"] for curve in chart["curves"]] == ["Repetition", "Hamming"]
    assert [point["x"]["rate"] for point in chart["curves"][0]["points"]] == pytest.approx(
        [1 / 7, 1 / 5, 1 / 3]
    )
    assert [each["name"] for each in chart["references"]] == ["R = C / (1 − H(p_b))", "C = 0.531"]


def test_targets_are_in_the_table_of_gaps(tmp_path: Path) -> None:
    config = {
        "name": "a",
        "channel": {"type": "awgn"},
        "target": {"fer": 0.1, "within": 0.2},
        "curves": [{"label": "Hamming", "code": {"type": "hamming", "r": 3}}],
        "plot": {"formats": ["svg"]},
    }
    (crossing,) = run(config, out=tmp_path).crossings
    page = page_of(report(tmp_path))
    assert crossing.value is not None
    assert crossing.gap is not None
    found = next(cells for cells in page.cells if cells[-1] == "found by the search")
    assert crossing.low is not None
    assert crossing.high is not None
    assert found[:2] == ["Hamming | n = 7, k = 4", "FER 0.1"]
    assert found[2] == f"Eb/N0 = {crossing.value:.3f} dB | [{crossing.low:.3f}, {crossing.high:.3f}]"
    limit = crossing.value - crossing.gap
    ends = [end - limit for end in (crossing.low, crossing.high)]
    assert found[3] == f"{crossing.gap:.3f} dB | [{ends[0]:.3f}, {ends[1]:.3f}] | limit {limit:.3f} dB"
    (star,) = page.charts[0]["crossings"]
    assert star["x"]["ebno_db"] == crossing.value


def test_gaps_to_the_limits_of_the_block_length(tmp_path: Path) -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": [0.02, 0.04, 0.06, 0.08]},
        "target": {"fer": 0.1, "within": 0.2},
        "curves": [{"label": "LDPC", "code": {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}}],
        "plot": {"formats": ["svg"]},
    }
    results = run(config, out=tmp_path)
    (gap,) = gaps_of(results, [("fer", 0.1)])
    page = page_of(report(tmp_path))
    headings = next(cells for cells in page.cells if cells[:2] == ["curve", "error rate"])
    assert headings[3:-1] == ["gap to Shannon limit", "gap to converse", "gap to normal approximation"]
    found = next(cells for cells in page.cells if cells[1:2] == ["FER 0.1"])
    assert gap.converse is not None
    assert gap.low is not None
    assert gap.high is not None
    ends = f"[{gap.converse - gap.high:.4g}, {gap.converse - gap.low:.4g}]"
    assert found[4] == f"{gap.converse_gap:.4g} | {ends} | limit {gap.converse:.4g}"
    assert found[5].startswith(f"{gap.approximation_gap:.4g} | ")


def test_gaps_are_interpolated() -> None:
    """Errors as expected on a straight line of logits: the crossing is where the line crosses."""
    rows = curve(
        "a", [(1, 10_000, 1_000), (1.5, 100_000, 1_000), (2, 1_000_000, 1_000), (2.5, 10_000_000, 1_000)]
    )
    found = interpolated(rows, "fer", 1e-3)
    assert found.note == "interpolated"
    assert found.value is not None
    assert found.value == pytest.approx(2, abs=0.02)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 2 < found.high < found.low + 0.1
    assert found.gap == pytest.approx(found.value, abs=1e-6)  # the limit of rate 1/2 is 0 dB
    assert found.bpsk_gap == pytest.approx(found.value - 0.187, abs=1e-3)
    assert interpolated(rows, "ber", 1e-2).note == "the highest BER seen is 0.004"
    assert interpolated(rows[:2], "fer", 1e-3).note == "the lowest FER seen is 0.01"
    assert interpolated(rows[:2], "fer", 1e-3).value is None


def test_gaps_on_a_channel_whose_parameter_grows_with_the_noise() -> None:
    rows = [
        row
        for x, errors in ((0.02, 10), (0.05, 100), (0.1, 1000))
        for row in curve(
            "a", [(x, 10_000, errors)], channel="bsc", parameter="f", ebno_db=None, esno_db=None, key=str(x)
        )
    ]
    found = interpolated(rows, "fer", 1e-2)
    assert found.value is not None
    assert found.value == pytest.approx(0.05, rel=0.05)
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high
    assert found.gap == pytest.approx(0.11 - found.value, abs=1e-3)
    assert found.capacity == pytest.approx(0.7136, abs=0.02)


def test_a_point_without_errors_bounds_a_gap_only_where_it_says_enough() -> None:
    enough = curve("a", [(1, 1_000, 100), (2, 100_000, 0)])
    assert interpolated(enough, "fer", 1e-3).value is not None
    assert interpolated(curve("a", [(1, 1_000, 100), (2, 1_000, 0)]), "fer", 1e-3).value is None
    assert [entry.measure for entry in gap_entries(Results(tuple(enough)))] == ["fer", "ber"]
    assert gap_entries(Results(tuple(enough[:1]))) == []


def test_files_beside_the_results_may_be_missing_or_damaged(folder: Path) -> None:
    (folder / "run.json").write_text("{")
    (folder / "config.yaml").unlink()
    page = page_of(report(folder))
    assert "There is no record of the run" in page.text
    assert "There is no configuration" in page.text


def test_the_same_results_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    files = [report(folder, tmp_path / name) for name in ("a.html", "b.html")]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize(("module", "library"), [("plotly", "Plotly"), ("jinja2", "Jinja2")])
def test_without_its_libraries_it_says_how_to_install_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, module: str, library: str
) -> None:
    original = builtins.__import__

    def missing(name: str, *arguments: Any, **keywords: Any) -> Any:
        if name.split(".")[0] == module:
            raise ModuleNotFoundError(name)
        return original(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", missing)
    words = f"a report needs {library}: install it with pip install 'capgap[report]'"
    with pytest.raises(InputError, match=re.escape(words)):
        report(folder)
    assert not (folder / "report.html").exists()


def test_command_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file's name is printed; bad input gets one message and writes nothing."""
    out = folder / "some.html"
    assert main(["report", str(folder), "-o", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    for arguments, words in (
        (["nowhere"], "there are no results here"),
        ([str(folder), "-o", "report.pdf"], "the ending must be .html"),
        ([str(folder), "-o", str(folder / "none" / "a.html")], "cannot be written: No such file"),
        ([str(folder / "config.yaml")], "not a results file"),
    ):
        assert main(["report", *arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert words in captured.err
        assert len(captured.err.splitlines()) == 1
    (folder / "results.csv").write_text((folder / "results.csv").read_text().splitlines()[0] + "\n")
    with pytest.raises(InputError, match="hold no point"):
        report(folder)
    with pytest.raises(InputError, match="no results were given"):
        report([])


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window; skips where there is none."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    program = next(filter(None, map(shutil.which, names)), None)
    with api.sync_playwright() as playwright:
        if program is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("there is no Chromium here")
        try:
            started = playwright.chromium.launch(executable_path=program, chromium_sandbox=False)
        except api.Error as error:
            pytest.skip(f"Chromium does not start here: {error.message.splitlines()[0]}")
        yield started
        started.close()


class Tab:
    """A report in a browser's tab, and everything that it complained of or asked for."""

    def __init__(self, browser: Any, file: Path, width: int = 1200, **options: Any) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(viewport={"width": width, "height": 850}, **options)
        self.page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self.page.on("request", self.asked)
        self.page.goto(file.absolute().as_uri())
        self.page.wait_for_selector(".plot .scatterlayer")

    def asked(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.complaints.append(request.url)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.page, name)

    def traces(self, kind: str) -> list[Any]:
        """What Plotly draws now of one kind, in the first chart."""
        traces = (
            "document.querySelector('.plot').data.map(t => "
            "({x: t.x, y: t.y, name: t.name, meta: t.meta, colour: t.line && t.line.color}))"
        )
        return [trace for trace in self.page.evaluate(traces) if trace["meta"] == kind]

    def title(self, axis: str) -> str:
        return str(self.page.evaluate(f"document.querySelector('.plot').layout.{axis}.title.text"))

    def hover(self, number: int) -> str:
        """What is shown when a point is pointed at."""
        box = self.page.locator(".plot .scatterlayer .points path").nth(number).bounding_box()
        self.page.mouse.move(box["x"] + box["width"] / 2 - 3, box["y"] + box["height"] / 2)
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.wait_for_selector(".hoverlayer .hovertext")
        return "\n".join(self.page.locator(".hoverlayer .hovertext tspan.line").all_text_contents())

    def hover_over(self, kind: str, number: int) -> str:
        """What is shown when a place of the first line of one kind is pointed at."""
        place = (
            "((p) => { const t = p.data.find(t => t.meta == '%s'), l = p._fullLayout; "
            "const b = p.querySelector('.nsewdrag').getBoundingClientRect(); "
            "return [b.left + l.xaxis.d2p(t.x[%d]), b.top + l.yaxis.d2p(t.y[%d])]; })"
            "(document.querySelector('.plot'))"
        )
        x, y = self.page.evaluate(place % (kind, number, number))
        self.page.mouse.move(x - 3, y)
        self.page.mouse.move(x, y)
        self.page.wait_for_selector(".hoverlayer .hovertext")
        return "\n".join(self.page.locator(".hoverlayer .hovertext tspan.line").all_text_contents())

    def too_wide(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))

    def close(self) -> None:
        self.context.close()
        assert self.complaints == []


def test_in_a_browser(folder: Path, browser: Any) -> None:
    """Nothing fails, nothing is fetched; curves, limits and axes switch; points say what they are."""
    results = load_results(folder)
    tab = Tab(browser, report(folder))
    assert [trace["name"] for trace in tab.traces("curve")] == list(results.curves())
    assert tab.traces("curve")[1]["y"] == [row.ber for row in results["Hamming"]]
    assert tab.title("xaxis") == "Eb/N0 (dB)"

    tab.get_by_label("FER", exact=True).check()
    tab.get_by_label("Es/N0", exact=True).check()
    assert (tab.title("xaxis"), tab.title("yaxis")) == ("Es/N0 (dB)", "frame error rate")
    assert tab.traces("curve")[1]["y"] == [row.fer for row in results["Hamming"]]
    assert tab.traces("curve")[1]["x"] == [row.esno_db for row in results["Hamming"]]
    assert [trace["x"][0] for trace in tab.traces("limit-shannon")] == pytest.approx(
        [-3.01, -2.19, 1.76], abs=0.01
    )
    tab.get_by_label("BER", exact=True).check()
    tab.get_by_label("Eb/N0", exact=True).check()

    tab.get_by_label("Uncoded", exact=True).uncheck()
    assert [trace["name"] for trace in tab.traces("curve")] == ["Hamming", "LDPC"]
    assert len(tab.traces("limit-shannon")) == 2  # a limit goes with the last of its curves
    assert tab.traces("limit-bpsk") == []
    tab.get_by_label("BPSK limit").check()
    tab.get_by_label("Shannon limit").uncheck()
    assert [trace["x"][0] for trace in tab.traces("limit-bpsk")] == pytest.approx([0.187, 0.53], abs=0.01)
    assert tab.traces("limit-shannon") == []
    tab.get_by_role("button", name="none").click()
    assert tab.traces("curve") == []
    tab.get_by_role("button", name="all").click()
    assert len(tab.traces("curve")) == 3

    shown = tab.hover(0)
    row = results["Uncoded"][0]
    assert "Uncoded" in shown
    assert f"{row.frame_errors} frame errors in {row.frames:,} frames" in shown
    assert f"FER {row.fer:.3g} [{row.fer_low:.3g}, {row.fer_high:.3g}]" in shown
    buttons = tab.locator(".modebar-btn").evaluate_all("all => all.map(each => each.dataset.title)")
    assert buttons == ["Download plot", "Zoom", "Pan", "Zoom in", "Zoom out", "Reset axes"]
    assert tab.too_wide() == 0
    tab.close()


def test_limits_that_are_curves_in_a_browser(folder: Path, browser: Any) -> None:
    """They follow their checkboxes, the curves, the error rate, the axis, and light and dark."""
    (chart,) = page_of(report(folder)).charts
    bound = limit_curves_of(chart, "rcu", "fer")["n = 96, k = 48",]
    ldpc = next(curve for curve in chart["curves"] if curve["name"] == "LDPC")
    tab = Tab(browser, folder / "report.html", color_scheme="light")
    box = tab.get_by_label("random-coding union bound")
    assert box.is_disabled()  # it is of the frame error rate
    tab.get_by_label("FER", exact=True).check()
    assert tab.traces("limit-rcu") == []
    box.check()
    found = [trace for trace in tab.traces("limit-rcu") if trace["name"].endswith("n = 96, k = 48")]
    assert [(trace["x"], trace["y"]) for trace in found] == [(bound["x"]["ebno_db"], bound["y"])]
    assert found[0]["colour"] == ldpc["colours"][0]
    tab.page.emulate_media(color_scheme="dark")
    tab.get_by_label("Es/N0", exact=True).check()
    (found,) = (trace for trace in tab.traces("limit-rcu") if trace["name"].endswith("n = 96, k = 48"))
    assert (found["x"], found["colour"]) == (bound["x"]["esno_db"], ldpc["colours"][1])
    tab.get_by_label("LDPC", exact=True).uncheck()
    assert not any(trace["name"].endswith("n = 96, k = 48") for trace in tab.traces("limit-rcu"))
    tab.get_by_label("LDPC", exact=True).check()
    tab.get_by_label("BER", exact=True).check()
    assert tab.traces("limit-rcu") == []
    tab.get_by_label("exact for code and decoder").check()
    assert [trace["name"] for trace in tab.traces("limit-exact")][-1].endswith("Hamming, n = 7, k = 4")
    tab.get_by_label("FER", exact=True).check()
    tab.get_by_label("exact for code and decoder").uncheck()
    tab.get_by_role("button", name="none").click()
    tab.get_by_label("LDPC", exact=True).check()
    shown = tab.hover_over("limit-rcu", 25)
    for words in ("random-coding union bound", "n = 96, k = 48", "Es/N0 = ", "FER = "):
        assert words in shown
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(folder: Path, browser: Any, scheme: str) -> None:
    """No scrolling sideways; the colours are those asked for."""
    tab = Tab(browser, report(folder), 360, color_scheme=scheme, has_touch=True, is_mobile=True)
    assert tab.too_wide() == 0
    assert tab.locator(".plot .main-svg").first.bounding_box()["width"] < 360
    background = "rgb(255, 255, 255)" if scheme == "light" else "rgb(28, 32, 39)"
    style = "getComputedStyle(document.querySelector('.plot .main-svg')).backgroundColor"
    assert tab.evaluate(style) == background
    tab.get_by_text("Es/N0", exact=True).first.tap()
    assert tab.title("xaxis") == "Es/N0 (dB)"
    tab.page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
    for _ in range(50):  # Playwright's own way to wait needs eval, which the page forbids
        if tab.evaluate(style) != background:
            break
        tab.page.wait_for_timeout(100)
    assert tab.evaluate(style) != background
    tab.close()


def test_hostile_labels_in_a_browser(config: dict[str, Any], tmp_path: Path, browser: Any) -> None:
    """They are shown as they are, also by Plotly, and nothing in them runs or makes the page wide."""
    config["curves"][0]["label"] = HOSTILE
    config["curves"][1]["label"] = "W" * 300
    run({**config, "plot": {"title": HOSTILE, "formats": ["svg"]}}, out=tmp_path)
    tab = Tab(browser, report(tmp_path), 360)
    assert tab.locator("h1").text_content().replace("a", "") == HOSTILE.replace("$a$", "").replace("a", "")
    assert tab.locator(".curves .name").first.text_content() == HOSTILE
    assert HOSTILE.replace(" ", "") in tab.hover(0).replace("\n", "").replace(" ", "").replace("\u00a0", "")
    assert tab.locator("img").count() == 0
    assert tab.too_wide() == 0
    tab.close()
