"""Component codes, and all words of small ones."""

import itertools
from typing import Any

import numpy as np
from capgap.codes import LinearCode


def words_of(code: LinearCode) -> Any:
    """All codewords, (2^k, n)."""
    return code.encode(list(itertools.product((0, 1), repeat=code.k)))


def extended_bch(m: int, *generator: int, k: int) -> LinearCode:
    """The extended cyclic code of length 2^m, systematic, of the generator polynomial's exponents."""
    n = (1 << m) - 1
    divisor = sum(1 << i for i in generator)
    rows = np.zeros((k, n + 1), np.uint8)
    for i in range(k):
        remainder = 1 << (n - 1 - i)
        word = remainder
        for bit in range(n - 1, max(generator) - 1, -1):
            if remainder >> bit & 1:
                remainder ^= divisor << (bit - max(generator))
        word ^= remainder
        rows[i, :n] = [word >> (n - 1 - j) & 1 for j in range(n)]
        rows[i, n] = word.bit_count() % 2
    return LinearCode(generator=rows)


def bch() -> LinearCode:
    """The extended BCH code (16, 7), t = 2 (Lin and Costello, 2004, section 6.1)."""
    return extended_bch(4, 8, 7, 6, 4, 0, k=7)
