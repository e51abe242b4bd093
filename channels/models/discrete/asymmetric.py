"""Binary channels whose errors depend on the bit: the asymmetric channel in general, and the Z channel.

R. A. Silverman, "On binary channels and their cascades", 1955; Cover and Thomas, "Elements of Information
Theory", 2nd ed., 2006, problem 7.8, for the Z channel.
"""

import math
from typing import Any, ClassVar

import numpy as np

from ....vectors.batches import one_or_all
from ....vectors.groups import SOFT, GroupInput, Reads, Words
from ...elementwise import as_number
from ...information.discrete_capacity import best_input_law, binary_asymmetric_capacity
from ...information.law import DiscreteLaw
from ...numerics import binary_entropy
from ...parameter import Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Bits, Channel, Examples, LLRs, Signal, llr_of_hard_values, of_hard_values

P01 = Parameter(
    "p01", "p01", "$p_{01}$", "probability of a 1 for a 0", range=(0.0, 1.0), better=-1, scale="log"
)
P10 = Parameter(
    "p10", "p10", "$p_{10}$", "probability of a 0 for a 1", range=(0.0, 1.0), better=-1, scale="log"
)
P = Parameter("p", "p", "$p$", "probability of a 0 for a 1", range=(0.0, 1.0), better=-1, scale="log")


class BinaryAsymmetric(Channel):
    """Binary asymmetric channel: a 0 is received as 1 with probability p01, a 1 as 0 with p10.

    Parameters
    ----------
    p01
        Probability that a 0 becomes a 1, in [0, 1].
    p10
        Probability that a 1 becomes a 0, from 0 to 1 - p01: beyond, the outputs have changed their names.

    Raises
    ------
    ValueError
        If one is outside its range.

    Examples
    --------
    >>> round(BinaryAsymmetric(p01=0.1, p10=0.1).capacity(), 4)
    0.531
    >>> round(BinaryAsymmetric(p01=0.01, p10=0.3).capacity(), 4)
    0.4643
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (P01, P10)
    examples: ClassVar[Examples] = (
        {"p01": 0.02, "p10": 0.2},
        {"p01": 0.3, "p10": 0.0},
        {"p01": 0.4, "p10": 0.6},
    )

    def __init__(self, *, p01: float, p10: float) -> None:
        p01, p10 = as_number(p01, "p01"), as_number(p10, "p10")
        if not 0 <= p01 <= 1:
            raise ValueError(f"p01, the probability that a 0 becomes a 1, must lie in [0, 1], got {p01}")
        if not 0 <= p10 <= 1 - p01:
            raise ValueError(
                f"p10, the probability that a 1 becomes a 0, must lie in [0, {1 - p01:.6g}], which is "
                f"1 - p01, got {p10}"
            )
        self._p01, self._p10 = p01, p10
        zero, one = _log_ratio(1 - p01, p10), -_log_ratio(1 - p10, p01)
        #: LLRs of a 0 and of a 1 that is received; where p01 + p10 = 1 nothing is known.
        self._llrs = (zero, one) if zero > 0 > one else (0.0, 0.0)

    @property
    def p01(self) -> float:
        """Probability that a 0 becomes a 1."""
        return self._p01

    @property
    def p10(self) -> float:
        """Probability that a 1 becomes a 0."""
        return self._p10

    def transmit(self, word: Any, stream: Stream) -> Bits:
        """The word, of which zeros are flipped with p01 and ones with p10: uint8, shape (frames, n)."""
        lanes = self.check_word(word, stream)
        from_zero, from_one = (stream.bernoulli(len(lanes), p) for p in (self.p01, self.p10))
        received = lanes.T ^ np.where(lanes.T == 1, from_one, from_zero)
        return one_or_all(word, np.asfortranarray(received))

    def llr(self, received: Any) -> LLRs:
        """ln((1 - p01) / p10) of a 0 and ln(p01 / (1 - p10)) of a 1, float32, of LLR_MAX in size at most."""
        return llr_of_hard_values(received, self._llrs)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """The words with zeros flipped with p01 and ones with p10."""
        self.check_words(words, stream)
        from_zero, from_one = (stream.bernoulli_words(words.shape[1], p) for p in (self.p01, self.p10))
        received = (words & ~from_one) | (~words & from_zero)
        erased = ~(received & np.uint64(0)) if self._llrs == (0, 0) else None
        hard = received if erased is None else received & ~erased
        return of_hard_values(hard, erased, stream.frames, reads, self._llrs)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Capacity in bits a use: over all inputs, or of fair bits, ``modulation``.

        Linear codes send fair bits, which are never more than 6 % below the capacity (Majani and Rumsey,
        1991). Raises ValueError for another ``signal``.
        """
        if signal == "gaussian":
            return binary_asymmetric_capacity(self.p01, self.p10)
        if signal != "modulation":
            raise ValueError(f"signal must be gaussian or modulation here, got {signal!r}")
        ones = (1 + self.p01 - self.p10) / 2
        known = binary_entropy(ones) - (binary_entropy(self.p01) + binary_entropy(self.p10)) / 2
        return max(known, 0.0)

    def law(self) -> DiscreteLaw:
        """With the input law that reaches the capacity, whose outputs are equally far from both inputs'."""
        transition = [[1 - self.p01, self.p01], [self.p10, 1 - self.p10]]
        return DiscreteLaw(transition, best_input_law(transition))

    def modulated_ber(self) -> float:
        """Of fair bits: (p01 + p10) / 2."""
        return (self.p01 + self.p10) / 2

    def __repr__(self) -> str:
        return f"BinaryAsymmetric(p01={self.p01!r}, p10={self.p10!r})"


class ZChannel(BinaryAsymmetric):
    """Z channel: a 1 is received as 0 with probability p, a 0 always arrives.

    Parameters
    ----------
    p
        Probability that a 1 becomes a 0, in [0, 1].

    Raises
    ------
    ValueError
        If ``p`` is outside [0, 1].

    Examples
    --------
    >>> round(ZChannel(p=0.5).capacity(), 4)
    0.3219
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (P,)
    formula: ClassVar[str] = r"$C = \log_2(1 + (1 - p) p^{p / (1 - p)})$"
    examples: ClassVar[Examples] = ({"p": 0.2}, {"p": 0.0}, {"p": 1.0})

    def __init__(self, *, p: float) -> None:
        p = as_number(p, "p")
        if not 0 <= p <= 1:
            raise ValueError(f"p, the probability that a 1 becomes a 0, must lie in [0, 1], got {p}")
        super().__init__(p01=0.0, p10=p)

    def __repr__(self) -> str:
        return f"ZChannel(p={self.p10!r})"


def _log_ratio(likely: float, unlikely: float) -> float:
    """The natural logarithm of a ratio of probabilities, of LLR_MAX at most; 0 of 0 to 0."""
    if likely == 0:
        return 0.0
    return LLR_MAX if unlikely == 0 else min(math.log(likely) - math.log(unlikely), LLR_MAX)
