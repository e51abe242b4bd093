"""Densities of what variables send: sums of the channel's LLR and of messages, on the grid of LLRs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, next_fast_len, rfft

from .llr_grid import Grid, Values

Spectrum = npt.NDArray[np.complex128]
#: As many messages are added at once; of more, sums of sums are, each cut at the end of the grid. What one
#: more message would still change there is an error probability of exp(-reach).
AT_ONCE = 8
#: Grids of at most so many points on a side are convolved directly, which leaves nothing where there is
#: nothing.
SMALL = 100


class Sums(ABC):
    """Sums over degrees: of ``sent`` variables with the channel, of ``hidden`` ones without.

    Both are the shares of the edges by the number of messages that are added.
    """

    @abstractmethod
    def of(self, channel: Values, told: Values) -> Values:
        """The density of the sums, from those of the channel's LLR and of a message."""


def sums_for(grid: Grid, sent: Mapping[int, float], hidden: Mapping[int, float]) -> Sums:
    """The sums on a grid."""
    return (DirectSums if grid.points <= SMALL else TransformedSums)(grid, sent, hidden)


class DirectSums(Sums):
    """By convolutions, without a transform: zeros stay zeros.

    Where all messages are odd multiples of one size, or all are even ones, they remain so: sums beyond the
    end are moved to the last place of their kind.
    """

    def __init__(self, grid: Grid, sent: Mapping[int, float], hidden: Mapping[int, float]) -> None:
        self._grid, self._sent, self._hidden = grid, sent, hidden

    def of(self, channel: Values, told: Values) -> Values:
        """See ``Sums``."""
        known = {0: np.ones(1), 1: told}
        found = np.zeros_like(told)
        for shares, own in ((self._sent, channel), (self._hidden, np.ones(1))):
            for count, share in shares.items():
                found += share * self._clipped(np.convolve(own, _power(known, count, np.convolve)))
        return found

    def _clipped(self, sums: Values) -> Values:
        points, middle = self._grid.points, len(sums) // 2
        found = np.zeros(2 * points + 1)
        reach = min(points, middle)
        found[points - reach : points + reach + 1] = sums[middle - reach : middle + reach + 1]
        for beyond, last, before in (
            (sums[middle + points + 1 :], 2 * points, 2 * points - 1),
            (sums[max(middle - points, 0) - 1 :: -1] if middle > points else sums[:0], 0, 1),
        ):
            found[before] += beyond[::2].sum()
            found[last] += beyond[1::2].sum()
        return found


class TransformedSums(Sums):
    """By fast Fourier transforms."""

    def __init__(self, grid: Grid, sent: Mapping[int, float], hidden: Mapping[int, float]) -> None:
        self._grid, self._sent, self._hidden = grid, sent, hidden
        most = min(max([*sent, *hidden]), AT_ONCE)
        self._size = next_fast_len(2 * grid.points * (most + 1) + 2, real=True)

    def of(self, channel: Values, told: Values) -> Values:
        """See ``Sums``."""
        message = self._spectrum(told)
        powers: dict[int, Spectrum] = {1: message}
        known: dict[int, Values] = {}

        def mixed(shares: Mapping[int, float]) -> Spectrum:
            total = np.zeros_like(message)
            for count, share in shares.items():
                if count == 0:
                    total += share
                elif count <= AT_ONCE:
                    total += share * _power(powers, count, np.multiply)
                else:
                    total += share * self._spectrum(self._many(count, powers, known))
            return total

        found = self._spectrum(channel) * mixed(self._sent) + mixed(self._hidden)
        return self._density(found)

    def _many(self, count: int, powers: dict[int, Spectrum], known: dict[int, Values]) -> Values:
        """The density of the sum of many messages, cut at the end of the grid."""
        if count not in known:
            if count <= AT_ONCE:
                known[count] = self._density(_power(powers, count, np.multiply))
            else:
                first = self._spectrum(self._many(count // 2, powers, known))
                second = (
                    first if count % 2 == 0 else self._spectrum(self._many(count - count // 2, powers, known))
                )
                known[count] = self._density(first * second)
        return known[count]

    def _spectrum(self, density: Values) -> Spectrum:
        points = self._grid.points
        padded = np.zeros(self._size)
        padded[: points + 1] = density[points:]
        padded[-points:] = density[:points]
        return np.asarray(rfft(padded))

    def _density(self, spectrum: Spectrum) -> Values:
        # 0 stands first, and what is negative last
        sums = np.roll(irfft(spectrum, self._size), self._size // 2)
        return np.maximum(self._grid.clipped(sums, self._size // 2), 0.0)


def _power(known: dict[int, Any], count: int, times: Callable[[Any, Any], Any]) -> Any:
    """The power of a product that ``known`` has the first of, by halves; all are kept."""
    if count not in known:
        half = count - 1 if count - 1 in known else count // 2
        known[count] = times(_power(known, half, times), _power(known, count - half, times))
    return known[count]
