"""What a link sends and counts, and codes that depend on the operating point."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    Code,
    CompositeCode,
    DecodeResult,
    HardDecoder,
    LinearCode,
    MaximumLikelihoodDecoder,
    UncodedCode,
)
from capgap.codes.detection.crc import LinearCRCCode
from capgap.codes.matching.rate_matched import LinearRateMatchedCode
from capgap.simulate import InputError, load_config
from capgap.simulate.engine.engine import Engine
from capgap.simulate.engine.plans import SweepPlan
from capgap.simulate.engine.workers import Threads
from capgap.simulate.link.counting.measure import BitErrors, Counts, Measure
from capgap.simulate.link.link import Link, OperatingPoint
from capgap.simulate.link.source import FairBits, Source
from capgap.simulate.statistics.stop_rules import StopRules
from capgap.vectors.groups import Words


def packed(bits: Any) -> Words:
    """Bits (frames, k) as words, one bit after the other."""
    frames, k = bits.shape
    words = np.zeros((-(-frames // 64), k), np.uint64)
    for f in range(frames):
        words[f // 64] |= bits[f].astype(np.uint64) << np.uint64(f % 64)
    return words


def link_of(code: dict[str, Any], decoder: str = "hard") -> Link:
    curve = {"label": "a", "code": code, "decoder": decoder}
    channel = {"type": "bsc", "f": [0.1, 0.05]}
    (made,) = load_config({"name": "a", "channel": channel, "curves": [curve]}).curves
    return made.link


# --- Sources and measures ---


@pytest.mark.parametrize(("frames", "k"), [(1, 1), (64, 33), (100, 300), (130, 7)])
def test_fair_bits_are_those_of_the_streams(frames: int, k: int) -> None:
    source, streams = FairBits(), [Stream(3, frames, first=5) for _ in range(3)]
    bits = streams[0].bits(k)
    np.testing.assert_array_equal(source.draw(streams[1], k), bits)
    words = source.draw_words(streams[2], k)
    beyond = np.uint64(2 ** (frames % 64 or 64) - 1)
    words[-1] &= beyond
    np.testing.assert_array_equal(words, packed(bits))
    following = [stream.bits(5) for stream in streams]
    assert np.array_equal(following[0], following[1])
    assert np.array_equal(following[0], following[2])


@pytest.mark.parametrize(("frames", "k"), [(1, 1), (63, 254), (64, 255), (100, 256), (130, 1000)])
@pytest.mark.parametrize("density", [0.0, 0.001, 0.5, 1.0])
def test_bit_errors_are_differences(frames: int, k: int, density: float) -> None:
    """Packed and plain, against NumPy."""
    rng = np.random.default_rng(k + frames)
    sent = rng.integers(0, 2, (frames, k), np.uint8)
    decided = np.where(rng.random((frames, k)) < density, 1 - sent, sent).astype(np.uint8)
    expected = (sent != decided).sum(axis=1)
    measure = BitErrors()
    errors = measure.count_words(packed(sent), packed(decided), frames)
    assert errors.dtype == np.int32
    np.testing.assert_array_equal(errors, expected)
    np.testing.assert_array_equal(measure.count(sent, decided)[0], expected)
    np.testing.assert_array_equal(Measure.count(measure, sent, decided)[0], expected)


@pytest.mark.slow
def test_errors_are_the_same_on_a_plain_cpu(
    on_a_plain_cpu: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    script = (
        "import numpy as np; from capgap.simulate.link.counting.measure import BitErrors;"
        "rng = np.random.default_rng(1); a, b = rng.integers(0, 2**64, (2, 3, 700), np.uint64);"
        "b[1] = a[1]; print(BitErrors().count_words(a, b, 190).tolist())"
    )
    exec(script, {})
    assert capsys.readouterr().out == on_a_plain_cpu(script)


class Ramp(Source):
    """Bit i of frame f is bit i of its first word's low byte, repeated: words that are not fair."""

    def draw_words(self, stream: Stream, k: int) -> Words:
        byte = stream.words(1)[:, 0] & np.uint32(255)
        return packed((byte[:, None] >> np.arange(k, dtype=np.uint32) % 8 & 1).astype(np.uint8))


class HeadErrors(Measure):
    """Errors in the first half, and, as a counter, those in the second."""

    counters = ("tail_errors",)

    def count_words(self, sent: Words, decided: Words, frames: int) -> Counts:
        half = sent.shape[1] // 2
        return BitErrors().count_words(sent[:, :half].copy(), decided[:, :half].copy(), frames)

    def further_words(self, sent: Words, decided: Words, frames: int) -> Mapping[str, Counts]:
        half = sent.shape[1] // 2
        return {
            "tail_errors": BitErrors().count_words(sent[:, half:].copy(), decided[:, half:].copy(), frames)
        }


def test_a_link_takes_another_source_and_measure() -> None:
    link = replace(link_of({"type": "uncoded", "k": 16}), source=Ramp(), measure=HeadErrors())
    point = link.at(0.1)
    sent = link.send(point, 3, 100)
    np.testing.assert_array_equal(sent.bits[:, :8], sent.bits[:, 8:])
    wrong = sent.bits != sent.result.bits
    np.testing.assert_array_equal(sent.bit_errors, wrong[:, :8].sum(axis=1))
    np.testing.assert_array_equal(sent.counters["tail_errors"], wrong[:, 8:].sum(axis=1))
    counts = link.simulate(point, 3, 100)
    assert counts.counters["tail_errors"].total == wrong[:, 8:].sum()


def test_links_with_stages_of_somebodys_are_told_from_ours() -> None:
    link = link_of({"type": "uncoded", "k": 16})
    assert link.is_ours(link.at(0.1))
    assert not replace(link, source=Ramp()).is_ours(link.at(0.1))
    assert not replace(link, measure=HeadErrors()).is_ours(link.at(0.1))


# --- Counters of decoders ---


class WeighingDecoder(HardDecoder):
    """Counts the ones it decides."""

    counters = ("ones",)

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        result = super().decode(llr, stream)
        return replace(result, counters={"ones": result.bits.sum(axis=1, dtype=np.int32)})


def test_counters_of_a_decoder_are_added_up() -> None:
    link = link_of({"type": "uncoded", "k": 20})
    link = replace(link, decoder=WeighingDecoder(link.code))
    plan = SweepPlan(link, [0.1, 0.05], StopRules(frame_errors=70), {})
    with Threads(2) as workers:
        Engine([plan], workers).run()
    for point in plan.points:
        row = point.row()
        sent = link.send(link.at(row.value), 0, row.frames)
        assert row.counters == {"ones": sent.result.bits.sum()}


def test_counters_of_an_inner_decoder_are_those_of_the_whole() -> None:
    inner = UncodedCode(k=20)
    for code in (LinearCRCCode(inner, bits=3, polynomial=3), LinearRateMatchedCode(inner, repeat=[0, 5])):
        link = replace(link_of({"type": "uncoded", "k": 20}), code=code)
        link = replace(link, decoder=code.decoder_around(WeighingDecoder(inner)))
        sent, counts = link.send(link.at(0.1), 3, 100), link.simulate(link.at(0.1), 3, 100)
        assert counts.counters["ones"].total == sent.result.counters["ones"].sum() > 700


def test_a_result_of_one_frame_has_one_of_each_counter() -> None:
    llr = np.ones(4, np.float32)
    both = DecodeResult(
        np.zeros((1, 4), np.uint8),
        np.ones(1, np.bool_),
        np.zeros(1, np.int32),
        {"a": np.array([3], np.int32)},
    )
    assert both.one_or_all(llr).counters == {"a": 3}


class Forgetful(WeighingDecoder):
    """Leaves out what it says it counts."""

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        return replace(super().decode(llr, stream), counters={})


class Negative(WeighingDecoder):
    """Counts below 0."""

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        result = super().decode(llr, stream)
        return replace(result, counters={"ones": -result.counters["ones"]})


class Wide(WeighingDecoder):
    """Counts in another type."""

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        result = super().decode(llr, stream)
        wide: Any = result.counters["ones"].astype(np.int64)
        return replace(result, counters={"ones": wide})


@pytest.mark.parametrize(
    ("decoder", "words"),
    [
        (Forgetful, r"should count \['ones'\] beside the usual, as their counters say, got \[\]"),
        (Negative, "ones should be 0 or more"),
        (Wide, r"the counter ones should be int32 \(200,\), got int64"),
    ],
)
def test_counters_that_are_none_are_refused(decoder: type[WeighingDecoder], words: str) -> None:
    link = link_of({"type": "uncoded", "k": 20})
    link = replace(link, decoder=decoder(link.code))
    with pytest.raises(InputError, match=words):
        link.simulate(link.at(0.1), 0, 200)


# --- Codes that depend on the operating point ---


class Chosen(LinearCode):
    """Two bits and the parity of one of them, at less noise of the other."""

    default_decoder = "ml"
    made = 0

    def __init__(self, which: int = 0) -> None:
        super().__init__(generator=[[1, 0, 1 - which], [0, 1, which]])
        type(self).made += 1

    def at(self, point: OperatingPoint) -> Code:
        return Chosen(1) if point.value < 0.08 else self


def test_a_code_may_depend_on_the_point() -> None:
    link = link_of({"type": "uncoded", "k": 2})
    code = Chosen()
    link = replace(
        link, code=code, decoder=MaximumLikelihoodDecoder(code), make_decoder=MaximumLikelihoodDecoder
    )
    noisy, quiet = link.at(0.1), link.at(0.05)
    assert noisy.code is code
    assert noisy.decoder is link.decoder
    assert isinstance(quiet.decoder, MaximumLikelihoodDecoder)
    assert quiet.decoder.code is quiet.code
    Chosen.made = 0
    for point, which in ((noisy, 0), (quiet, 1)):
        sent = link.send(point, 0, 50)
        np.testing.assert_array_equal(sent.word[:, 2], sent.bits[:, which])
        assert link.simulate(point, 0, 50).bit_errors.sum() == sent.bit_errors.sum()
    assert Chosen.made == 0  # what is made for a point is kept


def test_a_configured_link_makes_decoders_for_its_points() -> None:
    """With the parameters that the configuration gave."""
    link = link_of({"type": "repetition", "n": 5}, "majority")
    assert link.make_decoder is not None
    assert type(link.make_decoder(link.code)) is type(link.decoder)


class Growing(UncodedCode):
    """Has another k elsewhere, which is no code of the same curve."""

    def at(self, point: OperatingPoint) -> Code:
        return UncodedCode(k=self.k + 1)


def test_a_code_keeps_its_size_and_needs_its_decoder() -> None:
    link = link_of({"type": "uncoded", "k": 2})
    grown = replace(link, code=Growing(k=2))
    with pytest.raises(InputError, match="should return a code with n = 2 and k = 2, as at other points"):
        grown.simulate(grown.at(0.1), 0, 1)
    bare = replace(link, code=Chosen(), make_decoder=None)
    with pytest.raises(InputError, match="does not know how to make its decoder: give it make_decoder"):
        bare.simulate(bare.at(0.05), 0, 1)


def test_a_code_made_of_one_depends_on_the_point_too() -> None:
    outer: tuple[CompositeCode, ...] = (
        LinearRateMatchedCode(Chosen(), repeat=[0, 2]),
        LinearCRCCode(Chosen(), bits=1, polynomial=1),
    )
    link = link_of({"type": "uncoded", "k": 2})
    for code in outer:
        for value, which in ((0.1, 0), (0.05, 1)):
            made = code.at(replace(link, code=code).at(value))
            assert isinstance(made, CompositeCode)
            assert (made is code) == (which == 0)
            np.testing.assert_array_equal(made.inner.encode([[1, 0]]), [[1, 0, 1 - which]])
            assert (made.n, made.k) == (code.n, code.k)
