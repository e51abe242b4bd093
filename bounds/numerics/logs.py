"""Sums, integrals and roots of what is known by its logarithm."""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LN2 = math.log(2)


def log_sum(logs: Floats) -> float:
    """ln of the sum of exp(logs), shape ``(any,)``; -inf for an empty sum."""
    if not len(logs):
        return -math.inf
    top = float(logs.max())
    return top + math.log(float(np.exp(logs - top).sum())) if math.isfinite(top) else top


def log_less_one(log2_m: float) -> float:
    """ln(M - 1) of M = 2^log2_m >= 1; -inf at M = 1."""
    x = log2_m * LN2
    return x + math.log(-math.expm1(-x)) if x > 0 else -math.inf


def log2_plus_one(log_of: float) -> float:
    """log2(1 + exp(log_of)): the inverse of `log_less_one`."""
    return float(np.logaddexp(0.0, log_of)) / LN2


def log_minus(log_a: float, log_b: float) -> float:
    """ln(exp(log_a) - exp(log_b)); -inf where b is not below a."""
    if log_b >= log_a:
        return -math.inf
    return log_a + math.log(-math.expm1(log_b - log_a))


@lru_cache(maxsize=16)
def gauss_legendre(nodes: int) -> tuple[Floats, Floats]:
    """Nodes and weights of Gauss-Legendre quadrature on [0, 1]."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    return (x + 1) / 2, w / 2


def root(function: Callable[[float], float], low: float, high: float, precision: float = 1e-12) -> float:
    """The zero of an increasing function on [low, high], or the end that is nearest to one.

    Logarithms of 0 and infinity are met by clipping, so the function may return either.
    """
    from scipy.optimize import brentq

    def clipped(x: float) -> float:
        return min(max(function(x), -1e9), 1e9)

    if clipped(low) >= 0:
        return low
    if clipped(high) <= 0:
        return high
    return float(brentq(clipped, low, high, xtol=precision, rtol=8.9e-16, maxiter=300))


def root_around(
    function: Callable[[float], float], start: float, step: float, low: float, high: float, precision: float
) -> float:
    """The zero of an increasing function on [low, high], looked for from a start outwards."""
    a = b = min(max(start, low), high)
    if function(a) < 0:
        while b < high:
            a, b, step = b, min(b + step, high), 2 * step
            if function(b) >= 0:
                break
    else:
        while a > low:
            a, b, step = max(a - step, low), a, 2 * step
            if function(a) <= 0:
                break
    return root(function, a, b, precision)


def minimum(function: Callable[[float], float], low: float, high: float, precision: float = 1e-9) -> float:
    """Where a function of one minimum on [low, high] has it, to about the precision, or the end."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(function, bounds=(low, high), method="bounded", options={"xatol": precision})
    return min((low, high, float(found.x)), key=function)
