"""Binary cyclic codes from a generator polynomial (MacWilliams and Sloane, 1977, chapter 7)."""

from typing import ClassVar

from ...vectors.whole_numbers import whole_number
from ..code import check_length
from ..examples import Examples
from ..fields import polynomials
from .cyclotomy import divisor_degrees, nearest_divisor
from .polynomial_code import PolynomialCode

#: Degree up to which a divisor is recognised by powers of x; above it by division, which takes fewer steps.
BY_POWERS = 4096


class CyclicCode(PolynomialCode):
    """The binary cyclic code of a generator polynomial, in systematic form.

    k = n less the degree of the generator polynomial. The information bits come first and are the highest
    coefficients, then the remainder that makes a multiple of the whole.

    Parameters
    ----------
    n
        Length, from 2 to 10^7.
    generator
        The generator polynomial, a number whose bit i is the coefficient of x^i, all terms written: 0xB is
        x^3 + x + 1. It divides x^n + 1.

    Raises
    ------
    ValueError
        If n is outside its range, or the generator polynomial does not divide x^n + 1.

    Examples
    --------
    >>> CyclicCode(n=7, generator=0xB).encode([1, 0, 0, 0])
    array([1, 0, 0, 0, 1, 0, 1], dtype=uint8)
    """

    examples: ClassVar[Examples] = (
        {"n": 7, "generator": 0xB},
        {"n": 15, "generator": 0x1D1},
        {"n": 9, "generator": 0x49},
        {"n": 6, "generator": 0x5},
    )

    def __init__(self, *, n: int, generator: int) -> None:
        n, generator = whole_number(n, "n"), whole_number(generator, "generator")
        if n < 2:
            raise ValueError(f"n must be at least 2, got {n}")
        check_length(n)
        if generator < 2:
            raise ValueError(f"generator must have degree 1 or more, as 0x3 has, got {generator}")
        if not divides(generator, n):
            raise ValueError(
                f"generator must divide x^{n} + 1, {_named(generator)} does not: {_nearest(generator, n)}"
            )
        super().__init__(length=n, generator=generator)


def divides(polynomial: int, n: int) -> bool:
    """Whether a polynomial over GF(2) of degree 1 or more divides x^n + 1 and leaves information bits."""
    degree = polynomials.degree(polynomial)
    if degree >= n or not polynomial & 1:
        return False
    if degree <= BY_POWERS:
        return polynomials.power_of_x(n, polynomial) == polynomials.divided(1, polynomial)[1]
    return polynomials.divided(1 << n | 1, polynomial)[1] == 0


def _named(polynomial: int) -> str:
    long = polynomial.bit_length() > 32
    return f"{polynomial:#x}" + ("" if long else f", {polynomials.text(polynomial)},")


def _nearest(generator: int, n: int) -> str:
    """What there is instead, in words."""
    found = nearest_divisor(generator, n)
    if found is not None:
        return f"the nearest that does is {_named(found).rstrip(',')}"
    degrees = divisor_degrees(n)
    listed = ", ".join(map(str, degrees[:20])) + (", ..." if len(degrees) > 20 else "")
    return f"its divisors have the degrees {listed}"
