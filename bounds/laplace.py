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

from .logs import Floats, log_sum, root_around

Complexes = NDArray[np.complex128]
Kind = Literal["below", "tilted", "union"]

_POLES: dict[str, tuple[float, ...]] = {"below": (0.0,), "tilted": (1.0,), "union": (0.0, 1.0)}


class Term(Protocol):
    """One of the terms of a sum: the logarithm of phi(z) = E[exp(-z i)], and where it may be asked for.

    Attributes
    ----------
    low, high
        The real parts z may have.
    """

    low: float
    high: float

    def __hash__(self) -> int:
        """Terms are told apart by what they are, for a cache."""

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """Ln phi(z) for a real z, with its first and second derivative."""

    def sample(self) -> tuple[Floats, Floats] | None:
        """Ln of the probabilities of many values of i, and these values; None where phi falls off quickly."""

    def log_mgf(self, z: Complexes) -> Complexes:
        """Ln phi(z), up to multiples of 2 pi i, for complex z of shape ``(any,)``."""


def saddle_point(term: Term, n: int, gamma: float) -> float:
    """The z with d/dz (z gamma + n ln phi(z)) = 0, or the end of the term's range next to it."""
    # Not too near the end, where the derivative may have a pole.
    high = term.high - 1e-9
    return root_around(
        lambda z: gamma / n + term.cumulants(z)[1], min(0.5, high / 2), 0.6, term.low, high, 1e-5
    )


def log_expectation(kind: Kind, term: Term, n: int, gamma: float, saddle: float | None = None) -> float:
    """Ln P[I < gamma] (``below``), of E[exp(gamma - I); I >= gamma] (``tilted``) or of their sum (``union``).

    ``saddle`` is the saddle point, where it is known already.
    """
    poles = _POLES[kind]
    center = saddle_point(term, n, gamma) if saddle is None else saddle
    spread = 1 / math.sqrt(n * term.cumulants(center)[2])
    # Away from the poles, staying on the same side of them.
    room = min(spread, 0.35)
    for pole in poles:
        if abs(center - pole) < room:
            center = pole + (room if center >= pole else -room)
    if center >= term.high:
        center = (max(poles[-1], 0.0) + term.high) / 2
    crossed = [pole for pole in poles if (pole == 0) == (center < pole)] if kind != "union" else []
    if kind == "union":
        crossed = [0.0] if center < 0 else [1.0] if center > 1 else []

    width = min(spread, *(abs(center - pole) for pole in poles), term.high - center)
    at_center = center * gamma + n * term.cumulants(center)[0]
    step, chunk = 0.08, 44
    total, start = 0.0, 0
    while start < 6 * chunk:
        u = (start + np.arange(chunk)) * step
        z = center + 1j * width * np.sinh(u)
        value = np.exp(z * gamma + n * term.log_mgf(z) - at_center) * width * np.cosh(u)
        for pole in poles:
            value /= z if pole == 0 else 1 - z
        if start == 0:
            value[0] /= 2
        total += float(value.real.sum()) * step / math.pi
        start += chunk
        if start == chunk and abs(value[-1]) > 1e-5 * abs(total) and n <= 20_000:
            found = _on_a_lattice(kind, term, n, gamma, center if saddle is None else saddle)
            if found is not None:
                return found
        if np.abs(value[-4:]).max() < 1e-16 * abs(total):
            break
    return _with_residue(crossed, term, n, gamma, at_center, total)


class _LatticeSum:
    """The sum of n terms by an n-fold convolution on a lattice, for sums that have next to no density.

    With a channel so good that most terms are at their maximum, phi(z)^n does not fall off. The terms are
    tilted by exp(-z i), which moves the mean to where the sum is asked for, rounded to the two neighbours
    on the lattice so that the mean stays, and convolved by the discrete Fourier transform. Relative errors
    are some 1e-4, and some 1e-3 where there is next to no noise.
    """

    SIZE = 1 << 17

    def __init__(self, term: Term, n: int, z: float, log_p: Floats, values: Floats) -> None:
        value, slope, variance = term.cumulants(z)
        size = self.SIZE
        self._z, self._log_mgf, self._mean = z, n * value, -n * slope
        weight = np.exp(log_p - z * values - value)
        # It must hold the rare terms that are far from all others, which at low noise the sum hangs on. What
        # lies further off than half of the lattice would be wrapped around: it goes to its end.
        spread, furthest = math.sqrt(n * variance), float(np.abs(values + slope)[weight > 1e-30].max())
        self._step = 2 * max(30 * spread, 15 * spread + 1.2 * furthest) / size
        place = np.clip((values + slope) / self._step, -size // 2 + 1, size // 2 - 2)
        below = np.floor(place)
        share = place - below
        index = below.astype(np.int64) % size
        one = np.bincount(index, weight * (1 - share), size)
        one += np.bincount((index + 1) % size, weight * share, size)
        sums = np.clip(np.fft.irfft(np.fft.rfft(one / one.sum()) ** n, size), 0.0, None)
        with np.errstate(divide="ignore"):
            self._log_p = np.log(np.fft.fftshift(sums))
        # Distances from the mean; the cells up to each below it, and from each on above it, added up.
        offset = (np.arange(size) - size // 2) * self._step
        self._below = np.logaddexp.accumulate(self._log_p + z * offset)
        self._above = np.logaddexp.accumulate((self._log_p + (z - 1) * offset)[::-1])[::-1]

    def log_expectation(self, kind: Kind, gamma: float) -> float:
        """What the module's function of this name gives."""
        z, step, size = self._z, self._step, self.SIZE
        away = gamma - self._mean
        cell = min(max(round(away / step) + size // 2, 1), size - 2)
        distance = (cell - size // 2) * step - away  # of the cell that gamma lies in
        inside = min(max(0.5 - distance / step, 0.0), 1.0)  # its part below gamma
        parts = []
        if kind != "tilted":
            parts.append(self._below[cell - 1] - z * away)
            parts.append(self._log_p[cell] + z * distance + (math.log(inside) if inside else -math.inf))
        if kind != "below":
            parts.append(self._above[cell + 1] - (z - 1) * away)
            outside = 1 - inside
            parts.append(
                self._log_p[cell] + (z - 1) * distance + (math.log(outside) if outside else -math.inf)
            )
        return z * gamma + self._log_mgf + log_sum(np.array(parts))


@lru_cache(maxsize=8)
def _lattice_sum(term: Term, n: int, z: float) -> _LatticeSum | None:
    sample = term.sample()
    return None if sample is None else _LatticeSum(term, n, z, *sample)


def _on_a_lattice(kind: Kind, term: Term, n: int, gamma: float, saddle: float) -> float | None:
    """The same on a lattice; None where there is none for the term.

    A tilt is good for sums a few deviations around its mean, so that those next to each other share one.
    """
    z = min(max(saddle, 0.0), 1.0)
    # A power of two, so that neighbours agree in it.
    grain = 2.0 ** math.floor(math.log2(min(0.25, 1 / math.sqrt(n * term.cumulants(z)[2]))))
    shared = round(z / grain) * grain
    _, slope, variance = term.cumulants(shared)
    if abs(gamma + n * slope) > 2 * math.sqrt(n * variance):
        shared = z
    lattice = _lattice_sum(term, n, shared)
    return None if lattice is None else lattice.log_expectation(kind, gamma)


def _with_residue(
    crossed: list[float], term: Term, n: int, gamma: float, at_center: float, total: float
) -> float:
    if not crossed:
        return at_center + math.log(total) if total > 0 else -math.inf
    # exp(z gamma) phi(z)^n at the pole, where 1 / z and 1 / (1 - z) have the residues 1 and -1.
    residue = crossed[0] * gamma + n * term.cumulants(crossed[0])[0] if crossed[0] else 0.0
    rest = total * math.exp(min(at_center - residue, 700.0))
    return residue + math.log1p(rest) if rest > -1 else -math.inf
