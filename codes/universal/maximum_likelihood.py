"""Maximum-likelihood decoding by trying every codeword (Proakis and Salehi, 2008, section 7.4).

Or, where there are fewer checks than information bits, by the shortest path through the trellis of syndromes:
J. K. Wolf, "Efficient maximum likelihood decoding of linear block codes using a trellis", 1978.
"""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP
from ...vectors.groups import HARD, SOFT, GroupInput, Reads, frame_flags, packed, unpacked
from ...vectors.llr_grid import on_grid
from ..binary import gf2
from ..code import Bits, Code, check_array
from ..decoder import Decoder, GroupResult, check_input
from ..examples import Examples
from ..linear import LinearCode
from ..tie_breaking import BitStream, break_ties, fixed_tie_bits
from .maximum_likelihood_kernels import best_message, best_path, best_word

#: Largest dimension whose 2^k codewords are tried.
MAX_K = 16
#: Most bits of a table of all codewords, which codes that are not linear need.
MAX_TABLE = 1 << 28
#: Messages that are encoded at once.
BATCH = 1 << 12


class MaximumLikelihoodDecoder(Decoder):
    """Finds the codeword with the largest correlation with the LLRs, by enumeration.

    Ties are broken by fixed pseudo-random bits: of the message with which trying begins, or, in a trellis, of
    the last position in which tied codewords differ. So the choice favours no codeword and not the all-zero
    word in particular: for random data each of the tied codewords is as likely to be the one that was sent.
    The result is always a codeword; ``ok`` is False where another is as likely. Correlations are exact, also
    where LLRs are multiples of one LLR that float32 had to round (see ``llr_grid.on_grid``).

    Of a code that is not linear a table of all codewords is made, by its ``encode``. There fair bits break
    ties: each bit of the message, from the last on, in which those that are left differ takes one.

    Parameters
    ----------
    code
        A code with k <= 16; if it is not linear, with 2^k n <= 2^28.
    input
        ``soft`` uses the LLRs; ``hard`` their signs, so that the nearest codeword in Hamming
        distance is found (erased bits count for nothing).

    Raises
    ------
    ValueError
        If k is above 16, the table of codewords would be too large or is none, or ``input`` is neither.
    """

    examples: ClassVar[Examples] = ({}, {"input": "hard"})
    universal = True

    frames_version = 2

    def __init__(self, code: Code, *, input: Literal["soft", "hard"] = "soft") -> None:
        super().__init__(code)
        check_input(input)
        self._hard = input == "hard"
        self._columns: npt.NDArray[np.int64] | None = None
        if isinstance(code, LinearCode) and code.n - code.k <= code.k:
            # Fewer states of a trellis than codewords.
            check = gf2.row_reduce(code.parity_check_matrix)[0]
            self._columns = (1 << np.arange(len(check))) @ check.astype(np.int64)
        elif isinstance(code, LinearCode):
            self._generator = code.generator_matrix
            self._first = int(fixed_tie_bits(code.k) @ (1 << np.arange(code.k)))
        else:
            self._words = all_words(code)

    @property
    def input(self) -> Literal["soft", "hard"]:
        """``soft`` or ``hard``."""
        return "hard" if self._hard else "soft"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes codes with k <= 16 whose codewords, if they are not linear, fit into a table."""
        linear = isinstance(code, LinearCode)
        if code.k > MAX_K:
            other = ": use syndrome or bp" if linear else ""
            return f"ml tries all 2^k codewords, up to k = {MAX_K}, not {code!r}{other}"
        if not linear and code.n << code.k > MAX_TABLE:
            return (
                f"ml keeps the 2^k codewords of codes that are not linear, up to 2^k n = 2^28, not {code!r}"
            )
        return None

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
        if isinstance(self.code, LinearCode) and self._columns is not None:
            n, unique = self.code.n, np.empty(groups, np.uint64)
            words = np.empty((groups, n), np.uint64)
            best_path(llr, self._columns, n - k, fixed_tie_bits(n), words, unique)
            bits = self.code.information_words(words)
            return GroupResult(bits, frame_flags(unique, frames))
        if isinstance(self.code, LinearCode):
            bits, unique = np.empty((groups, k), np.uint64), np.empty(groups, np.uint64)
            best_message(llr, self._generator, self._first, bits, unique)
            return GroupResult(bits, frame_flags(unique, frames))
        tie_bits = np.zeros((groups, k), np.uint64)
        break_ties(tie_bits, ~tie_bits, np.arange(k), frames, stream)
        numbers = unpacked(tie_bits, groups * GROUP).astype(np.int64) @ (1 << np.arange(k))
        message, alone = np.zeros((groups, GROUP), np.int64), np.empty((groups, GROUP), np.bool_)
        best_word(llr, self._words, numbers.reshape(groups, GROUP), message, alone)
        return GroupResult(packed(messages(message.ravel(), k)), alone.ravel()[:frames])


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
