"""Polar codes against matrices: Kronecker products, pretransforms, systematic encoding."""

from functools import reduce
from typing import Any

import numpy as np
import pytest
from capgap.codes import PolarCode
from capgap.codes.polar.pretransform import Pretransform

from tests.codes.polar.samples import unmatched

KERNEL = {2: [[1, 0], [1, 1]], 3: [[1, 1, 1], [1, 0, 1], [0, 1, 1]]}


def matrix(kernels: tuple[int, ...]) -> np.ndarray[Any, np.dtype[Any]]:
    return reduce(np.kron, [np.array(KERNEL[size]) for size in kernels])


@pytest.mark.parametrize("kernels", [(2,), (2, 2, 2, 2), (3,), (2, 2, 3), (3, 2), (2, 3, 3)])
def test_words_are_those_of_the_kronecker_product(kernels: tuple[int, ...]) -> None:
    generator = np.random.default_rng(1)
    n = int(np.prod(kernels))
    positions = generator.permutation(n)[: max(1, n // 2)]
    code = PolarCode(information=positions, kernels=kernels)
    bits = generator.integers(0, 2, (130, code.k), np.uint8)
    u = np.zeros((130, n), int)
    u[:, positions] = bits
    words = code.encode(bits)
    assert (words == u @ matrix(kernels) % 2).all()
    assert (code.information_bits(words) == bits).all()
    assert (code.generator_matrix == matrix(kernels)[positions]).all()
    at = code.information_set
    assert round(abs(np.linalg.det(code.generator_matrix[:, at]))) % 2 == 1


@pytest.mark.parametrize("n", [2, 8, 64, 256])
def test_systematic_words_hold_the_message_and_are_of_the_code(n: int) -> None:
    generator = np.random.default_rng(n)
    for _ in range(5):
        positions = np.sort(generator.permutation(n)[: generator.integers(1, n + 1)])
        code = PolarCode(information=positions, n=n, systematic=True)
        bits = generator.integers(0, 2, (70, code.k), np.uint8)
        words = code.encode(bits)
        assert (words[:, positions] == bits).all()
        u = words @ matrix((2,) * (n.bit_length() - 1)) % 2
        assert not u[:, code.frozen].any()
        assert (code.information_bits(words) == bits).all()


def test_a_convolution_stands_before_the_transform() -> None:
    n, taps = 32, [1, 0, 1, 1, 0, 1, 1]
    code = unmatched(n=n, k=16, construction="reed-muller", convolution=133)
    shift = np.array([[taps[j - i] if 0 <= j - i < 7 else 0 for j in range(n)] for i in range(n)])
    expected = shift[code.information] @ matrix((2,) * 5) % 2
    assert (code.generator_matrix == expected).all()
    bits = np.random.default_rng(3).integers(0, 2, (100, 16), np.uint8)
    assert (code.information_bits(code.encode(bits)) == bits).all()


def test_sums_may_be_of_any_earlier_positions() -> None:
    generator = np.random.default_rng(5)
    n = 16
    upper = np.triu(generator.integers(0, 2, (n, n)), 1) + np.eye(n, dtype=int)
    sums = {i: [j for j in range(i) if upper[j, i]] for i in range(n)}
    code = PolarCode(information=[3, 5, 6, 7, 9, 15], n=n, pretransform=Pretransform(n, sums))
    assert (code.generator_matrix == upper[code.information] @ matrix((2,) * 4) % 2).all()
    bits = generator.integers(0, 2, (64, 6), np.uint8)
    assert (code.information_bits(code.encode(bits)) == bits).all()


@pytest.mark.parametrize(("k", "distance"), [(1, 32), (6, 16), (16, 8)])
def test_reed_mullers_choice_has_its_distance(k: int, distance: int) -> None:
    assert unmatched(n=32, k=k, construction="reed-muller").minimum_distance() == distance


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 12, "k": 4}, "n must be a power of two"),
        ({"n": 8, "k": 9}, "k must lie in 1 to n = 8, got 9"),
        ({"n": 8}, "k is missing"),
        ({"n": 8, "frozen": [0, 8]}, "frozen must lie in 0 to 7, got 8"),
        (
            {"n": 8, "k": 5, "frozen": [0, 1]},
            "frozen must name 3 of the code's 8 positions, all but k = 5, and names 2",
        ),
        ({"n": 8, "k": 4, "convolution": 139}, "octal digits"),
        (
            {"n": 8, "k": 4, "convolution": 7, "systematic": True},
            "systematic belongs to codes without convolution",
        ),
    ],
)
def test_bad_parameters_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        unmatched(**arguments)


def test_systematic_words_of_closed_sets_are_made_by_two_transforms() -> None:
    code = unmatched(n=64, k=30, systematic=True)
    bits = np.random.default_rng(4).integers(0, 2, (70, 30), np.uint8)
    words = code.encode(bits)
    assert (words[:, code.information] == bits).all()
    assert not (words @ matrix((2,) * 6) % 2)[:, code.frozen].any()
