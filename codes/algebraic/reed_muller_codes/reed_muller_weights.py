"""How many words of Reed-Muller codes there are of each weight, and how far a word is from them at most."""

import math

from ...weight_enumerator import macwilliams
from ..self_dual import doubly_even_weights

#: Covering radii with no formula: J. R. Schatz, "The second order Reed-Muller code of length 64 has covering
#: radius 18", 1981; J. Mykkeltveit, "The covering radius of the (128, 8) Reed-Muller code is 56", 1980.
COVERING_RADII = {(2, 6): 18, (1, 7): 56}
#: Longest codes whose weights are worked out.
MOST_M = 12


def reed_muller_weights(r: int, m: int) -> list[int] | None:
    """The number of words of RM(r, m) of each weight, 2^m + 1 of them; None where there is no formula.

    Examples
    --------
    >>> reed_muller_weights(1, 3)
    [1, 0, 0, 0, 14, 0, 0, 0, 1]
    """
    n = 1 << m
    if m > MOST_M:
        return None
    if r >= m - 1:
        words, counts = 1, []
        for h in range(n + 1):
            counts.append(words if r == m or h % 2 == 0 else 0)
            words = words * (n - h) // (h + 1)
        return counts
    if r <= 2:
        return _of_quadratic_forms(r, m)
    if r >= m - 3:  # the dual is RM(m - r - 1, m)
        return [int(count) for count in macwilliams(_of_quadratic_forms(m - r - 1, m))]
    if (r, m) == (3, 7):
        # Self-dual and doubly even, with 94488 words of weight 16; the next weight is 24 (T. Kasami and N.
        # Tokura, "On the weight structure of Reed-Muller codes", 1970).
        return doubly_even_weights(128, [1, 0, 0, 0, 94488])
    return None


def _of_quadratic_forms(r: int, m: int) -> list[int]:
    """Of RM(0, m), RM(1, m) and RM(2, m).

    N. J. A. Sloane and E. R. Berlekamp, "Weight enumerator for second-order Reed-Muller codes", 1970;
    MacWilliams and Sloane, 1977, chapter 15, theorem 8: weights are 2^(m - 1), and 2^(m - 1) +- 2^(m - 1 - h)
    of the words whose quadratic form has rank 2 h.
    """
    n = 1 << m
    counts = [0] * (n + 1)
    for h in range(m // 2 + 1 if r == 2 else 1):
        words = 2 ** (h * (h + 1))
        words *= math.prod(2**i - 1 for i in range(m - 2 * h + 1, m + 1))
        words //= math.prod(4**i - 1 for i in range(1, h + 1))
        for weight in (n // 2 - (n >> h + 1), n // 2 + (n >> h + 1)):
            counts[weight] = words
    dimension = sum(math.comb(m, i) for i in range(r + 1))
    counts[n // 2] += 2**dimension - sum(counts)
    return counts


def covering_radius(r: int, m: int) -> int | None:
    """How far a word is from RM(r, m) at most, where it is known.

    RM(1, m) with m even: O. S. Rothaus, "On 'bent' functions", 1976; with m odd to 5: E. R. Berlekamp and L.
    R. Welch, "Weight distributions of the cosets of the (32, 6) Reed-Muller code", 1972. RM(m - 3, m): A. M.
    McLoughlin, "The covering radius of the (m - 3)rd order Reed-Muller codes and a lower bound on the (m -
    4)th order Reed-Muller codes", 1979.
    """
    if r >= m - 2:  # no code, a single parity check, an extended Hamming code
        return m - r
    if r == 0:
        return 1 << m - 1
    if r == m - 3:
        return m + 2 - m % 2
    if r == 1 and (m % 2 == 0 or m <= 5):
        return (1 << m - 1) - (1 << (m - 1) // 2 if m % 2 else 1 << m // 2 - 1)
    return COVERING_RADII.get((r, m))
