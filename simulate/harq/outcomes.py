"""What is counted of a frame that is sent again: how it ended, and after how many transmissions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..link.counting.frame_counts import FAILURES

#: What is counted of each transmission.
DELIVERED, UNDETECTED, USES = "delivered", "undetected", "uses"


def counter_names(transmissions: int) -> tuple[str, ...]:
    """The names of the counters: ``delivered_1``, .., ``undetected_1``, .., ``uses_1``, .., ``failures``."""
    each = (DELIVERED, UNDETECTED, USES)
    return (*(f"{name}_{t}" for name in each for t in range(1, transmissions + 1)), FAILURES)


def transmissions_among(names: Collection[str]) -> int:
    """The most transmissions of a frame, if counters have these names; 0 if frames are not sent again."""
    most = 0
    while all(f"{name}_{most + 1}" in names for name in (DELIVERED, UNDETECTED, USES)):
        most += 1
    return most


@dataclass(frozen=True, eq=False)
class Outcomes:
    """How many frames ended in each way; entry t of an array is of those that ended with transmission t + 1.

    Attributes
    ----------
    delivered
        Frames that were accepted and right.
    undetected
        Frames that were accepted and wrong.
    failures
        Frames that were not accepted after the last transmission.
    lengths
        Channel uses of each transmission; of one that was never made as of the one before.
    """

    delivered: npt.NDArray[np.int64]
    undetected: npt.NDArray[np.int64]
    failures: int
    lengths: npt.NDArray[np.float64]

    @classmethod
    def of(cls, frames: int, counters: Mapping[str, int]) -> "Outcomes | None":
        """From the counters of a row; None where frames are not sent again."""
        most = transmissions_among(counters)
        if not most:
            return None
        delivered, undetected, uses = (
            np.array([counters[f"{name}_{t}"] for t in range(1, most + 1)], np.int64)
            for name in (DELIVERED, UNDETECTED, USES)
        )
        sent = frames - np.concatenate([[0], np.cumsum(delivered + undetected)[:-1]])
        lengths = np.empty(most)
        for t in range(most):
            lengths[t] = uses[t] / sent[t] if sent[t] > 0 else lengths[t - 1]
        return cls(delivered, undetected, counters[FAILURES], lengths)

    def consistent(self, frames: int) -> bool:
        """Whether every frame has ended in one of the ways."""
        ended = int(self.delivered.sum() + self.undetected.sum()) + self.failures
        return ended == frames and bool((self.lengths > 0).all())
