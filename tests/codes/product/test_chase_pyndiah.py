"""Chase and Pyndiah's decoder: against a slow reference, ties, refusals."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from capgap.channels import Stream
from capgap.codes import (
    ChasePyndiahDecoder,
    HammingCode,
    LinearCode,
    ProductCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
)

from tests.codes.product.samples import bch, words_of
from tests.references import chase_pyndiah as reference

#: Components, how many errors they correct, and whether the last bit follows.
PARTS: dict[str, tuple[Any, int, bool]] = {
    "hamming": (lambda: HammingCode(r=3), 1, False),
    "extended": (lambda: HammingCode(r=3, extended=True), 1, True),
    "bch": (bch, 2, True),
    "spc": (lambda: SingleParityCheckCode(n=5), 0, True),
}


#: Rows, columns, parameters, and what they are for each of four half-iterations.
CASES: dict[str, tuple[str, str, dict[str, Any], list[float], list[float | None], bool]] = {
    "defaults": ("extended", "hamming", {"weakest": 3}, [0.2, 0.3, 0.5, 0.7], [0.2, 0.4, 0.6, 0.8], True),
    "flat": (
        "extended",
        "extended",
        {"weakest": 4, "alpha": 0.5, "beta": "weakest"},
        [0.5] * 4,
        [None] * 4,
        False,
    ),
    "coefficients": (
        "bch",
        "extended",
        {"weakest": 2, "alpha": [0.5, 1], "beta": "weakest", "coefficients": [0, 0.25, 0, 0, 2]},
        [0.5, 1, 1, 1],
        [None] * 4,
        False,
    ),
    "beta": (
        "spc",
        "bch",
        {"weakest": 4, "alpha": 0.5, "beta": [0.5, 1.0], "normalize": False},
        [0.5] * 4,
        [0.5, 1, 1, 1],
        False,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_decisions_are_those_of_the_reference(case: str) -> None:
    """On LLRs that are whole numbers, so that ties are many."""
    rows, columns, given, alphas, betas, normalize = CASES[case]
    codes = [PARTS[name][0]() for name in (rows, columns)]
    row, column = (
        reference.Part(words_of(code), *PARTS[name][1:])
        for code, name in zip(codes, (rows, columns), strict=True)
    )
    code = ProductCode(rows=codes[0], columns=codes[1])
    decoder = ChasePyndiahDecoder(code, iterations=2, **given)
    rng = np.random.default_rng(71)
    sent = code.encode(rng.integers(0, 2, (20, code.k)))
    llr = np.rint(4 * (1 - 2.0 * sent) + 5 * rng.standard_normal(sent.shape))
    llr[llr == 0] = 1
    coefficients = given.get("coefficients", [1, 1, 1, 1, 0])
    words = np.array(
        [
            reference.decode(
                frame.reshape(codes[1].n, codes[0].n),
                (row, column),
                given["weakest"],
                alphas,
                betas,
                coefficients,
                normalize,
            ).ravel()
            for frame in llr
        ]
    ).astype(np.uint8)
    result = decoder.decode(llr)
    np.testing.assert_array_equal(result.bits, code.information_bits(words))
    np.testing.assert_array_equal(result.ok, ~code.syndrome(words).any(axis=1))
    assert (result.iterations == 2).all()


def test_signs_of_zeros_are_coins() -> None:
    """Where nothing was received every word is as likely."""
    code = ProductCode(rows=HammingCode(r=3, extended=True), columns=SingleParityCheckCode(n=4))
    bits = ChasePyndiahDecoder(code, weakest=3).decode(np.zeros((2000, code.n)), Stream(5, 2000)).bits
    # Each bit is fair: 5 standard deviations, for 24 bits.
    assert (np.abs(bits.mean(axis=0) - 0.5) < 5 * 0.5 / 2000**0.5).all()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"weakest": 8}, "weakest must lie in 1 to 7, got 8"),
        ({"iterations": 0}, "iterations must lie in 1 to 1000, got 0"),
        ({"alpha": []}, "alpha must be 1 to 8 numbers, one for a half-iteration, got 0"),
        ({"alpha": [0.5] * 9}, "alpha must be 1 to 8 numbers, one for a half-iteration, got 9"),
        ({"alpha": -1}, "alpha must lie in 0 to 100, got -1"),
        ({"beta": [1, True]}, "beta must lie in 0 to 100, got True"),
        ({"coefficients": [1, 2]}, r"coefficients must be five numbers, a, b, c, d and e, got \[1, 2\]"),
        ({"coefficients": [1, 1, 1, 1, 5]}, "coefficients must have an e from 0 to weakest, 4, got 5"),
        ({"coefficients": [1, 1, 1, -1, 0]}, "coefficients must lie in 0 to 100, got -1"),
    ],
)
def test_what_is_refused(given: dict[str, Any], message: str) -> None:
    code = HammingCode(r=3, extended=True)
    with pytest.raises(ValueError, match=message):
        ChasePyndiahDecoder(ProductCode(rows=code, columns=code), **given)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (RepetitionCode(n=18), r"does not take the rows: RepetitionCode\(n=18, k=1\) has n - k = 17"),
        (UncodedCode(k=8), r"does not take the rows: UncodedCode\(n=8, k=8\) has n - k = 0"),
        (
            LinearCode(parity_check=[[0, 1, 1, 1, 0]]),
            "does not take the rows: LinearCode.* corrects no error",
        ),
    ],
)
def test_components_that_are_refused(rows: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ChasePyndiahDecoder(ProductCode(rows=rows, columns=HammingCode(r=3)))


def test_short_components_have_fewer_test_positions() -> None:
    code = ProductCode(rows=HammingCode(r=4), columns=SingleParityCheckCode(n=4))
    assert code.default_decoder == "chase-pyndiah"
    assert ChasePyndiahDecoder(code).weakest == 3


def fingerprint() -> str:
    """Decisions as text: for other CPUs."""
    code = ProductCode(rows=HammingCode(r=5, extended=True), columns=bch())
    rng = np.random.default_rng(72)
    bits = rng.integers(0, 2, (64, code.k))
    llr = 2.5 * (1 - 2.0 * code.encode(bits) + 1.1 * rng.standard_normal((64, code.n)))
    decoders = (ChasePyndiahDecoder(code), ChasePyndiahDecoder(code, alpha=0.5, beta="weakest"))
    found = [decoder.decode(llr) for decoder in decoders]
    assert all(0 < result.ok.sum() < 64 for result in found)
    return "".join(np.packbits(result.bits).tobytes().hex() for result in found)


@pytest.mark.slow  # compiles all kernels anew
def test_a_plain_cpu_decides_the_same(on_a_plain_cpu: Callable[..., str]) -> None:
    script = "from tests.codes.product.test_chase_pyndiah import fingerprint; print(fingerprint())"
    assert on_a_plain_cpu(script).strip() == fingerprint()


def test_other_codes_are_refused() -> None:
    with pytest.raises(ValueError, match="chase-pyndiah decodes product codes, not HammingCode"):
        ChasePyndiahDecoder(HammingCode(r=3))
