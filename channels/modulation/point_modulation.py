"""Modulations that send signals by their labels, and those whose signals are points of a constellation."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from ...vectors.expected import expect_contiguous
from ...vectors.group_kernels import GROUP
from ...vectors.groups import SOFT, GroupInput, Reads, Words
from ..models.channel import LLR_MAX, of_one_pass
from ..models.observation import Observation
from ..streams.stream import Stream
from .carriers.axes import Axes
from .carriers.axis_kernels import Law
from .carriers.plane import Plane
from .constellation.constellations import Constellation
from .constellation.signals import SignalSet
from .modulation import Modulation

Demapper = Literal["exact", "max-log"]
Floats = npt.NDArray[np.float32]
#: ``Carrier.demap``.
Demap = Callable[..., None]


class Carrier(Protocol):
    """Maps labels and demaps them, in kernels; arguments are those of ``plane_kernels``."""

    def map(self, words: Words, samples: Floats) -> None:
        """Fill samples, float32 (groups, real dimensions, 64), from packed bits."""

    def demap(self, samples: Any, gains: Any, prior: Any, law: Any, steps: Any, out: Any) -> None:
        """Fill ``out`` with LLRs."""


class LabelModulation(Modulation):
    """Sends a signal for each label, and makes LLRs of the metrics of all labels.

    Parameters
    ----------
    signals
        What is sent, with labels.
    demapper
        ``exact``: LLRs are those of the sums of probabilities. ``max-log``: of the largest ones.
    carrier
        What maps and demaps.

    Raises
    ------
    ValueError
        If ``demapper`` is neither, or the signals have no labels.
    """

    _by: Carrier

    def __init__(self, signals: SignalSet, demapper: Demapper, carrier: Carrier) -> None:
        super().__init__(signals)
        if demapper not in ("exact", "max-log"):
            raise ValueError(f"demapper must be exact or max-log, got {demapper!r}")
        self._exact = demapper == "exact"
        self._by = carrier

    @property
    def demapper(self) -> Demapper:
        """``exact`` or ``max-log``."""
        return "exact" if self._exact else "max-log"

    def map_words(self, words: Words) -> npt.NDArray[np.float32]:
        """Samples of groups of 64 frames, float32 (groups, real dimensions, 64)."""
        uses = self.symbols(words.shape[1])
        samples = np.empty((len(words), uses * self.dimensions, GROUP), np.float32)
        self._by.map(words, samples)
        turn(samples, self.quarter_turns)
        return samples

    def demap(self, observation: Observation, reads: Reads = SOFT, prior: Floats | None = None) -> GroupInput:
        """LLRs of groups of 64 frames, of magnitudes up to ``LLR_MAX``."""
        return self._demap_by(self._by.demap, observation, reads, prior)

    def _demap_by(
        self, by: Demap, observation: Observation, reads: Reads, prior: Floats | None
    ) -> GroupInput:
        samples = observation.samples
        groups, dimensions = samples.shape[:2]
        expect_contiguous("samples", samples, np.float32, (groups, dimensions, GROUP))
        if dimensions % self.dimensions:
            raise ValueError(f"symbols have {self.dimensions} real dimensions each, got {dimensions} in all")
        if observation.gains is not None:
            expect_contiguous("gains", observation.gains, np.float32, samples.shape)
        shape = (groups, self.coded_bits(dimensions // self.dimensions), GROUP)
        if prior is not None:
            expect_contiguous("prior", prior, np.float32, shape)
        if self.quarter_turns:
            samples = samples.copy()
            turn(samples, -self.quarter_turns)
        law = self._law(observation.noise_variance)
        put = partial(by, samples, observation.gains, prior, law)
        return of_one_pass(shape, observation.counted, reads, put)

    def _law(self, noise_variance: float) -> Law:
        return Law(np.float32(0.5 / noise_variance), self._exact, np.float32(LLR_MAX))


class PointModulation(LabelModulation):
    """Sends the points of a constellation: each real dimension by itself where the labels allow it.

    Parameters
    ----------
    constellation
        Points and labels.
    demapper
        ``exact``: LLRs are those of the sums of probabilities. ``max-log``: of the largest ones, the nearest
        point with each value of the bit.

    Raises
    ------
    ValueError
        If ``demapper`` is neither, or the constellation has no labels.

    Examples
    --------
    >>> PointModulation(Constellation([1, 1j, -1, -1j], [0, 1, 3, 2])).map([0, 1, 1, 1]).round(1).tolist()
    [1j, (-1+0j)]
    """

    _by: Axes | Plane

    def __init__(self, constellation: Constellation, demapper: Demapper = "exact") -> None:
        super().__init__(constellation, demapper, self._carrier(constellation))

    @staticmethod
    def _carrier(constellation: Constellation) -> Axes | Plane:
        """What maps and demaps."""
        try:
            return Axes(constellation)
        except ValueError:
            return Plane(constellation)

    @property
    def carrier(self) -> Axes | Plane:
        """What maps and demaps."""
        return self._by

    def demap(self, observation: Observation, reads: Reads = SOFT, prior: Floats | None = None) -> GroupInput:
        """LLRs of groups of 64 frames, of magnitudes up to ``LLR_MAX``."""
        if not observation.gain_variance:
            return super().demap(observation, reads, prior)
        return self._demap_by(self._by_energy(observation), observation, reads, prior)

    def _by_energy(self, observation: Observation) -> Demap:
        """What demaps where the noise grows with the energy of a point."""
        constellation = self.constellation
        by = self._by if constellation.is_real else Plane(constellation)
        points = constellation.points[np.argsort(constellation.labels)]
        variance = observation.noise_variance + observation.gain_variance * abs(points) ** 2
        logs = np.log(variance / variance.min()) * (self.dimensions / 2)
        return partial(by.demap, own=np.stack([0.5 / variance, -logs]).astype(np.float32))

    def observe_awgn(self, words: Words, stream: Stream, sigma: float, reads: Reads) -> GroupInput | None:
        """Samples, noise and LLRs in one pass, where each axis is demapped by itself."""
        own = type(self).map_words, type(self).demap
        ours = own == (PointModulation.map_words, PointModulation.demap)
        if not (ours and isinstance(self._by, Axes)) or self.quarter_turns:
            return None
        law = self._law(sigma**2)
        put = partial(self._by.observe, words, stream.state, np.float32(sigma), law)
        return of_one_pass(words.shape, stream.frames, reads, put)

    def uncoded_ber(self, esno: float) -> float | None:
        """The probability that a bit's LLR has the wrong sign, on average over the bits of a label.

        Of the constellations that are demapped by their axes, and of max-log LLRs of all others.
        """
        return self._by.bit_error_rate(esno, exact=self._exact)


def filled(given: Floats | None, value: int, like: npt.NDArray[Any]) -> Floats:
    """What is given, or an array of the shape of another that is ``value`` all over.

    A kernel that takes either, or None, is compiled anew for each case.
    """
    return np.full(like.shape, value, np.float32) if given is None else given


def turn(samples: Any, quarters: int) -> None:
    """Turn samples of two real dimensions, (groups, dimensions, 64), each more than the one before.

    The first is left where it is; ``quarters`` are turns by 90 degrees counterclockwise.
    """
    for number in range(1, 4 if quarters else 1):
        real, imaginary = samples[:, 2 * number :: 8], samples[:, 2 * number + 1 :: 8]
        angle = number * quarters % 4
        if angle == 2:
            np.negative(real, out=real)
            np.negative(imaginary, out=imaginary)
        elif angle:
            sign = 1 if angle == 1 else -1
            real[:], imaginary[:] = -sign * imaginary, sign * real.copy()
