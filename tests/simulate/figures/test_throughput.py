"""The figure of throughput: what it shows, and of which curves."""

from pathlib import Path

import numpy as np
import pytest
from capgap.simulate import InputError, load_config, plot, run
from capgap.simulate.analysis.gaps import interpolated
from capgap.simulate.analysis.operating_points import capacity_planes
from capgap.simulate.analysis.row_limits import limit_of
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.throughput import feedback_curves
from capgap.simulate.figures.kinds.throughput import throughput_figure

from tests.simulate.harq.test_harq_link import config_of

pytestmark = pytest.mark.usefixtures("small_pictures")


def test_it_shows_points_and_limits(tmp_path: Path) -> None:
    config = config_of({"type": "hamming", "r": 3}, "chase")
    config["channel"]["esno_db"] = [-2, 0, 4]
    shown = {"kinds": ["throughput"], "limits": ["bpsk", "accumulated"], "formats": ["png"]}
    results = run({**config, "plot": shown}, out=tmp_path)
    assert (tmp_path / "again-throughput.png").exists()
    figure = throughput_figure(results, PlotOptions.model_validate(shown))
    delivered, sent = figure.axes
    points = delivered.lines[0].get_ydata()
    rates = [row.harq_rates for row in results]
    assert np.array_equal(points, [rate.throughput for rate in rates if rate is not None])
    names = [text.get_text() for text in figure.legends[0].get_texts()]
    assert names == ["a", "ideal codes, by accumulated information", "BPSK capacity"]
    drawn = [np.asarray(line.get_ydata()) for line in delivered.lines]
    ideal = next(y for y in drawn if len(y) == 600)
    assert set(np.round(ideal * 7, 9)) <= {4, 2, round(4 / 3, 9), 1, 0}
    assert sent.get_ylabel() == "transmissions a frame"
    assert plot(tmp_path, tmp_path / "other.svg", limits="shannon") == [tmp_path / "other.svg"]


def test_curves_that_are_sent_once_are_not_in_it() -> None:
    config = config_of({"type": "hamming", "r": 3}, None)
    with pytest.raises(InputError, match="throughput needs a curve with harq; a: each of its frames is sent"):
        load_config({**config, "plot": {"kinds": ["throughput"]}})


def test_limits_that_are_not_drawn_are_told(tmp_path: Path) -> None:
    config = config_of({"type": "hamming", "r": 3}, "chase")
    config["channel"] = {"type": "bsc", "f": [0.1]}
    config["stop"] = {"frames": 64}
    notes = run({**config, "plot": {"kinds": ["throughput"], "limits": ["accumulated"]}}, out=tmp_path).notes
    assert any("limits: accumulated is not drawn for a: how the information" in note for note in notes)
    notes = run({**config, "plot": {"limits": ["accumulated"]}}, out=tmp_path).notes
    assert any("it belongs to the figure of throughput" in note for note in notes)


def test_the_rate_of_the_first_transmission_limits_nothing(tmp_path: Path) -> None:
    """Frames that arrive beyond its Shannon limit are no discovery: no line, no gap, no doubt."""
    code = {"type": "rate-matched", "code": {"type": "hamming", "r": 3}, "versions": [":", ":"]}
    config = config_of(code, "incremental-redundancy", decoder="bp")
    config["channel"]["esno_db"] = [-4, 0, 2]
    plotted = {"kinds": ["error-rates"], "limits": ["shannon", "converse", "stop-feedback"]}
    with pytest.raises(InputError, match="capacity-plane needs a curve whose frames are sent once"):
        load_config({**config, "plot": {"kinds": ["capacity-plane"]}})
    results = run({**config, "stop": {"frames": 500}, "plot": plotted}, out=tmp_path)
    assert results.warnings == ()
    assert sum("take more uses than the limit is for" in note for note in results.notes) == 2
    assert limit_of(results.rows[0], "gaussian") is None
    with pytest.raises(InputError, match="the capacity plane needs a curve"):
        capacity_planes(results, None)
    assert interpolated(results.rows, "fer", 0.1).gap is None


def test_stop_feedback_is_of_incremental_redundancy(tmp_path: Path) -> None:
    code = {"type": "rate-matched", "code": {"type": "hamming", "r": 3}, "versions": [":", ":"]}
    config = config_of(code, {"type": "incremental-redundancy", "versions": [0, 1]}, 4.0, decoder="bp")
    shown = {"kinds": ["throughput"], "limits": ["stop-feedback"], "formats": ["png"]}
    results = run({**config, "stop": {"frames": 64}, "plot": shown}, out=tmp_path)
    ((label, _, reached),) = feedback_curves(results, (-2.0, 4.0), log=False)
    assert label == "a"
    assert reached[0] < reached[-1] < 4 / 7
    assert (np.diff(reached) >= 0).all()
