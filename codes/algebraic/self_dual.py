"""Weights of doubly even self-dual codes, and of codes whose symmetries take any position to any other."""

from collections.abc import Sequence


def doubly_even_weights(n: int, first: Sequence[int]) -> list[int]:
    """The number of words of each weight, n + 1 of them, of a self-dual code with weights divisible by 4.

    By Gleason's theorem the enumerator is a sum over i of a_i phi^(n / 8 - 3 i) xi^i, with phi = x^8 + 14 x^4
    y^4 + y^8 and xi = x^4 y^4 (x^4 - y^4)^4, so that the first n / 24 + 1 of A_0, A_4, A_8, ... decide (F. J.
    MacWilliams and N. J. A. Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 19, theorem 3c).

    Parameters
    ----------
    n
        Length, a multiple of 8.
    first
        A_0, A_4, ...; those that are left out are 0.

    Examples
    --------
    >>> doubly_even_weights(8, [1])
    [1, 0, 0, 0, 14, 0, 0, 0, 1]
    """
    fourths = [0] * (n // 4 + 1)
    for i in range(n // 24 + 1):
        term = [0] * i + [1]  # powers of y^4, with x = 1
        for factor in [(1, 14, 1)] * (n // 8 - 3 * i) + [(1, -4, 6, -4, 1)] * i:
            term = _product(term, factor)
        term += [0] * i
        wanted = first[i] if i < len(first) else 0
        missing = wanted - fourths[i]
        fourths = [count + missing * part for count, part in zip(fourths, term, strict=True)]
    return [fourths[h // 4] if h % 4 == 0 else 0 for h in range(n + 1)]


def punctured_weights(counts: Sequence[int]) -> list[int]:
    """The weights of a code without one position, from those of a code in which all positions are alike.

    Of the words of weight h a share of h / n has a one there (MacWilliams and Sloane, chapter 8, theorem 15).
    The minimum distance is at least 2.
    """
    n = len(counts) - 1
    return [((n - h) * counts[h] + (h + 1) * counts[h + 1]) // n for h in range(n)]


def _product(a: Sequence[int], b: Sequence[int]) -> list[int]:
    """The product of two polynomials."""
    found = [0] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] += x * y
    return found
