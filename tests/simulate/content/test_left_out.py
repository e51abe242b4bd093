"""What figures are asked for and cannot show is told, with the curves and the reason."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from capgap.bounds import Bound, bounds
from capgap.simulate import load_config, run
from capgap.simulate.analysis import row_limits
from capgap.simulate.commands.command_line import main
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.left_out import left_out
from capgap.simulate.errors import InputError
from capgap.simulate.results.rows import Results, Row
from capgap.simulate.statistics.tally import Tally

CONVOLUTIONAL = {"type": "convolutional", "generators": [5, 7], "k": 20}
CURVES: dict[str, dict[str, Any]] = {
    "uncoded": {"code": {"type": "uncoded", "k": 20}},
    "short": {"code": {"type": "hamming", "r": 3}},
    "viterbi": {"code": CONVOLUTIONAL},
    "qpsk": {"code": CONVOLUTIONAL, "modulation": {"type": "qpsk"}},
    "long": {"code": {"type": "ldpc", "n": 200, "k": 100, "column_weight": 3}},
    "bec": {"code": {"type": "hamming", "r": 3}, "channel": {"type": "bec", "epsilon": 0.1}},
    "lte": {"code": {"type": "turbo", "standard": "lte", "k": 40}},
    "duo-binary": {"code": {"type": "turbo", "standard": "dvb-rcs", "k": 96, "rate": "1/2"}},
}


def configured(*labels: str) -> dict[str, Any]:
    curves = [{"label": label, **CURVES[label]} for label in labels]
    channel = {"type": "awgn", "ebno_db": 9}
    return {"name": "a", "channel": channel, "curves": curves, "stop": {"frames": 10}}


def told(*labels: str, **options: Any) -> list[str]:
    """What is said of curves, which are not simulated."""
    return told_of(configured(*labels), **options)


def told_of(config: dict[str, Any], **options: Any) -> list[str]:
    curves = load_config(config).curves
    points = [replace(curve.plan({}).points[0], tally=Tally(10, 1, 1, 1)) for curve in curves]
    links = {curve.link.label: curve.link for curve in curves}
    return left_out(Results(tuple(point.row() for point in points)), PlotOptions(**options), links)


def test_nothing_is_said_where_all_is_drawn() -> None:
    limits: list[Any] = ["shannon", "union", "exact", "converse", "rate-distortion"]
    assert told("short", "bec", limits=["shannon", "union"]) == []
    assert told("bec", limits=limits) == []
    assert told("lte", "long", limits=["shannon"], kinds=["exit", "error-rates"]) == []
    assert told("lte", limits=["union"]) == []  # of which the first terms are drawn


def test_curves_without_a_bound_are_named_with_the_reason() -> None:
    (modulated, weights) = told("viterbi", "qpsk", "long", limits=["union"])
    assert modulated == (
        "limits: union is not drawn for qpsk: the union bound is known over bsc, bec and awgn without a modulation"
    )
    assert weights.startswith(
        "limits: union is not drawn for long: weights of LDPCCode(n=200, k=100) cannot be"
    )
    (exact,) = told("uncoded", "viterbi", "lte", limits=["exact"])
    assert exact == (
        "limits: exact is not drawn for viterbi, lte: no exact rate is known of this code and decoder over this channel"
    )


def test_limits_at_a_block_length() -> None:
    finite: list[Any] = ["converse", "normal-approximation", "rcu"]
    assert told("viterbi", "qpsk", limits=finite) == []
    config = configured("bec")
    config["curves"][0]["channel"] = {"type": "z", "p": 0.1}
    assert told_of(config, limits=finite) == []
    config["curves"][0]["channel"] = {"type": "gilbert-elliott", "f": 0.05, "burst_length": 10}
    (none,) = told_of(config, limits=["rcu"])
    assert (
        none == "limits: rcu is not drawn for bec: bounds at a block length are not known over this channel"
    )
    config["curves"][0] = {
        "label": "long",
        "code": {"type": "repetition", "n": 20_004, "k": 4},
        "channel": {"type": "bsec", "f": 0.1, "epsilon": 0.2},
    }
    (long,) = told_of(config, limits=["converse"])
    assert long.endswith("it is known for block lengths from 1 to 20000, and this is 20004")


def test_limits_of_the_other_error_rate() -> None:
    assert told("viterbi", limits=["converse"], y=["ber"]) == [
        "limits: converse is not drawn for viterbi: it limits the FER, and y has no fer"
    ]
    (least,) = told("viterbi", limits=["rate-distortion"], y=["fer"])
    assert "it limits the BER, and y has no ber" in least
    assert told("viterbi", limits=["converse"], y=["ber"], kinds=["error-rates", "capacity-plane"]) == []
    # A figure that shows no curves of limits lacks none.
    assert told("viterbi", limits=["converse"], y=["ber"], kinds=["spectral-efficiency"]) == []


def test_capacity_limits() -> None:
    assert told("uncoded", "viterbi", limits=["bpsk"]) == [
        "limits: bpsk is not drawn for uncoded: the capacity is 1 at no value of Eb/N0"
    ]
    (other,) = told("viterbi", "qpsk", "bec", limits=["bpsk"])
    assert other == "limits: bpsk is not drawn for qpsk, bec: it is for BPSK over channels with an Es/N0"
    assert told("viterbi", "qpsk", limits=["shannon", "modulation", "bicm"]) == []


def test_exit_charts_that_there_are_not() -> None:
    asked = {"kinds": ["exit"]}
    pairs = "exchange LLRs of pairs of bits, as those of duo-binary codes do, and a chart follows LLRs of single bits"
    assert told("lte", "duo-binary", **asked) == [
        f"kinds: exit has no chart of duo-binary: its decoder has constituents that {pairs}"
    ]
    assert told("lte", "viterbi", "uncoded", "short", **asked) == [
        "kinds: exit has no chart of viterbi, uncoded, short: its decoder is neither bp nor made of two constituents "
        "that exchange extrinsic LLRs"
    ]
    with pytest.raises(InputError, match=f"kinds: exit needs a curve .*; duo-binary: its decoder .* {pairs}"):
        load_config({**configured("duo-binary", "viterbi"), "plot": {"kinds": ["exit"]}})


def test_many_curves_are_counted() -> None:
    channel = {"type": "awgn", "ebno_db": 3}
    curves = [{"label": f"c{i}", "code": CONVOLUTIONAL} for i in range(7)]
    (one,) = told_of({"name": "a", "channel": channel, "curves": curves}, limits=["exact"])
    assert "for c0, c1, c2, c3 and 3 more: no exact" in one


def test_runs_figures_and_reports_tell_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = {
        **configured("viterbi", "qpsk"),
        "plot": {"limits": ["union"], "y": ["fer"], "formats": ["svg"]},
    }
    results = run(config, out=tmp_path)
    (note,) = results.notes
    assert "union is not drawn for qpsk: the union bound" in note
    assert run(config, out=tmp_path).notes == (note,)  # with nothing to do
    assert run(config, save=False).notes == ()
    assert main(["report", str(tmp_path)]) == 0
    assert f'<p class="note">{note}</p>' in (tmp_path / "report.html").read_text()
    with pytest.warns(UserWarning, match="union is not drawn for qpsk"):
        assert main(["plot", str(tmp_path)]) == 0


def test_a_kind_that_a_channel_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    def lacking(row: Row) -> dict[str, Bound]:
        return {each.name: each for each in bounds("bec") if each.name != "converse"}

    monkeypatch.setattr(row_limits, "_bounds_of", lacking)
    assert told("bec", limits=["converse", "rcu"]) == [
        "limits: converse is not drawn for bec: it is not known over this channel, of the bounds at a block "
        "length normal-approximation and rcu are"
    ]
