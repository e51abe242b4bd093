"""The turbo code of LTE: 3GPP TS 36.212, 5.1.3.2."""

from functools import cache, partial
from pathlib import Path

import numpy as np

from ...code import Redundancy, check_length
from ...convolutional.encoding.encoder import Encoder
from ...matching.lte import ORDER, turbo_bits
from ...matching.rate_matched import LinearRateMatchedCode
from ...matrix_files.text import read_integers, read_lines
from ..interleavers import quadratic
from ..recursive import recursive_circuit
from ..turbo import TurboCode

#: Polynomials of both encoders (5.1.3.2.1).
FORWARD, FEEDBACK = ("15",), "13"


@cache
def table() -> dict[int, tuple[int, int]]:
    """f1 and f2 for each K (table 5.1.3-3)."""
    path = Path(__file__).with_name("lte.txt")
    rows = [read_integers(path, number, words) for number, words in read_lines(path)]
    return {k: (f1, f2) for k, f1, f2 in rows}


def lte_code(k: int, n: int | None = None, rv: int = 0) -> TurboCode | LinearRateMatchedCode:
    """The code with K = k: of n = 3 K + 12 bits, d0_0, d1_0, d2_0, d0_1, ..., the three streams in turn.

    The last twelve are the tails, in the order of 5.1.3.2.2. With ``n``, that many bits of it are sent as
    rate matching selects them (5.1.4.1), for redundancy version ``rv``. Raises ValueError if there is no such
    K, or n is too small.
    """
    if k not in table():
        nearest = min(table(), key=lambda other: abs(other - k))
        raise ValueError(
            f"k must be one of the {len(table())} sizes of LTE, 40 to 6144, got {k}; the nearest is {nearest}"
        )
    if n is not None and n < k:
        raise ValueError(f"n must be at least k = {k}, got {n}")
    check_length(n or 0)
    f1, f2 = table()[k]
    circuit = recursive_circuit(FORWARD, FEEDBACK)
    mother = TurboCode((Encoder(circuit, k, "zero"), Encoder(circuit, k, "zero")), quadratic(k, f1=f1, f2=f2))
    return mother if n is None else _of_versions(mother, n, (rv,))


def _of_versions(mother: TurboCode, n: int, versions: tuple[int, ...]) -> LinearRateMatchedCode:
    """The code of the n bits that each of these redundancy versions sends, one after the other."""
    sent = [turbo_bits(mother.k + 4, n, version) for version in versions]
    code = LinearRateMatchedCode(mother, sent=np.concatenate(sent))
    code.redundancy = Redundancy(ORDER, partial(_of_versions, mother, n))
    return code
