"""Turbo codes of published standards, their tables beside them in the standards' own form."""

from ...matching.rate_matched import LinearRateMatchedCode
from ..turbo import TurboCode
from .ccsds import ccsds_code
from .dvb import dvb_rcs2_code, dvb_rcs_code
from .lte import lte_code
from .umts import umts_code

#: Names of the standards.
NAMES = ("lte", "umts", "ccsds", "dvb-rcs", "dvb-rcs2")
_BY_RATE = {"ccsds": ccsds_code, "dvb-rcs": dvb_rcs_code, "dvb-rcs2": dvb_rcs2_code}


def code_of(
    standard: str, k: int, *, rate: str | None = None, n: int | None = None, rv: int | None = None
) -> TurboCode | LinearRateMatchedCode:
    """The code of k information bits of a standard.

    Parameters
    ----------
    standard
        ``lte``, ``umts``, ``ccsds``, ``dvb-rcs`` or ``dvb-rcs2``.
    k
        Information bits, one of the standard's sizes.
    rate
        The standard's name of a rate, by default ``1/3``, which all have.
    n, rv
        Bits sent after LTE's rate matching, and its redundancy version, 0 unless given.

    Raises
    ------
    ValueError
        If there is no such standard, or it has no such code.
    """
    if standard not in NAMES:
        raise ValueError(f"standard must be {', '.join(NAMES[:-1])} or {NAMES[-1]}, got {standard!r}")
    for name, value in (("n", n), ("rv", rv)):
        if value is not None and standard != "lte":
            raise ValueError(f"{name} belongs to the rate matching of lte, and not to {standard}")
    if rv is not None and n is None:
        raise ValueError("rv needs n, the number of bits that are sent")
    if standard in _BY_RATE:
        return _BY_RATE[standard](k, "1/3" if rate is None else rate)
    if rate not in (None, "1/3"):
        instead = ": name n, the number of bits that are sent" if standard == "lte" else ""
        raise ValueError(f"rate of {standard} is 1/3, got {rate!r}{instead}")
    return lte_code(k, n, rv or 0) if standard == "lte" else umts_code(k)
