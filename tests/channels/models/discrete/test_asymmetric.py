"""The Z channel and the binary asymmetric channel."""

import math

import numpy as np
import pytest
from capgap.channels import (
    BSC,
    BinaryAsymmetric,
    Channel,
    Stream,
    ZChannel,
    binary_asymmetric_capacity,
    blahut_arimoto,
    mutual_information,
    z_channel_capacity,
)
from capgap.simulate import run
from capgap.vectors.groups import HARD, SOFT, packed
from scipy.stats import binomtest

FRAMES, N = 2000, 61
LAWS = [(0.05, 0.2), (0.3, 0.0), (0.0, 0.4), (0.001, 0.3), (0.5, 0.5), (1.0, 0.0), (0.0, 1.0)]


@pytest.mark.parametrize(("p01", "p10"), LAWS)
def test_bits_are_flipped_with_their_probabilities(p01: float, p10: float) -> None:
    """Two exact binomial tests, significance 1e-6 each."""
    channel = BinaryAsymmetric(p01=p01, p10=p10)
    word = Stream(1, FRAMES).bits(N)
    received = channel.transmit(word, Stream(2, FRAMES))
    for bit, probability in enumerate((p01, p10)):
        sent = word == bit
        flipped = int((received[sent] != bit).sum())
        assert binomtest(flipped, int(sent.sum()), probability).pvalue > 1e-6
    # The plain form and the fast one are the same channel.
    for reads in (SOFT, HARD):
        observed = channel.observe(packed(word), Stream(2, FRAMES), reads).lanes().T
        llr = channel.llr(received)
        assert np.array_equal(observed, llr if reads is SOFT else np.sign(llr))


def test_a_0_and_a_1_have_their_own_llrs() -> None:
    llr = BinaryAsymmetric(p01=0.1, p10=0.3).llr([0, 1, 2])
    assert llr.tolist() == pytest.approx([math.log(0.9 / 0.3), math.log(0.1 / 0.7), 0])
    assert ZChannel(p=0.25).llr([0, 1]).tolist() == pytest.approx([math.log(4), -1000])


def test_where_both_bits_look_alike_nothing_is_known() -> None:
    for channel in (BinaryAsymmetric(p01=0.3, p10=0.7), ZChannel(p=1.0)):
        given = channel.observe(packed(np.ones((3, 5), np.uint8)), Stream(1, 3), HARD)
        assert not given.lanes().any()
        assert channel.capacity("modulation") == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize(("p01", "p10"), LAWS)
def test_capacities(p01: float, p10: float) -> None:
    channel, law = BinaryAsymmetric(p01=p01, p10=p10), [[1 - p01, p01], [p10, 1 - p10]]
    assert channel.capacity() == pytest.approx(blahut_arimoto(law).lower, abs=1e-10)
    fair = channel.capacity("modulation")
    assert fair == pytest.approx(mutual_information(np.array(law) / 2), abs=1e-12)
    assert 0.94 * channel.capacity() <= fair + 1e-12 <= channel.capacity() + 2e-12
    with pytest.raises(ValueError, match="signal must be"):
        channel.capacity("bpsk")


def test_special_cases_and_reprs() -> None:
    assert ZChannel(p=0.3).capacity() == z_channel_capacity(0.3) == binary_asymmetric_capacity(0, 0.3)
    assert BinaryAsymmetric(p01=0.1, p10=0.1).capacity() == BSC(f=0.1).capacity()
    channels: tuple[Channel, ...] = (ZChannel(p=0.3), BinaryAsymmetric(p01=0.1, p10=0.2))
    for channel in channels:
        assert repr(eval(repr(channel))) == repr(channel)


@pytest.mark.parametrize(
    ("p01", "p10", "problem"),
    [(-0.1, 0.2, "p01, the"), (1.1, 0.0, "p01, the"), (0.6, 0.5, r"p10, .* \[0, 0.4\], which is 1 - p01")],
)
def test_what_is_no_channel(p01: float, p10: float, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        BinaryAsymmetric(p01=p01, p10=p10)
    with pytest.raises(ValueError, match=r"p, the .* must lie in \[0, 1\]"):
        ZChannel(p=1 + abs(p01))


def test_repetition_over_the_z_channel_errs_as_it_must() -> None:
    """ML of n repetitions errs where all n ones are lost: of fair bits, p^n / 2. Significance 1e-6."""
    p, frames = 0.4, 20_000
    config = {
        "name": "z",
        "channel": {"type": "z", "p": p},
        "curves": [{"label": "a", "code": {"type": "repetition", "n": 3}, "decoder": "ml"}],
        "stop": {"frames": frames},
        "seed": 1,
    }
    (row,) = run(config, save=False)
    assert binomtest(row.tally.frame_errors, row.tally.frames, p**3 / 2).pvalue > 1e-6
