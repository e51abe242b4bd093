"""Hard decision on every bit."""

from typing import Any, ClassVar

from ..code import Code
from ..decoder import Decoder, DecodeResult, hard_decision
from ..examples import Examples
from ..tie_breaking import BitStream
from .uncoded import UncodedCode


class HardDecoder(Decoder):
    """Decides each bit by the sign of its LLR; for uncoded transmission.

    Every word is a codeword; ``ok`` is False where a bit had LLR 0 and was decided by a coin.
    """

    examples: ClassVar[Examples] = ({},)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes uncoded transmission only."""
        return (
            None
            if isinstance(code, UncodedCode)
            else f"hard decides uncoded bits, not {code!r}: use ml, syndrome or bp"
        )

    def decode(self, llr: Any, stream: BitStream | None = None) -> DecodeResult:
        """Decode LLRs of shape (frames, n), or (n) for one frame."""
        bits, without_ties = hard_decision(self.check_llr(llr), stream)
        return DecodeResult.without_iterations(bits.T, without_ties).one_or_all(llr)
