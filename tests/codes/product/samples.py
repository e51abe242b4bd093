"""Component codes, and all words of small ones."""

import itertools
from typing import Any

import numpy as np
from capgap.codes import LinearCode


def words_of(code: LinearCode) -> Any:
    """All codewords, (2^k, n)."""
    return code.encode(list(itertools.product((0, 1), repeat=code.k)))


def extended_cyclic(n: int, generator: int) -> LinearCode:
    """The systematic cyclic code of length n of a generator polynomial, bit i that of x^i, and a bit for the parity."""
    degree = generator.bit_length() - 1
    rows = np.zeros((n - degree, n + 1), np.uint8)
    for i, row in enumerate(rows):
        word = rest = 1 << (n - 1 - i)
        for bit in range(n - 1, degree - 1, -1):
            if rest >> bit & 1:
                rest ^= generator << (bit - degree)
        word ^= rest
        row[:n] = [word >> (n - 1 - j) & 1 for j in range(n)]
        row[n] = word.bit_count() % 2
    return LinearCode(generator=rows)


#: Generator polynomials of BCH codes with t = 2, by length (Lin and Costello, 2004, appendix C).
BCH = {15: 0o721, 31: 0o3551, 127: 0o41567}


def bch() -> LinearCode:
    """The extended BCH code (16, 7), t = 2."""
    return extended_cyclic(15, BCH[15])
