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
from typing import Protocol

import numpy as np

from .lattice import Complexes, Kind, Sampled, lattice_expectation
from .logs import Floats

_POLES: dict[str, tuple[float, ...]] = {"below": (0.0,), "tilted": (1.0,), "union": (0.0, 1.0)}


class Term(Sampled, Protocol):
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
    points: int

    def saddle_point(self, mean: float) -> float:
        """The z at which the derivative of ln phi(z) is -mean, or the end of the range next to it."""

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
            tilt = center if saddle is None else saddle
            return lattice_expectation(kind, [(term, n)], gamma, tilt, term.points)
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
            tilt = center if saddle is None else saddle
            return lattice_expectation(kind, [(term, n)], gamma, tilt, term.points)
        if np.abs(value[-4:]).max() < 1e-16 * size:
            break
    if not crossed:
        return at_center + math.log(total) if total > 0 else -math.inf
    rest = total * math.exp(min(at_center - residue, 700.0))
    return residue + math.log1p(rest) if rest > -1 else -math.inf
