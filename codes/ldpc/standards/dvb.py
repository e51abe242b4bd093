"""LDPC codes of DVB-S2, S2X and T2: ETSI EN 302 307-1, -2 (5.3.2, annexes B and C) and EN 302 755 (6.1.2,
annexes A and B).

Rates are named as the standards name them. Those of short frames of DVB-S2 and T2 are nominal: with "4/5",
12600 of 16200 bits are information, 7/9. Medium frames of DVB-S2X are whole here: the standard shortens and
punctures them for very low signal-to-noise ratios.
"""

from pathlib import Path

import numpy as np
import scipy.sparse

from ...matrix_files.text import read_integers, read_lines
from ...parameters.choices import check_choices

#: By the standard and the length, the rates in ascending order.
RATES: dict[str, dict[int, tuple[str, ...]]] = {
    "dvb-s2": {
        64800: ("1/4", "1/3", "2/5", "1/2", "3/5", "2/3", "3/4", "4/5", "5/6", "8/9", "9/10"),
        16200: ("1/4", "1/3", "2/5", "1/2", "3/5", "2/3", "3/4", "4/5", "5/6", "8/9"),
    },
    "dvb-s2x": {
        64800: (
            *("2/9", "13/45", "9/20", "90/180", "96/180", "11/20", "100/180", "26/45", "104/180", "18/30"),
            *("28/45", "23/36", "116/180", "20/30", "124/180", "25/36", "128/180", "13/18", "22/30"),
            *("132/180", "135/180", "7/9", "140/180", "154/180"),
        ),
        32400: ("1/5", "11/45", "1/3"),
        16200: ("11/45", "4/15", "14/45", "7/15", "8/15", "26/45", "32/45"),
    },
    "dvb-t2": {
        64800: ("1/2", "3/5", "2/3", "3/4", "4/5", "5/6"),
        16200: ("1/4", "1/3", "2/5", "1/2", "3/5", "2/3", "3/4", "4/5", "5/6"),
    },
}
#: What DVB-T2 has of its own; its other codes are those of DVB-S2. Short 1/3 and 2/5 are of T2-Lite.
_OWN_OF_T2 = {(64800, "2/3"), (16200, "3/5")}
#: The fields GF(2^m) of the outer BCH codes, EN 302 307-1, tables 6a and 6b, and -2: m, and the polynomial
#: that alpha is a root of.
FIELDS = {64800: (16, 0x1002D), 32400: (15, 0x802D), 16200: (14, 0x402B)}
#: The errors that these correct are 12, except in normal frames of DVB-S2 and T2 (EN 302 307-1, table 5a).
_FEWER_ERRORS = {"2/3": 10, "5/6": 10, "8/9": 8, "9/10": 8}
#: Information bits that share a line of the table.
_GROUP = 360


def parity_check(standard: str, n: int | None, rate: str | None) -> scipy.sparse.csr_array:
    """The matrix of a code of dvb-s2, dvb-s2x or dvb-t2, uint8 sparse of shape (n - k, n).

    Information bit 360 t + j enters the parity sums at the addresses (x + q j) mod (n - k) for the x of line
    t of the table, with q = (n - k) / 360; parity bit i is sum i plus parity bit i - 1. Without n and rate
    it is that of the normal frame of rate 1/2 of dvb-s2. Raises ValueError if there is no such code.
    """
    n, rate = chosen(standard, n, rate)
    table = _table("dvb-s2" if standard == "dvb-t2" and (n, rate) not in _OWN_OF_T2 else standard, n, rate)
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


def chosen(standard: str, n: int | None, rate: str | None) -> tuple[int, str]:
    """The length and the rate of a code of a standard, see ``parity_check``; raises ValueError."""
    rates = RATES[standard]
    if standard == "dvb-s2" and n is None and rate is None:
        return 64800, "1/2"  # of version 0.1.0 the only one
    return check_choices(standard, n, rate, tuple(rates), rates.get(n or 0, ()))


def outer_errors(standard: str, n: int, rate: str) -> int:
    """How many errors the outer BCH code of a code corrects."""
    return _FEWER_ERRORS.get(rate, 12) if n == 64800 and standard != "dvb-s2x" else 12


def _table(standard: str, n: int, rate: str) -> list[list[int]]:
    """The addresses of a code, a list for each 360 information bits."""
    path = Path(__file__).parent / "tables" / f"{standard}-{n}.txt"
    lines = read_lines(path)
    heads = [i for i, (_, words) in enumerate(lines) if words[0] == "rate"]
    first = next(i for i in heads if lines[i][1] == ["rate", rate])
    last = next((i for i in heads if i > first), len(lines))
    return [read_integers(path, number, words) for number, words in lines[first + 1 : last]]
