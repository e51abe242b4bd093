"""Maximum-likelihood decoding by trying every codeword (Proakis and Salehi, 2008, section 7.4).

Or by the shortest path through the minimal trellis of a linear code: J. K. Wolf, "Efficient maximum
likelihood decoding of linear block codes using a trellis", 1978.
"""

import math
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import HARD, SOFT, GroupInput, Reads, Soft, Words, frame_flags, packed, unpacked
from ....vectors.llr_grid import on_grid
from ...code import Bits, Code, check_array
from ...decoder import Decoder, GroupResult, check_input
from ...examples import Examples
from ...linear import LinearCode
from ...tie_breaking import BitStream, break_ties, fixed_tie_bits
from .maximum_likelihood_kernels import best_message, best_path, best_word
from .minimal_trellis import MinimalTrellis, minimal_trellis

#: Largest dimension whose 2^k codewords are tried.
MAX_K = 16
#: Up to this dimension it is not asked whether a trellis would take less than all codewords.
MIN_K = 4
#: Most bits of a trellis' states, which take 512 bytes each, and most branches, some 100 ns for 64 frames.
MAX_STATE_BITS, MAX_BRANCHES = 16, 1 << 24
#: Most bits of a table of all codewords, which codes that are not linear need.
MAX_TABLE = 1 << 28
#: Messages that are encoded at once.
BATCH = 1 << 12


class MaximumLikelihoodDecoder(Decoder):
    """Finds the codeword with the largest correlation with the LLRs.

    Of a linear code, by what takes fewer steps: by trying all codewords, 2^k of n / 2 additions each, or by
    the shortest path through its minimal trellis, a step for each branch. That is the trellis of the dual
    code's syndromes, 2^(n - k), without the states that no codeword goes through: there are at most
    2^min(k, n - k), and of codes with a structure fewer, 512 for the (32,16) Reed-Muller code. The order of
    positions, which decides it, is the code's own. The property ``method`` tells which of both it is.

    Ties are decided by fixed pseudo-random bits: that of the last position in which tied codewords differ; of
    codes of k < n - k, k <= 16, those of the message with which trying begins, for which tied frames are
    tried again. So the choice favours no codeword and not the all-zero word in particular: for random data
    each of the tied codewords is as likely to be the one that was sent. The result is always a codeword;
    ``ok`` is False where another is as likely. Correlations are exact, also where LLRs are multiples of one
    LLR that float32 had to round (see ``llr_grid.on_grid``).

    Of a code that is not linear a table of all codewords is made, by its ``encode``. There fair bits break
    ties: each bit of the message, from the last on, in which those that are left differ takes one.

    Parameters
    ----------
    code
        A linear code with k <= 16, or with a trellis of up to 2^16 states and 2^24 branches. A code that is
        not linear with k <= 16 and 2^k n <= 2^28.
    input
        ``soft`` uses the LLRs; ``hard`` their signs, so that the nearest codeword in Hamming
        distance is found (erased bits count for nothing).

    Raises
    ------
    ValueError
        If the code has too many codewords and states, the table of codewords would be too large or is none,
        or ``input`` is neither.
    """

    examples: ClassVar[Examples] = ({}, {"input": "hard"})
    universal = True

    frames_version = 2

    def __init__(self, code: Code, *, input: Literal["soft", "hard"] = "soft") -> None:
        super().__init__(code)
        check_input(input)
        self._hard = input == "hard"
        self._trellis: MinimalTrellis | None = None
        if not isinstance(code, LinearCode):
            self._words = all_words(code)
            return
        self._trellis = _trellis_to_take(code)
        self._first = int(fixed_tie_bits(code.k).astype(object) @ [1 << i for i in range(code.k)])

    @property
    def input(self) -> Literal["soft", "hard"]:
        """``soft`` or ``hard``."""
        return "hard" if self._hard else "soft"

    @property
    def method(self) -> Literal["codewords", "trellis"]:
        """How it decodes: by trying all codewords, or by the minimal trellis."""
        return "codewords" if self._trellis is None else "trellis"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes of few codewords or states, and others whose codewords fit into a table."""
        if not isinstance(code, LinearCode):
            if code.k > MAX_K:
                return f"ml tries all codewords of codes that are not linear, up to k = {MAX_K}, not {code!r}"
            if code.n << code.k > MAX_TABLE:
                return (
                    f"ml keeps the 2^k codewords of codes that are not linear, up to 2^k n = 2^28, "
                    f"not {code!r}"
                )
            return None
        if code.k <= MAX_K:
            return None
        trellis = minimal_trellis(code)
        if trellis is not None and not _too_large(trellis):
            return None
        found = "which has far more"
        if trellis is not None:
            bits, branches = int(trellis.profile.max()), math.log2(trellis.branches)
            found = f"whose minimal trellis has 2^{bits} states and 2^{branches:.1f} branches"
        return (
            f"ml tries all 2^k codewords, up to k = {MAX_K}, or takes a trellis of up to "
            f"2^{MAX_STATE_BITS} states and 2^24 branches, not {code!r}, {found}: use osd or bp"
        )

    @property
    def reads(self) -> Reads:
        """Soft or hard values, as ``input`` says."""
        return HARD if self._hard else SOFT

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        frames, k = given.frames, self.code.k
        llr = given.soft() if self._hard else on_grid(given.soft())
        groups = len(llr)
        if isinstance(self.code, LinearCode):
            unique = np.empty(groups, np.uint64)
            if self._trellis is None:
                return GroupResult(self._by_codewords(llr, unique), frame_flags(unique, frames))
            bits = self._by_trellis(llr, unique)
            if self._ties_by_codewords:
                tied = np.flatnonzero(~unique)
                bits[tied] = self._by_codewords(llr[tied], np.empty(len(tied), np.uint64))
            return GroupResult(bits, frame_flags(unique, frames))
        tie_bits = np.zeros((groups, k), np.uint64)
        break_ties(tie_bits, ~tie_bits, np.arange(k), frames, stream)
        numbers = unpacked(tie_bits, groups * GROUP).astype(np.int64) @ (1 << np.arange(k))
        message, alone = np.zeros((groups, GROUP), np.int64), np.empty((groups, GROUP), np.bool_)
        best_word(llr, self._words, numbers.reshape(groups, GROUP), message, alone)
        return GroupResult(packed(messages(message.ravel(), k)), alone.ravel()[:frames])

    def _by_codewords(self, llr: Soft, unique: Words) -> Words:
        """Information bits, uint64 (groups, k), by trying all codewords."""
        assert isinstance(self.code, LinearCode)
        bits = np.empty((len(llr), self.code.k), np.uint64)
        best_message(llr, self.code.generator_matrix, self._first, bits, unique)
        return bits

    def _by_trellis(self, llr: Soft, unique: Words) -> Words:
        """Information bits, uint64 (groups, k), by the shortest path."""
        code, trellis = self.code, self._trellis
        assert isinstance(code, LinearCode)
        assert trellis is not None
        words, preferred = np.empty((len(llr), code.n), np.uint64), fixed_tie_bits(code.n)
        best_path(llr, trellis.tables, trellis.bits, int(trellis.joined), preferred, words, unique)
        return code.information_words(words)

    @property
    def _ties_by_codewords(self) -> bool:
        """Whether ties have their rule by the message, which a trellis does not know."""
        return self.code.k < self.code.n - self.code.k and self.code.k <= MAX_K


def _trellis_to_take(code: LinearCode) -> MinimalTrellis | None:
    """The trellis, if it takes fewer steps than trying all codewords."""
    trellis = minimal_trellis(code) if code.k > MIN_K or code.n - code.k <= code.k else None
    if trellis is None or _too_large(trellis):
        return None
    # A branch takes about as long as three additions. Up to half the length the trellis is the cheaper one.
    few = code.n - code.k <= code.k or code.k > MAX_K
    return trellis if few or 3 * trellis.branches <= 2.0 ** (code.k - 1) * code.n else None


def _too_large(trellis: MinimalTrellis) -> bool:
    return bool(trellis.profile.max() > MAX_STATE_BITS or trellis.branches > MAX_BRANCHES)


def messages(numbers: npt.NDArray[np.int64], k: int) -> Bits:
    """Messages by number, uint8 (numbers, k): bit i of the number is bit i of the message."""
    return (numbers[:, None] >> np.arange(k) & 1).astype(np.uint8)


def all_words(code: Code) -> Bits:
    """The codewords of all messages, in the order of their numbers: uint8 (2^k, n).

    Raises ValueError if ``encode`` returns anything else than these.
    """
    words = np.empty((1 << code.k, code.n), np.uint8)
    for first in range(0, len(words), BATCH):
        numbers = np.arange(first, min(first + BATCH, len(words)))
        found = code.encode(messages(numbers, code.k))
        check_array(found, np.uint8, "frames", code.n, "what encode returns")
        if len(found) != len(numbers) or found.max() > 1:
            raise ValueError("what encode returns must hold a codeword of 0 and 1 for each message")
        words[numbers] = found
    return words
