"""The binary symmetric channel with erasures: each bit is lost with probability epsilon, or flipped with f.

Cover and Thomas, "Elements of Information Theory", 2nd ed., 2006, problem 7.13.
"""

from typing import Any, ClassVar

import numpy as np

from ....vectors.batches import one_or_all
from ....vectors.groups import SOFT, GroupInput, Reads, Words
from ...elementwise import as_number, elementwise
from ...information.law import LLRLaw
from ...numerics import bsc_capacity
from ...parameter import EPSILON, F, Parameter
from ...streams.stream import Stream
from ..channel import Bits, Channel, Examples, LLRs, llr_of_hard_values, of_hard_values
from .bec import ERASED
from .bsc import binary_law, llr_magnitude


class BSEC(Channel):
    """Binary symmetric channel with erasures: 1 - f - epsilon is the probability that a bit arrives right.

    Parameters
    ----------
    f
        Probability that a bit is flipped, from 0 to (1 - epsilon) / 2.
    epsilon
        Probability that a bit is erased, in [0, 1].

    Raises
    ------
    ValueError
        If one is outside its range.

    Examples
    --------
    >>> round(BSEC(f=0.1, epsilon=0.0).capacity(), 4)
    0.531
    >>> BSEC(f=0.0, epsilon=0.25).capacity()
    0.75
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (F, EPSILON)
    formula: ClassVar[str] = r"$C = (1 - \varepsilon) (1 - H(f / (1 - \varepsilon)))$"
    examples: ClassVar[Examples] = (
        {"f": 0.05, "epsilon": 0.2},
        {"f": 0.0, "epsilon": 0.3},
        {"f": 0.2, "epsilon": 0.0},
    )

    def __init__(self, *, f: float, epsilon: float) -> None:
        f, epsilon = as_number(f, "f"), as_number(epsilon, "epsilon")
        if not 0 <= epsilon <= 1:
            raise ValueError(f"epsilon, the erasure probability, must lie in [0, 1], got {epsilon}")
        if not 0 <= f <= (1 - epsilon) / 2:
            raise ValueError(
                f"f, the crossover probability, must lie in [0, {(1 - epsilon) / 2:.6g}], which is "
                f"(1 - epsilon) / 2, got {f}"
            )
        self._f, self._epsilon = f, epsilon
        #: Probability that a bit is flipped if it is not erased.
        self._flipped = min(f / (1 - epsilon), 0.5) if f else 0.0
        self._magnitude = llr_magnitude(self._flipped)

    @property
    def f(self) -> float:
        """Crossover probability."""
        return self._f

    @property
    def epsilon(self) -> float:
        """Erasure probability."""
        return self._epsilon

    def transmit(self, word: Any, stream: Stream) -> Bits:
        """The word, of which bits are flipped, and others ``ERASED``: uint8, shape (frames, n)."""
        lanes = self.check_word(word, stream)
        erased = stream.bernoulli(len(lanes), self.epsilon)
        flipped = stream.bernoulli(len(lanes), self._flipped)
        received = np.where(erased, np.uint8(ERASED), lanes.T ^ flipped).astype(np.uint8)
        return one_or_all(word, np.asfortranarray(received))

    def llr(self, received: Any) -> LLRs:
        """(1 - 2 received) ln((1 - f - epsilon) / f), float32; 0 for an erasure, LLR_MAX in size at f = 0."""
        return llr_of_hard_values(received, (self._magnitude, -self._magnitude))

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """The words with bits flipped or erased; where f has its greatest value nothing is known, LLR 0."""
        self.check_words(words, stream)
        erased = stream.bernoulli_words(words.shape[1], self.epsilon)
        received = words ^ stream.bernoulli_words(words.shape[1], self._flipped)
        if self._magnitude == 0:
            erased = ~(received & np.uint64(0))
        llrs = (self._magnitude, -self._magnitude)
        return of_hard_values(received & ~erased, erased, stream.frames, reads, llrs)

    def law(self) -> LLRLaw:
        """Of a bit that arrives right or wrong, or is erased."""
        return binary_law(self.f, self.epsilon)

    def capacity(self) -> float:
        """(1 - epsilon) (1 - H(f / (1 - epsilon))), H the binary entropy in bits."""
        return bsec_capacity(self.f, self.epsilon)

    def __repr__(self) -> str:
        return f"BSEC(f={self.f!r}, epsilon={self.epsilon!r})"


@elementwise
def bsec_capacity(f: float, epsilon: float) -> float:
    """(1 - epsilon) (1 - H(f / (1 - epsilon))), for f in [0, 1 - epsilon] and epsilon in [0, 1]."""
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must lie in [0, 1], got {epsilon}")
    if not 0 <= f <= 1 - epsilon:
        raise ValueError(f"f must lie in [0, {1 - epsilon}], which is 1 - epsilon, got {f}")
    return (1 - epsilon) * float(bsc_capacity(f / (1 - epsilon))) if epsilon < 1 else 0.0
