"""Interleavers of a link, between its code and its modulation: permutations of a frame's coded bits."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ...codes.turbo.interleavers import CONSTRUCTIONS, interleaver_of
from ..errors import nearest

#: Those whose columns are as many as a sample has bits.
BY_BITS = ("dvb-s2", "nr")
Permutation = npt.NDArray[np.int32]


def link_interleaver(value: Any, n: int, bits: int) -> Permutation | None:
    """The permutation of n coded bits that a configuration means; None for none.

    Parameters
    ----------
    value
        None, ``none``; a list, or ``list {numbers}``; what ``codes.turbo.interleavers.interleaver_of`` takes
        but files; or ``dvb-s2 {reverse: false}`` or ``nr``, as a name or a mapping with ``type``.
    n, bits
        Coded bits of a frame, and of a sample.

    Raises
    ------
    ValueError
        If it is no permutation of n bits, or there is no such construction.
    """
    if value is None or value == "none":
        return None
    given = {"type": value} if isinstance(value, str) else value
    if isinstance(given, Mapping) and given.get("type") == "list":
        given = given.get("numbers")
    if not isinstance(given, Mapping):
        return interleaver_of(given, n)
    name, parameters = given.get("type"), {key: given[key] for key in given if key != "type"}
    if name not in BY_BITS:
        known = ("none", *CONSTRUCTIONS, *BY_BITS)
        if name not in CONSTRUCTIONS:
            wanted, near = f"{', '.join(known)} or a list of numbers", nearest(str(name), known)
            end = f".{near}" if near else ""
            raise ValueError(f"interleaver must be {wanted}, got {name!r:.60}{end}")
        return interleaver_of(given, n)
    reverse = parameters.pop("reverse", False) if name == "dvb-s2" else False
    if parameters or not isinstance(reverse, bool):
        takes = "reverse, true or false" if name == "dvb-s2" else "no parameters"
        wrong = ", ".join(map(str, parameters)) or f"{reverse!r:.40}"
        raise ValueError(f"interleaver: {name} takes {takes}, got {wrong}")
    return _by_columns(str(name), n, bits, reverse=reverse)


def _by_columns(name: str, n: int, bits: int, *, reverse: bool) -> Permutation:
    """Written by columns, as many as a sample has bits, and read by rows.

    DVB-S2: ETSI EN 302 307-1, section 5.3.3; of 8PSK 3/5 a row is read in ``reverse``. 5G: 3GPP TS 38.212,
    section 5.4.2.2.
    """
    if n % bits:
        raise ValueError(
            f"interleaver: {name} needs a multiple of the {bits} bits of a sample, and the code has {n}"
        )
    columns = np.arange(n, dtype=np.int32).reshape(bits, -1)
    return (columns[::-1] if reverse else columns).T.reshape(-1)
