"""The channels of a code's bits as successive decoding meets them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Capacities = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BitChannels:
    """What a transform makes of uses of one channel: the channel of each bit, given the bits before it.

    E. Arikan, "Channel polarization: a method for constructing capacity-achieving codes for symmetric
    binary-input memoryless channels", 2009.

    Attributes
    ----------
    known
        How their capacities are known, in words, such as ``exact``.
    compute
        Returns the capacities, in bits, of the channels of one use, and after each step of the transform:
        float64 each, in the order of decisions.
    """

    known: str
    compute: Callable[[], tuple[Capacities, ...]]

    @cached_property
    def steps(self) -> tuple[Capacities, ...]:
        """The capacities, computed once."""
        return self.compute()
