"""Thresholds on the erasure channel, where density evolution is exact.

Luby, Mitzenmacher, Shokrollahi and Spielman, "Efficient erasure correcting codes", 2001; for maximum
likelihood Measson, Montanari and Urbanke, "Maxwell construction: the hidden bridge between iterative and
maximum a posteriori decoding", 2008.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .degrees import Ensemble, polynomial
from .protograph import Protograph
from .search import Course, most_noise

Values = npt.NDArray[np.float64]
#: Erasure probabilities of messages at which curves are looked at, the least of them, and what is nothing.
POINTS, LEAST = 20_000, 1e-9
#: Erasures of a chain of protographs fall slowly, as a wave moves along it.
MOST_STEPS, STILL = 200_000, 1e-6


def erasure_threshold(ensemble: Ensemble) -> float:
    """The least epsilon at which x = epsilon lambda(1 - rho(1 - x)) for an x above 0: that of peeling.

    Examples
    --------
    >>> round(erasure_threshold(Ensemble.regular(3, 6)), 5)
    0.42944
    """
    return float(np.clip(min(critical_point(ensemble)[1], ensemble.stable_bhattacharyya), 0.0, 1.0))


def critical_point(ensemble: Ensemble) -> tuple[float, float]:
    """The least epsilon with a fixed point x above 0, after that x: erasure probabilities of messages."""
    from scipy.optimize import minimize_scalar

    curve = _channel_of(ensemble)
    grid = np.geomspace(LEAST, 1, POINTS)
    values = curve(grid)
    at = int(np.argmin(values))
    if not 0 < at < POINTS - 1:
        return float(grid[at]), float(values[at])
    inside = minimize_scalar(
        lambda place: float(curve(np.exp([place]))[0]),
        bounds=(math.log(grid[at - 1]), math.log(grid[at + 1])),
        method="bounded",
        options={"xatol": 1e-12},
    )
    return math.exp(float(inside.x)), min(float(values[at]), float(inside.fun))


def map_threshold(ensemble: Ensemble) -> float:
    """The Maxwell threshold on the BEC: where maximum likelihood stops decoding, for regular ensembles.

    The area under the extended EXIT curve from its right end equals the design rate there. It is never
    below the threshold of peeling; for other ensembles it bounds that of maximum likelihood from above.

    Raises
    ------
    ValueError
        If variables are punctured or have degree 1, for which the curve is not computed.

    Examples
    --------
    >>> round(map_threshold(Ensemble.regular(3, 6)), 5)
    0.48815
    """
    _, epsilon, below = _areas(ensemble)
    left = below[-1] - below  # from each x to 1
    whole = ensemble.rate
    peeling = erasure_threshold(ensemble)
    inside = np.flatnonzero(left >= whole)
    if not len(inside):
        return peeling
    at = int(inside[-1])
    share = (left[at] - whole) / max(left[at] - left[at + 1], 1e-300)
    return float(max(epsilon[at] + share * (epsilon[at + 1] - epsilon[at]), peeling))


def exit_area(ensemble: Ensemble) -> float:
    """The area under the extended EXIT curve of the BEC, which is the design rate (the area theorem).

    Raises ValueError as `map_threshold` does.
    """
    return float(_areas(ensemble)[2][-1])


def _areas(ensemble: Ensemble) -> tuple[Values, Values, Values]:
    """x, epsilon(x), and the area under L(1 - rho(1 - x)) over epsilon from 0 to x, by Simpson's rule."""
    if ensemble.punctured or 1 in ensemble.variables:
        raise ValueError("areas under EXIT curves need variables that are all sent, of degree 2 or more")
    x = np.linspace(0, 1, 2 * POINTS + 1)[1:] ** 2  # more of them near 0
    told = 1 - polynomial(ensemble.checks, 1 - x)
    nodes = {d: share / d for d, share in ensemble.variables.items()}
    total = math.fsum(nodes.values())
    function = sum((share / total * told**d for d, share in nodes.items()), np.zeros_like(x))
    epsilon = _channel_of(ensemble)(x)
    # the trapezoidal rule over epsilon; its first piece is from x = 0, where the function is 0
    pieces = np.diff(epsilon) * (function[1:] + function[:-1]) / 2
    return x, epsilon, np.concatenate([[0.0], np.cumsum(pieces)])


def _channel_of(ensemble: Ensemble) -> Callable[[Values], Values]:
    """The epsilon at which an erasure probability x of messages is a fixed point."""

    def epsilon(x: Values) -> Values:
        # 1 - rho(1 - x), without cancellation for small x
        told = -sum(
            share * np.expm1((d - 1) * np.log1p(-np.minimum(x, 1 - 1e-16)))
            for d, share in ensemble.checks.items()
            if d > 1
        )
        hidden = polynomial(ensemble.punctured, told) if ensemble.punctured else 0.0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray((x - hidden) / polynomial(ensemble.variables, told))

    return epsilon


def protograph_erasure_threshold(protograph: Protograph, tolerance: float = 5e-5) -> float:
    """The greatest epsilon at which all bits of a protograph's variables are resolved, to a tolerance.

    Examples
    --------
    >>> round(protograph_erasure_threshold(Protograph.coupled(3, 6, 5)), 3)
    0.588
    """
    edges = protograph.edges
    times = edges.times.astype(float)
    sent = protograph.transmitted[edges.variable]
    variables, checks = protograph.base.shape[1], protograph.base.shape[0]
    weights = protograph.base.sum(axis=0)
    lone = weights[edges.variable] == 1

    def run(epsilon: float, standstill: float) -> Course:
        channel = np.where(sent, epsilon, 1.0)
        x = channel.copy()
        least = 1.0
        for _ in range(MOST_STEPS):
            arrive = np.log1p(-np.minimum(x, 1 - 1e-16))
            sums = np.bincount(edges.check, times * arrive, checks)
            erased = -np.expm1(sums[edges.check] - arrive)
            log_erased = np.log(np.maximum(erased, 1e-300))
            totals = np.bincount(edges.variable, times * log_erased, variables)
            new = channel * np.exp(totals[edges.variable] - log_erased)
            # what a variable knows in the end counts: one with a single edge sends no more than it received
            known = np.where(protograph.transmitted, epsilon, 1.0) * np.exp(totals)
            if known.max() < 1e-9 or (np.where(lone, 0.0, new).max() < 1e-9 and known.max() < 1e-6):
                return Course(least)
            change = float(np.max((x - new) / np.maximum(x, 1e-12)))
            if change < max(standstill, STILL):
                return Course(0.0)
            least = min(least, change)
            x = new
        return Course(0.0)

    return most_noise(run, 1 - protograph.rate if not protograph.punctured else 1.0, 0.02, tolerance)
