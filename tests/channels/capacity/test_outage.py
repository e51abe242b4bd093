"""Outage probabilities over block fading."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import (
    AWGN,
    QAM,
    QPSK,
    Nakagami,
    Rayleigh,
    Rician,
    bpsk_capacity,
    bpsk_limit_esno,
    from_db,
    outage_probability,
)
from capgap.simulate import run
from capgap.simulate.configuration.models import PlotOptions
from capgap.simulate.content.left_out import left_out
from capgap.simulate.content.limit_curves import limit_curves
from capgap.simulate.errors import InputError
from scipy import integrate, stats

from tests.conftest import SIGNIFICANCE


def test_one_block_has_closed_forms() -> None:
    for db, rate in ((0.0, 0.5), (10.0, 1.0), (30.0, 2.0)):
        needed = (2**rate - 1) / from_db(db)
        told = outage_probability(Rayleigh(esno_db=db, coherence="frame", dimensions=2), rate, 9, "gaussian")
        assert told == pytest.approx(-math.expm1(-needed), rel=1e-12)
        nakagami = Nakagami(m=2, esno_db=db, coherence=9, dimensions=2)
        told = outage_probability(nakagami, rate, 9, "gaussian")
        assert told == pytest.approx(stats.gamma.cdf(needed, 2, scale=0.5), rel=1e-10)
        rician = Rician(k_factor_db=6, esno_db=db, coherence=20, dimensions=2)
        told = outage_probability(rician, rate, 9, "gaussian")
        k = from_db(6)
        law = stats.rice(math.sqrt(2 * k), scale=math.sqrt(0.5 / (1 + k)))
        assert told == pytest.approx(law.cdf(math.sqrt(needed)), rel=1e-9)
    told = outage_probability(Rayleigh(esno_db=10, coherence="frame"), 0.5, 100)
    assert told == pytest.approx(-math.expm1(-bpsk_limit_esno(0.5) / 10), rel=1e-9)
    two = QPSK().over(Rayleigh(esno_db=10 + 10 * math.log10(2), coherence="frame", dimensions=2))
    assert outage_probability(two, 1.0, 100) == pytest.approx(told, rel=1e-9)


@pytest.mark.parametrize(("db", "rate"), [(10.0, 0.6), (10.0, 0.4), (30.0, 0.5)])
def test_two_blocks_of_bpsk_by_quadrature(db: float, rate: float) -> None:
    """At rate 1/2 a full block and an empty one have just the rate, but for what the full one lacks of it."""
    esno = from_db(db)

    def part(log: float) -> float:
        rest = 2 * rate - bpsk_capacity(esno * math.exp(log))
        if rest <= 0:
            return 0.0
        short = 1.0 if rest >= 1 else -math.expm1(-bpsk_limit_esno(min(rest, 1 - 1e-15)) / esno)
        return math.exp(log - math.exp(log)) * short

    edges = [math.log(x / esno) for x in (1e-3, 0.1, bpsk_limit_esno(abs(2 * rate - 1) + 1e-9), 1, 3, 10)]
    exact = integrate.quad(part, -30, 4, epsabs=0, epsrel=1e-9, limit=400, points=sorted(edges))[0]
    found = outage_probability(Rayleigh(esno_db=db, coherence=50), rate, 100)
    assert found == pytest.approx(exact, rel=1e-5)


def test_two_blocks_of_any_input_by_quadrature() -> None:
    def part(x: float) -> float:
        return math.exp(-x) * -math.expm1(-(4 / (1 + 10 * x) - 1) / 10)

    exact = integrate.quad(part, 0, 0.3, epsabs=1e-14)[0]
    channel = Rayleigh(esno_db=10, coherence=50, dimensions=2)
    assert outage_probability(channel, 1.0, 100, "gaussian") == pytest.approx(exact, rel=1e-5)


def test_several_blocks_as_drawn() -> None:
    """The last of four blocks is shorter: gains are drawn, and what their blocks carry is added up."""
    channel = Nakagami(m=1.5, esno_db=3, coherence=30)
    assert channel.blocks(100) == (30, 30, 30, 10)
    draws = 200_000
    energies = np.random.default_rng(1).gamma(1.5, 1 / 1.5, (draws, 4))
    grid = np.linspace(-16, 6, 2000)
    table = bpsk_capacity(np.exp(grid))
    carried = np.interp(np.log(energies * from_db(3)), grid, table) @ [0.3, 0.3, 0.3, 0.1]
    found = outage_probability(channel, 0.7, 100)
    assert found is not None
    assert stats.binomtest(int((carried < 0.7).sum()), draws, found).pvalue > SIGNIFICANCE


def of(rate: float, coherence: int) -> float:
    found = outage_probability(Rayleigh(esno_db=8, coherence=coherence), rate, 96)
    assert found is not None
    return found


def test_outage_keeps_its_order() -> None:
    rates = [of(rate, 24) for rate in (0, 0.2, 0.5, 0.8, 1)]
    assert rates == sorted(rates)
    assert rates[0] == 0
    assert rates[-1] == 1
    blocks = [of(0.5, coherence) for coherence in (96, 48, 32, 12)]
    assert blocks == sorted(blocks, reverse=True)
    over = QAM(order=16).over(Rayleigh(esno_db=12, coherence=25, dimensions=2))
    of_points, of_any = outage_probability(over, 2.0, 100), outage_probability(over, 2.0, 100, "gaussian")
    assert of_any is not None
    assert of_points is not None
    assert of_any < of_points


def test_where_there_is_no_outage() -> None:
    assert outage_probability(AWGN(esno_db=3), 0.5, 100) is None
    assert outage_probability(Rayleigh(esno_db=3), 0.5, 100) is None
    assert outage_probability(Rayleigh(esno_db=3, csi="none"), 0.5, 100) is None
    assert outage_probability(Rayleigh(esno_db=3, coherence=2), 0.5, 1000) is None
    with pytest.raises(ValueError, match="rate must not be negative"):
        outage_probability(Rayleigh(esno_db=3, coherence=2), -1, 100)
    with pytest.raises(ValueError, match="uses must be at least 1"):
        outage_probability(Rayleigh(esno_db=3, coherence=2), 0.5, 0)


def config(channel: dict[str, Any], **plot: Any) -> dict[str, Any]:
    curve = {"label": "a", "code": {"type": "repetition", "n": 4, "k": 2}}
    told = {"limits": ["outage"], **plot}
    return {"name": "o", "channel": channel, "curves": [curve], "stop": {"frames": 400}, "plot": told}


def test_figures_draw_outage() -> None:
    results = run(config({"type": "rayleigh", "coherence": 2, "ebno_db": [0, 10]}), save=False)
    assert limit_curves(results, ["outage"], "ber", (9.0, 10.0), 1.0, log=False) == []
    (curve,) = limit_curves(results, ["outage"], "fer", (9.0, 10.0), 1.0, log=False)
    channel = Rayleigh(ebno_db=float(curve.x[-1]), rate=0.5, coherence=2)
    assert curve.y[-1] == pytest.approx(outage_probability(channel, 0.5, 4), rel=1e-9)
    assert curve.name == "outage probability of the rate"


def test_outage_that_is_not_drawn_says_why() -> None:
    with pytest.raises(InputError, match="limits: outage is known over fading in blocks"):
        run(config({"type": "awgn", "ebno_db": 3}), save=False)
    told = config({"type": "rayleigh", "ebno_db": [0, 3]})
    results = run(told, save=False)
    (sentence,) = left_out(results, PlotOptions(limits=["outage"]))
    assert sentence.startswith("limits: outage is not drawn for a: it is for fading with at most 256 gains")
