"""Where an error rate is crossed: a local fit of the rates of points near by.

The logit of the rate is taken for a parabola in the parameter, weighted by what each point tells and by
how near it is (local likelihood: Loader, "Local Regression and Likelihood", 1999, chapter 4), and the
interval of the crossing is where the fit's 95 % band holds the rate (Fieller, 1954).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels.parameter import Parameter
from ..errors import InputError
from .estimators import estimator_of
from .intervals import Z
from .tally import Tally

#: The kernel's width: the distance over which logit(rate) changes by CHANGE, within [NARROW, WIDE] dB.
CHANGE, NARROW, WIDE = 1.2, 0.3, 3.0


@dataclass(frozen=True)
class SearchAxis:
    """A channel parameter as a distance in dB, growing as the noise falls.

    A parameter in dB is that already, up to its sign; of any other, which is positive, the logarithm is
    taken.
    """

    parameter: Parameter
    sign: int

    def distance_of(self, value: float) -> float:
        """The distance of a value."""
        return self.sign * self.parameter.position(value)

    def value_rounded(self, x: float) -> float:
        """The value at a distance, rounded as values are simulated: to 0.001 dB, or four digits."""
        value = self.value_at(x)
        return round(value, 3) + 0.0 if self.parameter.decibels else float(f"{value:.4g}")

    def value_at(self, x: float) -> float:
        """The value at a distance."""
        return self.parameter.value_at(self.sign * x)


@dataclass(frozen=True)
class Fit:
    """Where a curve crosses its target, as distances: the estimate and the bounds of its 95 % interval."""

    x: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval; infinite where the points do not bound it."""
        return (self.high - self.low) / 2


def local_fit(
    x: npt.NDArray[np.float64],
    errors: npt.NDArray[np.float64],
    trials: npt.NDArray[np.float64],
    dispersion: float,
    goal: float,
) -> Fit | None:
    """Where the logit of an error rate crosses ``goal``, from a fit around x = 0.

    Parameters
    ----------
    x
        Distances of the points from about where the crossing is, in widths over which points count.
    errors, trials
        Of each point.
    dispersion
        Variance of the errors over that of independent trials.
    goal
        The logit that is looked for.

    Returns
    -------
    Fit or None
        None if the fit does not fall through ``goal`` within three widths.
    """
    nearness = kernel_weights(x, 1.0)
    order = 2 if np.count_nonzero(nearness > 0.1) >= 5 else 1
    terms = np.vander(x, order + 1, increasing=True)
    start = np.log((errors + 0.5) / (trials - errors + 0.5))
    weight = nearness * (errors + 0.5) * (trials - errors + 0.5) / (trials + 1)
    spread: Any = weight
    coefficients: npt.NDArray[np.float64] = solve(terms, weight, start)
    for _ in range(50):  # iteratively reweighted least squares
        logit = np.clip(terms @ coefficients, -40, 40)
        rate = 1 / (1 + np.exp(-logit))
        spread = np.maximum(trials * rate * (1 - rate), 1e-9)
        following = solve(terms, nearness * spread, logit + (errors - trials * rate) / spread)
        change = float(np.abs(following - coefficients).max())
        coefficients = following
        if change < 1e-9:
            break
    if not np.isfinite(coefficients).all():
        return None
    information = np.linalg.pinv(terms.T * (nearness * spread) @ terms)
    covariance = dispersion * information @ (terms.T * (nearness**2 * spread) @ terms) @ information
    grid = np.linspace(-3, 3, 6001)
    along = np.vander(grid, order + 1, increasing=True)
    above = along @ coefficients - goal
    falls = np.flatnonzero((above[:-1] >= 0) & (above[1:] < 0))
    if not len(falls):
        return None
    i = falls[np.argmin(np.abs(grid[falls]))]
    crossing = grid[i] + above[i] / (above[i] - above[i + 1]) * (grid[1] - grid[0])
    band = Z * np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", along, covariance, along), 0))
    outside = np.abs(above) > band
    before, after = np.flatnonzero(outside[: i + 1]), np.flatnonzero(outside[i + 1 :])
    low = _edge(grid, above - band, int(before[-1])) if len(before) else -math.inf
    high = _edge(grid, above + band, i + int(after[0])) if len(after) else math.inf
    return Fit(float(crossing), min(low, float(crossing)), max(high, float(crossing)))


def fit_around(
    x: npt.NDArray[np.float64],
    tallies: Sequence[Tally],
    k: int,
    measure: str,
    goal: float,
    centre: float,
    width: float,
    within: tuple[float, float],
) -> Fit | None:
    """Where the points' rate crosses ``goal``, from a fit whose centre moves to where it finds that.

    Parameters
    ----------
    x, tallies
        Distances of the points, float64 (points), and what was counted at each.
    k
        Information bits of a frame.
    measure
        ``fer`` or ``ber``.
    goal
        The logit that is looked for.
    centre, width
        A distance near the crossing, and the distance over which points count.
    within
        The least and the greatest distance at which there may be a crossing.

    Returns
    -------
    Fit or None
        None if there is no fit, or its crossing does not lie ``within``.
    """
    counts = np.array([counts_of(tally, k, measure) for tally in tallies], float)
    fit = None
    for _ in range(20):
        spread = _dispersion(tallies, kernel_weights(x - centre, width), k, measure)
        fit = local_fit((x - centre) / width, counts[:, 0], counts[:, 1], spread, goal)
        if fit is None:
            return None
        fit = Fit(*(centre + width * each for each in (fit.x, fit.low, fit.high)))
        if not within[0] <= fit.x <= within[1]:
            return None
        if abs(fit.x - centre) < 1e-5:
            break
        centre = fit.x
    return fit


def counts_of(tally: Tally, k: int, measure: str) -> tuple[int, int]:
    """Errors and trials: wrong frames of all, or wrong bits of all information bits.

    Raises InputError for frames with weights, which are no such counts.
    """
    if estimator_of(tally.names).counters:
        raise InputError("where a curve crosses an error rate is not known of frames with weights")
    if measure == "fer":
        return tally.frame_errors, tally.frames
    return tally.bit_errors, tally.frames * k


def _dispersion(tallies: Sequence[Tally], weights: Sequence[float], k: int, measure: str) -> float:
    """Variance of the errors over that of independent trials: bit errors come in bursts."""
    if measure == "fer":
        return 1.0
    seen = independent = 0.0
    for tally, weight in zip(tallies, weights, strict=True):
        rate = tally.bit_errors / (tally.frames * k)
        seen += weight * (tally.bit_errors_squared - tally.frames * (rate * k) ** 2)
        independent += weight * tally.frames * k * rate * (1 - rate)
    return float(max(seen / independent, 0.01)) if independent > 0 else 1.0


def _edge(grid: npt.NDArray[np.float64], y: npt.NDArray[np.float64], i: int) -> float:
    """Where y passes zero between entries i and i + 1."""
    share = y[i] / (y[i] - y[i + 1]) if y[i] != y[i + 1] else 0.5
    return float(grid[i] + min(max(share, 0.0), 1.0) * (grid[i + 1] - grid[i]))


def solve(
    terms: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], y: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Coefficients of the weighted least squares of ``y`` over ``terms``, shape (points, coefficients)."""
    root = np.sqrt(weight)
    solution: Any = np.linalg.lstsq(terms * root[:, None], y * root, rcond=None)[0]
    return np.asarray(solution, np.float64)


def kernel_weights(distance: npt.ArrayLike, width: float) -> Any:
    """Weights of points at a distance, of a Gaussian kernel of this width."""
    return np.exp(-0.5 * (np.asarray(distance) / width) ** 2)


def logit(rate: float) -> float:
    """ln(p / (1 - p))."""
    return math.log(rate / (1 - rate))
