"""Thresholds on AWGN with Gaussian messages: the Gaussian approximation, EXIT and protograph EXIT.

Chung, Richardson and Urbanke, "Analysis of sum-product decoding of low-density parity-check codes using a
Gaussian approximation", 2001; Liva and Chiani, "Protograph LDPC codes design based on EXIT analysis", 2007.
"""

import math
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ...channels.numerics import normal_nodes
from .degrees import Ensemble
from .protograph import Protograph
from .search import Course, follow

Values = npt.NDArray[np.float64]
#: Means of messages at which tables are made, and at which an iteration is looked at.
LEAST_MEAN, MOST_MEAN, TABLE, POINTS = 1e-6, 400.0, 1500, 2000
#: Means up to which the iteration is followed: an error probability of 1e-6.
FOLLOWED = 45.0
#: The information that may be missing at the end, of a protograph's bits.
MISSING = 1e-5


def phi(mean: npt.ArrayLike) -> Values:
    """1 - E[tanh(L / 2)] of a Gaussian LLR of this mean and twice this variance; 1 for a mean of 0.

    The formula of the approximation (2001, section III), which is within 0.02 of the integral: published
    thresholds are made with it. The integral itself gives some 0.003 less in sigma.
    """
    x = np.asarray(mean, float)
    large = np.maximum(x, 10.0)
    below = np.exp(np.minimum(-0.4527 * np.minimum(x, 10.0) ** 0.86 + 0.0218, 0.0))
    above = np.sqrt(math.pi / large) * np.exp(-large / 4) * (1 - 10 / (7 * large))
    return np.asarray(np.where(x < 10, below, above), np.float64)


def inverse_phi(complement: Values) -> Values:
    """The mean whose phi is 1 less this, of the complement 1 - phi in [0, 1)."""
    logs, values = _phi_table()
    found = np.exp(np.interp(-np.log1p(-np.minimum(complement, 1 - 1e-16)), values, logs))
    return np.where(complement > 0, found, 0.0)


@lru_cache(maxsize=1)
def _phi_table() -> tuple[Values, Values]:
    """ln of means and -ln of their phi, both rising."""
    means = np.geomspace(LEAST_MEAN, MOST_MEAN, 40 * TABLE)
    return np.log(means), np.maximum.accumulate(-np.log(phi(means)))


@lru_cache(maxsize=1)
def _tables() -> tuple[Values, Values, Values]:
    """ln of means m, and of the information that a Gaussian LLR of mean m and variance 2 m lacks and has."""
    means = np.geomspace(LEAST_MEAN, MOST_MEAN, TABLE)
    lost = np.empty(TABLE)
    for i, mean in enumerate(means):
        z, weights = normal_nodes(math.sqrt(2 * mean))
        lost[i] = weights @ np.logaddexp(0, -mean - math.sqrt(2 * mean) * z) / math.log(2)
    return np.log(means), np.log(lost), np.log1p(-lost)


def dual_mean(mean: Values) -> Values:
    """The mean of a Gaussian LLR that knows what one of this mean lacks: J(sqrt(2 m')) = 1 - J(sqrt(2 m))."""
    logs, lost, known = _tables()
    with np.errstate(divide="ignore"):
        place = np.log(mean)
    lacking = np.interp(place, logs, lost)
    found = np.exp(np.interp(lacking, known, logs))
    # where little is known, J(s) = s^2 / (8 ln 2)
    return np.where(lacking < known[0], np.exp(lacking) * 4 * math.log(2), found)


def approximation_opens(ensemble: Ensemble) -> Callable[[float], bool]:
    """Whether means of messages grow without end at an Es/N0, a ratio, by the Gaussian approximation."""
    if ensemble.punctured:
        raise ValueError("the Gaussian approximation is for ensembles whose bits are all sent")
    told = np.concatenate([[0.0], np.geomspace(1e-4, FOLLOWED, POINTS)])

    def opens(esno: float) -> bool:
        channel = 4 * esno  # the mean 2 / sigma^2 of the channel's LLR
        unknown = sum(share * phi(channel + (d - 1) * told) for d, share in ensemble.variables.items())
        log_known = np.log1p(-np.minimum(unknown, 1 - 1e-15))
        found = sum(share * inverse_phi(np.exp((d - 1) * log_known)) for d, share in ensemble.checks.items())
        return bool((found > told).all())

    return opens


def protograph_course(protograph: Protograph, channel: Values, standstill: float) -> Course:
    """How protograph EXIT goes from the means of the channel's LLRs of each variable; 0 where not sent."""
    edges = protograph.edges
    times = edges.times.astype(float)
    checks, variables = protograph.base.shape
    own = channel[edges.variable]

    def missing() -> Iterator[float]:
        told = np.zeros(len(times))
        while True:
            sums = np.bincount(edges.variable, times * told, variables)
            yield float(information_lost(channel + sums).mean())
            sent = own + sums[edges.variable] - told
            dual = dual_mean(sent)
            totals = np.bincount(edges.check, times * dual, checks)
            told = dual_mean(np.maximum(totals[edges.check] - dual, 0.0))

    return follow(missing(), MISSING, standstill)


def information_lost(mean: Values) -> Values:
    """1 - J(sqrt(2 m)), to a relative 1e-4."""
    logs, lost, _ = _tables()
    with np.errstate(divide="ignore"):
        return np.where(mean < LEAST_MEAN, 1.0, np.exp(np.interp(np.log(mean), logs, lost)))


def mean_of_lost(lost: Values) -> Values:
    """The mean of a Gaussian LLR that lacks so much information, in (0, 1)."""
    logs, lacking, known = _tables()
    small = np.interp(np.log1p(-np.minimum(lost, 1 - 1e-15)), known, logs)
    large = np.interp(-np.log(lost), -lacking, logs)
    return np.asarray(np.exp(np.where(lost > 0.5, small, large)))


def mean_of_information(information: float) -> float:
    """The mean of a Gaussian LLR that carries so much information, in [0, 1]."""
    if information <= 0:
        return 0.0
    return MOST_MEAN if information >= 1 else float(mean_of_lost(np.array(1 - information)))
