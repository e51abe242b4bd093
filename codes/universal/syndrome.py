"""Syndrome decoding with a table of coset leaders (MacWilliams and Sloane, 1977, section 1.4)."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ...vectors.groups import HARD, GroupInput, frame_flags
from ..binary import gf2
from ..code import Code
from ..decoder import Decoder, GroupResult
from ..examples import Examples
from ..linear import LinearCode
from ..tie_breaking import BitStream, break_ties
from .syndrome_kernels import build_table, correct_groups

#: Largest number of parity bits: the table has 2^(n - k) entries.
MAX_PARITY_BITS = 20
#: Largest number of steps in which the table is made, n 2^(n - k).
MAX_STEPS = 2**32


class SyndromeDecoder(Decoder):
    """Corrects the hard decisions by the lightest error pattern with the same syndrome.

    Maximum-likelihood for hard decisions. Where several patterns are equally light, one of them is
    applied and ``ok`` is False: the error is detected, but not located. So the extended Hamming
    code corrects one error and detects two. It knows nothing of erasures: a bit with LLR 0 is decided
    by a coin, and corrected like any other.

    Parameters
    ----------
    code
        A linear code with 1 <= n - k <= 20 and n 2^(n - k) <= 2^32.

    Raises
    ------
    ValueError
        If the code is not linear or its table would be too large.
    """

    reads = HARD
    by_words = True
    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear = code
        check = gf2.row_reduce(code.parity_check_matrix)[0]
        # column j of the matrix as a number: the syndrome of an error at j
        self._columns = gf2.column_numbers(check).astype(np.int64)
        self._digits = np.ascontiguousarray(np.uint64(0) - check.T.astype(np.uint64))
        self._flip, self._unique = build_table(self._columns, len(check))

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with a table of at most 2^20 entries."""
        if not isinstance(code, LinearCode):
            return f"syndrome decodes linear codes, not {code!r}"
        if not 1 <= code.n - code.k <= MAX_PARITY_BITS or code.n << (code.n - code.k) > MAX_STEPS:
            return (
                f"syndrome needs n - k from 1 to {MAX_PARITY_BITS} and n 2^(n - k) up to 2^32, "
                f"not {code!r}: bp takes any linear code"
            )
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        words, ok = given.hard.copy(), np.empty(len(given.hard), np.uint64)
        break_ties(words, given.erased, np.arange(self.code.n), given.frames, stream)
        correct_groups(words, self._digits, self._columns, self._flip, self._unique, ok)
        bits = self._linear.information_words(words)
        return GroupResult(bits, frame_flags(ok, given.frames))

    def leader_weights(self) -> npt.NDArray[np.int64]:
        """How many of the 2^(n - k) coset leaders have each weight, int64 (n + 1)."""
        counts = np.zeros(self.code.n + 1, np.int64)
        syndromes = np.arange(len(self._flip))
        weight = 0
        while len(syndromes):
            syndromes_left = syndromes[syndromes != 0]
            counts[weight] = len(syndromes) - len(syndromes_left)
            syndromes = syndromes_left ^ self._columns[self._flip[syndromes_left]]
            weight += 1
        return counts
