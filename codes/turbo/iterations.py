"""Parameters that decoders with iterations between two constituents have in common."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.whole_numbers import whole_number

STOPS = ("none", "crc", "hard-agreement")
#: Most iterations, and least and largest scale.
MAX_ITERATIONS, MIN_SCALE, MAX_SCALE = 1000, 1 / 64, 1.5


def number_of_iterations(iterations: int) -> int:
    """``iterations`` as an int; raises ValueError unless it is from 1 to 1000."""
    iterations = whole_number(iterations, "iterations")
    if not 1 <= iterations <= MAX_ITERATIONS:
        raise ValueError(f"iterations must lie in 1 to {MAX_ITERATIONS}, got {iterations}")
    return iterations


def scales_of(scale: Any, iterations: int) -> npt.NDArray[np.float64]:
    """A scale for each half-iteration; raises ValueError if there are not as many, or one is out of range."""
    halves = 2 * iterations
    given = scale if isinstance(scale, list | tuple) else [scale] * halves
    if len(given) != halves:
        raise ValueError(
            f"scale must be a number, or {halves}, one for each half-iteration, got {len(given)}"
        )
    for each in given:
        if isinstance(each, bool) or not isinstance(each, int | float) or not MIN_SCALE <= each <= MAX_SCALE:
            raise ValueError(f"scale must lie in 1/64 to {MAX_SCALE:g}, got {each!r}")
    return np.array(given, np.float64)
