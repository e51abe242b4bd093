"""What decoders that guess the noise have in common: K. R. Duffy, J. Li and M. Medard, 2019.

"Capacity-achieving guessing random additive noise decoding", IEEE Transactions on Information Theory 65.
"""

from abc import abstractmethod
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import HARD, SOFT, GroupInput, Reads, Words, all_erased, frame_flags
from ....vectors.whole_numbers import whole_number
from ...binary import gf2
from ...binary.xor_program import XorProgram
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...linear import LinearCode
from ...tie_breaking import BitStream, break_ties, hard_words

#: Most checks of a code: a syndrome is one word.
MAX_CHECKS = 64
#: Largest length, whose parity-check matrix is found without much ado.
MAX_N = 4096


class GuessingDecoder(Decoder):
    """Tries patterns of errors, the likeliest first, until what was received less the pattern is a codeword.

    Parameters
    ----------
    code
        A linear code with n - k <= 64 and n <= 4096.
    queries
        Most queries a frame, the hard decision the first; a frame that would take more is given up: ``ok`` is
        False then, and the hard decision handed out.
    """

    universal = True
    counters = ("queries",)
    counts_failures = True
    #: On short codes: others may take as many queries as there are.
    examples: ClassVar[Examples] = (
        {"code": {"type": "hamming", "r": 4}},
        {
            "code": {"type": "crc", "polynomial": 7, "bits": 8, "code": {"type": "uncoded", "k": 24}},
            "queries": 20,
        },
    )
    #: The most that ``queries`` may be, in words why.
    most_queries: ClassVar[tuple[int, str]] = (10**9, "a frame may take a second and more then")
    #: Whether it guesses by hard decisions alone.
    hard: ClassVar[bool] = False

    def __init__(self, code: Code, *, queries: int = 1_000_000) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        queries, (most, reason) = whole_number(queries, "queries"), self.most_queries
        if not 1 <= queries <= most:
            raise ValueError(f"queries must lie in 1 to {most}, got {queries}: {reason}")
        #: The parameter of this name.
        self.queries = queries
        self._linear = code
        check = gf2.row_reduce(code.parity_check_matrix)[0] if code.n > code.k else code.parity_check_matrix
        #: Column j of the parity-check matrix, the syndrome of an error at j, as a number: uint64 (n).
        self._columns = gf2.column_numbers(check)
        self._checker = XorProgram.of_matrix(check.T)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with at most 64 checks."""
        if not isinstance(code, LinearCode):
            return f"guessing the noise takes linear codes, not {code!r}"
        if code.n - code.k > MAX_CHECKS or code.n > MAX_N:
            return (
                f"guessing the noise takes n - k up to {MAX_CHECKS} and n up to {MAX_N}, not {code!r}: "
                "bp takes any linear code"
            )
        return None

    @property
    def reads(self) -> Reads:
        """Soft values, or hard ones."""
        return HARD if self.hard else SOFT

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        words = self._hard_decisions(given, stream)
        queries, ok = np.empty(given.frames, np.int32), np.empty(len(words), np.uint64)
        self._guess(given, self._checker.apply_words(words), words, queries, ok)
        bits = self._linear.information_words(words)
        return GroupResult(
            bits, frame_flags(ok, given.frames) & ~all_erased(given), counters={"queries": queries}
        )

    def _hard_decisions(self, given: GroupInput, stream: BitStream | None) -> Words:
        """The signs of what was received, with coins for zeros: uint64 (groups, n)."""
        if given.hard is None:
            return hard_words(given.soft(), given.frames, stream)[0]
        words = given.hard.copy()
        break_ties(words, given.erased, np.arange(self.code.n), given.frames, stream)
        return words

    @abstractmethod
    def _guess(
        self, given: GroupInput, syndromes: Words, words: Words, queries: npt.NDArray[np.int32], ok: Words
    ) -> None:
        """Correct ``words``, uint64 (groups, n) with these ``syndromes``, (groups, n - k).

        Writes ``queries``, int32 (frames), and ``ok``, uint64 (groups).
        """
