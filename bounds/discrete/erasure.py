"""The binary erasure channel at finite length: sums over the number of erasures, exact.

epsilon is the erasure probability, in (0, 1); error probabilities are natural logarithms.
"""

import math

import numpy as np

from ..numerics.logs import LN2, Floats, log_sum, root
from ..numerics.union_sums import UnionSum
from .binary_symmetric import log_choose


def log_erasures(n: int, epsilon: float) -> Floats:
    """ln P[t erasures], t = 0 ... n, shape ``(n + 1,)``."""
    t = np.arange(n + 1.0)
    return log_choose(n) + t * math.log(epsilon) + (n - t) * math.log1p(-epsilon)


def converse_log_error(n: int, log2_m: float, epsilon: float) -> float:
    """The sum of P[t] (1 - 2^(n - t) / M) over t > n - log2 M.

    Polyanskiy, Poor and Verdu, 2010, theorem 38: with t erasures at most 2^(n - t) codewords are told
    apart.
    """
    first = max(math.floor(n - log2_m) + 1, 0)
    if first > n:
        return -math.inf
    known = n - np.arange(first, n + 1.0)
    return min(log_sum(log_erasures(n, epsilon)[first:] + np.log(-np.expm1((known - log2_m) * LN2))), 0.0)


def converse_log2_m(n: int, log_error: float, epsilon: float) -> float:
    """The log2 M at which `converse_log_error` is this."""
    p = log_erasures(n, epsilon)
    t = np.arange(n + 1.0)

    def excess(log2_m: float) -> float:
        first = max(math.floor(n - log2_m) + 1, 0)
        return log_sum(p[first:] + np.log(-np.expm1((n - t[first:] - log2_m) * LN2))) - log_error

    # No more than n bits and what the error allows: (1 - 2^n / M) <= error even without erasures.
    return root(excess, 1e-9, n - math.log1p(-math.exp(log_error)) / LN2 + 1e-9)


def rcu(n: int, epsilon: float) -> UnionSum:
    """The random-coding union bound, sum of P[t] min(1, (M - 1) 2^-(n - t)): ties count as errors.

    Polyanskiy, Poor and Verdu, 2010; a wrong codeword agrees where nothing was erased with
    probability 2^-(n - t).
    """
    return UnionSum(log_erasures(n, epsilon), -(n - np.arange(n + 1.0)) * LN2)


def dependence_testing(n: int, epsilon: float) -> UnionSum:
    """The dependence-testing bound, sum of P[t] 2^-[n - t - log2((M - 1) / 2)]^+.

    Polyanskiy, Poor and Verdu, 2010, equation 183.
    """
    return UnionSum(log_erasures(n, epsilon), -(n + 1 - np.arange(n + 1.0)) * LN2)
