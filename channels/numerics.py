"""Entropy of a bit, roots, and quadrature: what capacities are made of.

Cover and Thomas, "Elements of Information Theory", 2nd ed., 2006, section 2.1, for the entropy.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .elementwise import elementwise


@elementwise
def binary_entropy(p: float) -> float:
    """H(p) = -p log2 p - (1 - p) log2 (1 - p) in bits, for p in [0, 1]; 0 at both ends."""
    if not 0 <= p <= 1:
        raise ValueError(f"p must lie in [0, 1], got {p}")
    if p in (0, 1):
        return 0.0
    return -(p * math.log(p) + (1 - p) * math.log1p(-p)) / math.log(2)


@elementwise
def inverse_binary_entropy(entropy: float) -> float:
    """The p in [0, 1/2] with H(p) = entropy, for an entropy in [0, 1]."""
    if not 0 <= entropy <= 1:
        raise ValueError(f"entropy must lie in [0, 1], got {entropy}")
    if entropy in (0, 1):
        return entropy / 2
    # Solved for ln p: H falls off like -p log p, so small entropies keep their relative precision.
    return math.exp(root(lambda x: binary_entropy(math.exp(x)) - entropy, -744.0, -math.log(2)))


def capacity_of_bias(bias: float) -> float:
    """1 - H((1 - bias) / 2), which keeps its relative precision where 1 - H would cancel."""
    return (bias * math.atanh(bias) + math.log1p(-bias * bias) / 2) / math.log(2)


@elementwise
def bsc_capacity(f: float) -> float:
    """1 - H(f) of the binary symmetric channel, crossover probability f in [0, 1]."""
    if not 0 <= f <= 1:
        raise ValueError(f"f must lie in [0, 1], got {f}")
    bias = 1 - 2 * f
    return capacity_of_bias(bias) if abs(bias) < 0.5 else 1 - binary_entropy(f)


def normal_nodes(deviation: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Nodes z and weights, shape (nodes) each, for E[g(m + deviation z)] over a standard normal z.

    For a function g of an LLR such as ln(1 + e^-L), analytic within pi of the real axis, and a deviation
    above 0. The trapezoidal rule converges exponentially there; errors are below 1e-15 of g's size.
    """
    # g is analytic for |Im z| < pi / deviation; the step keeps the error term
    # exp(-2 pi (pi / deviation) / step), and that of the Gaussian, below 1e-15.
    step = min(0.1, 2 * math.pi**2 / (deviation * 36))
    z = np.arange(-math.ceil(12 / step), math.ceil(12 / step) + 1, dtype=np.float64) * step
    weights: npt.NDArray[np.float64] = np.exp(-z * z / 2) * (step / math.sqrt(2 * math.pi))
    return z, weights


def check_rate(rate: float) -> None:
    """Raise ValueError unless a rate lies in [0, 1]."""
    if not 0 <= rate <= 1:
        raise ValueError(f"rate must lie in [0, 1], got {rate}")


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """The zero of an increasing function between two bounds, by Brent's method."""
    from scipy.optimize import brentq

    if function(high) <= 0:  # the end itself, up to rounding
        return high
    return float(brentq(function, low, high, xtol=1e-14, rtol=1e-14, maxiter=200))


def integral(
    function: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]],
    edges: npt.NDArray[np.float64],
    tolerance: float = 1e-12,
) -> float:
    """The integral of a function of arrays from the first of ``edges``, which rise, to the last.

    Edges stand near all that is narrow: what no node of a part comes near to is not seen.
    Gauss and Legendre's rule with 12 nodes in each part; a part is halved, up to 40 times, until both halves
    make as much of it to within ``tolerance`` of the whole.
    """
    nodes, weights = np.polynomial.legendre.leggauss(12)

    def parts(low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        half = (high - low) / 2
        found = function((low + half)[:, None] + half[:, None] * nodes)
        return np.asarray(half * (found @ weights))

    low, high = edges[:-1], edges[1:]
    before, done = parts(low, high), 0.0
    for _ in range(40):
        middle = (low + high) / 2
        first, second = parts(low, middle), parts(middle, high)
        off = abs(first + second - before) > tolerance * abs(done + float((first + second).sum()))
        done += float((first + second)[~off].sum())
        if not off.any():
            return done
        low, high = np.concatenate([low[off], middle[off]]), np.concatenate([middle[off], high[off]])
        before = np.concatenate([first[off], second[off]])
    return done + float(before.sum())
