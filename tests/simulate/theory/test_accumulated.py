"""Throughput of ideal codes that are sent again: staircases over AWGN, closed forms and samples over fading."""

import math
from typing import Any

import numpy as np
import pytest
from capgap.channels import Nakagami, Rayleigh, Rician, bpsk_capacity
from capgap.simulate import load_config
from capgap.simulate.harq.harq_link import HarqLink
from capgap.simulate.theory.accumulated import accumulated, energies_below, lost_after
from scipy import stats

UNCODED = {"type": "rate-matched", "code": {"type": "hamming", "r": 4}, "versions": [":", ":", ":"]}
R = 11 / 15


def link_of(kind: str, channel: Any, **more: Any) -> HarqLink:
    curve = {"code": UNCODED, "decoder": "bp", "harq": {"type": kind, "transmissions": 3}, **more}
    link = load_config({"name": "a", "channel": channel, "curves": [curve]}).curves[0].link
    assert isinstance(link, HarqLink)
    return link


def awgn(kind: str, **more: Any) -> HarqLink:
    return link_of(kind, {"type": "awgn", "esno_db": [0]}, **more)


@pytest.mark.parametrize("kind", ["incremental-redundancy", "chase", "arq"])
def test_over_awgn_it_is_a_staircase(kind: str) -> None:
    """R / t from the Es/N0 on at which t transmissions carry k bits, found by the capacity's own limits."""
    link = awgn(kind)
    for t in (1, 2, 3):
        share, shift = (R / t, 0.0) if kind == "incremental-redundancy" else (R, 10 * math.log10(t))
        if kind == "arq":
            shift = 0.0
        at = link.channel.limit(share, "bpsk")
        assert at is not None
        at -= shift if kind == "chase" else 0.0
        above, below = accumulated(link, at + 0.01), accumulated(link, at - 0.01)
        assert above is not None
        assert below is not None
        if kind == "arq":
            assert above.throughput == pytest.approx(R)
            assert (above.transmissions, above.lost) == (1, 0)
            assert (below.throughput, below.transmissions, below.lost) == (0, 3, 1)
        else:
            assert above.throughput == pytest.approx(R / t)
            assert (above.transmissions, above.lost) == (t, 0)
            assert below.throughput == pytest.approx(R / (t + 1) if t < 3 else 0)
        assert above.throughput <= bpsk_capacity(10 ** ((at + 0.01) / 10)) + 1e-12


def test_over_fading_by_frame() -> None:
    """ARQ by the law of the gain, Chase by a gamma law, and incremental redundancy by 400,000 sampled sums."""
    channel = {"type": "rayleigh", "coherence": "frame", "esno_db": [2]}
    link = link_of("arq", channel)
    needed = 10 ** (awgn("arq").channel.limit(R, "bpsk") / 10) / 10**0.2  # type: ignore[operator]
    once = -math.expm1(-needed)
    assert lost_after(link, 2.0) == pytest.approx([once, once**2, once**3], rel=1e-9)
    reached = accumulated(link, 2.0)
    assert reached is not None
    assert reached.throughput == pytest.approx(R * (1 - once), rel=1e-9)
    gamma = [float(stats.gamma.cdf(needed, t)) for t in (1, 2, 3)]
    assert lost_after(link_of("chase", channel), 2.0) == pytest.approx(gamma, rel=1e-4)
    lost = lost_after(link_of("incremental-redundancy", channel), 2.0)
    assert lost is not None
    table = np.geomspace(1e-6, 1e3, 2000)
    carried = [float(bpsk_capacity(float(esno))) for esno in table]
    gains = np.random.default_rng(3).exponential(size=(3, 400_000)) * 10**0.2
    sums = np.cumsum(np.interp(gains, table, carried), axis=0)
    for probability, total in zip(lost, sums, strict=True):
        share = (total < R).mean()
        assert share == pytest.approx(probability, abs=5 * math.sqrt(probability / 400_000))


@pytest.mark.parametrize("fading", [Nakagami, Rician])
def test_energies_of_gains_add_up(fading: Any) -> None:
    """Against gamma and non-central chi-square laws."""
    k = 10**0.3
    law = stats.gamma(4.5, scale=1 / 1.5) if fading is Nakagami else stats.ncx2(6, 6 * k, scale=0.5 / (1 + k))
    given: dict[str, float] = {"m": 1.5} if fading is Nakagami else {"k_factor_db": 3.0}
    channel = fading(**given, esno_db=0)
    for energy in (0.2, 1.0, 3.0):
        assert energies_below(channel, energy, 3) == pytest.approx(float(law.cdf(energy)), rel=1e-4)
    assert energies_below(Rayleigh(esno_db=0), math.inf, 2) == 1


def test_what_is_not_known_has_no_limit() -> None:
    assert accumulated(link_of("chase", {"type": "bsc", "f": [0.1]}), 0.1) is None
    assert accumulated(link_of("arq", {"type": "bsc", "f": [0.01]}), 0.01) is not None
    blocks = {"type": "rayleigh", "coherence": 5, "esno_db": [2]}
    assert accumulated(link_of("chase", blocks), 2.0) is None
    assert accumulated(link_of("arq", {**blocks, "coherence": 4}), 2.0) is None
    lost = lost_after(link_of("incremental-redundancy", blocks), 2.0)
    assert lost is not None
    assert 0 < lost[2] < lost[1] ** 1.5 < lost[0]
    by_symbol = {"type": "rayleigh", "coherence": "symbol", "esno_db": [2]}
    assert accumulated(link_of("chase", by_symbol), 2.0) is None
    assert accumulated(link_of("incremental-redundancy", by_symbol), 2.0) is not None


def test_modulations_send_their_points() -> None:
    """15 bits are 8 symbols of QPSK, whose three words need 3 dB less than one, or less still."""
    link = awgn("chase", modulation={"type": "psk", "order": 4})
    assert link.uses == (8, 8, 8)
    once = link.channel.limit(11 / 8, "modulation")
    assert once is not None
    assert lost_after(link, once + 0.01) == [0, 0, 0]
    assert lost_after(link, once - 0.01) == [1, 0, 0]
    assert lost_after(link, once - 10 * math.log10(3) - 0.01) == [1, 1, 1]
