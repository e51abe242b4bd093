"""The codewords of least weight of polar codes.

The minimum distance of a polar code, whatever its frozen set, is the least weight of its rows (S. B. Korada,
"Polar codes for channel and source coding", 2009, lemma 6.2). How many words have it has a formula for
decreasing monomial codes: M. Bardet, V. Dragoi, A. Otmani and J.-P. Tillich, "Algebraic properties of polar
codes from a new polynomial formalism", 2016, proposition 5 and theorem 2; the same by cosets of rows for
codes between these, M. Rowshan, V.-F. Dragoi and J. Yuan, "On the formation of min-weight codewords of
polar/PAC codes and its applications", 2023.

Row i is the monomial of the variables j for which bit j of i is 0. It has weight 2^m / 2^degree.
"""

import numpy as np
import numpy.typing as npt

from ...binary.gf2 import Indices
from ..construction.orders import row_weights

Positions = Indices
#: Words that are looked at for their messages: all, where there are not more.
SAMPLE = 1 << 14


def minimum_distance(information: Positions, n: int) -> int:
    """The least weight of a codeword but zero, of a code with binary kernels and frozen bits of 0."""
    return int(row_weights(n)[information].min())


def is_decreasing(information: Positions, n: int) -> bool:
    """Whether with a monomial the code has all smaller ones.

    These are its divisors, and those with a variable in the place of a later one (Bardet et al.,
    definition 3).
    """
    m = n.bit_length() - 1
    chosen = np.zeros(n, np.bool_)
    chosen[information] = True
    for j in range(m):
        low = information[information >> j & 1 == 0]
        if not chosen[low | 1 << j].all():  # a divisor: without variable j
            return False
        if j:
            later = low[low >> (j - 1) & 1 == 1]
            if not chosen[(later | 1 << j) & ~(1 << (j - 1))].all():  # variable j - 1 in the place of j
                return False
    return True


def minimum_weight_words(information: Positions, n: int) -> int:
    """How many codewords of a decreasing monomial code have its minimum distance.

    A monomial of the variables i_1 < ... < i_r of the largest degree has 2^(r + sum of (i_s - (s - 1)))
    words: its orbit under the lower triangular affine group.

    Examples
    --------
    >>> minimum_weight_words(np.array([3, 5, 6, 7]), 8)  # the extended Hamming code
    14
    """
    return orbit_size(information, n)


def _leaders(information: Positions, n: int) -> dict[int, list[int]]:
    """The rows of least weight, and for each variable of theirs the number of smaller ones that they lack."""
    m, weights = n.bit_length() - 1, row_weights(n)
    rows = information[weights[information] == weights[information].min()]
    found = {}
    for row in rows.tolist():
        variables = [j for j in range(m) if not row >> j & 1]
        found[row] = [j - s for s, j in enumerate(variables)]
    return found


def sampled_words(information: Positions, n: int, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Codewords of least weight of a decreasing code, at random, each as likely: uint8 (words, n).

    All of them, each once, where they are no more than 2^14.
    """
    m, free = n.bit_length() - 1, _leaders(information, n)
    counts = {row: 2 ** (len(lacked) + sum(lacked)) for row, lacked in free.items()}
    total = sum(counts.values())
    generator = np.random.default_rng(seed)
    if total <= SAMPLE:
        words = [_orbit(row, m, np.arange(count)) for row, count in counts.items()]
        return np.concatenate(words)
    shares = np.array([count / total for count in counts.values()])
    taken = generator.multinomial(SAMPLE, shares / shares.sum())
    parts = []
    for (row, lacked), some in zip(free.items(), taken.tolist(), strict=True):
        bits = len(lacked) + sum(lacked)
        parts.append(_orbit(row, m, None, generator.integers(0, 2, (some, bits), np.uint8)))
    return np.concatenate(parts)


def orbit_size(information: Positions, n: int) -> int:
    """How many words the orbits of the rows of least weight have together."""
    return sum(2 ** (len(free) + sum(free)) for free in _leaders(information, n).values())


def words_in_orbits(information: Positions, n: int) -> npt.NDArray[np.uint8]:
    """All codewords of least weight of a code that need not be decreasing: uint8 (words, n).

    They are the words of the orbits of its rows in which no frozen bit is 1: each word of that weight of the
    Reed-Muller code around it is in the orbit of one row, the first that is in its sum.
    """
    m, found = n.bit_length() - 1, []
    frozen = np.ones(n, np.bool_)
    frozen[information] = False
    for row, lacked in _leaders(information, n).items():
        words = _orbit(row, m, np.arange(2 ** (len(lacked) + sum(lacked))))
        sums = words.reshape(len(words), *[2] * m)
        for axis in range(1, m + 1):
            left, right = np.split(sums, 2, axis=axis)
            sums = np.concatenate([left ^ right, right], axis=axis)
        found.append(words[~sums.reshape(len(words), n)[:, frozen].any(axis=1)])
    return np.concatenate(found)


def _orbit(
    row: int, m: int, numbers: Positions | None, digits: npt.NDArray[np.uint8] | None = None
) -> npt.NDArray[np.uint8]:
    """Words of the orbit of a row: products of x_j + (sum of smaller variables that it lacks) + constant."""
    variables = [j for j in range(m) if not row >> j & 1]
    lacked = {j: [i for i in range(j) if i not in variables] for j in variables}
    if digits is None:
        assert numbers is not None
        bits = len(variables) + sum(len(each) for each in lacked.values())
        digits = (numbers[:, None] >> np.arange(bits) & 1).astype(np.uint8)
    # The value of variable j at coordinate x is 1 - bit j: then x_j itself has row weight and place.
    x = (~np.arange(1 << m)[None, :] >> np.arange(m)[:, None] & 1).astype(np.uint8)
    words, at = np.ones((len(digits), 1 << m), np.uint8), 0
    for j in variables:
        form = x[j] ^ digits[:, at, None]
        at += 1
        for i in lacked[j]:
            form = form ^ digits[:, at, None] & x[i]
            at += 1
        words &= form
    return words
