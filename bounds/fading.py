"""The normal approximation over fading whose gains the receiver knows, with BPSK.

Given the gains, the information density of a frame is a sum of independent terms, with the mean C(g) and the
variance V(g) of the AWGN channel at each gain; C and V are in nats and nats squared.

- One gain a frame: E[Q((n C(g) - ln M) / sqrt(n V(g)))] (W. Yang, G. Durisi, T. Koch and Y. Polyanskiy,
  "Quasi-static multiple-antenna fading channels at finite blocklength", 2014, equation 59, here for BPSK).
- Several: the same mean over all gains of a frame, of sums over its blocks.
- Many: all that is random is taken for normal, n C - sqrt(n V) Q^-1(error) + (ln n) / 2, where C is E[C(g)]
  and V is E[V(g)] + T Var[C(g)] with gains that last for T uses (Y. Polyanskiy and S. Verdu, "Scalar coherent
  fading channel: dispersion analysis", 2011; A. Collins and Y. Polyanskiy, "Coherent multiple-antenna
  block-fading channels at finite blocklength", 2019).
"""

import math
from functools import lru_cache

import numpy as np

from ..channels.models.fading import Fading
from ..channels.numerics import normal_nodes
from .numerics.logs import LN2, Floats

#: From so many gains a frame on, all that is random is taken for normal.
MANY = 257
#: Below and above these values of ln Es/N0 nothing, and everything, is received.
LEAST_LOG, MOST_LOG = -30.0, 5.0
#: The finest step of means over gains, and cells of the law of what a block carries.
FINEST, CELLS = 1 / 1024, 2048
#: How far a normal law is followed, in standard deviations.
REACH = 8.0


def normal_error_probability(fading: Fading, n: int, log2_m: float) -> float | None:
    """The approximation to the least frame error rate of 2^log2_m words of n uses of BPSK.

    None where the receiver does not know all gains, or they change as a Doppler shift says.

    Raises
    ------
    ValueError
        If n is not above 0, or ``log2_m`` negative.

    Examples
    --------
    >>> from capgap.channels import Rayleigh
    >>> round(normal_error_probability(Rayleigh(esno_db=10, coherence="frame"), 200, 100), 4)
    0.0514
    """
    if n < 1:
        raise ValueError(f"n must be at least 1, got {n}")
    if not log2_m >= 0:
        raise ValueError(f"log2_m must not be negative, got {log2_m}")
    if fading.csi != "perfect" or isinstance(fading.coherence, dict):
        return None
    blocks, log_m = fading.blocks(n), log2_m * LN2
    if len(blocks) >= MANY or (blocks[0] == 1 and n > 1):
        return _of_many(fading, blocks, log_m)
    if len(blocks) == 1:
        weights, capacity, dispersion = _moments_over(fading, n)
        return float(weights @ _below(log_m, n * capacity, n * dispersion))
    return _of_several(fading, blocks, log_m)


def _of_many(fading: Fading, blocks: tuple[int, ...], log_m: float) -> float:
    n = sum(blocks)
    weights, capacity, dispersion = _moments_over(fading, 1)
    mean = float(weights @ capacity)
    of_gains = float(weights @ (capacity - mean) ** 2) * sum(length**2 for length in blocks)
    variance = n * float(weights @ dispersion) + of_gains
    return float(_below(log_m, np.array([n * mean + math.log(n) / 2]), np.array([variance]))[0])


def _of_several(fading: Fading, blocks: tuple[int, ...], log_m: float) -> float:
    """By the law of the sum of what blocks carry, on a grid."""
    from scipy.signal import fftconvolve

    weights, capacity, dispersion = _moments_over(fading, blocks[0])
    spread = REACH * np.sqrt(blocks[0] * dispersion)
    low = float((blocks[0] * capacity - spread).min())
    high = float((blocks[0] * capacity + spread).max())
    edges = np.linspace(low, high, CELLS + 1)
    laws: dict[int, Floats] = {}
    for length in set(blocks):
        below = np.zeros(len(edges))
        for each in np.array_split(np.arange(len(weights)), 1 + len(weights) // 256):
            mean, variance = length * capacity[each, None], length * dispersion[each, None]
            below += weights[each] @ _below(edges, mean, variance)
        laws[length] = np.diff(below)
    found = np.ones(1)
    for length in blocks:
        found = np.asarray(fftconvolve(found, laws[length])) if len(found) > 1 else laws[length]
    step = (high - low) / CELLS
    # A cell's probability lies in its middle: those of sums lie in the middle of cells that are moved.
    ends = len(blocks) * low + (len(blocks) - 1) * step / 2 + np.arange(len(found) + 1) * step
    whole = np.concatenate([[0.0], np.cumsum(found)])
    return min(max(float(np.interp(log_m, ends, whole)), 0.0), 1.0)


def _below(value: float | Floats, mean: Floats, variance: Floats) -> Floats:
    """P(a normal variable < value); of variance 0, whether its mean is."""
    from scipy.special import ndtr

    with np.errstate(divide="ignore", invalid="ignore"):
        distance = (value - mean) / np.sqrt(variance)
    return np.asarray(ndtr(np.where(np.isnan(distance), 0.0, distance)))


def _moments_over(fading: Fading, length: int) -> tuple[Floats, Floats, Floats]:
    """Weights of a mean over the gains, and C and V at each: as fine as blocks of this length need it."""
    logs, weights = fading.nodes(max(min(0.25, 0.3 / math.sqrt(length)), FINEST))
    step = float(logs[1] - logs[0])
    capacity, dispersion = _moments(step)
    place = np.rint((np.clip(logs, LEAST_LOG, MOST_LOG) - LEAST_LOG) / step).astype(np.int64)
    return weights, capacity[place], dispersion[place]


@lru_cache(maxsize=8)
def _moments(step: float) -> tuple[Floats, Floats]:
    """Mean and variance of the information density of BPSK at steps of ln Es/N0, in nats.

    i = ln 2 - ln(1 + exp(-L)), where the LLR L of what was sent has the mean m and the variance 2 m.
    """
    logs = np.arange(round((MOST_LOG - LEAST_LOG) / step) + 1) * step + LEAST_LOG
    capacity, dispersion = np.empty(len(logs)), np.empty(len(logs))
    for each in np.array_split(np.arange(len(logs)), 1 + len(logs) // 256):
        mean = 4 * np.exp(logs[each, None])
        z, density = normal_nodes(math.sqrt(2 * float(mean.max())))
        lost = np.logaddexp(0, -(mean + np.sqrt(2 * mean) * z))
        capacity[each] = LN2 - lost @ density
        dispersion[each] = ((lost - LN2 + capacity[each, None]) ** 2) @ density
    return np.maximum(capacity, 0.0), dispersion
