"""Codes of memories that correct one error and detect two (SEC-DED).

M. Y. Hsiao, "A class of optimal minimum odd-weight-column SEC-DED codes", 1970.
"""

from itertools import combinations
from typing import ClassVar

import numpy as np

from ...vectors.whole_numbers import whole_number
from ..code import Bits
from ..examples import Examples
from ..linear import LinearCode

#: Most information bits: a table of syndromes finds single errors.
MAX_K = 1 << 12


class SECDEDCode(LinearCode):
    """Hsiao's code: the columns of the parity-check matrix have odd weight, and the least that there is.

    With r checks there are 2^(r - 1) such columns; those of weight 1 are the checks' own, which come last.
    Minimum distance 4: a double error's syndrome has even weight, and is told from all single ones. Of the
    columns of the largest weight such are taken that the checks have about as many ones each. (72, 64) has 27
    ones in each check, as Hsiao's.

    Parameters
    ----------
    k
        Information bits, from 1 to 4096; the code has the least number of checks, 8 for 64.

    Raises
    ------
    ValueError
        If k is outside its range.

    Examples
    --------
    >>> SECDEDCode(k=64)
    SECDEDCode(n=72, k=64)
    """

    examples: ClassVar[Examples] = ({"k": 4}, {"k": 1}, {"k": 32}, {"k": 64})

    def __init__(self, *, k: int = 64) -> None:
        k = whole_number(k, "k")
        if not 1 <= k <= MAX_K:
            raise ValueError(f"k must lie in 1 to {MAX_K}, got {k}")
        checks = next(r for r in range(3, 20) if 2 ** (r - 1) - r >= k)
        super().__init__(parity_check=np.hstack([_columns(checks, k), np.eye(checks, dtype=np.uint8)]))
        self.default_decoder = "syndrome"


def _columns(checks: int, count: int) -> Bits:
    """So many columns of odd weight above 1, the lightest first: uint8 (checks, count)."""
    found: list[Bits] = []
    for weight in range(3, checks + 1, 2):
        places = np.array(list(combinations(range(checks), weight)))
        columns = np.zeros((len(places), checks), np.uint8)
        columns[np.arange(len(places))[:, None], places] = 1
        found.append(columns if len(places) <= count else _balanced(columns, count))
        count -= len(found[-1])
        if not count:
            break
    return np.concatenate(found).T


def _balanced(columns: Bits, count: int) -> Bits:
    """So many rows, one after the other, each where there are the fewest ones so far; of equals the first."""
    ones, left, chosen = np.zeros(columns.shape[1], np.int64), np.ones(len(columns), np.bool_), []
    for _ in range(count):
        chosen.append(int(np.where(left, columns @ ones, ones.sum() + 1).argmin()))
        left[chosen[-1]] = False
        ones += columns[chosen[-1]]
    return columns[chosen]
