"""Reed-Muller codes.

D. E. Muller, "Application of Boolean algebra to switching circuit design and to error detection", 1954; I.
S. Reed, "A class of multiple-error-correcting codes and the decoding scheme", 1954; MacWilliams and Sloane,
1977, chapters 13 to 15.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ....vectors.whole_numbers import whole_number
from ...examples import Examples
from ...linear import LowWeights
from ...polar.construction.orders import row_weights
from ...polar.polar import PolarCode
from ...polar.weights.minimum_weight import minimum_weight_words
from .reed_muller_weights import covering_radius, reed_muller_weights

#: Largest m, for a length of 65536.
MAX_M = 16


class ReedMullerCode(PolarCode):
    """RM(r, m): the values of all Boolean polynomials of m variables and degree r at most.

    n = 2^m, k is the sum of the binomials C(m, 0) to C(m, r), and the minimum distance 2^(m - r). It is the
    polar code with the rows of largest weight, so that the decoders of polar codes take it, and the fast
    transform encodes. The variable x_j is 1 less bit j of the position. The information bits are coefficients
    of monomials, the constant one last: that of position i multiplies the variables at which the binary
    number i has zeros.

    Parameters
    ----------
    r
        Order, from 0 to m.
    m
        Variables, from 1 to 16.
    systematic
        Whether the message stands in the codeword, at the places ``information``, in the place of
        coefficients.

    Raises
    ------
    ValueError
        If r or m is outside its range.

    Examples
    --------
    >>> ReedMullerCode(r=1, m=3), ReedMullerCode(r=2, m=5).minimum_distance()
    (ReedMullerCode(n=8, k=4), 8)
    """

    examples: ClassVar[Examples] = (
        {"r": 1, "m": 3},
        {"r": 2, "m": 4, "systematic": True},
        {"r": 2, "m": 5},
        {"r": 0, "m": 2},
        {"r": 1, "m": 1},
    )
    default_decoder = "dumer"

    def __init__(self, *, r: int, m: int, systematic: bool = False) -> None:
        r, m = whole_number(r, "r"), whole_number(m, "m")
        if not 1 <= m <= MAX_M:
            raise ValueError(f"m must lie in 1 to {MAX_M}, got {m}")
        if not 0 <= r <= m:
            raise ValueError(f"r must lie in 0 to m = {m}, got {r}")
        heavy = np.flatnonzero(row_weights(1 << m) >= 1 << m - r)
        super().__init__(information=heavy, n=1 << m, systematic=bool(systematic))
        #: The order, and the number of variables.
        self.r, self.m = r, m

    @property
    def transitive(self) -> bool:
        """True: affine maps of the variables take any position to any other."""
        return True

    def known_weights(self) -> list[int] | None:
        """For orders up to 2, from m - 3 on, and RM(3, 7); None for others."""
        return reed_muller_weights(self.r, self.m)

    def low_weights(self) -> LowWeights | None:
        """The words of least weight."""
        if not self.systematic:
            return super().low_weights()
        weight = self.minimum_distance()
        words = float(minimum_weight_words(self.information, self.n))
        return LowWeights((weight,), (words,), (words * weight * self.k / self.n,))

    def info(self) -> Mapping[str, Any]:
        """The minimum distance, how many words have it, and the covering radius where it is known."""
        found: dict[str, Any] = {
            "minimum distance": self.minimum_distance(),
            "codewords of least weight": minimum_weight_words(self.information, self.n),
        }
        radius = covering_radius(self.r, self.m)
        return found if radius is None else {**found, "covering radius": radius}
