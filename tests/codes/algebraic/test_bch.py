"""BCH codes: dimensions and designed distances, roots, other programs' words, and what does not exist."""

import time
from typing import Any

import komm
import numpy as np
import pytest
from capgap.codes import BCHCode, HammingCode
from capgap.codes.fields import polynomials

from tests.codes.samples import random_bits

#: k / t of the codes in the narrow sense: S. Lin and D. J. Costello, "Error Control Coding", appendix C.
DIMENSIONS = {
    15: "11/1 7/2 5/3",
    31: "26/1 21/2 16/3 11/5 6/7",
    63: "57/1 51/2 45/3 39/4 36/5 30/6 24/7 18/10 16/11 10/13 7/15",
    127: "120/1 113/2 106/3 99/4 92/5 85/6 78/7 71/9 64/10 57/11 50/13 43/14 36/15 29/21 22/23 15/27 8/31",
    255: "139/15 131/18 123/19 115/21 107/22 99/23 91/25 87/26 79/27 71/29 63/30 55/31 47/42 45/43 37/45 29/47 "
    "21/55 13/59 9/63",
}


@pytest.mark.parametrize("n", DIMENSIONS)
def test_dimensions_are_those_of_the_tables(n: int) -> None:
    for pair in DIMENSIONS[n].split():
        k, t = map(int, pair.split("/"))
        assert BCHCode(n=n, k=k).t == t
        assert BCHCode(n=n, t=t).k == k


@pytest.mark.parametrize("example", BCHCode.examples, ids=str)
def test_codewords_have_the_roots_and_the_distance(example: dict[str, Any]) -> None:
    code = BCHCode(**example)
    words = code.encode(random_bits(20, code.k))
    inner = words[:, : code.n - code.extended]
    exponents = np.arange(inner.shape[1])[::-1]
    for j in range(code.designed_distance - 1):
        powers = code.field.power(code.root_step * (code.first_root + j) * exponents)
        assert not np.bitwise_xor.reduce(inner * powers, axis=1).any()
    if code.extended:
        assert not (words.sum(axis=1) % 2).any()
    assert not code.syndrome(words).any()
    assert code.minimum_distance() >= code.designed_distance + (code.extended and code.designed_distance % 2)


@pytest.mark.parametrize(("m", "distance"), [(4, 5), (5, 7), (7, 9), (10, 21)])
def test_words_are_those_of_another_program(m: int, distance: int) -> None:
    other = komm.BCHCode(m, distance)
    code = BCHCode(n=2**m - 1, t=(distance - 1) // 2)
    assert (code.k, code.generator) == (other.dimension, int(other.generator_polynomial))
    u = random_bits(5, code.k)
    # There the lowest coefficient comes first, and the parity before the information.
    np.testing.assert_array_equal(code.encode(u), np.asarray(other.encode(u[:, ::-1]))[:, ::-1])


def test_codes_that_correct_one_error_have_the_weights_of_hamming_codes() -> None:
    assert BCHCode(n=31, t=1).known_weights() == HammingCode(r=5).known_weights()
    assert (
        BCHCode(n=31, t=1, extended=True).known_weights() == HammingCode(r=5, extended=True).known_weights()
    )
    assert BCHCode(n=15, t=1, first_root=5).known_weights() is None
    assert BCHCode(n=15, t=2).known_weights() is None


def test_golay_code_is_the_bch_code_of_length_23() -> None:
    code = BCHCode(n=23, t=2)
    assert (code.k, code.minimum_distance(), BCHCode(n=23, k=12, extended=True).minimum_distance()) == (
        12,
        7,
        8,
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"n": 63, "k": 38}, "k must be that of a BCH code of length 63, got 38: near it there is 36 and 39"),
        ({"n": 63, "k": 62}, "near it there is 57"),
        ({"n": 128, "k": 64}, "n must be odd, got 128: it is the length before extension, 127 with extended"),
        (
            {"n": 100, "t": 2},
            r"n must be odd and divide 2\^m - 1 for an m up to 16, as 93 and 105 do, got 100",
        ),
        ({"n": 63, "t": 32}, "t must lie in 1 to 31 for BCH codes of length 63, got 32"),
        ({"n": 63, "k": 45, "t": 4}, "t must lie in 1 to 3 for k = 45, got 4"),
        ({"n": 63}, "k is missing"),
        ({"n": 63, "k": 45, "shorten": 45}, "shorten must lie in 0 to 44"),
        ({"n": 15, "k": 7, "polynomial": 0x1F}, "polynomial 0x1f, .* is not primitive"),
    ],
)
def test_what_does_not_exist_names_the_nearest_that_does(parameters: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        BCHCode(**parameters)


def test_fewer_errors_may_be_asked_for() -> None:
    code = BCHCode(n=127, t=8)
    assert (code.k, code.t, code.bose_distance) == (71, 8, 19)
    assert BCHCode(n=127, k=71, t=8).t == 8
    assert BCHCode(n=127, k=71).t == 9


def test_what_is_known_is_told() -> None:
    told = BCHCode(n=127, t=8, extended=True).info()
    assert told["designed distance"] == 18
    assert told["errors corrected"] == 8
    assert told["degree of the generator polynomial" if 127 - 71 > 64 else "generator polynomial"]
    assert "beta^1 to beta^16" in told["consecutive roots"]


def test_long_codes_are_made_at_once() -> None:
    start = time.process_time()
    code = BCHCode(n=65535, t=12)
    assert time.process_time() - start < 1
    assert code.k == 65535 - 12 * 16
    word = code.encode(random_bits(1, code.k))[0]
    assert polynomials.divided(int("".join(map(str, word)), 2), code.generator)[1] == 0


@pytest.mark.slow
@pytest.mark.parametrize("n", [63, 127, 255])
def test_generator_polynomials_are_those_of_galois(n: int) -> None:
    galois = pytest.importorskip("galois")
    for pair in DIMENSIONS[n].split():
        k, t = map(int, pair.split("/"))
        field = BCHCode(n=n, k=k).field.polynomial
        other = galois.BCH(n, k, extension_field=galois.GF(n + 1, irreducible_poly=galois.Poly.Int(field)))
        assert (int(other.generator_poly), other.t) == (BCHCode(n=n, k=k).generator, t)
