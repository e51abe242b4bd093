"""BPSK with impulsive noise: Middleton's class A, and the model of Bernoulli and Gauss.

D. Middleton, "Statistical-physical models of electromagnetic interference", 1977; A. D. Spaulding and D.
Middleton, "Optimum reception in an impulsive interference environment", 1977; M. Ghosh, "Analysis of the
effect of impulse noise on multicarrier and single carrier QAM systems", 1996.
"""

import math
from collections.abc import Mapping
from functools import cached_property, partial
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.batches import as_batch, lanes_of, one_or_all
from ....vectors.group_kernels import GROUP
from ....vectors.groups import SOFT, GroupInput, Reads, Soft, Words, grouped, packed, ungrouped
from ...elementwise import as_number
from ...information.measures import excess
from ...numerics import integral
from ...parameter import EBNO, ESNO, Parameter
from ...streams.stream import Stream
from ..awgn import awgn_capacity
from ..channel import LLR_MAX, Channel, Examples, LLRs, Signal, check_signal, of_one_pass
from ..mean_energy import MeanEnergy, gaussian_of
from .mixture_kernels import mixture_llr_groups, send_through_mixture

Floats = npt.NDArray[np.float64]
#: Numbers of impulses that together are less likely than this never occur.
LEAST = 2.0**-60
#: The least and the greatest impulsive index of class A, and Gaussian factor.
INDEX, FACTOR = (1e-6, 10.0), (1e-6, 1e6)
#: Standard deviations from a level where a density is looked at first.
NEAR = np.array([0.5, 1, 2, 3, 5, 8, 12, 20, 38])


class Impulsive(MeanEnergy, Channel):
    """BPSK with Gaussian noise and impulses, each of them Gaussian too; their mean power is N0 / 2.

    Bit 0 is sent as +1 and bit 1 as -1. With m impulses at once the noise is Gaussian of variance
    (m / A + G) / (1 + G) N0 / 2, with A the impulsive index and G the Gaussian factor.

    Parameters
    ----------
    ebno_db, esno_db
        Eb/N0 or Es/N0 in dB, one of them; it, and Es/N0, must lie in [-100, 100].
    impulsive_index
        A, the mean number of impulses at a time: the smaller, the rarer and stronger they are. From 1e-6 to
        10, and with ``bernoulli-gauss``, where it is the probability of an impulse, to 1.
    gaussian_factor
        G, the power of the Gaussian noise over that of the impulses, from 1e-6 to 10^6.
    model
        The law of m: ``middleton``, class A, Poisson's; ``bernoulli-gauss``, 1 with probability A and else 0.
        Numbers m that together have a probability below 2^-60 are left out.
    rate
        Code rate k / n. Needed with ``ebno_db``.

    Raises
    ------
    ValueError
        If not exactly one of the two is given, the rate is missing, or a number is outside its range.

    Examples
    --------
    >>> round(Impulsive(esno_db=0, impulsive_index=0.1, gaussian_factor=0.1).capacity("bpsk"), 4)
    0.8546
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EBNO, ESNO)
    definitions: ClassVar[Mapping[str, str]] = {each.name: each.definition for each in (EBNO, ESNO)}
    examples: ClassVar[Examples] = (
        {"esno_db": -3.0, "impulsive_index": 0.1, "gaussian_factor": 0.1},
        {"ebno_db": 2.0, "impulsive_index": 0.05, "gaussian_factor": 0.01, "model": "bernoulli-gauss"},
    )

    def __init__(
        self,
        *,
        ebno_db: float | None = None,
        esno_db: float | None = None,
        impulsive_index: float,
        gaussian_factor: float,
        model: Literal["middleton", "bernoulli-gauss"] = "middleton",
        rate: float | None = None,
    ) -> None:
        self._gaussian = gaussian_of("impulsive", ebno_db, esno_db, rate)
        if model not in ("middleton", "bernoulli-gauss"):
            raise ValueError(f"model must be middleton or bernoulli-gauss, got {model!r}")
        index = as_number(impulsive_index, "impulsive_index")
        factor = as_number(gaussian_factor, "gaussian_factor")
        most = 1.0 if model == "bernoulli-gauss" else INDEX[1]
        if not INDEX[0] <= index <= most:
            raise ValueError(f"impulsive_index must lie in [{INDEX[0]:g}, {most:g}], got {index:g}")
        if not FACTOR[0] <= factor <= FACTOR[1]:
            raise ValueError(f"gaussian_factor must lie in [{FACTOR[0]:g}, {FACTOR[1]:g}], got {factor:g}")
        self._index, self._factor, self._model = index, factor, model
        self._weights = _poisson(index) if model == "middleton" else np.array([1 - index, index])
        numbers = np.arange(len(self._weights))
        self._deviations = self._gaussian.sigma * np.sqrt((numbers / index + factor) / (1 + factor))
        there = self._weights > 0
        self._weights, self._deviations = self._weights[there], self._deviations[there]

    @property
    def components(self) -> tuple[Floats, Floats]:
        """Probabilities of the numbers of impulses, and the noise's standard deviations; float64, copies."""
        return self._weights.copy(), self._deviations.copy()

    @cached_property
    def _law(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Where the components end among numbers of 64 bits, and their deviations: for kernels."""
        ends = np.minimum(np.cumsum(self._weights)[:-1], np.nextafter(1.0, 0.0))
        return np.ldexp(ends, 64).astype(np.uint64), self._deviations.astype(np.float32)

    @cached_property
    def _density(self) -> tuple[Floats, Floats]:
        """c and h of the noise's density, the sum of exp(c - h x^2) / sqrt(2 pi) over the components."""
        return np.log(self._weights / self._deviations), 0.5 / self._deviations**2

    def _sent(self, words: Words, stream: Stream) -> npt.NDArray[np.float32]:
        out = np.empty((*words.shape, GROUP), np.float32)
        send_through_mixture(stream.state, words, *self._law, out)
        return out

    def _put_llr(self, samples: Soft, steps: np.float32 | None, llr: Soft) -> None:
        logs, slopes = (each.astype(np.float32) for each in self._density)
        mixture_llr_groups(samples, logs, slopes, np.float32(LLR_MAX), steps, llr)

    def transmit(self, word: Any, stream: Stream) -> npt.NDArray[np.float32]:
        """(1 - 2 word) + noise: float32, shape (frames, n). Takes three words a bit."""
        lanes = self.check_word(word, stream)
        return one_or_all(word, ungrouped(self._sent(packed(lanes.T), stream), stream.frames).T)

    def llr(self, received: Any) -> LLRs:
        """ln f(y - 1) / f(y + 1), f the density of the noise, clipped to +-LLR_MAX: float32, (frames, n)."""
        batch = as_batch(received, None, "received")
        if batch.dtype.kind not in "iuf":
            raise ValueError(f"received must hold real numbers, got {batch.dtype}")
        groups = grouped(lanes_of(batch, np.float32))
        self._put_llr(groups, None, groups)
        return one_or_all(received, ungrouped(groups, len(batch)).T)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """What is received, and then its LLRs in the type that the decoder reads."""
        self.check_words(words, stream)
        samples = self._sent(words, stream)
        return of_one_pass(words.shape, stream.frames, reads, partial(self._put_llr, samples))

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Bits a use: of BPSK, to 1e-10, or an upper bound for any input of this power.

        No input reaches more than with a receiver that knows the number of impulses, the mean of log2(1 +
        SNR) / 2 over it, nor more than log2(2 pi e (1 + N0 / 2)) / 2 less the entropy of the noise, since
        what is received has no more entropy than a Gaussian of its power (Cover and Thomas, 2006, theorem
        8.6.5). Raises ValueError for another ``signal``.
        """
        check_signal(signal)
        if signal != "gaussian":
            return self._bpsk
        told = float(self._weights @ awgn_capacity(0.5 / self._deviations**2))
        power = float(self._weights @ self._deviations**2)
        by_entropy = math.log(2 * math.pi * math.e * (1 + power)) / 2 - self._entropy
        return min(told, by_entropy / math.log(2))

    def _log_density(self, x: Floats) -> Floats:
        """ln f(x) of the noise, float64, for x of any shape."""
        logs, slopes = self._density
        terms = logs[:, None] - slopes[:, None] * x.ravel() ** 2
        top = terms.max(0)
        found = top + np.log(np.exp(terms - top).sum(0)) - math.log(2 * math.pi) / 2
        return np.asarray(found.reshape(x.shape))

    @property
    def _steps(self) -> Floats:
        """How far from a level parts of an integral end: near ones for each size of deviations."""
        sizes = [self._deviations[0]]
        for deviation in self._deviations[1:]:
            if deviation > 1.5 * sizes[-1]:
                sizes.append(deviation)
        return np.asarray(np.multiply.outer([*sizes, self._deviations[-1]], NEAR).ravel())

    @cached_property
    def _bpsk(self) -> float:
        """The integral over y > 0 of f(y - 1) + f(y + 1) times what an LLR of y tells, 1 - H."""

        def told(y: Floats) -> Floats:
            zero, one = self._log_density(y - 1), self._log_density(y + 1)
            bias = np.tanh((zero - one) / 2)  # P(0) - P(1)
            # The divergence of a law with this bias from the even one, which does not cancel.
            known: Floats = (excess(bias) + excess(-bias)) / 2
            return (np.exp(zero) + np.exp(one)) * known

        steps = self._steps
        edges = np.concatenate([[0, 1], 1 + steps, 1 - steps])
        return min(integral(told, np.unique(edges[edges >= 0])) / math.log(2), 1.0)

    @cached_property
    def _entropy(self) -> float:
        """Of the noise, in nats."""

        def surprise(x: Floats) -> Floats:
            log = self._log_density(x)
            return -2 * np.exp(log) * log

        return integral(surprise, np.unique(np.concatenate([[0], self._steps])))

    def modulated_ber(self) -> float:
        """The mean of Q(1 / deviation) over the number of impulses: decisions are signs."""
        from scipy.special import erfc

        return float(self._weights @ erfc(math.sqrt(0.5) / self._deviations)) / 2

    def __repr__(self) -> str:
        ebno = "" if self.ebno_db is None else f", ebno_db={self.ebno_db!r}"
        return (
            f"Impulsive(esno_db={self.esno_db!r}{ebno}, impulsive_index={self._index!r}, "
            f"gaussian_factor={self._factor!r}, model={self._model!r})"
        )


def _poisson(mean: float) -> Floats:
    """Poisson's law up to where what follows is below LEAST, which is left out."""
    numbers = np.arange(100)
    logs = numbers * math.log(mean) - mean - np.array([math.lgamma(m + 1) for m in numbers])
    law = np.exp(logs)
    after = np.cumsum(law[::-1])[::-1]
    kept: Floats = law[after >= LEAST]
    return np.asarray(kept / kept.sum())
