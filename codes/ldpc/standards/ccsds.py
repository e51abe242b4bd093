"""LDPC codes of CCSDS: 131.0-B-5, section 7 (telemetry: C2 and AR4JA), and 231.0-B-4, 4.2.2 (telecommand).

Accumulate-repeat-by-4-jagged-accumulate (AR4JA) codes are those of D. Divsalar, S. Dolinar, C. Jones and K.
Andrews, "Capacity-approaching protograph codes", IEEE JSAC 27(6), 2009.
"""

from pathlib import Path

import numpy as np
import scipy.sparse

from ...matrix_files.quasi_cyclic import read_quasi_cyclic
from ...matrix_files.text import read_integers, read_lines
from ...parameters.choices import check_choices

TC_LENGTHS = (128, 256, 512)
C2_LENGTHS = (8176, 8160)
AR4JA_SIZES = (1024, 4096, 16384)
AR4JA_RATES = ("1/2", "2/3", "4/5")
#: The blocks of rate 4/5, of which 2/3 leaves out the first four columns and 1/2 the first six: 0 is the
#: identity matrix, k the permutation matrix Pi_k, several are a sum, - is zero (131.0-B-5, 7.4.2.2).
_BLOCKS = """
-        -        -        -        -        -        -  -   0  -    0,1
21,22,23 0        15,16,17 0        9,10,11  0        0  0   -  0    2,3,4
0        24,25,26 0        18,19,20 0        12,13,14 0  5,6 -  7,8  0
"""
_LEFT_OUT = {"1/2": 6, "2/3": 4, "4/5": 0}
_TABLES = Path(__file__).parent / "tables"


def tc_parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of a telecommand code, uint8 sparse of shape (n / 2, n): 8 blocks of n / 8 columns.

    (256,128) is of the experimental 231.1-O-1. Raises ValueError if n or rate is another.
    """
    n, _ = check_choices("ccsds-tc", n, rate, TC_LENGTHS, ("1/2",))
    return read_quasi_cyclic(_TABLES / f"ccsds-tc-{n}.txt")


def c2_parity_check() -> scipy.sparse.csr_array:
    """The matrix of the (8176,7156) code, uint8 sparse of shape (1022, 8176), 16 block columns."""
    return read_quasi_cyclic(_TABLES / "ccsds-c2.txt")


def ar4ja_parity_check(k: int | None, rate: str | None) -> tuple[scipy.sparse.csr_array, int]:
    """The matrix of an AR4JA code, uint8 sparse of shape (3 M, k + 3 M), and the size M of its blocks.

    The last M columns are not sent. Row i of the permutation matrix Pi_k has its one in column
    M/4 ((theta_k + j) mod 4) + (phi_k(j, M) + i) mod M/4 with j = floor(4 i / M). Raises ValueError if k or
    rate is another.
    """
    k, rate = check_choices("ccsds", k, rate, AR4JA_SIZES, AR4JA_RATES, name="k")
    rows = [row.split()[_LEFT_OUT[rate] :] for row in _BLOCKS.strip().split("\n")]
    m = k // (len(rows[0]) - 3)
    permutations = _permutations(m)
    ones = [
        (i, j, permutations[int(word)])
        for i, row in enumerate(rows)
        for j, words in enumerate(row)
        if words != "-"
        for word in words.split(",")
    ]
    row_index = np.concatenate([m * i + np.arange(m) for i, _, _ in ones])
    column_index = np.concatenate([m * j + columns for _, j, columns in ones])
    shape = (3 * m, k + 3 * m)
    matrix = scipy.sparse.csr_array(
        (np.ones(len(row_index), np.uint8), (row_index, column_index)), shape=shape
    )
    # Ones of two permutations of a sum in the same place would cancel.
    matrix.data %= 2
    matrix.eliminate_zeros()
    return matrix, m


def _permutations(m: int) -> list[np.ndarray]:
    """The columns of the ones of the identity and of Pi_1 to Pi_26, by rows, for blocks of size m."""
    path, size = _TABLES / "ccsds-ar4ja.txt", m.bit_length() - 8  # of 128, 256, ..., 8192
    i = np.arange(m)
    quarter = 4 * i // m
    found = [i]
    for number, words in read_lines(path):
        theta, *phi = read_integers(path, number, words)
        shift = np.array(phi[size::7])[quarter]
        found.append(m // 4 * ((theta + quarter) % 4) + (shift + i) % (m // 4))
    return found
