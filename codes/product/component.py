"""What decoders of product codes know of a component code: its syndromes, and what they correct."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..binary import gf2
from ..code import Code
from ..linear import LinearCode

#: Largest number of parity bits: the table has 2^(n - k) rows.
MAX_PARITY_BITS = 16
#: Longest component.
MAX_N = 1 << 15

Numbers = npt.NDArray[np.int32]


def refusal_of_component(code: Code) -> str | None:
    """Why a code has no syndrome table, in words; None if it has one."""
    if not isinstance(code, LinearCode):
        return f"{code!r} is not linear"
    if not 1 <= code.n - code.k <= MAX_PARITY_BITS or code.n > MAX_N:
        return (
            f"{code!r} has n - k = {code.n - code.k}: it may be 1 to {MAX_PARITY_BITS}, with n up to {MAX_N}"
        )
    return None


@dataclass(frozen=True, eq=False)
class Component:
    """Bounded-distance decoding of a linear code by a table of syndromes.

    Up to t = floor((d - 1) / 2) errors are corrected, d being the minimum distance.

    Attributes
    ----------
    columns
        int32 (n): the syndromes of single errors, as numbers.
    table
        int32 (2^(n - k), most): the positions that a syndrome corrects; n stands for none, and n + 1, in the
        first place, for a syndrome that is not corrected.
    t
        Errors that are corrected wherever they are.
    follows
        Whether the last bit follows from the others: to flip it before decoding changes nothing.
    """

    columns: Numbers
    table: Numbers
    t: int
    follows: bool

    @classmethod
    def of(cls, code: LinearCode, *, extended: bool = False) -> "Component":
        """The table of a code that ``refusal_of_component`` has nothing against.

        Taken as ``extended``, a code of even d is decoded without its last bit, which then follows: t errors
        and one more at the last position are corrected too. Raises ValueError if nothing is corrected.
        """
        n = code.n
        check = gf2.row_reduce(code.parity_check_matrix)[0]
        columns = gf2.column_numbers(check).astype(np.int32)
        size = 1 << len(check)
        corrected = [(np.zeros((1, 0), np.int32), np.zeros(1, np.int32))]
        while _add(corrected, columns, size, _patterns(n, len(corrected), size)):
            pass
        t = len(corrected) - 1
        before = _patterns(n - 1, t, size) if extended else None
        if before is not None:
            before = np.pad(before, ((0, 0), (0, 1)), constant_values=n - 1)
        follows = _add(corrected, columns, size, before)
        most = len(corrected) - 1
        if most == 0:
            raise ValueError(f"{code!r} corrects no error")
        table = np.full((size, most), n, np.int32)
        table[:, 0] = n + 1
        for positions, syndromes in corrected:
            table[syndromes, : positions.shape[1]] = positions
        table[0] = n
        return cls(columns, table, t, follows)


def _patterns(n: int, weight: int, size: int) -> Numbers | None:
    """All sets of so many of the first n positions; None where they are more than there are syndromes."""
    if weight > n or math.comb(n, weight) > size:
        return None
    return np.array(list(itertools.combinations(range(n), weight)), np.int32).reshape(
        math.comb(n, weight), weight
    )


def _add(
    corrected: list[tuple[Numbers, Numbers]], columns: Numbers, size: int, patterns: Numbers | None
) -> bool:
    """Correct these patterns too, unless two of all that are corrected would have the same syndrome."""
    if patterns is None:
        return False
    syndromes = np.bitwise_xor.reduce(columns[patterns], axis=1)
    together = np.concatenate([syndromes, *(others for _, others in corrected)])
    if np.bincount(together, minlength=size).max() > 1:
        return False
    corrected.append((patterns, syndromes))
    return True
