"""LDPC codes of mobile WiMAX: IEEE 802.16e-2005 and 802.16-2009, 8.4.9.2.5.

The files hold the shifts for the largest lifting size, 96 (8.4.9.2.5.1). Copies of the standard's table
disagree on the first block in the last row of rate 5/6, 50 or 68, and neither is known to be its. 5/6 has 50,
with which the published curve of AFF3CT was made; 5/6-68 has 68. With 50 there are cycles of length 4 at the
ten lengths from 576 to 1440, with 68 at none; but 3/4A has them at every length, 1/2 and 2/3A at some.
"""

from pathlib import Path

import scipy.sparse

from ...matrix_files.quasi_cyclic import expand, read_base_matrix
from ...parameters.choices import check_choices

LENGTHS = range(576, 2304 + 1, 96)
RATES = ("1/2", "2/3A", "2/3B", "3/4A", "3/4B", "5/6", "5/6-68")


def parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of length n, uint8 sparse of shape (n - k, n): 24 blocks of z = n / 24 columns.

    For smaller z a shift s becomes floor(s z / 96), or s modulo z for rate 2/3A (8.4.9.2.5.1). Raises
    ValueError if there is no such code.
    """
    n, rate = check_choices("wimax", n, rate, LENGTHS, RATES)
    return _lifted(n, rate)


def wran_parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of the (480,360) code of IEEE 802.22, wireless regional networks: uint8 sparse, (120, 480).

    802.22 takes the matrices of 802.16e to shorter lengths, too: this code, of which another copy is known,
    is 3/4A with z = 20. Raises ValueError if n or rate is another.
    """
    n, _ = check_choices("wran", n, rate, (480,), ("3/4",))
    return _lifted(n, "3/4A")


def _lifted(n: int, rate: str) -> scipy.sparse.csr_array:
    name = f"wimax-{rate.partition('-')[0].replace('/', '-')}.txt"
    base = read_base_matrix(Path(__file__).parent / "tables" / name)
    if rate == "5/6-68":
        base.shifts[3][0] = [68]
    z = n // 24
    scaled = [
        [[s % z if rate == "2/3A" else s * z // base.z for s in shifts] for shifts in row]
        for row in base.shifts
    ]
    return expand(scaled, z)
