"""Guessing by likelihood: Solomon, Duffy and Medard, 2020."""

from typing import Any

from ....vectors.groups import GroupInput, Words
from .guessing import GuessingDecoder
from .rank_kernels import memory_of_ranks
from .sgrand_kernels import guess_by_likelihood, room_for_patterns


class SgrandDecoder(GuessingDecoder):
    """Guesses errors in the order of their likelihood, by the LLRs (A. Solomon, K. R. Duffy and M. Medard,
    "Soft maximum likelihood decoding using GRAND", 2020).

    A codeword that is found is the likeliest, or one of several: soft maximum likelihood. A heap has the
    patterns that come next. Equal reliabilities are ranked by position.

    Parameters
    ----------
    code
        A linear code with n - k <= 64 and n <= 4096.
    queries
        Most queries a frame, from 1 to 4 x 10^6, the hard decision the first. A frame that would take more is
        given up: ``ok`` is False, and the hard decision handed out. The counter ``queries`` has what was
        spent.

    Raises
    ------
    ValueError
        If the code is not linear or too large, or ``queries`` outside its range.
    """

    counts_ml_errors = True
    most_queries = (4_000_000, "patterns to come are kept, two for each query")

    def _guess(self, given: GroupInput, syndromes: Words, words: Words, queries: Any, ok: Words) -> None:
        memory = memory_of_ranks(self.code.n), room_for_patterns(self.code.n, self.queries)
        found = words, queries, ok
        guess_by_likelihood(
            given.soft(), given.frames, self._columns, syndromes, self.queries, *memory, *found
        )
