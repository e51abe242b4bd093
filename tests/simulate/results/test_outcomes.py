"""Successes, failures and miscorrections: counted by the link, kept in results, drawn."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from capgap.codes import HammingCode, SyndromeDecoder
from capgap.simulate import load_results, plot, run
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.figures.kinds.error_rates import sweep_figure
from capgap.simulate.results.outcomes import outcomes_of

pytestmark = pytest.mark.usefixtures("small_pictures")


class Failing(SyndromeDecoder):
    counts_failures = True


CONFIG: dict[str, Any] = {
    "name": "outcomes",
    "channel": {"type": "bsec", "f": [0.05, 0.1], "epsilon": 0.01},
    "curves": [
        {"label": "tells", "code": {"type": "bch", "n": 15, "k": 7}},
        {"label": "does not", "code": {"type": "hamming", "r": 3, "extended": True}},
    ],
    "stop": {"frames": 4000},
    "plot": {"y": ["fer", "outcomes"]},
}


def test_three_counts(tmp_path: Path) -> None:
    run(CONFIG, out=tmp_path)
    results = load_results(tmp_path)
    for row in results["tells"]:
        counted = outcomes_of(row)
        assert counted is not None
        success, failure, miscorrection = (each.frame_errors for each in counted)
        assert success + failure + miscorrection == row.frames == 4000
        assert failure == row.counters["failures"] > 0
        assert miscorrection == row.undetected_errors > 0
        # A failure may leave the information bits right.
        assert miscorrection < row.frame_errors <= failure + miscorrection
        assert all(each.rate_low < each.rate < each.rate_high for each in counted)
    assert all(outcomes_of(row) is None for row in results["does not"])


def test_failures_are_the_frames_that_the_decoder_does_not_declare_right() -> None:
    """Two errors in an extended Hamming code are detected, three are corrected wrongly."""
    decoder = Failing(HammingCode(r=3, extended=True))
    llr = np.ones((3, 8), np.float32)
    for frame in range(3):
        llr[frame, : frame + 1] = -1
    assert decoder.decode(llr).ok.tolist() == [True, False, True]


def test_outcomes_are_drawn_for_curves_that_have_them(tmp_path: Path) -> None:
    results = run(CONFIG, out=tmp_path)
    told = "y: outcomes is not drawn for does not: its decoder counts no failures apart"
    assert told in results.notes
    figure = sweep_figure(results, PlotOptions(y=["outcomes"]))
    (panel,) = figure.axes
    assert panel.get_ylabel() == "share of frames"
    lines: Any = panel.lines
    drawn = {tuple(line.get_ydata()) for line in lines if len(line.get_ydata()) == 2}
    rows = results["tells"]
    for counts in ([row.undetected_errors for row in rows], [row.counters["failures"] for row in rows]):
        assert tuple(count / 4000 for count in counts) in drawn
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    assert {"tells", "success", "failure", "miscorrection"} <= set(named)
    assert "does not" not in named
    with pytest.warns(UserWarning, match="y: outcomes is not drawn for does not"):
        assert plot(tmp_path, tmp_path / "outcomes.png", y="outcomes")


def test_one_value_of_each_parameter_sweeps_the_first() -> None:
    for channel, parameter, value in (
        ({"type": "bsec", "f": 0.05, "epsilon": 0.1}, "f", 0.05),
        ({"type": "bsec", "f": 0.05, "epsilon": [0.1]}, "epsilon", 0.1),
    ):
        (row,) = run({**CONFIG, "channel": channel, "curves": CONFIG["curves"][:1]}, save=False)
        assert (row.parameter, row.value) == (parameter, value)
        assert row.channel_model is not None
        assert row.channel_model.at(value).capacity() == pytest.approx(0.9 * (1 - 0.309543), abs=1e-5)
        assert row.channel_model.over("epsilon" if parameter == "f" else "f") is None
