"""Constellations of the plane with any labels: PSK, APSK, cross QAM, set partitioning."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.groups import Words
from ..constellation.constellations import Constellation
from ..constellation.error_rates import bit_error_rate
from .plane_kernels import demap_points, map_points


class Plane:
    """Maps and demaps the points of a constellation one by one.

    Parameters
    ----------
    constellation
        Points, not all of them real, and labels.
    """

    dimensions = 2

    def __init__(self, constellation: Constellation) -> None:
        self._constellation = constellation
        self.bits = constellation.order.bit_length() - 1
        points = constellation.points[np.argsort(constellation.labels)]
        self._real, self._imaginary = points.real.astype(np.float32), points.imag.astype(np.float32)

    def map(self, words: Words, samples: npt.NDArray[np.float32]) -> None:
        """Fill samples, float32 (groups, real dimensions, 64), from packed bits."""
        map_points(words, self._real, self._imaginary, self.bits, samples)

    def demap(
        self, samples: Any, gains: Any, prior: Any, law: Any, steps: Any, out: Any, own: Any = None
    ) -> None:
        """Fill ``out`` with LLRs; arguments are those of ``plane_kernels.demap_points``."""
        demap_points(samples, gains, prior, self._real, self._imaginary, self.bits, law, own, steps, out)

    def bit_error_rate(self, esno: float, *, exact: bool) -> float | None:
        """The probability that a max-log LLR has the wrong sign; of exact ones it is not known."""
        return None if exact else bit_error_rate(self._constellation, esno)
