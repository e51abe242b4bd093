"""What every decoder owes: independent frames, honest flags, refusals."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    Decoder,
    HammingCode,
    HardDecoder,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SyndromeDecoder,
    UncodedCode,
    regular_matrix,
)

from tests.codes.ldpc.samples import bp
from tests.codes.samples import NotLinear, TableCode, assert_same, pick, random_llrs, send
from tests.codes.universal.samples import ML_CODES
from tests.examples import first_decoders
from tests.lazy import Lazy

CODES: Lazy[Any] = Lazy(
    {
        "small": lambda: LinearCode(generator=np.random.default_rng(17).integers(0, 2, (5, 11))),
        "ldpc": lambda: LDPCCode.regular(96, 48, 3),
        "punctured": lambda: LinearRateMatchedCode(LDPCCode(regular_matrix(40, 20, 3)), puncture=[1, 20]),
        "table": lambda: TableCode(np.random.default_rng(23).permutation(1 << 9)[:32]),
    }
)

#: Each decoder once, as the contract has all of their examples; and what no example can name: a code that is not linear,
#: or whose matrix is drawn here, and combinations of parameters that go other ways through kernels.
DECODERS: Lazy[Decoder] = Lazy(
    {
        **first_decoders().makers,
        "majority, k = 3": lambda: MajorityDecoder(RepetitionCode(n=12, k=3)),
        "syndrome, random": lambda: SyndromeDecoder(CODES["small"]),
        "ml, random": lambda: MaximumLikelihoodDecoder(CODES["small"]),
        "ml, random, hard": lambda: MaximumLikelihoodDecoder(CODES["small"], input="hard"),
        "ml, not linear": lambda: MaximumLikelihoodDecoder(CODES["table"]),
        "ml, not linear, hard": lambda: MaximumLikelihoodDecoder(CODES["table"], input="hard"),
        "bp, hamming": lambda: BeliefPropagationDecoder(HammingCode(r=3)),
        "bp, sum-product, none": lambda: BeliefPropagationDecoder(CODES["ldpc"], iterations=5, stop="none"),
        "bp, min-sum, layered": lambda: BeliefPropagationDecoder(
            CODES["ldpc"], iterations=10, algorithm="min-sum", schedule="layered", offset=0.3
        ),
        "bp, int8": lambda: BeliefPropagationDecoder(
            CODES["ldpc"], iterations=10, algorithm="min-sum", scale=0.8, precision="int8"
        ),
        "bp, int8, punctured": lambda: bp(
            CODES["punctured"],
            iterations=10,
            algorithm="min-sum",
            schedule="layered",
            precision="int8",
            stop="none",
        ),
        "bp, punctured": lambda: bp(CODES["punctured"], iterations=10),
        "bp, punctured, layered": lambda: bp(CODES["punctured"], iterations=10, schedule="layered"),
    }
)

#: A linear programme takes more than a millisecond a frame.
each_decoder = DECODERS.each("decoder", quick=set(DECODERS) - {"lp", "admm-lp"})


@each_decoder
def test_a_frame_depends_on_itself_alone(decoder: Decoder) -> None:
    n, frames = decoder.code.n, 300  # beyond the lanes of every kernel, and no multiple of them
    llr = np.concatenate([send(decoder.code, 3, 200)[1], random_llrs(50, n), random_llrs(50, n, zeros=0.5)])
    whole = decoder.decode(llr)
    assert whole.bits.shape == (frames, decoder.code.k)
    assert whole.ok.shape == whole.iterations.shape == (frames,)
    assert whole.bits.dtype == np.uint8
    assert whole.ok.dtype == np.bool_
    assert whole.iterations.dtype == np.int32
    assert_same(decoder.decode(llr), whole)
    layouts: list[Any] = [np.ascontiguousarray(llr), np.asfortranarray(llr), llr.astype(np.float64)]
    for layout in layouts:
        assert_same(decoder.decode(layout), whole)
    for i in range(frames):
        assert_same(decoder.decode(llr[i : i + 1]), pick(whole, [i]))
    order = np.random.default_rng(18).permutation(frames)
    assert_same(decoder.decode(llr[order]), pick(whole, order))
    assert_same(decoder.decode(llr[::-1]), pick(whole, slice(None, None, -1)))
    for part in (slice(1, None), slice(63, 66), slice(0, 64), slice(7, 263), slice(None, None, 3)):
        assert_same(decoder.decode(llr[part]), pick(whole, part))
    others = llr.copy()
    others[::2] = random_llrs(150, n, seed=19) * 100
    assert_same(pick(decoder.decode(others), slice(1, None, 2)), pick(whole, slice(1, None, 2)))
    assert decoder.decode(llr[:0]).bits.shape == (0, decoder.code.k)


@each_decoder
def test_input_is_not_changed(decoder: Decoder) -> None:
    given = random_llrs(100, decoder.code.n)
    for llr in (np.ascontiguousarray(given), np.asfortranarray(given)):
        decoder.decode(llr)
        np.testing.assert_array_equal(llr, given)


@each_decoder
def test_decodes_what_was_sent_without_noise(decoder: Decoder) -> None:
    bits = np.random.default_rng(20).integers(0, 2, (200, decoder.code.k), dtype=np.uint8)
    llr = 7 - 14 * decoder.code.encode(bits).astype(np.float32)
    result = decoder.decode(llr)
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()


@each_decoder
def test_nan_is_refused(decoder: Decoder) -> None:
    n = decoder.code.n
    for frame, position in ((0, 0), (99, n - 1), (64, n // 2)):
        llr = random_llrs(100, n)
        llr[frame, position] = np.nan
        with pytest.raises(
            ValueError, match=f"llr must not be NaN, as in frame {frame} at position {position}"
        ):
            decoder.decode(llr)


@each_decoder
def test_infinite_values_are_certain(decoder: Decoder) -> None:
    """Beside them the others matter where they are of use, and one frame's are not another's."""
    bits = np.random.default_rng(21).integers(0, 2, (200, decoder.code.k), dtype=np.uint8)
    signs = 1 - 2 * decoder.code.encode(bits).astype(np.float32)
    result = decoder.decode(signs * np.float32(np.inf))
    np.testing.assert_array_equal(result.bits, bits)
    assert result.ok.all()
    np.testing.assert_array_equal(decoder.decode(signs * np.float64(1e300)).bits, bits)
    some = random_llrs(200, decoder.code.n)
    certain = np.random.default_rng(22).random(some.shape) < 0.1
    some[certain] = np.inf
    large = np.where(certain, np.float32(1e6), some)
    for name in ("bits", "ok", "iterations"):
        found = getattr(decoder.decode(some), name)
        np.testing.assert_array_equal(found, getattr(decoder.decode(large), name))
        np.testing.assert_array_equal(found[7:9], getattr(decoder.decode(some[7:9]), name))


@each_decoder
def test_llrs_of_any_kind_are_taken(decoder: Decoder) -> None:
    llr = np.round(4 * random_llrs(70, decoder.code.n))  # whole numbers, some of them 0
    expected = decoder.decode(llr)
    read_only = llr.copy()
    read_only.flags.writeable = False
    apart = np.zeros((140, 3 * decoder.code.n), np.float32)[::2, 1::3]
    apart[:] = llr
    same: list[Any] = [np.asfortranarray(llr), read_only, apart, llr.tolist()]
    same += [llr.astype(kind) for kind in (np.float64, np.float16, ">f4", np.int64, np.int16, np.longdouble)]
    for given in same:
        found = decoder.decode(given)
        for name in ("bits", "ok", "iterations"):
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for alone in (llr[5], llr[5].tolist(), llr[5].astype(int), apart[5]):
        found = decoder.decode(alone)
        for name, shape in (("bits", (decoder.code.k,)), ("ok", ()), ("iterations", ())):
            assert getattr(found, name).shape == shape
            np.testing.assert_array_equal(getattr(found, name), getattr(expected, name)[5])
    assert decoder.trace(llr[5]) is None or decoder.trace(llr[5].tolist()) is not None


def test_a_stream_for_other_frames_is_refused() -> None:
    with pytest.raises(ValueError, match="llr has 5 frames, and the stream is for 3"):
        HardDecoder(UncodedCode(k=3)).decode(np.zeros((5, 3)), Stream(1, 3))


@each_decoder
def test_wrong_shapes_are_refused(decoder: Decoder) -> None:
    n = decoder.code.n
    good = np.ones((4, n), np.float32)
    wrong: dict[str, list[Any]] = {
        rf"llr must have shape \(frames, {n}\), or \({n},\) for one frame, got ": [
            good[None],
            1.0,
            np.ones(n + 1),
        ],
        r"llr must hold LLRs, positive for 0, not bits: bits become LLRs by 1.0 - 2 \* bits": [
            good.astype(np.uint8),
            good.astype(bool),
        ],
        "llr must hold real numbers, got ": [good * 1j, good.astype(str), good.astype(object)],
    }
    for words, bad_ones in wrong.items():
        for bad in bad_ones:
            with pytest.raises(ValueError, match=words):
                decoder.decode(bad)
    for other in (n - 1, n + 1, 0):
        with pytest.raises(ValueError, match=rf"llr must have shape \(frames, {n}\), got \(4, {other}\)"):
            decoder.decode(np.ones((4, other), np.float32))


@pytest.mark.parametrize(
    ("decoder", "code", "message"),
    [
        (HardDecoder, HammingCode(r=3), r"hard decides uncoded bits, not HammingCode\(n=7, k=4\)"),
        (HardDecoder, LinearCode(generator=[[1]]), "hard decides uncoded bits"),
        (MajorityDecoder, HammingCode(r=2), "majority combines the copies of a repetition code, not of Ham"),
        (SyndromeDecoder, NotLinear(n=3, k=1), r"syndrome decodes linear codes, not NotLinear\(n=3, k=1\)"),
        (SyndromeDecoder, UncodedCode(k=3), r"n - k from 1 to 20 .* not UncodedCode\(n=3, k=3\)"),
        (SyndromeDecoder, RepetitionCode(n=22), r"n - k from 1 to 20 .* not RepetitionCode\(n=22, k=1\)"),
        (MaximumLikelihoodDecoder, NotLinear(n=30, k=17), r"up to k = 16, not NotLinear\(n=30, k=17\)$"),
        (MaximumLikelihoodDecoder, NotLinear(n=10_000, k=16), r"not linear, up to 2\^k n = 2\^28, not NotL"),
        (MaximumLikelihoodDecoder, UncodedCode(k=5000), "up to k = 16, or takes a trellis of up to"),
        (BeliefPropagationDecoder, NotLinear(n=3, k=1), "bp decodes linear codes"),
    ],
)
def test_codes_are_refused_in_words(decoder: type[Decoder], code: Code, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        decoder(code)
    assert re.search(message, str(decoder.refusal(code)))


def test_input_is_soft_or_hard() -> None:
    makers: list[Any] = [MajorityDecoder, MaximumLikelihoodDecoder]
    for make in makers:
        with pytest.raises(ValueError, match="input must be soft or hard, got 'firm'"):
            make(RepetitionCode(n=3), input="firm")


def test_default_decoders_take_their_codes() -> None:
    named: dict[str, type[Decoder]] = {
        "hard": HardDecoder,
        "majority": MajorityDecoder,
        "syndrome": SyndromeDecoder,
        "ml": MaximumLikelihoodDecoder,
        "bp": BeliefPropagationDecoder,
    }
    codes = [
        *ML_CODES.values(),
        CODES["ldpc"],
        CODES["punctured"],
        HammingCode(r=6),
        LinearCode(generator=np.eye(13, 20)),
    ]
    for code in codes:
        assert named[code.default_decoder].refusal(code) is None
