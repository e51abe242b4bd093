"""Finite-length scaling: error rates in the waterfall of the BEC, from an ensemble and n alone.

Amraoui, Montanari, Richardson and Urbanke, "Finite-length scaling for iteratively decoded LDPC ensembles",
2009; the parameters in closed form after Amraoui, Montanari and Urbanke, "Analytic determination of scaling
parameters", 2006.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .degrees import Ensemble
from .erasures import critical_point

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """The law of an ensemble: FER = Q(sqrt(n) (epsilon* - shift n^(-2/3) - epsilon) / alpha).

    Attributes
    ----------
    threshold
        epsilon*, that of peeling.
    alpha
        The deviation, over the square root of n, of the erasures at which decoding stops.
    shift
        beta / Omega: the threshold of codes of length n is lower by this times n^(-2/3), where Omega is taken
        for 1 (it is within 0.01 of it).
    share
        Of the bits that remain erased where decoding stops at the threshold.
    """

    threshold: float
    alpha: float
    shift: float
    share: float

    def frame_error_rate(self, n: int, epsilon: npt.ArrayLike) -> Values:
        """The probability that peeling stops with many erasures left; of the shape of ``epsilon``."""
        from scipy.special import ndtr

        distance = self.threshold - self.shift * n ** (-2 / 3) - np.asarray(epsilon, float)
        return np.asarray(ndtr(-math.sqrt(n) * distance / self.alpha))

    def bit_error_rate(self, n: int, epsilon: npt.ArrayLike) -> Values:
        """The share of bits that are guessed wrong: half of those that remain erased."""
        return self.frame_error_rate(n, epsilon) * self.share / 2


def scaling(ensemble: Ensemble) -> Scaling:
    """The scaling law of an ensemble over the BEC with peeling, or belief propagation.

    It is of the waterfall: few erasures that stay, in small stopping sets, come beside it.

    Raises
    ------
    ValueError
        If bits are punctured, or the threshold is that of stability, where another law holds.

    Examples
    --------
    >>> law = scaling(Ensemble.regular(3, 6))
    >>> round(law.threshold, 5), round(law.alpha, 4), round(law.shift, 3)
    (0.42944, 0.5604, 0.616)
    """
    if ensemble.punctured or 1 in ensemble.variables:
        raise ValueError("finite-length scaling is known where all bits are sent and have degree 2 or more")
    x, epsilon = critical_point(ensemble)
    if x < 1e-4:
        raise ValueError("finite-length scaling is known where the iteration decides; here stability does")
    lam, rho = ensemble.variables, ensemble.checks
    rest = 1 - x
    y = 1 - _at(rho, rest)
    mean = 1 / sum(share / d for d, share in lam.items())  # L'(1)
    lam_y, slope = _at(lam, y), _at(rho, rest, 1)
    of_checks = (
        _at(rho, rest) ** 2
        - _at(rho, rest**2)
        + slope * (1 - 2 * x * _at(rho, rest))
        - rest**2 * _at(rho, rest**2, 1)
    ) / (mean * lam_y**2 * slope**2)
    of_variables = epsilon**2 * (lam_y**2 - _at(lam, y**2) - y**2 * _at(lam, y**2, 1)) / (mean * lam_y**2)
    alpha = math.sqrt(of_checks + of_variables)
    second, third = (_residual(rho, epsilon * lam_y, i) for i in (2, 3))
    first, curve = _at(lam, y, 1), _at(lam, y, 2)
    top = epsilon**4 * second**2 * (epsilon * first**2 * second - x * (curve * second + first * x)) ** 2
    bottom = mean**2 * slope**3 * x**10 * (2 * epsilon * first**2 * third - curve * second * x)
    shift = (top / bottom) ** (1 / 3)
    nodes = {d: mean * share / d for d, share in lam.items()}
    share = epsilon * sum(part * y**d for d, part in nodes.items())
    return Scaling(epsilon, alpha, shift, share)


def _at(shares: Mapping[int, float], x: float, derivative: int = 0) -> float:
    """lambda or rho, or a derivative of it, at x."""
    return sum(
        share * math.perm(d - 1, derivative) * x ** (d - 1 - derivative)
        for d, share in shares.items()
        if d > derivative
    )


def _residual(checks: Mapping[int, float], x: float, degree: int) -> float:
    """The share of the edges at checks of a degree in what is left of the graph, by the paper's sum r_i."""
    return math.fsum(
        (-1) ** (degree + j) * math.comb(j - 1, degree - 1) * math.comb(d - 1, j - 1) * share * x**j
        for d, share in checks.items()
        for j in range(degree, d + 1)
    )
