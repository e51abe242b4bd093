"""Outer codes of standards' LDPC codes, by name.

Families of codes import from those before them alone, and the codes that correct what belief propagation
leaves come after: such a family puts what makes them into this table.
"""

from typing import Protocol

from ..code import Code
from ..linear import LinearCode


class Outer(Protocol):
    """What makes a code whose information bits are encoded by an outer code first."""

    def __call__(self, inner: LinearCode, *, m: int, t: int, polynomial: int) -> Code:
        """The code of which the information bits, encoded, are those of ``inner``.

        The outer code has roots in GF(2^m) with that primitive polynomial, all terms written, and corrects
        t errors.
        """


#: By name.
OUTER: dict[str, Outer] = {}
