"""Differential entropies of the common laws: h(X) = -integral of p log p.

They may be negative; a law without width has minus infinity. Cover and Thomas, "Elements of Information
Theory", 2nd ed., 2006, chapter 8 and table 17.1.
"""

import math

import numpy as np
import numpy.typing as npt

from ..elementwise import elementwise
from .measures import Unit, nats_in


@elementwise
def normal_entropy(sigma: float, unit: Unit = "bits") -> float:
    """1/2 log(2 pi e sigma^2) of the normal law with standard deviation ``sigma`` >= 0.

    Minus infinity at 0. Raises ValueError if ``sigma`` is negative or not finite.
    """
    return _in_unit((1 + math.log(2 * math.pi)) / 2 + _ln_scale(sigma, "sigma"), unit)


@elementwise
def complex_normal_entropy(variance: float, unit: Unit = "bits") -> float:
    """log(pi e v) of the circularly symmetric complex normal law, v = E|X|^2 >= 0 its ``variance``.

    Minus infinity at 0. Raises ValueError if ``variance`` is negative or not finite.
    """
    return _in_unit(1 + math.log(math.pi) + _ln_scale(variance, "variance"), unit)


def multivariate_normal_entropy(covariance: npt.ArrayLike, unit: Unit = "bits") -> float:
    """1/2 log((2 pi e)^d det K) of the normal law in d dimensions.

    Parameters
    ----------
    covariance
        K, symmetric and positive semidefinite, shape (d, d); the mean is of no matter.
    unit
        ``bits`` or ``nats``.

    Returns
    -------
    float
        The entropy; minus infinity if K is singular (to the precision of float64: its least eigenvalue
        is below d 2^-52 times its largest, after the variances were made 1).

    Raises
    ------
    ValueError
        If ``covariance`` is not square, finite, symmetric and positive semidefinite.
    """
    matrix = np.asarray(covariance, np.float64)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or matrix.size == 0:
        raise ValueError(f"covariance must be a square matrix, got shape {matrix.shape}")
    if not np.isfinite(matrix).all():
        raise ValueError("covariance must be finite")
    deviations = np.sqrt(np.maximum(np.diag(matrix), 0))
    scale = np.where(deviations > 0, deviations, 1.0)
    correlation = matrix / scale / scale[:, None]
    if abs(correlation - correlation.T).max() > 1e-10:
        raise ValueError("covariance must be symmetric")
    # Variances of 1 first: those of different units would make a good matrix look singular.
    eigenvalues = np.linalg.eigvalsh(correlation)
    rounding = len(matrix) * float(np.finfo(np.float64).eps) * float(abs(eigenvalues).max())
    if (np.diag(matrix) < 0).any() or eigenvalues[0] < -100 * rounding:
        raise ValueError("covariance must be positive semidefinite")
    if eigenvalues[0] <= rounding:
        return -math.inf
    ln_determinant = float(np.log(eigenvalues).sum() + 2 * np.log(scale).sum())
    return _in_unit((len(matrix) * (1 + math.log(2 * math.pi)) + ln_determinant) / 2, unit)


@elementwise
def uniform_entropy(low: float, high: float, unit: Unit = "bits") -> float:
    """log(high - low) of the uniform law on [low, high]; minus infinity where they are the same.

    Raises ValueError unless both are finite and low <= high.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise ValueError(f"low and high must be finite and in this order, got {low} and {high}")
    half = _ln_scale(high / 2 - low / 2, "high - low")  # halves: the difference may overflow
    return _in_unit(half + math.log(2), unit)


@elementwise
def exponential_entropy(rate: float, unit: Unit = "bits") -> float:
    """1 - ln(rate) nats of the exponential law with density rate e^(-rate x).

    Raises ValueError unless ``rate`` is finite and above 0.
    """
    return _in_unit(1 - math.log(_positive(rate, "rate")), unit)


@elementwise
def laplace_entropy(scale: float, unit: Unit = "bits") -> float:
    """1 + ln(2 b) nats of the Laplace law with density e^(-|x| / b) / (2 b), b = ``scale`` >= 0.

    Minus infinity at 0. Raises ValueError if ``scale`` is negative or not finite.
    """
    return _in_unit(1 + math.log(2) + _ln_scale(scale, "scale"), unit)


@elementwise
def logistic_entropy(scale: float, unit: Unit = "bits") -> float:
    """2 + ln(s) nats of the logistic law with distribution function 1 / (1 + e^(-x / s)), s = ``scale`` >= 0.

    Minus infinity at 0. Raises ValueError if ``scale`` is negative or not finite.
    """
    return _in_unit(2 + _ln_scale(scale, "scale"), unit)


@elementwise
def cauchy_entropy(scale: float, unit: Unit = "bits") -> float:
    """ln(4 pi g) nats of the Cauchy law with half-width g = ``scale`` >= 0; minus infinity at 0.

    Raises ValueError if ``scale`` is negative or not finite.
    """
    return _in_unit(math.log(4 * math.pi) + _ln_scale(scale, "scale"), unit)


@elementwise
def rayleigh_entropy(sigma: float, unit: Unit = "bits") -> float:
    """1 + ln(sigma / sqrt 2) + gamma / 2 nats of the Rayleigh law, gamma Euler's constant.

    The law of |X| where X is complex normal with variance 2 sigma^2. Minus infinity at 0. Raises
    ValueError if ``sigma`` is negative or not finite.
    """
    return _in_unit(1 - math.log(2) / 2 + float(np.euler_gamma) / 2 + _ln_scale(sigma, "sigma"), unit)


@elementwise
def gamma_entropy(shape: float, scale: float, unit: Unit = "bits") -> float:
    """Entropy of the gamma law: a + ln b + ln Gamma(a) + (1 - a) psi(a) nats.

    Here a = ``shape`` > 0, b = ``scale`` >= 0, and psi is the digamma function. Minus infinity at scale
    0. Raises ValueError if an argument is outside its range or not finite.
    """
    from scipy.special import digamma

    a = _positive(shape, "shape")
    return _in_unit(a + math.lgamma(a) + (1 - a) * float(digamma(a)) + _ln_scale(scale, "scale"), unit)


def _ln_scale(scale: float, name: str) -> float:
    if not 0 <= scale < math.inf:
        raise ValueError(f"{name} must be finite and not negative, got {scale}")
    return math.log(scale) if scale > 0 else -math.inf


def _positive(value: float, name: str) -> float:
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be finite and above 0, got {value}")
    return value


def _in_unit(nats: float, unit: Unit) -> float:
    return nats / nats_in(unit)
