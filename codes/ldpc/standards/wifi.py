"""LDPC codes of Wi-Fi: IEEE 802.11n-2009, 20.3.11.6 and annex R (annex F of later editions of 802.11)."""

from pathlib import Path

import scipy.sparse

from ...matrix_files.quasi_cyclic import read_quasi_cyclic
from ...parameters.choices import check_choices

LENGTHS = (648, 1296, 1944)
RATES = ("1/2", "2/3", "3/4", "5/6")


def parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of length n, uint8 sparse of shape (n - k, n): 24 blocks of n / 24 columns.

    Raises ValueError if there is no such code.
    """
    n, rate = check_choices("wifi", n, rate, LENGTHS, RATES)
    return read_quasi_cyclic(Path(__file__).parent / "tables" / f"wifi-{n}-{rate.replace('/', '-')}.txt")
