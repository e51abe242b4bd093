"""Single parity-check codes: n - 1 bits and their sum (MacWilliams and Sloane, 1977, section 1.9)."""

import math
from typing import ClassVar

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..code import check_length
from ..examples import Examples
from ..linear import LinearCode


class SingleParityCheckCode(LinearCode):
    """All words of even weight: k = n - 1, the last bit is the sum of the others.

    Parameters
    ----------
    n
        Length, at least 2.

    Raises
    ------
    ValueError
        If n is below 2.
    """

    examples: ClassVar[Examples] = ({"n": 5}, {"n": 2}, {"n": 9})

    def __init__(self, *, n: int) -> None:
        n = whole_number(n, "n")
        if n < 2:
            raise ValueError(f"n must be at least 2, got {n}")
        check_length(n)
        super().__init__(parity_check=np.ones((1, n), np.uint8))

    def known_weights(self) -> list[int]:
        """C(n, h) codewords of every even weight h."""
        return [0 if h % 2 else math.comb(self.n, h) for h in range(self.n + 1)]

    def known_information_weights(self) -> list[int]:
        """h k / n a codeword of weight h on average, since all positions are alike."""
        return [h * self.k * count // self.n for h, count in enumerate(self.known_weights())]
