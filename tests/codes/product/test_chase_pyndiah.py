"""Chase and Pyndiah's decoder: against a slow reference, its waterfall against published curves."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import ChasePyndiahDecoder, HammingCode, ProductCode, SingleParityCheckCode

from tests.codes.product.samples import bch, words_of
from tests.references import chase_pyndiah as reference


#: Components, how many errors they correct, and whether the last bit follows.
PARTS: dict[str, tuple[Any, int, bool]] = {
    "hamming": (lambda: HammingCode(r=3), 1, False),
    "extended": (lambda: HammingCode(r=3, extended=True), 1, True),
    "bch": (bch, 2, True),
    "spc": (lambda: SingleParityCheckCode(n=5), 0, True),
}


@pytest.mark.parametrize(
    ("rows", "columns", "given"),
    [
        ("extended", "hamming", {"weakest": 3}),
        ("extended", "extended", {"weakest": 4, "alpha": 0.5, "beta": "weakest"}),
        ("bch", "extended", {"weakest": 2, "alpha": [0.5, 1], "beta": "weakest", "coefficients": [0, 0.25, 0, 0, 2]}),
        ("spc", "bch", {"weakest": 5, "alpha": 0.5, "beta": [0.5, 1.0], "normalize": False}),
    ],
)
def test_decisions_are_those_of_the_reference(rows: str, columns: str, given: dict[str, Any]) -> None:
    """On LLRs that are whole numbers, so that sums are exact and ties are many."""
    makers = [PARTS[name] for name in (rows, columns)]
    codes = [make() for make, _, _ in makers]
    code = ProductCode(rows=codes[0], columns=codes[1])
    decoder = ChasePyndiahDecoder(code, iterations=2, **given)
    rng = np.random.default_rng(71)
    sent = code.encode(rng.integers(0, 2, (20, code.k)))
    llr = np.rint(4 * (1 - 2.0 * sent) + 5 * rng.standard_normal(sent.shape))
    llr[llr == 0] = 1
    decodes = [
        reference.nearest(words_of(part), t, last_follows=last)
        for part, (_, t, last) in zip(codes, makers, strict=True)
    ]
    dynamic = given.get("beta") == "weakest"
    for frame in llr:
        expected = reference.decode(
            frame.reshape(codes[1].n, codes[0].n),
            *decodes,
            given["weakest"],
            decoder._alphas.tolist(),
            [None] * 4 if dynamic else decoder._betas.tolist(),
            given.get("coefficients", [1, 1, 1, 1, 0]),
            given.get("normalize", not dynamic),
        )
        word = expected.reshape(1, -1).astype(np.uint8)
        result = decoder.decode(frame)
        np.testing.assert_array_equal(result.bits, code.information_bits(word)[0])
