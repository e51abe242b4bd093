"""Guessing by ranks of reliability: Duffy, An and Medard, 2022."""

from typing import Any, ClassVar

import numpy as np

from ....vectors.groups import GroupInput, Words
from .guessing import GuessingDecoder
from .orbgrand_kernels import guess_by_ranks
from .rank_kernels import memory_of_ranks


class OrbgrandDecoder(GuessingDecoder):
    """Guesses errors by the ranks of the reliabilities |LLR|, of which 1 is the least (K. R. Duffy, W. An and
    M. Medard, "Ordered reliability bits guessing random additive noise decoding", 2022).

    Patterns come by their logistic weight, the sum of the ranks that they flip; of equal weights those with
    fewer flips first, then the lexicographically lower ranks. Equal reliabilities are ranked by position, and
    erased bits, of LLR 0, are the least reliable.

    Parameters
    ----------
    code
        A linear code with n - k <= 64 and n <= 4096.
    queries
        Most queries a frame, from 1 to 10^9, the hard decision the first. A frame that would take more is
        given up: ``ok`` is False, and the hard decision handed out. The counter ``queries`` has what was
        spent.

    Raises
    ------
    ValueError
        If the code is not linear or too large, or ``queries`` outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> result = OrbgrandDecoder(HammingCode(r=3)).decode([4, 3, 2, -1, 5, 6, 7])
    >>> result.bits, result.counters["queries"]
    (array([0, 0, 0, 0], dtype=uint8), np.int32(2))
    """

    counts_ml_errors = True
    #: Whether a line that need not begin at 0 is fitted to the reliabilities.
    fitted: ClassVar[bool] = False

    def _guess(self, given: GroupInput, syndromes: Words, words: Words, queries: Any, ok: Words) -> None:
        columns, n = self._columns, self.code.n
        memory = memory_of_ranks(n), np.empty(3 * n + 3, np.int64), np.empty(n + 1, np.uint64)
        found = words, queries, ok
        guess_by_ranks(
            given.soft(), given.frames, columns, syndromes, self.fitted, self.queries, *memory, *found
        )


class Orbgrand1Decoder(OrbgrandDecoder):
    """The same by a line that is fitted to each frame's reliabilities, 1-line ORBGRAND of the same paper.

    With L(r) the reliability of rank r, beta = (L(n/2) - L(1)) / (n/2 - 1) is the slope, n/2 rounded down,
    and the weight of a pattern its logistic weight and c for each of its flips, c being L(1) / beta - 1
    rounded, and 0 at least. Where all reliabilities are equal patterns come by the number of their flips.

    Parameters
    ----------
    code, queries
        As for ``OrbgrandDecoder``.

    Raises
    ------
    ValueError
        As ``OrbgrandDecoder``.
    """

    fitted = True
