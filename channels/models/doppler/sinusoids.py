"""Jakes' spectrum as finitely many sinusoids: gains whose autocorrelation is J0(2 pi f_D T m).

Waves come from all angles alike, and are shifted by f_D cos(angle) (R. H. Clarke, "A statistical theory of
mobile-radio reception", 1968; W. C. Jakes, "Microwave Mobile Communications", 1974). Their autocorrelation is
a mean over the angle, J0(x) = (1 / pi) integral of cos(x cos t) from 0 to pi, and the mean over M equidistant
angles is wrong by 2 J_2M(x), which is nothing at all as soon as 2M lies somewhat above x (L. N. Trefethen and
J. A. C. Weideman, "The exponentially convergent trapezoidal rule", 2014). So a sum of M sinusoids with these
shifts, each with a Gaussian amplitude of its own for its cosine and its sine, is a stationary Gaussian
process that has this autocorrelation within a frame, but for the rounding of numbers of 32 bits.

Sines and cosines are made by additions and multiplications alone, so that they are the same on every machine.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Table = npt.NDArray[np.float32]
#: Samples after which amplitudes are turned on.
STRIDE = 32
#: Most Doppler shifts times samples of a frame: that many periods.
MOST_PERIODS = 2000
#: Terms of the series of sine and cosine, for angles up to pi.
TERMS = 17


@dataclass(frozen=True, eq=False)
class Sinusoids:
    """Cosines and sines of a frame's sinusoids.

    Attributes
    ----------
    within
        float32 (STRIDE, H, 2): the cosine and the sine of each of H sinusoids at the samples of a stride.
    ahead
        float32 (strides, H, 2): the same at the first samples of strides.
    scale
        What makes the sum of H of these with standard normal amplitudes one of variance 1.
    """

    within: Table
    ahead: Table
    scale: float


def number_of_sinusoids(doppler: float, uses: int) -> int:
    """Sinusoids, each with its cosine and its sine, that make J0(2 pi f m) for all m < uses to 1e-9."""
    x = 2 * math.pi * doppler * (uses - 1)
    return math.ceil((x + 8 * math.cbrt(x) + 12) / 4)


@lru_cache(maxsize=4)
def sinusoids_of(doppler: float, uses: int) -> Sinusoids:
    """The sinusoids of frames of ``uses`` samples at a Doppler shift of ``doppler`` periods a sample.

    Raises ValueError if a frame has more than ``MOST_PERIODS`` periods.
    """
    if doppler * uses > MOST_PERIODS:
        raise ValueError(
            f"coherence: doppler times the {uses} samples of a frame must be at most {MOST_PERIODS}, got "
            f"{doppler * uses:g}: fading that fast is coherence: symbol"
        )
    count = number_of_sinusoids(doppler, uses)
    shifts = doppler * _turned((np.arange(count) + 0.5) / (4 * count))[:, 0]
    strides = -(-uses // STRIDE)
    within = _turned(np.arange(STRIDE)[:, None] * shifts)
    ahead = _turned(np.arange(strides)[:, None] * STRIDE * shifts)
    return Sinusoids(
        np.ascontiguousarray(within, np.float32),
        np.ascontiguousarray(ahead, np.float32),
        math.sqrt(1 / count),
    )


def _turned(turns: Floats) -> Floats:
    """The cosine and the sine of angles in turns, (..., 2), by their series, the same on every machine."""
    angle = (turns - np.rint(turns)) * (2 * math.pi)
    square = angle * angle
    cosine, sine = np.ones_like(angle), np.ones_like(angle)
    for term in range(TERMS, 0, -1):
        cosine = 1 - square * cosine / ((2 * term - 1) * 2 * term)
        sine = 1 - square * sine / (2 * term * (2 * term + 1))
    return np.stack([cosine, angle * sine], axis=-1)
