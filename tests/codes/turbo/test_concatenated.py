"""Concatenated codes."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import ConcatenatedCode, ConvolutionalCode, HammingCode, SingleParityCheckCode, UncodedCode
from capgap.codes.by_name import concatenated

from tests.codes.samples import TableCode, assert_is_linear_code, random_bits
from tests.lazy import Lazy


def convolutional(**parameters: Any) -> ConvolutionalCode:
    return ConvolutionalCode(**parameters)


CODES = Lazy(
    {
        "blocks": lambda: ConcatenatedCode(SingleParityCheckCode(n=4), HammingCode(r=3), [2, 0, 3, 1]),
        "convolutional": lambda: concatenated(
            outer=convolutional(generators=[5, 7], k=4),
            inner=convolutional(generators=[7], feedback=5, k=12),
        ),
        "as it is": lambda: concatenated(outer=UncodedCode(k=4), inner=HammingCode(r=3), interleaver="none"),
    }
)


@CODES.each("code")
def test_it_is_a_linear_code(code: ConcatenatedCode) -> None:
    assert_is_linear_code(code)


@CODES.each("code")
def test_words_are_those_of_the_inner_code(code: ConcatenatedCode) -> None:
    bits = random_bits(70, code.k)
    between = code.outer.encode(bits)[:, code.interleaver]
    np.testing.assert_array_equal(code.encode(bits), code.inner.encode(between))
    assert code.rate == code.outer.k / code.inner.n


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"inner": HammingCode(r=4)}, "inner must have as many information bits as the outer code has coded"),
        ({"interleaver": [0, 1, 2, 2]}, "interleaver is no permutation: index 3 has 2"),
        ({"outer": TableCode(np.arange(8))}, "outer must be a linear code"),
        ({"inner": TableCode(np.arange(16))}, "inner must be a linear code"),
    ],
)
def test_what_does_not_fit_is_refused(parameters: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        concatenated(**{"outer": SingleParityCheckCode(n=4), "inner": HammingCode(r=3), **parameters})
