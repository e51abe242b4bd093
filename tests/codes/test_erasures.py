"""Erasures: belief propagation resolves what peeling resolves, maximum likelihood what linear algebra can.

Trellis decoders resolve what maximum likelihood does; iterative ones no more.

All erasure patterns of small codes, or 2^14 random ones where there are more.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.channels import BEC, ERASED, LLR_MAX
from capgap.codes import (
    BCJRDecoder,
    BeliefPropagationDecoder,
    ConvolutionalCode,
    Decoder,
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    ListViterbiDecoder,
    MaximumLikelihoodDecoder,
    SingleParityCheckCode,
    SovaDecoder,
    TurboDecoder,
    ViterbiDecoder,
    decoder_of,
)
from capgap.codes.by_name import turbo
from capgap.codes.tie_breaking import fixed_tie_bits
from scipy import stats

from tests.codes.ldpc.samples import bp, decode_variables
from tests.conftest import SIGNIFICANCE
from tests.lazy import Lazy

Array = npt.NDArray[Any]
Bits = npt.NDArray[np.uint8]

MOST = 1 << 14


CODES: Lazy[LinearCode] = Lazy(
    {
        "hamming 7, 4": lambda: HammingCode(r=3),
        "spc 8": lambda: SingleParityCheckCode(n=8),
        "random 12, 6": lambda: LinearCode(generator=np.random.default_rng(1).integers(0, 2, (6, 12))),
        "ldpc 20": lambda: LDPCCode.regular(20, 8, 3),
    }
)
each_code = CODES.each("code")


def patterns(n: int) -> Bits:
    """1 where a bit is erased: all 2^n patterns, or MOST of them at random erasure probabilities."""
    if 1 << n <= MOST:
        return ((np.arange(1 << n)[:, None] >> np.arange(n)) & 1).astype(np.uint8)
    generator = np.random.default_rng(2)
    return (generator.random((MOST, n)) < generator.uniform(0.1, 0.9, (MOST, 1))).astype(np.uint8)


def peel(H: Bits, erased: Bits) -> Bits:
    """What is still erased when no check has exactly one erased bit."""
    erased = erased.copy()
    while True:
        lone = (erased.astype(int) @ H.T == 1).astype(int)  # the checks that resolve a bit
        resolved = erased & (lone @ H > 0)
        if not resolved.any():
            return erased
        erased ^= resolved


def rank(columns: list[int]) -> int:
    """Of columns given as integers."""
    basis: list[int] = []
    for column in columns:
        for other in basis:
            column = min(column, column ^ other)
        if column:
            basis.append(column)
    return len(basis)


def deficits(H: Bits, erased: Bits) -> npt.NDArray[np.int64]:
    """The dimension of the codewords that lie within each pattern."""
    columns = [int("".join(map(str, column)), 2) for column in H.T.tolist()]
    return np.array([len(at) - rank([columns[i] for i in at]) for at in map(np.flatnonzero, erased)])


def receive(word: Bits, erased: Bits) -> npt.NDArray[np.float32]:
    return BEC(epsilon=0.5).llr(np.where(erased, np.uint8(ERASED), word))


@each_code
@pytest.mark.parametrize("schedule", ["flooding", "layered"])
@pytest.mark.parametrize("algorithm", ["sum-product", "min-sum"])
@pytest.mark.parametrize("puncture", [[], [1]])
def test_bp_resolves_what_peeling_resolves(
    code: LinearCode, puncture: list[int], algorithm: Any, schedule: Any
) -> None:
    H = code.parity_check_matrix
    sent = LinearRateMatchedCode(LDPCCode(H), puncture=puncture)
    erased = patterns(code.n)
    erased = erased[erased[:, puncture].all(axis=1)]  # what is not sent is erased for sure
    left = peel(H, erased)
    assert 0.1 < left.any(axis=1).mean() < 1
    decoder = bp(sent, algorithm=algorithm, schedule=schedule, iterations=code.n)
    for seed in range(3):
        bits = np.random.default_rng(seed).integers(0, 2, (len(erased), code.k), dtype=np.uint8)
        word = code.encode(bits)
        result = decode_variables(decoder, receive(word, erased)[:, sent.sent])
        np.testing.assert_array_equal(result.bits, np.where(left, fixed_tie_bits(code.n), word))
        np.testing.assert_array_equal(result.ok, ~left.any(axis=1))


@CODES.each("code", ["hamming 7, 4", "spc 8", "random 12, 6"])
def test_ml_finds_the_word_where_the_erased_columns_are_independent(code: LinearCode) -> None:
    erased = patterns(code.n)
    messages = patterns(code.k)
    # Each word that fits what was received is as likely as the others, so exactly one of them is found:
    # all 2^k words where the columns are independent, one in 2^deficit where they are not.
    every_pattern = np.repeat(erased, len(messages), axis=0)
    every_message = np.tile(messages, (len(erased), 1))
    llr = receive(code.encode(every_message), every_pattern)
    for decoder in (MaximumLikelihoodDecoder(code), MaximumLikelihoodDecoder(code, input="hard")):
        right = (decoder.decode(llr).bits == every_message).all(axis=1).reshape(len(erased), -1).sum(axis=1)
        np.testing.assert_array_equal(right, 2 ** (code.k - deficits(code.parity_check_matrix, erased)))


CONVOLUTIONAL: Lazy[LinearCode] = Lazy(
    {
        "with a tail": lambda: ConvolutionalCode(generators=[5, 7], k=3),
        "recursive": lambda: ConvolutionalCode(generators=[5], feedback=7, k=5, termination="truncated"),
        "around": lambda: ConvolutionalCode(generators=[5, 7], k=5, termination="tail-biting"),
    }
)


@CONVOLUTIONAL.each("code")
def test_viterbi_finds_the_word_where_the_erased_columns_are_independent(code: LinearCode) -> None:
    """Of words that are as likely it prefers one: for each pattern as many are found as by ``ml``."""
    erased, messages = patterns(code.n), patterns(code.k)
    llr = receive(code.encode(np.tile(messages, (len(erased), 1))), np.repeat(erased, len(messages), axis=0))
    expected = 2 ** (code.k - deficits(code.parity_check_matrix, erased))
    decoders: list[Decoder] = [ViterbiDecoder(code), ViterbiDecoder(code, input="hard")]
    decoders += [ViterbiDecoder(code, precision="int8"), ListViterbiDecoder(code, list=2)]
    for decoder in decoders:
        right = (decoder.decode(llr).bits.reshape(-1, len(messages), code.k) == messages).all(axis=2)
        np.testing.assert_array_equal(right.sum(axis=1), expected)


@CONVOLUTIONAL.each("code")
def test_bcjr_decides_the_bits_that_all_words_agree_on(code: LinearCode) -> None:
    """Words that fit what was received differ by those within the erased bits."""
    erased, messages = patterns(code.n), patterns(code.k)
    within = ~(code.encode(messages) & ~erased[:, None].astype(bool)).any(axis=2)
    open_ = within @ messages > 0
    bits = np.random.default_rng(6).integers(0, 2, (len(erased), code.k), dtype=np.uint8)
    llr = receive(code.encode(bits), erased)
    decoders: list[Decoder] = [BCJRDecoder(code), BCJRDecoder(code, algorithm="max-log")]
    if getattr(code, "termination", "") != "tail-biting":
        decoders.append(SovaDecoder(code))
    for decoder in decoders:
        result = decoder.decode(llr)
        np.testing.assert_array_equal(result.bits, np.where(open_, fixed_tie_bits(code.k), bits))
        np.testing.assert_array_equal(result.ok, ~open_.any(axis=1))


@pytest.mark.parametrize("algorithm", ["log-map", "max-log"])
def test_turbo_decoding_never_beats_linear_algebra(algorithm: Any) -> None:
    """Frames without a tie are right, and are among those that are determined."""
    code = turbo(forward=[7], feedback=5, k=4, termination="truncated")
    erased = patterns(code.n)
    independent = deficits(code.parity_check_matrix, erased) == 0
    bits = np.random.default_rng(7).integers(0, 2, (len(erased), code.k), dtype=np.uint8)
    result = decoder_of(code, TurboDecoder, algorithm=algorithm).decode(receive(code.encode(bits), erased))
    right = (result.bits == bits).all(axis=1)
    assert (result.ok <= right).all()
    assert (result.ok <= independent).all()
    assert result.ok.sum() > 0.8 * independent.sum()


def test_ml_on_random_patterns() -> None:
    code = CODES["ldpc 20"]
    erased = np.tile(patterns(code.n), (8, 1))
    bits = np.random.default_rng(4).integers(0, 2, (len(erased), code.k), dtype=np.uint8)
    right = (MaximumLikelihoodDecoder(code).decode(receive(code.encode(bits), erased)).bits == bits).all(
        axis=1
    )
    deficit = np.tile(deficits(code.parity_check_matrix, patterns(code.n)), 8)
    assert right[deficit == 0].all()
    for d in (1, 2, 3, 4):
        frames = right[deficit == d]
        assert len(frames) > 1000
        assert stats.binomtest(int(frames.sum()), len(frames), 2.0**-d).pvalue > SIGNIFICANCE / 4


@each_code
def test_peeling_never_beats_linear_algebra(code: LinearCode) -> None:
    erased = patterns(code.n)
    independent = deficits(code.parity_check_matrix, erased) == 0
    peeled = ~peel(code.parity_check_matrix, erased).any(axis=1)
    assert (peeled <= independent).all()


def test_magnitudes_do_not_matter() -> None:
    code = CODES["ldpc 20"]
    erased = patterns(code.n)[:2000]
    bits = np.random.default_rng(5).integers(0, 2, (len(erased), code.k), dtype=np.uint8)
    llr = receive(code.encode(bits), erased)
    assert np.unique(np.abs(llr)).tolist() == [0, LLR_MAX]
    for algorithm in ("sum-product", "min-sum"):
        decoder = BeliefPropagationDecoder(code, algorithm=algorithm)
        expected = decoder.decode(llr)
        for size in (30, 1e5):
            result = decoder.decode(llr * np.float32(size / LLR_MAX))
            np.testing.assert_array_equal(result.bits, expected.bits)
            np.testing.assert_array_equal(result.ok, expected.ok)
