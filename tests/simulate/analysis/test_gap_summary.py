"""Gaps to capacity and to the limits of the block length: the table, its file, the figure."""

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from capgap.bounds import BOUNDS
from capgap.channels import bpsk_limit_ebno_db, bpsk_limit_ebno_db_at_ber, bsc_limit
from capgap.simulate import InputError, Results, load_results, report, run
from capgap.simulate.analysis import gap_summary
from capgap.simulate.analysis.gap_summary import FILE, gap_table, gaps_of
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.figures import draw_gaps
from capgap.simulate.figures.kinds.error_rates import sweep_figure
from capgap.simulate.figures.kinds.planes import capacity_figure
from capgap.simulate.results.rows import FILE as FILES
from matplotlib.figure import Figure

pytestmark = pytest.mark.usefixtures("plain_figures", "few_points")

LDPC = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gaps")
    config = {
        "name": "gaps",
        "channel": {"type": "awgn", "ebno_db": [1, 2, 3, 4, 5]},
        "curves": [
            {"label": "LDPC", "code": LDPC},
            {"label": "Hamming", "code": {"type": "hamming", "r": 3}, "decoder": {"type": "ml"}},
        ],
        "stop": {"frame_errors": 300, "frames": 100_000},
    }
    run(config, out=folder)
    return folder


def test_gaps_are_those_of_the_limits(folder: Path) -> None:
    gaps: Any = {gap.curve: gap for gap in gaps_of(load_results(folder), [("fer", 1e-2)])}
    gap = gaps["LDPC"]
    assert (gap.n, gap.k, gap.parameter, gap.measure, gap.target) == (96, 48, "ebno_db", "fer", 1e-2)
    assert gap.low < gap.value < gap.high
    assert gap.capacity == pytest.approx(bpsk_limit_ebno_db(0.5))
    assert gap.capacity_gap == pytest.approx(gap.value - bpsk_limit_ebno_db(0.5))
    assert gap.capacity_gap_low == pytest.approx(gap.low - bpsk_limit_ebno_db(0.5))
    assert gap.converse_gap == pytest.approx(gap.value - gap.converse)
    # At the converse's Eb/N0 no code of this n and k has a lower frame error rate.
    esno = 10 ** (gap.converse / 10) / 2
    assert BOUNDS["bpsk"]["converse"].error_probability(96, 0.5, esno) == pytest.approx(1e-2, rel=1e-6)
    assert 0 < gap.converse_gap < gap.capacity_gap
    assert gap.converse_constraint == "equal"
    short = gaps["Hamming"]
    esno = 10 ** (short.converse / 10) * 4 / 7
    assert BOUNDS["bpsk"]["converse"].error_probability(7, 4 / 7, esno) == pytest.approx(1e-2, rel=1e-6)
    assert short.converse_gap > 0


def test_gaps_in_f_are_positive_where_the_channel_must_be_better(tmp_path: Path) -> None:
    config = {
        "name": "a",
        "channel": {"type": "bsc", "f": [0.02, 0.04, 0.06, 0.08]},
        "curves": [{"label": "LDPC", "code": LDPC}],
        "stop": {"frame_errors": 300, "frames": 100_000},
    }
    found: Any = gaps_of(run(config, out=tmp_path), [("fer", 1e-1)])
    (gap,) = found
    assert gap.capacity == pytest.approx(bsc_limit(0.5))
    assert gap.capacity_gap == pytest.approx(bsc_limit(0.5) - gap.value)
    assert gap.converse_gap == pytest.approx(gap.converse - gap.value)
    assert gap.converse_constraint is None
    assert "energy" not in " ".join(str(column.header) for column in gap_table(found).columns)
    assert 0 < gap.converse_gap < gap.capacity_gap


def test_the_command(folder: Path, tmp_path: Path, capsys: Any) -> None:
    figure = tmp_path / "gaps.png"
    assert main(["gaps", str(folder), "--fer", "1e-2", "-o", str(figure)]) == 0
    printed = capsys.readouterr().out
    assert "LDPC" in printed
    assert "FER 0.01" in printed
    assert FILE in printed
    assert figure.stat().st_size > 5000
    with (folder / FILE).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["curve"] for row in rows] == ["LDPC", "Hamming"]
    expected: Any = gaps_of(load_results(folder), [("fer", 1e-2)])
    # To 0.0001 dB, which any machine computes alike.
    assert [float(row["capacity_gap"]) for row in rows] == [round(gap.capacity_gap, 4) for gap in expected]
    assert float(rows[1]["converse"]) < float(rows[1]["value"])  # short codes have one too
    # Each number has the name of its limit.
    for row, gap in zip(rows, expected, strict=True):
        assert row["capacity_of"] == "BPSK"
        assert row["capacity"] == row["bpsk_limit"]
        assert float(row["shannon_limit"]) == round(gap.shannon_limit, 4)
        assert float(row["shannon_gap"]) == round(gap.value - gap.shannon_limit, 4)
    for word in ("Shannon", "BPSK"):
        assert word in printed
    assert [row["converse_constraint"] for row in rows] == ["equal", "equal"]
    assert "converse, equal energy" in printed


def test_the_file_has_no_more_digits_than_machines_agree_on() -> None:
    entry = gap_summary.Gap("a", 8, 4, "f", "fer", 1e-3, 0.0123456789, 0.0123451, 0.0123499, 0.0, 2e-17, None, None, None, None, None, None, None, None, "", "Shannon", 0.0, 2e-17, None, None, None)  # fmt: skip
    other = replace(entry, value=0.0123456788, capacity_gap=-3e-17)
    (one, two) = (gap_summary._rounded(each) for each in (entry, other))
    assert str(one) == str(two)
    assert (one.value, one.target) == (0.01235, 1e-3)
    small = gap_summary._rounded(replace(entry, value=1.23456e-6))
    assert small.value == 1.235e-6
    db = gap_summary._rounded(replace(entry, parameter="esno_db", value=-1.234567, low=-0.00001))
    assert (db.value, str(db.low)) == (-1.2346, "0.0")


def test_without_rates_it_is_those_of_the_figures(folder: Path, tmp_path: Path) -> None:
    for name in (FILES, "config.yaml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    file = tmp_path / "config.yaml"
    for y, measures in (("[fer]", {"fer"}), ("[ber, fer]", {"ber", "fer"}), ("[iterations]", {"ber", "fer"})):
        file.write_text(
            re.sub(r"(?m)^  y:.*\n(  - .*\n)*", f"  y: {y}\n", (folder / "config.yaml").read_text())
        )
        ((_, gaps),) = gap_summary.summarise([tmp_path])
        assert {gap.measure for gap in gaps} == measures


def test_rates_that_are_not_reached_say_so(folder: Path, tmp_path: Path, capsys: Any) -> None:
    assert main(["gaps", str(folder), "--ber", "1e-15"]) == 0
    assert "the lowest BER seen is" in capsys.readouterr().out
    gaps = gaps_of(load_results(folder), [("ber", 1e-15)])
    with pytest.raises(InputError, match="no curve whose limit is known reaches the error rates asked for"):
        draw_gaps(gaps, tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fer", "2"], "fer must lie in [1e-15, 1), got 2"),
        (["--ber", "0"], "ber must lie in [1e-15, 0.5), got 0"),
        (["--ber", "0.5"], "ber must lie in [1e-15, 0.5), got 0.5"),
    ],
)
def test_rates_outside_their_range_are_refused(
    folder: Path, arguments: list[str], message: str, capsys: Any
) -> None:
    assert main(["gaps", str(folder), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_bit_error_rates_have_the_limit_of_what_they_tolerate(folder: Path, tmp_path: Path) -> None:
    gaps: Any = {gap.curve: gap for gap in gaps_of(load_results(folder), [("ber", 1e-2)])}
    gap = gaps["LDPC"]
    assert gap.rate_distortion == pytest.approx(bpsk_limit_ebno_db_at_ber(0.5, 1e-2))
    assert gap.rate_distortion_gap == pytest.approx(gap.value - gap.rate_distortion)
    assert gap.rate_distortion_gap > gap.capacity_gap > 0
    # Uncoded transmission over the BSC is as good as a code of rate 1 can be.
    config = {
        "name": "a",
        "channel": {"type": "bsc"},
        "target": {"ber": 0.03, "within": 0.05},
        "curves": [{"label": "Uncoded", "code": {"type": "uncoded", "k": 64}}],
    }
    found: Any = gaps_of(run(config, out=tmp_path), [])
    (gap,) = found
    assert gap.rate_distortion == pytest.approx(0.03)
    assert abs(gap.rate_distortion_gap) < gap.high - gap.low


def test_rates_asked_for_are_listed_whatever_there_is(folder: Path, tmp_path: Path) -> None:
    results = load_results(folder)
    point = Results(tuple(results["LDPC"][:1]))
    assert gaps_of(point) == []
    (gap,) = gaps_of(point, [("fer", 1e-6)])
    assert (gap.value, gap.note[:19]) == (None, "the lowest FER seen")
    config = {
        "name": "a",
        "channel": {"type": "awgn"},
        "target": {"fer": 0.1, "within": 0.3},
        "curves": [{"label": "Hamming", "code": {"type": "hamming", "r": 3}}],
    }
    searched = run(config, out=tmp_path)
    assert [gap.target for gap in gaps_of(searched)] == [0.1]
    assert [gap.target for gap in gaps_of(searched, [("fer", 1e-9)])] == [0.1, 1e-9]


def test_negative_gaps_and_single_lengths_are_seen(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []
    monkeypatch.setattr("capgap.simulate.figures.gaps.save", lambda figure, _: drawn.append(figure))
    gaps = gaps_of(load_results(folder), [("fer", 1e-2)])
    below = replace(gaps[1], capacity_gap=-0.3, capacity_gap_low=-0.4, capacity_gap_high=-0.2)
    draw_gaps(gaps, tmp_path / "a.png")
    draw_gaps([gaps[0], below], tmp_path / "a.png")
    bottoms = [figure.axes[0].get_ylim()[0] for figure in drawn]
    assert bottoms[0] == 0
    assert bottoms[1] < -0.4
    # One limit for a panel, and its name on the axis: Shannon's where a code, of rate 1, has no other.
    uncoded = replace(below, capacity_of="Shannon", shannon_gap=2.0, capacity_gap=2.0, bpsk_limit=None)
    draw_gaps([gaps[0], replace(uncoded, capacity_gap_low=1.9, capacity_gap_high=2.1)], tmp_path / "a.png")
    assert [figure.axes[0].get_ylabel() for figure in drawn] == [
        f"gap to the {name} limit at FER 0.01 (dB)" for name in ("BPSK", "BPSK", "Shannon")
    ]
    heights = [container[0].get_ydata()[0] for container in drawn[2].axes[0].containers]
    assert heights == pytest.approx([gaps[0].shannon_gap, 2.0])
    lines = {line.get_label(): line for line in drawn[0].axes[0].lines}
    assert {lines[name].get_marker() for name in ("converse, equal energy", "normal approximation")} == {
        "_",
        "x",
    }


def test_a_bound_that_fails_is_named_and_the_others_are_given(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """In the table of limits, in gaps, in figures and in the report."""

    def fails(*_: float) -> float:
        raise OverflowError("too large")

    broken = replace(BOUNDS["bpsk"]["converse"], log_error_formula=fails, log2_m_formula=fails)
    monkeypatch.setitem(BOUNDS["bpsk"], "converse", broken)
    for what in (["--rate", "1/2"], ["--at", "3"]):
        what += ["-n", "96", "--fer", "1e-2", "--bound", "converse", "--bound", "gallager"]
        assert main(["limits", "bpsk", *what, "--json"]) == 0
        bounds = {each["name"]: each for each in json.loads(capsys.readouterr().out)["bounds"]}
        assert "converse on bpsk cannot be computed at n = 96" in bounds["converse"].pop("error")
        assert None in bounds["converse"].values()
        assert all(
            None not in each.values() and "error" not in each
            for name, each in bounds.items()
            if name != "converse"
        )
        assert main(["limits", "bpsk", *what]) == 0
        assert "failed: converse on bpsk cannot be computed" in " ".join(capsys.readouterr().out.split())
    results = load_results(folder)
    (gap, _) = gaps_of(results, [("fer", 1e-2)])
    assert gap.converse is None
    assert gap.approximation is not None
    assert "converse on bpsk cannot be computed" in gap.note
    options = PlotOptions(y=["fer"], limits=["converse", "rcu"])
    labels = {text.get_text() for text in sweep_figure(results, options).legends[0].get_texts()}
    assert "converse at $n$ and $k$, equal energy: failed" in labels
    assert "random-coding union bound at $n$ and $k$" in labels
    plane = capacity_figure(
        results, PlotOptions.model_validate({"at": {"fer": 1e-2}, "limits": ["converse", "rcu"]})
    )
    labels = {text.get_text() for text in plane.legends[0].get_texts()}
    assert {"converse at $n$, equal energy: failed", "rcu at $n$"} < labels
    shutil.copytree(folder, tmp_path / "one", ignore=shutil.ignore_patterns("config.yaml"))
    rows = (tmp_path / "one/results.csv").read_text().splitlines()
    (tmp_path / "one/results.csv").write_text(
        "\n".join(row for row in rows if not row.startswith("Ham")) + "\n"
    )
    page = report(tmp_path / "one", tmp_path / "a.html").read_text()
    assert "converse, equal energy: failed" in page
