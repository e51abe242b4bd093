"""The minimal trellis of a linear code: of all its trellises the one with the fewest states everywhere.

F. R. Kschischang and V. Sorokine, "On the trellis structure of block codes", 1995, for the trellis of a
generator matrix whose rows all begin, and all end, in other positions; R. J. McEliece, "On the BCJR trellis
for linear block codes", 1996. It is the trellis of syndromes (J. K. Wolf, "Efficient maximum likelihood
decoding of linear block codes using a trellis", 1978) without the states that no codeword goes through.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from ...binary import gf2
from ...linear import LinearCode

Numbers = npt.NDArray[np.int64]

#: Most entries of a generator matrix for which the trellis is made.
MAX_ENTRIES = 1 << 22


@dataclass(frozen=True, eq=False)
class MinimalTrellis:
    """The sections of a trellis, one for each coded bit.

    A state is a number with a bit for each row of the generator matrix that has begun and not yet ended. In
    a section a row may begin, which splits each state, and one may end, which joins pairs of states.

    Attributes
    ----------
    active
        int64 (n): the bits of states before each position, as a mask.
    begins, ends
        int64 (n): the bit of the row that begins, and of the one that ends, at a position; 0 if none does.
    outputs
        int64 (n): a branch from state and bits that began, x, has the coded bit 1 if x & outputs has an odd
        number of ones.
    """

    active: Numbers
    begins: Numbers
    ends: Numbers
    outputs: Numbers

    @cached_property
    def bits(self) -> int:
        """Bits of the largest number of a state, or of a branch."""
        return int((self.active | self.begins).max()).bit_length()

    @property
    def profile(self) -> Numbers:
        """The logarithm to base 2 of the number of states before each position, int64 (n)."""
        return np.bitwise_count(self.active).astype(np.int64)

    @property
    def branches(self) -> float:
        """The branches of all sections together, half of them parallel where nothing begins."""
        return float(np.exp2(np.bitwise_count(self.active | self.begins).astype(np.float64)).sum())

    @cached_property
    def joined(self) -> float:
        """The states in which branches meet, of all sections together."""
        counts = np.exp2(np.bitwise_count((self.active | self.begins) & ~self.ends).astype(np.float64))
        return float(counts[self.ends != 0].sum())

    @cached_property
    def tables(self) -> Numbers:
        """What kernels take: int64 (n, 4), active, begins, ends, outputs."""
        return np.stack([self.active, self.begins, self.ends, self.outputs], axis=1)


def trellis_of_matrix(generator: gf2.Matrix) -> MinimalTrellis | None:
    """The minimal trellis of the rows of a generator matrix of full rank, uint8 (k, n).

    None where a state would have more than 62 bits.

    Examples
    --------
    >>> trellis_of_matrix(np.array([[1, 1, 1, 0], [0, 1, 0, 1]], np.uint8)).profile.tolist()
    [0, 1, 2, 1]
    """
    rows, starts, stops = _spans(generator)
    n = generator.shape[1]
    begin_at, end_at = np.full(n, -1), np.full(n, -1)
    begin_at[starts], end_at[stops] = np.arange(len(rows)), np.arange(len(rows))
    active, begins, ends, outputs = (np.zeros(n, np.int64) for _ in range(4))
    slot_of: dict[int, int] = {}
    free: list[int] = []
    mask = 0
    for j in range(n):
        active[j] = mask
        row = int(begin_at[j])
        if row >= 0:
            slot = min(free) if free else len(slot_of)
            if slot > 62:
                return None
            if free:
                free.remove(slot)
            slot_of[row] = slot
            begins[j] = 1 << slot
            mask |= 1 << slot
        outputs[j] = sum(1 << slot for row, slot in slot_of.items() if rows[row, j])
        row = int(end_at[j])
        if row >= 0:
            slot = slot_of.pop(row)
            free.append(slot)
            ends[j] = 1 << slot
            mask &= ~(1 << slot)
    return MinimalTrellis(active, begins, ends, outputs)


def _spans(generator: gf2.Matrix) -> tuple[gf2.Matrix, Numbers, Numbers]:
    """Rows of the same code with first ones in different positions, last ones too; where these are."""
    reduced, starts = gf2.row_reduce(generator)
    rows, n = gf2.pack(np.ascontiguousarray(reduced)), generator.shape[1]
    stops = np.full(len(rows), -1)
    left = np.ones(len(rows), np.bool_)
    for j in range(n - 1, -1, -1):
        has = np.flatnonzero(left & ((rows[:, j >> 6] >> np.uint64(j & 63)) & np.uint64(1)).astype(np.bool_))
        if len(has) == 0:
            continue
        # The one that begins last: added to the others, it leaves them where they begin.
        last = has[starts[has].argmax()]
        rows[has[has != last]] ^= rows[last]
        stops[last], left[last] = j, False
    unpacked = np.unpackbits(rows.view(np.uint8), axis=1, bitorder="little")[:, :n]
    return unpacked, starts, stops


@lru_cache(maxsize=16)
def minimal_trellis(code: LinearCode) -> MinimalTrellis | None:
    """The minimal trellis of a code; None where its matrix or its states are far too large to be of use."""
    if code.n * code.k > MAX_ENTRIES:
        return None
    return trellis_of_matrix(code.generator_matrix)
