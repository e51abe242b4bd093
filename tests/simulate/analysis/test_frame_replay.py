"""Frames made again: what is told of them adds up to what was counted, and is refused where it would not."""

import csv
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.codes import HammingCode
from capgap.simulate import InputError, load_config, load_results, run
from capgap.simulate.analysis.frame_replay import DETECTED, DOUBTED, UNDETECTED, Replay, replay
from capgap.simulate.results.rows import FILE, Row, format_results
from rich.console import Console

from tests.lazy import but_slow
from tests.simulate.conftest import small_config

pytestmark = pytest.mark.usefixtures("plain_figures")

PLOT = {"formats": ["svg"], "limits": [], "y": ["fer"]}
HAMMING: dict[str, Any] = {"type": "hamming", "r": 3}
LDPC: dict[str, Any] = {"type": "ldpc", "n": 48, "k": 24, "column_weight": 3}
LINKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "hard": ({"type": "uncoded", "k": 10}, {"type": "hard"}),
    "majority": ({"type": "repetition", "n": 6, "k": 2}, {"type": "majority"}),
    "majority, hard": ({"type": "repetition", "n": 6, "k": 2}, {"type": "majority", "input": "hard"}),
    "syndrome": (HAMMING, {"type": "syndrome"}),
    "syndrome, extended": ({**HAMMING, "extended": True}, {"type": "syndrome"}),
    "ml": (HAMMING, {"type": "ml"}),
    "ml, hard": (HAMMING, {"type": "ml", "input": "hard"}),
    "bp": (LDPC, {"type": "bp", "iterations": 8}),
    "bp, punctured": ({**LDPC, "puncture": [0, 9]}, {"type": "bp", "algorithm": "min-sum", "iterations": 8}),
    "bp, Hamming": (HAMMING, {"type": "bp", "schedule": "layered", "iterations": 8, "stop": "none"}),
}
CHANNELS = ({"type": "bsc", "f": 0.08}, {"type": "bec", "epsilon": 0.35}, {"type": "awgn", "ebno_db": 1.5})
CURVES = [
    {"label": f"{name}, {channel['type']}", "code": code, "decoder": decoder, "channel": channel}
    for name, (code, decoder) in LINKS.items()
    for channel in CHANNELS
]


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of every decoder over every channel."""
    folder = tmp_path_factory.mktemp("every")
    config = {
        "name": "every",
        "seed": 3,
        "curves": CURVES,
        "stop": {"frame_errors": 70, "frames": 5000},
        "plot": PLOT,
    }
    run(config, out=folder)
    return folder


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the small configuration, not to be changed."""
    folder = tmp_path_factory.mktemp("small")
    run(small_config(plot=PLOT), out=folder)
    return folder


@pytest.fixture
def small(simulated: Path, tmp_path: Path) -> Path:
    """Results of the small configuration."""
    shutil.copytree(simulated, tmp_path / "small")
    return tmp_path / "small"


@pytest.fixture
def config() -> dict[str, Any]:
    """The small configuration with a figure that is soon drawn."""
    return small_config(plot=PLOT)


def rows_of(folder: Path) -> dict[str, Row]:
    return {row.curve: row for row in load_results(folder)}


def printed(replayed: Replay, **options: Any) -> str:
    out = io.StringIO()
    Console(width=100, file=out).print(replayed.report(**options))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


@pytest.mark.parametrize("curve", but_slow(CURVES, CURVES[::4]), ids=lambda curve: curve["label"])
def test_the_failed_frames_add_up_to_the_row(every: Path, curve: dict[str, Any]) -> None:
    row = rows_of(every)[curve["label"]]
    assert row.frame_errors >= 40
    replayed = replay(every, row.curve, row.value, failed=row.frame_errors)
    frames = replayed.frames
    assert len(frames) == row.frame_errors
    assert [frame.number for frame in frames] == sorted({frame.number for frame in frames})
    assert frames[-1].number < row.frames
    assert sum(frame.bit_errors for frame in frames) == row.bit_errors
    assert sum(frame.bit_errors**2 for frame in frames) == row.bit_errors_squared
    assert sum(frame.ok for frame in frames) == row.undetected_errors
    assert sum(frame.outcome == UNDETECTED for frame in frames) == row.undetected_errors
    assert sum(frame.outcome == DETECTED for frame in frames) == row.frame_errors - row.undetected_errors
    assert replayed.notes == ()


@pytest.mark.parametrize(
    "curve",
    [
        pytest.param(curve, marks=pytest.mark.slow if i % 3 else [], id=str(curve["label"]))
        for i, curve in enumerate(CURVES)
    ],
)
def test_a_frame_alone_is_the_frame_in_company(every: Path, curve: dict[str, Any]) -> None:
    row = rows_of(every)[curve["label"]]
    link = next(c.link for c in load_config(every / "config.yaml").curves if c.link.label == row.curve)
    together = link.send(link.at(row.value), 0, row.frames)
    assert together.result.iterations.sum() == row.iterations
    trace = link.decoder.trace(together.llr)
    failed = replay(every, row.curve, row.value, failed=70).frames
    alone = [replay(every, row.curve, row.value, frame=n).frames[0] for n in (0, failed[-1].number)]
    for frame in (*failed, *alone):
        n = frame.number
        np.testing.assert_array_equal(frame.bits, together.bits[n])
        np.testing.assert_array_equal(frame.word, together.word[n])
        np.testing.assert_array_equal(frame.received, together.received[n])
        np.testing.assert_array_equal(frame.llr, together.llr[n])
        np.testing.assert_array_equal(frame.decoded, together.result.bits[n])
        assert (frame.ok, frame.iterations) == (together.result.ok[n], together.result.iterations[n])
        assert frame.erasures == sum(x == 0 for x in frame.llr)
        assert frame.channel_errors == sum(
            x != 0 and (x < 0) != bit for x, bit in zip(frame.llr, frame.word, strict=True)
        )
        assert frame.erasures == 0 or "bec" in row.curve
        assert frame.channel_errors == 0 or "bec" not in row.curve
        assert frame.wrong_bits == [i for i in range(row.k) if frame.bits[i] != frame.decoded[i]]
        again = link.code.encode(frame.decoded[None])[0]
        assert frame.distance == (again != frame.word).sum()
        if trace is None:
            assert frame.unsatisfied.size == frame.undecided.size == 0
            continue
        np.testing.assert_array_equal(frame.unsatisfied, trace.unsatisfied[: frame.iterations + 1, n])
        np.testing.assert_array_equal(frame.undecided, trace.undecided[: frame.iterations + 1, n])
        assert len(frame.unsatisfied) == frame.iterations + 1
        if row.decoder.startswith("bp"):
            assert frame.ok == (frame.unsatisfied[-1] == frame.undecided[-1] == 0)
    assert (trace is None) == row.decoder.startswith("hard")


def test_a_hamming_code_makes_undetected_errors(every: Path) -> None:
    replayed = replay(every, "syndrome, bsc", 0.08, failed=5)
    codewords = HammingCode(r=3)
    for frame in replayed.frames:
        assert frame.outcome == UNDETECTED
        assert frame.distance >= codewords.minimum_distance() == 3
        assert frame.channel_errors >= 2
    text = printed(replayed)
    assert text.count("UNDETECTED error") == 5
    assert "brackets" not in text
    first = replayed.frames[0]
    assert [f"{first.number}", "UNDETECTED", "error", f"{first.channel_errors}", f"{first.bit_errors}",
            f"{first.distance}", "0"] in [line.split() for line in text.splitlines()]  # fmt: skip


def test_the_report_follows_the_iterations(every: Path) -> None:
    replayed = replay(every, "bp, punctured, awgn", 1.5, failed=30)
    frame = next(frame for frame in replayed.frames if frame.outcome == DETECTED)
    text, plain = printed(replayed), printed(replayed, unicode=False)
    course = " ".join(map(str, frame.unsatisfied))
    (drawn,) = re.findall(rf"unsatisfied of 24 checks  {course}  (\S+)", text)  # as high as the most
    assert drawn.index("█") == frame.unsatisfied.argmax()
    assert f"unsatisfied of 24 checks  {course}\n" in plain
    assert plain.isascii()
    assert "undecided variables" in text
    assert f"({frame.distance})" in text
    assert "distance in brackets" in text
    assert replayed.key in text


def test_long_courses_are_abbreviated(config: dict[str, Any], tmp_path: Path) -> None:
    decoder = {"type": "bp", "algorithm": "min-sum", "iterations": 120}
    config["curves"] = [{"label": "[red]x[/red]", "code": LDPC, "decoder": decoder}]
    run({**config, "stop": {"frame_errors": 3}}, out=tmp_path)
    replayed = replay(tmp_path, "[red]x[/red]", 1, failed=3)
    assert max(frame.iterations for frame in replayed.frames) == 120
    text = printed(replayed)
    assert "[red]x[/red]" in text
    assert " … " in text
    assert max(map(len, text.splitlines())) <= 100
    assert " ... " in printed(replayed, unicode=False)


def test_a_coin_that_fell_well_is_doubted(every: Path) -> None:
    frames = [replay(every, "majority, bec", 0.35, frame=n).frames[0] for n in range(30)]
    doubted = [frame for frame in frames if frame.outcome == DOUBTED]
    assert doubted
    assert all(frame.erasures and not frame.bit_errors for frame in doubted)


def test_one_failed_frame_unless_asked_otherwise(every: Path) -> None:
    one = replay(every, "ml, awgn", 1.5)
    assert [frame.number for frame in one.frames] == [
        frame.number for frame in replay(every, "ml, awgn", 1.5, failed=3).frames
    ][:1]
    assert one.frames[0].bit_errors > 0


def test_values_as_people_type_them(config: dict[str, Any], tmp_path: Path) -> None:
    channel = {"type": "bsc", "f": [1 / 9, 0.1 + 0.2]}
    run({**config, "channel": channel, "curves": config["curves"][:1]}, out=tmp_path)
    assert replay(tmp_path, "Uncoded", 0.111111).value == 1 / 9
    assert replay(tmp_path, "Uncoded", 0.3).value == 0.1 + 0.2
    assert replay(tmp_path / FILE, "Uncoded", 0.3).value == 0.1 + 0.2


def test_points_of_a_search_are_found(config: dict[str, Any], tmp_path: Path) -> None:
    curves = [{"label": "H", "code": HAMMING, "channel": {"type": "awgn"}}]
    searched = {**config, "curves": curves, "channel": None, "target": {"fer": 0.1, "within": 0.5}}
    results = run(searched, out=tmp_path)
    for row in results:
        assert len(replay(tmp_path, "H", row.value, failed=10**9).frames) == row.frame_errors
    with pytest.raises(InputError, match="'H' has no point at ebno_db = 77"):
        replay(tmp_path, "H", 77)


def test_more_frames_than_there_are(every: Path) -> None:
    row = rows_of(every)["hard, awgn"]
    replayed = replay(every, row.curve, row.value, failed=10**6)
    assert len(replayed.frames) == row.frame_errors
    assert replayed.notes == (f"the point has {row.frame_errors} wrong frames, not 1,000,000",)
    beyond = replay(every, row.curve, row.value, frame=2**63 - 1)
    assert beyond.frames[0].number == 2**63 - 1
    assert "was not counted" in beyond.notes[0]
    assert f"0 to {row.frames - 1}" in printed(beyond)
    assert replay(every, row.curve, row.value, frame=row.frames - 1).notes == ()
    assert replay(every, row.curve, row.value, frame=row.frames).notes != ()


def test_everything_as_plain_data(every: Path) -> None:
    row = rows_of(every)["bp, bec"]
    replayed = replay(every, row.curve, row.value, failed=2)
    data = json.loads(json.dumps(replayed.as_dict()))
    assert (data["curve"], data["value"], data["key"], data["seed"]) == (row.curve, row.value, row.key, 3)
    assert [each["frame"] for each in data["frames"]] == [frame.number for frame in replayed.frames]
    assert data["frames"][0]["outcome"] == replayed.frames[0].outcome
    assert data["frames"][0]["syndrome_weights"] == replayed.frames[0].unsatisfied.tolist()
    assert data["frames"][0]["bit_errors"] == len(data["frames"][0]["wrong_bits"])
    assert data["checks"] == 24


# Saved frames


@pytest.mark.parametrize("curve", ["bp, awgn", "bp, bec", "syndrome, bsc", "hard, awgn"])
def test_saved_frames_read_back(every: Path, tmp_path: Path, curve: str) -> None:
    row = rows_of(every)[curve]
    replayed = replay(every, curve, row.value, failed=30, save=tmp_path / "frames")
    with np.load(tmp_path / "frames.npz", allow_pickle=False) as file:
        saved = dict(file)
    for name in ("curve", "code", "decoder", "channel", "parameter", "value", "n", "k", "key"):
        assert saved[name][()] == getattr(row, name)
    assert saved["seed"] == 3
    frames = replayed.frames
    assert saved["frame"].tolist() == [frame.number for frame in frames]
    for name in ("bits", "word", "received", "llr", "decoded", "ok", "iterations", "distance"):
        expected = np.array([getattr(frame, name) for frame in frames])
        np.testing.assert_array_equal(saved[name], expected)
    assert [saved[name].dtype for name in ("bits", "word", "llr", "decoded", "ok", "iterations")] == [
        np.uint8, np.uint8, np.float32, np.uint8, np.bool_, np.int32,
    ]  # fmt: skip
    for name, attribute in (("syndrome_weights", "unsatisfied"), ("undecided", "undecided")):
        for kept, frame in zip(saved[name], frames, strict=True):
            course = getattr(frame, attribute)
            np.testing.assert_array_equal(kept[: len(course)], course)
            assert (kept[len(course) :] == -1).all()
    link = next(c.link for c in load_config(every / "config.yaml").curves if c.link.label == curve)
    np.testing.assert_array_equal(link.code.encode(saved["bits"]), saved["word"])
    before = (tmp_path / "frames.npz").read_bytes()
    assert replayed.save(str(tmp_path / "frames.npz")) == tmp_path / "frames.npz"
    assert (tmp_path / "frames.npz").read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["frames.npz"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none/frames.npz", "the folder .*none does not exist"),
        ("frames.csv", "ends with .npz"),
        ("", "ends with .npz|does not exist"),
        ("folder.npz", "ends with .npz"),
    ],
)
def test_where_frames_cannot_be_saved(every: Path, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "folder.npz").mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match=message):
        replay(every, "ml, awgn", 1.5, save=str(tmp_path / name) if name else "/")
    assert sorted(tmp_path.iterdir()) == before


def test_python_objects_are_not_saved(every: Path, tmp_path: Path) -> None:
    frame = replay(every, "ml, awgn", 1.5)
    object.__setattr__(frame.frames[0], "received", np.array([None]))
    with pytest.raises(InputError, match="Python objects"):
        frame.save(tmp_path / "x.npz")
    assert not list(tmp_path.iterdir())


def test_a_write_that_fails_is_told(every: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("capgap.simulate.analysis.frame_replay.write_atomically", full)
    with pytest.raises(InputError, match=r"x.npz: cannot be written: No space left"):
        replay(every, "ml, awgn", 1.5, save=tmp_path / "x.npz")


# What is refused


@pytest.mark.parametrize(
    ("curve", "at", "options", "message"),
    [
        ("Haming", 1, {}, "no curve 'Haming'. Did you mean 'Hamming'. The curves are 'Uncoded', 'Hamming', 'LDPC'"),
        ("Hamming", 1.5, {}, r"'Hamming' has no point at ebno_db = 1.5. .* it has 1, 4"),
        ("Hamming", 3.5, {}, r"Did you mean 4\?"),
        ("Hamming", float("nan"), {}, "no point at ebno_db = nan"),
        ("Hamming", 1, {"frame": -1}, r"frame must be a number from 0 to 2\^63 - 1, got -1"),
        ("Hamming", 1, {"frame": 2**63}, r"frame must be a number from 0 to 2\^63 - 1, got 9223372036854775808"),
        ("Hamming", 1, {"failed": 0}, "failed must be at least 1, got 0"),
        ("Hamming", 1, {"failed": 1, "frame": 1}, "not both"),
    ],
)  # fmt: skip
def test_what_there_is_not(small: Path, curve: str, at: float, options: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        replay(small, curve, at, **options)


def test_no_results(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there are no results here"):
        replay(tmp_path, "x", 1)


def test_no_configuration(small: Path) -> None:
    (small / "config.yaml").unlink()
    with pytest.raises(InputError, match=r"there is no config.yaml"):
        replay(small, "Hamming", 1)


def test_a_changed_configuration(small: Path) -> None:
    file = small / "config.yaml"
    file.write_text(file.read_text().replace("seed: 5", "seed: 6", 1))
    with pytest.raises(InputError, match=r"are not those of config.yaml"):
        replay(small, "Hamming", 1)


def test_a_changed_file(config: dict[str, Any], tmp_path: Path) -> None:
    matrix = tmp_path / "h.txt"
    matrix.write_text("1 1 0\n0 1 1\n")
    config["curves"] = [{"label": "F", "code": {"type": "linear", "parity_check": str(matrix)}}]
    run(config, out=tmp_path / "r")
    # The folders may move together: names of files are relative to the results.
    (tmp_path / "moved").mkdir()
    shutil.move(tmp_path / "r", tmp_path / "moved" / "r")
    shutil.copy(matrix, tmp_path / "moved")
    assert replay(tmp_path / "moved" / "r", "F", 1).frames[0].bit_errors
    (tmp_path / "moved" / "h.txt").write_text("1 1 0\n1 0 1\n")
    with pytest.raises(InputError, match=r"are not those of config.yaml"):
        replay(tmp_path / "moved" / "r", "F", 1)


def test_points_that_were_not_simulated(small: Path) -> None:
    results = load_results(small)
    kept = [row for row in results if row.curve != "LDPC" and (row.curve, row.value) != ("Hamming", 4)]
    (small / FILE).write_text(format_results(tuple(kept)))
    with pytest.raises(InputError, match="no frame of 'Hamming' was simulated at ebno_db = 4"):
        replay(small, "Hamming", 4)
    with pytest.raises(InputError, match="no frame of 'LDPC' was simulated at ebno_db = 1"):
        replay(small, "LDPC", 1)
    with pytest.raises(InputError, match=r"no frame of 'LDPC' was simulated$"):
        replay(small, "LDPC", 2)


def test_many_values_are_not_all_listed(config: dict[str, Any], tmp_path: Path) -> None:
    sweep = {"start": 0, "stop": 3, "step": 0.1}
    channel = {"type": "awgn", "ebno_db": sweep}
    run({**config, "channel": channel, "curves": config["curves"][:1], "stop": {"frames": 10}}, out=tmp_path)
    with pytest.raises(InputError, match=r"the 20 nearest of its 31 points are 0, 0\.1, .*1\.9$"):
        replay(tmp_path, "Uncoded", 0.04)


def test_a_point_without_errors(config: dict[str, Any], tmp_path: Path) -> None:
    channel = {"type": "awgn", "ebno_db": 12}
    run({**config, "channel": channel, "stop": {"frames": 50}}, out=tmp_path)
    with pytest.raises(InputError, match="'Hamming' has no wrong frame at ebno_db = 12, among 50"):
        replay(tmp_path, "Hamming", 12)
    assert replay(tmp_path, "Hamming", 12, frame=3).frames[0].outcome == "correct"


def test_counts_that_come_out_otherwise(small: Path) -> None:
    """A row that claims errors that its frames do not have: the search ends with the frames."""
    with (small / FILE).open(newline="") as file:
        rows = list(csv.reader(file))
    names = ("frames", "frame_errors", "bit_errors", "bit_errors_squared", "fer", "ber", "k")
    frames, errors, bits, squares, fer, ber, k = (rows[0].index(name) for name in names)
    row = next(row for row in rows if row[0] == "Hamming")
    row[errors] = str(int(row[errors]) + 1)
    row[bits], row[squares] = str(int(row[bits]) + 1), str(int(row[squares]) + 1)
    row[fer] = repr(int(row[errors]) / int(row[frames]))
    row[ber] = repr(int(row[bits]) / (int(row[frames]) * int(row[k])))
    with (small / FILE).open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    assert len(replay(small, "Hamming", 1, failed=40).frames) == 40
    with pytest.raises(InputError, match=r"has 41 wrong frames among .* but only 40"):
        replay(small, "Hamming", 1, failed=41)


def test_all_parts_of_a_link_are_told(tmp_path: Path) -> None:
    curve = {
        "label": "A",
        "code": {"type": "convolutional", "generators": [5, 7], "k": 10},
        "decoder": {"type": "bcjr"},
        "interleaver": "random",
        "modulation": {"type": "qam", "order": 16},
        "receiver": {"type": "iterative", "rounds": 2},
    }
    config = {"name": "parts", "channel": {"type": "awgn", "ebno_db": [0]}, "curves": [curve], "plot": PLOT}
    run({**config, "stop": {"frames": 64}}, out=tmp_path / "parts")
    found = replay(tmp_path / "parts", "A", 0)
    assert found.interleaver == "random"
    told = " ".join(printed(found).split())
    assert "interleaver random, qam(order=16, demapper=exact), bcjr(" in told
    assert "receiver iterative(rounds=2), awgn;" in told
