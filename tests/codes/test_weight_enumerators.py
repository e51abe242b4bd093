"""Weights of codewords and of their messages: formulas, enumeration and MacWilliams' identity agree."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from capgap.codes import (
    HammingCode,
    LDPCCode,
    LinearCode,
    LinearRateMatchedCode,
    RepetitionCode,
    SingleParityCheckCode,
    UncodedCode,
    information_weights,
    input_output_enumerator,
    macwilliams,
    weight_enumerator,
)
from capgap.codes.binary import gf2


def random_code(n: int, k: int, seed: int) -> LinearCode:
    """Of any generator: not systematic."""
    return LinearCode(generator=np.random.default_rng(seed).integers(0, 2, (k, n), np.uint8))


CODES: dict[str, Callable[[], LinearCode]] = {
    "uncoded": lambda: UncodedCode(k=7),
    "repetition": lambda: RepetitionCode(n=12, k=4),
    "spc": lambda: SingleParityCheckCode(n=9),
    "hamming 2": lambda: HammingCode(r=2),
    **{f"hamming {s}": lambda s=s: HammingCode(r=4, shorten=s) for s in range(5)},  # type: ignore[misc]
    **{
        f"extended {s}": lambda s=s: HammingCode(r=4, extended=True, shorten=s)  # type: ignore[misc]
        for s in range(5)
    },
    "low rate": lambda: random_code(20, 5, 1),
    "high rate": lambda: random_code(14, 11, 2),
    "all words": lambda: random_code(5, 40, 3),
    "ldpc": lambda: LDPCCode.regular(n=24, k=12, column_weight=3),
    "punctured": lambda: LinearRateMatchedCode(LDPCCode(regular(20, 10)), puncture=[3]),
    "systematic": lambda: LinearCode(parity_check=np.random.default_rng(4).integers(0, 2, (4, 15), np.uint8)),
}


def regular(n: int, k: int) -> npt.NDArray[np.uint8]:
    return LDPCCode.regular(n=n, k=k, column_weight=3).parity_check_matrix


def by_brute_force(code: LinearCode) -> npt.NDArray[np.int64]:
    """A_{w, h}."""
    messages = ((np.arange(1 << code.k)[:, None] >> np.arange(code.k)) & 1).astype(np.uint8)
    found = np.zeros((code.k + 1, code.n + 1), np.int64)
    np.add.at(found, (messages.sum(axis=1), code.encode(messages).sum(axis=1)), 1)
    return found


@pytest.mark.parametrize("name", CODES)
def test_enumerators_against_brute_force(name: str) -> None:
    code = CODES[name]()
    joint = by_brute_force(code)
    assert input_output_enumerator(code).counts.tolist() == joint.tolist()
    assert weight_enumerator(code).counts.tolist() == joint.sum(axis=0).tolist()
    assert code.weight_distribution().tolist() == joint.sum(axis=0).tolist()
    assert information_weights(code).counts.tolist() == (np.arange(code.k + 1) @ joint).tolist()


def test_the_cheapest_way_is_taken() -> None:
    for name in ("uncoded", "repetition", "spc", "hamming 2", "extended 3", "all words"):
        assert weight_enumerator(CODES[name]()).method == "formula"
    assert weight_enumerator(HammingCode(r=4, shorten=3)).method == "dual"
    assert weight_enumerator(CODES["low rate"]()).method == "enumeration"
    assert weight_enumerator(CODES["high rate"]()).method == "dual"
    # Not systematic, so that the dual knows nothing of the messages.
    assert input_output_enumerator(CODES["high rate"]()).method == "enumeration"
    assert input_output_enumerator(HammingCode(r=6)).method == "dual"
    assert information_weights(HammingCode(r=6)).method == "formula"


@pytest.mark.parametrize("code", [HammingCode(r=7), HammingCode(r=7, extended=True, shorten=2)])
def test_formula_and_dual_beyond_64_bits(code: HammingCode) -> None:
    """Messages and codewords of lengths that nobody enumerates."""
    found = weight_enumerator(code)
    assert found.method == "formula"
    assert found.counts.sum() == 1 << code.k
    dual = gf2.span_weights(gf2.row_reduce(code.parity_check_matrix)[0])
    assert macwilliams(dual).tolist() == found.counts.tolist()
    assert macwilliams(found.counts).tolist() == dual.tolist()
    joint = input_output_enumerator(code).counts
    assert joint.sum(axis=0).tolist() == found.counts.tolist()
    assert joint.sum(axis=1).tolist() == [math.comb(code.k, w) for w in range(code.k + 1)]
    assert (np.arange(code.k + 1) @ joint).tolist() == information_weights(code).counts.tolist()


def test_golay() -> None:
    """The extended code is its own dual; MacWilliams and Sloane, section 2.6."""
    polynomial = [1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, 1]
    rows = np.array([np.roll([*polynomial, *[0] * 11], i) for i in range(12)], np.uint8)
    extended = np.hstack([rows, rows.sum(axis=1, keepdims=True, dtype=np.uint8) % 2])
    counts = weight_enumerator(LinearCode(generator=extended)).counts
    assert {h: int(c) for h, c in enumerate(counts) if c} == {0: 1, 8: 759, 12: 2576, 16: 759, 24: 1}
    assert macwilliams(counts).tolist() == counts.tolist()


def test_what_is_out_of_reach() -> None:
    code = LDPCCode.regular(n=96, k=48, column_weight=3)
    for function in (weight_enumerator, information_weights, input_output_enumerator):
        with pytest.raises(ValueError, match=r"weights of .*n=96.* cannot be worked out"):
            function(code)
    with pytest.raises(ValueError, match="cannot be worked out"):
        weight_enumerator(UncodedCode(k=5000))
    with pytest.raises(ValueError, match="input weights of"):
        input_output_enumerator(random_code(40, 30, 5))
    for wrong in ([1, 1, 1], [0, 0], [1, 0, 2]):
        with pytest.raises(ValueError, match="counts"):
            macwilliams(wrong)


def test_counts_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        weight_enumerator(HammingCode(r=3)).counts[0] = 2
