"""Runs: saving, continuing, and what they leave behind."""

import datetime
import json
import math
import threading
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, load_results, run
from capgap.simulate.configuration.yaml_file import read_yaml
from capgap.simulate.results import folder
from capgap.simulate.results.atomic_files import write_atomically
from capgap.simulate.results.rows import FILE, Results, format_results
from capgap.simulate.running import background_figures, runner

pytestmark = pytest.mark.usefixtures("plain_figures")


def counts(results: Results) -> list[tuple[Any, ...]]:
    return [(row.curve, row.value, row.tally, row.stop, row.key) for row in results]


def test_a_run_leaves_results_config_record_and_figures(config: dict[str, Any], tmp_path: Path) -> None:
    results = run(config, out=tmp_path / "r")
    assert {file.name for file in (tmp_path / "r").iterdir()} == {
        FILE, "config.yaml", "run.json", "small.png", "small.svg",
    }  # fmt: skip
    assert len(results) == 6
    assert counts(load_results(tmp_path / "r")) == counts(results)
    record = json.loads((tmp_path / "r" / "run.json").read_text())
    assert record["complete"]
    assert record["frames"] == sum(row.frames for row in results)
    assert {"versions", "seed", "machine", "command", "began", "ended"} <= record.keys()


def test_the_resolved_config_runs_to_the_same_counts(config: dict[str, Any], tmp_path: Path) -> None:
    first = run(config, out=tmp_path / "r")
    again = run(tmp_path / "r" / "config.yaml", out=tmp_path / "again")
    assert counts(again) == counts(first)


def test_without_saving_nothing_is_written(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    run(config, save=False)
    assert list(tmp_path.iterdir()) == []


def test_workers_do_not_change_the_file(config: dict[str, Any], tmp_path: Path) -> None:
    one, four = (run(config, out=tmp_path / str(n), workers=n) for n in (1, 4))
    assert counts(one) == counts(four)


def test_a_finished_run_is_not_repeated(
    config: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(config, out=tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    run(config, out=tmp_path, quiet=False)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert "6 of 6 points have frames" in capsys.readouterr().err


def test_raised_limits_continue_and_equal_a_fresh_run(config: dict[str, Any], tmp_path: Path) -> None:
    run({**config, "stop": {"frame_errors": 5}}, out=tmp_path / "a")
    continued = run(config, out=tmp_path / "a")
    assert counts(continued) == counts(run(config, out=tmp_path / "b"))


def test_an_added_curve_keeps_the_others(config: dict[str, Any], tmp_path: Path) -> None:
    first = run(config, out=tmp_path)
    curves = [*config["curves"], {"label": "more", "code": {"type": "spc", "n": 8}}]
    second = run({**config, "curves": curves}, out=tmp_path)
    assert counts(second)[:6] == counts(first)
    assert len(second) == 8
    assert not list(tmp_path.glob("results.old*"))


def test_another_seed_starts_anew_says_so_and_keeps_the_old_file(
    config: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = run(config, out=tmp_path)
    second = run(config, out=tmp_path, seed=6, quiet=False)
    assert not {row.key for row in first} & {row.key for row in second}
    assert (tmp_path / "results.old-1.csv").read_text() == format_results(first.rows)
    assert "results.old-1.csv" in capsys.readouterr().err


def test_interrupted_run_is_saved_and_goes_on(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capgap.simulate.running import runner

    seen = 0
    real = runner._Run._committed

    def interrupt(self: Any, point: Any) -> None:
        nonlocal seen
        real(self, point)
        seen += 1
        if seen == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(runner._Run, "_committed", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(config, out=tmp_path / "a")
    saved = load_results(tmp_path / "a")
    assert sum(row.frames for row in saved) > 0
    assert not json.loads((tmp_path / "a" / "run.json").read_text())["complete"]
    assert counts(run(config, out=tmp_path / "a")) == counts(run(config, out=tmp_path / "b"))


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda text: text[: len(text) // 2], "damaged"),
        (lambda text: text.replace("frame_errors,", "errors,", 1), "the column 'frame_errors' is missing"),
        (lambda text: text.replace("Uncoded,", "Uncoded,extra,", 1), ":2: the row has"),
        (lambda text: "", "is missing"),
        (lambda text: text.replace(",40,", ",many,", 1), "must be a number"),
        (lambda text: text.replace(",40,", ",-40,", 1), "contradict"),
        (lambda text: text.replace(",40,", ",nan,", 1), "must be a number"),
    ],
)
def test_damaged_results_are_refused_and_left_alone(
    config: dict[str, Any], tmp_path: Path, damage: Any, words: str
) -> None:
    run(config, out=tmp_path)
    text = damage((tmp_path / FILE).read_text())
    (tmp_path / FILE).write_text(text)
    with pytest.raises(InputError, match=words):
        run({**config, "stop": {"frame_errors": 50}}, out=tmp_path)
    assert (tmp_path / FILE).read_text() == text


def test_a_folder_that_cannot_be_written(config: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        run(config, out=tmp_path / "file")
    with pytest.raises(InputError, match="cannot be written"):
        run(config, out=tmp_path / "file" / "below")
    with pytest.raises(InputError, match="cannot be written"):
        run(config, out="/proc/capgap")


def test_bad_workers(config: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="workers"):
        run(config, workers=0)


def test_results_are_found_by_label(config: dict[str, Any]) -> None:
    results = run(config, save=False)
    assert [row.value for row in results["LDPC"]] == [1, 4]
    assert list(results.curves()) == ["Uncoded", "Hamming", "LDPC"]
    with pytest.raises(KeyError, match="there is no curve 'Polar'"):
        results["Polar"]


def test_rows_say_what_was_simulated(config: dict[str, Any], tmp_path: Path) -> None:
    results = run(config, out=tmp_path)
    row = results["Hamming"][1]
    assert row.code == "hamming(r=3, extended=false, shorten=0)"
    assert (row.decoder, row.channel) == ("syndrome", "awgn")
    assert (row.n, row.k, row.parameter, row.value, row.ebno_db) == (7, 4, "ebno_db", 4.0, 4.0)
    assert row.esno_db == pytest.approx(4 - 2.43038, abs=1e-5)
    assert row.fer_low < row.fer < row.fer_high
    assert row.ber_low < row.ber < row.ber_high
    assert row.stop == "frame_errors"
    resolved = read_yaml(tmp_path / "config.yaml").data
    assert resolved["curves"][1]["channel"] == {"type": "awgn", "ebno_db": [1.0, 4.0]}


def test_cells_that_do_not_apply_are_empty(config: dict[str, Any], tmp_path: Path) -> None:
    bsc = {**config, "channel": {"type": "bsc", "f": [0.1]}}
    run(bsc, out=tmp_path)
    header, first, *_ = (line.split(",") for line in (tmp_path / FILE).read_text().splitlines())
    cells = dict(zip(header, first, strict=True))
    assert cells["ebno_db"] == ""
    assert cells["esno_db"] == ""
    assert load_results(tmp_path).rows[0].ebno_db is None


def test_a_full_disk_leaves_the_old_file(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    run({**config, "stop": {"frame_errors": 5}}, out=tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="results cannot be written: No space left on device"):
        run(config, out=tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_the_end_of_a_run_writes_each_file_once(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def write(path: Path, content: str | bytes) -> None:
        written.append(path.name)
        write_atomically(path, content)

    monkeypatch.setattr(runner, "SAVE_INTERVAL", math.inf)
    monkeypatch.setattr(folder, "write_atomically", write)
    run(config, out=tmp_path)
    assert sorted(written) == ["config.yaml", FILE, "run.json"]


def test_ctrl_c_after_the_last_frame_keeps_the_work(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(points: Any) -> list[str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(runner, "SAVE_INTERVAL", math.inf)
    monkeypatch.setattr(runner, "doubts", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run(config, out=tmp_path)
    kept = counts(load_results(tmp_path))
    monkeypatch.undo()
    assert kept == counts(run(config, save=False))


def recorded(
    monkeypatch: pytest.MonkeyPatch, *, fails: type[BaseException] | None = None
) -> list[tuple[str, int]]:
    """Draws figures, or fails, and keeps note of the thread and the number of points."""
    drawn: list[tuple[str, int]] = []
    draw_all = runner._draw_all

    def draw(figures: Any, options: Any) -> None:
        if figures:
            drawn.append((threading.current_thread().name, sum(len(shown) for _, shown, _ in figures)))
            if fails is not None:
                raise fails("no figure")
            draw_all(figures, options)

    monkeypatch.setattr(runner, "_draw_all", draw)
    return drawn


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saved and drawn with every block."""
    monkeypatch.setattr(background_figures, "INTERVAL", 0.0)
    monkeypatch.setattr(background_figures, "REST", 0.0)
    monkeypatch.setattr(runner, "SAVE_INTERVAL", -1.0)


@pytest.mark.usefixtures("often")
def test_figures_are_drawn_while_a_run_goes_on(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = run(config, out=tmp_path / "plain")
    drawn = recorded(monkeypatch)
    results = run(config, out=tmp_path / "often", workers=1)
    *meanwhile, last = drawn
    assert meanwhile
    assert {thread for thread, _ in meanwhile} == {"capgap figures"}
    assert meanwhile[0][1] < len(results)  # before the end
    assert last == (threading.current_thread().name, len(results))
    assert counts(results) == counts(expected)
    for name in ("small.png", "small.svg"):
        assert (tmp_path / "often" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
    assert not list((tmp_path / "often").glob(".*"))


@pytest.mark.usefixtures("often")
def test_a_figure_that_fails_meanwhile_is_of_no_consequence(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any) -> None:
        if threading.current_thread().name == "capgap figures":
            raise ValueError("no figure")
        draw_all(*_)

    draw_all = runner._draw_all
    monkeypatch.setattr(runner, "_draw_all", fails)
    assert counts(run(config, out=tmp_path)) == counts(run(config, save=False))
    assert (tmp_path / "small.png").exists()


def interrupted_at(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Ctrl-C as a block is committed."""
    committed, seen = runner._Run._committed, [0]

    def interrupt(self: Any, point: Any) -> None:
        committed(self, point)
        seen[0] += 1
        if seen[0] == number:
            raise KeyboardInterrupt

    monkeypatch.setattr(runner._Run, "_committed", interrupt)


def test_ctrl_c_draws_what_there_is(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupted_at(patch, 2)
        drawn = recorded(patch)
        with pytest.raises(KeyboardInterrupt):
            run(config, out=tmp_path, workers=1)
    kept = load_results(tmp_path)
    assert drawn == [(threading.current_thread().name, len(kept))]
    assert 0 < len(kept) < 6
    before = (tmp_path / "small.svg").read_bytes()
    run(config, out=tmp_path)
    assert (tmp_path / "small.svg").read_bytes() != before


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputError])
def test_a_second_ctrl_c_and_a_failure_end_the_drawing(
    error: type[BaseException], config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted_at(monkeypatch, 2)
    drawn = recorded(monkeypatch, fails=error)
    with pytest.raises(KeyboardInterrupt):
        run(config, out=tmp_path, workers=1)
    assert len(drawn) == 1
    assert load_results(tmp_path).rows
    assert not list(tmp_path.glob("*.png"))


@pytest.mark.parametrize("error", [KeyboardInterrupt, InputError])
def test_an_older_figure_is_not_left_for_that_of_the_end(
    error: type[BaseException], config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run({**config, "stop": {"frame_errors": 5}}, out=tmp_path)
    with monkeypatch.context() as patch:
        drawn = recorded(patch, fails=error)
        with pytest.raises(error):
            run(config, out=tmp_path)
    assert len(drawn) == 1
    results = run(config, out=tmp_path)  # finds nothing to do, and draws
    assert (tmp_path / "small.png").exists()
    assert counts(results) == counts(run(config, save=False))


def test_a_clock_that_is_set_back(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Clock(datetime.datetime):
        hour_of_day = 12

        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Clock":
            cls.hour_of_day -= 1
            return cls(2026, 3, 29, cls.hour_of_day, tzinfo=tz)

    monkeypatch.setattr(datetime, "datetime", Clock)
    monkeypatch.setattr(runner._Run, "_draw", lambda *_: None)
    config["curves"] = config["curves"][:1]
    for frames in (100, 200):
        rows = run({**config, "stop": {"frames": frames}}, out=tmp_path).rows
        record = json.loads((tmp_path / "run.json").read_text())
        assert record["began"] <= record["ended"]
        assert 0 <= record["seconds"] < 3600
        assert all(row.seconds >= 0 for row in rows)
