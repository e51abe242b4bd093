"""Majority-logic decoding of Reed-Muller codes.

I. S. Reed, "A class of multiple-error-correcting codes and the decoding scheme", 1954; MacWilliams and
Sloane, 1977, section 13.6.
"""

from typing import ClassVar, Literal

import numpy as np

from .....vectors.groups import HARD, SOFT, GroupInput, Reads, Words, groups_of
from .....vectors.llr_grid import on_grid
from ....code import Code
from ....decoder import Decoder, GroupResult, check_input
from ....examples import Examples
from ....polar.transform_kernels import transform
from ....tie_breaking import BitStream, break_ties, frames_without
from ...reed_muller_codes.reed_muller import ReedMullerCode
from .majority_logic_kernels import count_votes, weigh_votes

#: Most steps of a frame: coefficients times positions.
MAX_STEPS = 1 << 27


class ReedDecoder(Decoder):
    """Decides the coefficients of a Reed-Muller code by votes, those of the highest degree first.

    A coefficient of degree d is the sum of the bits on each of 2^(m - d) flats, which have no bit in common,
    once the terms of higher degree are taken away. So fewer than 2^(m - r - 1) errors are always corrected,
    and with hard decisions 2 errors + erasures below the minimum distance 2^(m - r): a flat with an erased
    bit has no vote. The output is always a codeword. A tie is decided by a coin, and ``ok`` is False then.

    Parameters
    ----------
    code
        A Reed-Muller code with n k up to 2^27.
    input
        ``hard`` counts the votes; ``soft`` adds the LLRs of the flats by min-sum: the sign of each is that of
        its sum, and the magnitude that of its least reliable bit (J. L. Massey, "Threshold decoding", 1963,
        whose weights this approximates).

    Raises
    ------
    ValueError
        If the code is another one or too long, or ``input`` is neither.

    Examples
    --------
    >>> code = ReedMullerCode(r=1, m=4)
    >>> llr = np.where(np.isin(np.arange(16), [0, 3, 9]), -1.0, 1.0)
    >>> ReedDecoder(code).decode(llr).bits.any()
    np.False_
    """

    counts_failures = True
    examples: ClassVar[Examples] = ({}, {"input": "soft"})

    def __init__(self, code: Code, *, input: Literal["soft", "hard"] = "hard") -> None:
        super().__init__(code)
        assert isinstance(code, ReedMullerCode)
        check_input(input)
        self._reed_muller, self._hard = code, input == "hard"
        self._kernels = np.array(code.kernels, np.int64)
        ones = np.array([int(position).bit_count() for position in code.information])
        #: Positions of the coefficients of each degree, the highest first, and which bits of the message.
        self._degrees = [
            (code.information[chosen], chosen)
            for chosen in (np.flatnonzero(ones == w) for w in np.unique(ones))
        ]

    @property
    def input(self) -> Literal["soft", "hard"]:
        """``soft`` or ``hard``."""
        return "hard" if self._hard else "soft"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes Reed-Muller codes, if they are not too long."""
        if not isinstance(code, ReedMullerCode):
            return f"reed decodes Reed-Muller codes, not {code!r}: use {code.default_decoder}"
        if code.n * code.k > MAX_STEPS:
            return f"reed takes n k steps for a frame, up to 2^27, which {code!r} exceeds: use dumer or sc"
        return None

    @property
    def reads(self) -> Reads:
        """Soft or hard values, as ``input`` says."""
        return HARD if self._hard else SOFT

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        if given.llr is not None:
            given = GroupInput(given.frames, llr=on_grid(given.llr, any_level=True, alone=True))
        code, none = self._reed_muller, np.zeros((groups_of(given.frames), self.code.k), np.uint64)
        word, undecided = self._vote(given, none)
        if undecided.any():
            # A tie decides of later ones: all coins are tossed at once, so that the stream is asked once.
            coins = none.copy()
            break_ties(coins, ~none, np.arange(code.k), given.frames, stream)
            word, undecided = self._vote(given, coins)
        return GroupResult(code.information_words(word), frames_without(undecided, given.frames))

    def _vote(self, given: GroupInput, coins: Words) -> tuple[Words, Words]:
        """The codeword, uint64 (groups, n), and the coefficients that were undecided, (groups, k)."""
        groups, n = len(coins), self.code.n
        word, undecided = np.zeros((groups, n), np.uint64), np.zeros_like(coins)
        for positions, chosen in self._degrees:
            bits, open_ = (np.empty((groups, len(positions)), np.uint64) for _ in range(2))
            if given.llr is not None:
                weigh_votes(given.llr, word, positions, bits, open_)
            else:
                assert given.hard is not None
                erased = given.hard[:0] if given.erased is None else given.erased
                count_votes(given.hard ^ word, erased, positions, bits, open_)
            terms = np.zeros_like(word)
            terms[:, positions] = bits | (open_ & coins[:, chosen])
            transform(terms, self._kernels, False)
            word ^= terms
            undecided[:, chosen] = open_
        return word, undecided
