"""Simplex codes (MacWilliams and Sloane, 1977, section 1.9)."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from ...vectors.groups import Words
from ...vectors.whole_numbers import whole_number
from ..binary import gf2
from ..code import check_array
from ..encoded import EncodedLinearCode
from ..examples import Examples

#: Largest r, for a length of 65535.
MAX_R = 16


class SimplexCode(EncodedLinearCode):
    """The code whose generator matrix has every non-zero column of r bits once: the dual of a Hamming code.

    n = 2^r - 1, k = r, and all words but zero have weight 2^(r - 1). Position j, from 0 on, is the sum of
    the information bits at the ones of the binary number j + 1.

    Parameters
    ----------
    r
        Information bits, from 2 to 16.

    Raises
    ------
    ValueError
        If r is outside its range.

    Examples
    --------
    >>> SimplexCode(r=3).encode([1, 1, 0])
    array([1, 1, 0, 0, 1, 1, 0], dtype=uint8)
    """

    examples: ClassVar[Examples] = ({"r": 3}, {"r": 2}, {"r": 5})
    default_decoder = "ml"

    def __init__(self, *, r: int) -> None:
        r = whole_number(r, "r")
        if not 2 <= r <= MAX_R:
            raise ValueError(f"r must lie in 2 to {MAX_R}, got {r}")
        super().__init__(n=2**r - 1, k=r)

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        sums = np.zeros((len(words), self.n + 1), np.uint64)
        for i in range(self.k):
            sums[:, 1 << i : 2 << i] = sums[:, : 1 << i] ^ words[:, i, None]
        return np.ascontiguousarray(sums[:, 1:])

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions 2^i - 1."""
        return (1 << np.arange(self.k)) - 1

    @property
    def systematic(self) -> bool:
        """True: the information bits are sent."""
        return True

    @property
    def transitive(self) -> bool:
        """True: GL(r, 2) takes any position to any other."""
        return True

    def known_weights(self) -> list[int]:
        """Zero, and all other words of weight 2^(r - 1)."""
        counts = [0] * (self.n + 1)
        counts[0], counts[(self.n + 1) // 2] = 1, self.n
        return counts

    def minimum_distance(self) -> int:
        """2^(r - 1)."""
        return (self.n + 1) // 2

    def info(self) -> Mapping[str, Any]:
        """The covering radius."""
        # From the word of all ones, as far as any: G. Cohen, I. Honkala, S. Litsyn and A. Lobstein, "Covering
        # Codes", 1997, section 9.2.
        return {"covering radius": self.minimum_distance() - 1}
