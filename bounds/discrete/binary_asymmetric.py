"""The binary asymmetric channel at finite length: a converse by the number of ones of codewords.

A 0 is received as 1 with probability p01 and a 1 as 0 with p10, p01 + p10 < 1; error probabilities are
natural logarithms. The words with w ones are all alike, and have tests against product outputs Q_w of their
own: with U_w(l) = E[min(1, l Q_w(Y) / W(Y | x))] a test has P[missed] + l Q_w[false] >= U_w(l) for any l. The
words of a code with w ones have sets of outputs that are apart, so that their Q_w[false] add up to 1 at most.
With l_w such that all U_w(l_w) are some u, the mean error of M words, of any numbers of ones, is at least
u - sum of l_w / M.

Polyanskiy, Poor and Verdu, 2010, for the tests; codes are parted by composition as in Strassen, 1962.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from ..numerics.logs import LN2, Floats, log_less_one, minimum
from ..numerics.union_sums import UnionSum

#: The greatest block length where one of the probabilities is 0, and where both are not.
GREATEST_Z_N, GREATEST_N = 5000, 500
#: By how much, in nats, log M is taken too large: for what is left out of sums, and rounding.
SLACK = 1e-5
#: What is left out: of the sum over w, and of probabilities, in nats; the latter makes the bound only weaker.
_FEW, _NEGLIGIBLE = 16.0, 60.0


class Compositions:
    """The words of length n by their number of ones."""

    def __init__(self, n: int, p01: float, p10: float, share: float) -> None:
        self._n, self._p01, self._p10 = n, p01, p10
        self._likely = min(max(round(n * share), 0), n)
        self._sums: dict[int, UnionSum] = {}

    def log_total(self, log_u: float) -> float:
        """ln of the sum of all l_w at which U_w is this."""
        top = total = self._log_l(self._likely, log_u)
        # The logarithms are concave in w: what is beyond is less still.
        for steps in (range(self._likely + 1, self._n + 1), range(self._likely - 1, -1, -1)):
            for w in steps:
                one = self._log_l(w, log_u)
                top, total = max(top, one), float(np.logaddexp(total, one))
                if one < top - _FEW:
                    break
        return total

    def _log_l(self, w: int, log_u: float) -> float:
        if w not in self._sums:
            self._sums[w] = self._sum(w)
        return log_less_one(self._sums[w].log2_m(log_u))  # `UnionSum` has M - 1 for l

    def _sum(self, w: int) -> UnionSum:
        """U_w over the numbers of zeros and of ones that are received wrong."""
        from scipy.special import xlogy

        zeros = self._n - w
        one = (zeros * self._p01 + w * (1 - self._p10)) / self._n  # under Q_w
        t0, log_p0 = _binomial(zeros, self._p01)
        t1, log_p1 = _binomial(w, self._p10)
        of_zeros = xlogy(t0, self._p01) + xlogy(zeros - t0, 1 - self._p01)
        of_zeros -= xlogy(t0, one) + xlogy(zeros - t0, 1 - one)
        of_ones = xlogy(t1, self._p10) + xlogy(w - t1, 1 - self._p10)
        of_ones -= xlogy(t1, 1 - one) + xlogy(w - t1, one)
        log_p = np.add.outer(log_p0, log_p1).ravel()
        density = np.add.outer(of_zeros, of_ones).ravel()
        there = log_p > -_NEGLIGIBLE
        order = np.argsort(-density[there], kind="stable")
        return UnionSum(log_p[there][order], -density[there][order])


def _binomial(n: int, p: float) -> tuple[Floats, Floats]:
    """Numbers of n that are wrong, those not too improbable, and ln of their probabilities."""
    from scipy.special import gammaln, xlogy

    t = np.arange(n + 1.0) if p > 0 else np.zeros(1)
    log_p = gammaln(n + 1.0) - gammaln(t + 1) - gammaln(n - t + 1) + xlogy(t, p) + xlogy(n - t, 1 - p)
    there = log_p > log_p.max() - _NEGLIGIBLE
    return t[there], log_p[there]


@lru_cache(maxsize=2)
def compositions(n: int, p01: float, p10: float, share: float) -> Compositions:
    """The words of length n; ``share`` is about that of ones in good codes."""
    return Compositions(n, p01, p10, share)


def converse_log2_m(n: int, log_error: float, p01: float, p10: float, share: float) -> float:
    """log2 M <= log2 of the sum of l_w over u - error, the least over u."""
    words, error = compositions(n, p01, p10, share), math.exp(log_error)

    def log_m(log_more: float) -> float:
        return words.log_total(math.log(error + math.exp(log_more))) - log_more

    best = minimum(log_m, log_error - 5, min(math.log1p(-error), log_error + 8) - 1e-9, 0.01)
    # There are no more words than outputs.
    most = n * LN2 - math.log1p(-error)
    return max(min(log_m(best) + SLACK, most) / LN2, 0.0)


def converse_log_error(n: int, log2_m: float, p01: float, p10: float, share: float, start: float) -> float:
    """The greatest u - sum of l_w / M; u is looked for from ``start`` on, ln of about the error."""
    if log2_m <= 0:
        return -math.inf
    words, log_m = compositions(n, p01, p10, share), log2_m * LN2 - SLACK

    def log_error(log_u: float) -> float:
        rest = -math.expm1(min(words.log_total(log_u) - log_m - log_u, 700.0))
        return log_u + math.log(rest) if rest > 0 else -math.inf

    crowded = math.log(-math.expm1(n * LN2 - log2_m * LN2)) if log2_m > n else -math.inf
    return min(max(log_error(_peak(log_error, min(start, -1e-6))), crowded), 0.0)


def _peak(function: Callable[[float], float], start: float) -> float:
    """Where a function, which rises, and then falls and is -inf, is greatest, from a start below 0 on."""
    middle, step = start, 1.0
    while function(middle) == -math.inf and middle > -1e4:
        middle, step = middle - step, 2 * step
    high, step = middle, 0.5
    while high < -1e-9 and function(high) >= function(middle):
        middle, high, step = high, min(high + step, -1e-9), 2 * step
    low, step = middle, 0.5
    while function(low) >= function(middle):
        middle, low, step = low, low - step, 2 * step
    golden = (math.sqrt(5) - 1) / 2
    while high - low > 0.01:
        left, right = high - golden * (high - low), low + golden * (high - low)
        if function(left) >= function(right):
            high = right
        else:
            low = left
    return (low + high) / 2 if function((low + high) / 2) > -math.inf else low
