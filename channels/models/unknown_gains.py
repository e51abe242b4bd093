"""BPSK over Rayleigh fading whose gains the receiver does not know.

With noise of variance s^2 and z = y / sqrt(2 s^2 (1 + 2 s^2)), the mean of the density of y over the gains is
p(y | 0) = exp(-y^2 / (2 s^2)) / sqrt(2 pi s^2) 2 s^2 / (1 + 2 s^2) f(z), where f(z) = 1 + sqrt(pi) z exp(z^2)
(1 + erf(z)): the integral of 2 g exp(-g^2) over the gain, completed to a square. So the LLR is
ln f(z) - ln f(-z) (Hagenauer, "Viterbi decoding of convolutional codes for fading- and burst-channels",
1980).
"""

import math
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: From here on f(-z) is taken from its asymptotic series, of which the next term is below 1e-12.
FAR = 60.0
#: Of the table of LLRs: steps, and where u ends.
NODES, LAST = 1 << 14, 0.992


def _log_f(z: Floats) -> tuple[Floats, Floats]:
    """ln f(z) - z^2 and ln f(-z), for z >= 0."""
    from scipy.special import erf, erfcx

    plus = np.log(np.exp(-z * z) + math.sqrt(math.pi) * z * (1 + erf(z)))
    near = np.minimum(z, FAR)
    w = 1 / (2 * np.maximum(z, FAR) ** 2)
    minus = np.where(z < FAR, 1 - math.sqrt(math.pi) * near * erfcx(near), w * (1 - 3 * w + 15 * w * w))
    return plus, np.log(minus)


@lru_cache(maxsize=4)
def _table(sigma: float) -> tuple[np.float32, Floats, Floats]:
    """A width w, and LLRs at y = w u / (1 - u) for ``NODES`` + 1 equal steps of u up to ``LAST``.

    With their differences.
    """
    width = 8 * sigma * math.sqrt(1 + 2 * sigma**2)
    u = np.arange(NODES + 1) / NODES * LAST
    llr = _llr(width * u / (1 - u), sigma)
    return np.float32(width), llr[:-1], np.diff(llr)


def rayleigh_llr(y: npt.NDArray[np.float32], sigma: float, limit: float) -> npt.NDArray[np.float32]:
    """LLRs of what is received, float32 of the shape of ``y``, of ``limit`` in size at most.

    Interpolated to a relative error of 1e-4; beyond the table, at 1000 deviations, they are above 1000.
    """
    width, llr, slope = _table(sigma)
    size = abs(y)
    place = np.minimum(size / (size + width) * np.float32(NODES / LAST), np.float32(NODES - 0.5))
    node = place.astype(np.int32)
    found = llr[node] + (place - node) * slope[node]
    return np.copysign(np.minimum(found, limit), y, dtype=np.float64).astype(np.float32)


def _llr(y: Floats, sigma: float) -> Floats:
    """LLRs of what is received, at least 0."""
    z = y / math.sqrt(2 * sigma**2 * (1 + 2 * sigma**2))
    plus, minus = _log_f(z)
    return np.asarray(plus + z * z - minus)


def rayleigh_bpsk_capacity(sigma: float) -> float:
    """The mutual information of y and equiprobable bits, in bits: 1 - E[log2(1 + exp(-L))].

    The mean goes over y of both signs at once, and over t = asinh(y / width) by the trapezoidal rule.
    """
    width = sigma * math.sqrt(1 + 2 * sigma**2)
    t = np.arange(-6000, 6001) * (math.asinh((7 + 10 * sigma) / width) / 6000)
    y = width * np.sinh(t)
    z = abs(y) / (math.sqrt(2) * width)
    plus, minus = _log_f(z)
    # exp(-y^2 / (2 s^2)) exp(z^2) is exp(-y^2 / (1 + 2 s^2))
    ahead = -y * y / (1 + 2 * sigma**2) + plus
    behind = -y * y / (2 * sigma**2) + minus
    log_density = np.where(y >= 0, ahead, behind)
    llr = np.where(y >= 0, ahead - behind, behind - ahead)
    scale = 2 * sigma**2 / (1 + 2 * sigma**2) / math.sqrt(2 * math.pi * sigma**2)
    weights = np.exp(log_density) * scale * width * np.cosh(t) * (t[1] - t[0])
    return 1 - float(weights @ np.logaddexp(0, -llr)) / math.log(2)
