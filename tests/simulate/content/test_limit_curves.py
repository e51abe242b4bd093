"""The limits that figures show as curves."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.bounds import bounds_of_model
from capgap.channels import from_db
from capgap.simulate.configuration.load import load_config
from capgap.simulate.content import limit_curves as module
from capgap.simulate.content.limit_curves import limit_curves
from capgap.simulate.results.rows import Results
from capgap.simulate.statistics.tally import Tally

CURVES: dict[str, dict[str, Any]] = {
    "8-PSK": {"modulation": {"type": "psk", "order": 8}, "channel": {"type": "awgn", "ebno_db": 4}},
    "16-QAM": {"modulation": {"type": "qam", "order": 16}, "channel": {"type": "awgn", "snr_db": 8}},
    "Z": {"channel": {"type": "z", "p": 0.1}},
    "erasures": {"channel": {"type": "bsec", "f": 0.05, "epsilon": 0.1}},
}


@pytest.mark.parametrize("label", CURVES)
def test_limits_at_a_block_length_are_those_of_the_link(label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A (63,57) code in 21 samples, in 16 with one bit to fill the last, or in 63 bits."""
    monkeypatch.setattr(module, "POINTS", 4)
    code = {"type": "hamming", "r": 6}
    config = {
        "name": "a",
        "curves": [{"label": label, "code": code, **CURVES[label]}],
        "stop": {"frames": 10},
    }
    (curve,) = load_config(config).curves
    row = replace(curve.plan({}).points[0], tally=Tally(10, 1, 1, 1)).row()
    kinds = ["converse", "normal-approximation", "rcu"]
    decibels = label not in ("Z", "erasures")
    span = (row.value - 1, row.value + 1) if decibels else (row.value / 2, row.value)
    found = {
        each.kind: each for each in limit_curves(Results((row,)), kinds, "fer", span, 1e-30, log=not decibels)
    }
    assert list(found) == kinds
    restriction = {"8-PSK": "equal energy", "16-QAM": "average energy"}.get(label, "")
    assert row.channel_model is not None
    known = bounds_of_model(row.channel_model)
    uses = {"8-PSK": 21, "16-QAM": 16}.get(label, 63)
    # Rows have Es/N0; the SNR of complex samples is the same.
    shift = 0.0 if row.esno_db is None else row.esno_db - row.value
    for kind, limit in found.items():
        assert limit.restriction == (restriction if kind == "converse" else "")
        place = int(np.argmin(abs(limit.x - span[0])))
        value = from_db(span[0] + shift) if decibels else span[0]
        exact = known[kind].error_probability(uses, 57 / uses, value)
        assert limit.y[place] == pytest.approx(exact, rel=1e-9), kind
