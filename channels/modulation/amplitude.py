"""Modulations that send amplitudes on each real dimension by itself: BPSK, QPSK, PAM.

J. G. Proakis and M. Salehi, "Digital Communications", 5th ed., 2008, sections 3.2 and 4.3.
"""

import itertools
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.expected import expect_contiguous
from ...vectors.group_kernels import GROUP
from ...vectors.groups import SOFT, GroupInput, Reads, Soft, Words
from ..models.channel import LLR_MAX
from ..models.observation import Observation
from .constellations import Constellation, as_order, pam, psk
from .modulation import Modulation
from .modulation_kernels import Law, demap_groups, map_groups

Demapper = Literal["exact", "max-log"]
Floats = npt.NDArray[np.float64]
#: Points between two levels at which the sign of an LLR is looked at.
GRID = 64
#: Most levels of pulse-amplitude modulation.
MOST_LEVELS = 64


class AmplitudeModulation(Modulation):
    """Each real dimension takes some bits of the label, by itself.

    Parameters
    ----------
    constellation
        Points and labels: on the real axis, or a square whose axes have as many bits each, those of the real
        axis first.
    demapper
        ``exact``: LLRs are those of the sums of probabilities. ``max-log``: of the largest ones, the nearest
        point with each value of the bit.

    Raises
    ------
    ValueError
        If ``demapper`` is neither, or a bit of the labels depends on both coordinates.
    """

    def __init__(self, constellation: Constellation, demapper: Demapper = "exact") -> None:
        super().__init__(constellation)
        if demapper not in ("exact", "max-log"):
            raise ValueError(f"demapper must be exact or max-log, got {demapper!r}")
        self._exact = demapper == "exact"
        self._bits = self.bits_per_symbol // self.dimensions
        self._levels = self._axis_levels()

    def _axis_levels(self) -> npt.NDArray[np.float32]:
        """The level of each label of one dimension, float32 (2^bits)."""
        points, labels = self.constellation.points, self.constellation.labels
        size = 1 << self._bits
        levels = np.full(size, np.nan)
        for point, label in zip(points, labels, strict=True):
            parts = (
                ((label // size, point.real), (label % size, point.imag))
                if self.dimensions == 2
                else ((label, point.real),)
            )
            for own, level in parts:
                if not np.isnan(levels[own]) and not math.isclose(levels[own], level, abs_tol=1e-12):
                    raise ValueError(f"{self.constellation!r} has no labels of each axis by itself")
                levels[own] = level
        return levels.astype(np.float32)

    @property
    def demapper(self) -> Demapper:
        """``exact`` or ``max-log``."""
        return "exact" if self._exact else "max-log"

    def map_words(self, words: Words) -> npt.NDArray[np.float32]:
        """Samples of groups of 64 frames, float32 (groups, real dimensions, 64)."""
        samples = np.empty((len(words), words.shape[1] // self._bits, GROUP), np.float32)
        map_groups(words, self._levels, self._bits, samples)
        return samples

    def demap(
        self, observation: Observation, reads: Reads = SOFT, prior: npt.NDArray[np.float32] | None = None
    ) -> GroupInput:
        """LLRs of groups of 64 frames, of magnitudes up to ``LLR_MAX``."""
        samples = observation.samples
        groups, dimensions = samples.shape[:2]
        expect_contiguous("samples", samples, np.float32, (groups, dimensions, GROUP))
        if dimensions % self.dimensions:
            raise ValueError(f"samples have {self.dimensions} real dimensions each, got {dimensions} in all")
        if observation.gains is not None:
            expect_contiguous("gains", observation.gains, np.float32, samples.shape)
        if prior is not None:
            expect_contiguous("prior", prior, np.float32, (groups, dimensions * self._bits, GROUP))
        direct = reads.kind == "soft" and reads.precision in ("float32", "int8")
        llr: Soft = np.empty((groups, dimensions * self._bits, GROUP), reads.dtype if direct else np.float32)
        steps = np.float32(reads.steps) if direct and reads.steps is not None else None
        gains, limit = observation.gains, np.float32(LLR_MAX)
        law = Law(np.float32(0.5 / observation.noise_variance), self._exact, limit)
        demap_groups(samples, gains, prior, self._levels, self._bits, law, steps, llr)
        given = GroupInput(observation.counted, llr=llr)
        return given if direct else GroupInput.of_lanes(given.lanes(), reads)

    def uncoded_ber(self, esno: float) -> float:
        """The probability that a bit's LLR has the wrong sign, on average over the bits of a label.

        Sums of Q functions over the intervals of what is received in which a bit is decided alike. Max-log
        decides for the bit of the nearest level, so that intervals end half way between levels; exact LLRs
        for the more probable value of the bit.
        """
        order = np.argsort(self._levels)
        x = self._levels.astype(np.float64)[order] / math.sqrt(0.5 / esno)
        middle = (x[1:] + x[:-1]) / 2
        wrong = 0.0
        for bit in ((order >> i) & 1 for i in range(self._bits)):
            edges = _edges(x, bit) if self._exact else middle
            inside = np.concatenate([[x[0] - 1], (edges[1:] + edges[:-1]) / 2, [x[-1] + 1]])
            decided = _log_ratio(inside, x, bit, exact=self._exact) < 0
            wrong += float((_within(edges, x) * (decided != bit[:, None])).sum())
        return wrong / (len(x) * self._bits)


def _log_ratio(y: Floats, x: Floats, bit: npt.NDArray[np.int64], *, exact: bool) -> Floats:
    """The LLR of a bit of the label at y, for levels x and noise of variance 1."""
    metric = -((y[:, None] - x) ** 2) / 2
    add = np.logaddexp if exact else np.maximum
    llr: Floats = add.reduce(metric[:, bit == 0], axis=1) - add.reduce(metric[:, bit == 1], axis=1)
    return llr


def _edges(x: Floats, bit: npt.NDArray[np.int64]) -> Floats:
    """Where the sign of a bit's exact LLR changes, ascending: looked for on a grid, then halved to."""
    steps = np.linspace(0, 1, GRID, endpoint=False)
    grid = np.concatenate(
        [(low + (high - low) * steps) for low, high in itertools.pairwise([x[0] - 9, *x, x[-1] + 9])]
    )
    sign = _log_ratio(grid, x, bit, exact=True) < 0
    at = np.flatnonzero(sign[1:] != sign[:-1])
    low, high = grid[at], grid[at + 1]
    for _ in range(60):
        middle = (low + high) / 2
        like_low = (_log_ratio(middle, x, bit, exact=True) < 0) == sign[at]
        low, high = np.where(like_low, middle, low), np.where(like_low, high, middle)
    return low


def _within(edges: Floats, x: Floats) -> Floats:
    """The probability of each interval between edges, those at both ends included, for each level sent."""
    above = np.array([[math.erfc((edge - sent) / math.sqrt(2)) / 2 for edge in edges] for sent in x])
    ends = np.pad(above.reshape(len(x), -1), ((0, 0), (1, 1)), constant_values=((0, 0), (1, 0)))
    return -np.diff(ends, axis=1)


class BPSK(AmplitudeModulation):
    """Binary phase-shift keying: 0 is sent as +1, 1 as -1. Both demappers are the same."""

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    def __init__(self) -> None:
        super().__init__(pam(2))


class QPSK(AmplitudeModulation):
    """Quaternary phase-shift keying with Gray labels: two BPSKs, the first bit on the real axis.

    Both demappers are the same: each axis carries one bit.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ({},)

    def __init__(self, *, demapper: Demapper = "exact") -> None:
        first = psk(4, math.pi / 4)
        signs = (first.points.real < 0) * 2 + (first.points.imag < 0)
        super().__init__(Constellation(first.points, signs, "QPSK"), demapper)


class PAM(AmplitudeModulation):
    """Pulse-amplitude modulation: equidistant real levels, Gray labels.

    Parameters
    ----------
    order
        The number of levels: a power of two from 2 to 64.
    demapper
        ``exact`` or ``max-log``.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"order": 4},
        {"order": 4, "demapper": "max-log"},
        {"order": 8},
    )

    def __init__(self, *, order: int, demapper: Demapper = "exact") -> None:
        super().__init__(pam(as_order(order, MOST_LEVELS)), demapper)


#: The modulations that a configuration may name.
MODULATIONS: Mapping[str, Any] = {"bpsk": BPSK, "qpsk": QPSK, "pam": PAM}
