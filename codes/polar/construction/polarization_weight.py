"""Polarization weights: an order of reliability that depends on no channel.

G. He et al., "Beta-expansion: a theoretical framework for fast and recursive construction of polar codes",
2017.
"""

import numpy as np
import numpy.typing as npt

from ...binary.gf2 import Indices

#: The base of the expansion.
BETA = 2.0**0.25


def polarization_weights(n: int) -> npt.NDArray[np.float64]:
    """The sums of beta^j over the ones of each position's binary digits: float64 (n), the larger the better.

    Examples
    --------
    >>> polarization_weights(4).round(3).tolist()
    [0.0, 1.0, 1.189, 2.189]
    """
    weights = np.zeros(1)
    for j in range(n.bit_length() - 1):
        weights = np.concatenate([weights, weights + BETA**j])
    return weights


def best(reliability: npt.NDArray[np.float64], k: int) -> Indices:
    """int64 (k), ascending: the positions of largest reliability; of equal ones the later."""
    order = np.argsort(reliability, kind="stable")
    return np.sort(order[len(order) - k :])
