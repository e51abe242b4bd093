"""LDPC codes by the name of a standard, each with the parameters that it has.

A standard is a function of keyword parameters that returns a code, of any kind. Which of them are needed it
says in words itself. A standard whose codes are a matrix each, named by n and a rate, goes into the table of
``standards``, and is here by itself.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from ..code import Code
from ..parameters.choices import check_choices
from .ccsds_c2 import ShortenedC2Code, c2_code
from .ldpc import LDPCCode, punctured
from .nr.nr import nr_code
from .outer import OUTER
from .standards import NAMES as MATRICES
from .standards import ccsds, dvb


def _of_matrix(standard: str, *, n: int | None = None, rate: str | None = None) -> LDPCCode:
    return LDPCCode.from_standard(standard, n, rate)


def _dvb(
    standard: str, *, n: int | None = None, rate: str | None = None, outer: Literal["bch"] | None = None
) -> Code:
    """The LDPC code, or with outer "bch" the BCH code of the standard and this in series: k = K_bch."""
    inner = LDPCCode.from_standard(standard, n, rate)
    if outer is None:
        return inner
    if outer != "bch":
        raise ValueError(f"outer must be bch, or left out, for {standard}, got {outer!r:.60}")
    n, rate = dvb.chosen(standard, n, rate)
    m, polynomial = dvb.FIELDS[n]
    return OUTER["bch"](inner, m=m, t=dvb.outer_errors(standard, n, rate), polynomial=polynomial)


def _ar4ja(*, k: int | None = None, rate: str | None = None) -> Code:
    """The last M columns of the matrix are not sent."""
    matrix, m = ccsds.ar4ja_parity_check(k, rate)
    return punctured(LDPCCode(matrix, lifting_size=m), [{"block_columns": [matrix.shape[1] // m - 1]}])


def _c2(*, n: int | None = None, rate: str | None = None) -> Code:
    """(8176,7156), or (8160,7136) that is made of it."""
    n, _ = check_choices("ccsds-c2", n, rate, ccsds.C2_LENGTHS, ("7/8",))
    return c2_code() if n == ccsds.C2_LENGTHS[0] else ShortenedC2Code()


#: The function of each standard. ``ldpc`` of ``by_name`` has all their parameters between them.
STANDARDS: dict[str, Callable[..., Any]] = {
    **{name: partial(_of_matrix, name) for name in MATRICES},
    **{name: partial(_dvb, name) for name in dvb.RATES},
    "ccsds": _ar4ja,
    "ccsds-c2": _c2,
    "nr": nr_code,
}
