"""The normal approximation, log2 M = n C - sqrt(n V) Q^-1(error) + (log2 n) / 2.

V. Strassen, 1962; Polyanskiy, Poor and Verdu, 2010: there is no last term on the BEC (theorem 53),
and on the AWGN channel it is within what their theorem leaves open. Capacities and dispersions are in nats
and nats squared.
"""

import math

from ..channels import awgn_capacity, bec_capacity, bsc_capacity
from . import binary_input
from .numerics.logs import LN2


def capacity_and_dispersion(channel: str, value: float) -> tuple[float, float]:
    """C in nats and V in nats squared at a channel's value (f, epsilon, or the ratio Es/N0)."""
    if channel == "bsc":
        return bsc_capacity(value) * LN2, value * (1 - value) * (math.log1p(-value) - math.log(value)) ** 2
    if channel == "bec":
        return bec_capacity(value) * LN2, value * (1 - value) * LN2**2
    if channel == "awgn":
        power = 2 * value
        return awgn_capacity(value) * LN2, power / 2 * (power + 2) / (power + 1) ** 2
    return binary_input.capacity_and_dispersion(value)


def _mean_and_deviation(channel: str, n: int, value: float) -> tuple[float, float]:
    capacity, dispersion = capacity_and_dispersion(channel, value)
    return n * capacity + (0.0 if channel == "bec" else math.log(n) / 2), math.sqrt(n * dispersion)


def normal_log2_m(channel: str, n: int, log_error: float, value: float) -> float:
    """The approximation to the greatest log2 M, not below 0."""
    return log2_m_of(*_mean_and_deviation(channel, n, value), log_error)


def normal_log_error(channel: str, n: int, log2_m: float, value: float) -> float:
    """ln of the approximation to the least error probability."""
    return log_error_of(*_mean_and_deviation(channel, n, value), log2_m)


def log2_m_of(mean: float, deviation: float, log_error: float) -> float:
    """log2 M of the mean of the information density, with the third term, and its deviation, in nats."""
    from scipy.special import ndtri_exp

    return max((mean + deviation * float(ndtri_exp(log_error))) / LN2, 0.0)


def log_error_of(mean: float, deviation: float, log2_m: float) -> float:
    """ln of the error probability of the same."""
    from scipy.special import log_ndtr

    return float(log_ndtr((log2_m * LN2 - mean) / deviation))
