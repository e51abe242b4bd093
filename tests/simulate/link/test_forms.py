"""The two forms of every stage: arrays (frames, n), and groups of 64 frames. A link counts the same with both."""

from dataclasses import astuple
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import AWGN, BSC, Channel, Stream
from capgap.codes import (
    Code,
    Decoder,
    DecodeResult,
    GroupResult,
    HardDecoder,
    MajorityDecoder,
    RepetitionCode,
    UncodedCode,
)
from capgap.codes.code import Bits
from capgap.codes.tie_breaking import BitStream
from capgap.simulate.configuration.load import load_config
from capgap.simulate.link.link import Link, OperatingPoint
from capgap.simulate.link.stage_clock import Clock
from capgap.vectors.expected import WrongResultError
from capgap.vectors.groups import HARD, SOFT, GroupInput, Reads, Words, grouped, packed, unpacked

BP: dict[str, Any] = {"type": "bp", "iterations": 6}
MIN_SUM: dict[str, Any] = {**BP, "algorithm": "min-sum", "scale": 0.8}
LINKS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "repetition": ({"type": "repetition", "n": 12, "k": 3}, {"type": "majority"}),
    "votes": ({"type": "repetition", "n": 12, "k": 3}, {"type": "majority", "input": "hard"}),
    "uncoded": ({"type": "uncoded", "k": 65}, {"type": "hard"}),
    "syndrome": ({"type": "hamming", "r": 3}, {"type": "syndrome"}),
    "syndrome 2": ({"type": "linear", "generator": [[1, 0, 1, 1, 0], [0, 1, 0, 1, 1]]}, {"type": "syndrome"}),
    "ml": ({"type": "spc", "n": 6}, {"type": "ml"}),
    "hard ml": ({"type": "hamming", "r": 3}, {"type": "ml", "input": "hard"}),
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


CHANNELS: dict[str, list[dict[str, Any]]] = {
    "awgn": [{"type": "awgn", "ebno_db": value} for value in (-30.0, 1.0, 4.0, 60.0)],
    "bsc": [{"type": "bsc", "f": value} for value in (0.0, 0.004, 0.1, 0.5)],
    "bec": [{"type": "bec", "epsilon": value} for value in (0.0, 0.01, 0.4, 1.0)],
}


def made(
    code: dict[str, Any], decoder: dict[str, Any], channel: dict[str, Any]
) -> tuple[Link, OperatingPoint]:
    described = {"label": "a", "code": code, "decoder": decoder}
    (curve,) = load_config({"name": "a", "channel": channel, "curves": [described]}).curves
    return curve.link, curve.link.at(curve.values[0])


def assert_counts_of_the_stages(link: Link, point: OperatingPoint, first: int, frames: int) -> None:
    sent = link.send(point, first, frames)
    counts = link.simulate(point, first, frames)
    wrong = np.flatnonzero(sent.bit_errors)
    np.testing.assert_array_equal(counts.wrong, wrong)
    np.testing.assert_array_equal(counts.bit_errors, sent.bit_errors[wrong])
    np.testing.assert_array_equal(counts.undetected, sent.result.ok[wrong])
    assert counts.iterations == sent.result.iterations.sum()


@pytest.mark.parametrize(("code", "decoder"), LINKS.values(), ids=LINKS.keys())
@pytest.mark.parametrize("channel", CHANNELS)
def test_groups_are_counted_as_arrays_are(
    code: dict[str, Any], decoder: dict[str, Any], channel: str
) -> None:
    for given in CHANNELS[channel]:
        link, point = made(code, decoder, given)
        for first, frames in ((0, 1), (2**40, 130)):
            assert_counts_of_the_stages(link, point, first, frames)


def test_the_clock_has_each_stage() -> None:
    link, point = made(*LINKS["votes"], CHANNELS["awgn"][0])
    clock = Clock()
    link.simulate(point, 0, 1, clock)
    assert list(clock.seconds) == ["source", "encoder", "channel", "decoder", "count"]


def test_passes_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    link, point = made(*LINKS["int8"], {"type": "awgn", "ebno_db": 2})
    whole = link.simulate(point, 7, 1500)
    monkeypatch.setattr(Link, "pass_frames", property(lambda self: 128))
    parts = link.simulate(point, 7, 1500)
    assert (parts.frames, parts.iterations) == (whole.frames, whole.iterations)
    np.testing.assert_array_equal(parts.wrong, whole.wrong)
    np.testing.assert_array_equal(parts.bit_errors, whole.bit_errors)
    np.testing.assert_array_equal(parts.iterations_to, whole.iterations_to)
    assert len(whole.wrong) > 10


class Reversed(RepetitionCode):
    """Encodes in another way than its base class."""

    def encode(self, bits: npt.ArrayLike) -> Bits:
        return super().encode(bits)[..., ::-1]


class ReversedWords(RepetitionCode):
    """The same, in groups."""

    def encode_words(self, words: Words) -> Words:
        return np.ascontiguousarray(super().encode_words(words)[:, ::-1])


@pytest.mark.parametrize("kind", [Reversed, ReversedWords])
def test_a_code_that_defines_one_form_has_the_other(kind: type[RepetitionCode]) -> None:
    stream, code = Stream(1, 70), kind(n=6, k=2)
    bits = stream.bits(2)
    expected = RepetitionCode(n=6, k=2).encode(bits)[:, ::-1]
    np.testing.assert_array_equal(code.encode(bits), expected)
    np.testing.assert_array_equal(unpacked(code.encode_words(packed(bits)), 70), expected)
    np.testing.assert_array_equal(code.encode(bits[3]), expected[3])


class Inverted(MajorityDecoder):
    """Decodes in another way than its base class."""

    def decode(self, llr: npt.ArrayLike, stream: BitStream | None = None) -> DecodeResult:
        return super().decode(-np.asarray(llr), stream)


class InvertedGroups(MajorityDecoder):
    """The same, in groups."""

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        hard = None if given.hard is None else ~given.hard
        if hard is not None and given.erased is not None:
            hard &= ~given.erased
        llr = None if given.llr is None else -given.llr
        return super().decode_groups(GroupInput(given.frames, llr, hard, given.erased), stream)


@pytest.mark.parametrize("kind", [Inverted, InvertedGroups])
@pytest.mark.parametrize("read", ["soft", "hard"])
def test_a_decoder_that_defines_one_form_has_the_other(kind: type[MajorityDecoder], read: Any) -> None:
    code = RepetitionCode(n=6, k=2)
    llr = np.rint(2 * Stream(2, 70).normal(6))  # with ties
    decoder = kind(code, input=read)
    expected = MajorityDecoder(code, input=read).decode(-llr, Stream(3, 70))
    found = decoder.decode(llr, Stream(3, 70))
    given = GroupInput.of_lanes(np.ascontiguousarray(llr.T, np.float32), decoder.reads)
    grouped = decoder.decode_groups(given, Stream(3, 70))
    assert not expected.ok.all()
    for bits, ok in ((found.bits, found.ok), (unpacked(grouped.bits, 70), grouped.ok)):
        np.testing.assert_array_equal(bits, expected.bits)
        np.testing.assert_array_equal(ok, expected.ok)


def test_a_plain_decoder_of_a_class_that_reads_bits_is_given_llrs() -> None:
    class Plain(HardDecoder):
        """Wants arrays."""

        def decode(self, llr: npt.ArrayLike, stream: BitStream | None = None) -> DecodeResult:
            assert np.asarray(llr).dtype == np.float32
            return super().decode(llr, stream)

    assert (HardDecoder(UncodedCode(k=5)).reads, Plain(UncodedCode(k=5)).reads) == (HARD, SOFT)


class Louder(BSC):
    """Gives larger LLRs than its base class."""

    def llr(self, received: Any) -> npt.NDArray[np.float32]:
        return 2 * super().llr(received)


class Observing(Channel):
    """Defines ``observe`` alone."""

    parameters = ("f",)

    def __init__(self, *, f: float) -> None:
        self.bsc = BSC(f=f)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        return self.bsc.observe(words, stream, reads)

    def capacity(self) -> float:
        return self.bsc.capacity()


@pytest.mark.parametrize("kind", [Louder, Observing])
@pytest.mark.parametrize("reads", [SOFT, HARD, Reads("soft", "int8", 4.0), Reads("soft", "int16", 32.0)])
def test_a_channel_that_defines_one_form_has_the_other(kind: type[BSC], reads: Reads) -> None:
    frames = 70
    word = Stream(4, frames).bits(9)
    channel = kind(f=0.1)
    llr = channel.llr(channel.transmit(word, Stream(5, frames)))
    expected = BSC(f=0.1).llr(BSC(f=0.1).transmit(word, Stream(5, frames))) * (1 + (kind is Louder))
    np.testing.assert_array_equal(llr, expected)
    found = channel.observe(packed(word), Stream(5, frames), reads)
    same = GroupInput.of_lanes(np.ascontiguousarray(llr.T), reads)
    for name in ("llr", "hard"):
        a, b = getattr(found, name), getattr(same, name)
        if a is not None or b is not None:
            np.testing.assert_array_equal(a[:1], b[:1])


def test_classes_that_define_neither_form_are_refused() -> None:
    class NoCode(Code):
        """Cannot encode."""

    class NoDecoder(Decoder):
        """Cannot decode."""

    with pytest.raises(TypeError, match="should define encode or encode_words"):
        NoCode(n=3, k=1)
    with pytest.raises(TypeError, match="should define decode or decode_groups"):
        NoDecoder(UncodedCode(k=3))


def test_what_a_stage_returns_is_looked_at() -> None:
    class Wrong(UncodedCode):
        """Returns bits of another type."""

        def encode(self, bits: Any) -> Any:
            return bits.astype(np.float64)

    with pytest.raises(WrongResultError, match=r"encode should be uint8 \(64, 3\), got float64 \(64, 3\)"):
        Wrong(k=3).encode_words(np.zeros((1, 3), np.uint64))


@pytest.mark.parametrize("esno_db", [-20.0, 0.0, 6.0, 90.0])
def test_hard_values_are_the_signs_of_the_llrs(esno_db: float) -> None:
    frames, n = 130, 37
    channel, words = AWGN(esno_db=esno_db), packed(Stream(6, frames).bits(n))
    streams = [Stream(7, frames) for _ in range(2)]
    hard = channel.observe(words, streams[0], HARD)
    soft = channel.observe(words, streams[1], SOFT)
    expected = GroupInput.of_lanes(soft.lanes(), HARD)
    assert hard.hard is not None
    assert expected.hard is not None
    np.testing.assert_array_equal(unpacked(hard.hard, frames), unpacked(expected.hard, frames))
    np.testing.assert_array_equal(streams[0].words(1), streams[1].words(1))


@pytest.mark.parametrize("reads", [HARD, SOFT, Reads("soft", "int16", 64.0)])
def test_llrs_in_groups_become_what_those_of_frames_do(reads: Reads) -> None:
    frames = 130
    llr = np.random.default_rng(1).integers(-2, 3, (37, frames)).astype(np.float32)
    found = GroupInput.of_groups(frames, grouped(llr), reads)
    expected = GroupInput.of_lanes(llr, reads)
    for own, other in zip(astuple(found), astuple(expected), strict=True):
        np.testing.assert_array_equal(own, other)
