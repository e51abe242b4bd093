"""The LDPC code of 10GBASE-T: IEEE 802.3an-2006, 55.3.2.2 and annex 55A.

It is made of the codewords of a (32,2) Reed-Solomon code over GF(64), after Djurdjevic, Xu,
Abdel-Ghaffar and Lin, "A class of low-density parity-check codes constructed based on Reed-Solomon
codes with two information symbols", IEEE Communications Letters 7(7), 2003. The standard orders the
columns so that the first 1723 bits are the information; that order is in the file.
"""

from pathlib import Path

import numpy as np
import scipy.sparse

from ...matrix_files.text import read_integers, read_lines
from ...parameters.choices import check_choices

LENGTHS = (2048,)
RATES = ("1723/2048",)
#: x^6 + x + 1, whose root a generates GF(64); bit i of an element is the coefficient of a^i.
_POLYNOMIAL = 0b1000011


def parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of the standard, uint8 sparse of shape (384, 2048) and rank 325, rows in its order.

    With g the generator polynomial of the Reed-Solomon code, whose roots are a^1 to a^30, and w = (1 + a X) g
    of weight 32, row 64 i + j comes from the codeword c = A_i g + B_j w: symbol s of c becomes a
    block of 64 columns with a single one where the elements 0, 1, a, ..., a^62 take the value c_s. A
    runs through 0, 1, a, ..., a^4 and B through all elements. Raises ValueError if n or rate is another.
    """
    check_choices("10gbase-t", n, rate, LENGTHS, RATES)
    elements = [0, 1]
    while len(elements) < 64:
        shifted = elements[-1] << 1
        elements.append(shifted ^ _POLYNOMIAL if shifted & 64 else shifted)
    log = {element: i - 1 for i, element in enumerate(elements)}

    def times(x: int, y: int) -> int:
        return elements[(log[x] + log[y]) % 63 + 1] if x and y else 0

    def times_linear(polynomial: list[int], constant: int, slope: int) -> list[int]:
        """A polynomial, lowest coefficient first, times constant + slope X."""
        return [
            times(low, constant) ^ times(high, slope)
            for low, high in zip([*polynomial, 0], [0, *polynomial], strict=True)
        ]

    generator = [1]
    for i in range(1, 31):
        generator = times_linear(generator, elements[i + 1], 1)
    full = times_linear(generator, 1, elements[2])
    symbols = np.array(
        [
            [log[times(a, g) ^ times(b, w)] + 1 for g, w in zip([*generator, 0], full, strict=True)]
            for a in elements[:6]
            for b in elements
        ]
    )
    path = Path(__file__).parent / "tables" / "10gbase-t.txt"
    order = [column for number, words in read_lines(path) for column in read_integers(path, number, words)]
    position = np.argsort(order)  # of each constructed column in the word as it is sent
    columns = position[64 * np.arange(32) + symbols]
    rows = np.repeat(np.arange(384), 32)
    ones = np.ones(rows.size, np.uint8)
    return scipy.sparse.csr_array((ones, (rows, columns.ravel())), shape=(384, 2048))
