"""EXIT charts of demapper and decoder: known points of the curves, the measured course, and the waterfall."""

import numpy as np
import pytest
from capgap.channels import bicm_capacity, psk
from capgap.simulate import load_config
from capgap.simulate.link.iterative_receiver import IterativeReceiver
from capgap.simulate.link.link import Link
from capgap.simulate.theory.exit.exit_constituents import ConstituentChart, receiver_chart
from capgap.simulate.theory.exit.exit_support import NEEDED, has_exit_chart, no_exit_chart


def link_of(labels: str, k: int, rounds: int = 12) -> Link:
    curve = {
        "code": {"type": "convolutional", "generators": [13, 15], "k": k},
        "decoder": "bcjr",
        "modulation": {"type": "psk", "order": 8, "labels": labels},
        "receiver": {"type": "iterative", "rounds": rounds},
    }
    channel = {"type": "awgn", "ebno_db": [4.0]}
    config = {
        "name": "a",
        "channel": channel,
        "interleaver": {"type": "random", "seed": 3},
        "curves": [curve],
    }
    return load_config(config).curves[0].link


def chart_of(link: Link, ebno_db: float, frames: int, points: int = 21) -> ConstituentChart:
    point = link.at(ebno_db)
    receiver = link.receiver(point.decoder)
    assert isinstance(receiver, IterativeReceiver)
    return receiver_chart(receiver, point.channel, frames=frames, points=points, iterations=10)


def test_curves_and_course() -> None:
    """Where nothing is known the demapper has the bits' capacity, and where all is, more by the labels.

    Its course lies on the curves, as long as messages do not depend on each other.
    """
    link = link_of("anti-gray", 1000)
    chart = chart_of(link, 5.5, frames=16)
    esno = 10 ** ((5.5 + 10 * np.log10(link.bits_per_use)) / 10)
    error = 5 * chart.first_error[0]
    assert chart.first[0] == pytest.approx(bicm_capacity(psk(8, labels="anti-gray"), esno) / 3, abs=error)
    assert chart.first[-1] > 0.9 > 0.5 > chart.first[0]
    assert chart.second[0] < 0.01
    assert chart.second[-1] > 0.999
    demapper, decoder = chart.trajectory[::2, 0], chart.trajectory[1::2, 1]
    np.testing.assert_allclose(
        decoder[:3], np.interp(demapper[:3], chart.apriori, chart.second), rtol=0, atol=0.03
    )
    np.testing.assert_allclose(
        demapper[1:4], np.interp(decoder[:3], chart.apriori, chart.first), rtol=0, atol=0.03
    )


@pytest.mark.parametrize(("ebno_db", "is_open"), [(3.0, False), (4.7, True)])
def test_the_waterfall_is_where_the_tunnel_opens(ebno_db: float, is_open: bool) -> None:
    """Between 3.0 and 4.7 dB: below it more than 15 % of the bits stay wrong, above it less than 1 %."""
    link = link_of("anti-gray", 1000)
    chart = chart_of(link, ebno_db, frames=16)
    assert chart.tunnel_open == is_open
    if not is_open:
        assert chart.crossing[1] < 0.1
        assert chart.trajectory[-1, 1] == pytest.approx(chart.crossing[1], abs=0.05)
    counts = link.simulate(link.at(ebno_db), 0, 32)
    wrong = counts.bit_errors.sum() / (32 * 1000)
    assert wrong < 0.01 if is_open else wrong > 0.15


def test_which_links_have_one() -> None:
    link = link_of("gray", 50)
    assert has_exit_chart(link)
    assert "iterative receiver" in NEEDED
    usual = load_config(
        {
            "name": "a",
            "channel": {"type": "awgn", "ebno_db": [4.0]},
            "curves": [{"code": {"type": "convolutional", "generators": [5, 7], "k": 9}, "decoder": "bcjr"}],
        }
    ).curves[0]
    assert "is neither bp nor made of two constituents" in str(no_exit_chart(usual.link))
    with pytest.raises(ValueError, match="points must"):
        chart_of(link, 4.0, frames=2, points=1)
