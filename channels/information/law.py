"""The law of a use of a channel with finitely many inputs, as bounds at a block length ask for it.

With the inputs' probabilities Q, the generalised information density of an input x and an output y is
i_s(x, y) = ln(W(y | x)^s / sum over x' of Q(x') W(y | x')^s), in nats. At s = 1 it is the channel's own
(Polyanskiy, Poor and Verdu, 2010); others are those of Gallager's exponents and of random-coding bounds
(Martinez and Guillen i Fabregas, 2011).
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .measures import Array, as_law, as_transition


@dataclass(frozen=True, eq=False)
class Part:
    """An independent part of a use: what its information density may be, and how probably.

    Attributes
    ----------
    probabilities
        float64, shape (values), above 0; of a continuous output the weights of a quadrature.
    densities
        The values in nats, the same shape.
    times
        How many parts of this kind a use has.
    """

    probabilities: Array
    densities: Array
    times: int = 1


class Law(ABC):
    """What a use of a memoryless channel with finitely many inputs does.

    A channel that has one returns it from ``law``; bounds at a block length then follow by themselves.

    Attributes
    ----------
    inputs
        The number of inputs.
    symmetric
        Whether the densities have the same law, whichever input is sent.
    smooth
        Whether the densities have a density themselves, and no value with a probability.
    singular
        Whether outputs rule inputs out and tell no more, as erasures do: then the normal approximation has no
        term (log n) / 2 (Altug and Wagner, 2014).
    """

    inputs: int
    symmetric: bool = False
    smooth: bool = False
    singular: bool = False

    @abstractmethod
    def parts(self, s: float = 1.0, *, fine: bool = True) -> tuple[Part, ...]:
        """The independent parts of i_s, s > 0; ``fine`` asks for a finer quadrature, where there is one."""

    def bit_llrs(self) -> tuple[Array, Array] | None:
        """The LLRs of the bit that is sent, of fair bits, and their probabilities, shape (values) each.

        None unless there are two inputs and this is known.
        """
        return None

    @property
    def bits(self) -> float:
        """The bits that a use could carry without noise."""
        return math.log2(self.inputs)


class DiscreteLaw(Law):
    """The law of a discrete channel.

    Parameters
    ----------
    transition
        P(output | input), shape (inputs, outputs); each row is a law.
    input_law
        The inputs' probabilities, shape (inputs); by default they are equal.

    Raises
    ------
    ValueError
        If ``transition`` is no matrix of laws, or ``input_law`` no law of its inputs.

    Examples
    --------
    >>> part = DiscreteLaw([[0.9, 0.1], [0.1, 0.9]]).parts()[0]
    >>> round(float(part.probabilities @ part.densities) / math.log(2), 4)
    0.531
    """

    def __init__(self, transition: npt.ArrayLike, input_law: npt.ArrayLike | None = None) -> None:
        self._transition = as_transition(transition)
        self.inputs = len(self._transition)
        equal = np.full(self.inputs, 1 / self.inputs)
        self._input_law = equal if input_law is None else as_law(input_law, "input_law", 1)
        if len(self._input_law) != self.inputs:
            raise ValueError(f"input_law must have {self.inputs} entries, got {len(self._input_law)}")
        used = self._transition[self._input_law > 0]
        least = np.where(used > 0, used, np.inf).min(axis=0)
        self.singular = bool((used.max(axis=0) <= np.where(np.isfinite(least), least, 0)).all())

    def bit_llrs(self) -> tuple[Array, Array] | None:
        """One for each bit and output that come together; see ``Law``."""
        if self.inputs != 2:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            llrs = np.log(self._transition) - np.log(self._transition[::-1])
        there = self._transition > 0
        return llrs[there], self._transition[there] / 2

    def parts(self, s: float = 1.0, *, fine: bool = True) -> tuple[Part, ...]:
        """One part, with a value for each input and output that come together."""
        joint = self._input_law[:, None] * self._transition
        power = self._transition**s
        x, y = np.nonzero(joint)
        return (Part(joint[x, y], s * np.log(self._transition[x, y]) - np.log((self._input_law @ power)[y])),)


class LLRLaw(Law):
    """The law of a channel of fair bits that treats both alike: of the LLR of the bit that is sent.

    Parameters
    ----------
    probabilities
        Of the LLRs, shape (values), adding up to 1; of a continuous output the weights of a quadrature.
    llrs
        ln W(y | sent) / W(y | not sent), the same shape; may be infinite where the bit is certain.
    singular
        See ``Law``.
    """

    inputs = 2
    symmetric = True

    def __init__(self, probabilities: npt.ArrayLike, llrs: npt.ArrayLike, *, singular: bool = False) -> None:
        self._probabilities, self._llrs = np.asarray(probabilities, float), np.asarray(llrs, float)
        there = self._probabilities > 0
        self._probabilities, self._llrs = self._probabilities[there], self._llrs[there]
        self.singular = singular

    def bit_llrs(self) -> tuple[Array, Array]:
        """Those that were given; copies."""
        return self._llrs.copy(), self._probabilities.copy()

    def parts(self, s: float = 1.0, *, fine: bool = True) -> tuple[Part, ...]:
        """One part, ln 2 - ln(1 + exp(-s L))."""
        return (Part(self._probabilities, math.log(2) - np.logaddexp(0, -s * self._llrs)),)
