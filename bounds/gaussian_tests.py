"""Tests against Gaussian outputs on the AWGN channel: the meta-converse and the kappa-beta bound.

For codewords of equal energy. Polyanskiy, Poor and Verdu, 2010, theorems 25 and 27, with the output
distribution N(0, 1 + P) of theorems 40 to 42. P is the signal-to-noise ratio 2 Es/N0, with noise of
variance 1.
"""

import math
from functools import lru_cache

import numpy as np

from .laplace import Complexes, log_expectation
from .logs import LN2, Floats, gauss_legendre, log_minus, log_sum, minimum, root


class GaussianTerm:
    """ln N(y; x, 1) / N(y; 0, 1 + P) of one coordinate of energy P (`laplace.Term`)."""

    def __init__(self, power: float) -> None:
        self.power = power
        self.share = power / (1 + power)
        self.low, self.high = -50.0, 1 / self.share

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """Ln E[exp(-z i)] for real z below 1 + 1 / P, and its first and second derivative."""
        p, q = self.power, self.share
        a, b = 1 - z * q, 1 - z
        value = -z / 2 * math.log1p(p) - math.log(a) / 2 + p * b * b / (2 * a) - b * p / 2
        slope = -math.log1p(p) / 2 + q / (2 * a) - p * b / a + p * b * b * q / (2 * a * a) + p / 2
        bend = q * q / (2 * a * a) + p / a - 2 * p * b * q / a**2 + p * b * b * q * q / a**3
        return value, slope, bend

    def sample(self) -> None:
        """Not needed: phi falls off like a power of n / 2."""

    def log_mgf(self, z: Complexes) -> Complexes:
        """Ln E[exp(-z i)] for complex z, shape ``(any,)``."""
        p = self.power
        a, b = 1 - z * self.share, 1 - z
        return np.asarray(-z / 2 * math.log1p(p) - np.log(a) / 2 + p * b * b / (2 * a) - b * p / 2)


@lru_cache(maxsize=256)
def log_greatest_ratio(n: int, power: float) -> float:
    """Ln of the greatest likelihood ratio of the outputs' energies, of the code's words against N(0, 1 + P).

    For an energy s that is (1 + P)^(n / 2) exp(-n P / 2 - s P / (2 (1 + P))) E[exp(sqrt(n P s) cos)], with
    the cosine that of a uniform direction; of a test on s with P-probability tau, kappa_tau, the other
    probability, is at least tau over this.
    """

    def log_ratio(log_s: float) -> float:
        s = math.exp(log_s)
        energy = n / 2 * math.log1p(power) - n * power / 2 - s * power / (2 * (1 + power))
        return energy + _log_mean_of_exp_cosine(n, math.sqrt(n * power * s))

    middle = math.log(n * (1 + power))
    peak = minimum(lambda x: -log_ratio(x), middle - 2, middle + 2, 1e-9)
    # A little upwards, since the maximum is found only to the precision of the search.
    return log_ratio(peak) + 1e-9


def _log_mean_of_exp_cosine(n: int, k: float) -> float:
    """Ln E[exp(k cos)] over a uniform direction in n dimensions, n above 2."""

    def height(angle: Floats) -> Floats:
        return np.asarray(k * np.cos(angle) + (n - 2) * np.log(np.sin(angle)))

    m = n - 2
    # The maximum: k sin^2 = m cos.
    cosine = 2 * k / (m + math.sqrt(m * m + 4 * k * k))
    peak = math.acos(cosine)
    bend = k * cosine + m / math.sin(peak) ** 2
    width = 11 / math.sqrt(bend)
    x, w = gauss_legendre(80)
    pieces = []
    for end in (max(peak - width, 1e-12), min(peak + width, math.pi - 1e-12)):
        pieces.append(log_sum(height(peak + (end - peak) * x) + np.log(w * abs(end - peak))))
    norm = math.lgamma(n / 2) - math.lgamma((n - 1) / 2) - math.log(math.pi) / 2
    return float(np.logaddexp(pieces[0], pieces[1])) + norm


def _log_tests(z: float, n: int, one: GaussianTerm) -> tuple[float, float]:
    gamma = -n * one.cumulants(z)[1]
    below = log_expectation("below", one, n, gamma, z)
    return below, log_expectation("tilted", one, n, gamma, z) - gamma


def _saddle_of_missed(one: GaussianTerm, n: int, log_error: float) -> float:
    """The saddle point of the test that misses with this probability."""
    return root(lambda z: log_error - _log_tests(z, n, one)[0], -5.0, _highest(one), 1e-9)


def meta_converse_log2_m(n: int, log_error: float, esno: float) -> float:
    """log2 M <= -log2 beta(1 - error) of the best test against N(0, 1 + P); n is at least 20.

    Polyanskiy, Poor and Verdu, 2010, theorem 41. A little weaker than Shannon's cones.
    """
    one = GaussianTerm(2 * esno)
    return max(-_log_tests(_saddle_of_missed(one, n, log_error), n, one)[1] / LN2, 0.0)


def meta_converse_log_error(n: int, log2_m: float, esno: float) -> float:
    """The error of the best test of size 1/M (`meta_converse_log2_m`)."""
    if log2_m <= 0:
        return -math.inf
    one = GaussianTerm(2 * esno)
    size = -log2_m * LN2
    z = root(lambda z: _log_tests(z, n, one)[1] - size, -5.0, _highest(one), 1e-11)
    return min(_log_tests(z, n, one)[0], 0.0)


def kappa_beta_log2_m(n: int, log_error: float, esno: float) -> float:
    """The log2 of the greatest kappa_tau / beta(1 - error + tau) over 0 < tau < error, the maximal error.

    kappa_tau is replaced by a lower bound, tau over `log_greatest_ratio`, from which it differs by little for
    small tau. n is at least 20.
    """
    one = GaussianTerm(2 * esno)
    ratio = log_greatest_ratio(n, one.power)

    def log_m(z: float) -> float:
        missed, beta = _log_tests(z, n, one)
        return log_minus(log_error, missed) - ratio - beta

    # The tests that miss with less than the error allowed have a saddle point above this one.
    low = _saddle_of_missed(one, n, log_error)
    if low >= _highest(one):
        return 0.0
    high = _next(one, n, low)
    return max(log_m(minimum(lambda z: -log_m(z), low, high, 1e-7)) / LN2, 0.0)


def kappa_beta_log_error(n: int, log2_m: float, esno: float) -> float:
    """The least error probability at which `kappa_beta_log2_m` reaches this log2 M."""
    one = GaussianTerm(2 * esno)
    ratio = log_greatest_ratio(n, one.power)

    def parts(z: float) -> tuple[float, float]:
        missed, beta = _log_tests(z, n, one)
        return missed, log2_m * LN2 + beta + ratio

    def log_error(z: float) -> float:
        return float(np.logaddexp(*parts(z)))

    def excess(z: float) -> float:
        missed, tau = parts(z)
        return tau - missed

    # One part falls and the other grows: the least sum is next to where they are equal.
    equal = root(excess, -1.0, _highest(one), 1e-9)
    low = max(2 * equal - _next(one, n, equal), -1.0)
    return min(log_error(minimum(log_error, low, _next(one, n, equal), 1e-7)), 0.0)


def _next(one: GaussianTerm, n: int, z: float) -> float:
    """A saddle point so far above another that its test is certain where the other is one in two."""
    return min(z + 30 / math.sqrt(n * one.cumulants(z)[2]), _highest(one))


def _highest(one: GaussianTerm) -> float:
    return min(1 + 0.9 / one.power, 3.0)
