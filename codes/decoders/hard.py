"""Hard decision on every bit."""

from ..code import Code
from ..uncoded import UncodedCode
from .decoder import Decoder, DecodeResult, LLRs, coin_bits, hard_decision


class HardDecoder(Decoder):
    """Decides each bit by the sign of its LLR; for uncoded transmission. Every word is a codeword."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self._coins = coin_bits(code.k)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes uncoded transmission only."""
        return None if isinstance(code, UncodedCode) else f"hard decides uncoded bits, not {code!r}"

    def decode(self, llr: LLRs) -> DecodeResult:
        """Decode LLRs of shape (frames, n)."""
        bits = hard_decision(self.check_llr(llr), self._coins)
        return DecodeResult.complete(bits.T)
