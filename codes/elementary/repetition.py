"""Repetition codes (MacKay, 2003, section 1.2)."""

import math
from typing import ClassVar

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..code import check_length
from ..examples import Examples
from ..linear import LinearCode


class RepetitionCode(LinearCode):
    """k bits, the whole block sent n / k times over.

    Parameters
    ----------
    n
        Length, a multiple of k.
    k
        Information bits a frame, at least 1.

    Raises
    ------
    ValueError
        If k is below 1 or n is not a positive multiple of k.
    """

    examples: ClassVar[Examples] = ({"n": 6, "k": 2}, {"n": 3}, {"n": 8, "k": 2}, {"n": 1})

    def __init__(self, *, n: int, k: int = 1) -> None:
        n, k = whole_number(n, "n"), whole_number(k, "k")
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        if n < 1 or n % k:
            raise ValueError(f"n must be a positive multiple of k = {k}, got {n}")
        check_length(n)
        if n * k > gf2.MAX_ENTRIES:
            raise ValueError(f"n k must be at most {gf2.MAX_ENTRIES}, got {n * k}")
        super().__init__(generator=np.tile(np.eye(k, dtype=np.uint8), n // k))
        self.default_decoder = "majority"

    def known_weights(self) -> list[int]:
        """C(k, w) codewords of weight w n / k."""
        return self._by_weight([math.comb(self.k, w) for w in range(self.k + 1)])

    def known_information_weights(self) -> list[int]:
        """w C(k, w) ones in the messages of the codewords of weight w n / k."""
        return self._by_weight([w * math.comb(self.k, w) for w in range(self.k + 1)])

    def _by_weight(self, of_messages: list[int]) -> list[int]:
        counts = [0] * (self.n + 1)
        counts[:: self.n // self.k] = of_messages
        return counts
