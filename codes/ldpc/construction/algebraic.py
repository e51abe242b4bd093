"""Codes by algebra: array codes, Tanner's, Margulis's."""

import itertools

import numpy as np

from ...binary.gf2 import of_coordinates
from ...matrix_files.quasi_cyclic import expand
from .checked import checked_range
from .made import Made

#: Largest primes.
MOST_PRIME, MOST_MARGULIS = 10_000, 23


def array(*, lifting_size: int, column_weight: int, row_weight: int) -> Made:
    """Circulants of a prime size whose shifts are the products of row and column.

    J. L. Fan, 2000, "Array codes as low-density parity-check codes". The girth is at least 6.
    """
    p = checked_prime(lifting_size, "lifting_size", MOST_PRIME)
    columns = checked_range(row_weight, "row_weight", 2, p)
    rows = checked_range(column_weight, "column_weight", 2, columns - 1)
    return Made(expand([[[i * j % p] for j in range(columns)] for i in range(rows)], p), p)


def tanner(*, lifting_size: int = 31, column_weight: int = 3, row_weight: int = 5) -> Made:
    """Circulants whose shifts are powers of two elements modulo a prime: by default n = 155, k = 64.

    R. M. Tanner, D. Sridhara and T. Fuja, 2001, "A class of group-structured LDPC codes": b^r a^c with a
    of order ``row_weight`` and b of order ``column_weight``, each the least.
    """
    p = checked_prime(lifting_size, "lifting_size", MOST_PRIME)
    orders = []
    for value, name in ((row_weight, "row_weight"), (column_weight, "column_weight")):
        weight = checked_range(value, name, 2, p - 1)
        if (p - 1) % weight:
            fits = [d for d in range(2, p) if (p - 1) % d == 0]
            nearest = min(fits, key=lambda d: abs(d - weight))
            raise ValueError(f"{name} must divide {p} - 1, got {weight}; {nearest} would do")
        orders.append(next(a for a in range(2, p) if _order(a, p) == weight))
    a, b = orders
    shifts = [[[b**r * a**c % p] for c in range(row_weight)] for r in range(column_weight)]
    return Made(expand(shifts, p), p)


def margulis(*, prime: int = 11) -> Made:
    """Two variables and a check for each 2 by 2 matrix of determinant 1 modulo a prime: (2640, 1320) for 11.

    G. A. Margulis, 1982, "Explicit constructions of graphs without short cycles and low density codes"; as in
    D. J. C. MacKay and M. S. Postol, 2003, "Weaknesses of Margulis and Ramanujan-Margulis low-density
    parity-check codes", section 2.
    """
    p = checked_prime(prime, "prime", MOST_MARGULIS)
    if p == 2:
        raise ValueError("prime must be odd, got 2")
    a, b = np.array([[1, 2], [0, 1]]), np.array([[1, 0], [2, 1]])
    inverse_a, inverse_b = np.array([[1, -2], [0, 1]]), np.array([[1, 0], [-2, 1]])
    left = [a @ a, a @ b @ inverse_a, b]
    right = [inverse_a @ inverse_a, a @ inverse_b @ inverse_a, inverse_b]
    group = np.array(
        [
            (w, x, y, z)
            for w, x, y in itertools.product(range(p), repeat=3)
            for z in ([(1 + x * y) * pow(w, -1, p) % p] if w else range(p) if (1 + x * y) % p == 0 else [])
        ]
    ).reshape(-1, 2, 2)
    powers = p ** np.arange(4).reshape(2, 2)
    number = np.full(p**4, -1, np.int64)
    number[(group * powers).sum(axis=(1, 2))] = np.arange(len(group))
    columns = [
        side * len(group) + number[((group @ step) % p * powers).sum(axis=(1, 2))]
        for side, steps in enumerate((left, right))
        for step in steps
    ]
    rows = np.tile(np.arange(len(group)), 6)
    return Made(of_coordinates(rows, np.concatenate(columns), (len(group), 2 * len(group)), "the matrix"))


def checked_prime(value: int, name: str, most: int) -> int:
    """A prime; raises ValueError with the nearest."""
    value = checked_range(value, name, 2, most)
    if not _is_prime(value):
        nearest = min(filter(_is_prime, range(2, 2 * value)), key=lambda p: abs(p - value))
        raise ValueError(f"{name} must be a prime, got {value}: {nearest} is the nearest")
    return value


def _is_prime(value: int) -> bool:
    return value > 1 and all(value % d for d in range(2, int(value**0.5) + 1))


def _order(a: int, p: int) -> int:
    power, order = a, 1
    while power != 1:
        power, order = power * a % p, order + 1
    return order
