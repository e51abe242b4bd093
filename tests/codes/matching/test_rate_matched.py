"""Rate matching against slow references: which bits are sent, and what the mother code's decoder is given."""

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import BSC, Stream
from capgap.codes import (
    BeliefPropagationDecoder,
    Code,
    Decoder,
    DecodeResult,
    DematchingDecoder,
    GroupResult,
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    MajorityDecoder,
    MaximumLikelihoodDecoder,
    RateMatchedCode,
    RepetitionCode,
    SyndromeDecoder,
    UncodedCode,
    by_name,
    decoder_of,
)
from capgap.simulate.contract.code import check_code
from capgap.vectors.groups import HARD, SOFT, GroupInput, Reads, packed, unpacked
from capgap.vectors.llr_grid import on_grid
from scipy.stats import binomtest

from tests.codes.samples import TableCode, assert_is_linear_code, random_bits, random_llrs, send, words_of
from tests.conftest import SIGNIFICANCE
from tests.lazy import Lazy

INT8, INT16 = Reads("soft", "int8", 4.0), Reads("soft", "int16", 64.0)


def systematic(n: int, k: int, seed: int = 1) -> LinearCode:
    return LinearCode(generator=np.hstack([np.eye(k, dtype=np.uint8), random_bits(k, n - k, seed=seed)]))


CODES: Lazy[LinearRateMatchedCode] = Lazy(
    {
        "nothing": lambda: LinearRateMatchedCode(HammingCode(r=3)),
        "punctured": lambda: LinearRateMatchedCode(HammingCode(r=3), puncture=[0, 6]),
        "shortened": lambda: LinearRateMatchedCode(HammingCode(r=3), shorten=[1]),
        "repeated": lambda: LinearRateMatchedCode(HammingCode(r=3), repeat=[5, 5, 0]),
        "all three": lambda: LinearRateMatchedCode(
            HammingCode(r=4), puncture=[0, 14], shorten=[1, 3], repeat=[5, 2, 5, 5, 7]
        ),
        "generator": lambda: LinearRateMatchedCode(
            systematic(14, 6), puncture=[2, 9], shorten=[5], repeat="10:"
        ),
        "not systematic": lambda: LinearRateMatchedCode(
            LinearCode(generator=random_bits(6, 14, seed=4)), puncture=[2, 9], repeat=[0]
        ),
        "in any order": lambda: LinearRateMatchedCode(
            HammingCode(r=4), shorten=[1], sent=[14, 3, "5:12", 0, 3, 4, 2, 14]
        ),
        "in any order, by a generator": lambda: LinearRateMatchedCode(
            LinearCode(generator=random_bits(6, 14, seed=4)), sent=[12, 3, 3, "4:11", 0, 1]
        ),
        "ldpc": lambda: LinearRateMatchedCode(
            LDPCCode.regular(96, 48, 3),
            puncture=[0, 9, 93, 94],
            shorten=[47, 3],
            repeat={"start": 20, "stop": 29},
        ),
        "blocks": lambda: LinearRateMatchedCode(
            LDPCCode.from_standard("wimax", 576, "1/2"), puncture={"block_columns": [23]}, shorten="0:24"
        ),
        "twice": lambda: LinearRateMatchedCode(
            LinearRateMatchedCode(HammingCode(r=4), puncture=[14], repeat=[0, 1]), puncture=[13], shorten=[2]
        ),
    }
)


def sent_of(mother: Code, puncture: list[int], known: list[int], repeat: list[int]) -> list[int]:
    return [i for i in range(mother.n) if i not in (*puncture, *known)] + repeat


@CODES.each("code")
def test_is_a_linear_code(code: LinearRateMatchedCode) -> None:
    assert_is_linear_code(code)


def test_what_is_sent_and_counted() -> None:
    code, mother = CODES["all three"], HammingCode(r=4)
    assert mother.systematic
    np.testing.assert_array_equal(mother.information_set, range(11))
    sent = sent_of(mother, [0, 14], [1, 3], [5, 2, 5, 5, 7])
    assert (code.n, code.k) == (len(sent), 9) == (16, 9)
    u = random_bits(100, 9)
    whole = np.zeros((100, 11), np.uint8)
    whole[:, [0, 2, *range(4, 11)]] = u
    word = mother.encode(whole)
    assert not word[:, [1, 3]].any()
    np.testing.assert_array_equal(code.encode(u), word[:, sent])
    np.testing.assert_array_equal(code.encode_words(packed(u)), packed(word[:, sent]))
    assert code.default_decoder == "syndrome"


def test_bits_are_sent_in_the_order_in_which_they_are_named() -> None:
    mother = HammingCode(r=3)
    code = by_name.rate_matched(code=mother, sent=[6, "0:5", 6, 2])
    assert isinstance(code, LinearRateMatchedCode)
    u = random_bits(50, 4)
    np.testing.assert_array_equal(code.encode(u), mother.encode(u)[:, [6, 0, 1, 2, 3, 4, 6, 2]])
    assert (code.n, code.k) == (8, 4)
    np.testing.assert_array_equal(code.punctured, [5])
    np.testing.assert_array_equal(code.information_bits(code.encode(u)), u)


def test_a_code_that_is_not_linear() -> None:
    inner = TableCode(np.random.default_rng(2).permutation(512)[:32])
    inner.default_decoder = "ml"
    code = by_name.rate_matched(code=inner, puncture=[8], repeat=[0])
    assert type(code) is RateMatchedCode
    assert check_code(code) == []
    with pytest.raises(ValueError, match="shorten needs a code that sends its information bits"):
        by_name.rate_matched(code=inner, shorten=[0])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"puncture": [7]}, "puncture names coded bit 7, coded bits go from 0 to 6"),
        ({"repeat": [-1]}, "repeat names coded bit -1"),
        ({"shorten": [4]}, "shorten names information bit 4, information bits go from 0 to 3"),
        ({"shorten": "x"}, "shorten takes information bits from 0"),
        ({"shorten": "0:4"}, "shorten leaves no information bit"),
        ({"puncture": [0], "shorten": [0]}, "puncture names bit 0, which shorten leaves out"),
        ({"repeat": [2], "shorten": [2]}, "repeat names bit 2, which shorten leaves out"),
        ({"repeat": [6], "puncture": [6]}, "repeat names bit 6, which is punctured"),
        ({"puncture": "0:4"}, "puncture leaves 3 bits to send 4 information bits"),
        ({"puncture": [0, 4, 5]}, "puncture leaves two codewords that differ in no transmitted bit"),
        ({"sent": [7]}, "sent names coded bit 7"),
        ({"sent": [2, 3], "shorten": [2]}, "sent names bit 2, which shorten leaves out"),
        ({"sent": "0:3"}, "sent leaves 3 bits to send 4 information bits"),
        ({"sent": "0:6", "puncture": [6]}, "puncture says nothing beside sent"),
        ({"sent": "0:6", "repeat": [2]}, "repeat says nothing beside sent"),
        ({"puncture": {"block_columns": [0]}}, "puncture: block_columns belong to a quasi-cyclic code"),
    ],
)
def test_what_is_refused(given: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        by_name.rate_matched(code=HammingCode(r=3), **given)


def test_codes_by_a_generator_are_refused_too_where_bits_are_lost() -> None:
    with pytest.raises(ValueError, match="differ in no transmitted bit"):
        LinearRateMatchedCode(LinearCode(generator=HammingCode(r=3).generator_matrix), puncture=[0, 4, 5])
    # A shortened bit may save what puncturing loses: in bits 0, 4 and 5 alone differ words with bit 0 set.
    saved = LinearRateMatchedCode(HammingCode(r=3), puncture=[4, 5], shorten=[0])
    assert_is_linear_code(saved)


# What the mother code's decoder is given


class Recorded(Decoder):
    """Keeps what it is given."""

    def __init__(self, code: Code, *, kind: Reads) -> None:
        super().__init__(code)
        self.kind = kind
        self.given: list[GroupInput] = []

    @property
    def reads(self) -> Reads:
        return self.kind

    def decode_groups(self, given: GroupInput, stream: Any = None) -> GroupResult:
        self.given.append(given)
        bits = np.zeros((-(-given.frames // 64), self.code.k), np.uint64)
        return GroupResult(bits, np.ones(given.frames, np.bool_))


def dematched(code: RateMatchedCode, given: GroupInput, kind: Reads) -> GroupInput:
    recorded = Recorded(code.inner, kind=kind)
    code.decoder_around(recorded).decode_groups(given)
    return recorded.given[0]


def reference_soft(
    code: RateMatchedCode, llr: npt.NDArray[Any], limit: Any, certain: Any
) -> npt.NDArray[Any]:
    """Sums one after the other, (frames, bits of the mother code), of what came in, (frames, n)."""
    out = np.zeros((len(llr), code.inner.n), llr.dtype)
    out[:, code.known] = certain
    for j in range(code.inner.n):
        for i, position in enumerate(np.flatnonzero(code.sent == j)):
            if i == 0:
                out[:, j] = llr[:, position]
            elif llr.dtype == np.float32:
                out[:, j] = np.clip(out[:, j] + llr[:, position], -limit, limit)
            else:
                total = out[:, j].astype(int) + llr[:, position]
                out[:, j] = np.clip(total, -int(limit), int(limit))
    return out


def grouped(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(groups, n, 64) of (frames, n)."""
    groups = -(-len(values) // 64)
    padded = np.zeros((64 * groups, values.shape[1]), values.dtype)
    padded[: len(values)] = values
    return np.ascontiguousarray(padded.reshape(groups, 64, -1).transpose(0, 2, 1))


@pytest.mark.parametrize(
    "kind", [SOFT, Reads(limit=3.0), INT8, INT16], ids=["float32", "limit", "int8", "int16"]
)
@pytest.mark.parametrize(
    "name", ["nothing", "punctured", "shortened", "repeated", "all three", "in any order", "ldpc"]
)
def test_soft_values(name: str, kind: Reads) -> None:
    code, frames = CODES[name], 150
    if kind.steps is None:
        llr = random_llrs(frames, code.n)
        llr = np.clip(llr, -kind.limit, kind.limit).astype(np.float32)  # type: ignore[operator]
    else:
        # Every second bit so large that sums saturate.
        size = np.where(np.arange(code.n) % 2, int(kind.limit or 0), 20)
        llr = np.random.default_rng(3).integers(-size, size + 1, (frames, code.n)).astype(kind.dtype)
    found = dematched(code, GroupInput(frames, llr=grouped(llr)), kind).llr
    assert found is not None
    assert found.dtype == kind.dtype
    if kind.steps is None and len(code.known):
        llr = (
            on_grid(grouped(llr), any_level=True, alone=True).transpose(0, 2, 1).reshape(-1, code.n)[:frames]
        )
    certain = kind.limit if kind.limit != np.inf else 16384
    lanes = found.transpose(0, 2, 1).reshape(-1, code.inner.n)[:frames]
    np.testing.assert_array_equal(lanes, reference_soft(code, llr, kind.limit, certain))


def test_fixed_point_saturates_after_each_addition() -> None:
    code = LinearRateMatchedCode(UncodedCode(k=2), repeat=[0, 0, 1])
    llr = np.array([[100, -100, 100, -100, -100], [-127, 127, -127, 127, 127]], np.int8)
    found = dematched(code, GroupInput(2, llr=grouped(llr)), INT8).llr
    assert found is not None
    np.testing.assert_array_equal(found[0, :, :2].T, [[27, -127], [0, 127]])


@pytest.mark.parametrize("erasures", [0, 0.3])
@pytest.mark.parametrize(
    "name", ["nothing", "punctured", "shortened", "repeated", "all three", "in any order", "ldpc"]
)
def test_hard_values(name: str, erasures: float) -> None:
    code, frames = CODES[name], 150
    hard = random_bits(frames, code.n, seed=5)
    erased = (np.random.default_rng(6).random((frames, code.n)) < erasures).astype(np.uint8)
    hard[erased == 1] = 0
    words = packed(erased) if erasures else None
    found = dematched(code, GroupInput(frames, hard=packed(hard), erased=words), HARD)
    ones = np.zeros((frames, code.inner.n), int)
    votes = np.zeros((frames, code.inner.n), int)
    for i, j in enumerate(code.sent):
        ones[:, j] += (erased[:, i] == 0) & (hard[:, i] == 1)
        votes[:, j] += erased[:, i] == 0
    tied = 2 * ones == votes
    tied[:, code.known] = False
    assert found.hard is not None
    np.testing.assert_array_equal(unpacked(found.hard, frames), 2 * ones > votes)
    if found.erased is None:
        assert not tied.any()
    else:
        np.testing.assert_array_equal(unpacked(found.erased, frames), tied)


def test_a_repetition_code_is_an_uncoded_bit_sent_again() -> None:
    """The same decisions, where there is no tie: as the majority of a repetition code."""
    code, repetition = LinearRateMatchedCode(UncodedCode(k=3), repeat="0:3"), RepetitionCode(n=6, k=3)
    u, llr = send(repetition, 2, 500)
    np.testing.assert_array_equal(code.encode(u), repetition.encode(u))
    once = LinearRateMatchedCode(RepetitionCode(n=3, k=3), repeat="0:3")
    decoder = decoder_of(once, MajorityDecoder)
    result, expected = decoder.decode(llr), MajorityDecoder(repetition).decode(llr)
    np.testing.assert_array_equal(result.bits, expected.bits)
    np.testing.assert_array_equal(result.ok, expected.ok)


def test_a_frame_with_a_known_bit_decided_wrong_is_not_ok() -> None:
    code = LinearRateMatchedCode(HammingCode(r=3), shorten=[0])
    decoder = code.decoder_around(SyndromeDecoder(HammingCode(r=3)))
    words = words_of(6)
    result = decoder.decode(1 - 2 * words.astype(np.float32))
    whole = np.hstack([np.zeros((64, 1), np.uint8), words])
    inner = SyndromeDecoder(HammingCode(r=3)).decode(1 - 2 * whole.astype(np.float32))
    np.testing.assert_array_equal(result.ok, inner.bits[:, 0] == 0)
    np.testing.assert_array_equal(result.bits, inner.bits[:, 1:])
    assert 0 < result.ok.sum() < 64


def test_belief_propagation_of_known_bits_keeps_ties_exact() -> None:
    """Over the BSC sums of few magnitudes cancel exactly, as in the shortened code itself."""
    mother = LDPCCode.regular(96, 48, 3)
    code = LinearRateMatchedCode(mother, shorten="40:48")
    alone = LinearCode(parity_check=mother.parity_check_matrix[:, np.delete(np.arange(96), code.known)])
    stream, channel = Stream(3, 600), BSC(f=0.06)
    u = stream.bits(code.k)
    llr = channel.llr(channel.transmit(code.encode(u), stream))
    options: dict[str, Any] = {"algorithm": "min-sum", "iterations": 8}
    result = decoder_of(code, BeliefPropagationDecoder, **options).decode(llr)
    expected = BeliefPropagationDecoder(alone, **options).decode(llr)
    np.testing.assert_array_equal(result.ok, expected.ok)
    np.testing.assert_array_equal(result.iterations, expected.iterations)
    assert 0.2 < result.ok.mean() < 1


def test_traces_are_those_of_the_mother_code() -> None:
    code = CODES["ldpc"]
    _, llr = send(code, 2, 60)
    for options in ({}, {"algorithm": "min-sum", "precision": "int8", "schedule": "layered"}):
        decoder = decoder_of(code, BeliefPropagationDecoder, iterations=9, **options)
        trace, result = decoder.trace(llr), decoder.decode(llr)
        assert trace is not None
        assert len(trace.unsatisfied) == result.iterations.max() + 1
        done = (trace.unsatisfied[-1] == 0) & (trace.undecided[-1] == 0)
        assert (done >= result.ok).all()


# Punctured Hamming codes by maximum likelihood


@pytest.mark.parametrize("puncture", [[6], [0], [0, 6]])
@pytest.mark.parametrize("input", ["soft", "hard"])
def test_ml_of_a_punctured_hamming_code_finds_the_nearest_codeword(puncture: list[int], input: Any) -> None:
    """Of all 16, by hand; it decodes the punctured code as a code of its own."""
    code = LinearRateMatchedCode(HammingCode(r=3), puncture=puncture)
    decoder = decoder_of(code, MaximumLikelihoodDecoder, input=input)
    assert type(decoder) is MaximumLikelihoodDecoder
    words = np.delete(HammingCode(r=3).encode(words_of(4)), puncture, axis=1)
    llr = send(code, 1, 2000)[1]
    value = np.sign(llr) if input == "hard" else llr
    metric = value.astype(np.float64) @ (1 - 2.0 * words.T)
    best = metric.max(axis=1, keepdims=True)
    unique = (metric == best).sum(axis=1) == 1
    result = decoder.decode(llr)
    np.testing.assert_array_equal(result.ok, unique)
    np.testing.assert_array_equal(result.bits[unique], words_of(4)[metric.argmax(axis=1)][unique])
    # Of equals it finds one of them.
    found = metric[np.arange(len(llr)), result.bits @ (1 << np.arange(4))]
    np.testing.assert_array_equal(found, best[:, 0])


@pytest.mark.parametrize("f", [0.02, 0.1])
def test_the_frame_errors_of_a_punctured_hamming_code_on_the_bsc(f: float) -> None:
    """(6,4): exact, over all 2^6 words received, the mean over the tied; an exact binomial test."""
    code = LinearRateMatchedCode(HammingCode(r=3), puncture=[6])
    words, frames = code.encode(words_of(4)), 100_000
    right = Fraction(0)
    p = Fraction(f).limit_denominator(1000)
    for received in words_of(6):
        distances = (words ^ received).sum(axis=1)
        least = int(distances.min())
        right += p**least * (1 - p) ** (6 - least) / 16
    stream, channel = Stream(4, frames), BSC(f=f)
    u = stream.bits(4)
    llr = channel.llr(channel.transmit(code.encode(u), stream))
    wrong = int((decoder_of(code, MaximumLikelihoodDecoder).decode(llr, stream).bits != u).any(axis=1).sum())
    assert binomtest(wrong, frames, float(1 - right)).pvalue > SIGNIFICANCE / 2


def test_syndrome_decoding_is_of_the_whole_where_its_table_is_small() -> None:
    punctured = LinearRateMatchedCode(HammingCode(r=3), puncture=[6])
    assert type(decoder_of(punctured, SyndromeDecoder)) is SyndromeDecoder
    repeated = LinearRateMatchedCode(HammingCode(r=4), repeat=["0:15"] * 2)
    decoder = decoder_of(repeated, SyndromeDecoder)
    assert repr(decoder) == "DematchingDecoder(SyndromeDecoder(HammingCode(n=15, k=11)))"
    u = random_bits(50, 11)
    llr = 1 - 2.0 * repeated.encode(u)
    llr[:, 4] *= -3  # outvoted
    np.testing.assert_array_equal(decoder.decode(llr).bits, u)


def test_decoders_that_define_decode_alone() -> None:
    class Signs(Decoder):
        def decode(self, llr: Any, stream: Any = None) -> DecodeResult:
            bits = (np.asarray(llr) < 0).astype(np.uint8)[:, : self.code.k]
            return DecodeResult.without_iterations(bits, np.ones(len(bits), np.bool_))

    code = LinearRateMatchedCode(HammingCode(r=3), repeat=[0])
    decoder = decoder_of(code, Signs)
    assert isinstance(decoder, DematchingDecoder)
    llr = np.array([[1, 1, -1, 1, 1, 1, 1, -3], [-1, 1, 1, 1, 1, 1, 1, 3]], np.float32)
    np.testing.assert_array_equal(decoder.decode(llr).bits, [[1, 0, 1, 0], [0, 0, 0, 0]])
