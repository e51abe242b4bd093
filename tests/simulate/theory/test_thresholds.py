"""Thresholds of links: in figures, gaps and on the command line."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.bounds.ensembles.degrees import Ensemble
from capgap.bounds.ensembles.protograph import Protograph
from capgap.bounds.ensembles.scaling import scaling
from capgap.codes import LDPCCode, LinearRateMatchedCode
from capgap.codes.detection.crc import LinearCRCCode
from capgap.codes.ldpc.nonbinary.nonbinary import nonbinary_ldpc
from capgap.simulate import run
from capgap.simulate.analysis.gap_summary import gap_table, summarise
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.links_of_results import links_of
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.left_out import left_out
from capgap.simulate.content.limit_curves import limit_curves, limit_lines
from capgap.simulate.theory.ensembles import ensemble_of_code
from capgap.simulate.theory.thresholds import link_threshold

LDPC = {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}


def made(folder: Path, channel: dict[str, Any], *, drawn: bool = False, **curves: Any) -> Any:
    config = {
        "name": "thresholds",
        "channel": channel,
        "curves": [{"label": label, **curve} for label, curve in curves.items()],
        "stop": {"frames": 64},
        "plot": {"limits": ["threshold"] if drawn else [], "y": ["fer"], "formats": ["svg"]},
    }
    return run(config, out=folder, workers=1, quiet=True)


def test_a_line_and_a_gap_for_each_curve_with_a_threshold(tmp_path: Path) -> None:
    min_sum = {"type": "bp", "algorithm": "min-sum", "scale": 0.8}
    results = made(
        tmp_path / "results",
        {"type": "awgn", "ebno_db": [1, 4]},
        drawn=True,
        sum_product={"code": LDPC},
        min_sum={"code": LDPC, "decoder": min_sum},
        hamming={"code": {"type": "hamming", "r": 3}, "decoder": {"type": "ml"}},
    )
    lines = {line.curves[0]: line.value for line in limit_lines(results, ["threshold"])}
    assert lines == pytest.approx({"sum_product": 1.102, "min_sum": 1.176}, abs=0.01)
    (said,) = left_out(results, PlotOptions(limits=["threshold"]))
    assert said.startswith("limits: threshold is not drawn for hamming: thresholds are known of bp")
    ((_, gaps),) = summarise([tmp_path / "results"], [("fer", 0.3)])
    found = {gap.curve: gap.threshold for gap in gaps}
    assert found == {**lines, "hamming": None}
    assert "threshold" in [column.header for column in gap_table(gaps).columns]
    assert "threshold_gap" in (tmp_path / "results" / "summary.csv").read_text().splitlines()[0]


def test_eb_is_that_of_the_code_itself(tmp_path: Path) -> None:
    """Two ones a column make rows dependent: the code of the (2,4) ensemble has rate 5/8, and Es/N0 is ln 3."""
    rows = ["11110000", "11001100", "00110011", "00001111"]
    code = {"type": "ldpc", "parity_check": [[int(bit) for bit in row] for row in rows]}
    results = made(tmp_path / "results", {"type": "awgn", "ebno_db": [3]}, own={"code": code})
    (line,) = limit_lines(results, ["threshold"])
    assert results.rows[0].rate == 5 / 8
    assert line.value == pytest.approx(10 * np.log10(np.log(3) / (5 / 8)), abs=1e-3)


def test_codes_of_circulants_have_a_protograph() -> None:
    code = LDPCCode.from_standard("wimax", 576, "1/2")
    found = ensemble_of_code(code)
    assert isinstance(found, Protograph)
    assert (found.base.shape, found.base.max(), found.rate) == ((12, 24), 1, 0.5)
    block = LinearRateMatchedCode(code, puncture=list(range(24, 48)))
    hidden = ensemble_of_code(block)
    assert isinstance(hidden, Protograph)
    assert hidden.punctured == (1,)
    some = ensemble_of_code(LinearRateMatchedCode(code, puncture=[0, 1]))
    assert isinstance(some, Ensemble)
    assert sum(some.punctured.values()) == pytest.approx(2 * 3 / 1824)


def test_the_command_tells_thresholds_as_bounds(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["limits", "--ensemble", "3,6", "bec", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["channel"], data["parameter"], data["rate"]) == ("bec", "epsilon", 0.5)
    found = {each.get("algorithm", each["name"]): each for each in data["bounds"]}
    assert found["sum-product"]["name"] == "threshold"
    assert found["sum-product"]["value"] == pytest.approx(0.42944, abs=1e-5)
    assert found["maximum-likelihood"]["value"] == pytest.approx(0.48815, abs=1e-5)
    assert found["shannon"]["value"] == 0.5


def test_the_command_takes_standards_files_and_algorithms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["limits", "--ensemble", "wimax,1/2", "awgn", "--algorithm", "sum-product", "--explain"]) == 0
    said = capsys.readouterr().out
    assert "protograph EXIT" in said
    assert "sum-product decoding, by" in said
    (tmp_path / "ar4ja.txt").write_text("0 0 1 0 2\n1 1 0 1 3\n1 2 0 2 1\npunctured: 4\n")
    assert main(["limits", "--ensemble", str(tmp_path / "ar4ja.txt"), "awgn", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["bounds"][0]["value"] == pytest.approx(0.625, abs=5e-3)
    assert data["bounds"][0]["sigma"] == pytest.approx(0.9306, abs=5e-4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["3,6", "bec", "--rate", "1/2"], "an ensemble has a rate"),
        (["6,3", "bec"], "must lie in (0, 1)"),
        (["3,6", "rayleigh", "coherence=frame"], "fading with another gain for each symbol"),
        (["3,6", "bec", "--algorithm", "sum"], "there is no algorithm 'sum'"),
        (["3,6", "bec", "--algorithm", "gallager-a"], "known are sum-product"),
        (["nothing,1/2", "bec"], "nothing"),
        (["lambda: 3=1", "bec"], "lambda and rho"),
        (["hamming", "bec"], "r"),
    ],
)
def test_the_command_says_what_is_wrong(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["limits", "--ensemble", *words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error


def test_a_threshold_is_computed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    results = made(tmp_path / "results", {"type": "bec", "epsilon": [0.3]}, own={"code": LDPC})
    link = links_of(results)["own"]
    assert link_threshold(link) == pytest.approx(0.42944, abs=1e-4)
    monkeypatch.setattr("capgap.simulate.theory.thresholds.threshold", None)
    assert link_threshold(link) == pytest.approx(0.42944, abs=1e-4)


def test_the_scaling_of_an_ensemble_is_a_curve(tmp_path: Path) -> None:
    results = made(
        tmp_path / "results",
        {"type": "bec", "epsilon": [0.3, 0.4]},
        own={"code": LDPC},
        blocks={"code": {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"}},
    )
    (curve,) = limit_curves(results, ["scaling"], "fer", (0.3, 0.42), 1e-3, log=False)
    law = scaling(Ensemble.regular(3, 6))
    assert curve.curves == ["own"]
    assert curve.y == pytest.approx(law.frame_error_rate(96, curve.x))
    (bits,) = limit_curves(results, ["scaling"], "ber", (0.3, 0.42), 1e-3, log=False)
    assert bits.y == pytest.approx(law.share / 2 * law.frame_error_rate(96, bits.x))
    (said,) = left_out(results, PlotOptions(limits=["scaling"]))
    assert said.endswith(
        "blocks: finite-length scaling is known of random codes, and this one is made of circulants"
    )


def test_the_command_designs_degrees(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["design", "bec", "--rate", "1/2", "--most-degree", "20", "--check-degree", "7"]
    assert main([*words, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    ensemble = Ensemble.from_text(data["ensemble"])
    assert ensemble.rate == pytest.approx(0.5, abs=1e-4)
    reached, program, limit = (each["value"] for each in data["bounds"])
    assert reached == pytest.approx(program, abs=1e-4)
    assert 0.48 < reached < limit == pytest.approx(0.5, abs=1e-4)
    assert main(words) == 0
    assert "threshold" in capsys.readouterr().out
    assert main(["design", "bsc", "--rate", "1/2"]) == 2
    assert "bec and awgn" in capsys.readouterr().err


def test_checks_around_a_code_leave_its_graph() -> None:
    """Of a CRC code that of the code inside; codes over GF(2^m) are told to have none."""
    inner = LDPCCode.regular(n=96, k=48, column_weight=3)
    assert ensemble_of_code(LinearCRCCode(inner, bits=6, polynomial=0x21)).key == ensemble_of_code(inner).key
    with pytest.raises(ValueError, match=r"GF\(2\^m\)"):
        ensemble_of_code(nonbinary_ldpc(n=12, k=6, symbol_bits=2))
