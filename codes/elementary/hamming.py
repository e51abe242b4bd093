"""Hamming codes, extended and shortened (Hamming, 1950; MacWilliams and Sloane, 1977, section 1.7)."""

import math
from typing import ClassVar

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..examples import Examples
from ..linear import LinearCode

#: Largest r, for a length of 65535.
MAX_R = 16


class HammingCode(LinearCode):
    """The code whose parity-check matrix has every non-zero column of r bits once.

    n = 2^r - 1, k = n - r. Extended, an overall parity bit is appended: n = 2^r, minimum distance 4.
    Shortened, the first information bits are fixed at 0 and not sent, so n and k both fall. The
    information bits come first, then the r parity bits, then the overall one.

    Parameters
    ----------
    r
        Number of checks, from 2 to 16.
    extended
        Append an overall parity bit.
    shorten
        Information bits to leave out, from 0 to k - 1.

    Raises
    ------
    ValueError
        If r or shorten is outside its range.

    Examples
    --------
    >>> HammingCode(r=3)
    HammingCode(n=7, k=4)
    """

    examples: ClassVar[Examples] = (
        {"r": 3},
        {"r": 2},
        {"r": 3, "extended": True},
        {"r": 4, "extended": True, "shorten": 2},
        {"r": 5, "shorten": 20},
    )

    def __init__(self, *, r: int, extended: bool = False, shorten: int = 0) -> None:
        r, shorten = whole_number(r, "r"), whole_number(shorten, "shorten")
        if not 2 <= r <= MAX_R:
            raise ValueError(f"r must lie in 2 to {MAX_R}, got {r}")
        k = 2**r - 1 - r
        if not 0 <= shorten < k:
            raise ValueError(f"shorten must lie in 0 to {k - 1} for r = {r}, got {shorten}")
        columns = np.arange(1, 2**r)
        weight_one = (columns & (columns - 1)) == 0
        columns = np.concatenate([columns[~weight_one][shorten:], columns[weight_one]])
        check = ((columns >> np.arange(r)[:, None]) & 1).astype(np.uint8)
        if extended:
            check = np.pad(check, ((0, 1), (0, 1)))
            check[-1] = 1
        super().__init__(parity_check=check)
        self.default_decoder = "syndrome"
        self._r, self._extended, self._shorten = r, extended, shorten

    def known_weights(self) -> list[int] | None:
        """By the recursion of the Hamming code; None if more than 2 bits, extended 3, are left out.

        (i + 1) A_(i+1) = C(n, i) - A_i - (n - i + 1) A_(i-1), since each word of weight i is a codeword or at
        distance 1 from exactly one. Appending the parity makes odd weights even. The automorphism group is
        2-transitive, 3-transitive if extended: every pair, or triple, of positions is 0 in equally many
        codewords of each weight.
        """
        n = 2**self._r - 1
        counts = [1, 0]
        for i in range(1, n):
            counts.append((math.comb(n, i) - counts[i] - (n - i + 1) * counts[i - 1]) // (i + 1))
        if self._extended:
            n += 1
            counts = [0 if h % 2 else counts[h - 1] + (counts[h] if h < n else 0) for h in range(1, n + 1)]
            counts.insert(0, 1)
        if self._shorten > self._alike:
            return None
        s = self._shorten
        zeros = math.comb(n, s)
        return [count * math.comb(n - h, s) // zeros for h, count in enumerate(counts[: n - s + 1])]

    def known_information_weights(self) -> list[int] | None:
        """h k / n a codeword of weight h on average, where all positions are alike; None elsewhere."""
        counts = self.known_weights()
        if counts is None or self._shorten >= self._alike:
            return None
        return [h * self.k * count // self.n for h, count in enumerate(counts)]

    @property
    def _alike(self) -> int:
        """Positions that a symmetry of the code takes to any others: it is GL(r, 2), extended AGL(r, 2)."""
        return 3 if self._extended else 2
