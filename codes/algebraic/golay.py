"""The binary Golay codes (M. J. E. Golay, "Notes on digital coding", 1949)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from ..examples import Examples
from .polynomial_code import PolynomialCode
from .self_dual import doubly_even_weights, punctured_weights

#: x^11 + x^10 + x^6 + x^5 + x^4 + x^2 + 1, which divides x^23 + 1 (MacWilliams and Sloane, 1977, section
#: 2.6).
GENERATOR = 0xC75


class GolayCode(PolynomialCode):
    """The perfect (23, 12) code of distance 7, or with an overall parity bit the (24, 12) code of distance 8.

    The cyclic code of x^11 + x^10 + x^6 + x^5 + x^4 + x^2 + 1. The information bits come first.

    Parameters
    ----------
    extended
        Append the overall parity bit.

    Examples
    --------
    >>> GolayCode(), GolayCode(extended=True).minimum_distance()
    (GolayCode(n=23, k=12), 8)
    """

    examples: ClassVar[Examples] = ({}, {"extended": True})

    def __init__(self, *, extended: bool = False) -> None:
        super().__init__(length=23, generator=GENERATOR, extended=bool(extended))
        self.default_decoder = "kasami"

    @property
    def transitive(self) -> bool:
        """True: the Mathieu groups M23 and M24 take any position to any other."""
        return True

    def known_weights(self) -> list[int]:
        """Of the extended code by Gleason's theorem, from it those without the parity bit."""
        counts = doubly_even_weights(24, [1])
        return counts if self.extended else punctured_weights(counts)

    def minimum_distance(self) -> int:
        """7, extended 8."""
        return 7 + self.extended

    def info(self) -> Mapping[str, Any]:
        """The generator polynomial and the covering radius."""
        # MacWilliams and Sloane, 1977, section 2.6: any word is at a distance of 3 at most from one codeword.
        return {**super().info(), "perfect": not self.extended, "covering radius": 3 + self.extended}
