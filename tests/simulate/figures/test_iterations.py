"""Curves after some of a decoder's iterations, in figures and in the report."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.simulate import Results, Row
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.iterations import FAINTEST, STRONGEST, iteration_curves, strength
from capgap.simulate.figures.kinds.error_rates import sweep_figure
from capgap.simulate.link.counting.iteration_counts import counter_names
from capgap.simulate.reports.charts import charts
from capgap.simulate.results.rows import make_row
from capgap.simulate.statistics.tally import Tally

#: Frame errors of 1000 after 6 iterations, at two points.
ERRORS = {1.0: (900, 700, 400, 300, 250, 200), 2.0: (500, 200, 50, 0, 0, 0)}
pytestmark = pytest.mark.usefixtures("small_pictures")


def row(value: float, curve: str = "a", iterations: int = 6) -> Row:
    """A point with five wrong bits in each wrong frame, errors counted after some iterations."""
    errors = ERRORS[value][:iterations]
    counted = [number for each in errors for number in (each, 5 * each, 25 * each)]
    last = ERRORS[value][-1]
    counters = tuple(sorted(zip(counter_names(len(errors)), counted, strict=True)))
    identity: dict[str, Any] = {
        "curve": curve, "group": curve, "code": "c", "decoder": "d", "channel": "awgn", "n": 100, "k": 50,
        "rate": 0.5, "parameter": "ebno_db", "value": value, "ebno_db": value, "esno_db": value - 3.01,
        "stop": "frames", "seconds": 1.0, "key": f"{curve} {value}",
    }  # fmt: skip
    return make_row(Tally(1000, last, 5 * last, 25 * last, 0, 6000, counters), **identity)


def test_powers_of_two_are_shown() -> None:
    rows = [row(1.0), row(2.0)]
    curves = iteration_curves(rows)
    assert [curve.name for curve in curves] == [
        "after 1 iteration",
        "after 2 iterations",
        "after 4 iterations",
    ]
    for curve in curves:
        for point, rates in curve.points:
            assert rates.frame_errors == ERRORS[point.value][curve.iterations - 1]
    assert iteration_curves([replace(rows[0], counters={})]) == []
    assert iteration_curves([]) == []
    # A point that lacks them, of an older file, is left out.
    assert [len(curve.points) for curve in iteration_curves([rows[0], replace(rows[1], counters={})])] == [
        1,
        1,
        1,
    ]
    strengths = [strength(each, 8) for each in (1, 2, 4, 8)]
    assert strengths == sorted(strengths)
    assert (strengths[0], strengths[-1], strength(1, 1)) == (FAINTEST, STRONGEST, STRONGEST)


def test_iterations_in_a_figure() -> None:
    """Each with its intervals, paler the earlier, and with one entry of the legend for all curves."""
    rows = [row(value, curve) for curve in "ab" for value in ERRORS]
    figure = sweep_figure(Results(tuple(rows)), PlotOptions(y=["ber", "fer"], limits=[]))
    texts = [text.get_text() for text in figure.legends[0].get_texts()]
    names = ["after 1 iteration", "after 2 iterations", "after 4 iterations"]
    assert texts[:5] == ["a", "b", *names]
    for panel, y in zip(figure.axes, ("ber", "fer"), strict=True):
        drawn: Any = [each for each in panel.containers if len(each[0].get_xdata())]
        assert len(drawn) == 2 + 2 * 3
        for i, curve in enumerate(drawn[2:5]):
            line, _, (bars,) = curve
            after = [row(value).after_iterations[2**i - 1] for value in ERRORS]
            seen = [each for each in after if each.frame_errors]
            np.testing.assert_allclose(line.get_ydata(), [getattr(each, y) for each in seen])
            for segment, each in zip(bars.get_segments(), seen, strict=True):
                ends = getattr(each, f"{y}_low"), getattr(each, f"{y}_high")
                np.testing.assert_allclose([segment[0][1], segment[1][1]], ends)
            assert line.get_alpha() == bars.get_alpha() == strength(2**i, 4)
            assert line.get_color() == drawn[0][0].get_color()


def test_a_figure_without_them_has_no_entries() -> None:
    rows = [replace(row(value), counters={}) for value in ERRORS]
    figure = sweep_figure(Results(tuple(rows)), PlotOptions(y=["fer"], limits=[]))
    assert not any("after" in text.get_text() for text in figure.legends[0].get_texts())


def test_iterations_in_the_report() -> None:
    results = Results((row(1.0), row(2.0), replace(row(1.0, "b"), counters={})))
    (chart,) = charts([(results, PlotOptions())])
    own, without = chart["curves"]
    assert without["iterations"] == []
    assert [each["strength"] for each in own["iterations"]] == [
        FAINTEST,
        (FAINTEST + STRONGEST) / 2,
        STRONGEST,
    ]
    first, last = own["iterations"][0]["points"][0], own["iterations"][-1]["points"][-1]
    rates = row(1.0).after_iterations[0]
    assert first["fer"] == [rates.fer, rates.fer_low, rates.fer_high]
    assert first["text"][0] == "a, after 1 iteration"
    assert "900 frame errors in 1,000 frames" in first["text"]
    assert not first["bound"]
    assert last["bound"]
    assert "FER below" in "".join(last["text"])
