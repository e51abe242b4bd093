"""Combining the copies of a repetition code (MacKay, 2003, section 1.2)."""

from typing import ClassVar, Literal

import numpy as np

from ...vectors.groups import HARD, SOFT, GroupInput, Reads, groups_of
from ...vectors.llr_grid import on_grid
from ..code import Code
from ..decision_kernels import decide_repetitions, vote
from ..decoder import Decoder, GroupResult, check_input
from ..examples import Examples
from ..tie_breaking import BitStream, break_ties, frames_without
from .repetition import RepetitionCode


class MajorityDecoder(Decoder):
    """Maximum-likelihood decoding of a repetition code: the sign of the sum of each bit's LLRs.

    On the binary symmetric channel that is the majority vote; on AWGN it is soft combining. A tie
    is decided by a coin, and ``ok`` is False then. Sums are exact, also where LLRs are multiples of one LLR
    that float32 had to round (see ``llr_grid.on_grid``).

    Parameters
    ----------
    code
        A repetition code.
    input
        ``soft`` adds the LLRs; ``hard`` adds their signs, a majority vote on any channel.

    Raises
    ------
    ValueError
        If the code is of another kind or ``input`` is neither.
    """

    examples: ClassVar[Examples] = ({}, {"input": "hard"})

    def __init__(self, code: Code, *, input: Literal["soft", "hard"] = "soft") -> None:
        super().__init__(code)
        check_input(input)
        self._hard = input == "hard"

    @property
    def input(self) -> Literal["soft", "hard"]:
        """``soft`` or ``hard``."""
        return "hard" if self._hard else "soft"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes repetition codes only."""
        if isinstance(code, RepetitionCode):
            return None
        return f"majority combines the copies of a repetition code, not of {code!r}: use ml, syndrome or bp"

    @property
    def reads(self) -> Reads:
        """Soft or hard values, as ``input`` says."""
        return HARD if self._hard else SOFT

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        k = self.code.k
        shape = (groups_of(given.frames), k)
        bits, undecided = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
        if given.llr is not None:
            ties = decide_repetitions(on_grid(given.llr), bits, undecided)
        else:
            assert given.hard is not None
            erased = given.hard[:0] if given.erased is None else given.erased
            ties = vote(given.hard, erased, bits, undecided)
        if not ties:
            return GroupResult(bits, np.ones(given.frames, np.bool_))
        break_ties(bits, undecided, np.arange(k), given.frames, stream)
        return GroupResult(bits, frames_without(undecided, given.frames))
