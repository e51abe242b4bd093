"""Orders of reliability that depend on no channel, and the choice of positions by an order.

Polarization weights: G. He et al., "Beta-expansion: a theoretical framework for fast and recursive
construction of polar codes", 2017. Weights of rows: I. S. Reed and D. E. Muller, 1954; both at once: B. Li,
H. Shen and D. Tse, "A RM-polar codes", 2014. The sequence of 5G: 3GPP TS 38.212, table 5.3.1.2-1.
"""

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ...binary.gf2 import Indices
from ...matrix_files.text import read_integers, read_lines

Values = npt.NDArray[np.float64]

#: The base of the expansion, and the length of the sequence of 5G.
BETA, MOST_5G = 2.0**0.25, 1024


def polarization_weights(n: int) -> Values:
    """The sums of beta^j over the ones of each position's binary digits: float64 (n), the larger the better.

    Examples
    --------
    >>> polarization_weights(4).round(3).tolist()
    [0.0, 1.0, 1.189, 2.189]
    """
    weights = np.zeros(1)
    for j in range(n.bit_length() - 1):
        weights = np.concatenate([weights, weights + BETA**j])
    return weights


@cache
def sequence_5g() -> Indices:
    """The polar sequence: int64 (1024), the positions from the least reliable one on."""
    path = Path(__file__).with_name("5g.txt")
    rows = [read_integers(path, number, words) for number, words in read_lines(path)]
    sequence = np.array([position for row in rows for position in row], np.int64)
    sequence.flags.writeable = False
    return sequence


def ranks_5g(n: int) -> Values:
    """The place of each position in the sequence: float64 (n), n a power of two up to 1024.

    Raises ValueError for longer codes.
    """
    if n > MOST_5G:
        raise ValueError(f"construction: 5g orders up to n = {MOST_5G} positions, got {n}: use pw")
    sequence = sequence_5g()
    ranks = np.empty(n)
    ranks[sequence[sequence < n]] = np.arange(n)
    return ranks


def row_weights(n: int) -> npt.NDArray[np.int64]:
    """The weight of each row of the polar transform, 2 to the number of ones in its number: int64 (n)."""
    weights = np.ones(1, np.int64)
    while len(weights) < n:
        weights = np.concatenate([weights, 2 * weights])
    return weights


def by_weight(reliability: Values) -> Values:
    """The order by the rows' weights, of equal ones by their reliability: float64 (n)."""
    order = np.lexsort((reliability, row_weights(len(reliability))))
    ranks = np.empty(len(order))
    ranks[order] = np.arange(len(order))
    return ranks


def of_weight(reliability: Values, k: int) -> Values:
    """The reliability of rows whose weight is at least that of the k-th heaviest; of others less than all.

    The k best rows have the largest minimum distance that k rows can have.
    """
    weights = row_weights(len(reliability))
    least = np.sort(weights)[len(weights) - k]
    return np.where(weights >= least, reliability, -np.inf)


def best(reliability: Values, k: int) -> Indices:
    """int64 (k), ascending: the positions of largest reliability; of equal ones the later.

    >>> best(np.array([0.0, 2.0, 1.0, 2.0]), 2).tolist()
    [1, 3]
    """
    order = np.argsort(reliability, kind="stable")
    return np.sort(order[len(order) - k :])
