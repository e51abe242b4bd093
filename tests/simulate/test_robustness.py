"""Whatever is given: it works, or one InputError says why. Nothing else, and nothing half-written."""

import json
from pathlib import Path
from typing import Any

import pytest
from capgap.simulate import InputError, check, load_config, load_plugin, load_results, plot, run
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.yaml_file import dump_yaml
from capgap.simulate.registry import registry

pytestmark = pytest.mark.usefixtures("plain_figures")


def test_curves_over_different_parameters_get_a_figure_each(config: dict[str, Any], tmp_path: Path) -> None:
    config["curves"][0]["channel"] = {"type": "bsc", "f": [0.1, 0.2]}
    run(config, out=tmp_path)
    assert {file.name for file in tmp_path.glob("*.png")} == {"small-f.png", "small-ebno_db.png"}
    assert len(plot([tmp_path])) == 4


def test_a_rate_figure_that_cannot_be_is_refused_before_the_run(
    config: dict[str, Any], tmp_path: Path
) -> None:
    for channel in ({"type": "awgn", "ebno_db": 1}, {"type": "bsc", "f": [0.1, 0.2]}):
        with pytest.raises(InputError, match="x: rate needs"):
            run({**config, "channel": channel, "plot": {"x": "rate"}}, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()
    for channel in ({"type": "bsc", "f": 0.5}, {"type": "bec", "epsilon": 1}):
        run({**config, "channel": channel, "plot": {"x": "rate"}}, out=tmp_path / str(channel["type"]))


@pytest.mark.parametrize(
    "label", ["[/x]", "a [n=7] x", "_hidden", "50 %", "<b>", "a,b\"c'd", "ä → β", "$", "\\"]
)
def test_odd_labels(config: dict[str, Any], tmp_path: Path, label: str) -> None:
    config["curves"][0]["label"] = label
    results = run(config, out=tmp_path)
    assert load_results(tmp_path).rows == results.rows


@pytest.mark.parametrize("label", ["a\rb", "a\nb", "\x07", ""])
def test_labels_that_tables_cannot_hold_are_refused(config: dict[str, Any], label: str) -> None:
    config["curves"][0]["label"] = label
    with pytest.raises(InputError, match="label"):
        load_config(config)


def test_what_is_run_can_be_read_again(tmp_path: Path) -> None:
    """Swept names of files with line breaks; long names are cut, and labels longer than cells may be refused."""
    names = ["a\nb.alist", "x" * 200 + ".alist"]
    for name in names:
        (tmp_path / name).write_text("3 2\n2 2\n1 2 1\n2 2\n1 0\n1 2\n2 0\n1 2\n2 3\n")
    (tmp_path / "c.yaml").write_text(
        "name: a\nchannel: {type: bsc, f: 0.1}\nstop: {frames: 50}\nplot: {formats: [png]}\n"
        "curves: [{label: A, code: {type: ldpc}, sweep: {code.alist: " + json.dumps(names) + "}}]\n"
    )
    first = run(tmp_path / "c.yaml", out=tmp_path / "r")
    assert [row.curve for row in first] == [r"A, alist = a\nb.alist", f"A, alist = {'x' * 97}..."]
    assert run(tmp_path / "c.yaml", out=tmp_path / "r").rows == first.rows
    assert load_results(tmp_path / "r").rows == first.rows
    assert run(tmp_path / "r" / "config.yaml", out=tmp_path / "r").rows == first.rows
    with pytest.raises(InputError, match="label must have at most 1000 characters, has 1001"):
        load_config(one_curve(label="x" * 1001))
    with pytest.raises(InputError, match="label must have at most 1000 characters, has"):
        load_config(one_curve(label="x" * 999, sweep={"code.r": [3, 4]}))


def test_rows_that_were_written_before_are_read(tmp_path: Path) -> None:
    """Descriptions held line breaks once. Names never did."""
    run(one_curve(), out=tmp_path)
    file = tmp_path / "results.csv"
    text = file.read_text()
    file.write_text(text.replace('"hamming(r=3,', '"hamming(r=\n3,'))
    assert load_results(tmp_path).rows[0].code == r"hamming(r=\n3, extended=false, shorten=0)"
    file.write_text(text.replace("\na,", '\n"a\nb",', 1))
    with pytest.raises(InputError, match="curve must not contain line breaks"):
        load_results(tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 16**20_000}, "seed: this cannot be read as a number"),
        ({"name": ["x"] * 3}, "name must be text"),
        ({"channel": {"type": "bsc", "f": 10**400}}, "f must be a number"),
    ],
)
def test_data_from_python_is_within_the_limits_for_files(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        load_config({**one_curve(), **changes})
    itself: dict[str, Any] = one_curve()
    itself["curves"][0]["code"]["a"] = itself
    with pytest.raises(InputError, match="a value that holds itself"):
        load_config(itself)


@pytest.mark.real_figures
def test_labels_of_two_runs_are_told_apart(config: dict[str, Any], tmp_path: Path) -> None:
    run(config, out=tmp_path / "one")
    run(config, out=tmp_path / "two", seed=9)
    (file,) = plot([tmp_path / "one", tmp_path / "two"], tmp_path / "both.svg")
    assert {"Hamming (one)", "Hamming (two)"} <= {
        text for text in ("Hamming (one)", "Hamming (two)") if text in file.read_text()
    }


def test_a_configuration_is_not_replaced_by_its_resolved_self(
    config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = "# mine\n" + dump_yaml(config)
    Path("config.yaml").write_text(text)
    assert main(["run", "config.yaml", "--out", ".", "--quiet"]) == 2
    assert Path("config.yaml").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


@pytest.mark.parametrize("name", ["config.yaml", "small.png", "run.json"])
def test_a_folder_in_the_place_of_a_file(config: dict[str, Any], tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        run(config, out=tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        run(config, out=tmp_path / ("x" * 300))


WRONG = '''
import numpy as np
from capgap.channels import BSC
from capgap.codes import Code, Decoder, DecodeResult, HammingCode, SyndromeDecoder
from capgap.simulate import register_channel, register_code, register_decoder


@register_decoder("wrong")
class Wrong(SyndromeDecoder):
    """Wrong in one way."""
    def __init__(self, code, *, how: str):
        super().__init__(code)
        self.how = how
    def decode(self, llr):
        if self.how == "nothing":
            return None
        if self.how == "raises":
            raise KeyError("x")
        result = super().decode(llr)
        bits = {"short": result.bits[:1, :1], "wide": result.bits.astype(int), "large": result.bits * 255}
        return DecodeResult(bits[self.how], result.ok, result.iterations)


@register_code("broken")
class Broken(HammingCode):
    """Cannot be built, or encodes to nothing."""
    def __init__(self, *, how: str = "key"):
        if how == "key":
            raise KeyError("x")
        super().__init__(r=3)
    def encode(self, bits):
        return None


@register_code("rated")
class Rated(HammingCode):
    """Has a parameter called rate."""
    def __init__(self, *, rate: float):
        super().__init__(r=3)


@register_channel("silent")
class Silent(BSC):
    """Answers nothing."""
    def transmit(self, word, stream):
        return None
'''


@pytest.fixture
def wrong_classes(tmp_path: Path, clean_registry: None) -> None:
    (tmp_path / "wrong.py").write_text(WRONG)
    load_plugin(str(tmp_path / "wrong.py"))


def one_curve(**changes: Any) -> dict[str, Any]:
    return {
        "name": "a",
        "channel": {"type": "bsc", "f": 0.1},
        "curves": [{"label": "a", "code": {"type": "hamming", "r": 3}, **changes}],
        "stop": {"frames": 100},
    }


@pytest.mark.usefixtures("wrong_classes")
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("nothing", "decode returned NoneType, not a DecodeResult"),
        ("raises", r"wrong.py:\d+: simulating 'a' at f = 0.1 fails: KeyError"),
        ("short", r"decode's bits should be uint8 \(1, 4\), got uint8 \(1, 1\)"),
        ("wide", "decode's bits should be uint8"),
        ("large", "decode's bits should be 0 or 1, got 255"),
    ],
)
def test_wrong_decoders_are_told_and_leave_nothing(how: str, words: str, tmp_path: Path) -> None:
    config = one_curve(decoder={"type": "wrong", "how": how})
    with pytest.raises(InputError, match=words):
        run(config, out=tmp_path / "r")
    assert not (tmp_path / "r").exists()
    (tmp_path / "there").mkdir()
    with pytest.raises(InputError, match=words):
        run(config, out=tmp_path / "there")
    assert not list((tmp_path / "there").iterdir())  # and the folder, which was the user's, stays
    assert check("wrong", [f"how={how}"])


@pytest.mark.usefixtures("wrong_classes")
def test_other_wrong_classes() -> None:
    for code in ({"type": "broken"}, {"type": "broken", "how": "encode"}):
        with pytest.raises(InputError):
            run(one_curve(code=code), save=False)
    with pytest.raises(InputError):
        run(one_curve(channel={"type": "silent", "f": 0.1}), save=False)
    assert "encode should return a NumPy array" in check("broken", ["how=encode"])[0]
    assert "transmit should return an array" in check("silent", ["f=0.1"])[0]
    assert run(one_curve(code={"type": "rated", "rate": 0.5}), save=False).rows[0].code == "rated(rate=0.5)"


@pytest.mark.parametrize(
    "code",
    [
        {"type": "uncoded", "k": 3_000_000_000},
        {"type": "spc", "n": 3_000_000_000},
        {"type": "repetition", "n": 100_000, "k": 50_000},
        {"type": "repetition", "n": 10**40},
        {"type": "ldpc", "n": 1_000_000_000, "k": 500_000_000, "column_weight": 3},
        {"type": "ldpc", "qc": "huge.qc"},
        {"type": "ldpc", "alist": "huge.alist"},
    ],
)
def test_sizes_beyond_any_memory(
    code: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("huge.qc").write_text("1 1 2000000000\n0\n")
    Path("huge.alist").write_text("1000000 900000\n3 3\n")
    with pytest.raises(InputError):
        load_config(one_curve(code=code))


def test_sweeps_without_end() -> None:
    numbers = {"start": 1, "stop": 9000, "step": 1}
    with pytest.raises(InputError, match="more than 10000 curves"):
        load_config(one_curve(code={"type": "repetition"}, sweep={"code.n": numbers, "code.k": numbers}))


@pytest.mark.parametrize("arguments", [["awgn", "600"], ["1e99999999"], ["1e-320"], ["9" * 5000], ["1/0"]])
def test_odd_rates(arguments: list[str]) -> None:
    assert main(["limits", *arguments]) == 2


def test_changes_are_blamed_on_the_option(config: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(dump_yaml(config))
    for options, words in [
        ({"seed": -1}, "--seed -1: seed must be at least 0"),
        ({"changes": ("stop.frames=abc",)}, "--set stop.frames=abc: frames must be a whole number"),
        ({"changes": ("name=\x01",)}, "--set name"),
        ({"changes": ("curves.².x=1",)}, "--set curves"),
    ]:
        with pytest.raises(InputError) as caught:
            load_config(file, **options)  # type: ignore[arg-type]
        assert str(caught.value).startswith(words)


def test_a_lowered_limit_leaves_ended_points_as_they_were(config: dict[str, Any], tmp_path: Path) -> None:
    first = run({**config, "stop": {"frames": 1000}}, out=tmp_path)
    second = run({**config, "stop": {"frame_errors": 5, "frames": 1000}}, out=tmp_path)
    assert second.rows == first.rows


def test_a_broken_installed_package_is_warned_of_and_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib.metadata

    class Point:
        name = "broken"

        def load(self) -> Any:
            raise ImportError("no such thing")

    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: [Point()])
    fresh: registry.Registry[Any] = registry.Registry("code", object, {})
    with pytest.warns(UserWarning, match="the code 'broken' of an installed package fails"):
        assert fresh.names() == []
