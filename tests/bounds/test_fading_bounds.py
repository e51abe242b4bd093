"""Outage and the normal approximation over fading as bounds that are solved for any of their quantities."""

import math
from typing import Any

import pytest
from capgap.bounds import fading_bounds
from capgap.bounds.fading import normal_error_probability
from capgap.channels import Rayleigh, from_db, to_db
from capgap.channels.capacity.outage import outage_probability
from capgap.channels.models.awgn import bpsk_limit_esno
from capgap.channels.models.model import ChannelModel
from capgap.channels.modulation.amplitude import QPSK
from capgap.channels.parameter import EBNO, ESNO


def test_outage_of_one_gain_is_that_of_the_exponential_law() -> None:
    model = ChannelModel(Rayleigh, EBNO, {"coherence": "frame"}, rate=0.5)
    outage = fading_bounds(model, 200)["outage"]
    needed = bpsk_limit_esno(0.5)
    for esno in (1.0, 30.0):
        error = 1 - math.exp(-needed / esno)
        assert outage.error_probability(200, 0.5, esno) == pytest.approx(error, rel=1e-9)
        assert outage.value(200, 0.5, error) == pytest.approx(esno, rel=1e-6)
        assert outage.rate(200, error, esno) == pytest.approx(0.5, rel=1e-6)


@pytest.mark.parametrize("coherence", [40, "symbol"])
def test_they_are_what_the_functions_say(coherence: Any) -> None:
    model = ChannelModel(Rayleigh, ESNO, {"coherence": coherence})
    known, channel = fading_bounds(model, 120), Rayleigh(esno_db=4, coherence=coherence)
    found = known["normal-approximation"].error_probability(120, 0.5, from_db(4))
    assert found == pytest.approx(normal_error_probability(channel, 120, 60), rel=1e-12)
    assert ("outage" in known) == (coherence == 40)
    if coherence == 40:
        found = known["outage"].error_probability(120, 0.5, from_db(4))
        assert found == pytest.approx(outage_probability(channel, 0.5, 120), rel=1e-12)


def test_where_there_are_none() -> None:
    blind = ChannelModel(Rayleigh, ESNO, {"csi": "none"})
    assert fading_bounds(blind, 100) == {}
    moving = ChannelModel(Rayleigh, ESNO, {"coherence": {"doppler": 0.01}})
    assert fading_bounds(moving, 100) == {}
    points = ChannelModel(Rayleigh, ESNO, {"coherence": "frame"}, modulation=QPSK())
    assert list(fading_bounds(points, 100)) == ["outage"]
    value = fading_bounds(points, 100)["outage"].value(100, 1.0, 0.01)
    assert to_db(value) == pytest.approx(to_db(2 * bpsk_limit_esno(0.5) / -math.log(0.99)), abs=1e-6)
