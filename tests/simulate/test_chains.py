"""Links in one kernel, against their stages one after the other."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.channels.streams import stream_key
from capgap.codes import HardDecoder, UncodedCode
from capgap.simulate.chain_kernels import uncoded_awgn
from capgap.simulate.chains import whole_chain
from capgap.simulate.clock import Clock
from capgap.simulate.config import load_config
from capgap.simulate.link import Link, OperatingPoint


def uncoded(k: int, ebno_db: float) -> tuple[Link, OperatingPoint]:
    curve = {"label": "a", "code": {"type": "uncoded", "k": k}}
    channel = {"type": "awgn", "ebno_db": ebno_db}
    (made,) = load_config({"name": "a", "channel": channel, "curves": [curve]}).curves
    return made.link, made.link.at(ebno_db)


@pytest.mark.parametrize("k", [1, 2, 31, 63, 64, 65, 129, 1000])
@pytest.mark.parametrize("ebno_db", [-20.0, 3.0, 90.0])
def test_uncoded_bits_are_those_of_the_stages(k: int, ebno_db: float) -> None:
    link, point = uncoded(k, ebno_db)
    chain = whole_chain(link.code, link.decoder, point.channel)
    assert chain is not None
    for first, frames in ((0, 1), (5, 64), (2**40, 200)):
        sent = link.send(point, first, frames)
        errors, ok, iterations = chain(point.channel, point.key, first, frames, Clock())
        np.testing.assert_array_equal(errors, sent.bit_errors)
        np.testing.assert_array_equal(ok, sent.result.ok)
        np.testing.assert_array_equal(iterations, sent.result.iterations)
        assert link.simulate(point, first, frames).bit_errors.sum() == sent.bit_errors.sum()


def test_llrs_of_zero_are_decided_by_the_same_coins() -> None:
    """With a scale of 0 every LLR is 0: the coins come after the normals, as in the stages."""
    k, frames = 70, 100
    stream = Stream(0, frames, first=3, point="p")
    bits, _ = stream.bits(k), stream.normal(k)
    expected = HardDecoder(UncodedCode(k=k)).decode(np.zeros((frames, k), np.float32), stream)
    errors, settled = np.empty(frames, np.int32), np.ones(frames, np.bool_)
    one, zero = np.float32(1), np.float32(0)
    uncoded_awgn(stream_key(0, "p"), np.uint64(3), k, one, zero, one, errors, settled)
    np.testing.assert_array_equal(errors, (bits != expected.bits).sum(axis=1))
    np.testing.assert_array_equal(settled, expected.ok)
    assert not settled.any()


@pytest.mark.parametrize(
    "curve",
    [
        {"code": {"type": "repetition", "n": 3}},
        {"code": {"type": "uncoded", "k": 3}, "decoder": {"type": "ml"}},
        {"code": {"type": "uncoded", "k": 3}, "channel": {"type": "bsc", "f": 0.1}},
    ],
)
def test_other_links_have_none(curve: dict[str, Any]) -> None:
    config = {"name": "a", "channel": {"type": "awgn", "ebno_db": 1}, "curves": [{"label": "a", **curve}]}
    (made,) = load_config(config).curves
    point = made.link.at(made.values[0])
    assert whole_chain(made.link.code, made.link.decoder, point.channel) is None


def test_a_class_derived_from_one_of_ours_has_none() -> None:
    """It may do anything else."""
    link, point = uncoded(5, 1.0)

    class Other(UncodedCode):
        """Another code."""

    assert whole_chain(Other(k=5), link.decoder, point.channel) is None
