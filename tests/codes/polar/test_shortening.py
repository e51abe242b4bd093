"""Polar codes of other lengths than powers of two."""

from typing import Any

import numpy as np
import pytest
from capgap.codes import LinearRateMatchedCode
from capgap.codes.binary import gf2
from capgap.codes.by_name import polar
from capgap.codes.polar.shortening import LeftOut, bit_reversed, left_out

RULES: dict[str, dict[str, str]] = {
    "quasi-uniform": {"puncture": "quasi-uniform"},
    "last": {"shorten": "last"},
    "bit-reversed": {"shorten": "bit-reversed"},
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("n", [5, 11, 16, 24, 31])
def test_all_positions_but_the_lost_ones_can_hold_information(rule: str, n: int) -> None:
    out = left_out(n, RULES[rule])
    free = gf2.others(out.n, out.frozen())
    assert len(out.sent) == n == len(free)
    code = polar(n=n, k=n, matching=RULES[rule], construction="pw")
    assert isinstance(code, LinearRateMatchedCode)
    assert (code.n, code.k) == (n, n)
    assert len(gf2.row_reduce(code.generator_matrix)[1]) == n


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("construction", ["5g", "ga", "bhattacharyya", "reed-muller"])
def test_words_are_those_of_the_longer_code_without_bits(rule: str, construction: str) -> None:
    arguments: dict[str, Any] = {"n": 23, "k": 9, "construction": construction}
    if construction in ("ga", "bhattacharyya"):
        arguments["design_esno_db"] = 0.0
    code = polar(**arguments, matching=RULES[rule])
    assert isinstance(code, LinearRateMatchedCode)
    bits = np.random.default_rng(1).integers(0, 2, (100, 9), np.uint8)
    words, longer = code.encode(bits), code.inner.encode(bits)
    out = left_out(23, RULES[rule])
    assert (words == longer[:, out.sent]).all()
    assert not longer[:, out.known].any()
    assert (code.information_bits(words) == bits).all()


def test_the_positions_are_those_of_the_papers() -> None:
    assert bit_reversed(8).tolist() == [0, 4, 2, 6, 1, 5, 3, 7]
    assert left_out(5, RULES["quasi-uniform"]).unsent.tolist() == [0, 2, 4]
    assert left_out(5, RULES["last"]).known.tolist() == [5, 6, 7]
    assert left_out(5, RULES["bit-reversed"]).known.tolist() == [3, 5, 7]
    assert LeftOut(4, unsent=np.array([0, 2])).frozen().tolist() == [0, 2]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 12, "k": 6, "matching": {"puncture": "last"}}, "matching: puncture must be quasi-uniform"),
        (
            {"n": 12, "k": 6, "matching": {"shorten": "first"}},
            "matching: shorten must be last or bit-reversed",
        ),
        ({"n": 12, "k": 6, "matching": {}}, "matching must be"),
        ({"n": 12, "k": 13, "matching": {"shorten": "last"}}, "k must lie in 1 to n = 12, got 13"),
        ({"n": 1, "k": 1, "matching": {"shorten": "last"}}, "n must be at least 2"),
        ({"k": 1, "matching": {"shorten": "last"}}, "n is missing"),
        ({"kernels": [2, 3], "n": 6, "k": 2, "matching": {"shorten": "last"}}, "matching belongs to kernels"),
        ({"n": 3, "frozen": [0], "matching": {"shorten": "last"}}, "frozen must name 3 too"),
        (
            {
                "n": 3,
                "k": 1,
                "construction": "tal-vardy",
                "design_esno_db": 0.0,
                "matching": {"shorten": "last"},
            },
            "tal-vardy takes codes of which all bits are sent",
        ),
    ],
)
def test_bad_parameters_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        polar(**arguments)
