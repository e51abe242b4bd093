"""Uncoded, repetition, single parity check and Hamming codes: layout and weights."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import (
    HammingCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
)
from numpy.polynomial import polynomial
from scipy.special import binom

from tests.codes.samples import random_bits


@pytest.mark.parametrize("extended", [False, True])
@pytest.mark.parametrize("r", range(2, 7))
def test_hamming_layout(r: int, extended: bool) -> None:
    code = HammingCode(r=r, extended=extended)
    n, k = 2**r - 1, 2**r - 1 - r
    assert (code.n, code.k) == (n + extended, k)
    np.testing.assert_array_equal(code.generator_matrix[:, :k], np.eye(k))
    H = code.parity_check_matrix
    np.testing.assert_array_equal(np.sort(2 ** np.arange(r) @ H[:r, :n]), np.arange(1, n + 1))
    if extended:
        np.testing.assert_array_equal(H[r], np.ones(n + 1))
        assert not (code.generator_matrix.sum(axis=1) % 2).any()
    shorter = HammingCode(r=r, extended=extended, shorten=k - 1)
    assert (shorter.n, shorter.k) == (n + extended - (k - 1), 1)


def test_shortening_takes_the_first_information_bits_away() -> None:
    whole, short = HammingCode(r=4, extended=True), HammingCode(r=4, extended=True, shorten=4)
    np.testing.assert_array_equal(short.generator_matrix, whole.generator_matrix[4:, 4:])


def test_repetition_sends_the_whole_block_over_and_over() -> None:
    u = random_bits(4, 3)
    np.testing.assert_array_equal(RepetitionCode(n=9, k=3).encode(u), np.hstack([u, u, u]))


def test_parity_bit_comes_last() -> None:
    u = random_bits(20, 6)
    expected = np.hstack([u, u.sum(axis=1, keepdims=True, dtype=np.uint8) % 2])
    np.testing.assert_array_equal(SingleParityCheckCode(n=7).encode(u), expected)


def test_uncoded_needs_no_matrix() -> None:
    code = UncodedCode(k=10**6)
    u = random_bits(2, 10**6)
    np.testing.assert_array_equal(code.encode(u), u)
    np.testing.assert_array_equal(code.information_bits(u), u)


def hamming_weights(r: int) -> npt.NDArray[Any]:
    """((1 + z)^n + n (1 + z)^((n - 1) / 2) (1 - z)^((n + 1) / 2)) / (n + 1).

    MacWilliams and Sloane (1977), chapter 5, section 2: the MacWilliams transform of 1 + n z^((n + 1) / 2).
    """
    n = 2**r - 1
    other = polynomial.polymul(
        polynomial.polypow([1, 1], (n - 1) // 2), polynomial.polypow([1, -1], (n + 1) // 2)
    )
    whole: npt.NDArray[Any] = (polynomial.polypow([1, 1], n) + n * other) / (n + 1)
    return np.round(whole)


def extend(weights: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Odd weights go up by one."""
    extended = np.append(weights, 0)
    extended[2::2] += extended[1:-1:2]
    extended[1::2] = 0
    return extended


@pytest.mark.parametrize("r", [2, 3, 4])
def test_hamming_weights(r: int) -> None:
    expected = hamming_weights(r)
    np.testing.assert_array_equal(HammingCode(r=r).weight_distribution(), expected)
    np.testing.assert_array_equal(HammingCode(r=r, extended=True).weight_distribution(), extend(expected))
    simplex = np.zeros(2**r)
    simplex[[0, 2 ** (r - 1)]] = 1, 2**r - 1
    np.testing.assert_array_equal(HammingCode(r=r).dual().weight_distribution(), simplex)


@pytest.mark.parametrize("n", [2, 3, 8, 13, 17])
def test_single_parity_check_weights(n: int) -> None:
    weight = np.arange(n + 1)
    expected = np.where(weight % 2 == 0, binom(n, weight), 0)
    np.testing.assert_array_equal(SingleParityCheckCode(n=n).weight_distribution(), expected)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (5, 1), (12, 3), (28, 14)])
def test_repetition_weights(n: int, k: int) -> None:
    expected = np.zeros(n + 1)
    expected[:: n // k] = binom(k, np.arange(k + 1))
    np.testing.assert_array_equal(RepetitionCode(n=n, k=k).weight_distribution(), expected)
