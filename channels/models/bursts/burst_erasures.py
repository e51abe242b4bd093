"""Gilbert's erasure channel: bits are lost in bursts, and those between them arrive.

E. N. Gilbert, "Capacity of a burst-noise channel", 1960.
"""

from typing import Any, ClassVar

import numpy as np

from ....vectors.batches import one_or_all
from ....vectors.groups import SOFT, GroupInput, Reads, Words, unpacked
from ...elementwise import as_number
from ...parameter import EPSILON, Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Bits, Channel, Examples, LLRs, llr_of_hard_values, of_hard_values
from ..discrete.bec import ERASED
from .two_states import TwoStates, checked_burst_length


class BurstErasures(Channel):
    """Erasures in bursts, in a bad state that lasts for a geometric number of bits.

    The state of the first bit of a frame has the stationary law, so that each bit is erased with epsilon.

    Parameters
    ----------
    epsilon
        Mean probability that a bit is erased, from 0 to burst_length / (burst_length + 1).
    burst_length
        Mean number of bits of a burst, from 1 to 10^4.

    Raises
    ------
    ValueError
        If one is outside its range: at the greatest epsilon bursts are 1 bit apart.

    Examples
    --------
    >>> BurstErasures(epsilon=0.25, burst_length=20).capacity()
    0.75
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EPSILON,)
    formula: ClassVar[str] = r"$C = 1 - \varepsilon$"
    memoryless: ClassVar[bool] = False
    examples: ClassVar[Examples] = (
        {"epsilon": 0.2, "burst_length": 10.0},
        {"epsilon": 0.5, "burst_length": 1.0},
    )

    def __init__(self, *, epsilon: float, burst_length: float) -> None:
        epsilon, burst_length = as_number(epsilon, "epsilon"), checked_burst_length(burst_length)
        most = burst_length / (burst_length + 1)
        if not 0 <= epsilon <= most:
            raise ValueError(
                f"epsilon, the mean erasure probability, must lie in [0, {most:.6g}], up to where bursts are "
                f"1 bit apart, got {epsilon:g}"
            )
        self._states = TwoStates(epsilon, burst_length)

    @property
    def epsilon(self) -> float:
        """Mean probability that a bit is erased."""
        return self._states.share

    @property
    def burst_length(self) -> float:
        """Mean number of bits of a burst."""
        return self._states.burst_length

    def transmit(self, word: Any, stream: Stream) -> Bits:
        """The word with bits replaced by ``ERASED`` in bursts: uint8, (frames, n)."""
        lanes = self.check_word(word, stream)
        erased = unpacked(self._states.draw(len(lanes), stream), stream.frames)
        return one_or_all(word, np.where(erased, np.uint8(ERASED), lanes.T))

    def llr(self, received: Any) -> LLRs:
        """LLR_MAX for a received 0, -LLR_MAX for a received 1, 0 for an erasure; float32."""
        return llr_of_hard_values(received, (LLR_MAX, -LLR_MAX))

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """The words with bits erased in bursts."""
        self.check_words(words, stream)
        erased = self._states.draw(words.shape[1], stream)
        return of_hard_values(words & ~erased, erased, stream.frames, reads, (LLR_MAX, -LLR_MAX))

    def capacity(self) -> float:
        """1 - epsilon, whatever the bursts: no word carries more bits than arrive, and fair ones do."""
        return 1 - self.epsilon

    def modulated_ber(self) -> float:
        """epsilon / 2: an erased bit is a fair coin."""
        return self.epsilon / 2

    def __repr__(self) -> str:
        return f"BurstErasures(epsilon={self.epsilon!r}, burst_length={self.burst_length!r})"
