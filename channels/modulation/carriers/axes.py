"""Constellations whose labels have bits of each real dimension by itself, such as BPSK, QPSK and PAM.

J. G. Proakis and M. Salehi, "Digital Communications", 5th ed., 2008, sections 3.2 and 4.3.
"""

import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import Words
from ..constellation.constellations import Constellation
from .axis_kernels import awgn_llr_axes, awgn_llr_two_levels, demap_axes, map_axes

Floats = npt.NDArray[np.float64]
#: Points between two levels at which the sign of an LLR is looked at.
GRID = 64


class Axes:
    """Maps and demaps each real dimension of a constellation by itself.

    Parameters
    ----------
    constellation
        Points and labels: on the real axis, or a square whose axes have as many bits each, those of the real
        axis first, or those of both by turns.

    Raises
    ------
    ValueError
        If a bit of the labels depends on both coordinates.
    """

    def __init__(self, constellation: Constellation) -> None:
        self.dimensions = 1 if constellation.is_real else 2
        self.bits = (constellation.order.bit_length() - 1) // self.dimensions
        #: Where in a label the bits of the real axis are, and then those of the other; None if so ordered.
        self._places: npt.NDArray[np.int64] | None = None
        try:
            self._levels = _levels(constellation, constellation.labels, self.bits, self.dimensions)
        except ValueError:
            self._places = np.arange(2 * self.bits).reshape(self.bits, 2).T.ravel()
            labels = np.asarray(constellation.labels)[:, None] >> (2 * self.bits - 1 - self._places) & 1
            first = labels @ (1 << np.arange(2 * self.bits)[::-1])
            self._levels = _levels(constellation, first, self.bits, self.dimensions)

    def map(self, words: Words, samples: npt.NDArray[np.float32]) -> None:
        """Fill samples, float32 (groups, real dimensions, 64), from packed bits."""
        map_axes(self._axis_by_axis(words), self._levels, self.bits, samples)

    def demap(
        self, samples: Any, gains: Any, prior: Any, law: Any, steps: Any, out: Any, own: Any = None
    ) -> None:
        """Fill ``out`` with LLRs; arguments are those of ``axis_kernels.demap_axes``."""
        made = self._room(out)
        prior = None if prior is None else self._axis_by_axis(prior)
        demap_axes(samples, gains, prior, self._levels, self.bits, law, own, steps, made)
        self._by_labels(made, out)

    def observe(self, words: Words, state: Any, sigma: np.float32, law: Any, steps: Any, out: Any) -> None:
        """Fill ``out`` with LLRs of what comes of packed bits over AWGN: see ``awgn_llr_axes``."""
        made, words = self._room(out), self._axis_by_axis(words)
        if self.bits == 1:
            awgn_llr_two_levels(state, words, self._levels, sigma, law, steps, made)
        else:
            awgn_llr_axes(state, words, self._levels, self.bits, sigma, law, steps, made)
        self._by_labels(made, out)

    def _axis_by_axis(self, given: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Bits of labels, (groups, n, ...), with those of the real axis before those of the other."""
        if self._places is None:
            return given
        groups, n, *rest = given.shape
        each = given.reshape(groups, -1, 2 * self.bits, *rest)
        return np.take(each, self._places, axis=2).reshape(groups, n, *rest)

    def _room(self, out: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Where LLRs are to be made that go to ``out``."""
        return out if self._places is None else np.empty_like(out)

    def _by_labels(self, made: npt.NDArray[Any], out: npt.NDArray[Any]) -> None:
        """The inverse of ``_axis_by_axis``, to ``out``."""
        if self._places is not None:
            shape = len(out), -1, 2 * self.bits, GROUP
            out.reshape(shape)[:, :, self._places] = made.reshape(shape)

    def bit_error_rate(self, esno: float, *, exact: bool) -> float:
        """The probability that a bit's LLR has the wrong sign, on average over the bits of a label.

        Sums of Q functions over the intervals of what is received in which a bit is decided alike. Max-log
        decides for the bit of the nearest level, so that intervals end half way between levels; exact LLRs
        for the more probable value of the bit.
        """
        order = np.argsort(self._levels)
        x = self._levels.astype(np.float64)[order] / math.sqrt(0.5 / esno)
        middle = (x[1:] + x[:-1]) / 2
        wrong = 0.0
        for bit in ((order >> i) & 1 for i in range(self.bits)):
            edges = _edges(x, bit) if exact else middle
            inside = np.concatenate([[x[0] - 1], (edges[1:] + edges[:-1]) / 2, [x[-1] + 1]])
            decided = _log_ratio(inside, x, bit, exact=exact) < 0
            wrong += float((_within(edges, x) * (decided != bit[:, None])).sum())
        return wrong / (len(x) * self.bits)


def _levels(
    constellation: Constellation, labels: npt.NDArray[np.int64], bits: int, dimensions: int
) -> npt.NDArray[np.float32]:
    """The level of each label of one dimension, float32 (2^bits), where points have these labels."""
    size = 1 << bits
    levels = np.full(size, np.nan)
    for point, label in zip(constellation.points, labels, strict=True):
        parts = (
            ((label // size, point.real), (label % size, point.imag))
            if dimensions == 2
            else ((label, point.real),)
        )
        for own, level in parts:
            if own >= size or not (
                np.isnan(levels[own]) or math.isclose(levels[own], level, rel_tol=0, abs_tol=1e-12)
            ):
                raise ValueError(f"{constellation!r} has no labels of each axis by itself")
            levels[own] = level
    return levels.astype(np.float32)


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
