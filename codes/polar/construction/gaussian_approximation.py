"""The Gaussian approximation: LLRs of all bit channels taken as Gaussian, known by their means.

S.-Y. Chung, T. J. Richardson and R. L. Urbanke, "Analysis of sum-product decoding of low-density parity-check
codes using a Gaussian approximation", 2001; for polar codes P. Trifonov, "Efficient design and decoding of
polar codes", 2012. A Gaussian LLR of mean m has variance 2 m, and phi(m) = 1 - E[tanh(L / 2)]. Phi is
integrated here, where those approximate it by elementary functions.
"""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import scipy.special

from .evolution import Values, evolve

#: Logarithms of means between which tables are made, and their step. Beyond, the limits' forms hold.
LEAST, MOST, STEP = math.log(1e-6), math.log(1e7), 1 / 64
#: Below this mean 1 - phi is followed, above it phi: each where it is small.
TURN = 1.0


def mean_llrs(log_means: Values, kernels: Sequence[int]) -> Values:
    """The logarithms of the mean LLRs of the bit channels: float64 (n).

    ``log_means`` has those of the coded bits, float64 (n) or (1); minus infinity for a bit that is not sent,
    infinity for one that is known. Over AWGN with BPSK a mean is 4 Es/N0. ``kernels`` as for ``evolve``.

    Examples
    --------
    >>> np.exp(mean_llrs(np.log([4.0]), (2,))).round(3).tolist()
    [1.929, 8.0]
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return evolve(log_means, kernels, check, np.logaddexp)


def error_probabilities(log_means: Values) -> Values:
    """The probability that an LLR of such a mean is negative: float64."""
    return np.asarray(scipy.special.ndtr(-np.sqrt(np.exp(log_means) / 2)), np.float64)


@cache
def _tables() -> tuple[Values, Values]:
    """ln phi(m) + m / 4 and ln((1 - phi(m)) / m) at the steps of ln m.

    With the density of a Gaussian L of mean m and variance 2 m, phi is e^(-m / 4) times the mean of
    1 / cosh(u / 2) over u of mean 0, and 1 - phi is the mean of tanh^2(L / 2).
    """
    x = np.exp(np.arange(LEAST, MOST + STEP, STEP))
    # The trapezoidal rule, which for analytic functions errs by less than rounding at these steps.
    u = np.arange(-96.0, 96.0001, 0.125)
    z = np.arange(-8.5, 8.5001, 1 / 16)
    weights = np.exp(-z * z / 2) / math.sqrt(2 * math.pi) / 16
    phi, other = np.empty(len(x)), np.empty(len(x))
    for i, mean in enumerate(x):
        if mean > TURN:
            density = np.exp(-u * u / (4 * mean)) / math.sqrt(4 * math.pi * mean) * 0.125
            phi[i] = math.log(float(density @ (1 / np.cosh(u / 2))))
        else:
            phi[i] = math.log(float(weights @ (1 / np.cosh(math.sqrt(mean / 2) * z))))
        if mean < 1e3:
            other[i] = math.log(float(weights @ np.tanh(mean / 2 + math.sqrt(mean / 2) * z) ** 2) / mean)
        else:
            other[i] = -math.log(mean)
    return phi, other


def _looked_up(table: Values, at: Values) -> tuple[Values, Values]:
    """A table's values at logarithms of means, and their derivatives: cubic through four neighbours."""
    place = np.clip(np.nan_to_num((at - LEAST) / STEP, nan=1.0), 1, len(table) - 3)
    i = place.astype(np.int64)
    t = place - i
    a, b, c, d = table[i - 1], table[i], table[i + 1], table[i + 2]
    cubic, square = (d - a) / 6 + (b - c) / 2, (a + c) / 2 - b
    slope = c - b - cubic - square
    value = b + t * (slope + t * (square + t * cubic))
    return value, (slope + t * (2 * square + 3 * t * cubic)) / STEP


def check(a: Values, b: Values) -> Values:
    """The logarithm of the mean after a check: phi = phi1 + phi2 - phi1 phi2."""
    a, b = np.broadcast_arrays(np.minimum(a, b), np.maximum(a, b))
    phi, other = _tables()
    # 1 - phi is the product of both: for a weak LLR.
    known = _log_other(other, a) + _log_other(other, b)
    weak = known - _looked_up(other, known)[0]
    for _ in range(6):
        value, slope = _looked_up(other, weak)
        weak = weak - (weak + value - known) / (1 + slope)
    # ln phi: for a strong one, by Newton's steps on the mean.
    p, q = _log_phi(phi, a), _log_phi(phi, b)
    target = p + np.log1p(np.exp(q - p) - np.exp(q))
    strong = np.exp(a)
    for _ in range(6):
        value, slope = _looked_up(phi, np.log(strong))
        step = (value - strong / 4 - target) / (slope / strong - 0.25)
        strong = np.maximum(strong - step, strong / 16)
    found = np.where(a < math.log(TURN), weak, np.log(strong))
    return np.where(np.isneginf(a), -np.inf, np.where(np.isposinf(b), a, found))


def _log_phi(table: Values, at: Values) -> Values:
    return _looked_up(table, at)[0] - np.exp(at) / 4


def _log_other(table: Values, at: Values) -> Values:
    return np.where(np.isposinf(at), 0.0, np.minimum(at, MOST) + _looked_up(table, at)[0])
