"""The information of Gaussian LLRs whose mean is half their variance, for which messages are taken.

ten Brink, Kramer and Ashikhmin, "Design of low-density parity-check codes for modulation and detection",
2004, section II.
"""

import math
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ..models.awgn import bpsk_capacity
from ..numerics import bsc_capacity, normal_nodes

FloatArray = npt.NDArray[np.float64]

#: Deviation of a Gaussian LLR from which on its information is 1 to the last bit of a float.
MAX_DEVIATION = 18.0
#: Intervals of the tables of information over the deviation: a cubic spline's error is below 1e-9.
INTERVALS = 1000
#: Halvings that leave of MAX_DEVIATION less than a float resolves.
HALVINGS = 60


def j_function(deviation: npt.ArrayLike) -> FloatArray:
    """J: the information of a consistent Gaussian LLR: variance s^2, mean s^2 / 2 towards the bit.

    The capacity of BPSK on AWGN with s^2 = 8 Es/N0 (ten Brink, Kramer and Ashikhmin, 2004, section II),
    from a table of it: errors are below 1e-9.

    Parameters
    ----------
    deviation
        The standard deviation s, at least 0, of any shape; infinity is allowed.

    Returns
    -------
    FloatArray
        In [0, 1], the same shape.

    Raises
    ------
    ValueError
        If a deviation is negative or NaN.
    """
    s = np.asarray(deviation, np.float64)
    if not (s >= 0).all():
        raise ValueError(f"deviation must not be negative, got {s.min()}")
    return gaussian_information(0.5, s)


def inverse_j_function(information: npt.ArrayLike) -> FloatArray:
    """The deviation s with J(s) = information: float64, the same shape, in [0, 18].

    Parameters
    ----------
    information
        In [0, 1], of any shape; for 1 the deviation is 18, from which on J is 1 to the last bit.

    Raises
    ------
    ValueError
        If information lies outside [0, 1].
    """
    wanted = np.asarray(information, np.float64)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError(f"information must lie in [0, 1], got {wanted}")
    # The inverse has no slope at either end, where interpolation would be poor.
    low, high = np.zeros(wanted.shape), np.full(wanted.shape, MAX_DEVIATION)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        less = gaussian_information(0.5, middle) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    return np.select([wanted == 0, wanted == 1], [0.0, MAX_DEVIATION], high)


def gaussian_information(f: float, deviation: FloatArray) -> FloatArray:
    """Information of a Gaussian LLR beside that of a BSC; for f = 1/2 the BSC's LLR is 0 and this is J.

    Parameters
    ----------
    f
        The BSC's crossover probability, in (0, 1/2].
    deviation
        Of the Gaussian LLR, at least 0, of any shape.
    """
    inside = _table(f)(np.minimum(deviation, MAX_DEVIATION))
    return np.where(deviation >= MAX_DEVIATION, 1.0, np.clip(inside, 0.0, 1.0))


@lru_cache(maxsize=64)
def _table(f: float) -> Any:
    """``gaussian_information`` over the deviation, up to MAX_DEVIATION: a spline."""
    from scipy.interpolate import CubicSpline

    deviations = np.linspace(0, MAX_DEVIATION, INTERVALS + 1)
    if f == 0.5:
        values = [bpsk_capacity(s * s / 8) for s in deviations.tolist()]
    else:
        values = [_information_beside_bsc(f, s) for s in deviations.tolist()]
    # Even in the deviation, so flat at 0; and flat at the end.
    return CubicSpline(deviations, values, bc_type="clamped")


def _information_beside_bsc(f: float, deviation: float) -> float:
    """I = 1 - E[log2(1 + e^-L)], where L is the sum of a Gaussian LLR and that of a BSC, for 0 < f <= 1/2."""
    if deviation == 0:
        return bsc_capacity(f)
    z, weights = normal_nodes(deviation)
    gaussian = deviation**2 / 2 + deviation * z
    certainty = math.log1p(-f) - math.log(f)
    lost = (1 - f) * np.logaddexp(0, -gaussian - certainty) + f * np.logaddexp(0, certainty - gaussian)
    return 1 - float(weights @ lost) / math.log(2)
