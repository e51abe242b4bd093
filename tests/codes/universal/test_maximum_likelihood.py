"""Maximum likelihood, beside sums over all codewords."""

from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    ConvolutionalCode,
    HammingCode,
    LinearCode,
    MaximumLikelihoodDecoder,
    RepetitionCode,
    SingleParityCheckCode,
    SyndromeDecoder,
    UncodedCode,
    ViterbiDecoder,
)
from capgap.codes.tie_breaking import fixed_tie_bits
from capgap.codes.universal.trellis_decoding.minimal_trellis import minimal_trellis
from capgap.vectors.groups import GroupInput, frame_flags, unpacked
from scipy import stats

from tests.codes.polar.samples import unmatched
from tests.codes.samples import Bits, NotLinear, TableCode, assert_same, pick, random_llrs, send, words_of
from tests.codes.universal.samples import ML_CODES
from tests.conftest import SIGNIFICANCE


@ML_CODES.each("code")
def test_maximum_likelihood(code: LinearCode) -> None:
    codewords = code.encode(words_of(code.k))
    signs = 1 - 2 * codewords.astype(np.float64)
    llr = random_llrs(700, code.n)
    decoder = MaximumLikelihoodDecoder(code)
    result = decoder.decode(llr)
    correlation = llr.astype(np.float64) @ signs.T
    chosen = np.einsum("fn,fn->f", llr, 1 - 2 * code.encode(result.bits).astype(np.float64))
    np.testing.assert_allclose(chosen, correlation.max(axis=1), atol=1e-4)
    second, best = np.sort(correlation, axis=1)[:, -2:].T
    clear = best - second > 1e-3
    assert clear.mean() > 0.5
    np.testing.assert_array_equal(result.bits[clear], words_of(code.k)[correlation.argmax(axis=1)][clear])
    assert result.ok[clear].all()
    assert not result.ok[second == best].any()
    assert not result.iterations.any()


@ML_CODES.each("code")
def test_maximum_likelihood_from_hard_decisions(code: LinearCode) -> None:
    codewords = code.encode(words_of(code.k))
    llr = random_llrs(700, code.n)
    decoder = MaximumLikelihoodDecoder(code, input="hard")
    result = decoder.decode(llr)
    received, erased = llr[:, None, :] < 0, llr[:, None, :] == 0
    distance = ((received != codewords) & ~erased).sum(axis=2)
    mine = ((received[:, 0] != code.encode(result.bits)) & ~erased[:, 0]).sum(axis=1)
    np.testing.assert_array_equal(mine, distance.min(axis=1))
    np.testing.assert_array_equal(result.ok, (distance == distance.min(axis=1)[:, None]).sum(axis=1) == 1)
    # Equal distances are told apart in the same way at any magnitude.
    sizes = np.random.default_rng(8).uniform(0.1, 9, llr.shape).astype(np.float32)
    assert_same(decoder.decode(llr * sizes), result)


def test_maximum_likelihood_and_syndrome_are_equally_near() -> None:
    code = HammingCode(r=4, shorten=2)
    llr = 1 - 2 * np.random.default_rng(9).integers(0, 2, (5000, code.n)).astype(np.float32)
    words = llr < 0
    distances = [
        (code.encode(decoder.decode(llr).bits) != words).sum(axis=1)
        for decoder in (SyndromeDecoder(code), MaximumLikelihoodDecoder(code, input="hard"))
    ]
    np.testing.assert_array_equal(*distances)


def test_maximum_likelihood_at_its_largest_dimension() -> None:
    code = LinearCode(generator=np.random.default_rng(10).integers(0, 2, (16, 24)))
    bits, llr = send(code, 30, 70)
    np.testing.assert_array_equal(MaximumLikelihoodDecoder(code).decode(llr).bits, bits)


TABLE = TableCode(np.random.default_rng(23).permutation(1 << 9)[:32])


@pytest.mark.parametrize("input", ["soft", "hard"])
def test_ml_finds_the_likeliest_of_any_codewords(input: Any) -> None:
    """By the sums over all codewords, which are exact: LLRs are multiples of 1/8."""
    llr = np.round(8 * random_llrs(300, TABLE.n, zeros=0.1)) / 8
    looked_at = np.sign(llr) if input == "hard" else llr
    sums = looked_at.astype(np.float64) @ TABLE.words.T
    result = MaximumLikelihoodDecoder(TABLE, input=input).decode(llr)
    chosen = result.bits @ (1 << np.arange(TABLE.k))
    np.testing.assert_array_equal(sums[np.arange(300), chosen], sums.min(axis=1))
    np.testing.assert_array_equal(result.ok, (sums == sums.min(axis=1, keepdims=True)).sum(axis=1) == 1)
    assert np.count_nonzero(~result.ok) > 20 or input == "soft"


def test_ml_breaks_ties_of_any_codewords_by_fair_coins() -> None:
    """Each of two tied codewords is chosen as often, whichever it is, by coins of the frame's own stream."""
    decoder = MaximumLikelihoodDecoder(TableCode([0b000, 0b011, 0b101, 0b111], n=3))
    frames = 4000
    for llr in ([1, -1, 1], [0, -1, 1], [-1, 1, 1], [-1, 2, -1], [-1, -2, -1]):
        sums = decoder._words.astype(int) @ np.array(llr)
        best = np.flatnonzero(sums == sums.min())
        stream = Stream(5, frames, point="ties")
        result = decoder.decode(np.tile(np.array(llr, np.float32), (frames, 1)), stream)
        chosen = result.bits @ np.array([1, 2])
        assert set(chosen) == set(best.tolist())
        assert result.ok.all() == (len(best) == 1)
        if len(best) == 2:
            assert stats.binomtest(int((chosen == best[0]).sum()), frames).pvalue > SIGNIFICANCE
        alone = decoder.decode(np.array([llr], np.float32), Stream(5, 1, first=7, point="ties"))
        assert_same(alone, pick(result, [7]))


def test_ml_refuses_codes_that_encode_to_anything() -> None:
    class Wrong(TableCode):
        def encode(self, bits: Bits) -> Bits:
            return super().encode(bits) * np.uint8(7)

    with pytest.raises(ValueError, match="a codeword of 0 and 1 for each message"):
        MaximumLikelihoodDecoder(Wrong([1, 2], n=3))
    with pytest.raises(ValueError, match="what encode returns must have shape"):
        MaximumLikelihoodDecoder(NotLinear(n=3, k=2))


def test_what_is_certain_outweighs_all_the_rest() -> None:
    decoder = MaximumLikelihoodDecoder(RepetitionCode(n=5))
    llr = np.array([[np.inf, -9e3, -9e3, -9e3, 1.0], [3e38, -3e38, -3e38, 0, np.inf]])
    np.testing.assert_array_equal(decoder.decode(llr).bits, [[0], [0]])
    spc = MaximumLikelihoodDecoder(SingleParityCheckCode(n=4))
    np.testing.assert_array_equal(spc.decode([np.inf, -np.inf, 0.25, -0.5]).bits, [0, 1, 0])


@ML_CODES.each("code")
def test_the_one_of_equal_codewords_in_a_trellis(code: LinearCode) -> None:
    """It has the fixed bit in the last position in which they differ."""
    codewords = code.encode(words_of(code.k))
    llr = np.random.default_rng(12).choice([-1.0, 0.0, 1.0], (500, code.n)).astype(np.float32)
    weights = llr.astype(np.float64) @ codewords.T
    # As a number with the last position first, 0 where the bit is the fixed one.
    ranks = (codewords ^ fixed_tie_bits(code.n)).astype(object) @ [1 << j for j in range(code.n)]
    best = np.where(weights == weights.min(axis=1)[:, None], ranks, 1 << code.n).argmin(axis=1)
    decoder = MaximumLikelihoodDecoder(code, input="soft")
    decoder._trellis = minimal_trellis(code)
    unique = np.empty(8, np.uint64)
    found = decoder._by_trellis(GroupInput.of_lanes(np.ascontiguousarray(llr.T)).soft(), unique)
    np.testing.assert_array_equal(unpacked(found, 500), words_of(code.k)[best])
    alone = (weights == weights.min(axis=1)[:, None]).sum(axis=1) == 1
    np.testing.assert_array_equal(frame_flags(unique, 500), alone)
    assert (~alone).mean() > 0.05
    if 2 * code.k >= code.n:
        np.testing.assert_array_equal(decoder.decode(llr).bits, words_of(code.k)[best])


@ML_CODES.each("code", ["repetition 5", "repetition 6", "random", "low rate"])
def test_both_ways_decide_alike(code: LinearCode) -> None:
    """Ties of codes of low rate are those of trying all codewords, by a trellis too."""
    llr = np.concatenate([random_llrs(300, code.n), np.sign(random_llrs(300, code.n))])
    by_codewords, by_trellis = MaximumLikelihoodDecoder(code), MaximumLikelihoodDecoder(code)
    by_codewords._trellis, by_trellis._trellis = None, minimal_trellis(code)
    assert_same(by_codewords.decode(llr), by_trellis.decode(llr))


def test_the_cheaper_way_is_taken() -> None:
    cases = [
        (RepetitionCode(n=5), "codewords"),
        (LinearCode(generator=np.random.default_rng(3).integers(0, 2, (5, 30))), "codewords"),
        (HammingCode(r=4), "trellis"),
        (unmatched(n=32, k=6, construction="reed-muller"), "codewords"),
        (ConvolutionalCode(generators=[5, 7, 7], k=12), "trellis"),
        (unmatched(n=32, k=16, construction="reed-muller"), "trellis"),
        (ConvolutionalCode(generators=[5, 7], k=60), "trellis"),
    ]
    assert [MaximumLikelihoodDecoder(code).method for code, _ in cases] == [method for _, method in cases]


def test_many_codewords_in_few_states() -> None:
    """A convolutional code, whose own decoder goes another way, and a dual code of few words."""
    code = ConvolutionalCode(generators=[5, 7], k=60)
    _, llr = send(code, 2, 300)
    ml, viterbi = MaximumLikelihoodDecoder(code).decode(llr), ViterbiDecoder(code).decode(llr)
    np.testing.assert_array_equal(ml.bits, viterbi.bits)
    spc = SingleParityCheckCode(n=40)
    _, llr = send(spc, 3, 300)
    weakest = np.abs(llr).argmin(axis=1)
    hard = (llr < 0).astype(np.uint8)
    hard[np.arange(300), weakest] ^= hard.sum(axis=1, dtype=np.uint8) & 1
    np.testing.assert_array_equal(MaximumLikelihoodDecoder(spc).decode(llr).bits, hard[:, :39])


def test_too_many_states_are_refused_with_their_number() -> None:
    code = LinearCode(generator=np.random.default_rng(10).integers(0, 2, (20, 40)))
    with pytest.raises(ValueError, match=r"whose minimal trellis has 2\^\d\d states and 2\^2\d\.\d branches"):
        MaximumLikelihoodDecoder(code)
    assert "which has far more" in str(MaximumLikelihoodDecoder.refusal(UncodedCode(k=5000)))
