"""What checks make of the densities of their messages, exact on the grid of LLRs.

Chung, Forney, Richardson and Urbanke, "On the design of low-density parity-check codes within 0.0045 dB of
the Shannon limit", 2001, for the quantised check; Chen, Dholakia, Eleftheriou, Fossorier and Hu,
"Reduced-complexity decoding of LDPC codes", 2005, for min-sum's.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from .llr_grid import Grid, Values

#: Densities as ``Grid.halves``: where a message is the product of others' signs, both halves multiply.
Halves = Values


class CheckRule(ABC):
    """A check's operation on densities given as ``Grid.halves``, float64 (2, points + 1)."""

    @abstractmethod
    def powers(self, message: Halves, counts: Mapping[int, float]) -> Halves:
        """The mixture, by its shares, of what the check makes of so many equal independent messages."""

    @abstractmethod
    def pair(self, first: Halves, second: Halves) -> Halves:
        """What it makes of two messages, before ``finished``."""

    def finished(self, message: Halves) -> Halves:
        """What is sent once all messages are together."""
        return message


class SumProduct(CheckRule):
    """2 artanh(tanh(a / 2) tanh(b / 2)) of two messages at a time, each time rounded to the grid.

    The result for a <= b is a less a correction of at most ln 2: for each a and each rounded correction the b
    that have it are neighbours, so that sums of the densities from one b to another do.
    """

    def __init__(self, grid: Grid) -> None:
        self._tables = _corrections(grid.step, grid.points)

    def powers(self, message: Halves, counts: Mapping[int, float]) -> Halves:
        """See ``CheckRule``."""
        known: dict[int, Halves] = {1: message}

        def power(count: int) -> Halves:
            if count not in known:
                half = count // 2 if count - 1 not in known else count - 1
                known[count] = self.pair(power(half), power(count - half))
            return known[count]

        total = np.zeros_like(message)
        for count in sorted(counts):
            total += counts[count] * (certain(message) if count == 0 else power(count))
        return total

    def pair(self, first: Halves, second: Halves) -> Halves:
        """See ``CheckRule``."""
        at, strictly = self._tables
        # For each correction: pairs whose lesser or equal one is of ``first``, then those with it of
        # ``second``.
        found = _differences(second, at) * first[:, None, :]
        found += _differences(first, strictly) * second[:, None, :]
        return _moved(found)


class MinSum(CheckRule):
    """The least magnitude, times ``scale``, less ``offset``, at least 0."""

    def __init__(self, grid: Grid, scale: float = 1.0, offset: float = 0.0) -> None:
        self._grid, self._plain = grid, scale == 1 and offset == 0
        place = np.clip((scale * grid.magnitudes - offset) / grid.step, 0, grid.points)
        self._below = np.floor(place + 1e-9).astype(np.int64)
        self._part = np.maximum(place - self._below, 0.0)

    def powers(self, message: Halves, counts: Mapping[int, float]) -> Halves:
        """See ``CheckRule``."""
        tails = message[:, ::-1].cumsum(axis=1)[:, ::-1]
        mixed = sum((share * tails**count for count, share in counts.items()), np.zeros_like(tails))
        return self.finished(-np.diff(mixed, append=0.0))

    def pair(self, first: Halves, second: Halves) -> Halves:
        """See ``CheckRule``."""
        tails = first[:, ::-1].cumsum(axis=1)[:, ::-1] * second[:, ::-1].cumsum(axis=1)[:, ::-1]
        return np.asarray(-np.diff(tails, append=0.0))

    def finished(self, message: Halves) -> Halves:
        """With factor and offset."""
        if self._plain:
            return np.asarray(message)
        size = message.shape[1]
        found = np.empty_like(message)
        for half in range(2):
            moved = np.bincount(self._below, message[half] * (1 - self._part), size + 1)
            moved += np.bincount(self._below + 1, message[half] * self._part, size + 1)[: size + 1]
            found[half] = moved[:size]
        found[1, 0] = 0.0  # what has become 0 has no sign
        return found


def certain(message: Halves) -> Halves:
    """The density of a message that is certain: what a check with one edge sends."""
    found = np.zeros_like(message)
    found[:, -1] = 1.0
    return found


def _differences(message: Halves, ends: npt.NDArray[np.int64]) -> Values:
    """Sums of a density between ends, shape (corrections + 1, points + 1), for each correction."""
    sums = np.zeros((2, message.shape[1] + 1))
    np.cumsum(message, axis=1, out=sums[:, 1:])
    before = np.take(sums, ends, axis=1, mode="clip")
    return np.asarray(before[:, :-1] - before[:, 1:])


def _moved(found: Values) -> Halves:
    """What is at magnitude m + k with correction k, for all k, added up at m."""
    halves, corrections, size = found.shape
    room = np.zeros((halves, corrections, size + corrections))
    room[:, :, :size] = found
    a, b, c = room.strides
    moved = np.lib.stride_tricks.as_strided(room, (halves, corrections, size), (a, b + c, c), writeable=False)
    return np.asarray(moved.sum(axis=1))


@lru_cache(maxsize=4)
def _corrections(step: float, points: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where, for each lesser magnitude of two, the greater ones with each correction begin.

    Shape (corrections + 1, points + 1): those with correction k are from row k + 1 to before row k. In the
    second table the greater one is not equal to the lesser.
    """
    most = math.ceil(math.log(2) / step) + 1
    ends = np.empty((most + 2, points + 1), np.int64)
    ends[0] = points + 1
    magnitude = step * np.arange(points + 1)
    for lesser in range(points + 1):
        a, b = magnitude[lesser], magnitude[lesser:]
        result = a + np.log1p(np.exp(-a - b)) - np.log1p(np.exp(a - b))
        correction = lesser - np.rint(result / step).astype(np.int64)
        # corrections fall as the greater one grows
        ends[1:, lesser] = lesser + np.searchsorted(-correction, -np.arange(most + 1))
    return ends, np.maximum(ends, np.minimum(np.arange(points + 1) + 1, points + 1))
