"""The command line, run as a user runs it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.codes import HammingCode
from capgap.simulate import load_results
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.yaml_file import dump_yaml
from capgap.simulate.registry import registry

from tests.lazy import but_slow

pytestmark = pytest.mark.usefixtures("plain_figures", "few_points", "small_pictures")


@pytest.fixture
def file(config: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small configuration as a file in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.yaml").write_text(dump_yaml(config))
    return "small.yaml"


def test_run_puts_results_under_the_name(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", file]) == 0
    assert len(load_results("results/small")) == 6
    captured = capsys.readouterr()
    assert "small: 6 points in results/small" in captured.out
    assert captured.err.count("Hamming") == 2


def test_quiet_shows_no_progress(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", file, "--quiet", "--out", "elsewhere", "--workers", "2"]) == 0
    assert capsys.readouterr().err == ""
    assert len(load_results("elsewhere")) == 6


def test_options_reach_the_run(file: str) -> None:
    assert main(["run", file, "--quiet", "--seed", "3", "--set", "stop.frame_errors=5", "--out", "a"]) == 0
    assert {row.frame_errors for row in load_results("a")} == {5}
    assert json.loads(Path("a/run.json").read_text())["seed"] == 3


def test_several_configurations(file: str) -> None:
    Path("other.yaml").write_text(Path(file).read_text().replace("name: small", "name: other"))
    assert main(["run", file, "other.yaml", "--quiet", "--out", "both"]) == 0
    assert len(load_results("both/small")) == len(load_results("both/other")) == 6
    assert main(["run", file, file, "--quiet", "--out", "twice"]) == 2
    assert not Path("twice").exists()


def test_bad_input_is_told_and_nothing_written(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path(file).write_text(Path(file).read_text().replace("hamming", "haming"))
    assert main(["run", file]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"capgap: {file}:")
    assert "Did you mean 'hamming'?" in error
    assert not Path("results").exists()


def test_a_later_bad_configuration_stops_the_first(file: str) -> None:
    assert main(["run", file, "missing.yaml"]) == 2
    assert not Path("results").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "no.yaml"],
        ["run", "small.yaml", "--workers", "0"],
        ["run", "small.yaml", "--plugin", "no.py"],
        ["run", "small.yaml", "--plugin", "no_such_module"],
        ["run", "small.yaml", "--out", "small.yaml"],
        ["plot", "nowhere"],
        ["plot", "small.yaml"],
        ["limits"],
        ["limits", "0"],
        ["limits", "x/2"],
        ["limits", "bsc", "--rate", "1.5"],
        ["limits", "bsk", "--rate", "0.5"],
        ["limits", "bsc", "--at", "0.7"],
        ["limits", "--at", "0.1"],
        ["limits", "bsc", "--rate", "0.5", "--at", "0.1"],
        ["check", "nothing"],
        ["check", "hamming", "--with", "extended=true"],
        ["check", "hamming", "--with", "r"],
    ],
)
def test_exit_status_of_bad_input(
    arguments: list[str], file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("capgap: ")
    assert sorted(path.name for path in Path().iterdir()) == ["small.yaml"]


@pytest.mark.parametrize("arguments", [[], ["fly"], ["run"], ["list", "dishes"]])
def test_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2


def test_limits_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits", "1/2"]) == 0
    table = capsys.readouterr().out
    for text in ("f = 0.110028", "epsilon = 0.5", "Eb/N0 = 0.0000 dB", "Eb/N0 = 0.1871 dB"):
        assert text in table
    assert main(["limits", "awgn", "--rate", "2"]) == 0
    assert "Eb/N0 = 5.7403 dB" in capsys.readouterr().out


def test_limits_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits", "bpsk", "--rate", "0.5", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["channel"], data["parameter"]) == ("bpsk", "ebno_db")
    assert data["bounds"] == [
        {"name": "capacity", "kind": "capacity", "rate": 0.5, "value": pytest.approx(0.18706, abs=1e-5)}
    ]
    assert main(["limits", "awgn", "--at", "0", "--esno", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["bounds"][0]["rate"] == pytest.approx(0.5 * 1.584962500721156)


@pytest.mark.parametrize("channel", ["bsc", "bec", "awgn", "bpsk", "qpsk", "pam4", "pam8"])
@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_limits_invert_each_other(channel: str, rate: float) -> None:
    from capgap.simulate.theory.limits import limit_at_value, limit_of_rate

    for esno in (False, True):
        value = limit_of_rate(channel, rate, esno=esno).value
        assert value is not None
        assert limit_at_value(channel, value, esno=esno).rate == pytest.approx(rate, rel=1e-6)


@pytest.mark.parametrize("channel", but_slow(["bsc", "bec", "awgn", "bpsk"], ["bsc", "awgn"]))
def test_limits_at_a_block_length_invert_each_other(channel: str, capsys: pytest.CaptureFixture[str]) -> None:
    block = ["-n", "200", "--fer", "1e-3", "--json"]
    assert main(["limits", channel, "--rate", "1/2", *block]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["channel"], data["n"], data["fer"]) == (channel, 200, 1e-3)
    kinds = {bound["name"]: bound["kind"] for bound in data["bounds"]}
    assert kinds.items() >= {"capacity": "capacity", "converse": "converse", "rcu": "achievability"}.items()
    assert kinds["normal-approximation"] == "approximation"
    values = {bound["name"]: bound["value"] for bound in data["bounds"]}
    sign = 1 if channel in ("bsc", "bec") else -1
    assert sign * values["capacity"] > sign * values["converse"] > sign * values["rcu"]
    for name in ("converse", "rcu", "normal-approximation"):
        again = ["limits", channel, "--at", str(values[name]), "--bound", name, *block]
        assert main(again) == 0
        bounds = json.loads(capsys.readouterr().out)["bounds"]
        assert [bound["name"] for bound in bounds] == [name]
        assert bounds[0]["rate"] == pytest.approx(0.5, rel=1e-6)


def test_limits_of_modulations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits", "qpsk", "pam4", "--rate", "1", "--explain"]) == 0
    out = capsys.readouterr().out
    assert "QPSK input, complex  Eb/N0 = 0.1871 dB" in out
    assert "Eb/N0 = 2.1080 dB" in out
    assert "pam4 capacity: capacity with equiprobable points; Ungerboeck" in out
    assert main(["limits", "qpsk", "--at", "-1.6", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bounds"][0]["rate"] == 0
    assert main(["limits", "pam8", "--rate", "3"]) == 0
    assert "only without noise" in capsys.readouterr().out
    for mistake, told in (
        (["--rate", "3.5"], "at most 3 on pam8, the bits of a sample"),
        (["--rate", "1", "-n", "100", "--fer", "0.1"], "not on pam8"),
    ):
        assert main(["limits", "pam8", *mistake]) == 2
        assert told in capsys.readouterr().err


def test_limits_of_a_modulation_with_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    """Digits known of 16-QAM at rate 1/2; and an Eb/N0 that only symbol-wise decoding can use."""
    qam = ["limits", "--modulation", "qam", "--order", "16"]
    assert main([*qam, "--labels", "gray", "--rate", "2", "--esno", "--explain"]) == 0
    out = capsys.readouterr().out
    for text in ("4.7712 dB", "5.1183 dB", "5.2805 dB", "Caire, Taricco and Biglieri"):
        assert text in out
    assert main([*qam, "--at=-1,3", "--json"]) == 0
    limits = json.loads(capsys.readouterr().out)["limits"]
    assert [limit["name"] for limit in limits] == ["shannon", "modulation", "bicm"] * 2
    rates = [limit["rate"] for limit in limits]
    assert rates[2] == 0 < rates[1] < rates[0]
    for limit in limits[3:]:
        assert main([*qam, "--rate", str(limit["rate"]), "--json"]) == 0
        again = {each["name"]: each["value"] for each in json.loads(capsys.readouterr().out)["limits"]}
        assert again[limit["name"]] == pytest.approx(3, abs=1e-6)
    apsk = ["limits", "--modulation", "apsk", "standard=dvb-s2", "order=16", "rate=3/4"]
    assert main([*apsk, "--rate", "3", "--esno"]) == 0
    assert "9.490" in capsys.readouterr().out
    assert main([*qam, "4"]) == 0
    assert "only without noise" in capsys.readouterr().out


def test_limits_over_fading(capsys: pytest.CaptureFixture[str]) -> None:
    """Digits known of BPSK and QPSK at rate 1/2, and rates that lead back to their Eb/N0."""
    assert main(["limits", "rayleigh", "1/2"]) == 0
    out = capsys.readouterr().out
    assert "1.8307 dB" in out
    qpsk = ["limits", "nakagami", "m=1", "--modulation", "qpsk", "--json"]
    assert main([*qpsk, "--rate", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["channel"] == "nakagami(m=1)"
    assert [round(each["value"], 3) for each in told["limits"][1:]] == [1.831, 1.831]
    assert main([*qpsk, "--at", "1.8307"]) == 0
    rates = [each["rate"] for each in json.loads(capsys.readouterr().out)["limits"]]
    assert rates[0] > 1
    assert rates[1:] == pytest.approx([1, 1], abs=1e-4)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["--modulation", "qam", "--order", "16", "--rate", "5"],
            "rate must lie in (0, 4], the bits of a sample",
        ),
        (["--modulation", "qam", "--order", "15", "--rate", "1"], "order must be a power of two"),
        (["--modulation", "qam", "--order", "16"], "give rates in information bits a sample"),
        (["--modulation", "qan", "--rate", "1"], "there is no modulation 'qan'"),
        (["--modulation", "qpsk", "bsc", "--rate", "1"], "over awgn and over fading, not over bsc"),
        (["rician", "--rate", "1"], "rician needs k_factor_db, as in 'capgap limits rician k_factor_db=...'"),
        (["rayleigh", "csi=none", "--modulation", "qpsk", "--rate", "1"], "takes bits, not the samples"),
        (["--modulation", "qpsk", "--rate", "1", "-n", "9"], "-n and --fer go together"),
        (["--modulation", "qpsk", "--rate", "1", "--bound", "rcu"], "--bound needs a block length"),
        (
            ["rayleigh", "--modulation", "qpsk", "--rate", "1/2", "-n", "9", "--fer", "0.1"],
            "not known over qpsk",
        ),
        (["--modulation", "qpsk", "--at", "101"], "must lie in [-100, 100] dB, got 101"),
        (["--order", "16", "--rate", "1"], "--order and --labels are those of a --modulation"),
    ],
)
def test_limits_of_modulations_refuse(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["limits", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_limits_of_any_channel(capsys: pytest.CaptureFixture[str]) -> None:
    """Digits known of Rayleigh fading at rate 1/2; parameters, swept and fixed."""
    assert main(["limits", "rayleigh", "--rate", "1/2"]) == 0
    assert "0.5         bpsk     Eb/N0 = 1.8307 dB" in capsys.readouterr().out
    assert main(["limits", "rician", "k_factor_db=6", "--at", "3", "--json"]) == 0
    ergodic = json.loads(capsys.readouterr().out)
    assert (ergodic["channel"], ergodic["parameter"]) == ("rician(k_factor_db=6)", "ebno_db")
    rates = {each["name"]: each["rate"] for each in ergodic["bounds"]}
    again = ["limits", "rician", "k_factor_db=6", "--rate", str(rates["bpsk"]), "--json"]
    assert main(again) == 0
    assert json.loads(capsys.readouterr().out)["bounds"][1]["value"] == pytest.approx(3, abs=1e-6)
    assert main(["limits", "z", "--at", "0.1"]) == 0
    out = capsys.readouterr().out
    assert "0.762848    shannon     p = 0.1" in out
    assert "0.758277    modulation  p = 0.1" in out
    assert main(["limits", "asymmetric", "p10=0.1", "p01=0.1", "--json"]) == 0
    all_given = json.loads(capsys.readouterr().out)["bounds"]
    assert [each["rate"] for each in all_given] == pytest.approx([0.531004406410719] * 2)
    assert main(["limits", "z", "--rate", "3/2"]) == 0
    assert "none: it carries this rate at no value" in capsys.readouterr().out


def test_bounds_of_any_channel(capsys: pytest.CaptureFixture[str]) -> None:
    block = ["-n", "100", "--fer", "1e-2", "--json"]
    qam = ["limits", "--modulation", "qam", "--order", "16", "--labels", "gray"]
    assert main([*qam, "--rate", "2", *block, "--bound", "dt", "--bound", "converse", "--explain"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["n"], found["channel"]) == (100, "qam(order=16, labels=gray, demapper=exact)")
    dt, converse = found["bounds"]
    assert converse["constraint"] == "average"
    assert "words of average energy" in converse["source"]
    assert 2.108 < converse["value"] < dt["value"] < 5
    assert main([*qam, f"--at={dt['value']}", *block, "--bound", "dt"]) == 0
    assert json.loads(capsys.readouterr().out)["bounds"][0]["rate"] == pytest.approx(2, rel=1e-6)
    laplace = ["limits", "laplace", "--esno", "--at", "0", "-n", "100", "--fer", "1e-2"]
    assert main([*laplace, "--bound", "converse", "--bound", "normal-approximation"]) == 0
    out = capsys.readouterr().out
    assert "converse" in out
    assert "Es/N0 = 0.0000 dB" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["asymmetric", "--rate", "1/2"], "asymmetric has p01 and p10: give one of them"),
        (["z", "q=0.1", "--rate", "1/2"], "q is no parameter of z. Known: p"),
        (["z", "p=much"], "p must be a number"),
        (["z", "--at", "1.5"], "p, the probability that a 1 becomes a 0, must lie in [0, 1]"),
        (["z"], "give rates, as in '--rate 1/2', or values of p"),
        (["z", "laplace", "--rate", "1/2"], "give one channel with its parameters"),
        (["rayleigh", "csi=some", "--rate", "1/2"], "csi must be perfect, none or {noisy_db: number}"),
        (["bsec", "f=0.1", "epsilon=0.9"], "f, the crossover probability, must lie in [0, 0.05]"),
        (["gilbert-elliott", "burst_length=9", "--rate", "1/2", "-n", "9", "--fer", "0.1"], "are not known"),
        (
            ["z", "--rate", "1/2", "-n", "9", "--fer", "0.1", "--bound", "meta"],
            "no bound 'meta' on z",
        ),
        (["bsec", "f=0.1", "--at", "0.1", "-n", "30000", "--fer", "0.1", "--bound", "rcu"], "too large"),
    ],
)
def test_limits_of_any_channel_refuse(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["limits", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_limits_at_a_block_length_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits", "bsc", "--rate", "1/2", "-n", "100", "--fer", "1e-3", "--explain"]) == 0
    table = capsys.readouterr().out
    assert "normal-approximation" in table
    assert "bsc converse: M <= 1 / beta" in table
    assert "equation 166" in table
    assert main(["limits", "awgn", "--rate", "1/2", "-n", "10", "--fer", "1e-3"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for row in ("converse ", "converse-maximal", "converse-average", "meta-converse"):
        (line,) = (line for line in printed.out.splitlines() if f" {row}" in line)
        kind = {"converse ": "equal", "converse-average": "average"}.get(row, "maximal")
        assert f"converse, {kind} energy" in line
    assert main(["limits", "awgn", "--rate", "1", "-n", "2", "--fer", "1e-3"]) == 0
    printed = capsys.readouterr()
    assert "kappa-beta" not in printed.out
    assert (
        "n = 2 is too small for rcu, kappa-beta, gallager on awgn; available: capacity, converse, "
        in printed.err
    )
    assert main(["limits", "bpsk", "--rate", "4/7", "-n", "7", "--fer", "1e-3", "--json"]) == 0
    constraints = {
        each["name"]: each.get("constraint") for each in json.loads(capsys.readouterr().out)["bounds"]
    }
    assert constraints["converse"] == "equal"
    assert [name for name, constraint in constraints.items() if constraint] == ["converse"]
    assert main(["limits", "bsc", "1", "-n", "20", "--fer", "1e-3", "--bound", "rcu"]) == 0
    assert "none: no channel is good enough" in capsys.readouterr().out
    assert (
        main(["limits", "bpsk", "--at", "-3", "-n", "100", "--fer", "1e-3", "--bound", "rcu", "--json"]) == 0
    )
    assert json.loads(capsys.readouterr().out)["bounds"][0]["rate"] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bsc", "--rate", "0.5", "-n", "100"], "-n and --fer go together"),
        (["bsc", "--rate", "0.5", "--fer", "0.1"], "-n and --fer go together"),
        (["bsk", "--rate", "0.5", "-n", "100", "--fer", "0.1"], "Known: bsc, bec, awgn, bpsk"),
        (["bsc", "--rate", "1.5", "-n", "100", "--fer", "0.1"], "rate must be at most 1"),
        (["bsc", "--rate", "0.5", "-n", "0", "--fer", "0.1"], "-n must lie in"),
        (["bsc", "--rate", "0.5", "-n", "100", "--fer", "0"], "--fer must lie in"),
        (
            ["bec", "--rate", "0.5", "-n", "9", "--fer", "0.1", "--bound", "cones"],
            "Available: capacity, converse",
        ),
        (
            ["awgn", "--rate", "0.5", "-n", "2", "--fer", "0.1", "--bound", "kappa-beta"],
            "needs 3. Available",
        ),
        (
            ["bpsk", "--rate", "0.1", "-n", "7", "--fer", "0.1"],
            "at least 1/n = 0.142857, one information bit",
        ),
        (["bsc", "--rate", "0.5", "--bound", "rcu"], "--bound needs"),
        (["awgn", "--rate", "30", "-n", "99", "--fer", "0.1", "--bound", "rcu"], "(0, 20]"),
        (
            ["bpsk", "--at", "30", "-n", "99", "--fer", "0.1", "--bound", "rcu"],
            "Eb/N0 must lie below 19.9 dB",
        ),
        (["bpsk", "--at", "-101"], "Eb/N0 must lie in [-100, 100] dB, got -101"),
        (["awgn", "--at", "101", "--esno"], "Es/N0 must lie in [-100, 100] dB, got 101"),
        (
            ["bpsk", "--at", "30", "--esno", "-n", "99", "--fer", "0.1"],
            "(-40, 20) dB, for bounds at a block length, got 1000, 30 dB",
        ),
        (["bsc", "--at", "0", "-n", "9", "--fer", "0.1"], "f must lie in"),
    ],
)
def test_limits_refuse(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits", *arguments]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_limits_at_several_values(capsys: pytest.CaptureFixture[str]) -> None:
    found = []
    for arguments in (["--at", "0.1,0.2"], ["--at", "0.1", "--at", "0.2"], ["--at", "0.1"], ["--at", "2e-1"]):
        assert main(["limits", "bsc", *arguments, "--json"]) == 0
        found.append(json.loads(capsys.readouterr().out))
    assert found[0] == found[1] == found[2:]
    assert main(["limits", "awgn", "--at=-1,2", "-n", "1e2", "--fer", "1e-3", "--bound", "converse"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["limits", "bsc", "--at", "0.1;0.2"],
            "a number, or several with commas between them, got '0.1;0.2'",
        ),
        (["limits", "bsc", "--rate", "1/2", "-n", "1.5", "--fer", "0.1"], "whole number, got '1.5'"),
        (["run", "none.yaml", "--seed", "1e400"], "whole number, got '1e400'"),
        (["run", "none.yaml", "--workers", "two"], "whole number, got 'two'"),
    ],
)
def test_numbers_of_options(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err


def test_whole_numbers_of_options(file: str) -> None:
    assert (
        main(["run", file, "--quiet", "--seed", "1e0", "--workers", "2.0", "--set", "stop.frames=1e2"]) == 0
    )
    assert {row.frames for row in load_results("results/small")} <= {100, *range(40, 100)}


@pytest.mark.parametrize(
    "arguments",
    [
        ["hamming", "--with", "r=3", "extended=true", "shorten=1"],
        ["hamming", "--with", "r=3", "--with", "extended=true"],
        ["--with", "r=3", "extended=true", "hamming"],
        ["hamming", "--with", "r=3.0"],
        ["ml", "--with", "code.type=hamming", "code.r=3", "--with", "input=hard"],
        ["awgn", "--with", "snr_db=2"],
    ],
)
def test_check_with_parameters(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *arguments]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first.endswith(": keeps the contract")
    assert others[0].startswith("passed: is a ")
    assert main(["check", "--quiet", *arguments]) == 0
    assert capsys.readouterr().out.splitlines() == [first]


@pytest.mark.usefixtures("clean_registry")
def test_check_lists_what_passed_beside_what_fails(capsys: pytest.CaptureFixture[str]) -> None:
    @registry.codes.register("shifted")
    class Shifted(HammingCode):
        """Shifts what it encodes."""

        def encode(self, bits: Any) -> Any:
            return np.roll(super().encode(bits), 1, axis=-1)

    assert main(["check", "shifted"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "shifted: shifted(r=3): information_bits should invert encode: frame 0, bits" in "\n".join(lines)
    (passed,) = (i for i, line in enumerate(lines) if line.startswith("passed: "))
    assert "encode is linear" in "".join(lines[passed:])
    assert "codewords fulfil" not in " ".join(lines[passed:])
    assert max(len(line) for line in lines[passed:]) <= 100


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--with", "r=3"], "check takes one name"),
        (["hamming", "--with", "r=3", "ldpc"], "check takes one name"),
        (["hamming", "--with", "r=3.5"], "r must be a whole number, got 3.5"),
        (["hamming", "--with", "extended=true"], "'r' is missing, which hamming needs"),
        (
            ["lattice"],
            "nothing is registered as 'lattice' in this version. Your own is registered by a plug-in",
        ),
        (["haming"], "Did you mean 'hamming'?"),
    ],
)
def test_check_refuses(arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_below_the_ultimate_limit_no_rate_is_left() -> None:
    from capgap.simulate.theory.limits import limit_at_value

    assert limit_at_value("awgn", -1.6).rate == 0
    assert limit_at_value("bpsk", 50).rate == 1


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    everything = capsys.readouterr().out
    for name in ("hamming", "ldpc", "syndrome", "bp", "bsc", "awgn"):
        assert name in everything
    assert main(["list", "channels"]) == 0
    channels = capsys.readouterr().out
    assert "bec" in channels
    assert "hamming" not in channels


@pytest.mark.real_figures
def test_plot_several_runs_in_one_figure(file: str) -> None:
    assert main(["run", file, "--quiet", "--out", "a"]) == 0
    changed = "curves.0.label=Plain"
    assert main(["run", file, "--quiet", "--out", "b", "--set", changed, "--seed", "8"]) == 0
    assert main(["plot", "a", "b/results.csv", "-o", "figure.svg"]) == 0
    assert Path("figure.svg").stat().st_size > 5000
    assert "Plain" in Path("figure.svg").read_text()
    assert main(["plot", "a", "-o", "figure.doc"]) == 2
    assert main(["plot", "a", "-o", "no/such/folder.png"]) == 2


@pytest.mark.parametrize(("option", "begins"), [("--version", "capgap "), ("--help", "usage: capgap ")])
def test_version_and_help_start_fast(option: str, begins: str) -> None:
    """Nothing heavy is imported for them."""
    code = (
        "import sys\nfrom capgap.simulate.commands.command_line import main\n"
        f"try: main(['{option}'])\nexcept SystemExit: pass\n"
        "heavy = {'numba', 'numpy', 'scipy', 'matplotlib', 'pydantic', 'yaml', 'rich'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(begins)


def start(file: str, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "capgap.simulate", "run", file, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_ctrl_c_keeps_what_was_done(file: str) -> None:
    """SIGINT in the middle: status 130, no traceback, results kept, and the end as if nothing had been."""
    # Enough to be under way for seconds: the decoder takes all its iterations.
    long = ("--set", "curves.2.decoder.stop=none", "--set", "curves.2.decoder.iterations=1000")
    process = start(
        file, *long, "--set", "stop.frame_errors=2000", "--set", "stop.frames=60000", "--workers", "2"
    )
    assert process.stderr is not None
    deadline = time.monotonic() + 120
    shown = ""
    while "Hamming" not in shown and time.monotonic() < deadline:
        shown += process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=120)
    assert process.returncode == 130, shown + rest
    assert "Traceback" not in shown + rest
    partial = load_results("results/small")
    assert any(row.stop for row in partial)
    assert not all(row.stop for row in partial) or len(partial) < 6
    options = [text for pair in ("stop.frame_errors=40", "stop.frames=20000") for text in ("--set", pair)]
    assert main(["run", file, "--quiet", *long, *options]) == 0
    assert main(["run", file, "--quiet", *long, *options, "--out", "fresh"]) == 0
    ended = [(row.key, row.stop) for row in load_results("results/small")]
    assert [key for key, _ in ended] == [row.key for row in load_results("fresh")]
    assert all(rule for _, rule in ended)


def test_broken_pipe_is_quiet(file: str) -> None:
    command = f"{sys.executable} -m capgap.simulate list | head -1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.stderr == ""


def test_limits_that_are_nowhere_or_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rate above the capacity, ends of a parameter's range, a matrix from a file, differential detection."""
    block = ["-n", "100", "--fer", "1e-2"]
    assert main(["limits", "bsec", "epsilon=0.6", "--rate", "1/2", *block, "--bound", "capacity"]) == 0
    assert "none: it carries this rate at no value" in capsys.readouterr().out
    (tmp_path / "m.txt").write_text("0.9 0.1\n0.2 0.8\n")
    assert main(["limits", "dmc", f"matrix={tmp_path / 'm.txt'}", "--at", "0", *block, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["bounds"][0]["rate"] == pytest.approx(0.397754, abs=1e-6)
    assert main(["limits", "dmc", "matrix=none.txt", "--at", "0"]) == 2
    assert "none.txt" in capsys.readouterr().err
    assert main(["limits", "rayleigh", "--modulation", "dpsk", "--order", "4", "--rate", "1"]) == 0
    assert "modulation" not in capsys.readouterr().out
