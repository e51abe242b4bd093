"""What a link counts: how what was decided differs from what was sent.

Bits are packed: bit f of word [g, i] is bit i of frame 64 g + f (see ``vectors.group_kernels``).
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import Words, packed
from .counting_kernels import count_differences

Counts = npt.NDArray[np.int32]


class Measure(ABC):
    """Counts errors. Immutable, and used by several threads at the same time.

    A measure of your own defines ``count_words``; and, if it counts more than errors, ``counters`` and
    ``further_words``. What is counted in a frame depends on its bits alone.

    Attributes
    ----------
    counters
        The names of what it counts beside errors: whole numbers of 0 or more, which are added up over frames.
    """

    counters: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def count_words(self, sent: Words, decided: Words, frames: int) -> Counts:
        """The errors of each frame, of at most k, int32 (frames); a frame with an error is wrong.

        ``sent`` and ``decided`` are packed bits, uint64 (groups, k), of which the first ``frames`` frames
        count.
        """

    def further_words(self, sent: Words, decided: Words, frames: int) -> Mapping[str, Counts]:
        """What else it counts, by the names in ``counters``: int32 (frames)."""
        return {}

    def count(
        self, sent: npt.NDArray[np.uint8], decided: npt.NDArray[np.uint8]
    ) -> tuple[Counts, Mapping[str, Counts]]:
        """Errors, and what else is counted, of bits of shape (frames, k)."""
        both = packed(sent), packed(decided)
        return self.count_words(*both, len(sent)), self.further_words(*both, len(sent))


class BitErrors(Measure):
    """The positions in which bits differ."""

    def count_words(self, sent: Words, decided: Words, frames: int) -> Counts:
        """How many there are in each frame."""
        errors = np.empty(len(sent) * GROUP, np.int32)
        count_differences(np.ascontiguousarray(sent), np.ascontiguousarray(decided), errors)
        return errors[:frames]
