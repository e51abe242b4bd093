"""Hamming codes, extended and shortened (Hamming, 1950; MacWilliams and Sloane, 1977, section 1.7)."""

import numpy as np

from .linear import LinearCode

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

    def __init__(self, *, r: int, extended: bool = False, shorten: int = 0) -> None:
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
