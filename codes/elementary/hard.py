"""Hard decision on every bit."""

from typing import ClassVar

import numpy as np

from ...vectors.groups import HARD, GroupInput
from ..code import Code
from ..decoder import Decoder, GroupResult
from ..examples import Examples
from ..tie_breaking import BitStream, break_ties, frames_without
from .uncoded import UncodedCode


class HardDecoder(Decoder):
    """Decides each bit by the sign of its LLR; for uncoded transmission.

    Every word is a codeword; ``ok`` is False where a bit had LLR 0 and was decided by a coin.
    """

    reads = HARD
    examples: ClassVar[Examples] = ({},)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes uncoded transmission only."""
        return (
            None
            if isinstance(code, UncodedCode)
            else f"hard decides uncoded bits, not {code!r}: use ml, syndrome or bp"
        )

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        bits = given.hard
        assert bits is not None
        ok = frames_without(given.erased, given.frames)
        if given.erased is not None:
            bits = bits.copy()
            break_ties(bits, given.erased, np.arange(self.code.n), given.frames, stream)
        return GroupResult(bits, ok)
