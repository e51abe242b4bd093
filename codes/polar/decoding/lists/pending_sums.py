"""Dynamic frozen bits in lists: sums that have begun and are not used yet, a bit of each path for each."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ...polar import PolarCode
from .. import operation_kernels as op
from ..program import NodeProgram

#: Sums of a word.
SLOTS = 32


@dataclass(frozen=True, eq=False)
class PendingSums:
    """Where each path keeps the sums of a pretransform.

    A sum takes a slot with its first bit, and frees it when it is used: a convolution of memory m takes m.

    Attributes
    ----------
    words
        How many words of 32 slots there are; 0 without dynamic frozen bits.
    slot
        int64 (n): where the sum of a position is; -1 where there is none.
    added
        int32 (n, words): the slots to which the bit v of a position is added.
    information
        uint8 (n): 1 at the positions of information bits.
    """

    words: int
    slot: npt.NDArray[np.int64]
    added: npt.NDArray[np.int32]
    information: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, code: PolarCode, program: NodeProgram) -> "PendingSums":
        """Those that the program of a code uses."""
        used = np.zeros(code.n, np.bool_)
        kept = program.operations[program.operations[:, 0] >= op.SUMS]
        for operation, rows, first, _ in kept.tolist():
            used[first : first + rows] |= code.frozen[first : first + rows] == (operation == op.SUMS)
        targets_of: dict[int, list[int]] = defaultdict(list)
        for target in np.flatnonzero(used).tolist():
            first, end = program.first_source[target : target + 2].tolist()
            for source in program.sources[first:end].tolist():
                targets_of[source].append(target)
        slot = np.full(code.n, -1, np.int64)
        free: list[int] = []
        taken = 0
        for position in range(code.n):
            if slot[position] >= 0:
                free.append(int(slot[position]))
            for target in targets_of[position]:
                if slot[target] >= 0:
                    continue
                if not free:
                    free.append(taken)
                    taken += 1
                slot[target] = free.pop()
        words = -(-taken // SLOTS)
        added = np.zeros((code.n, words), np.uint32)
        for source, targets in targets_of.items():
            for target in targets:
                added[source, slot[target] // SLOTS] ^= np.uint32(1 << slot[target] % SLOTS)
        return cls(words, slot, added.view(np.int32), (~code.frozen).astype(np.uint8))
