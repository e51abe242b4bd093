"""The binary erasure channel: each bit is lost with probability epsilon.

Cover and Thomas, "Elements of Information Theory", 2nd ed., 2006, section 7.1.5.
"""

from typing import Any, ClassVar

import numpy as np

from ....vectors.batches import one_or_all
from ....vectors.groups import SOFT, GroupInput, Reads, Words
from ...elementwise import as_number, elementwise
from ...information.law import LLRLaw
from ...numerics import check_rate
from ...parameter import EPSILON, Parameter
from ...streams.stream import Stream
from .. import channel_kernels
from ..channel import LLR_MAX, Bits, Channel, Examples, LLRs, Signal, llr_of_hard_values, of_hard_values
from .bsc import binary_law

#: What is received in the place of an erased bit.
ERASED = 2


class BEC(Channel):
    """Binary erasure channel with erasure probability ``epsilon``.

    Parameters
    ----------
    epsilon
        Erasure probability, in [0, 1].

    Raises
    ------
    ValueError
        If ``epsilon`` is outside [0, 1].

    Examples
    --------
    >>> BEC(epsilon=0.25).capacity()
    0.75
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EPSILON,)
    formula: ClassVar[str] = r"$C = 1 - \varepsilon$"
    examples: ClassVar[Examples] = ({"epsilon": 0.3}, {"epsilon": 0.0}, {"epsilon": 1.0})
    frames_version: ClassVar[int] = 2

    def __init__(self, *, epsilon: float) -> None:
        epsilon = as_number(epsilon, "epsilon")
        if not 0 <= epsilon <= 1:
            raise ValueError(f"epsilon, the erasure probability, must lie in [0, 1], got {epsilon}")
        self._epsilon = epsilon

    @property
    def epsilon(self) -> float:
        """Erasure probability."""
        return self._epsilon

    def transmit(self, word: Any, stream: Stream) -> Bits:
        """The word with each bit replaced by ``ERASED`` with probability epsilon: uint8, (frames, n)."""
        lanes = self.check_word(word, stream)
        received = stream.bernoulli(len(lanes), self.epsilon)
        channel_kernels.erase(lanes, received.T, np.uint8(ERASED))
        return one_or_all(word, received)

    def llr(self, received: Any) -> LLRs:
        """LLR_MAX for a received 0, -LLR_MAX for a received 1, 0 for an erasure; float32."""
        return llr_of_hard_values(received, (LLR_MAX, -LLR_MAX))

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """The words with each bit erased with probability epsilon."""
        self.check_words(words, stream)
        erased = stream.bernoulli_words(words.shape[1], self.epsilon)
        return of_hard_values(words & ~erased, erased, stream.frames, reads, (LLR_MAX, -LLR_MAX))

    def law(self) -> LLRLaw:
        """Of a bit that arrives or is erased."""
        return binary_law(0.0, self.epsilon)

    def capacity(self) -> float:
        """1 - epsilon."""
        return bec_capacity(self.epsilon)

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Signal = "gaussian") -> float:
        """1 - rate."""
        return bec_limit(rate)

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        """epsilon / 2: an erased bit is a fair coin."""
        return value / 2

    def __repr__(self) -> str:
        return f"BEC(epsilon={self.epsilon!r})"


@elementwise
def bec_capacity(epsilon: float) -> float:
    """1 - epsilon of the binary erasure channel, epsilon in [0, 1]."""
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must lie in [0, 1], got {epsilon}")
    return 1 - epsilon


@elementwise
def bec_limit(rate: float) -> float:
    """The largest erasure probability at which ``rate`` in [0, 1] does not exceed the capacity."""
    check_rate(rate)
    return 1 - rate
