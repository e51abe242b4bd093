"""Probabilities of sums of independent terms by convolutions on a lattice, for any terms.

Relative errors are some 1e-6 with 2^17 points, and more for sums within a tenth of the greatest.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from .logs import Floats

Complexes = NDArray[np.complex128]
#: P[I < gamma], E[exp(gamma - I); I >= gamma], and their sum, E[min(1, exp(gamma - I))].
Kind = Literal["below", "tilted", "union"]

_RELIABLE = math.log(1e-8)


class Sampled(Protocol):
    """A term i of a sum, as a lattice asks for it.

    Attributes
    ----------
    greatest
        The greatest value of i.
    """

    greatest: float | None

    def __hash__(self) -> int:
        """Terms are told apart by what they are, for a cache."""

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """ln phi(z), phi(z) = E[exp(-z i)], for a real z, with its first and second derivative."""

    def furthest(self, z: float, least: float) -> float:
        """How far below the greatest i lies with a probability, tilted by exp(-z i), of at least this."""

    def log_tail(self, distance: float) -> float:
        """ln P[i is further below its greatest value than this]."""

    def sample(self, step: float, cells: int) -> tuple[Floats, Floats]:
        """ln of probabilities, and the distances below the greatest value that have them: two or more a cell.

        Cells have this width and their middles at its multiples; what is beyond the last goes into it.
        """


#: Terms, and how many of each are added up.
Terms = tuple[tuple[Sampled, int], ...]


def cumulants_of_sum(terms: Terms, z: float) -> tuple[float, float, float]:
    """ln E[exp(-z I)] of the sum I for a real z, with its first and second derivative."""
    found = [(count, term.cumulants(z)) for term, count in terms]
    value, slope, bend = (math.fsum(count * each[k] for count, each in found) for k in range(3))
    return value, slope, bend


class LatticeSum:
    """A sum of independent terms by convolutions on a lattice, for sums that have next to no density.

    The terms' distances below their greatest values are tilted by exp(-z i), which moves the mean of the sum
    to where it is asked for, and laid on a lattice from 0 on: each on the three points around it, so that
    mean and variance stay; weights may be negative. They are convolved by the discrete Fourier transform.

    Parameters
    ----------
    terms
        The terms, with finite greatest values.
    z
        The tilt, in [0, 1].
    size
        Points of the lattice, a power of two. Errors fall with its square.
    """

    def __init__(self, terms: Terms, z: float, size: int) -> None:
        self._terms, self._z = terms, z
        self._greatest = sum(count * _greatest(term) for term, count in terms)
        self._log_mgf, slope, variance = cumulants_of_sum(terms, z)
        # It must hold the rare terms that are far from all others, which at low noise the sum hangs on. What
        # lies further off than half of the lattice would be wrapped around: it goes to its end.
        spread = math.sqrt(variance)
        furthest = max(term.furthest(z, 1e-20 / count) for term, count in terms)
        self._step = 2 * max(15 * spread, 8 * spread + 1.1 * furthest) / size
        transform: Complexes | None = None
        for term, count in terms:
            one = np.fft.rfft(self._laid_out(term, size))
            transform = _power(one, count) if transform is None else transform * _power(one, count)
        assert transform is not None
        sums = np.fft.irfft(transform, size)
        # The window of the distances' sum: around its mean.
        self._first = max(round((self._greatest + slope) / self._step) - size // 2, 0)
        self._p = np.roll(sums, -self._first)
        away = np.arange(1, size) * self._step
        self._falling = np.exp(-z * away), np.exp((z - 1) * away)

    def _laid_out(self, term: Sampled, size: int) -> Floats:
        """The tilted probabilities of a term's distances on the lattice, shape (size), adding up to 1."""
        log_p, distance = term.sample(self._step, size // 2)
        weight = np.exp(log_p + self._z * (distance - _greatest(term)) - term.cumulants(self._z)[0])
        place = np.minimum(distance / self._step, size // 2)
        near = np.rint(place)
        near[place < 1] = 0  # no point is below 0: there the mean stays, and the variance nearly
        share = place - near
        curved = np.where(place < 1, share, share * share)
        index = near.astype(np.int64)
        one = np.bincount(index, weight * (1 - curved), size)
        for side in (-1, 1):
            one += np.bincount((index + side) % size, weight * (curved + side * share) / 2, size)
        return np.asarray(one / one.sum())

    def log_expectation(self, kind: Kind, gamma: float) -> tuple[float, bool]:
        """ln of what ``Kind`` names, and whether it is more than rounding errors."""
        z, step = self._z, self._step
        at = self._greatest - gamma - self._first * step  # the distance that is asked for, in the window
        cell = min(max(round(at / step), 0), len(self._p) - 2)
        away = cell * step - at
        inside = min(max(0.5 + away / step, 0.0), 1.0)  # the cell's part that is further off
        further, nearer = self._p[cell + 1 :], self._p[:cell][::-1]
        rest = float((further * self._falling[0][: len(further)]).sum())  # not by BLAS and its threads
        below = _log(self._p[cell] * inside + rest)
        rest = float((nearer * self._falling[1][: len(nearer)]).sum())
        tilted = _log(self._p[cell] * (1 - inside) + rest)
        below, tilted = below - z * away, tilted + (1 - z) * away
        found = {"below": below, "tilted": tilted, "union": float(np.logaddexp(below, tilted))}[kind]
        return z * gamma + self._log_mgf + found, found > _RELIABLE

    def one_too_far(self, gamma: float) -> float:
        """ln P[one of the terms alone puts I below gamma]."""
        log_none = 0.0  # of the complement, the product of (1 - p)^n
        for term, count in self._terms:
            one = term.log_tail(self._greatest - gamma)
            if one <= -600:
                continue
            log_none += count * math.log1p(-math.exp(one)) if one < 0 else -math.inf
        if log_none < 0:
            return math.log(-math.expm1(log_none))
        return max(term.log_tail(self._greatest - gamma) + math.log(count) for term, count in self._terms)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _greatest(term: Sampled) -> float:
    assert term.greatest is not None
    return term.greatest


def _power(base: Complexes, exponent: int) -> Complexes:
    """By squares: an integer power of NumPy's takes the logarithms of complex numbers."""
    result = np.ones_like(base)
    while exponent:
        if exponent & 1:
            result = result * base
        base, exponent = base * base, exponent >> 1
    return result


@lru_cache(maxsize=8)
def _lattice_sum(terms: Terms, z: float, size: int) -> LatticeSum:
    return LatticeSum(terms, z, size)


def lattice_expectation(
    kind: Kind, terms: Sequence[tuple[Sampled, int]], gamma: float, saddle: float, size: int
) -> float:
    """ln of what ``Kind`` names of the sum of terms, with the tilt ``saddle``, clipped to [0, 1], or near it.

    A tilt is good for sums a few deviations around its mean, so that those next to each other share one.
    """
    terms = tuple(terms)
    z = min(max(saddle, 0.0), 1.0)
    # A power of two, so that neighbours agree in it.
    grain = 2.0 ** math.floor(math.log2(min(0.25, 4 / math.sqrt(cumulants_of_sum(terms, z)[2]))))
    for tilt in (round(z / grain) * grain, z):
        lattice = _lattice_sum(terms, tilt, size)
        found, reliable = lattice.log_expectation(kind, gamma)
        if reliable:
            return found
    # The sum hangs on one term that is far from all others. That it is too far by itself is less than what is
    # asked for, as it must be for a converse, and nearly all of it.
    return lattice.one_too_far(gamma) if kind == "below" else found
