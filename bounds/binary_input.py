"""BPSK on the AWGN channel at finite length: sums of information densities, by numerical integrals.

Es/N0 is a ratio; error probabilities are natural logarithms. One use of the channel: y is normal with mean
+1 (by symmetry) and variance s2 = N0 / (2 Es), its LLR L = 2 y / s2, and the generalised information density
i = ln 2 - ln(1 + exp(-s L)), with the density of the channel itself at s = 1.
"""

import math
from functools import lru_cache
from typing import Literal

import numpy as np

from . import cones
from .exponents import random_coding_rho
from .laplace import Complexes, log_expectation
from .logs import LN2, Floats, log_less_one, root_around

#: Es/N0 in dB that this module can work with.
LOW_DB, HIGH_DB = -40.0, 20.0
#: By how much, in nats, the size of a converse's test is taken too large, so that what is left of numerical
#: errors (`laplace`) never makes it promise too little.
SLACK = 1e-4


class BinaryInputTerm:
    """The generalised information density of one use of the channel (`laplace.Term`)."""

    def __init__(self, esno: float, s: float = 1.0) -> None:
        self.low, self.high = -20.0, 3.0
        variance = 1 / (2 * esno)
        deviation = math.sqrt(variance)
        self._esno, self._s = esno, s
        # Trapezoidal rule: the integrands are analytic for |Im y| < pi variance / (2 s), and E[exp(-z i)] has
        # its mass between y = 1 and 1 - 2 z s. The finer step is for large imaginary parts of z.
        step = min(deviation / 20, 0.25 * variance / s)
        low, high = 1 - 2 * self.high * s - 11 * deviation, 1 + 11 * deviation
        self._low_y, self._high_y = max(low, -1 - 11 * deviation), high
        y = np.arange(low, high + step, step)
        self.log_weight = (
            -((y - 1) ** 2) / (2 * variance) + math.log(step / deviation) - math.log(2 * math.pi) / 2
        )
        self.density = LN2 - np.logaddexp(0, -2 * s * y / variance)

    def sample(self) -> tuple[Floats, Floats]:
        """Ln of probabilities, and the values of i that have them, so dense that i has nearly its density."""
        variance = 1 / (2 * self._esno)
        y, step = np.linspace(self._low_y, self._high_y, 40_000, retstep=True)
        log = -((y - 1) ** 2) / (2 * variance) + math.log(step) - math.log(2 * math.pi * variance) / 2
        return log, LN2 - np.logaddexp(0, -2 * self._s * y / variance)

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """Ln E[exp(-z i)] for real z, and its first and second derivative."""
        log = self.log_weight - z * self.density
        top = float(log.max())
        weight = np.exp(log - top)
        total = float(weight.sum())
        mean = float((weight * self.density).sum()) / total
        return top + math.log(total), -mean, float((weight * (self.density - mean) ** 2).sum()) / total

    def log_mgf(self, z: Complexes) -> Complexes:
        """Ln E[exp(-z i)] for complex z, shape ``(any,)``; all z have one real part."""
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
    """Ln of an error of the likelihood-ratio test with the saddle point z: missed, or false."""
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
    z = root_around(lambda z: _log_test("tilted", z, n, esno) - size, 0.2, 0.2, -19.0, 2.0, 1e-10)
    error = max(_log_test("below", z, n, esno), cones.converse_log_error(n, log2_m, esno))
    return min(error, _log_uncoded(math.ceil(log2_m), esno), 0.0)


def _log_uncoded(k: int, esno: float) -> float:
    """Ln of the error probability of k uncoded bits."""
    from scipy.special import log_ndtr

    right = k * math.log1p(-math.exp(float(log_ndtr(-math.sqrt(2 * esno)))))
    return math.log(-math.expm1(right)) if right else -math.inf


def converse_log2_m(n: int, log_error: float, esno: float) -> float:
    """log2 M <= -log2 beta of the best test between the channel and its output distribution.

    Polyanskiy, Poor and Verdu, 2010, theorem 27, with the product of the outputs of equiprobable inputs; by
    symmetry the test's errors are the same for all words. Or Shannon's cones, for any words of equal energy,
    where these allow less: at low Es/N0.
    """
    z = root_around(lambda z: log_error - _log_test("below", z, n, esno), 0.2, 0.2, -19.0, 2.0, 1e-10)
    found = (SLACK - _log_test("tilted", z, n, esno)) / LN2
    return max(min(found, cones.converse_log2_m(n, log_error, esno)), 0.0)


def dt_log_error(n: int, log2_m: float, esno: float) -> float:
    """E[min(1, (M - 1) / 2 exp(-I))]: Polyanskiy, Poor and Verdu, 2010, theorem 17 (dependence testing)."""
    gamma = log_less_one(log2_m) - LN2
    if gamma == -math.inf:
        return -math.inf
    return min(log_expectation("union", term(esno), n, gamma), 0.0)


def rcus_log_error(n: int, log2_m: float, esno: float) -> float:
    """E[min(1, (M - 1) exp(-I_s))] with the s = 1 / (1 + rho) of Gallager's exponent.

    Martinez and Guillen i Fabregas, "Saddlepoint approximation of random-coding bounds", 2011: Markov's
    inequality on the random-coding union bound, for any s > 0.
    """
    gamma = log_less_one(log2_m)
    if gamma == -math.inf:
        return -math.inf
    rho = random_coding_rho(n, log2_m, lambda rho: gallager_e0(rho, esno))
    return min(log_expectation("union", BinaryInputTerm(esno, 1 / (1 + rho)), n, gamma), 0.0)


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
