"""Links in one kernel, against their stages one after the other."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, Stream
from capgap.channels.streams.stream import stream_key
from capgap.codes import DecodeResult, HardDecoder, MajorityDecoder, RepetitionCode, UncodedCode
from capgap.codes.code import Bits
from capgap.codes.decoder import Groups
from capgap.codes.tie_breaking import BitStream
from capgap.simulate.configuration.load import load_config
from capgap.simulate.link import fast_links as chains
from capgap.simulate.link.fast_links import fast_path
from capgap.simulate.link.link import Link, OperatingPoint
from capgap.simulate.link.stage_clock import Clock
from capgap.simulate.link.uncoded_kernels import uncoded_awgn


def uncoded(k: int, ebno_db: float) -> tuple[Link, OperatingPoint]:
    curve = {"label": "a", "code": {"type": "uncoded", "k": k}}
    channel = {"type": "awgn", "ebno_db": ebno_db}
    (made,) = load_config({"name": "a", "channel": channel, "curves": [curve]}).curves
    return made.link, made.link.at(ebno_db)


@pytest.mark.parametrize("k", [1, 2, 31, 63, 64, 65, 129, 1000])
@pytest.mark.parametrize("ebno_db", [-20.0, 3.0, 90.0])
def test_uncoded_bits_are_those_of_the_stages(k: int, ebno_db: float) -> None:
    link, point = uncoded(k, ebno_db)
    chain = fast_path(link.code, link.decoder, point.channel)
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


BP: dict[str, Any] = {"type": "bp", "iterations": 6}
MIN_SUM: dict[str, Any] = {**BP, "algorithm": "min-sum", "scale": 0.8}
GROUPED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "repetition": ({"type": "repetition", "n": 12, "k": 3}, {"type": "majority"}),
    "votes": ({"type": "repetition", "n": 12, "k": 3}, {"type": "majority", "input": "hard"}),
    "hamming": ({"type": "hamming", "r": 4, "extended": True}, BP),
    "spc": ({"type": "spc", "n": 6}, {**MIN_SUM, "precision": "int8"}),
    "linear": ({"type": "linear", "generator": [[1, 0, 1, 1, 0], [0, 1, 0, 1, 1]]}, BP),
    "flooding": ({"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}, BP),
    "layered": ({"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}, {**BP, "schedule": "layered"}),
    "min-sum": ({"type": "ldpc", "n": 96, "k": 48, "column_weight": 3}, {**MIN_SUM, "stop": "none"}),
    "punctured": (
        {"type": "ldpc", "n": 96, "k": 48, "column_weight": 3, "puncture": [93, 94, 95]},
        {**MIN_SUM, "schedule": "layered", "precision": "int8"},
    ),
    "int8": (
        {"type": "ldpc", "standard": "wimax", "n": 576, "rate": "1/2"},
        {**MIN_SUM, "schedule": "layered", "precision": "int8"},
    ),
    "int8 flooding": (
        {"type": "ldpc", "standard": "wifi", "n": 648, "rate": "5/6"},
        {**MIN_SUM, "precision": "int8", "llr_scale": 1.5},
    ),
}


@pytest.mark.parametrize(("code", "decoder"), GROUPED.values(), ids=GROUPED.keys())
@pytest.mark.parametrize("ebno_db", [-30.0, 1.0, 4.0, 60.0])
def test_groups_are_counted_as_the_stages_count(
    code: dict[str, Any], decoder: dict[str, Any], ebno_db: float
) -> None:
    curve = {"label": "a", "code": code, "decoder": decoder}
    channel = {"type": "awgn", "ebno_db": ebno_db}
    (made,) = load_config({"name": "a", "channel": channel, "curves": [curve]}).curves
    link, point = made.link, made.link.at(ebno_db)
    chain = fast_path(link.code, link.decoder, point.channel)
    assert chain is not None
    for first, frames in ((0, 1), (5, 64), (2**40, 700)):
        clock = Clock()
        sent = link.send(point, first, frames)
        errors, ok, iterations = chain(point.channel, point.key, first, frames, clock)
        np.testing.assert_array_equal(errors, sent.bit_errors)
        np.testing.assert_array_equal(ok, sent.result.ok)
        np.testing.assert_array_equal(iterations, sent.result.iterations)
        assert list(clock.seconds) == ["source", "encoder", "channel", "decoder", "count"]


def test_passes_of_a_chain_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    code, decoder = GROUPED["int8"]
    curve = {"label": "a", "code": code, "decoder": decoder}
    config = {"name": "a", "channel": {"type": "awgn", "ebno_db": 2}, "curves": [curve]}
    (made,) = load_config(config).curves
    point = made.link.at(2.0)
    whole = made.link.simulate(point, 7, 1500)
    monkeypatch.setattr(chains.GroupedPath, "pass_frames", property(lambda self: 128))
    parts = made.link.simulate(point, 7, 1500)
    assert (parts.frames, parts.iterations) == (whole.frames, whole.iterations)
    np.testing.assert_array_equal(parts.wrong, whole.wrong)
    np.testing.assert_array_equal(parts.bit_errors, whole.bit_errors)
    np.testing.assert_array_equal(parts.iterations_to, whole.iterations_to)
    assert len(whole.wrong) > 10


@pytest.mark.parametrize(
    "curve",
    [
        {"code": {"type": "hamming", "r": 3}, "decoder": {"type": "ml"}},
        {"code": {"type": "uncoded", "k": 3}, "decoder": {"type": "ml"}},
        {"code": {"type": "uncoded", "k": 3}, "channel": {"type": "bsc", "f": 0.1}},
        {"code": {"type": "linear", "generator": [[1, 1, 0], [0, 1, 1]]}, "decoder": {"type": "bp"}},
    ],
)
def test_other_links_have_none(curve: dict[str, Any]) -> None:
    config = {"name": "a", "channel": {"type": "awgn", "ebno_db": 1}, "curves": [{"label": "a", **curve}]}
    (made,) = load_config(config).curves
    point = made.link.at(made.values[0])
    assert fast_path(made.link.code, made.link.decoder, point.channel) is None


def test_a_class_derived_from_one_of_ours_has_none() -> None:
    """It may do anything else."""
    link, point = uncoded(5, 1.0)

    class Other(UncodedCode):
        """Another code."""

    assert fast_path(Other(k=5), link.decoder, point.channel) is None


def test_a_decoder_with_another_decode_has_none() -> None:
    """Only where ``decode_groups`` goes with it."""
    code = RepetitionCode(n=6, k=2)

    class Other(MajorityDecoder):
        """Decodes in another way."""

        def decode(self, llr: npt.ArrayLike, stream: BitStream | None = None) -> DecodeResult:
            return super().decode(-np.asarray(llr), stream)

    class Both(Other):
        """And has groups to go with it."""

        def decode_groups(self, llr: Groups, frames: int) -> Any:
            return super().decode_groups(-llr, frames)

    class Own(RepetitionCode):
        """Encodes as its base class does."""

    class Shuffled(RepetitionCode):
        """Does not."""

        def encode(self, bits: npt.ArrayLike) -> Bits:
            return super().encode(bits)[:, ::-1]

    channel = AWGN(ebno_db=1, rate=1 / 3)
    assert fast_path(code, Other(code), channel) is None
    assert fast_path(code, Both(code), channel) is not None
    assert fast_path(Own(n=6, k=2), MajorityDecoder(code), channel) is not None
    assert fast_path(Shuffled(n=6, k=2), MajorityDecoder(code), channel) is None
