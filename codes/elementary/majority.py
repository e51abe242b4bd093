"""Combining the copies of a repetition code (MacKay, 2003, section 1.2)."""

from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP
from ..code import Bits, Code
from ..decision_kernels import decide_repetitions
from ..decoder import GroupDecoder, Groups, check_input
from ..examples import Examples
from ..llr_grid import on_grid
from .repetition import RepetitionCode


class MajorityDecoder(GroupDecoder):
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

    def decode_groups(
        self, llr: Groups, frames: int
    ) -> tuple[Bits, npt.NDArray[np.bool_], npt.NDArray[np.int32], bool]:
        """Decode groups of 64 frames."""
        llr = llr if self._hard else on_grid(llr)
        decisions = np.empty((len(llr), self.code.k, GROUP), np.uint8)
        without_ties = np.empty(len(llr) * GROUP, np.bool_)
        decide_repetitions(llr, self.code.k, self._hard, decisions, without_ties)
        ok = without_ties[:frames]
        return decisions, ok, np.zeros(frames, np.int32), not ok.all()
