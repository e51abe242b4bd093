"""Soft decoding by a hard decoder, which decodes the received word with its weakest bits flipped.

D. Chase, "A class of algorithms for decoding block codes with channel measurement information", 1972.
"""

import itertools
import math
from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.groups import GROUP, GroupInput, Words, all_erased, frame_flags
from ....vectors.llr_grid import on_grid
from ....vectors.whole_numbers import whole_number
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...linear import LinearCode
from ...tie_breaking import BitStream, hard_words
from ...weight_enumerator import minimum_distance
from .choice_kernels import find_weakest, keep_likelier
from .hard_words import codewords, hard_decoder

#: Most test words of a frame, and most test positions.
MOST_WORDS, MOST_WEAKEST = 1 << 16, 16


class ChaseDecoder(Decoder):
    """Decodes the signs, with several sets of bits flipped, by a hard decoder; takes the likeliest codeword.

    Parameters
    ----------
    code
        A linear code.
    algorithm
        Chase's number, with d the minimum distance. 1: all sets of up to floor(d / 2) bits are flipped. 2:
        all sets of the ``weakest`` bits. 3: the i weakest bits, for i = 0, 1, 3, ..., d - 1 if d is even, and
        i = 0, 2, 4, ..., d - 1 if it is odd.
    weakest
        Bits that algorithm 2 flips, 1 to 16 and at most n; floor(d / 2) by default.
    distance
        What d is taken for; the code's own by default.
    decoder
        The hard decoder: any decoder of the code; ``syndrome`` unless named. What it does not declare right
        is left out.

    Notes
    -----
    The likeliest word is that with the least sum of the LLRs of its ones. Of equally weak bits the first are
    taken. A frame is ``ok`` if a test word was decoded, and no other of them is as likely.
    Where none was, the information bits are those of the signs.

    Raises
    ------
    ValueError
        If the code is not linear, d is needed and not known, the hard decoder has to be named, there are over
        2^16 test words, or a parameter is outside its range.

    Examples
    --------
    >>> from capgap.codes import HammingCode
    >>> ChaseDecoder(HammingCode(r=3)).decode([2.0, 3.0, 2.0, 3.0, 2.0, -0.5, -0.4]).bits
    array([0, 0, 0, 0], dtype=uint8)
    """

    counts_ml_errors = True
    counts_failures = True
    examples: ClassVar[Examples] = (
        {"code": {"type": "hamming", "r": 3}, "weakest": 2},
        {"code": {"type": "hamming", "r": 3, "extended": True}, "algorithm": 1},
        {"code": {"type": "hamming", "r": 3}, "algorithm": 3, "decoder": {"type": "ml", "input": "hard"}},
    )

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Literal[1, 2, 3] = 2,
        weakest: int | None = None,
        distance: int | None = None,
        decoder: Decoder | None = None,
    ) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        self._linear = code
        if algorithm not in (1, 2, 3):
            raise ValueError(f"algorithm must be 1, 2 or 3, got {algorithm!r}")
        if weakest is not None and algorithm != 2:
            raise ValueError("weakest is a parameter of algorithm 2 alone")
        #: The hard decoder.
        self.decoder = hard_decoder("decoder", code, decoder)
        self._algorithm = algorithm
        self._flipped = 0
        if weakest is None:
            d = _distance(code, distance)
            self._weakest = {1: 0, 2: min(d // 2, MOST_WEAKEST), 3: d - 1}[algorithm]
            self._flipped = d // 2
        else:
            self._weakest = whole_number(weakest, "weakest")
        if algorithm == 2 and not 1 <= self._weakest <= min(MOST_WEAKEST, code.n):
            raise ValueError(f"weakest must lie in 1 to {min(MOST_WEAKEST, code.n)}, got {weakest}")
        tests = sum(math.comb(code.n, i) for i in range(self._flipped + 1))
        if algorithm == 1 and tests > MOST_WORDS:
            raise ValueError(
                f"algorithm 1 would decode {tests} words a frame, more than {MOST_WORDS}: take 2 or 3"
            )

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes."""
        if isinstance(code, LinearCode):
            return None
        return f"chase decodes linear codes, not {code!r}"

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = on_grid(given.soft().astype(np.float32, copy=False), any_level=True, alone=True)
        signs, _ = hard_words(llr, given.frames, stream)
        kept, costs = signs.copy(), np.full((len(llr), GROUP), np.inf, np.float32)
        found, tied = np.zeros(len(llr), np.uint64), np.zeros(len(llr), np.uint64)
        for test in self._tests(llr, signs.copy()):
            words, ok = codewords(self.decoder, test)
            keep_likelier(llr, words, ok, costs, kept, tied)
            found |= ok
        return GroupResult(
            self._linear.information_words(kept),
            frame_flags(found & ~tied, given.frames) & ~all_erased(given),
        )

    def _tests(self, llr: npt.NDArray[np.float32], words: Words) -> Iterator[Words]:
        """The test words, each in place of the one before."""
        if self._algorithm == 1:
            for size in range(self._flipped + 1):
                for places in itertools.combinations(range(self.code.n), size):
                    words[:, places] ^= ~np.uint64(0)
                    yield words
                    words[:, places] ^= ~np.uint64(0)
            return
        flips = np.zeros((self._weakest, *words.shape), np.uint64)
        find_weakest(llr, flips)
        yield words
        if self._algorithm == 2:
            for i in range(1, 1 << self._weakest):
                words ^= flips[(i & -i).bit_length() - 1]  # in the order of a Gray code
                yield words
            return
        for i in range(self._weakest):
            words ^= flips[i]
            if (self._weakest - 1 - i) % 2 == 0:
                yield words


def _distance(code: LinearCode, distance: int | None) -> int:
    if distance is None:
        try:
            return minimum_distance(code)
        except ValueError as error:
            raise ValueError(f"distance must be given: {error}") from None
    distance = whole_number(distance, "distance")
    if not 1 <= distance <= code.n:
        raise ValueError(f"distance must lie in 1 to {code.n}, got {distance}")
    return distance
