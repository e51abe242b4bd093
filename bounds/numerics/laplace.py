"""Probabilities of sums of n independent terms, by integrals of their moment generating function.

With I the sum of n terms i and phi(z) = E[exp(-z i)], each of P[I < gamma], E[exp(gamma - I); I >= gamma]
and E[min(1, exp(gamma - I))], which is their sum, is (1 / 2 pi i) times the integral of
exp(z gamma) phi(z)^n R(z) along a line that crosses the real axis between the poles 0 and 1 of
R(z) = 1/z, 1/(1 - z), 1/(z (1 - z)). The line is laid through the saddle point, and past a pole, whose
residue is added, where the saddle point lies beyond.
What is usually a saddlepoint approximation (Martinez and Guillen i Fabregas, 2011; Erseghe, 2016; Font-Segura
and others, 2018) is thus the start of an integral that is carried out.
"""

import math
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from .logs import Floats

Complexes = NDArray[np.complex128]
Kind = Literal["below", "tilted", "union"]

_RELIABLE = math.log(1e-8)
_POLES: dict[str, tuple[float, ...]] = {"below": (0.0,), "tilted": (1.0,), "union": (0.0, 1.0)}


class Term(Protocol):
    """One of the terms of a sum: the logarithm of phi(z) = E[exp(-z i)], and where it may be asked for.

    Attributes
    ----------
    low, high
        The real parts z may have.
    bend
        By how much the line may turn to the right far from the real axis, where exp(z gamma) phi(z)^n falls
        off there: the real part grows by this share of the imaginary one. 0 for a straight line.
    greatest
        The greatest value of i, at which most terms may lie; None where phi falls off quickly, so that
        ``furthest``, ``log_tail`` and ``sample`` are not asked for.
    points
        How many points a lattice for sums has: a power of two. Errors fall with its square.
    """

    low: float
    high: float
    bend: float
    greatest: float | None
    points: int

    def __hash__(self) -> int:
        """Terms are told apart by what they are, for a cache."""

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """ln phi(z) for a real z, with its first and second derivative."""

    def saddle_point(self, mean: float) -> float:
        """The z at which the derivative of ln phi(z) is -mean, or the end of the range next to it."""

    def furthest(self, z: float, least: float) -> float:
        """How far below the greatest i lies with a probability, tilted by exp(-z i), of at least this."""

    def log_tail(self, distance: float) -> float:
        """ln P[i is further below its greatest value than this]."""

    def sample(self, step: float, cells: int) -> tuple[Floats, Floats]:
        """ln of probabilities, and the distances below the greatest value that have them: two or more a cell.

        Cells have this width and their middles at its multiples; what is beyond the last goes into it.
        """

    def log_mgf(self, z: Complexes) -> Complexes:
        """ln phi(z), up to multiples of 2 pi i, for complex z of shape ``(any,)``."""


def log_expectation(kind: Kind, term: Term, n: int, gamma: float, saddle: float | None = None) -> float:
    """ln P[I < gamma] (``below``), of E[exp(gamma - I); I >= gamma] (``tilted``) or of their sum (``union``).

    ``saddle`` is the saddle point, where it is known already.
    """
    poles = _POLES[kind]
    center = term.saddle_point(gamma / n) if saddle is None else saddle
    spread = 1 / math.sqrt(n * term.cumulants(center)[2])
    # Away from the poles, to the side on which the integrand is less.
    room = min(spread, 0.35)
    for pole in poles:
        if abs(center - pole) < room:
            sides = [side for side in (pole - room, pole + room) if side + room < term.high]
            center = min(sides, key=lambda z: z * gamma + n * term.cumulants(z)[0])
    if center >= term.high:
        center = (max(poles[-1], 0.0) + term.high) / 2
    crossed = [pole for pole in poles if (pole == 0) == (center < pole)] if kind != "union" else []
    if kind == "union":
        crossed = [0.0] if center < 0 else [1.0] if center > 1 else []

    width = min(spread, *(abs(center - pole) for pole in poles), term.high - center)
    at_center = center * gamma + n * term.cumulants(center)[0]
    # exp(z gamma) phi(z)^n at the pole that was crossed, where 1 / z and 1 / (1 - z) have residues 1 and -1.
    residue = -math.inf
    for pole in crossed:
        residue = pole * gamma + n * term.cumulants(pole)[0] if pole else 0.0
    share = math.exp(min(residue - at_center, 700.0))
    step, chunk = 0.08, 44

    def integrand(u: Floats) -> Complexes:
        z = center + width * (1j * np.sinh(u) + term.bend * (np.cosh(u) - 1))
        value = np.exp(z * gamma + n * term.log_mgf(z) - at_center)
        value *= width * (np.cosh(u) - 1j * term.bend * np.sinh(u))
        for pole in poles:
            value /= z if pole == 0 else 1 - z
        return value

    on_a_lattice = term.greatest is not None and n <= 20_000
    if on_a_lattice:  # Where it falls off slowly, the two ends of the first chunk show it.
        ends = np.abs(integrand(np.array([0, (chunk - 1) * step])))
        if ends[1] > 1e-3 * (share + ends[0]):
            return _on_a_lattice(kind, term, n, gamma, center if saddle is None else saddle)
    total, start = 0.0, 0
    while start < 6 * chunk:
        value = integrand((start + np.arange(chunk, dtype=np.float64)) * step)
        if start == 0:
            value[0] /= 2
        total += float(value.real.sum()) * step / math.pi
        start += chunk
        size = abs(share + total)  # where the two nearly cancel, little of what is left out is much
        slow = start == chunk and abs(value[-1]) > 1e-5 * size
        if slow and on_a_lattice:
            return _on_a_lattice(kind, term, n, gamma, center if saddle is None else saddle)
        if np.abs(value[-4:]).max() < 1e-16 * size:
            break
    if not crossed:
        return at_center + math.log(total) if total > 0 else -math.inf
    rest = total * math.exp(min(at_center - residue, 700.0))
    return residue + math.log1p(rest) if rest > -1 else -math.inf


class _LatticeSum:
    """The sum of n terms by an n-fold convolution on a lattice, for sums that have next to no density.

    With a channel so good that most terms are at their greatest value, phi(z)^n does not fall off. The terms'
    distances below that value are tilted by exp(-z i), which moves their mean to where the sum is asked for,
    and laid on a lattice from 0 on: each on the three points around it, so that mean and variance stay. They
    are convolved by the discrete Fourier transform. Relative errors are some
    1e-6 with 2^17 points, and more for sums within
    a tenth of the greatest.
    """

    def __init__(self, term: Term, n: int, z: float) -> None:
        assert term.greatest is not None
        value, slope, variance = term.cumulants(z)
        size = term.points
        self._term, self._n = term, n
        self._z, self._log_mgf, self._greatest = z, n * value, n * term.greatest
        # It must hold the rare terms that are far from all others, which at low noise the sum hangs on. What
        # lies further off than half of the lattice would be wrapped around: it goes to its end.
        spread = math.sqrt(n * variance)
        self._step = 2 * max(15 * spread, 8 * spread + 1.1 * term.furthest(z, 1e-20 / n)) / size
        log_p, distance = term.sample(self._step, size // 2)
        weight = np.exp(log_p + z * (distance - term.greatest) - value)
        place = np.minimum(distance / self._step, size // 2)
        near = np.rint(place)
        near[place < 1] = 0  # no point is below 0: there the mean stays, and the variance nearly
        share = place - near
        curved = np.where(place < 1, share, share * share)
        index = near.astype(np.int64)
        one = np.bincount(index, weight * (1 - curved), size)
        for side in (-1, 1):
            one += np.bincount((index + side) % size, weight * (curved + side * share) / 2, size)
        sums = np.fft.irfft(_power(np.fft.rfft(one / one.sum()), n), size)
        # The window of the distances' sum: around its mean.
        self._first = max(round(n * (term.greatest + slope) / self._step) - size // 2, 0)
        self._p = np.clip(np.roll(sums, -self._first), 0.0, None)
        away = np.arange(1, size) * self._step
        self._falling = np.exp(-z * away), np.exp((z - 1) * away)

    def log_expectation(self, kind: Kind, gamma: float) -> tuple[float, bool]:
        """What the module's function of this name gives, and whether it is more than rounding errors."""
        z, step = self._z, self._step
        at = self._greatest - gamma - self._first * step  # the distance that is asked for, in the window
        cell = min(max(round(at / step), 0), len(self._p) - 2)
        away = cell * step - at
        inside = min(max(0.5 + away / step, 0.0), 1.0)  # the cell's part that is further off
        further, nearer = self._p[cell + 1 :], self._p[:cell][::-1]
        with np.errstate(divide="ignore"):
            rest = float((further * self._falling[0][: len(further)]).sum())  # not by BLAS and its threads
            below = float(np.log(self._p[cell] * inside + rest))
            rest = float((nearer * self._falling[1][: len(nearer)]).sum())
            tilted = float(np.log(self._p[cell] * (1 - inside) + rest))
        below, tilted = below - z * away, tilted + (1 - z) * away
        found = {"below": below, "tilted": tilted, "union": float(np.logaddexp(below, tilted))}[kind]
        return z * gamma + self._log_mgf + found, found > _RELIABLE

    def one_too_far(self, gamma: float) -> float:
        """ln P[one of the terms alone puts I below gamma]."""
        one = self._term.log_tail(self._greatest - gamma)
        # 1 - (1 - p)^n
        return math.log(-math.expm1(self._n * math.log1p(-math.exp(one)))) if one > -600 else one


def _power(base: Complexes, exponent: int) -> Complexes:
    """By squares: an integer power of NumPy's takes the logarithms of complex numbers."""
    result = np.ones_like(base)
    while exponent:
        if exponent & 1:
            result = result * base
        base, exponent = base * base, exponent >> 1
    return result


@lru_cache(maxsize=8)
def _lattice_sum(term: Term, n: int, z: float) -> _LatticeSum:
    return _LatticeSum(term, n, z)


def _on_a_lattice(kind: Kind, term: Term, n: int, gamma: float, saddle: float) -> float:
    """The same on a lattice.

    A tilt is good for sums a few deviations around its mean, so that those next to each other share one.
    """
    z = min(max(saddle, 0.0), 1.0)
    # A power of two, so that neighbours agree in it.
    grain = 2.0 ** math.floor(math.log2(min(0.25, 4 / math.sqrt(n * term.cumulants(z)[2]))))
    for tilt in (round(z / grain) * grain, z):
        lattice = _lattice_sum(term, n, tilt)
        found, reliable = lattice.log_expectation(kind, gamma)
        if reliable:
            return found
    # The sum hangs on one term that is far from all others. That it is too far by itself is less than what is
    # asked for, as it must be for a converse, and nearly all of it.
    return lattice.one_too_far(gamma) if kind == "below" else found
