"""Capacities of the bit channels of polar codes."""

import itertools
import math

import numpy as np
import pytest
from capgap.channels import AWGN, BEC, BSC
from capgap.codes import HammingCode, LinearCRCCode, PolarCode
from capgap.codes.polar.by_name import polar


def enumerated(n: int, f: float) -> list[float]:
    """I(u_i; y, u_0 ... u_i-1) over the BSC, by all u and y."""
    code = PolarCode(information=list(range(n)), n=n)
    messages = np.array(list(itertools.product([0, 1], repeat=n)), np.uint8)
    words = code.encode(messages)
    distances = (words[:, None, :] != messages[None, :, :]).sum(2)
    joint = f**distances * (1 - f) ** (n - distances) / 2**n  # of u and y
    found = []
    for i in range(n):
        # u in lexicographic order: its first i bits, then u_i, then what is not known.
        split = joint.reshape(2**i, 2, -1, 2**n).sum(2)
        both = split.sum(1)
        found.append(float((split * np.log2(split / (both[:, None] / 2))).sum()))
    return found


def test_the_mutual_information_of_each_bit() -> None:
    code = PolarCode(information=[3], n=4)
    channels = code.bit_channels(BSC(f=0.11))
    assert channels.steps[2] == pytest.approx(
        enumerated(4, 0.11), abs=1e-12
    )  # so few symbols need no merging
    assert channels.known == "lower bounds by merging to 64 symbols"


@pytest.mark.parametrize("kernels", [(2, 2, 2, 2, 2), (3, 2), (2, 3)])
def test_on_the_erasure_channel_they_are_exact(kernels: tuple[int, ...]) -> None:
    code = PolarCode(information=[5], kernels=kernels)
    channels = code.bit_channels(BEC(epsilon=0.4))
    assert channels.known == "exact"
    assert [len(step) for step in channels.steps] == [math.prod(kernels[:i]) for i in range(len(kernels) + 1)]
    assert [float(step.mean()) for step in channels.steps] == pytest.approx([0.6] * (len(kernels) + 1))
    if kernels == (2, 2, 2, 2, 2):
        exact = [0.6]
        for _ in kernels:
            exact = [new for old in exact for new in (old * old, 2 * old - old * old)]
        assert channels.steps[-1] == pytest.approx(exact, rel=1e-12)


def test_little_is_lost_by_merging() -> None:
    channel = AWGN(esno_db=-1.54)
    steps = PolarCode(information=[255], n=256).bit_channels(channel).steps
    assert 0 < channel.capacity("bpsk") - steps[-1].mean() < 1e-3
    assert (np.diff([step.mean() for step in steps]) < 0).all()


def test_what_a_check_or_a_pretransform_leaves_as_it_is() -> None:
    inner = PolarCode(information=range(4, 16), n=16)
    pac = polar(n=16, k=8, construction="reed-muller", convolution=133)
    for code in (LinearCRCCode(inner, bits=4, polynomial=0b0011), pac):
        found = code.bit_channels(BEC(epsilon=0.3)).steps[-1]
        assert (found == inner.bit_channels(BEC(epsilon=0.3)).steps[-1]).all()


def test_where_they_are_not_known() -> None:
    with pytest.raises(ValueError, match="does not know the channels of its bits"):
        HammingCode(r=3).bit_channels(BEC(epsilon=0.3))
    with pytest.raises(ValueError, match="kernels of size 3, whose bit channels are known over bec alone"):
        PolarCode(information=[5], kernels=[2, 3]).bit_channels(BSC(f=0.1))
    with pytest.raises(ValueError, match="more than 16384 bits"):
        PolarCode(information=[5], n=1 << 15).bit_channels(BSC(f=0.1))
    with pytest.raises(
        ValueError, match="tells bit channels where it takes the channels awgn, bec and bsc, not"
    ):
        PolarCode(information=[5], n=8).bit_channels("fading")
