"""Fields and polynomials, against definitions."""

import numpy as np
import pytest
from capgap.codes.fields.galois_field import PRIMITIVE, GaloisField
from capgap.codes.fields.polynomials import (
    divided,
    greatest_common_divisor,
    is_primitive,
    least_common_multiple,
    prime_factors,
    product,
    reciprocal,
    text,
)


def test_products_and_quotients_of_polynomials() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        a, b = (int(x) for x in rng.integers(1, 1 << 20, 2))
        by_convolution = np.convolve([int(c) for c in f"{a:b}"], [int(c) for c in f"{b:b}"]) % 2
        assert product(a, b) == int("".join(map(str, by_convolution)), 2)
        quotient, remainder = divided(a, b)
        assert product(quotient, b) ^ remainder == a
        assert remainder.bit_length() < b.bit_length()
        common = greatest_common_divisor(a, b)
        assert divided(a, common)[1] == divided(b, common)[1] == 0
        assert product(least_common_multiple(a, b), common) == product(a, b)
    assert reciprocal(0b1101) == 0b1011
    assert text(0) == "0"
    assert list(prime_factors(360)) == [2, 3, 5]


@pytest.mark.parametrize("m", PRIMITIVE)
def test_the_polynomials_of_the_table_are_primitive(m: int) -> None:
    assert PRIMITIVE[m].bit_length() == m + 1
    assert is_primitive(PRIMITIVE[m])


def test_primitive_polynomials_are_counted_right() -> None:
    # phi(2^m - 1) / m of them (Lidl and Niederreiter, theorem 3.5)
    for m, count in ((3, 2), (4, 2), (5, 6), (6, 6), (8, 16)):
        assert sum(is_primitive(p) for p in range(1 << m, 2 << m)) == count


@pytest.mark.parametrize(("m", "polynomial"), [(1, None), (2, None), (4, 0b11001), (8, 0x187), (11, None)])
def test_a_field_is_a_field(m: int, polynomial: int | None) -> None:
    field, rng = GaloisField(m, polynomial), np.random.default_rng(2)
    a, b, c = rng.integers(0, 2**m, (3, 200))
    by_definition = [divided(product(int(x), int(y)), field.polynomial)[1] for x, y in zip(a, b, strict=True)]
    assert np.array_equal(field.multiply(a, b), by_definition)
    assert np.array_equal(field.multiply(a, b ^ c), field.multiply(a, b) ^ field.multiply(a, c))
    there = b[b > 0]
    assert np.array_equal(field.divide(field.multiply(a[b > 0], there), there), a[b > 0])
    assert sorted(field.exp[: field.order].tolist()) == list(range(1, 2**m))
    assert field.power(-1) == field.divide(1, field.power(1))
    with pytest.raises(ZeroDivisionError):
        field.divide(a, 0)


@pytest.mark.parametrize("m", [3, 4, 6])
def test_minimal_polynomials(m: int) -> None:
    field = GaloisField(m)
    for i in range(field.order):
        p = field.minimal_polynomial(i)
        coefficients = [p >> j & 1 for j in range(p.bit_length())]
        assert field.evaluate(coefficients, field.power(i)) == 0
        assert p.bit_length() - 1 == len(field.coset(i))
    assert field.minimal_polynomial(1) == field.polynomial
    assert product_of_all(field) == 1 << field.order | 1


def product_of_all(field: GaloisField) -> int:
    """The product of the minimal polynomials of all elements but zero, x^order + 1."""
    found, seen = 1, set[int]()
    for i in range(field.order):
        if i not in seen:
            seen.update(field.coset(i))
            found = product(found, field.minimal_polynomial(i))
    return found


def test_refusals_name_what_is_right() -> None:
    with pytest.raises(ValueError, match="m must lie in 1 to 16, got 17"):
        GaloisField(17)
    with pytest.raises(
        ValueError, match="polynomial must have degree 4, such as 0x13, got 0x11d of degree 8"
    ):
        GaloisField(4, 0x11D)
    with pytest.raises(ValueError, match=r"polynomial 0x1f, x\^4 .* is not primitive: .* 0x13$"):
        GaloisField(4, 0x1F)
