"""``capgap bench``: what it measures is what runs simulate. How long it takes is asserted nowhere."""

import itertools
import json
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import scipy.stats
from capgap.codes import FAMILIES, ldpc, universal
from capgap.simulate import InputError, benchmark
from capgap.simulate.analysis.two_sample_tests import proportions_p
from capgap.simulate.bench import measure as bench
from capgap.simulate.bench.lines import comparison_lines, line, read_result
from capgap.simulate.bench.links import LINKS, MODULATED, all_links, family_links, names_of
from capgap.simulate.bench.measure import build
from capgap.simulate.bench.measured import Benchmark, Measured
from capgap.simulate.commands.command_line import main
from capgap.simulate.statistics.tally import Tally

from tests.conftest import SIGNIFICANCE
from tests.lazy import but_slow

#: Dimensions, Eb/N0 and the decoder's name in results.
KNOWN = {
    "uncoded": (4096, 4096, 5, "hard"),
    "repetition": (384, 128, 5, "majority"),
    "wimax-nms": (576, 288, 2.5, "bp"),
    "wifi-oms": (648, 540, 4, "bp"),
    "10gbase-t-nms": (2048, 1723, 4, "bp"),
    "dvb-s2-nms": (64800, 32400, 1.2, "bp"),
    "wimax-spa-flooding": (576, 288, 2.5, "bp"),
    "wimax-spa-layered": (576, 288, 2.5, "bp"),
}
#: Frame errors among frames of the same links from 2^40 on, and how many frames are compared with them.
OTHER_FRAMES = {
    "wimax-nms": (5739, 3_000_000, 40_000),
    "wifi-oms": (8027, 500_000, 10_000),
    "10gbase-t-nms": (492, 2_500_000, 100_000),
    "dvb-s2-nms": (2979, 6000, 256),
    "wimax-spa-flooding": (1462, 1_200_000, 30_000),
    "wimax-spa-layered": (1537, 1_200_000, 30_000),
}


def test_the_links() -> None:
    """Names, dimensions and operating points are those that results are compared by."""
    assert list(LINKS) == list(KNOWN)
    for name, (n, k, ebno_db, decoder) in KNOWN.items():
        link, point = build(name)
        assert (link.code.n, link.code.k, point.value) == (n, k, ebno_db)
        assert link.decoder_text.partition("(")[0] == decoder
        assert link.parameter == "ebno_db"
        assert "stop=none" not in link.decoder_text


def test_every_family_has_a_link() -> None:
    """Which is made, and whose name no other one has."""
    assert list(family_links()) == [family.__name__.rpartition(".")[2] for family in FAMILIES]
    for family in FAMILIES:
        assert family.BENCH, f"codes/{family.__name__}/__init__.py: name a link in BENCH"
    declared = [name for family in FAMILIES for name in family.BENCH]
    assert len({*declared, *LINKS, *MODULATED}) == len(declared) + len(LINKS) + len(MODULATED)
    assert list(all_links()) == [*LINKS, *MODULATED, *declared]
    for name in declared:
        link, point = build(name)
        assert link.simulate(point, 0, 64).frames == 64


def test_links_of_families_and_all() -> None:
    assert names_of(None) == names_of(None, []) == list(LINKS)
    assert names_of([]) == []
    assert names_of("uncoded", "universal") == ["uncoded", *universal.BENCH]
    assert names_of(None, ["ldpc", "universal", "ldpc"]) == [
        *(name for name in LINKS if name not in ("uncoded", "repetition")), *ldpc.BENCH, *universal.BENCH
    ]  # fmt: skip
    assert names_of(None, everything=True) == list(all_links())
    assert names_of("spc-ml", everything=True)[:2] == ["spc-ml", "uncoded"]


@pytest.mark.parametrize("name", ["uncoded", "repetition"])
def test_bit_errors_follow_the_closed_form(name: str) -> None:
    """Q(sqrt(2 Eb/N0)), also for the repetition code, whose decoder adds LLRs: bits are independent."""
    link, point = build(name)
    frames = 12_800_000 // link.code.n // 10
    errors = Tally.of(link.simulate(point, 0, frames)).bit_errors
    ber = 0.5 * math.erfc(math.sqrt(10 ** (point.value / 10)))
    assert ber == pytest.approx(5.95e-3, rel=1e-3)
    assert scipy.stats.binomtest(errors, frames * link.code.k, ber).pvalue > SIGNIFICANCE


@pytest.mark.parametrize("name", but_slow(OTHER_FRAMES, ("wimax-nms", "wifi-oms")))
def test_frame_errors_are_those_of_other_frames(name: str) -> None:
    """An exact test against the counts of another seed."""
    errors, trials, frames = OTHER_FRAMES[name]
    link, point = build(name)
    tally = Tally.of(link.simulate(point, 0, frames))
    assert proportions_p(tally.frame_errors, frames, errors, trials) > SIGNIFICANCE


@pytest.mark.parametrize("workers", [1, 3])
def test_what_is_timed_is_what_a_run_counts(workers: int) -> None:
    """The first frames of the link, each once, whoever simulated them."""
    made = benchmark(["repetition", "wimax-nms"], seconds=0.05, workers=workers)
    assert [measured.name for measured in made.links] == ["repetition", "wimax-nms"]
    for measured in made.links:
        link, point = build(measured.name)
        assert measured.tally == Tally.of(link.simulate(point, 0, measured.tally.frames))
        assert measured.workers == workers
        assert set(measured.stages) == {"source", "encoder", "channel", "decoder", "count"}
        assert 0 < sum(measured.stages.values()) <= 1
        assert measured.mbps > 0
        # Both say how fast it is: in information bits of all threads, and in coded bits of one.
        bits = measured.ns_per_coded_bit * 1e-9 / workers * measured.mbps * 1e6
        assert bits == pytest.approx(measured.k / measured.n)
    assert made.numpy_normal_ns > 0


def test_everything_is_shown_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("result.json").write_text("an old one")
    assert main(["bench", "--seconds", "0.05", "--json", "result.json"]) == 0
    shown = capsys.readouterr().out.splitlines()
    data = json.loads(Path("result.json").read_text())
    assert data.keys() >= {"numpy_normal_ns", "workers", "links", "versions", "machine"}
    assert data["workers"] == 1
    assert [link["name"] for link in data["links"]] == list(LINKS)
    for link in data["links"]:
        assert link.keys() >= {"name", "mbps", "fer", "frames", "iterations", "ns_per_coded_bit", "stages"}
        assert link["frames"] >= 64
        assert link["fer"] == link["frame_errors"] / link["frames"]
        (text,) = (text for text in shown if text.startswith(f"{link['name']} "))
        assert float(text.split()[1]) == pytest.approx(link["mbps"], rel=1e-3)
    assert list(data["links"][0]["stages"]) == ["source", "encoder", "channel", "decoder", "count"]
    assert all(len(text) <= 80 for text in shown)
    assert "1 thread, 0.05 s" in shown[0]
    assert "For comparison: NumPy" in shown[-1]
    assert [file.name for file in tmp_path.iterdir()] == ["result.json"]
    assert read_result(Path("result.json")).mbps["uncoded"] == data["links"][0]["mbps"]


def test_a_family_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--seconds", "0.01", "--family", "universal"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [text.split()[0] for text in shown[2:-1]] == list(universal.BENCH)


def test_links_in_the_order_asked_for_and_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    options = [text for name in ("repetition", "uncoded", "repetition") for text in ("--link", name)]
    assert main(["bench", "--seconds", "0.01", "--workers", "2", *options]) == 0
    shown = capsys.readouterr().out
    assert "2 threads" in shown
    assert [text.split()[0] for text in shown.splitlines()[2:-1]] == ["repetition", "uncoded"]


def made(mbps: dict[str, float], normal: float, workers: int = 1) -> Benchmark:
    """A result as if it had been measured."""
    links = (
        Measured(
            name, 2000, 1000, 3.0, workers, Tally(frames=10, frame_errors=1, iterations=25),
            speed * 1000, 1.5, {"source": 0.1, "encoder": 0, "channel": 0.2, "decoder": 0.7},
        )
        for name, speed in mbps.items()
    )  # fmt: skip
    return Benchmark(workers, normal, tuple(links))


def test_the_line_of_a_link() -> None:
    (measured,) = made({"some-link": 50.0}, 5.0, workers=2).links
    assert line(measured) == "some-link           50.00   20.0  2.50 1.00e-01      10    0    20   70     0"


def test_results_of_two_machines(tmp_path: Path) -> None:
    """The second is twice as fast at everything, and three times at one link."""
    before, now = {"a": 10.0, "b": 20.0, "c": 1.0}, {"b": 60.0, "a": 20.0, "d": 7.0}
    file = tmp_path / "before.json"
    file.write_text(json.dumps(made(before, normal=8.0).as_dict()))
    text = list(comparison_lines(made(now, normal=4.0, workers=2), read_result(file)))
    assert text[1] == f"Compared with {file}, where NumPy's sample takes 8.00 ns:"
    assert [row.split() for row in text[3:]] == [
        ["b", "20.00", "60.00", "3.00", "1.50"],
        ["a", "10.00", "20.00", "2.00", "1.00"],
        ["only", "here:", "d"],
        ["only", "there:", "c"],
        ["threads:", "1", "there,", "2", "here"],
    ]
    nothing = list(comparison_lines(made({"e": 1.0}, normal=4.0), read_result(file)))
    assert nothing[2:] == ["no link is in both", "only here: e", "only there: a, b, c"]


def test_compared_with_an_earlier_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which may be the file that the new one replaces."""
    file = tmp_path / "result.json"
    file.write_text(json.dumps(made({"uncoded": 100.0, "gone": 1.0}, normal=5.0).as_dict()))
    options = ["--link", "uncoded", "--seconds", "0.01", "--json", str(file), "--vs", str(file)]
    assert main(["bench", *options]) == 0
    shown = capsys.readouterr().out
    after = read_result(file)
    _, there, here, ratio, machines = shown.splitlines()[-2].split()
    assert float(there) == 100
    assert float(here) == pytest.approx(after.mbps["uncoded"], rel=1e-3)
    assert float(ratio) == pytest.approx(after.mbps["uncoded"] / 100, rel=0.01)
    expected = after.mbps["uncoded"] / 100 * after.numpy_normal_ns / 5
    assert float(machines) == pytest.approx(expected, rel=0.01)
    assert shown.splitlines()[-1] == "only there: gone"
    assert list(after.mbps) == ["uncoded"]


GOOD: dict[str, Any] = {"numpy_normal_ns": 5, "workers": 1, "links": [{"name": "uncoded", "mbps": 3}]}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read: No such file or directory"),
        ("", "this is no JSON"),
        ("{", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("\udcff", "cannot be read: this is not a text file in UTF-8"),
        ("[1, 2]", "an object with 'links' should stand where [1, 2] does"),
        ({}, "'links' is missing"),
        (GOOD | {"links": {}}, "'links' must be a list, found {}"),
        (GOOD | {"links": [3]}, "an object with 'name' should stand where 3 does"),
        (GOOD | {"links": [{"name": "a"}]}, "'mbps' is missing"),
        (GOOD | {"links": [{"name": None, "mbps": 1}]}, "'name' must be a text, found null"),
        (GOOD | {"links": [{"name": "a", "mbps": 0}]}, "'mbps' must be a positive number, found 0"),
        (GOOD | {"links": [{"name": "a", "mbps": math.nan}]}, "'mbps' must be a positive number, found NaN"),
        (GOOD | {"links": [{"name": "a", "mbps": 10**400}]}, "'mbps' must be a positive number"),
        (GOOD | {"links": [{"name": "a", "mbps": True}]}, "'mbps' must be a positive number, found true"),
        (GOOD | {"links": GOOD["links"] * 2}, "a link stands in it twice"),
        (GOOD | {"workers": 0}, "'workers' must be at least 1, found 0"),
        (GOOD | {"workers": 1.5}, "'workers' must be a whole number, found 1.5"),
        (GOOD | {"numpy_normal_ns": -1}, "'numpy_normal_ns' must be a positive number, found -1"),
        (GOOD | {"numpy_normal_ns": "5"}, "'numpy_normal_ns' must be a positive number, found \"5\""),
    ],
)
def test_what_is_no_result_is_told(
    content: Any, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "before.json"
    if content is not None:
        text = content if isinstance(content, str) else json.dumps(content)
        file.write_bytes(text.encode(errors="surrogateescape"))
    assert main(["bench", "--link", "uncoded", "--vs", str(file)]) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"capgap: {file}: ")
    assert message in told.err
    assert len(told.err.splitlines()) == 1
    assert not told.out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--family", "ldcp"],
            "there is no family 'ldcp'. Did you mean 'ldpc'? Known: elementary, universal, matching, detection, ldpc",
        ),
        (["--link", "spc_ml"], "there is no link 'spc_ml'. Did you mean 'spc-ml'? Known: uncoded, "),
        (["--link", "wimaxnms"], "there is no link 'wimaxnms'. Did you mean 'wimax-nms'? Known: uncoded, "),
        (["--seconds", "0"], "--seconds must be positive, got 0"),
        (["--seconds", "-1"], "--seconds must be positive, got -1"),
        (["--seconds", "nan"], "--seconds must be positive, got nan"),
        (["--seconds", "inf"], "--seconds must be positive and finite, got inf"),
        (["--workers", "0"], "--workers must be at least 1, got 0"),
        (["--json", "."], ".: the result cannot be written here: this is a folder"),
        (["--json", "no/result.json"], "no/result.json: the folder no does not exist"),
        (["--json", f"{'n' * 300}"], "the result cannot be written here: File name too long"),
        (["--vs", "."], ".: cannot be read: Is a directory"),
    ],
)
def test_bad_input_is_told_before_anything_is_measured(
    options: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["bench", *options]) == 2
    told = capsys.readouterr()
    assert told.err.startswith("capgap: ")
    assert message in told.err
    assert not told.out
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_any_more(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()

    def show(text: str) -> None:
        if folder.exists():
            folder.rmdir()

    with pytest.raises(InputError, match="the result cannot be written: No such file"):
        benchmark(["uncoded"], seconds=0.01, json=folder / "result.json", show=show)


def test_compiling_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(bench, "PATIENCE", 0.0)
    benchmark(["wimax-nms"], seconds=0.01, tell=told.append)
    assert told == ["wimax-nms: compiling what it needs, which is kept for the next time"]


def test_ctrl_c_within_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The blocks under way are finished, and what was measured until then is told and written."""
    begun = threading.Event()

    class Watched(bench._Blocks):
        def next(self) -> int:
            if self.given:
                begun.set()
            return super().next()

    def interrupted(threads: Sequence[Any], timeout: float) -> None:
        assert begun.wait(60)
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "_Blocks", Watched)
    monkeypatch.setattr(bench, "wait", interrupted)
    file = tmp_path / "result.json"
    options = ["--link", "repetition", "--link", "uncoded", "--seconds", "600", "--json", str(file)]
    assert main(["bench", *options]) == 130
    told = capsys.readouterr()
    assert [text.split()[0] for text in told.out.splitlines()[2:]] == ["repetition", "For"]
    assert told.err.splitlines()[-1] == "capgap: interrupted"
    (link,) = json.loads(file.read_text())["links"]
    made, point = build("repetition")
    expected = Tally.of(made.simulate(point, 0, link["frames"]))
    assert link["bit_errors"] == expected.bit_errors


def test_ctrl_c_before_anything_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An old result stays."""

    def interrupted(name: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "build", interrupted)
    file = tmp_path / "result.json"
    file.write_text("an old one")
    assert main(["bench", "--json", str(file)]) == 130
    assert file.read_text() == "an old one"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of Unix")
def test_ctrl_c_as_a_user_gives_it(tmp_path: Path) -> None:
    """SIGINT while the second link is compiled or measured: status 130, no traceback, the first one kept."""
    file = tmp_path / "result.json"
    links = [text for name in itertools.islice(LINKS, 3) for text in ("--link", name)]
    command = [
        sys.executable,
        "-m",
        "capgap.simulate",
        "bench",
        *links,
        "--seconds",
        "1",
        "--json",
        str(file),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None
    shown = ""
    while "\nuncoded" not in shown:
        text = process.stdout.readline()
        assert text, shown
        shown += text
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert told.splitlines()[-1] == "capgap: interrupted"
    assert "Traceback" not in told
    assert "For comparison: NumPy" in rest
    assert json.loads(file.read_text())["links"][0]["name"] == "uncoded"
