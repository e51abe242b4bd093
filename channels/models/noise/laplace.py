"""BPSK with additive Laplace noise, whose tails model impulses.

J. H. Miller and J. B. Thomas, "Detectors for discrete-time signals in non-Gaussian noise", 1972.
"""

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from ....vectors.groups import SOFT, GroupInput, Reads, Soft, Words
from ...decibels import from_db
from ...information.law import LLRLaw
from ...parameter import EBNO, ESNO, Parameter
from ...streams.stream import Stream
from ..channel import LLR_MAX, Channel, Examples, Signal, check_signal, of_one_pass
from ..mean_energy import MeanEnergy, gaussian_of
from .laplace_kernels import laplace_llr_groups


class Laplace(MeanEnergy, Channel):
    """Laplace noise of the variance that Gaussian noise would have, N0 / 2, on BPSK.

    Bit 0 is sent as +1 and bit 1 as -1. The density of the noise x is exp(-|x| / b) / (2 b), b^2 = N0 / 4.

    Parameters
    ----------
    ebno_db, esno_db
        Eb/N0 or Es/N0 in dB, one of them; it, and Es/N0, must lie in [-100, 100].
    rate
        Code rate k / n. Needed with ``ebno_db``.

    Raises
    ------
    ValueError
        If not exactly one of the two is given, the rate is missing, or a number is outside its range.

    Examples
    --------
    >>> round(Laplace(esno_db=0).capacity("bpsk"), 4)
    0.7196
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EBNO, ESNO)
    definitions: ClassVar[Mapping[str, str]] = {each.name: each.definition for each in (EBNO, ESNO)}
    examples: ClassVar[Examples] = ({"esno_db": 0.0}, {"ebno_db": 4.0}, {"esno_db": -15.0}, {"esno_db": 50.0})

    def __init__(
        self, *, ebno_db: float | None = None, esno_db: float | None = None, rate: float | None = None
    ) -> None:
        self._gaussian = gaussian_of("laplace", ebno_db, esno_db, rate)
        self._scale = self._gaussian.sigma / math.sqrt(2)

    @property
    def scale(self) -> float:
        """The mean size b of the noise."""
        return self._scale

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """LLRs (|y + 1| - |y - 1|) / b: what is received, clipped to +-1, times 2 / b."""
        self.check_words(words, stream)
        law = np.float32(self.scale), np.float32(LLR_MAX)

        def put(steps: np.float32 | None, llr: Soft) -> None:
            laplace_llr_groups(stream.state, words, *law, steps, llr)

        return of_one_pass(words.shape, stream.frames, reads, put)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Bits a use: of BPSK, or an upper bound for any input of this power.

        With t = 1 / b BPSK reaches 1 - (ln(1 + exp(-2 t)) + exp(-t) (pi / 2 - 2 atan(exp(-t)))) / ln 2. No
        input reaches more than 1/2 log2(pi / e (1 + t^2 / 2)), since what is received has no more entropy
        than a Gaussian of its power (Cover and Thomas, 2006, theorem 8.6.5), nor more than (t - 1 + exp(-t))
        / ln 2: the mean divergence from the noise alone, t |x| - 1 + exp(-t |x|), is concave in the energy
        x^2. Raises ValueError for another ``signal``.
        """
        check_signal(signal)
        t = math.sqrt(4 * from_db(self.esno_db))
        if signal != "gaussian":
            lost = math.log1p(math.exp(-2 * t)) + math.exp(-t) * (math.pi / 2 - 2 * math.atan(math.exp(-t)))
            return 1 - lost / math.log(2)
        by_entropy = (math.log(math.pi) - 1 + math.log1p(t * t / 2)) / 2
        by_divergence = t * t / 2 - t**3 / 6 + t**4 / 24 if t < 1e-3 else t + math.expm1(-t)
        return min(by_entropy, by_divergence) / math.log(2)

    def law(self) -> LLRLaw:
        """Of the LLR of what is received, which is 2 / b beyond +1 and -2 / b beyond -1.

        Raises ValueError above an Es/N0 of 30 dB, where errors are rarer than e^-100.
        """
        if self.esno_db > 30:
            raise ValueError(f"esno_db must be at most 30 dB for bounds, got {self.esno_db:g}")
        t = 1 / self.scale
        x, w = np.polynomial.legendre.leggauss(16)
        # In between it is 2 y / b, y of density exp(-(1 - y) / b) / (2 b): pieces of at most 1/4 in y / b.
        ends = np.linspace(-t, t, math.ceil(8 * t) + 64)
        half = np.diff(ends)[:, None] / 2
        place = (ends[:-1, None] + half + half * x).ravel()
        density = (half * w * np.exp(place.reshape(len(half), -1) - t) / 2).ravel()
        beyond = [0.5, math.exp(-2 * t) / 2]
        return LLRLaw(np.concatenate([beyond, density]), np.concatenate([[2 * t, -2 * t], 2 * place]))

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        """exp(-1 / b) / 2; uncoded, Eb = Es."""
        return math.exp(-math.sqrt(4 * from_db(value))) / 2

    def __repr__(self) -> str:
        ebno = "" if self.ebno_db is None else f", ebno_db={self.ebno_db!r}"
        return f"Laplace(esno_db={self.esno_db!r}{ebno})"
