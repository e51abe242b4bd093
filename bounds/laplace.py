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
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from .logs import Floats, root_around

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
            sample = term.sample()
            if sample is not None:
                saddle = center if saddle is None else saddle
                return _on_a_lattice(kind, term, n, gamma, saddle, *sample)
        if np.abs(value[-4:]).max() < 1e-16 * abs(total):
            break
    return _with_residue(crossed, term, n, gamma, at_center, total)


def _on_a_lattice(
    kind: Kind, term: Term, n: int, gamma: float, saddle: float, log_p: Floats, values: Floats
) -> float:
    """The same by an n-fold convolution on a lattice, for sums that have next to no density.

    With a channel so good that most terms are at their maximum, phi(z)^n does not fall off. The terms are
    tilted to have their mean near gamma, rounded to the two neighbours on the lattice so that the mean
    stays, and convolved by the discrete Fourier transform. Relative errors are some 1e-4 at worst.
    """
    z = min(max(saddle, 0.0), 1.0)
    value, slope, variance = term.cumulants(z)
    size = 1 << 17
    step = 60 * math.sqrt(n * variance) / size
    # What lies further off than half of the lattice would be wrapped around: it goes to its end.
    place = np.clip((values + slope) / step, -size // 2 + 1, size // 2 - 2)
    below = np.floor(place)
    weight = np.exp(log_p - z * values - value)
    share = place - below
    index = below.astype(np.int64) % size
    one = np.bincount(index, weight * (1 - share), size)
    one += np.bincount((index + 1) % size, weight * share, size)
    sums = np.clip(np.fft.irfft(np.fft.rfft(one / one.sum()) ** n, size), 0.0, None)
    # The distance of the sum from gamma; the sum's mean is -n slope.
    offset = np.fft.fftfreq(size, 1 / size) * step - n * slope - gamma
    inside = np.clip(0.5 - offset / step, 0.0, 1.0)  # the part of a cell that is below gamma
    part: float = 0.0
    if kind != "tilted":
        part += float((sums * inside * np.exp(z * np.minimum(offset, step))).sum())
    if kind != "below":
        part += float((sums * (1 - inside) * np.exp((z - 1) * np.maximum(offset, -step))).sum())
    return z * gamma + n * value + math.log(part) if part > 0 else -math.inf


def _with_residue(
    crossed: list[float], term: Term, n: int, gamma: float, at_center: float, total: float
) -> float:
    if not crossed:
        return at_center + math.log(total) if total > 0 else -math.inf
    # exp(z gamma) phi(z)^n at the pole, where 1 / z and 1 / (1 - z) have the residues 1 and -1.
    residue = crossed[0] * gamma + n * term.cumulants(crossed[0])[0] if crossed[0] else 0.0
    rest = total * math.exp(min(at_center - residue, 700.0))
    return residue + math.log1p(rest) if rest > -1 else -math.inf
