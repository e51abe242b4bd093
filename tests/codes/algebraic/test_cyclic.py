"""Cyclic codes: shifts of codewords are codewords, and what generates no code is refused with what would."""

import itertools
import time
from typing import Any

import numpy as np
import pytest
from capgap.codes import CyclicCode
from capgap.codes.algebraic.cyclotomy import divisor_degrees, nearest_divisor
from capgap.codes.binary.division import FeedbackRegister
from capgap.codes.fields import polynomials


@pytest.mark.parametrize("example", CyclicCode.examples, ids=str)
def test_codewords_are_the_multiples_of_the_generator_and_closed_under_shifts(
    example: dict[str, Any],
) -> None:
    code = CyclicCode(**example)
    messages = np.array(list(itertools.product([0, 1], repeat=code.k)), np.uint8)
    words = {int("".join(map(str, word)), 2) for word in code.encode(messages)}
    assert words == {polynomials.product(u, example["generator"]) for u in range(2**code.k)}
    top = 1 << code.n
    assert all((2 * word) % top | (2 * word) // top in words for word in words)


@pytest.mark.parametrize("degree", [1, 5, 40, 41, 100])
def test_remainders_are_those_of_long_division(degree: int) -> None:
    rng = np.random.default_rng(degree)
    polynomial = int.from_bytes(rng.bytes(16)) % (1 << degree) | 1 << degree | 1
    for groups, count in ((1, 3), (9, 37), (8, 32)):
        words = rng.integers(0, 2**64, (groups, count), np.uint64)
        out = np.zeros((groups, degree + 2), np.uint64)
        FeedbackRegister.of_polynomial(polynomial).remainders(words, count, out, 1)
        assert not out[:, 0].any()
        assert not out[:, -1].any()
        for group, bit in ((0, 0), (groups - 1, 63)):
            u, r = (
                int("".join(str(int(x) >> bit & 1) for x in row), 2)
                for row in (words[group], out[group, 1:-1])
            )
            assert r == polynomials.divided(u << degree, polynomial)[1]


@pytest.mark.parametrize(
    ("n", "generator", "message"),
    [
        (7, 0x9, r"generator must divide x\^7 \+ 1, 0x9, x\^3 \+ 1, does not: the nearest that does is 0xb"),
        (8, 0x7, r"the nearest that does is 0x5, x\^2 \+ 1"),
        (23, 0x9, "its divisors have the degrees 1, 11, 12, 22"),
        (65535, 0x1100F, "its divisors have the degrees 1, 2, 4, 8, 16"),
        (7, 1, "generator must have degree 1 or more"),
        (1, 3, "n must be at least 2"),
    ],
)
def test_what_generates_no_code_is_refused(n: int, generator: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CyclicCode(n=n, generator=generator)


@pytest.mark.parametrize("n", [6, 9, 12, 15, 21, 23])
def test_divisors_are_those_that_division_finds(n: int) -> None:
    whole = 1 << n | 1
    for degree in range(1, min(n, 12)):
        found = [g for g in range(1 << degree, 2 << degree) if polynomials.divided(whole, g)[1] == 0]
        assert (degree in divisor_degrees(n)) == bool(found)
        for wanted in (1 << degree | 1, (2 << degree) - 1):
            nearest = min(found, key=lambda g: ((g ^ wanted).bit_count(), g), default=None)
            assert nearest_divisor(wanted, n) == nearest


def test_long_codes_are_made_and_encode_at_once() -> None:
    start = time.process_time()
    code = CyclicCode(n=65535, generator=0x1100B)
    assert code.k == 65519
    assert time.process_time() - start < 1
    word = code.encode(np.ones((1, code.k), np.uint8))
    assert polynomials.divided(int("".join(map(str, word[0])), 2), 0x1100B)[1] == 0
