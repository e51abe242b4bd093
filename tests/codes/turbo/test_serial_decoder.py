"""Iterative decoding of codes in series: against a slow reference, exact where it is, stop rules, its waterfall."""

import itertools
from typing import Any

import numpy as np
import pytest
from capgap.channels import BEC, Stream
from capgap.codes import (
    BCJRDecoder,
    ConcatenatedCode,
    ConvolutionalCode,
    DecodeResult,
    HammingCode,
    MaximumLikelihoodDecoder,
    SerialDecoder,
    SingleParityCheckCode,
    UncodedCode,
    decoder_of,
)
from capgap.codes.by_name import concatenated, crc
from capgap.codes.soft_decoder import SoftDecoder, SoftResult
from capgap.simulate import run
from capgap.vectors.groups import GroupInput, grouped, ungrouped

from tests.lazy import Lazy
from tests.references.bcjr import by_all_codewords
from tests.references.serial import decode


def convolutional(**parameters: Any) -> ConvolutionalCode:
    return ConvolutionalCode(**parameters)


def accumulator(k: int) -> ConvolutionalCode:
    return convolutional(generators=[2], feedback=3, k=k, puncture=["0", "1"])


CODES: Lazy[ConcatenatedCode] = Lazy(
    {
        "accumulator": lambda: concatenated(
            outer=convolutional(generators=[5, 7], k=3), inner=accumulator(10)
        ),
        "recursive": lambda: concatenated(
            outer=convolutional(generators=[5, 7], k=4, termination="tail-biting"),
            inner=convolutional(generators=[5], feedback=7, k=8, puncture=["11", "10"]),
            interleaver=[3, 6, 1, 4, 7, 0, 5, 2],
        ),
        "long": lambda: concatenated(outer=convolutional(generators=[5, 7], k=100), inner=accumulator(204)),
    }
)
SMALL = Lazy({name: CODES.makers[name] for name in ("accumulator", "recursive")})


class AllCodewords(SoftDecoder):
    """A-posteriori decoding of any small code, in NumPy."""

    def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
        bits = (self.soft(llr).information < 0).astype(np.uint8)
        return DecodeResult.without_iterations(bits, np.ones(len(bits), np.bool_))

    def soft_groups(self, given: GroupInput, prior: Any = None) -> SoftResult:
        llr = ungrouped(given.soft(), given.frames).T
        known = np.zeros((given.frames, self.code.k)) if prior is None else ungrouped(prior, given.frames).T
        found = by_all_codewords(self.code, llr, known, exact=True)
        one, other = (grouped(np.ascontiguousarray(each.T, np.float32)) for each in found)
        return SoftResult(one, other)


def received(code: Any, frames: int, sigma: float, seed: int) -> tuple[Any, Any]:
    """Information bits and float32 LLRs over AWGN, (frames, ...)."""
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, (frames, code.k), dtype=np.uint8)
    signs = 1 - 2.0 * code.encode(bits)
    return bits, np.float32(2 / sigma**2 * (signs + sigma * rng.standard_normal(signs.shape)))


@pytest.mark.parametrize(
    ("algorithm", "precision", "limit", "steps"),
    [("log-map", "float32", 1000, 0), ("max-log", "float32", 1000, 0), ("max-log", "int8", 127, 8)],
)
@SMALL.each("code")
def test_decisions_are_those_of_the_reference(
    code: ConcatenatedCode, algorithm: Any, precision: Any, limit: int, steps: int
) -> None:
    llr = received(code, 70, 0.9, 61)[1]
    if steps:
        llr = (np.rint(llr * steps).clip(-limit, limit) / steps).astype(np.float32)
    scales = [0.75, 0.5, 1, 0.75, 0.875, 1]
    posterior = decode(code, llr, scales, algorithm == "log-map", steps, limit)
    outer, inner = (
        BCJRDecoder(part, algorithm=algorithm, precision=precision) for part in (code.outer, code.inner)
    )
    decoder = SerialDecoder(code, iterations=3, outer=outer, inner=inner, scale=scales, count="iterations")
    result = decoder.decode(llr)
    for bits, expected in zip(result.after_iterations, posterior, strict=True):
        clear = np.abs(expected) > (0 if steps else 1e-3)
        assert clear.mean() > 0.9
        np.testing.assert_array_equal(bits[clear], (expected < 0)[clear])
    if steps:
        np.testing.assert_array_equal(result.ok, (posterior[-1] != 0).all(axis=1))


def test_erasures() -> None:
    """Over the BEC no bit that is decided is wrong, and none is tied that the reference decides."""
    code = CODES["recursive"]
    stream = Stream(1, 200, point="series")
    bits, channel = stream.bits(code.k), BEC(epsilon=0.55)
    llr = channel.llr(channel.transmit(code.encode(bits), stream))
    posterior = decode(code, llr, [1] * 10, exact=True)[-1]
    result = SerialDecoder(code, iterations=5).decode(llr)
    decided = np.abs(posterior) > 1
    np.testing.assert_array_equal(result.bits[decided], bits[decided])
    np.testing.assert_array_equal(result.ok, decided.all(axis=1))
    assert 20 < result.ok.sum() < 180


def test_soft_decoders_of_your_own() -> None:
    code = ConcatenatedCode(SingleParityCheckCode(n=4), HammingCode(r=3), [2, 0, 3, 1])
    llr = received(code, 130, 0.9, 62)[1]
    outer, inner = AllCodewords(code.outer), AllCodewords(code.inner)
    result = SerialDecoder(code, iterations=3, outer=outer, inner=inner).decode(llr)
    np.testing.assert_array_equal(result.bits, decode(code, llr, [1] * 6, exact=True)[-1] < 0)


@pytest.mark.parametrize("part", ["outer", "inner"])
def test_one_iteration_is_exact_where_a_code_is_trivial(part: str) -> None:
    """Uncoded bits in the one: nothing has to come back."""
    if part == "outer":
        recursive = convolutional(generators=[5], feedback=7, k=8)
        code = concatenated(outer=UncodedCode(k=8), inner=recursive)
    else:
        code = concatenated(
            outer=convolutional(generators=[5, 7], k=5, termination="truncated"), inner=UncodedCode(k=10)
        )
    llr = received(code, 100, 1.2, 63)[1]
    trivial: Any = {part: AllCodewords(getattr(code, part))}
    found = SerialDecoder(code, iterations=1, **trivial).decode(llr).bits
    posterior, _ = by_all_codewords(code, llr, np.zeros((100, code.k)), exact=True)
    np.testing.assert_array_equal(found, posterior < 0)


def test_it_is_near_maximum_likelihood_where_there_is_little_noise() -> None:
    code = CODES["recursive"]
    bits, llr = received(code, 2000, 0.6, 64)
    wrong = (SerialDecoder(code).decode(llr).bits != bits).any(axis=1)
    wrong_by_ml = (MaximumLikelihoodDecoder(code).decode(llr).bits != bits).any(axis=1)
    assert wrong_by_ml.sum() <= wrong.sum() + 10
    assert (wrong & ~wrong_by_ml).sum() <= 40


@pytest.mark.parametrize("stop", ["hard-agreement", "crc"])
def test_stop_rules(stop: Any) -> None:
    """A frame that ends keeps its decisions; groups that have ended are not decoded on."""
    code: Any = CODES["long"]
    if stop == "crc":
        code = crc(polynomial="8-lte", code=code)
    llr = received(code, 200, 0.68, 65)[1]
    llr[64:128] = 7 - 14.0 * code.encode(np.ones((64, code.k), np.uint8))
    every = decoder_of(code, SerialDecoder, iterations=6, count="iterations").decode(llr).after_iterations
    result = decoder_of(code, SerialDecoder, iterations=6, count="iterations", stop=stop).decode(llr)
    spent = result.iterations
    assert len(np.unique(spent)) > 3
    np.testing.assert_array_equal(spent[64:128], 1 if stop == "crc" else 2)
    for frame in range(200):
        for i, bits in enumerate(result.after_iterations, 1):
            np.testing.assert_array_equal(bits[frame], every[min(i, spent[frame]) - 1][frame])
    np.testing.assert_array_equal(result.bits, result.after_iterations[-1])
    if stop == "hard-agreement":
        agree = [(one == other).all(axis=1) for one, other in itertools.pairwise(every)]
        first = np.argmax([*agree, np.ones(200, np.bool_)], axis=0)
        np.testing.assert_array_equal(spent, np.minimum(first + 2, 6))
        np.testing.assert_array_equal(result.ok, np.any(agree, axis=0))


def test_constituents_in_turn_decode_as_the_decoder() -> None:
    code = CODES["long"]
    llr = received(code, 70, 0.7, 66)[1]
    scales = [0.6, 0.7, 0.8, 0.9, 1.0, 1.0]
    decoder = SerialDecoder(code, iterations=3, scale=scales)
    inner, outer = decoder.constituents()
    told = np.zeros((70, code.outer.n), np.float32)
    for i in range(2):
        told = outer.extrinsic(llr, inner.extrinsic(llr, told, i), i)
    information = code.outer
    posterior = BCJRDecoder(information).soft(inner.extrinsic(llr, told, 2)).information
    np.testing.assert_array_equal(posterior < 0, decoder.decode(llr).bits)


def test_the_waterfall_of_rate_1_3() -> None:
    """The code of Benedetto et al., 4 states each: it begins to decode between 0 and 1 dB, iteration by iteration."""
    code = {
        "type": "concatenated",
        "outer": {"type": "convolutional", "generators": [5, 7], "k": 1024},
        "inner": {
            "type": "convolutional",
            "generators": [5],
            "feedback": 7,
            "k": 2052,
            "puncture": ["11", "10"],
        },
    }
    below, above = run(
        {
            "name": "series",
            "channel": {"type": "awgn", "ebno_db": [0, 1]},
            "curves": [{"code": code, "decoder": {"type": "serial", "count": "iterations"}}],
            "stop": {"frames": 64},
        },
        save=False,
    )
    assert below.frame_errors > 58
    assert above.frame_errors < 6
    after = [each.frame_errors for each in above.after_iterations]
    assert after[1] == 64
    assert after[1] > after[4] > after[-1]


def test_what_does_not_fit_is_refused() -> None:
    code, other = CODES["accumulator"], CODES["recursive"]
    wrong: list[tuple[Any, str]] = [
        ({"iterations": 0}, r"^iterations must lie in 1 to 1000, got 0"),
        ({"iterations": 2, "scale": [1, 1]}, r"^scale must be a number, or 4, one for each half-iteration"),
        ({"stop": "syndrome"}, r"^stop must be none, crc, hard-agreement, got 'syndrome'"),
        ({"count": "bits"}, r"^count must be iterations, or left out"),
        (
            {"outer": BCJRDecoder(other.outer)},
            r"^outer must be a decoder of ConvolutionalCode\(\[5, 7\], n=10",
        ),
        ({"inner": MaximumLikelihoodDecoder(code.inner)}, r"^inner must be a soft decoder, such as bcjr"),
    ]
    for parameters, words in wrong:
        with pytest.raises(ValueError, match=words):
            SerialDecoder(code, **parameters)
    blocks = ConcatenatedCode(SingleParityCheckCode(n=4), HammingCode(r=3))
    with pytest.raises(
        ValueError,
        match=r"^outer must be named, or two-stage decode each code once: bcjr decodes convolutional codes, not Single",
    ):
        SerialDecoder(blocks)
    with pytest.raises(ValueError, match=r"serial decodes two codes in series, concatenated, not Conv"):
        SerialDecoder(code.outer)
    with pytest.raises(ValueError, match="stop crc needs a check around the code"):
        decoder_of(code, SerialDecoder, stop="crc")
