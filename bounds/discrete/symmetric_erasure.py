"""The binary symmetric channel with erasures at finite length: exact means over the number of erasures.

A bit is flipped with probability f and erased with epsilon, f < (1 - epsilon) / 2; error probabilities are
natural logarithms. With e of n bits erased, whose places the receiver knows, what is left is a block of n - e
bits over a BSC. So the mean of what holds for each, over e, holds.
"""

import math
from collections.abc import Callable

import numpy as np

from ..numerics.logs import log_sum, root_around
from . import binary_symmetric, erasure

#: The greatest block length: the work grows with n^1.5.
GREATEST_N = 20_000
_NEGLIGIBLE = 36.0  # in nats


def converse_log_error(n: int, log2_m: float, f: float, epsilon: float) -> float:
    """The mean over erasures of the least error of M words over the BSC that is left.

    Polyanskiy, Poor and Verdu, 2010: theorem 35 for each number of erasures, as theorem 38 is for f = 0.
    """
    if f == 0:
        return erasure.converse_log_error(n, log2_m, epsilon)

    def given(left: int, flipped: float) -> float:
        if left == 0:
            return math.log(-math.expm1(-log2_m * math.log(2))) if log2_m > 0 else -math.inf
        return binary_symmetric.converse_log_error(left, log2_m, flipped)

    return _mean(n, f, epsilon, given)


def rcu_log_error(n: int, log2_m: float, f: float, epsilon: float) -> float:
    """The random-coding union bound, the mean over erasures of that on the BSC that is left; ties are errors.

    Polyanskiy, Poor and Verdu, 2010, theorem 33 and equation 162.
    """
    if f == 0:
        return erasure.rcu(n, epsilon).log_error(log2_m)
    return _mean(n, f, epsilon, lambda left, flipped: binary_symmetric.rcu(left, flipped).log_error(log2_m))


def _mean(n: int, f: float, epsilon: float, given: Callable[[int, float], float]) -> float:
    """ln of the mean of exp(given(n - e, f / (1 - epsilon))), which grows with the erasures e."""
    flipped = f / (1 - epsilon)
    if epsilon == 0:
        return min(given(n, flipped), 0.0)
    log_p = erasure.log_erasures(n, epsilon)
    below, above = np.logaddexp.accumulate(log_p), np.logaddexp.accumulate(log_p[::-1])[::-1]
    logs: list[float] = []
    top = -math.inf
    middle = round(n * epsilon)
    # Upwards and downwards from the most probable number, until what is left is nothing beside what there is.
    for erased in range(middle, n + 1):
        logs.append(float(log_p[erased]) + given(n - erased, flipped))
        top = max(top, logs[-1])
        if above[erased] < top - _NEGLIGIBLE:
            break
    for erased in range(middle - 1, -1, -1):
        logs.append(float(log_p[erased]) + (found := given(n - erased, flipped)))
        top = max(top, logs[-1])
        if below[erased] + found < top - _NEGLIGIBLE:
            break
    return min(log_sum(np.array(logs)), 0.0)


def log2_m_at(log_error_at: Callable[[float], float], log_error: float, start: float, most: float) -> float:
    """The log2 M up to ``most`` at which a bound's error, which grows with it, is this; from a start on."""
    start = min(max(start, 1.0), most)
    return root_around(lambda log2_m: log_error_at(log2_m) - log_error, start, 2.0, 1e-9, most, 1e-9)
