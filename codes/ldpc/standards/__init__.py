"""LDPC codes of published standards, from tables beside the code that are the standards' own.

Each module has ``parity_check(n, rate)``; ``parity_check`` here finds the module by the standard's name.
"""

from collections.abc import Callable
from functools import partial

import scipy.sparse

from . import ccsds, dvb, ethernet, wifi, wigig, wimax

_MATRICES: dict[str, Callable[[int | None, str | None], scipy.sparse.csr_array]] = {
    "wimax": wimax.parity_check,
    "wifi": wifi.parity_check,
    "10gbase-t": ethernet.parity_check,
    "wran": wimax.wran_parity_check,
    "wigig": wigig.parity_check,
    "ccsds-tc": ccsds.tc_parity_check,
    **{name: partial(dvb.parity_check, name) for name in dvb.RATES},
}
#: Block columns of the standards whose matrices are made of circulants.
BLOCK_COLUMNS = {"wimax": 24, "wifi": 24, "wran": 24, "wigig": 16, "ccsds-tc": 8}
#: Names of the standards.
NAMES = tuple(_MATRICES)


def parity_check(standard: str, n: int | None = None, rate: str | None = None) -> scipy.sparse.csr_array:
    """The parity-check matrix of a code of a standard, uint8 sparse of shape (checks, n).

    Parameters
    ----------
    standard
        ``wimax``, ``wifi``, ``10gbase-t``, ``wran``, ``wigig``, ``ccsds-tc``, ``dvb-s2``, ``dvb-s2x`` or
        ``dvb-t2``.
    n
        Code length. It may be left out where the standard has one code here, as may the rate.
    rate
        The standard's name of the rate, such as ``1/2`` or ``2/3A``.

    Raises
    ------
    ValueError
        If there is no such standard, or it has no such code.
    """
    if standard not in _MATRICES:
        raise ValueError(f"standard must be {', '.join(NAMES[:-1])} or {NAMES[-1]}, got {standard!r}")
    return _MATRICES[standard](n, rate)
