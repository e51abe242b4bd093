"""The turbo code of UMTS: 3GPP TS 25.212, 4.2.3.2."""

from math import gcd

import numpy as np

from ...convolutional.encoding.circuit import Numbers
from ...convolutional.encoding.encoder import Encoder
from ..interleavers import permutation
from ..recursive import recursive_circuit
from ..turbo import TurboCode
from .lte import FEEDBACK, FORWARD

#: Least and largest K.
LEAST, MOST = 40, 5114
#: Inter-row permutations for 20 rows (table 3): for the two ranges of K that it names, and for others.
_ROWS_20 = (19, 9, 14, 4, 0, 2, 5, 7, 12, 18, 16, 13, 17, 15, 3, 1, 6, 11, 8, 10)
_ROWS_20_OTHERS = (19, 9, 14, 4, 0, 2, 5, 7, 12, 18, 10, 8, 13, 17, 3, 1, 16, 6, 15, 11)


def umts_code(k: int) -> TurboCode:
    """The code with K = k, of n = 3 K + 12 bits in the order of 4.2.3.2.1. Raises ValueError for other K."""
    if not LEAST <= k <= MOST:
        raise ValueError(f"k must lie in {LEAST} to {MOST} for umts, got {k}")
    circuit = recursive_circuit(FORWARD, FEEDBACK)
    return TurboCode((Encoder(circuit, k, "zero"), Encoder(circuit, k, "zero")), interleaver(k))


def interleaver(k: int) -> Numbers:
    """The internal interleaver (4.2.3.2.3), int32 (k).

    Bits are written by rows into a matrix, permuted within rows by powers of a primitive root, rows are
    permuted, and bits read by columns.
    """
    between = _between_rows(k)
    rows = len(between)
    p, columns = _shape(k, rows)
    # Each row's exponent: least primes above 6 without a factor of p - 1, in the order of the rows behind.
    exponents, prime = [1], 7
    while len(exponents) < rows:
        if _is_prime(prime) and gcd(prime, p - 1) == 1:
            exponents.append(prime)
        prime += 1
    root = _primitive_root(p)
    powers = np.array([pow(root, j, p) for j in range(p - 1)])
    whole = np.empty((rows, columns), np.int64)
    for row, exponent in zip(between, exponents, strict=True):
        whole[row, : p - 1] = powers[np.arange(p - 1) * exponent % (p - 1)] - (columns == p - 1)
        if columns >= p:
            whole[row, p - 1] = 0
        if columns == p + 1:
            whole[row, p] = p
    if k == rows * columns and columns == p + 1:
        whole[-1, [0, p]] = whole[-1, [p, 0]]
    whole += columns * np.arange(rows)[:, None]
    order = whole[list(between)].T.ravel()
    return permutation(order[order < k], k)


def _between_rows(k: int) -> tuple[int, ...]:
    """The row that comes at each place (table 3)."""
    if k <= 159:
        return (4, 3, 2, 1, 0)
    if k <= 200 or 481 <= k <= 530:
        return (9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
    return _ROWS_20 if 2281 <= k <= 2480 or 3161 <= k <= 3210 else _ROWS_20_OTHERS


def _shape(k: int, rows: int) -> tuple[int, int]:
    """The prime p, and the number of columns."""
    if 481 <= k <= 530:
        return 53, 53
    p = 7
    while not _is_prime(p) or k > rows * (p + 1):
        p += 1
    return p, next(columns for columns in (p - 1, p, p + 1) if k <= rows * columns)


def _is_prime(number: int) -> bool:
    return all(number % factor for factor in range(2, int(number**0.5) + 1))


def _primitive_root(p: int) -> int:
    """The least one, as table 2 has them."""
    return next(v for v in range(2, p) if len({pow(v, j, p) for j in range(p - 1)}) == p - 1)
