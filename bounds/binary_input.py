"""BPSK on the AWGN channel at finite length: sums of information densities, by numerical integrals.

Es/N0 is a ratio; error probabilities are natural logarithms. One use of the channel: y is normal with mean
+1 (by symmetry) and variance s2 = N0 / (2 Es), its LLR L = 2 y / s2, and the generalised information density
i = ln 2 - ln(1 + exp(-s L)), with the density of the channel itself at s = 1.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import numpy as np

from . import cones
from .exponents import random_coding_rho
from .numerics.laplace import log_expectation
from .numerics.lattice import Complexes
from .numerics.logs import LN2, Floats, gauss_legendre, log_less_one, minimum, root_around

#: Es/N0 in dB that this module can work with.
LOW_DB, HIGH_DB = -40.0, 20.0
#: By how much, in nats, the size of a converse's test is taken too large, so that what is left of numerical
#: errors (`laplace`) never makes it promise too little.
SLACK = 2e-5

# Cells next to the greatest density that LLRs of very different size share; into how many parts they are
# divided; and at how many parts and cells, from there on, a cell is not narrow.
_CROWDED, _PARTS = 8, 2048
_NARROW = _PARTS + 500


class BinaryInputTerm:
    """The generalised information density of one use of the channel (`laplace.Term`)."""

    def __init__(self, esno: float, s: float = 1.0, points: int = 1 << 17) -> None:
        self.low, self.high, self.bend = -20.0, 3.0, 0.0
        self.greatest: float | None = LN2
        self.points = points
        variance = 1 / (2 * esno)
        deviation = math.sqrt(variance)
        self._esno, self._s = esno, s
        # Trapezoidal rule: the integrands are analytic for |Im y| < pi variance / (2 s), and E[exp(-z i)] has
        # its mass between y = 1 and 1 - 2 z s. The finer step is for large imaginary parts of z.
        step = min(deviation / 20, 0.25 * variance / s)
        low, high = 1 - 2 * self.high * s - 11 * deviation, 1 + 11 * deviation
        y = np.arange(low, high + step, step)
        self.log_weight = (
            -((y - 1) ** 2) / (2 * variance) + math.log(step / deviation) - math.log(2 * math.pi) / 2
        )
        self.density = LN2 - np.logaddexp(0, -2 * s * y / variance)

    def furthest(self, z: float, least: float) -> float:
        """How far below ln 2 i lies with a probability, tilted by exp(-z i), of at least this."""
        log = self.log_weight - z * self.density
        return LN2 - float(self.density[log > log.max() + math.log(least)].min())

    def log_tail(self, distance: float) -> float:
        """ln P[i is further below ln 2 than this]."""
        from scipy.special import log_ndtr

        if distance <= 0:
            return 0.0
        mean = 4 * self._esno
        llr = -(distance + math.log(-math.expm1(-distance))) / self._s
        return float(log_ndtr((llr - mean) / math.sqrt(2 * mean)))

    def sample(self, step: float, cells: int) -> tuple[Floats, Floats]:
        """ln of probabilities, and the distances ln(1 + exp(-s L)) that have them (see `laplace.Term`)."""
        mean, s = 4 * self._esno, self._s
        # The LLRs at the cells' ends, from far to near; the first cells, where many LLRs lie, are divided.
        ends = (np.arange(cells, _CROWDED - 1, -1) - 0.5) * step
        llr = -(ends + np.log(-np.expm1(-ends))) / s
        beyond = [mean - 16 * math.sqrt(2 * mean), mean + 14 * math.sqrt(2 * mean)]
        crowd = np.linspace(llr[-1], max(beyond[1], llr[-1] + 1), _PARTS)[1:]
        edges = np.concatenate([[min(beyond[0], llr[0] - 1)], llr, crowd])
        logs, distances = [], []
        # One LLR a cell is enough where these are narrow.
        for nodes, part in ((1, edges[:-_NARROW]), (2, edges[-_NARROW - 1 :])):
            x, w = gauss_legendre(nodes)
            lengths = np.diff(part)[:, None]
            points = part[:-1, None] + lengths * x
            log = (
                -((points - mean) ** 2) / (4 * mean) + np.log(w * lengths) - math.log(4 * math.pi * mean) / 2
            )
            logs.append(log.ravel())
            distances.append(np.logaddexp(0, -s * points).ravel())
        return np.concatenate(logs), np.concatenate(distances)

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """ln E[exp(-z i)] for real z, and its first and second derivative."""
        log = self.log_weight - z * self.density
        top = float(log.max())
        weight = np.exp(log - top)
        total = float(weight.sum())
        mean = float((weight * self.density).sum()) / total
        return top + math.log(total), -mean, float((weight * (self.density - mean) ** 2).sum()) / total

    def saddle_point(self, mean: float) -> float:
        """The z at which the derivative of ln E[exp(-z i)] is -mean, or the end of the range next to it."""
        return root_around(lambda z: mean + self.cumulants(z)[1], 0.5, 0.6, self.low, self.high - 1e-9, 1e-5)

    def log_mgf(self, z: Complexes) -> Complexes:
        """ln E[exp(-z i)] for complex z, shape ``(any,)``; all z have one real part."""
        log = self.log_weight - z[0].real * self.density
        keep = log > log.max() - 45
        top = float(log.max())
        phase = np.multiply.outer(z.imag, self.density[keep])
        weight = np.exp(log[keep] - top)
        # Not by BLAS, whose threads cost more than such small products.
        return np.asarray(
            top + np.log((weight * np.cos(phase)).sum(1) - 1j * (weight * np.sin(phase)).sum(1))
        )


@lru_cache(maxsize=256)
def term(esno: float, s: float = 1.0) -> BinaryInputTerm:
    """The term at an operating point; the last few are kept."""
    if not LOW_DB <= 10 * math.log10(esno) <= HIGH_DB:
        raise ValueError(
            f"esno must lie in [{LOW_DB:g}, {HIGH_DB:g}] dB for BPSK, got {10 * math.log10(esno):g} dB"
        )
    return BinaryInputTerm(esno, s)


def _log_test(kind: Literal["below", "tilted"], z: float, n: int, esno: float) -> float:
    """ln of an error of the likelihood-ratio test with the saddle point z: missed, or false."""
    one = term(esno)
    gamma = -n * one.cumulants(z)[1]
    return log_expectation(kind, one, n, gamma, z) - (gamma if kind == "tilted" else 0.0)


def converse_log_error(n: int, log2_m: float, esno: float) -> float:
    """The error of the best test of size 1/M between the channel and P_Y^n (`converse_log2_m`).

    Or Shannon's for any words of equal energy, where that is larger: at low Es/N0.
    """
    if log2_m <= 0:
        return -math.inf
    size = -log2_m * LN2 + SLACK
    start, step = _near(n, esno, lambda value, slope, z: n * (value + (1 - z) * slope) - size)
    z = root_around(lambda z: _log_test("tilted", z, n, esno) - size, start, step, -19.0, 2.0, 1e-10)
    error = _log_test("below", z, n, esno)
    if n > 1:
        error = max(error, cones.converse_log_error(n, log2_m, esno))
    return min(error, _log_uncoded(math.ceil(log2_m), esno), 0.0)


def _near(n: int, esno: float, excess: Callable[[float, float, float], float]) -> tuple[float, float]:
    """A saddle point at which a test's exponent is nearly what is asked for, and how far off that may be.

    ``excess`` takes ln phi, its derivative, and z, and grows with z.
    """
    one = term(esno)
    z = root_around(lambda z: excess(*one.cumulants(z)[:2], z), 0.2, 0.2, -19.0, 2.0, 1e-4)
    return z, min(0.2, 0.5 / math.sqrt(n * one.cumulants(z)[2]))


def _log_uncoded(k: int, esno: float) -> float:
    """ln of the error probability of k uncoded bits."""
    from scipy.special import log_ndtr

    right = k * math.log1p(-math.exp(float(log_ndtr(-math.sqrt(2 * esno)))))
    return math.log(-math.expm1(right)) if right else -math.inf


def converse_log2_m(n: int, log_error: float, esno: float) -> float:
    """log2 M <= -log2 beta of the best test between the channel and its output distribution.

    Polyanskiy, Poor and Verdu, 2010, with the product of the outputs of equiprobable inputs; by
    symmetry the test's errors are the same for all words. Or Shannon's cones, for any words of equal energy,
    where these allow less: at low Es/N0.
    """
    start, step = _near(n, esno, lambda value, slope, z: log_error - n * (value - z * slope))
    z = root_around(lambda z: log_error - _log_test("below", z, n, esno), start, step, -19.0, 2.0, 1e-10)
    found = (SLACK - _log_test("tilted", z, n, esno)) / LN2
    if n > 1:
        found = min(found, cones.converse_log2_m(n, log_error, esno))
    # No test is smaller than 2^-n (1 - error); next to it, in a lattice's first cells, that is what is sure.
    return max(n - math.log1p(-math.exp(log_error)) / LN2 if found > n else found, 0.0)


def dt_log_error(n: int, log2_m: float, esno: float) -> float:
    """E[min(1, (M - 1) / 2 exp(-I))]: Polyanskiy, Poor and Verdu, 2010 (dependence testing)."""
    gamma = log_less_one(log2_m) - LN2
    if gamma == -math.inf:
        return -math.inf
    return min(log_expectation("union", term(esno), n, gamma), 0.0)


def rcus_log_error(n: int, log2_m: float, esno: float) -> float:
    """The least E[min(1, (M - 1) exp(-I_s))] over s.

    Martinez and Guillen i Fabregas, "Saddlepoint approximation of random-coding bounds", 2011: Markov's
    inequality on the random-coding union bound, for any s > 0. The best is above 1 / (1 + rho) of Gallager's
    exponent, by little for long blocks.
    """
    gamma = log_less_one(log2_m)
    if gamma == -math.inf:
        return -math.inf
    rho = random_coding_rho(n, log2_m, lambda rho: gallager_e0(rho, esno))

    def log_error(log_s: float, points: int) -> float:
        return log_expectation("union", BinaryInputTerm(esno, math.exp(log_s), points), n, gamma)

    # Near the best s the error hardly changes.
    best = minimum(lambda log_s: log_error(log_s, 1 << 13), -math.log1p(rho), math.log(3), 0.03)
    return min(log_error(best, 1 << 17), 0.0)


def gallager_e0(rho: float, esno: float) -> float:
    """Gallager's E0(rho) in nats for equiprobable inputs: -ln E[exp(-rho i)] at s = 1 / (1 + rho)."""
    return -_e0_term(rho, esno)


@lru_cache(maxsize=4096)
def _e0_term(rho: float, esno: float) -> float:
    one = BinaryInputTerm(esno, 1 / (1 + rho))
    return one.cumulants(rho)[0]


def capacity_and_dispersion(esno: float) -> tuple[float, float]:
    """Mean and variance of the information density, in nats and nats squared."""
    _, slope, variance = term(esno).cumulants(0.0)
    return -slope, variance
