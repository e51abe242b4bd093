"""A Markov chain between a good and a bad state, along the bits of a frame.

E. N. Gilbert, "Capacity of a burst-noise channel", 1960.
"""

from dataclasses import dataclass

import numpy as np

from ....vectors.groups import Words
from ...elementwise import as_number
from ...streams.stream import Stream
from .burst_kernels import run_states

#: The longest mean stay in the bad state.
LONGEST = 10**4


@dataclass(frozen=True)
class TwoStates:
    """The chain, whose state at the first bit of a frame has the stationary law.

    Attributes
    ----------
    share
        Probability of the bad state, from 0 to burst_length / (burst_length + 1), where stays in the good
        state last for 1 bit.
    burst_length
        Mean number of bits of a stay in the bad state.
    """

    share: float
    burst_length: float

    @property
    def leave(self) -> float:
        """Probability to go from the bad state to the good one."""
        return 1 / self.burst_length

    @property
    def enter(self) -> float:
        """Probability to go from the good state to the bad one."""
        return min(self.leave * self.share / (1 - self.share), 1.0)

    def draw(self, n: int, stream: Stream) -> Words:
        """Bad states of n bits, packed, uint64 (groups, n): the first one, and then both ways' changes."""
        first = stream.bernoulli_words(1, self.share)
        enter, leave = (stream.bernoulli_words(n, p) for p in (self.enter, self.leave))
        states = np.empty((len(first), n), np.uint64)
        run_states(first, enter, leave, states)
        return states


def checked_burst_length(burst_length: float) -> float:
    """It as a float; ValueError unless it lies in [1, LONGEST]."""
    burst_length = as_number(burst_length, "burst_length")
    if not 1 <= burst_length <= LONGEST:
        raise ValueError(f"burst_length must lie in [1, {LONGEST}], got {burst_length:g}")
    return burst_length
