"""Tests against Gaussian outputs on the AWGN channel: the meta-converse and the kappa-beta bound.

Polyanskiy, Poor and Verdu, 2010, equation 218, for codewords of equal energy and the output distribution
N(0, 1 + P). P is the signal-to-noise ratio 2 Es/N0, with noise of variance 1. What is integrated falls off
exponentially along the bent line of `laplace`, whatever n is: relative errors are some 1e-13.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from .numerics.laplace import log_expectation
from .numerics.lattice import Complexes
from .numerics.logs import LN2, Floats, gauss_legendre, log_minus, log_sum, minimum, root_around


class GaussianTerm:
    """ln N(y; x, 1) / N(y; 0, v) of one coordinate (`laplace.Term`), v = 1 + ``output``.

    Parameters
    ----------
    power
        The energy of the coordinate, which is that of the codeword over n.
    output
        The energy that the output distribution is for, above 0; by default it is the power.
    """

    def __init__(self, power: float, output: float | None = None) -> None:
        self.power = power
        self.output = power if output is None else output
        self.variance = 1 + self.output
        self.share = self.output / self.variance
        self.low, self.high, self.bend = -1e9, 1 / self.share, 0.5
        self.greatest: float | None = None
        self.points = 0

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """ln E[exp(-z i)] for real z below 1 + 1 / (v - 1), and its first and second derivative."""
        q, v, ratio = self.share, self.variance, self.power / self.variance
        a = (1 - z) + z / v
        value = -z / 2 * math.log1p(self.output) - math.log(a) / 2 - ratio * z * (1 - z) / (2 * a)
        slope = -math.log1p(self.output) / 2 + q / (2 * a) - ratio * (1 - 2 * z + q * z * z) / (2 * a * a)
        bend = q * q / (2 * a * a) + ratio / v / a**3
        return value, slope, bend

    def saddle_point(self, mean: float) -> float:
        """The z at which the derivative of ln E[exp(-z i)] is -mean; the least z where i is always less."""
        # In 1 / a, with a = 1 - z (v - 1) / v, it is the root of a polynomial of degree 2.
        short = math.log1p(self.output) / 2 + self.power / (2 * self.output) - mean
        if short <= 0:
            return self.low
        root = self.share / 2 + math.sqrt(
            self.share**2 / 4 + 2 * short * self.power / (self.output * self.variance)
        )
        return max((1 - root / (2 * short)) / self.share, self.low)

    def furthest(self, z: float, least: float) -> float:
        """Not asked for."""
        raise NotImplementedError

    def log_tail(self, distance: float) -> float:
        """Not asked for."""
        raise NotImplementedError

    def sample(self, step: float, cells: int) -> tuple[Floats, Floats]:
        """Not asked for."""
        raise NotImplementedError

    def log_mgf(self, z: Complexes) -> Complexes:
        """ln E[exp(-z i)] for complex z, shape ``(any,)``."""
        v, ratio = self.variance, self.power / self.variance
        a = (1 - z) + z / v
        return np.asarray(-z / 2 * math.log1p(self.output) - np.log(a) / 2 - ratio * z * (1 - z) / (2 * a))


@lru_cache(maxsize=256)
def log_greatest_ratio(n: int, power: float) -> float:
    """ln of the greatest likelihood ratio of the outputs' energies, of the code's words against N(0, 1 + P).

    For an energy r^2 that is (1 + P)^(n / 2) exp(r^2 / (2 (1 + P)) - (r - a)^2 / 2) E[exp(-r a (1 - cos))]
    with a = sqrt(n P) and the cosine that of a uniform direction; of a test on the energy with P-probability
    tau, kappa_tau, the other probability, is at least tau over this.
    """
    length = math.sqrt(n * power)

    def log_ratio(r: float) -> float:
        energy = n / 2 * math.log1p(power) + r * r / (2 * (1 + power)) - (r - length) ** 2 / 2
        return energy + _log_mean_of_exp_cosine(n, r * length)

    middle = math.sqrt(n * (1 + power))
    peak = minimum(lambda r: -log_ratio(r), middle / 3, 3 * middle, 1e-9)
    # A little upwards, since the maximum is found only to the precision of the search.
    return log_ratio(peak) + 1e-9


def _log_mean_of_exp_cosine(n: int, k: float) -> float:
    """ln E[exp(-k (1 - cos))] over a uniform direction in n dimensions, n above 2."""

    def height(angle: Floats) -> Floats:
        return np.asarray(-2 * k * np.sin(angle / 2) ** 2 + (n - 2) * np.log(np.sin(angle)))

    m = n - 2
    # The maximum: k sin^2 = m cos.
    cosine = 2 * k / (m + math.sqrt(m * m + 4 * k * k))
    peak = math.atan2(math.sqrt(m * cosine / k), cosine)
    bend = k * cosine + m / math.sin(peak) ** 2
    width = 11 / math.sqrt(bend)
    x, w = gauss_legendre(80)
    pieces = []
    for end in (max(peak - width, peak * 1e-12), min(peak + width, math.pi - 1e-12)):
        pieces.append(log_sum(height(peak + (end - peak) * x) + np.log(w * abs(end - peak))))
    norm = math.lgamma(n / 2) - math.lgamma((n - 1) / 2) - math.log(math.pi) / 2
    return float(np.logaddexp(pieces[0], pieces[1])) + norm


def log_tests(z: float, n: int, one: GaussianTerm) -> tuple[float, float]:
    """ln of the errors of the test with the saddle point z: it misses, or it is false."""
    gamma = threshold(z, n, one)
    below = log_expectation("below", one, n, gamma, z)
    return below, log_expectation("tilted", one, n, gamma, z) - gamma


def threshold(z: float, n: int, one: GaussianTerm) -> float:
    """The likelihood ratio's logarithm from which on the test with the saddle point z accepts."""
    return -n * one.cumulants(z)[1]


def saddle_of(t: float, one: GaussianTerm) -> float:
    """The saddle point at a t that falls from test to test as they miss less: ln(1 - z (v - 1) / v)."""
    return -math.expm1(t) / one.share


def _least_t(one: GaussianTerm) -> float:
    """A t whose test is larger than any that is asked for: it is false almost for certain."""
    return -math.log1p(one.output) - 2.3


#: A t whose test is smaller than any that is asked for.
_GREATEST_T = 80.0


def t_of_missed(one: GaussianTerm, n: int, log_error: float) -> float:
    """The t of the test that misses with this probability."""
    return _t_where(lambda missed, _: missed - log_error, one, n)


def t_of_size(one: GaussianTerm, n: int, log2_m: float) -> float:
    """The t of the test of size 1/M."""
    return _t_where(lambda _, false: -log2_m * LN2 - false, one, n)


def _t_where(excess: Callable[[float, float], float], one: GaussianTerm, n: int) -> float:
    """The t at which a function of both logarithms of the test's errors, which grows with it, is 0."""
    low, start = _least_t(one), -0.1 * math.log1p(one.output) - 1e-3
    return root_around(
        lambda t: excess(*log_tests(saddle_of(t, one), n, one)), start, 0.1, low, _GREATEST_T, 1e-15
    )


def meta_converse_log2_m(n: int, log_error: float, esno: float) -> float:
    """log2 M <= -log2 beta(1 - error) of the best test against N(0, 1 + P).

    For words of equal energy (Polyanskiy, Poor and Verdu, 2010, equation 218), and of at most this energy
    (Vazquez-Vilar, 2021). A little weaker than Shannon's cones for the former.
    """
    one = GaussianTerm(2 * esno)
    z = saddle_of(t_of_missed(one, n, log_error), one)
    return max(-log_tests(z, n, one)[1] / LN2, 0.0)


def meta_converse_log_error(n: int, log2_m: float, esno: float) -> float:
    """The error of the best test of size 1/M (`meta_converse_log2_m`)."""
    if log2_m <= 0:
        return -math.inf
    one = GaussianTerm(2 * esno)
    return min(log_tests(saddle_of(t_of_size(one, n, log2_m), one), n, one)[0], 0.0)


def kappa_beta_log2_m(n: int, log_error: float, esno: float) -> float:
    """The log2 of the greatest kappa_tau / beta(1 - error + tau) over 0 < tau < error, the maximal error.

    kappa_tau is replaced by a lower bound, tau over `log_greatest_ratio`, from which it differs by little for
    small tau. n is at least 3.
    """
    one = GaussianTerm(2 * esno)
    ratio = log_greatest_ratio(n, one.power)

    def log_m(t: float) -> float:
        missed, beta = log_tests(saddle_of(t, one), n, one)
        return log_minus(log_error, missed) - ratio - beta

    # The tests that miss with less than the error allowed have a t below this one.
    high = t_of_missed(one, n, log_error)
    low = _next(one, n, high)
    return max(log_m(minimum(lambda t: -log_m(t), low, high, 1e-9)) / LN2, 0.0)


def kappa_beta_log_error(n: int, log2_m: float, esno: float) -> float:
    """The least error probability at which `kappa_beta_log2_m` reaches this log2 M."""
    one = GaussianTerm(2 * esno)
    ratio = log_greatest_ratio(n, one.power)

    def parts(t: float) -> tuple[float, float]:
        missed, beta = log_tests(saddle_of(t, one), n, one)
        return missed, log2_m * LN2 + beta + ratio

    def log_error(t: float) -> float:
        return float(np.logaddexp(*parts(t)))

    # One part falls and the other grows: the least sum is next to where they are equal.
    equal = _t_where(lambda missed, beta: missed - (log2_m * LN2 + beta + ratio), one, n)
    low = _next(one, n, equal)
    return min(log_error(minimum(log_error, low, 2 * equal - low, 1e-9)), 0.0)


def _next(one: GaussianTerm, n: int, t: float) -> float:
    """A t so far below another that its test is certain where the other is one in two."""
    # The threshold changes with t by this much: dz / dt is exp(t) over the share.
    rate = n * one.cumulants(saddle_of(t, one))[2] * math.exp(t) / one.share
    deviation = math.sqrt(n * one.cumulants(saddle_of(t, one))[2])
    return max(t - 30 * deviation / rate, _least_t(one))
