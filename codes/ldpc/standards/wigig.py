"""LDPC codes of WiGig: IEEE 802.11ad-2012, 21.3.8 (IEEE 802.11-2020, 20.3.8, tables 20-6 to 20-9)."""

from pathlib import Path

import scipy.sparse

from ...matrix_files.quasi_cyclic import read_quasi_cyclic
from ...parameters.choices import check_choices

LENGTHS = (672,)
RATES = ("1/2", "5/8", "3/4", "13/16")


def parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of a rate, uint8 sparse of shape (672 - k, 672): 16 blocks of 42 columns.

    Raises ValueError if there is no such code.
    """
    n, rate = check_choices("wigig", n, rate, LENGTHS, RATES)
    return read_quasi_cyclic(Path(__file__).parent / "tables" / f"wigig-{rate.replace('/', '-')}.txt")
