"""The LDPC code of rate 1/2 of DVB-S2: ETSI EN 302 307 (EN 302 307-1 from 2014), 5.3.2 and annex B."""

from pathlib import Path

import numpy as np
import scipy.sparse

from ...matrix_files.text import read_integers, read_lines
from ...parameters.choices import check_choices

LENGTHS = (64800,)
RATES = ("1/2",)
#: Information bits that share a line of the table.
_GROUP = 360


def parity_check(n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of the normal frame, uint8 sparse of shape (32400, 64800).

    Information bit 360 t + j enters the parity sums at the addresses (x + 90 j) mod 32400 for the x of
    line t of the table; parity bit i is sum i plus parity bit i - 1. Raises ValueError if n or rate is
    another.
    """
    n, rate = check_choices("dvb-s2", n, rate, LENGTHS, RATES)
    path = Path(__file__).with_name("dvb-s2-1-2.txt")
    table = [read_integers(path, number, words) for number, words in read_lines(path)]
    k = _GROUP * len(table)
    checks = n - k
    group = np.repeat(np.arange(len(table)), [len(line) for line in table])
    within = np.arange(_GROUP)
    rows = (np.concatenate(table)[:, None] + checks // _GROUP * within) % checks
    columns = _GROUP * group[:, None] + within
    parity = np.arange(checks)
    row_index = np.concatenate([rows.ravel(), parity, parity[1:]])
    column_index = np.concatenate([columns.ravel(), k + parity, k + parity[:-1]])
    ones = np.ones(len(row_index), np.uint8)
    return scipy.sparse.csr_array((ones, (row_index, column_index)), shape=(checks, n))
