"""Codewords on a sphere in Gaussian noise: solid angles, and the angle that the noise turns a codeword by.

C. E. Shannon, "Probability of error for optimal codes in a Gaussian channel", Bell Syst. Tech. J. 38,
1959. Codewords of n coordinates have energy n Es each; the noise has variance N0/2 = 1 here, so a codeword
has length sqrt(2 n Es/N0). Integrals of log-concave functions by Gauss-Legendre quadrature around their
maxima, in the log domain. Relative errors of probabilities are below 1e-9 wherever rounding Es/N0 to a
double does not change more: over n from 2 to a million and rates up to 20, compared with 40-digit arithmetic.
"""

import math

import numpy as np

from .numerics.logs import LN2, Floats, gauss_legendre, log_less_one, log_sum, minimum, root

_DROP = 40.0  # what lies exp(-40) below a maximum is left out
#: The logarithms of the least and the greatest angle of the cones of two or more codewords.
LEAST_LOG_ANGLE, LOG_RIGHT = -300.0, math.log(math.pi / 2)


def log_cone(n: int, theta: Floats) -> Floats:
    """ln of the share of the n-dimensional sphere in a cone of half-angle theta, in (0, pi), n >= 2."""
    acute = np.minimum(theta, math.pi - theta)
    if n == 2:
        log = np.log(acute / math.pi)
    else:
        # sin^(n - 2) from the angle at which it is exp(-40) of what it is at the edge.
        start = np.arcsin(np.sin(acute) * math.exp(-_DROP / (n - 2)))
        x, w = gauss_legendre(48)
        phi = start[..., None] + (acute - start)[..., None] * x
        edge = np.sin(acute)
        ratio = (np.sin(phi) / edge[..., None]) ** (n - 2)
        log = np.log((ratio * w).sum(-1) * (acute - start)) + (n - 2) * np.log(edge) + _log_density_norm(n)
    with np.errstate(divide="ignore"):
        return np.where(theta <= math.pi / 2, log, np.log1p(-np.exp(np.minimum(log, 0.0))))


def _log_density_norm(n: int) -> float:
    """ln of the factor that makes sin^(n - 2) a density on (0, pi)."""
    return math.lgamma(n / 2) - math.lgamma((n - 1) / 2) - math.log(math.pi) / 2


def log_turned(n: int, theta: Floats, esno: float) -> Floats:
    """ln P[the angle between the codeword and what is received exceeds theta], theta in (0, pi), n >= 2.

    That is P[Z + a < R cot theta] with a = sqrt(2 n Es/N0), Z normal and R chi with n - 1 degrees of
    freedom: a tail of the non-central t distribution. Integrated over R.
    """
    from scipy.special import erfcx, log_ndtr

    cot = 1 / np.tan(np.atleast_1d(theta))
    length = math.sqrt(2 * n * esno)
    power = n - 2

    # The logarithm of what is integrated is power ln r - r^2 / 2 + log_ndtr(cot r - length).
    # The maximum, by Newton's method on a concave function; the start has the tail of log_ndtr in it.
    square = 1 + cot * cot
    deep = (cot * length + np.sqrt((cot * length) ** 2 + 4 * square * power)) / (2 * square)
    shallow = np.full_like(cot, math.sqrt(power))
    r = np.where(cot * shallow > length, shallow, deep)
    # The slope falls; it is negative beyond both the maximum of the chi density and where the tail is 1.
    low, high = np.zeros_like(r), np.maximum(shallow, np.where(cot > 0, (length + 40) / cot, 0.0)) + 1e-2
    r = np.clip(r, 1e-3, high)
    for _ in range(100):
        x = cot * r - length
        mills = math.sqrt(2 / math.pi) / erfcx(-x / math.sqrt(2))
        slope = power / r - r + cot * mills
        bend = power / (r * r) + 1 + cot * cot * np.clip(mills * (x + mills), 0, 1)
        low, high = np.where(slope > 0, r, low), np.where(slope > 0, high, r)
        new = r + slope / bend
        new = np.where((new > low) & (new < high), new, (low + high) / 2)
        done = np.all(np.abs(new - r) <= 1e-7 / np.sqrt(bend))
        r = new
        if done:
            break
    top = power * np.log(r) - r * r / 2 + log_ndtr(cot * r - length)

    def drop(points: Floats) -> Floats:
        """height(points) - height(r), without cancellation where both log-tails are large."""
        here, there = cot[:, None] * points - length, (cot * r - length)[:, None]
        tail, tail_there = (np.log(erfcx(np.maximum(-x, 0) / math.sqrt(2))) for x in (here, there))
        far = -cot[:, None] * (points - r[:, None]) * (here + there) / 2 + tail - tail_there
        near = log_ndtr(here) - log_ndtr(there)
        chi = power * np.log(points / r[:, None]) - (points - r[:, None]) * (points + r[:, None]) / 2
        return np.asarray(chi + np.where(np.maximum(here, there) < 0, far, near))

    # Three widths: of the maximum, of the chi density, which is never wider than a normal one, and of the
    # step that the normal distribution function is where the angle is small.
    steps = np.array([0.0, 0.5, 1.2, 2.2, 3.5, 5.0, 7.0, 9.5])
    steps = np.concatenate([-steps[:0:-1], steps])
    with np.errstate(divide="ignore"):
        step = np.minimum(1 / np.abs(cot), 1e3)
    ends = [r[:, None] + steps, r[:, None] + steps / np.sqrt(bend)[:, None]]
    ends.append(np.clip(length / np.where(cot == 0, 1e-300, cot), -1e3, 1e9)[:, None] + steps * step[:, None])
    edges = np.sort(np.clip(np.concatenate(ends, 1), np.maximum(r - 9.5, 0)[:, None], r[:, None] + 9.5), 1)
    x, w = gauss_legendre(16)
    lengths = np.diff(edges, axis=1)
    points = edges[:, :-1, None] + lengths[..., None] * x
    heights = drop(np.maximum(points, 1e-300).reshape(len(r), -1)).reshape(points.shape)
    total = ((np.exp(heights) * w).sum(2) * lengths).sum(1)
    # The chi density with n - 1 degrees of freedom is r^(n - 2) exp(-r^2 / 2) over this.
    norm = ((n - 3) / 2) * LN2 + math.lgamma((n - 1) / 2)
    return np.asarray(np.minimum(top + np.log(total) - norm, 0.0))


def _cone_of_share(n: int, log_share: float) -> float:
    """The half-angle of the cone with this share of the sphere."""
    # Over the angle's logarithm: it may be tiny. Beyond a right angle the rest of the sphere is a cone.
    if log_share > -LN2:
        return math.pi - _cone_of_share(n, math.log(-math.expm1(log_share)))
    return math.exp(
        root(
            lambda u: float(log_cone(n, np.array(math.exp(u)))) - log_share, LEAST_LOG_ANGLE, LOG_RIGHT, 1e-15
        )
    )


def converse_log_error(n: int, log2_m: float, esno: float) -> float:
    """P[the noise leaves a cone with 1/M of the sphere]: no decision regions are better than cones.

    Shannon, 1959; for codewords of equal energy, BPSK included, and for no others: uncoded 16-QAM beats it.
    """
    if log2_m <= 0:
        return -math.inf
    return float(log_turned(n, np.array([_cone_of_share(n, -log2_m * LN2)]), esno)[0])


def converse_log2_m(n: int, log_error: float, esno: float) -> float:
    """The log2 M at which `converse_log_error` is this; 0 where even two codewords have more errors."""

    def excess(log_angle: float) -> float:
        return log_error - float(log_turned(n, np.array([math.exp(log_angle)]), esno)[0])

    if excess(LOG_RIGHT) < -1e-9:
        return 0.0
    angle = math.exp(root(excess, LEAST_LOG_ANGLE, LOG_RIGHT, 1e-15))
    return -float(log_cone(n, np.array(angle))) / LN2


def rcu_log_error(n: int, log2_m: float, esno: float) -> float:
    """E[min(1, (M - 1) share of the cone as wide as the angle turned)]: random codewords on the sphere.

    Shannon, 1959: the random-coding union bound (Polyanskiy, Poor and Verdu, 2010) for codewords uniform on
    the sphere, which have equal energy. Integrated by parts: the density of the cone against
    P[turned by more].
    """
    log_others = log_less_one(log2_m)
    if log_others == -math.inf:
        return -math.inf
    end = _cone_of_share(n, -log_others) if log_others > 0 else math.pi - 1e-9

    # Over the logarithm of the angle, which may be tiny: at its maximum the integrand is 1/n wide or more.
    def height(u: Floats) -> Floats:
        theta = np.exp(u)
        return np.asarray((n - 2) * np.log(np.sin(theta)) + log_turned(n, theta, esno) + u)

    # Up to the angle by which the noise turns most words, about 1 over the square root of 2 Es/N0, it grows.
    top_end = math.log(end)
    bottom = min(math.log(math.atan(1 / math.sqrt(2 * esno))), top_end) - 1 - _DROP / (n - 1)
    before, last = height(np.array([top_end - 0.01 / n, top_end]))
    peak = top_end
    if before > last:  # inside, where it is 1/sqrt(n) wide
        peak = minimum(lambda u: -float(height(np.array([u]))[0]), bottom, top_end, 0.01 / math.sqrt(n))
    least = float(height(np.array([peak]))[0]) - _DROP
    steps = 1.4 ** np.arange(math.ceil(math.log(60 * n) / math.log(1.4)) + 1) / n
    pieces = []
    x, w = gauss_legendre(40)
    for side, limit in ((-1.0, bottom), (1.0, top_end)):
        ends = np.clip(peak + side * steps, bottom, top_end)
        far = (height(ends) < least) | (ends == limit)
        width = abs(float(ends[np.argmax(far)]) - peak)
        if width > 0:
            pieces.append(log_sum(height(peak + side * width * x) + np.log(w * width)))
    return min(log_others + _log_density_norm(n) + log_sum(np.array(pieces)), 0.0)
