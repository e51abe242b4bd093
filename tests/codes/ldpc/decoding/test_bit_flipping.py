"""Bit flipping, on hard decisions and by energies, beside slow references."""

import re
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    BitFlippingDecoder,
    Decoder,
    GallagerBDecoder,
    GallagerEDecoder,
    GradientDescentDecoder,
    LinearCode,
    PeelingDecoder,
    ProbabilisticBitFlippingDecoder,
    WeightedBitFlippingDecoder,
)
from capgap.codes.ldpc.decoding.hard.bit_flipping import default_probabilities
from capgap.codes.ldpc.decoding.hard.weighted_bit_flipping import noise_values

from tests.codes.ldpc.decoding.samples import CODES, hard_llrs
from tests.codes.samples import Array, random_llrs, send
from tests.references.hard_messages import Result, Xorshift, flip, flip_by_chance, flip_by_energy

ITERATIONS = 40


def compare(decoder: Decoder, llr: Array, expected: Result, stream: Stream | None = None) -> None:
    code = decoder.code
    assert isinstance(code, LinearCode)
    result = decoder.decode(llr, stream)
    bits, ok, spent = expected
    np.testing.assert_array_equal(result.ok, ok)
    np.testing.assert_array_equal(result.iterations, spent)
    np.testing.assert_array_equal(result.bits, code.information_bits(bits.astype(np.uint8)))
    assert ok.any()


@CODES.each("code")
@pytest.mark.parametrize("threshold", ["largest", "majority", 2])
def test_flipping_all_at_once(code: LinearCode, threshold: Any) -> None:
    H, llr = code.parity_check_matrix, hard_llrs(code, 100, 0.03)
    degrees = H.sum(axis=0).astype(int)
    least: Any = threshold
    if threshold == "majority":
        least = degrees // 2 + 1
    elif threshold == 2:
        least = np.maximum(np.minimum(degrees, 2), 1)
    decoder = BitFlippingDecoder(code, threshold=threshold, iterations=ITERATIONS)
    compare(decoder, llr, flip(H, llr < 0, ITERATIONS, least))


@CODES.each("code")
def test_flipping_by_chance(code: LinearCode) -> None:
    H, llr = code.parity_check_matrix, hard_llrs(code, 100, 0.03)
    chances = {int(degree): default_probabilities(int(degree)) for degree in H.sum(axis=0)}
    seeds = Stream(3, 100).bits(128)
    expected = flip_by_chance(H, llr < 0, ITERATIONS, chances, seeds)
    compare(ProbabilisticBitFlippingDecoder(code, iterations=ITERATIONS), llr, expected, Stream(3, 100))


def test_given_probabilities() -> None:
    code, chances = CODES["regular"], [0, 0.1, 0.3, 1, 1]
    H, llr = code.parity_check_matrix, hard_llrs(code, 100, 0.01)
    expected = flip_by_chance(
        H, llr < 0, ITERATIONS, {3: [float(p) for p in chances]}, Stream(3, 100).bits(128)
    )
    decoder = ProbabilisticBitFlippingDecoder(code, probabilities=chances, iterations=ITERATIONS)
    compare(decoder, llr, expected, Stream(3, 100))


@CODES.each("code")
@pytest.mark.parametrize("factor", [0, 0.2])
def test_weighted(code: LinearCode, factor: float) -> None:
    H, llr = code.parity_check_matrix, received(code)
    weights = np.array(
        [[np.abs(frame[row > 0]).min(initial=np.inf) for row in H] for frame in llr], np.float32
    )
    expected = flip_by_energy(H, llr, weights, ITERATIONS, signed=False, factor=factor)
    compare(WeightedBitFlippingDecoder(code, factor=factor, iterations=ITERATIONS), llr, expected)


def received(code: LinearCode) -> Array:
    """Some frames near to codewords and some far from them."""
    return np.concatenate([send(code, 4, 80)[1], random_llrs(20, code.n, zeros=0)])


@CODES.each("code")
@pytest.mark.parametrize("options", [{"flips": "single"}, {}, {"threshold": 0.5, "weight": 0.75}])
def test_gradient_descent(code: LinearCode, options: dict[str, Any]) -> None:
    H, llr = code.parity_check_matrix, received(code)
    single, weight = "flips" in options, np.float32(options.get("weight", 1))
    expected = flip_by_energy(
        H,
        samples(llr)[0],
        np.full((len(llr), len(H)), weight),
        ITERATIONS,
        signed=True,
        factor=1,
        threshold=np.inf if single else -options.get("threshold", -0.6),
        switching=not single,
    )
    compare(GradientDescentDecoder(code, **options, iterations=ITERATIONS), llr, expected)


def samples(llr: Array) -> tuple[Array, Array]:
    """Samples of mean 1 or -1, and 2 / s^2."""
    mean = np.sqrt(1 + np.square(llr, dtype=np.float64).mean(axis=1, keepdims=True)) - 1
    return (llr / mean).astype(np.float32), mean[:, 0]


@CODES.each("code")
@pytest.mark.parametrize("flips", ["multi", "single"])
def test_noisy_gradient_descent(code: LinearCode, flips: Any) -> None:
    H, llr = code.parity_check_matrix, received(code)
    own, mean = samples(llr)
    random, size = Xorshift(Stream(3, len(llr)).bits(128)), (0.9 * np.sqrt(2 / mean)).astype(np.float32)
    decay = 0.9 if flips == "multi" else 1
    expected = flip_by_energy(
        H,
        own,
        np.full((len(llr), len(H)), np.float32(0.75)),
        ITERATIONS,
        signed=True,
        factor=1,
        threshold=0.8 if flips == "multi" else np.inf,
        decay=decay,
        noise=lambda: noise_values()[random.next() >> np.uint32(20)] * size,
    )
    decoder = GradientDescentDecoder(
        code, flips=flips, weight=0.75, threshold=-0.8, noise=0.9, decay=decay, iterations=ITERATIONS
    )
    compare(decoder, llr, expected, Stream(3, len(llr)))


def test_noise_is_normal() -> None:
    values = noise_values().astype(float)
    assert abs(values.mean()) < 1e-12
    assert abs((values**2).mean() - 1) < 1e-4
    assert abs((values**4).mean() - 3) < 0.05
    assert abs((values > 1).mean() - 0.15866) < 5e-4


@pytest.mark.parametrize(
    "decoder",
    [
        ProbabilisticBitFlippingDecoder,
        BitFlippingDecoder,
        GallagerBDecoder,
        GallagerEDecoder,
        PeelingDecoder,
        GradientDescentDecoder,
    ],
)
def test_frames_of_several_tiles_are_decoded_as_one_by_one(decoder: Any) -> None:
    """With erasures, and with random choices of each frame's own."""
    options = {"noise": 0.9} if decoder is GradientDescentDecoder else {}
    made = decoder(CODES["regular"], **options)
    llr, parts = hard_llrs(CODES["regular"], 1200, 0.04, 0.05), [(0, 1), (1, 600), (600, 1200)]
    whole = made.decode(llr, Stream(5, 1200))
    for first, last in parts:
        part = made.decode(llr[first:last], Stream(5, last - first, first=first))
        np.testing.assert_array_equal(whole.bits[first:last], part.bits)
        np.testing.assert_array_equal(whole.ok[first:last], part.ok)
        np.testing.assert_array_equal(whole.iterations[first:last], part.iterations)


@pytest.mark.parametrize(
    ("decoder", "options", "message"),
    [
        (BitFlippingDecoder, {"threshold": 4}, "threshold must lie in 1 to 3, a bit's checks, got 4"),
        (
            BitFlippingDecoder,
            {"threshold": "all"},
            "threshold must be largest, majority or a number, got 'all'",
        ),
        (
            ProbabilisticBitFlippingDecoder,
            {"probabilities": [0, 1]},
            "probabilities must be 5, for energies 0 to 4 of bits of degree 3, got 2",
        ),
        (
            ProbabilisticBitFlippingDecoder,
            {"probabilities": [0, 0, 0, 1, 2]},
            "probabilities must lie in 0 to 1, got 2",
        ),
        (WeightedBitFlippingDecoder, {"factor": -1}, "factor must lie in 0 to 100, got -1"),
        (GradientDescentDecoder, {"flips": "all"}, "flips must be multi or single, got 'all'"),
        (GradientDescentDecoder, {"weight": 0}, "weight must lie in (0, 100], got 0"),
        (GradientDescentDecoder, {"noise": -1}, "noise must lie in 0 to 10, got -1"),
        (GradientDescentDecoder, {"flips": "single", "decay": 0.5}, "decay belongs to thresholds"),
    ],
)
def test_wrong_parameters(decoder: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        decoder(CODES["regular"], **options)
