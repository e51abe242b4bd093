"""The binary symmetric channel at finite length: sums over the number of crossovers, exact.

f is the crossover probability, in (0, 1/2); n the block length; error probabilities are natural
logarithms. M = 2^log2_m need not be an integer.
"""

import math
from functools import lru_cache

import numpy as np

from ..numerics.logs import LN2, Floats, log_sum
from ..numerics.union_sums import UnionSum


@lru_cache(maxsize=8)
def log_choose(n: int) -> Floats:
    """ln C(n, t) for t = 0 ... n, shape ``(n + 1,)``."""
    from scipy.special import gammaln

    t = np.arange(n + 1.0)
    return np.asarray(gammaln(n + 1.0) - gammaln(t + 1) - gammaln(n - t + 1))


@lru_cache(maxsize=8)
def log_ball(n: int) -> Floats:
    """ln of the share of all words within distance t, 2^-n sum C(n, s) over s <= t; shape ``(n + 1,)``."""
    return np.minimum(np.logaddexp.accumulate(log_choose(n)) - n * LN2, 0.0)


def log_crossovers(n: int, f: float) -> Floats:
    """ln P[t crossovers], t = 0 ... n."""
    t = np.arange(n + 1.0)
    return log_choose(n) + t * math.log(f) + (n - t) * math.log1p(-f)


def converse_log_error(n: int, log2_m: float, f: float) -> float:
    """The least error probability that the best test of size 1/M leaves (`converse_log2_m`)."""
    ball = log_ball(n)
    size = -log2_m * LN2
    if size >= 0:
        return -math.inf
    edge = int(np.searchsorted(ball, size, side="left"))  # the first ball that is as large as the test
    if edge > n:
        return -math.inf
    p = log_crossovers(n, f)
    shell = log_choose(n)[edge] - n * LN2
    # The part of the shell at the edge that the test leaves to the error.
    left = min(max(math.exp(ball[edge] - shell) - math.exp(size - shell), 0.0), 1.0)
    return min(
        float(np.logaddexp(log_sum(p[edge + 1 :]), p[edge] + math.log(left) if left else -math.inf)), 0.0
    )


def converse_log2_m(n: int, log_error: float, f: float) -> float:
    """log2 M <= -log2 beta of the best test between the channel and uniform outputs.

    Polyanskiy, Poor and Verdu, 2010, theorem 35: the test accepts up to so many crossovers,
    and with some probability one more, so that it misses with the error probability allowed.
    """
    p = log_crossovers(n, f)
    tail = np.append(np.logaddexp.accumulate(p[::-1])[::-1], -math.inf)  # ln P[at least t crossovers]
    edge = int(np.count_nonzero(tail > log_error)) - 1  # the last t with P[at least t] above the error
    if edge < 0:
        return 0.0
    missed = (math.exp(log_error - p[edge]) - math.exp(tail[edge + 1] - p[edge])) if p[edge] > -1e300 else 0.0
    taken = 1 - min(max(missed, 0.0), 1.0)
    shell = log_choose(n)[edge] - n * LN2 + (math.log(taken) if taken else -math.inf)
    inside = log_ball(n)[edge - 1] if edge else -math.inf
    return max(-float(np.logaddexp(inside, shell)) / LN2, 0.0)


def rcu(n: int, f: float) -> UnionSum:
    """The random-coding union bound: sum over t of P[t] min(1, (M - 1) 2^-n sum C(n, s) over s <= t).

    Polyanskiy, Poor and Verdu, 2010, equation 162; exact for the ensemble up to the union bound.
    """
    return UnionSum(log_crossovers(n, f), log_ball(n))


def dependence_testing(n: int, f: float) -> UnionSum:
    """The dependence-testing bound: sum over t of C(n, t) min(f^t (1 - f)^(n - t), (M - 1) 2^-(n + 1)).

    Polyanskiy, Poor and Verdu, 2010, equation 166.
    """
    t = np.arange(n + 1.0)
    return UnionSum(log_crossovers(n, f), -(n + 1) * LN2 - t * math.log(f) - (n - t) * math.log1p(-f))
