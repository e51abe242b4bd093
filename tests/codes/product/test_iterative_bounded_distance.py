"""Iterative hard decoding: against a slow reference, what it corrects, and what ends it."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import (
    HammingCode,
    IterativeBoundedDistanceDecoder,
    LinearCode,
    MaximumLikelihoodDecoder,
    ProductCode,
    RepetitionCode,
    SyndromeDecoder,
)

from tests.codes.product.samples import bch, words_of

Matrix = npt.NDArray[np.uint8]


def corrected(words: Any, t: int, received: Any) -> Any:
    """The codeword within a distance, or what was received."""
    distance = (words != received).sum(axis=1)
    best = int(distance.argmin())
    return words[best] if distance[best] <= t else received


def decode(
    code: ProductCode, t: tuple[int, int], matrix: Matrix, iterations: int
) -> tuple[Matrix, bool, int]:
    """The decided matrix, whether it is a word of the code, and iterations spent."""
    rows, columns = words_of(code.rows), words_of(code.columns)
    spent, ok = 0, False
    while not ok and spent < iterations:
        spent += 1
        before = matrix.copy()
        matrix = np.array([corrected(columns, t[1], column) for column in matrix.T]).T
        matrix = np.array([corrected(rows, t[0], row) for row in matrix])
        ok = bool(
            (matrix[:, None] == rows).all(2).any(1).all()
            and (matrix.T[:, None] == columns).all(2).any(1).all()
        )
        if (matrix == before).all():
            break
    return matrix, ok, spent


@pytest.mark.parametrize(
    ("rows", "columns", "t", "flips"),
    [
        (lambda: HammingCode(r=3), lambda: HammingCode(r=3, extended=True), (1, 1), 0.09),
        (bch, lambda: HammingCode(r=3, extended=True), (2, 1), 0.12),
    ],
)
def test_words_are_those_of_the_reference(rows: Any, columns: Any, t: tuple[int, int], flips: float) -> None:
    code = ProductCode(rows=rows(), columns=columns())
    rng = np.random.default_rng(81)
    sent = code.encode(rng.integers(0, 2, (80, code.k)))
    received = sent ^ (rng.random(sent.shape) < flips)
    result = IterativeBoundedDistanceDecoder(code, iterations=3).decode(1 - 2.0 * received)
    expected = [decode(code, t, each.reshape(code.columns.n, code.rows.n), 3) for each in received]
    np.testing.assert_array_equal(result.ok, [ok for _, ok, _ in expected])
    np.testing.assert_array_equal(result.iterations, [spent for *_, spent in expected])
    words = np.array([word.ravel() for word, *_ in expected])
    np.testing.assert_array_equal(result.bits, code.information_bits(words))
    assert 5 < result.ok.sum() < 75


def test_decoders_of_the_components() -> None:
    """Of a perfect code all decoders correct the same."""
    code = ProductCode(rows=HammingCode(r=3), columns=RepetitionCode(n=3))
    llr = 1 - 2.0 * (np.random.default_rng(82).random((100, code.n)) < 0.2)
    expected = IterativeBoundedDistanceDecoder(code).decode(llr)
    for rows in (SyndromeDecoder(code.rows), MaximumLikelihoodDecoder(code.rows)):
        columns = MaximumLikelihoodDecoder(code.columns, input="hard")
        result = IterativeBoundedDistanceDecoder(code, rows=rows, columns=columns).decode(llr)
        np.testing.assert_array_equal(result.bits, expected.bits)
        np.testing.assert_array_equal(result.iterations, expected.iterations)


def test_a_long_component_needs_a_decoder() -> None:
    code = ProductCode(rows=RepetitionCode(n=19), columns=HammingCode(r=3))
    with pytest.raises(ValueError, match="rows must be a decoder: RepetitionCode"):
        IterativeBoundedDistanceDecoder(code)
    decoder = IterativeBoundedDistanceDecoder(code, rows=SyndromeDecoder(code.rows))
    assert decoder.decode(np.ones(code.n)).ok
    with pytest.raises(ValueError, match="rows must be a decoder of RepetitionCode"):
        IterativeBoundedDistanceDecoder(code, rows=SyndromeDecoder(RepetitionCode(n=19)))


def test_other_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="iterative-bounded-distance decodes product codes, not LinearCode"):
        IterativeBoundedDistanceDecoder(LinearCode(generator=[[1, 1]]))
