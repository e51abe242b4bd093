"""The interval of a ratio of two means, such as bits delivered over channel uses, from counts of outcomes.

What trials yield and what they cost is known of each of finitely many outcomes, so that the likelihood is
multinomial. Its profile over the ratio is an interval by Wilks's theorem (Owen, "Empirical Likelihood", 2001,
section 2.3); with probabilities also for outcomes that were not seen it does not shrink to a point where all
trials ended alike. That a ratio of means is what comes of trial after trial in the long run is the
renewal-reward theorem (Ross, "Stochastic Processes", 2nd edition, 1996, section 3.6).
"""

import math

import numpy as np
import numpy.typing as npt

from .intervals import CONFIDENCE, Z

#: Steps of bisection: to the last digits.
STEPS = 60

Values = npt.NDArray[np.float64]


def ratio_interval(counts: npt.ArrayLike, gains: npt.ArrayLike, costs: npt.ArrayLike) -> tuple[float, float]:
    """The 95 % interval of sum p g / sum p c over the probabilities p of outcomes.

    Parameters
    ----------
    counts
        How many independent trials ended in each outcome; at least one in all. Outcomes that could have been
        and were not have 0.
    gains, costs
        What a trial yields and costs with each outcome; costs above 0.

    Returns
    -------
    tuple of float
        The bounds, with the estimate, sum counts g / sum counts c, between them.

    Examples
    --------
    >>> low, high = ratio_interval([50, 50], [1, 0], [1, 1])
    >>> round(low, 3), round(high, 3)
    (0.403, 0.597)
    """
    n, g, c = (np.asarray(each, np.float64) for each in (counts, gains, costs))
    estimate = float(n @ g / (n @ c))
    most = Z * Z
    if np.count_nonzero(n) == 1:  # where there is one bound alone, an exact one: (1 - p)^trials is 2.5 %
        most = -2 * math.log((1 - CONFIDENCE) / 2)
    ends = float((g / c).min()), float((g / c).max())

    def bound(far: float) -> float:
        near = estimate
        for _ in range(STEPS):
            middle = (near + far) / 2
            if _deviance(n, g - middle * c) <= most:
                near = middle
            else:
                far = middle
        return near

    return bound(ends[0]), bound(ends[1])


def _deviance(n: Values, z: Values) -> float:
    """Twice the log-likelihood that is lost by probabilities under which ``z`` has the mean 0.

    By duality it is twice the maximum of sum n log(1 + x z) over x with 1 + x z >= 0 for all outcomes.
    """
    least, most = float(z.min()), float(z.max())
    if least >= 0 or most <= 0:
        return 0.0 if not (n * z).any() else math.inf
    low, high = -1 / most, -1 / least
    seen = n > 0
    n, z = n[seen], z[seen]
    for _ in range(STEPS):
        middle = (low + high) / 2
        if (n * z / (1 + middle * z)).sum() > 0:
            low = middle
        else:
            high = middle
    return float(2 * (n * np.log1p((low + high) / 2 * z)).sum())
