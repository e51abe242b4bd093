"""Polynomials over GF(2), as whole numbers: bit i is the coefficient of x^i, and all terms are written.

R. Lidl and H. Niederreiter, "Finite Fields", 2nd edition, 1997, chapters 2 and 3.
"""

from collections.abc import Iterator
from math import isqrt


def degree(a: int) -> int:
    """The degree; -1 of zero."""
    return a.bit_length() - 1


def product(a: int, b: int) -> int:
    """The product of two polynomials."""
    result = 0
    while b:
        result ^= a * (b & 1)
        a, b = a << 1, b >> 1
    return result


def divided(a: int, b: int) -> tuple[int, int]:
    """Quotient and remainder of a by b, which is not zero.

    >>> divided(0b1011, 0b11)
    (6, 1)
    """
    quotient = 0
    while a.bit_length() >= b.bit_length():
        shift = a.bit_length() - b.bit_length()
        quotient |= 1 << shift
        a ^= b << shift
    return quotient, a


def greatest_common_divisor(a: int, b: int) -> int:
    """The greatest common divisor."""
    while b:
        a, b = b, divided(a, b)[1]
    return a


def least_common_multiple(a: int, b: int) -> int:
    """The least common multiple of polynomials that are not zero."""
    return product(divided(a, greatest_common_divisor(a, b))[0], b)


def reciprocal(a: int) -> int:
    """x^degree a(1 / x)."""
    return int(f"{a:b}"[::-1], 2)


def power_of_x(exponent: int, modulus: int) -> int:
    """x^exponent modulo a polynomial of degree 1 or more."""
    result, square = 1, divided(0b10, modulus)[1]
    while exponent:
        if exponent & 1:
            result = divided(product(result, square), modulus)[1]
        square = divided(product(square, square), modulus)[1]
        exponent >>= 1
    return result


def is_primitive(a: int) -> bool:
    """Whether x generates all elements but zero of the field modulo this polynomial (theorem 3.16).

    >>> is_primitive(0b10011), is_primitive(0b11111)
    (True, False)
    """
    m = degree(a)
    if m < 1 or not a & 1:
        return False
    order = 2**m - 1
    return power_of_x(order, a) == 1 and all(power_of_x(order // p, a) != 1 for p in prime_factors(order))


def nearest_primitive(a: int) -> int:
    """The primitive polynomial of the same degree, 1 or more, in which the fewest coefficients differ.

    Of several, the smallest number.
    """
    m = degree(a)
    candidates = (1 << m | middle << 1 | 1 for middle in range(1 << max(m - 1, 0)))
    return min((b for b in candidates if is_primitive(b)), key=lambda b: ((a ^ b).bit_count(), b))


def prime_factors(number: int) -> Iterator[int]:
    """The different primes that divide a whole number above 0."""
    p = 2
    while p <= isqrt(number):
        if number % p == 0:
            yield p
            while number % p == 0:
                number //= p
        p += 1
    if number > 1:
        yield number


def text(a: int, variable: str = "x") -> str:
    """The polynomial in words, the highest power first.

    >>> text(0b10011)
    'x^4 + x + 1'
    """
    names = ["1", variable, *(f"{variable}^{i}" for i in range(2, a.bit_length()))]
    return " + ".join(names[i] for i in reversed(range(a.bit_length())) if a >> i & 1) or "0"
