"""The binary symmetric channel: each bit is flipped with probability f.

Cover and Thomas, "Elements of Information Theory", 2nd ed., 2006, section 7.1.4.
"""

import math
from typing import Any, ClassVar

import numpy as np

from ....vectors.batches import one_or_all
from ....vectors.groups import SOFT, GroupInput, Reads, Words
from ...elementwise import as_number, elementwise
from ...information.law import LLRLaw
from ...numerics import bsc_capacity, capacity_of_bias, check_rate, inverse_binary_entropy, root
from ...parameter import F, Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Bits, Channel, Examples, LLRs, Signal, llr_of_hard_values, of_hard_values


class BSC(Channel):
    """Binary symmetric channel with crossover probability ``f``.

    Parameters
    ----------
    f
        Crossover probability, in [0, 1/2].

    Raises
    ------
    ValueError
        If ``f`` is outside [0, 1/2].

    Examples
    --------
    >>> round(BSC(f=0.11).capacity(), 4)
    0.5001
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (F,)
    formula: ClassVar[str] = "$C = 1 - H(f)$"
    examples: ClassVar[Examples] = ({"f": 0.1}, {"f": 0.0}, {"f": 0.5})
    frames_version: ClassVar[int] = 2

    def __init__(self, *, f: float) -> None:
        f = as_number(f, "f")
        if not 0 <= f <= 0.5:
            raise ValueError(f"f, the crossover probability, must lie in [0, 1/2], got {f}")
        self._f = f
        self._magnitude = llr_magnitude(f)

    @property
    def f(self) -> float:
        """Crossover probability."""
        return self._f

    def transmit(self, word: Any, stream: Stream) -> Bits:
        """The word with each bit flipped with probability f: uint8, shape (frames, n)."""
        lanes = self.check_word(word, stream)
        received = stream.bernoulli(len(lanes), self.f)
        received.T[:] ^= lanes
        return one_or_all(word, received)

    def llr(self, received: Any) -> LLRs:
        """(1 - 2 received) ln((1 - f) / f), float32; magnitude LLR_MAX at f = 0, and 0 at f = 1/2.

        ``received`` holds 0 and 1; anything else counts as nothing received, LLR 0.
        """
        return llr_of_hard_values(received, (self._magnitude, -self._magnitude))

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """The words with each bit flipped with probability f; at f = 1/2 nothing is known, LLR 0."""
        self.check_words(words, stream)
        received = words ^ stream.bernoulli_words(words.shape[1], self.f)
        if self._magnitude == 0:
            return of_hard_values(
                received & np.uint64(0), ~(received & np.uint64(0)), stream.frames, reads, (1.0, -1.0)
            )
        return of_hard_values(received, None, stream.frames, reads, (self._magnitude, -self._magnitude))

    def capacity(self) -> float:
        """1 - H(f), H the binary entropy in bits."""
        return bsc_capacity(self.f)

    def law(self) -> LLRLaw:
        """Of a bit that arrives right or wrong."""
        return binary_law(self.f, 0.0)

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Signal = "gaussian") -> float:
        """The largest f at which ``rate`` does not exceed 1 - H(f)."""
        return bsc_limit(rate)

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        """f itself."""
        return value

    def __repr__(self) -> str:
        return f"BSC(f={self.f!r})"


def llr_magnitude(f: float) -> float:
    """ln((1 - f) / f), of LLR_MAX at most."""
    return min(math.log1p(-f) - math.log(f), LLR_MAX) if f > 0 else LLR_MAX


def binary_law(f: float, epsilon: float) -> LLRLaw:
    """The law of a bit that is flipped with probability f and erased with epsilon."""
    size = math.log1p(-f - epsilon) - math.log(f) if f > 0 else math.inf
    singular = f == 0 or f == 1 - epsilon - f
    return LLRLaw([1 - f - epsilon, f, epsilon], [size, -size, 0.0], singular=singular)


@elementwise
def bsc_limit(rate: float) -> float:
    """The largest crossover probability at which ``rate`` in [0, 1] does not exceed the capacity."""
    check_rate(rate)
    if rate > 0.1:
        return inverse_binary_entropy(1 - rate)
    # Solved for the bias 1 - 2 f, about sqrt(2 ln 2 R): 1 - rate would lose the digits of the rate.
    return (1 - root(lambda bias: capacity_of_bias(bias) - rate, 0.0, 0.5)) / 2 if rate > 0 else 0.5
