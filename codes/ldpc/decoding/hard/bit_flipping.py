"""Bit flipping on hard decisions, in parallel.

R. G. Gallager, "Low-Density Parity-Check Codes", 1963, section 4.1; with probabilities, K. Le, F. Ghaffari,
L. Kessal, D. Declercq, E. Boutillon and C. Winstead, "A probabilistic parallel bit-flipping decoder for
low-density parity-check codes", 2019.
"""

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .....vectors.groups import Words
from .....vectors.whole_numbers import whole_number
from ....code import Code
from ....examples import Examples
from .flipping_kernels import COIN, STATE, flip_words
from .hard_iterative import HardIterativeDecoder

#: Certainty, as kernels have probabilities.
ONE = 1 << COIN


class _Flipping(HardIterativeDecoder):
    """Flips by ``flip_words``: ``_chances`` and ``_largest`` are what that takes."""

    _chances: tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8], npt.NDArray[np.int32], bool]
    _largest = False

    def _run(
        self,
        words: Words,
        erased: Words,
        seeds: Words,
        frames: int,
        iterations: int,
        bits: Words,
        ok: Words,
        spent: npt.NDArray[np.int32],
    ) -> None:
        chances, tables = self._chances, self._tables
        flip_words(words, seeds, frames, tables, chances, self._largest, iterations, bits, ok, spent)

    def _set_chances(self, rows: dict[int, list[float]], remembers: bool) -> None:
        """The probabilities to flip by the number of violated checks, for each degree of variables."""
        at, limits, tossed = {}, list[int](), {}
        for degree, row in rows.items():
            at[degree] = len(limits)
            own = [round(ONE * chance) for chance in row]
            limits += own
            tossed[degree] = any(limit not in (0, ONE) for limit in own)
        degrees = self._linear.tanner_graph.variable_degrees.tolist()
        first_of = np.array([at[degree] for degree in degrees], np.int32)
        tosses = np.array([tossed[degree] for degree in degrees], np.uint8)
        self._chances = (first_of, tosses, np.array(limits, np.int32), remembers)

    def _degrees(self) -> list[int]:
        """The degrees of variables that there are."""
        degrees: list[int] = np.unique(self._linear.tanner_graph.variable_degrees).tolist()
        return degrees


class BitFlippingDecoder(_Flipping):
    """Flips, in each iteration, all bits with many violated checks (Gallager's bit flipping).

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    threshold
        How many violated checks are many. ``largest``: as many as any bit of the frame has. ``majority``:
        more than half of a bit's own. A number: for all bits; of those with fewer checks it takes all of
        them.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its decisions are a codeword, before the
        first iteration too.

    Notes
    -----
    Erased bits are filled in as by ``peeling`` first. A frame is ``ok`` when its decisions fulfil all checks.
    Flipping all at once may come back to where it was, and does so until the iterations are over.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "bit-flipping"
    examples: ClassVar[Examples] = ({"iterations": 20},)

    def __init__(
        self,
        code: Code,
        *,
        threshold: int | Literal["largest", "majority"] = "largest",
        iterations: int = 100,
    ) -> None:
        super().__init__(code, iterations)
        degrees = self._degrees()
        if threshold == "majority":
            least = {degree: degree // 2 + 1 for degree in degrees}
        elif threshold == "largest":
            least, self._largest = dict.fromkeys(degrees, 1), True
        else:
            if isinstance(threshold, str):
                raise ValueError(f"threshold must be largest, majority or a number, got {threshold!r}")
            threshold = whole_number(threshold, "threshold")
            if not 1 <= threshold <= degrees[-1]:
                raise ValueError(f"threshold must lie in 1 to {degrees[-1]}, a bit's checks, got {threshold}")
            least = {degree: max(min(threshold, degree), 1) for degree in degrees}
        #: The parameter of this name.
        self.threshold = threshold
        rows = {degree: [float(count >= least[degree]) for count in range(degree + 1)] for degree in degrees}
        self._set_chances(rows, False)


class ProbabilisticBitFlippingDecoder(_Flipping):
    """Flips each bit with a probability that grows with its violated checks: ``ppbf``, in parallel.

    A bit that differs from what was received counts as one more violated check: its energy. Chance takes it
    out of the cycles that ``bit-flipping`` is caught in.

    Parameters
    ----------
    code
        A linear code; its ``tanner_graph`` is used.
    probabilities
        To flip with the energy 0, 1, 2, ..., in multiples of 2^-16: up to one more than the greatest degree,
        d. If left out: 0 for up to half of a bit's own checks, 0.3 for the next energy, and 1 above, which
        is [0, 0, 0.3, 1, 1] for degree 3.
    iterations
        The most iterations, from 1 to 100,000. A frame ends when its decisions are a codeword, before the
        first iteration too.

    Notes
    -----
    Each frame has a generator, xorshift128, of its own, seeded with 128 bits of its stream; without a stream,
    with fixed bits. Erased bits are filled in as by ``peeling`` first. A frame is ``ok`` when its decisions
    fulfil all checks.

    Raises
    ------
    ValueError
        If the code is not linear or a parameter is outside its range.
    """

    name = "ppbf"
    seed_bits = STATE
    examples: ClassVar[Examples] = ({"iterations": 20},)

    def __init__(
        self, code: Code, *, probabilities: Sequence[float] | None = None, iterations: int = 100
    ) -> None:
        super().__init__(code, iterations)
        degrees = self._degrees()
        rows = {degree: default_probabilities(degree) for degree in degrees}
        if probabilities is not None:
            given = _checked(probabilities, degrees[-1])
            rows = {degree: given[: degree + 2] for degree in degrees}
        #: The parameter of this name.
        self.probabilities = probabilities
        self._set_chances(rows, True)


def default_probabilities(degree: int) -> list[float]:
    """Probabilities to flip a bit of a degree with the energy 0 to degree + 1."""
    many = degree // 2 + 1
    return [0.0 if energy < many else 0.3 if energy == many else 1.0 for energy in range(degree + 2)]


def _checked(probabilities: Any, degree: int) -> list[float]:
    """Probabilities, if they are some for each energy. Raises ValueError."""
    if isinstance(probabilities, str) or not isinstance(probabilities, Sequence):
        raise ValueError(f"probabilities must be a list of numbers, got {probabilities!r}")
    if len(probabilities) != degree + 2:
        raise ValueError(
            f"probabilities must be {degree + 2}, for energies 0 to {degree + 1} of bits of degree {degree}, "
            f"got {len(probabilities)}"
        )
    for each in probabilities:
        if isinstance(each, bool) or not isinstance(each, int | float) or not 0 <= each <= 1:
            raise ValueError(f"probabilities must lie in 0 to 1, got {each!r}")
        if not math.isfinite(each):
            raise ValueError(f"probabilities must be finite, got {each!r}")
    return [float(each) for each in probabilities]
