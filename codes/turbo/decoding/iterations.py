"""Decoders of two constituents by turns: their parameters, and the check that stops them."""

import copy
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...decoder import Check, Decoder, iterations_counted

STOPS = ("none", "crc", "hard-agreement")
#: Most iterations, and least and largest scale.
MAX_ITERATIONS, MIN_SCALE, MAX_SCALE = 1000, 1 / 64, 1.5


class IterativeDecoder(Decoder):
    """A decoder of two constituents by turns.

    Parameters
    ----------
    code, iterations, scale, stop, count
        As of ``TurboDecoder``.
    kind
        The name of such codes in configurations.

    Raises
    ------
    ValueError
        If the decoder does not take the code or a parameter is outside its range.
    """

    def __init__(self, code: Code, kind: str, *, iterations: int, scale: Any, stop: str, count: Any) -> None:
        super().__init__(code)
        if stop not in STOPS:
            raise ValueError(f"stop must be {', '.join(STOPS)}, got {stop!r}")
        #: The parameter of this name.
        self.iterations = number_of_iterations(iterations)
        self.counted_iterations = iterations_counted(count, self.iterations)
        self._scales = scales_of(scale, self.iterations)
        self._stop = stop
        self._check: Check | None = None
        if stop == "crc":
            self.lacks = f"stop crc needs a check around the code: {{type: crc, code: {{type: {kind}, ...}}}}"

    def with_check(self, check: Check) -> Self:
        """The same decoder with a check for ``stop: crc``."""
        if self._stop != "crc":
            return self
        made = copy.copy(self)
        made._check, made.lacks = check, None
        return made


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
