"""Polar codes of any length: bits of a longer code that are not sent, or known to be 0.

Quasi-uniform puncturing: K. Niu, K. Chen and J.-R. Lin, "Beyond turbo codes: rate-compatible punctured polar
codes", 2013. Shortening: R. Wang and R. Liu, "A novel puncturing scheme for polar codes", 2014; V. Bioglio,
F. Gabry and I. Land, "Low-complexity puncturing and shortening of polar codes", 2017.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..binary.gf2 import Indices
from ..code import check_length
from .construction.bhattacharyya import bhattacharyya

#: Which bits are left out, by the name of the rule.
PUNCTURE, SHORTEN = ("quasi-uniform",), ("last", "bit-reversed")


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Which coded bits of a polar code are not sent.

    Attributes
    ----------
    n
        Length of the code whose bits these are: a power of two.
    unsent
        Coded bits of which nothing is known, int64, ascending.
    known
        Coded bits that are always 0, since the bits of u at the same positions are frozen, int64, ascending.
    """

    n: int
    unsent: Indices = field(default_factory=lambda: np.zeros(0, np.int64))
    known: Indices = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def sent(self) -> Indices:
        """int64, ascending: the coded bits that are sent."""
        return np.setdiff1d(np.arange(self.n), np.concatenate([self.unsent, self.known]))

    def frozen(self) -> Indices:
        """The positions of u that cannot hold information: at ``known``, and those lost with ``unsent``.

        A bit channel is lost if it is useless even where all that is sent arrives: in an erasure channel that
        erases just the bits that are not sent.
        """
        z = np.tile([[-np.inf], [0.0]], (1, self.n))
        z[:, self.unsent] = [[0.0], [-np.inf]]
        lost = bhattacharyya(z, (2,) * (self.n.bit_length() - 1))[0] == 0
        return np.union1d(np.flatnonzero(lost), self.known)


def bit_reversed(n: int) -> Indices:
    """The numbers 0 to n - 1 with their binary digits reversed: int64 (n), n a power of two.

    >>> bit_reversed(8).tolist()
    [0, 4, 2, 6, 1, 5, 3, 7]
    """
    order = np.zeros(1, np.int64)
    while len(order) < n:
        order = np.concatenate([2 * order, 2 * order + 1])
    return order


def left_out(n: int, matching: Any) -> LeftOut:
    """What ``matching`` leaves out of the shortest polar code of at least n bits.

    It is ``{puncture: quasi-uniform}``, ``{shorten: last}`` or ``{shorten: bit-reversed}``. Raises ValueError
    for anything else.
    """
    known = {"puncture": PUNCTURE, "shorten": SHORTEN}
    if not isinstance(matching, dict) or len(matching) != 1 or not set(matching) <= set(known):
        raise ValueError(
            "matching must be {puncture: quasi-uniform}, {shorten: last} or {shorten: bit-reversed}, got "
            f"{matching!r:.60}"
        )
    ((kind, rule),) = matching.items()
    if rule not in known[kind]:
        raise ValueError(f"matching: {kind} must be {' or '.join(known[kind])}, got {rule!r:.40}")
    if n < 2:
        raise ValueError(f"n must be at least 2, got {n}")
    check_length(n)
    longer = 1 << (n - 1).bit_length()
    if kind == "puncture":
        return LeftOut(longer, unsent=np.sort(bit_reversed(longer)[: longer - n]))
    order = bit_reversed(longer) if rule == "bit-reversed" else np.arange(longer)
    return LeftOut(longer, known=np.sort(order[n:]))
