"""Quadratic residue codes (MacWilliams and Sloane, 1977, chapter 16)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..examples import Examples
from ..fields import polynomials
from .polynomial_code import PolynomialCode
from .self_dual import doubly_even_weights, punctured_weights

#: Largest length: the generator polynomial is found by Euclid's algorithm, in n^2 steps of a bit.
MAX_N = 1 << 14
#: Minimum distances: MacWilliams and Sloane, 1977, figure 16.2, and M. Grassl, "On the minimum distance of
#: some quadratic-residue codes", 2000; those of 137 and more, M. Tomlinson, C. J. Tjhai, M. A. Ambroze, M.
#: Ahmed and M. Jibril, "Error-Correction Coding and Decoding", 2017, chapter 9.
DISTANCES = {
    7: 3,
    17: 5,
    23: 7,
    31: 7,
    41: 9,
    47: 11,
    71: 11,
    73: 13,
    79: 15,
    89: 17,
    97: 15,
    103: 19,
    113: 15,
}
DISTANCES |= {127: 19, 137: 21, 151: 19, 167: 23, 191: 27, 193: 27, 199: 31}


class QuadraticResidueCode(PolynomialCode):
    """The cyclic code of prime length n whose roots are the powers of beta that are squares modulo n.

    n = +-1 modulo 8 and k = (n + 1) / 2. beta has order n; with another one the code is the same, or
    has its positions in another order. The information bits come first.

    Parameters
    ----------
    n
        Length before extension: a prime, 1 or 7 modulo 8, up to 16384.
    extended
        Append an overall parity bit.

    Raises
    ------
    ValueError
        If there is no such code: the message names the nearest primes.

    Examples
    --------
    >>> QuadraticResidueCode(n=17), QuadraticResidueCode(n=47, extended=True).minimum_distance()
    (QuadraticResidueCode(n=17, k=9), 12)
    """

    examples: ClassVar[Examples] = ({"n": 7}, {"n": 17}, {"n": 31, "extended": True})

    def __init__(self, *, n: int, extended: bool = False) -> None:
        n = whole_number(n, "n")
        if not _has_code(n):
            nearest = sorted(filter(_has_code, range(7, MAX_N)), key=lambda prime: abs(prime - n))[:2]
            named = " and ".join(map(str, sorted(nearest)))
            raise ValueError(f"n must be a prime, 1 or 7 modulo 8, up to {MAX_N}, as {named} are; got {n}")
        super().__init__(length=n, generator=_generator(n), extended=bool(extended))
        if self.default_decoder == "bp":  # a cyclic code's checks are not sparse
            self.default_decoder = "osd"

    @property
    def transitive(self) -> bool:
        """True: shifts take any position to any other, extended PSL(2, n) (theorem of Gleason and Prange)."""
        return True

    @cached_property
    def multipliers(self) -> gf2.Indices:
        """int64: the squares modulo n (section 16.4), 1 first."""
        return np.unique(np.arange(1, self.length) ** 2 % self.length)

    @property
    def _known_distance(self) -> int | None:
        """That of the code before extension, from tables. It is odd (section 16.6, theorem 9)."""
        return DISTANCES.get(self.length)

    def known_weights(self) -> list[int] | None:
        """Of codes that are extremal, extended, by Gleason's theorem; None for others.

        With n = 7 modulo 8 the extended code is self-dual with weights divisible by 4 (section 16.4).
        """
        n, distance = self.length + 1, self._known_distance
        if n % 8 or distance != 4 * (n // 24) + 3:
            return None
        counts = doubly_even_weights(n, [1])
        return counts if self.extended else punctured_weights(counts)

    def minimum_distance(self) -> int:
        """From a table for n up to 199, else by enumeration; raises ValueError if k > 24."""
        known = self._known_distance
        return super().minimum_distance() if known is None else known + self.extended

    def info(self) -> Mapping[str, Any]:
        """The generator polynomial, and the minimum distance or a bound on it."""
        found = dict(super().info())
        if self._known_distance is not None:
            return {**found, "minimum distance": self.minimum_distance()}
        # The square root bound: d^2 >= n, and d^2 - d + 1 >= n if n = 7 modulo 8 (section 16.2, theorem 1).
        least = 1
        while (least * (least - 1) + 1 if self.length % 8 == 7 else least * least) < self.length:
            least += 2
        return {**found, "minimum distance, at least": least + self.extended}


def _has_code(n: int) -> bool:
    """Whether n is a prime for which 2 is a square, within the range."""
    return 7 <= n <= MAX_N and n % 8 in (1, 7) and next(polynomials.prime_factors(n)) == n


def _generator(n: int) -> int:
    """The generator polynomial, of degree (n - 1) / 2.

    The sum of x^r over the squares r is its own square, so at powers of beta it is 0 or 1: one of them at the
    squares and the other elsewhere (section 16.3). At 1 its value is the number of squares.
    """
    squares = 0
    for i in range(1, n // 2 + 1):
        squares |= 1 << i * i % n
    if n % 8 == 1:  # an even number of them: that 1 is no root
        squares ^= 1
    return polynomials.greatest_common_divisor(1 << n | 1, squares)
