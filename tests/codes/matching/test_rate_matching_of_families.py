"""Codes that are known by polynomials or parts, with bits that are not sent."""

from collections.abc import Callable

import numpy as np
import pytest
from capgap.codes import BCHCode, CyclicCode, GolayCode, HammingCode, LinearCode, ProductCode, by_name

CODES: dict[str, Callable[[], LinearCode]] = {
    "bch": lambda: BCHCode(n=15, k=7),
    "extended bch": lambda: BCHCode(n=15, k=7, extended=True),
    "cyclic": lambda: CyclicCode(n=7, generator=0b1011),
    "golay": lambda: GolayCode(),
    "product": lambda: ProductCode(rows=HammingCode(r=3), columns=HammingCode(r=2)),
}


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("first", [True, False])
def test_a_punctured_code_is_its_words_without_the_bit(name: str, first: bool) -> None:
    inner = CODES[name]()
    position = 0 if first else inner.n - 1
    code = by_name.rate_matched(code=inner, puncture=[position])
    bits = np.random.default_rng(1).integers(0, 2, (20, inner.k), np.uint8)
    word = code.encode(bits)
    assert np.array_equal(word, np.delete(inner.encode(bits), position, axis=1))
    assert np.array_equal(code.information_bits(word), bits)  # type: ignore[attr-defined]
