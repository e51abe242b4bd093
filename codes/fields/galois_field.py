"""The finite fields GF(2^m) (Lidl and Niederreiter, "Finite Fields", 2nd edition, 1997, chapters 2 and 9)."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.whole_numbers import whole_number
from .polynomials import is_primitive, nearest_primitive, text

#: A primitive polynomial of each degree: table 2.7 of S. Lin and D. J. Costello, "Error Control Coding", 2nd
#: edition, 2004; the same as in W. W. Peterson and E. J. Weldon, "Error-Correcting Codes", 1972, appendix C.
PRIMITIVE = {
    1: 0x3,
    2: 0x7,
    3: 0xB,
    4: 0x13,
    5: 0x25,
    6: 0x43,
    7: 0x89,
    8: 0x11D,
    9: 0x211,
    10: 0x409,
    11: 0x805,
    12: 0x1053,
    13: 0x201B,
    14: 0x4443,
    15: 0x8003,
    16: 0x1100B,
}

Elements = npt.NDArray[np.int32]


class GaloisField:
    """GF(2^m): an element is a number whose bit i is the coefficient of alpha^i, alpha a primitive element.

    Parameters
    ----------
    m
        From 1 to 16.
    polynomial
        The primitive polynomial whose root alpha is, all terms written. By default that of the table in
        Lin and Costello, such as 0x11D for GF(256).

    Raises
    ------
    ValueError
        If m is outside its range, or the polynomial has another degree or is not primitive.

    Examples
    --------
    >>> field = GaloisField(4)
    >>> field.multiply(9, 9)
    13
    """

    def __init__(self, m: int, polynomial: int | None = None) -> None:
        m = whole_number(m, "m")
        if m not in PRIMITIVE:
            raise ValueError(f"m must lie in 1 to {max(PRIMITIVE)}, got {m}")
        polynomial = PRIMITIVE[m] if polynomial is None else whole_number(polynomial, "polynomial")
        if polynomial.bit_length() != m + 1:
            raise ValueError(
                f"polynomial must have degree {m}, such as {PRIMITIVE[m]:#x}, got {polynomial:#x} of degree "
                f"{polynomial.bit_length() - 1}"
            )
        if polynomial != PRIMITIVE[m] and not is_primitive(polynomial):
            raise ValueError(
                f"polynomial {polynomial:#x}, {text(polynomial)}, is not primitive: the nearest that is is "
                f"{nearest_primitive(polynomial):#x}"
            )
        self.m, self.polynomial = m, polynomial
        #: Elements other than zero, 2^m - 1.
        self.order: int = 2**m - 1

    @cached_property
    def exp(self) -> Elements:
        """alpha^i at i, int32 (2 order): sums of two logarithms need no reduction."""
        powers, x = np.empty(2 * self.order, np.int32), 1
        for i in range(self.order):
            powers[i] = powers[i + self.order] = x
            x <<= 1
            x ^= self.polynomial if x >> self.m else 0
        powers.flags.writeable = False
        return powers

    @cached_property
    def log(self) -> Elements:
        """The logarithm of each element, int32 (2^m) in 0 to order - 1; 0 at zero, which has none."""
        logarithms = np.zeros(self.order + 1, np.int32)
        logarithms[self.exp[: self.order]] = np.arange(self.order)
        logarithms.flags.writeable = False
        return logarithms

    def multiply(self, a: Any, b: Any) -> Any:
        """The products of elements, numbers or arrays of them."""
        a, b = np.asarray(a), np.asarray(b)
        found = np.where((a == 0) | (b == 0), 0, self.exp[self.log[a] + self.log[b]])
        return int(found) if found.ndim == 0 else found

    def divide(self, a: Any, b: Any) -> Any:
        """The quotients of elements; raises ZeroDivisionError where b holds a zero."""
        a, b = np.asarray(a), np.asarray(b)
        if np.any(b == 0):
            raise ZeroDivisionError("division by zero in a field")
        found = np.where(a == 0, 0, self.exp[self.log[a] - self.log[b] + self.order])
        return int(found) if found.ndim == 0 else found

    def power(self, exponent: Any) -> Any:
        """alpha to whole exponents, of any sign."""
        found = self.exp[np.asarray(exponent) % self.order]
        return int(found) if found.ndim == 0 else found

    def evaluate(self, coefficients: Any, points: Any) -> Any:
        """The values at elements of a polynomial over the field, the constant coefficient first."""
        points = np.asarray(points)
        value: Any = np.zeros(points.shape, np.int32)
        for coefficient in reversed(np.asarray(coefficients)):
            value = np.asarray(self.multiply(value, points)) ^ coefficient
        return int(value) if value.ndim == 0 else value

    def coset(self, exponent: int) -> list[int]:
        """The cyclotomic coset of an exponent: exponent 2^i modulo the order, from itself on."""
        found = [exponent % self.order]
        while (following := 2 * found[-1] % self.order) != found[0]:
            found.append(following)
        return found

    def minimal_polynomial(self, exponent: int) -> int:
        """The polynomial over GF(2) of least degree that is 0 at alpha^exponent.

        >>> bin(GaloisField(4).minimal_polynomial(3))
        '0b11111'
        """
        return self.minimal_polynomials([exponent])[0]

    def minimal_polynomials(self, exponents: Iterable[int]) -> list[int]:
        """Those of several exponents."""
        cosets = [self.coset(exponent) for exponent in exponents]
        found = [0] * len(cosets)
        for size in {len(coset) for coset in cosets}:
            chosen = [i for i, coset in enumerate(cosets) if len(coset) == size]
            conjugates = np.array([cosets[i] for i in chosen])
            coefficients = np.zeros((size + 1, len(chosen)), np.int32)  # the constant one first
            coefficients[0] = 1
            for j in range(size):
                scaled = self.multiply(coefficients, self.power(conjugates[:, j]))
                scaled[1:] ^= coefficients[:-1]
                coefficients = scaled
            for i, column in zip(chosen, coefficients.T, strict=True):
                found[i] = sum(int(c) << e for e, c in enumerate(column))
        return found

    def __repr__(self) -> str:
        return f"GaloisField({self.m}, {self.polynomial:#x})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GaloisField) and other.polynomial == self.polynomial

    def __hash__(self) -> int:
        return hash(self.polynomial)
