"""Any memoryless channel with finitely many inputs at finite length: sums of its information densities.

The channel is given by its ``Law``; n is the block length, and error probabilities are natural logarithms.
Sums are convolved on a lattice (`numerics.lattice`), whatever their terms are.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from ..channels.information.law import Law, Part
from . import normal
from .numerics.lattice import Kind, Terms, cumulants_of_sum, lattice_expectation
from .numerics.logs import LN2, Floats, log2_plus_one, log_less_one, log_minus, minimum, root, root_around

#: By how much, in nats, a converse takes log M too large, so that what is left of numerical errors never
#: makes it promise too little.
SLACK = 1e-4
#: Points of a lattice where s is looked for; up to a length; and beyond it, where terms are narrow.
ROUGH, USUAL, LONG, MANY = 1 << 13, 1 << 17, 20_000, 1 << 20
#: The best s is looked for between these.
LEAST_S, GREATEST_S = 0.4, 3.0


class DensityTerm:
    """A part of an information density as a lattice asks for it (`lattice.Sampled`)."""

    def __init__(self, part: Part) -> None:
        self.density = part.densities
        self.log_p = np.log(part.probabilities)
        self.greatest: float | None = float(self.density.max())

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """ln E[exp(-z i)] for real z, and its first and second derivative."""
        log = self.log_p - z * self.density
        top = float(log.max())
        weight = np.exp(log - top)
        total = float(weight.sum())
        mean = float((weight * self.density).sum()) / total
        return top + math.log(total), -mean, float((weight * (self.density - mean) ** 2).sum()) / total

    def furthest(self, z: float, least: float) -> float:
        """How far below the greatest i lies with a probability, tilted by exp(-z i), of at least this."""
        log = self.log_p - z * self.density
        return float(self.density.max() - self.density[log > log.max() + math.log(least)].min())

    def log_tail(self, distance: float) -> float:
        """ln P[i is further below its greatest value than this]."""
        further = self.log_p[self.density.max() - self.density > distance]
        return min(float(np.logaddexp.reduce(further)), 0.0) if len(further) else -math.inf

    def sample(self, step: float, cells: int) -> tuple[Floats, Floats]:
        """ln of the probabilities, and the distances below the greatest value."""
        return self.log_p, self.density.max() - self.density


class DensitySum:
    """The sum of the generalised information densities of n uses, i_s."""

    def __init__(self, law: Law, n: int, s: float = 1.0, *, fine: bool = True) -> None:
        terms = tuple((DensityTerm(part), n * part.times) for part in law.parts(s, fine=fine))
        self._terms: Terms = terms
        # Beside a value with a probability a lattice is off by less than a tenth of its step.
        self.slack = SLACK if law.smooth else SLACK + 15 * math.sqrt(self.cumulants(0.0)[2]) / USUAL
        self._size = (USUAL if n <= LONG else MANY) if fine else ROUGH
        # Without noise it is the same in all words.
        varies = any(np.ptp(term.density) > 1e-12 for term, _ in terms)
        self._constant = None if varies else -self.cumulants(0.0)[1]

    def cumulants(self, z: float) -> tuple[float, float, float]:
        """ln E[exp(-z I)] for real z, and its first and second derivative."""
        return cumulants_of_sum(self._terms, z)

    def log_expectation(self, kind: Kind, gamma: float) -> float:
        """ln of what ``lattice.Kind`` names."""
        saddle = root(lambda z: gamma + self.cumulants(z)[1], 0.0, 1.0, 1e-3)
        return lattice_expectation(kind, self._terms, gamma, saddle, self._size)

    def log_union(self, gamma: float) -> float:
        """ln E[min(1, exp(gamma - I))]."""
        if self._constant is not None:
            return min(gamma - self._constant, 0.0)
        return min(self.log_expectation("union", gamma), 0.0)

    def gamma(self, log_error: float, kind: Kind = "union") -> float:
        """The gamma at which the expectation of a kind that grows with it is this."""
        from scipy.special import ndtri_exp

        if self._constant is not None:
            return self._constant + (log_error if kind == "union" else 0.0)
        _, slope, variance = self.cumulants(0.0)
        deviation = math.sqrt(variance)
        start = -slope + deviation * float(ndtri_exp(log_error))
        return self._where(lambda gamma: self.log_expectation(kind, gamma) - log_error, start, deviation)

    def threshold(self, log_size: float) -> float:
        """The logarithm of the likelihood ratio from which on a test of this size accepts."""
        _, slope, variance = self.cumulants(0.0)

        def excess(gamma: float) -> float:
            return log_size - self.log_expectation("tilted", gamma) + gamma

        return self._where(excess, min(-slope, -log_size), math.sqrt(variance))

    @staticmethod
    def _where(excess: Callable[[float], float], start: float, deviation: float) -> float:
        precision = 1e-9 * (1 + deviation)
        return root_around(excess, start, deviation / 4, start - 1e6, start + 1e6, precision)


@lru_cache(maxsize=8)
def density_sum(law: Law, n: int, s: float = 1.0, *, fine: bool = True) -> DensitySum:
    """The sum at an s; the last few are kept."""
    return DensitySum(law, n, s, fine=fine)


def _best_s(n: int, cost: Callable[[float], float]) -> float:
    """The s at which a cost of n uses, in nats, is least; near it the cost hardly changes."""
    precision = 0.3 / math.sqrt(max(n, 100))
    best = minimum(lambda log_s: cost(math.exp(log_s)), math.log(LEAST_S), math.log(GREATEST_S), precision)
    return math.exp(best)


def rcus_log_error(n: int, log2_m: float, law: Law) -> float:
    """The least E[min(1, (M - 1) exp(-I_s))] over s: Martinez and Guillen i Fabregas, 2011."""
    gamma = log_less_one(log2_m)
    if gamma == -math.inf:
        return -math.inf
    s = _best_s(n, lambda s: DensitySum(law, n, s, fine=False).log_union(gamma))
    return density_sum(law, n, s).log_union(gamma)


def rcus_log2_m(n: int, log_error: float, law: Law) -> float:
    """The greatest log2 M at which `rcus_log_error` is this."""
    s = _best_s(n, lambda s: -DensitySum(law, n, s, fine=False).gamma(log_error))
    return log2_plus_one(density_sum(law, n, s).gamma(log_error))


def dt_log_error(n: int, log2_m: float, law: Law) -> float:
    """E[min(1, (M - 1) / 2 exp(-I))]: Polyanskiy, Poor and Verdu, 2010 (dependence testing)."""
    gamma = log_less_one(log2_m) - LN2
    return -math.inf if gamma == -math.inf else density_sum(law, n).log_union(gamma)


def dt_log2_m(n: int, log_error: float, law: Law) -> float:
    """The log2 M at which `dt_log_error` is this."""
    return log2_plus_one(density_sum(law, n).gamma(log_error) + LN2)


def meta_converse_log_error(n: int, log2_m: float, law: Law) -> float:
    """The error of the best test of size 1/M, of a symmetric channel (`meta_converse_log2_m`)."""
    if log2_m <= 0:
        return -math.inf
    total = density_sum(law, n)
    log_size = total.slack - log2_m * LN2
    log_l = total.threshold(log_size)
    return min(log_minus(total.log_union(log_l), log_l + log_size), 0.0)


def meta_converse_log2_m(n: int, log_error: float, law: Law) -> float:
    """log2 M <= -log2 beta of the best test between the channel and the outputs of its inputs' law.

    Polyanskiy, Poor and Verdu, 2010. The channel is symmetric, so that the test's errors are the same for all
    words. For any l > 0 a test has P[missed] + l Q[false] >= E[min(1, l exp(-I))], and the likelihood-ratio
    test with the threshold l has equality: what is taken holds for whatever l is found.
    """
    total = density_sum(law, n)
    log_l = total.gamma(log_error, "below")
    size = log_minus(total.log_union(log_l), log_error) - log_l
    return min(max((total.slack - size) / LN2, 0.0), crowded_log2_m(n * law.bits, log_error))


def crowded_log_error(bits: float, log2_m: float) -> float:
    """ln(1 - 2^bits / M), the error of M words where no more than 2^bits are different."""
    return math.log(-math.expm1((bits - log2_m) * LN2)) if log2_m > bits else -math.inf


def crowded_log2_m(bits: float, log_error: float) -> float:
    """The log2 M at which `crowded_log_error` is this."""
    return bits - math.log1p(-math.exp(log_error)) / LN2


def gallager_e0(rho: float, law: Law) -> float:
    """Gallager's E0(rho) in nats: -ln E[exp(-rho i_s)] at s = 1 / (1 + rho)."""
    return -math.fsum(
        part.times * DensityTerm(part).cumulants(rho)[0] for part in law.parts(1 / (1 + rho), fine=True)
    )


def capacity_and_dispersion(law: Law) -> tuple[float, float]:
    """Mean and variance of the information density, in nats and nats squared."""
    _, slope, variance = DensitySum(law, 1).cumulants(0.0)
    return -slope, variance


def normal_log2_m(n: int, log_error: float, law: Law) -> float:
    """The normal approximation to the greatest log2 M; the dispersion is the density's variance."""
    return normal.log2_m_of(*_mean_and_deviation(n, law), log_error)


def normal_log_error(n: int, log2_m: float, law: Law) -> float:
    """ln of the normal approximation to the least error probability."""
    return normal.log_error_of(*_mean_and_deviation(n, law), log2_m)


def _mean_and_deviation(n: int, law: Law) -> tuple[float, float]:
    capacity, dispersion = capacity_and_dispersion(law)
    return n * capacity + (0.0 if law.singular else math.log(n) / 2), math.sqrt(n * dispersion)
