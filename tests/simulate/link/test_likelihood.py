"""Frames in which maximum likelihood would have erred too."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.codes import BeliefPropagationDecoder, HammingCode, MaximumLikelihoodDecoder
from capgap.simulate import load_config
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.left_out import left_out
from capgap.simulate.content.limit_curves import limit_curves
from capgap.simulate.link.counting.likelihood import ML_ERRORS
from capgap.simulate.link.link import Link
from capgap.simulate.results.rows import Results
from capgap.simulate.statistics.tally import Tally

CONFIG: dict[str, Any] = {
    "name": "a",
    "channel": {"type": "awgn", "ebno_db": 1.0},
    "curves": [{"label": "c", "code": {"type": "hamming", "r": 4}, "decoder": {"type": "bp"}}],
    "stop": {"frames": 100},
}


class Counting(BeliefPropagationDecoder):
    """Belief propagation that is compared with maximum likelihood."""

    counts_ml_errors = True


def link(**parameters: Any) -> Link:
    made = load_config(CONFIG).curves[0].link
    decoder = Counting(made.code, **parameters)
    return replace(made, decoder=decoder)


@pytest.mark.parametrize("parameters", [{}, {"algorithm": "min-sum", "precision": "int8", "llr_scale": 8.0}])
def test_the_frames_are_those_whose_decision_is_more_likely(parameters: dict[str, Any]) -> None:
    made = link(**parameters)
    assert made.counters == (ML_ERRORS,)
    point = made.at(1.0)
    frames = made.send(point, 0, 1000)
    read = frames.llr if not parameters else np.rint(frames.llr * 8).clip(-127, 127)
    code = made.code
    others = code.encode(frames.result.bits)
    correlation = ((1.0 - 2 * frames.word) * read).sum(axis=1), ((1.0 - 2 * others) * read).sum(axis=1)
    expected = (frames.bit_errors > 0) & (correlation[1] > correlation[0] + 1e-4)
    found = frames.counters[ML_ERRORS]
    assert (found == expected).all()
    assert 0 < found.sum() < (frames.bit_errors > 0).sum()
    counts = made.simulate(point, 0, 1000)
    assert counts.counters[ML_ERRORS].total == found.sum()


def test_maximum_likelihood_errs_in_all_of_them() -> None:
    made = link()
    frames = made.send(made.at(1.0), 0, 2000)
    decided = MaximumLikelihoodDecoder(HammingCode(r=4)).decode(frames.llr)
    wrong = (decided.bits != frames.bits).any(axis=1)
    assert wrong[frames.counters[ML_ERRORS] > 0].all()


def test_the_bound_is_drawn_from_what_was_counted() -> None:
    made = link()
    row = replace(load_config(CONFIG).curves[0].plan({}).points[0], tally=Tally(100, 20, 40, 100)).row()
    counted, other = replace(row, counters={ML_ERRORS: 7}), replace(row, counters={ML_ERRORS: 0}, value=2.0)
    results = Results((counted, other))
    (curve,) = limit_curves(results, ["ml-lower-bound"], "fer", (0.0, 3.0), 1e-6, log=False)
    assert (curve.x.tolist(), curve.y.tolist(), curve.curves) == ([1.0], [0.07], ["c"])
    assert limit_curves(results, ["ml-lower-bound"], "ber", (0.0, 3.0), 1e-6, log=False) == []
    links = {"c": made}
    options = PlotOptions(limits=["ml-lower-bound"])
    assert left_out(results, options, links) == []
    assert "would have erred in no frame" in left_out(Results((other,)), options, links)[0]
    assert "not compared with those of ML" in left_out(Results((row,)), options, links)[0]
