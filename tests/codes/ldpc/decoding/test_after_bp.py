"""Decoders that go on where belief propagation does not end."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    BeliefPropagationDecoder,
    BPGuessingDecoder,
    BPOSDDecoder,
    HammingCode,
    LDPCCode,
    LinearCode,
    MaximumLikelihoodDecoder,
    OrderedStatisticsDecoder,
    regular_matrix,
)
from capgap.codes.ldpc.decoding.soft.soft_values import MinSum

from tests.codes.ldpc.decoding.samples import CODES
from tests.codes.samples import Array, send

ITERATIONS = 10


def cost(code: LinearCode, llr: Array, bits: Array) -> Array:
    return np.asarray((llr.astype(float) * code.encode(bits)).sum(axis=1))


@CODES.each("code")
def test_values_are_those_of_min_sum(code: LinearCode) -> None:
    """After the last iteration their signs are the decisions of ``bp``."""
    llr = send(code, 2, 50)[1]
    bp = BeliefPropagationDecoder(
        code, algorithm="min-sum", scale=0.8125, iterations=ITERATIONS, stop="none"
    ).decode(llr)
    soft = MinSum(code.tanner_graph).run(np.ascontiguousarray(llr.T), ITERATIONS)
    decided = code.information_bits((soft.last.T < 0).astype(np.uint8))
    sure = (np.abs(soft.last) > 1e-3).all(axis=0)
    np.testing.assert_array_equal(decided[sure], bp.bits[sure])
    assert sure.mean() > 0.8


def test_values_with_a_syndrome_are_those_of_the_coset() -> None:
    """Flipping the signs of a word's ones turns a syndrome into 0, and the values with it."""
    code = CODES["regular"]
    llr = send(code, 2, 20)[1].T.astype(np.float32)
    word = np.random.default_rng(1).integers(0, 2, llr.shape)
    syndrome = (code.parity_check_matrix @ word % 2).astype(bool)
    shifted = np.where(word == 1, -llr, llr).astype(np.float32)
    soft = MinSum(code.tanner_graph)
    given, plain = soft.run(shifted, 5, syndrome), soft.run(llr, 5)
    np.testing.assert_array_equal(given.last, np.where(word == 1, -plain.last, plain.last))


def test_osd_of_full_order_is_maximum_likelihood_for_what_is_left() -> None:
    code = LDPCCode(regular_matrix(20, 10, 3))
    llr = send(code, 2, 200)[1]
    result = BPOSDDecoder(code, order=code.k, iterations=ITERATIONS).decode(llr)
    again, ml = result.counters["again"] == 1, MaximumLikelihoodDecoder(code).decode(llr)
    bp = BeliefPropagationDecoder(code, iterations=ITERATIONS).decode(llr)
    np.testing.assert_array_equal(result.bits[again], ml.bits[again])
    np.testing.assert_array_equal(result.bits[~again], bp.bits[~again])
    assert 0.02 < again.mean() < 1


def test_osd_decides_for_the_likeliest_of_three() -> None:
    code = LDPCCode.regular(96, 48, 3)
    sent, llr = send(code, 2, 200)
    result = BPOSDDecoder(code, order=1, iterations=ITERATIONS).decode(llr)
    again = result.counters["again"] == 1
    soft = MinSum(code.tanner_graph).run(np.ascontiguousarray(llr[again].T), ITERATIONS)
    osd = OrderedStatisticsDecoder(code, order=1)
    three = [osd.decode(values) for values in (llr[again], soft.last.T, soft.mean.T)]
    costs = np.array([cost(code, llr[again], each.bits) for each in three])
    np.testing.assert_allclose(cost(code, llr[again], result.bits[again]), costs.min(axis=0), atol=1e-4)
    counted = sum(each.counters["candidates"] for each in three)
    np.testing.assert_array_equal(result.counters["candidates"][again], counted)
    bp = BeliefPropagationDecoder(code, iterations=ITERATIONS).decode(llr)
    errors = [(each.bits != sent).any(axis=1).sum() for each in (result, bp)]
    assert errors[0] < 0.5 * errors[1]


def test_guessing_finds_what_both_values_of_a_bit_lead_to() -> None:
    code = LDPCCode.regular(96, 48, 3)
    sent, llr = send(code, 2, 150)
    bp = BeliefPropagationDecoder(code, iterations=ITERATIONS)
    first, found = bp.decode(llr), {}
    for guesses in (1, 3):
        result = BPGuessingDecoder(code, guesses=guesses, iterations=ITERATIONS).decode(llr)
        np.testing.assert_array_equal(result.counters["again"] == 1, ~first.ok)
        np.testing.assert_array_equal(result.bits[~result.ok], first.bits[~result.ok])
        assert (result.counters["trials"] <= 2 ** (guesses + 1) - 2).all()
        found[guesses] = result
    # One guess, by hand: the likelier of what two decodings end with, whatever bit it was.
    for frame in np.flatnonzero(~first.ok):
        both = np.repeat(llr[frame][None], 2 * code.n, axis=0)
        both[np.arange(code.n), np.arange(code.n)] = 4096
        both[code.n + np.arange(code.n), np.arange(code.n)] = -4096
        ends = bp.decode(both)
        words = {bits.tobytes() for bits in ends.bits[ends.ok]}
        if found[1].ok[frame]:
            assert found[1].bits[frame].tobytes() in words
    assert first.ok.sum() < found[1].ok.sum() < found[3].ok.sum()
    errors = [(each.bits != sent).any(axis=1).sum() for each in (found[3], found[1], first)]
    assert errors == sorted(errors)


@pytest.mark.parametrize(
    ("decoder", "options", "message"),
    [
        (BPOSDDecoder, {"order": 5}, "order must lie in 0 to k = 4, got 5"),
        (BPGuessingDecoder, {"guesses": 13}, "guesses must lie in 1 to 12, got 13"),
        (BPGuessingDecoder, {"scale": 0.5}, "scale belongs to min-sum"),
    ],
)
def test_wrong_parameters(decoder: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        decoder(HammingCode(r=3), **options)


def test_a_code_that_is_too_large_for_osd() -> None:
    with pytest.raises(ValueError, match="bp-osd eliminates a generator matrix for each frame"):
        BPOSDDecoder(LDPCCode.regular(6000, 3000, 3))
