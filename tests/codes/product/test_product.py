"""Product codes: the matrix form, distances, information positions."""

import itertools
from typing import Any

import numpy as np
import pytest
from capgap.codes import (
    HammingCode,
    LinearCode,
    ProductCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
    weight_enumerator,
)

from tests.codes.product.samples import bch
from tests.codes.samples import NotLinear
from tests.lazy import Lazy

CODES: Lazy[ProductCode] = Lazy(
    {
        "hamming and spc": lambda: ProductCode(rows=HammingCode(r=3), columns=SingleParityCheckCode(n=4)),
        "spc and repetition": lambda: ProductCode(
            rows=SingleParityCheckCode(n=5), columns=RepetitionCode(n=3)
        ),
        "not systematic": lambda: ProductCode(
            rows=LinearCode(generator=[[1, 1, 0, 1], [1, 0, 1, 1]]), columns=SingleParityCheckCode(n=3)
        ),
        "uncoded": lambda: ProductCode(rows=UncodedCode(k=2), columns=HammingCode(r=3)),
        "product": lambda: ProductCode(
            rows=ProductCode(rows=SingleParityCheckCode(n=3), columns=SingleParityCheckCode(n=2)),
            columns=SingleParityCheckCode(n=3),
        ),
    }
)


@CODES.each("code")
def test_words_are_those_of_the_matrix_form(code: ProductCode) -> None:
    """G = G_columns x G_rows: a message U becomes G_columns^T U G_rows."""
    assert (code.n, code.k) == (code.rows.n * code.columns.n, code.rows.k * code.columns.k)
    bits = np.random.default_rng(61).integers(0, 2, (50, code.k), dtype=np.uint8)
    messages = bits.reshape(50, code.columns.k, code.rows.k).astype(int)
    expected = code.columns.generator_matrix.T.astype(int) @ messages @ code.rows.generator_matrix % 2
    words = code.encode(bits)
    np.testing.assert_array_equal(words, expected.reshape(50, code.n))
    np.testing.assert_array_equal(
        code.generator_matrix, np.kron(code.columns.generator_matrix, code.rows.generator_matrix)
    )
    np.testing.assert_array_equal(code.information_bits(words), bits)
    assert not code.syndrome(words).any()
    assert not (code.generator_matrix @ code.parity_check_matrix.T.astype(int) % 2).any()
    assert len(LinearCode(parity_check=code.parity_check_matrix).information_set) == code.k
    assert code.systematic == (code.rows.systematic and code.columns.systematic)
    if code.systematic:
        np.testing.assert_array_equal(words[:, code.information_set], bits)


@CODES.each("code")
def test_low_weights_are_those_of_all_words(code: ProductCode) -> None:
    """The least weight, how many words have it and the ones in their messages, by enumeration."""
    counts = weight_enumerator(code).counts
    found = code.low_weights()
    assert found is not None
    d = int(np.flatnonzero(counts)[1])
    assert (d, d) == (found.weights[0], code.minimum_distance())
    messages = np.array(list(itertools.product((0, 1), repeat=code.k)), np.uint8)
    light = code.encode(messages).sum(axis=1) == d
    assert found.codewords == (light.sum(),) == (counts[d],)
    assert found.ones == (messages[light].sum(),)


def test_long_components() -> None:
    """Without a dense matrix of the product; A_4 of the extended Hamming code is n (n - 1) (n - 2) / 24."""
    code = HammingCode(r=7, extended=True)
    product = ProductCode(rows=code, columns=code)
    assert product.default_decoder == "chase-pyndiah"
    found = product.low_weights()
    assert found is not None
    assert (found.weights, found.codewords) == ((16,), ((128 * 127 * 126 // 24) ** 2,))
    assert product.info()["minimum distance"] == 16
    assert product.tanner_graph.checks == 2 * 128 * 8
    assert ProductCode(rows=bch(), columns=bch()).minimum_distance() == 36


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        (NotLinear(n=3, k=1), UncodedCode(k=2), r"rows must be a linear code, got NotLinear\(n=3, k=1\)"),
        (UncodedCode(k=2), NotLinear(n=3, k=1), r"columns must be a linear code, got NotLinear\(n=3, k=1\)"),
        (UncodedCode(k=4000), UncodedCode(k=4000), "rows: n times that of columns must be at most 10000000"),
    ],
)
def test_what_is_refused(rows: Any, columns: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ProductCode(rows=rows, columns=columns)
