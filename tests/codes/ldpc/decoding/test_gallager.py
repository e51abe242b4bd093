"""Gallager's algorithms A, B and E, beside slow references."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    Decoder,
    GallagerADecoder,
    GallagerBDecoder,
    GallagerEDecoder,
    LDPCCode,
    LinearCode,
    PeelingDecoder,
    regular_matrix,
)

from tests.codes.ldpc.decoding.samples import CODES, hard_llrs
from tests.codes.samples import Array, NotLinear
from tests.references.hard_messages import Result, gallager, gallager_e

ITERATIONS = 25


def compare(decoder: Decoder, llr: Array, expected: Result) -> None:
    code = decoder.code
    assert isinstance(code, LinearCode)
    result = decoder.decode(llr)
    bits, ok, spent = expected
    np.testing.assert_array_equal(result.ok, ok)
    np.testing.assert_array_equal(result.iterations, spent)
    np.testing.assert_array_equal(result.bits, code.information_bits(bits.astype(np.uint8)))
    assert ok.any()


@CODES.each("code")
@pytest.mark.parametrize("algorithm", ["a", "b", "b, 1", "b, 2", "b, 2 and 1"])
def test_hard_messages(code: LinearCode, algorithm: str) -> None:
    H, llr = code.parity_check_matrix, hard_llrs(code, 70, 0.05)
    degrees = H.sum(axis=0).astype(int)
    decoder: Decoder
    if algorithm == "a":
        decoder, flip_at = GallagerADecoder(code, iterations=ITERATIONS), np.maximum(degrees - 1, 1)
    elif algorithm == "b":
        decoder, flip_at = GallagerBDecoder(code, iterations=ITERATIONS), degrees // 2 + 1
    elif algorithm == "b, 2 and 1":
        decoder = GallagerBDecoder(code, threshold=[2, 2, 1], iterations=ITERATIONS)
        flip_at = np.array([np.maximum(np.minimum(degrees - 1, least), 1) for least in (2, 2, 1)])
    else:
        least = int(algorithm[-1])
        decoder = GallagerBDecoder(code, threshold=least, iterations=ITERATIONS)
        flip_at = np.maximum(np.minimum(degrees - 1, least), 1)
    compare(decoder, llr, gallager(H, llr < 0, ITERATIONS, flip_at))


@CODES.each("code")
@pytest.mark.parametrize("weights", [(2, 1), (1,), (3, 2, 1)])
def test_messages_that_may_say_nothing(code: LinearCode, weights: tuple[int, ...]) -> None:
    H, llr = code.parity_check_matrix, hard_llrs(code, 70, 0.05)
    decoder = GallagerEDecoder(code, weights=list(weights), iterations=ITERATIONS)
    compare(decoder, llr, gallager_e(H, llr < 0, ITERATIONS, weights))


@CODES.each("code")
def test_e_over_erasures_is_peeling(code: LinearCode) -> None:
    llr = hard_llrs(code, 100, 0.0, 0.25)[:-13]
    stream = Stream(1, len(llr))
    result = GallagerEDecoder(code).decode(llr, Stream(1, len(llr)))
    expected = PeelingDecoder(code).decode(llr, stream)
    np.testing.assert_array_equal(result.ok, expected.ok)
    np.testing.assert_array_equal(result.bits[result.ok], expected.bits[expected.ok])
    assert result.ok.any()


def test_coins_that_make_a_codeword_are_doubted() -> None:
    code = LDPCCode(regular_matrix(12, 6, 2))
    result = GallagerADecoder(code).decode(np.zeros((500, 12)), Stream(1, 500))
    assert not result.ok[result.iterations == 0].any()
    assert (result.iterations == 0).any()


@pytest.mark.parametrize(
    ("decoder", "options", "message"),
    [
        (GallagerADecoder, {"iterations": 0}, "iterations must be at least 1, got 0"),
        (
            GallagerBDecoder,
            {"threshold": 3},
            "threshold must lie in 1 to 2, a variable's other checks, got 3",
        ),
        (
            GallagerBDecoder,
            {"threshold": "most"},
            "threshold must be majority, a number or a list, got 'most'",
        ),
        (
            GallagerEDecoder,
            {"weights": []},
            "weights must be a list of whole numbers, such as [2, 1], got []",
        ),
        (GallagerEDecoder, {"weights": [0]}, "weights must lie in 1 to 100, got [0]"),
        (PeelingDecoder, {"iterations": 200_000}, "iterations must be at most 100000, got 200000"),
    ],
)
def test_wrong_parameters(decoder: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        decoder(CODES["regular"], **options)


def test_refusal() -> None:
    with pytest.raises(ValueError, match="gallager-b decodes linear codes, not"):
        GallagerBDecoder(NotLinear(n=3, k=3))
