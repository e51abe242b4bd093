"""Guessing by the number of errors: Duffy, Li and Medard, 2019."""

from typing import Any

from ....vectors.groups import GroupInput, Words
from .grand_kernels import guess_by_weight
from .guessing import GuessingDecoder


class GrandDecoder(GuessingDecoder):
    """Guesses errors in hard decisions: one error at each position, then two, and so on (K. R. Duffy, J. Li
    and M. Medard, "Capacity-achieving guessing random additive noise decoding", 2019).

    Patterns with as many errors come in the lexicographic order of their positions. So it finds a nearest
    codeword, the first of several: maximum likelihood on the binary symmetric channel. It knows nothing of
    erasures: a bit with LLR 0 is decided by a coin.

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
    >>> result = GrandDecoder(HammingCode(r=3)).decode([1, 1, 1, -1, 1, 1, 1])
    >>> result.bits, result.counters["queries"]
    (array([0, 0, 0, 0], dtype=uint8), np.int32(5))
    """

    hard = True

    def _guess(self, given: GroupInput, syndromes: Words, words: Words, queries: Any, ok: Words) -> None:
        guess_by_weight(given.frames, self._columns, syndromes, self.queries, words, queries, ok)
