"""How x^n + 1 factors over GF(2): cyclotomic cosets (MacWilliams and Sloane, 1977, sections 7.3 and 7.5)."""

from itertools import product

from ..fields import polynomials
from ..fields.galois_field import PRIMITIVE, GaloisField

#: Most divisors of x^n + 1 among which the nearest to another polynomial is looked for.
MOST_DIVISORS = 1 << 12
#: Largest length whose divisors are listed.
MOST_LISTED = 1 << 12


def order_of_two(n: int) -> int:
    """The least m for which an odd n divides 2^m - 1: roots of x^n + 1 lie in GF(2^m).

    >>> order_of_two(23)
    11
    """
    m, power = 1, 2 % n
    while power != 1 % n:
        m, power = m + 1, 2 * power % n
    return m


def cosets(n: int) -> list[list[int]]:
    """The cyclotomic cosets modulo an odd n, each from its least member on, in the order of these.

    >>> cosets(7)
    [[0], [1, 2, 4], [3, 6, 5]]
    """
    seen, found = bytearray(n), []
    for first in range(n):
        if not seen[first]:
            coset, member = [], first
            while not seen[member]:
                seen[member] = 1
                coset.append(member)
                member = 2 * member % n
            found.append(coset)
    return found


def divisor_degrees(n: int) -> list[int]:
    """The degrees from 1 to n - 1 of all divisors of x^n + 1, or, where n is large, of its factors."""
    odd = n // (n & -n)
    sizes = [len(coset) for coset in cosets(odd)]
    if n > MOST_LISTED:
        return sorted(set(sizes))
    sums = 1
    for size in sizes:
        for _ in range(n // odd):
            sums |= sums << size
    return [degree for degree in range(1, n) if sums >> degree & 1]


def nearest_divisor(polynomial: int, n: int) -> int | None:
    """The divisor of x^n + 1 of the same degree in which the fewest coefficients differ.

    Of several, the smallest number. None if there is none, or they are too many to look through.
    """
    power = n & -n
    odd = n // power
    if odd > MOST_LISTED or order_of_two(odd) > max(PRIMITIVE):
        return None
    each = cosets(odd)
    if (power + 1) ** len(each) > MOST_DIVISORS:
        return None
    field = GaloisField(order_of_two(odd))
    factors = [field.minimal_polynomial(coset[0] * (field.order // odd)) for coset in each]
    found = []
    for powers in product(range(power + 1), repeat=len(factors)):
        divisor = 1
        for factor, times in zip(factors, powers, strict=True):
            for _ in range(times):
                divisor = polynomials.product(divisor, factor)
        if polynomials.degree(divisor) == polynomials.degree(polynomial) < n:
            found.append(divisor)
    return min(found, key=lambda other: ((other ^ polynomial).bit_count(), other), default=None)
