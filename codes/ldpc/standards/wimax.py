"""LDPC codes of mobile WiMAX: IEEE 802.16e-2005 and 802.16-2009, 8.4.9.2.5.

The files hold the shifts for the largest lifting size, 96 (8.4.9.2.5.1). Sources disagree on the first
block in the last row of rate 5/6, 50 or 68; 802.16e-2005 has 50.
"""

from pathlib import Path

import scipy.sparse

from ...matrix_files.quasi_cyclic import expand, read_base_matrix
from ...parameters.choices import check_choices

LENGTHS = range(576, 2304 + 1, 96)
RATES = ("1/2", "2/3A", "2/3B", "3/4A", "3/4B", "5/6")


def parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of length n, uint8 sparse of shape (n - k, n): 24 blocks of z = n / 24 columns.

    For smaller z a shift s becomes floor(s z / 96), or s modulo z for rate 2/3A (8.4.9.2.5.1). Raises
    ValueError if there is no such code.
    """
    n, rate = check_choices("wimax", n, rate, LENGTHS, RATES)
    base = read_base_matrix(Path(__file__).with_name(f"wimax-{rate.replace('/', '-')}.txt"))
    z = n // 24
    scaled = [
        [[s % z if rate == "2/3A" else s * z // base.z for s in shifts] for shifts in row]
        for row in base.shifts
    ]
    return expand(scaled, z)
