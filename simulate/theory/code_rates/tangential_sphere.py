"""The tangential-sphere bound on the error rate of ML decoding over AWGN, from a code's weights.

Poltyrev, "Bounds on the decoding error probability of binary linear codes via their spectra", 1994; Sason and
Shamai, "Performance analysis of linear codes under maximum-likelihood decoding: a tutorial", 2006,
section 3.2.
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy import optimize, special

from ....channels import AWGN
from ....codes import LinearCode, weight_enumerator
from .rates import Channels, Values, known_values, logs_of
from .union_bounds import union_bound


def tangential_sphere_bound(code: LinearCode, channel: Channels) -> Values:
    """Poltyrev's tangential-sphere bound on the FER of soft ML decoding on AWGN; the union bound if less.

    The union bound is taken for noise within a cone around the word sent, whose best angle depends on the
    code alone; noise outside counts as an error. It is useful at far lower Es/N0 than the union bound.
    Takes the codes that ``union_bound`` takes. Float64 of shape () or (channels).

    Raises ValueError if the weights cannot be worked out or the channel is not AWGN.
    """
    kind, values = known_values(channel)
    if kind is not AWGN:
        raise ValueError("the tangential-sphere bound is for AWGN: use union_bound elsewhere")
    union = union_bound(code, channel).fer
    if code.n < 3:
        return union
    counts = weight_enumerator(code).counts
    weights = np.flatnonzero(counts)[1:]
    logs = logs_of(counts[weights])
    radius = _cone(code.n, weights, logs)
    found = union.copy()
    for i in np.ndindex(values.shape):
        if found[i] > 0:
            sphere = _tangential_sphere(code.n, weights, logs, radius, float(values[i]))
            found[i] = min(float(found[i]), sphere)
    return found


def _cone(n: int, weights: npt.NDArray[np.int64], logs: Values) -> float:
    """The best tangent of the cone's half angle (Sason and Shamai, 2006, section 3.2).

    There, the caps that codewords cut out of a sphere in n - 1 dimensions add up to the whole of it.
    Infinite where the code is so small that they never do.
    """
    weights, logs = weights[weights < n], logs[weights < n]
    slopes = np.sqrt(weights / (n - weights))

    def log_caps(log_radius: float) -> float:
        cosine = np.minimum(slopes * math.exp(-log_radius), 1.0)
        # Half the regularised beta function, which is too small for a float where the sine is.
        sine2 = 1 - cosine**2
        logs_of_caps = _log_beta_cdf((n - 2) / 2, sine2) - math.log(2)
        return float(special.logsumexp(logs + logs_of_caps)) if len(logs) else -math.inf

    low, high = (math.log(slopes.min()), math.log(slopes.max()) + 12) if len(slopes) else (0.0, 0.0)
    if log_caps(high) <= 0:
        return math.inf
    return math.exp(optimize.brentq(lambda x: max(log_caps(x), -1e6), low, high, xtol=1e-12))


def _log_beta_cdf(a: float, x: Values) -> Values:
    """ln of the regularised incomplete beta function I_x(a, 1/2), also where that is below 1e-300."""
    value = special.betainc(a, 0.5, x)
    tiny = value < 1e-280
    with np.errstate(divide="ignore"):
        found = np.log(value)
        if tiny.any():
            y = x[tiny]
            found[tiny] = special.xlogy(a, y) + np.log1p(-y) / 2 - math.log(a) - special.betaln(a, 0.5)
            found[tiny] += np.log(special.hyp2f1(a + 0.5, 1.0, a + 1.0, y))
    return np.asarray(found)


def _tangential_sphere(
    n: int, weights: npt.NDArray[np.int64], logs: Values, radius: float, esno: float
) -> float:
    """The bound with a cone of any half angle, whose tangent is ``radius``.

    The unit is the noise's standard deviation. Noise along the word sent is z, and the cone's apex at the
    origin, ``apex`` away; at z the cone has radius u tan, with u = apex - z, and codewords at distance h
    cut it u slope away from the axis.
    """
    apex = math.sqrt(2 * n * esno)
    weights, logs = weights[weights < n], logs[weights < n]  # the antipode is nearer only outside of the cone
    slopes = np.sqrt(weights / (n - weights))
    inside = slopes < radius
    slopes, cumulated = slopes[inside], np.logaddexp.accumulate(logs[inside])
    low = -9.5  # what lies before is some 1e-21 of the whole
    z, dz = _gauss(min(32 + math.ceil(6 * (apex - low)), 4096), low, apex)
    u = apex - z
    total = [special.log_ndtr(-apex)]
    outside = special.gammaincc((n - 1) / 2, (u * radius) ** 2 / 2) if radius < math.inf else np.zeros(len(z))
    density = -(z**2) / 2 - math.log(2 * math.pi) / 2 + np.log(dz)
    with np.errstate(divide="ignore"):
        total.append(special.logsumexp(density + np.log(outside)))
    if radius == math.inf:
        # No sphere: what is left is the union bound, but for the far side of the origin.
        for slope, log_count in zip(slopes, logs[inside], strict=True):
            total.append(special.logsumexp(density + log_count + special.log_ndtr(-u * slope)))
        return float(np.exp(special.logsumexp(total)))
    # Across the axis: between two slopes the number of codewords that count is the same.
    ends = np.append(slopes[1:], radius)
    for start, end, log_count in zip(slopes, ends, cumulated, strict=True):
        # Noise beyond a slope is that far off, at least; what adds nothing to the 19th digit is left out.
        if log_count - apex**2 * start**2 / (1 + start**2) / 2 < special.logsumexp(total) - 45:
            continue
        decay = (apex + 1) ** 2 * (end**2 - start**2) / 2
        x, dx = _gauss(12 + math.ceil(3 * math.sqrt(decay)), float(start), float(end))
        across = -((u[:, None] * x) ** 2) / 2 - math.log(2 * math.pi) / 2 + np.log(dx) + np.log(u)[:, None]
        rest = _log_gamma_cdf((n - 2) / 2, u[:, None] ** 2 * (radius**2 - x**2) / 2)
        total.append(special.logsumexp(density[:, None] + log_count + across + rest))
    return float(np.exp(min(special.logsumexp(total), 0.0)))


def _log_gamma_cdf(a: float, x: Values) -> Values:
    """ln of the regularised incomplete gamma function P(a, x), also where that is below 1e-300."""
    value = special.gammainc(a, x)
    tiny = value < 1e-280
    with np.errstate(divide="ignore"):
        found = np.log(value)
        if tiny.any():
            y = x[tiny]
            # x is far below a there, so that the series converges at once.
            found[tiny] = special.xlogy(a, y) - y - special.gammaln(a + 1)
            found[tiny] += np.log(special.hyp1f1(1, a + 1, y))
    return np.asarray(found)


def _gauss(nodes: int, low: float, high: float) -> tuple[Values, Values]:
    """At least so many nodes, and weights, of Gauss-Legendre quadrature from ``low`` to ``high``."""
    x, w = _legendre(-(-nodes // 16) * 16)
    return low + (high - low) * (x + 1) / 2, (high - low) / 2 * w


@lru_cache(maxsize=256)
def _legendre(nodes: int) -> tuple[Values, Values]:
    x, w = np.polynomial.legendre.leggauss(nodes)
    return x, w
