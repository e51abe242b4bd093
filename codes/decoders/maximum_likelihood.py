"""Maximum-likelihood decoding by trying every codeword (Proakis and Salehi, 2008, section 7.4)."""

from typing import Any, Literal

import numpy as np

from ..code import Code
from ..linear import LinearCode
from .decoder import BitStream, Decoder, DecodeResult, check_input, fixed_coins
from .maximum_likelihood_kernels import best_message

#: Largest dimension whose 2^k codewords are tried.
MAX_K = 16


class MaximumLikelihoodDecoder(Decoder):
    """Finds the codeword with the largest correlation with the LLRs, by enumeration.

    Ties are broken by the order in which messages are tried; it starts at a fixed pseudo-random
    message, so that the choice favours no codeword and not the all-zero word in particular: for
    random data each of the tied codewords is as likely to be the one that was sent. The result is
    always a codeword; ``ok`` is False where another is as likely.

    Parameters
    ----------
    code
        A linear code with k <= 16.
    input
        ``soft`` uses the LLRs; ``hard`` their signs, so that the nearest codeword in Hamming
        distance is found (erased bits count for nothing).

    Raises
    ------
    ValueError
        If the code is not linear, k is above 16, or ``input`` is neither.
    """

    def __init__(self, code: Code, *, input: Literal["soft", "hard"] = "soft") -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        check_input(input)
        self._hard = input == "hard"
        self._generator = code.generator_matrix
        self._first = int(fixed_coins(code.k) @ (1 << np.arange(code.k)))

    @property
    def input(self) -> Literal["soft", "hard"]:
        """``soft`` or ``hard``."""
        return "hard" if self._hard else "soft"

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes with k <= 16."""
        if not isinstance(code, LinearCode):
            return f"ml decodes linear codes, not {code!r}"
        if code.k > MAX_K:
            return f"ml tries all 2^k codewords, up to k = {MAX_K}, not {code!r}: use syndrome or bp"
        return None

    def decode(self, llr: Any, stream: BitStream | None = None) -> DecodeResult:
        """Decode LLRs of shape (frames, n), or (n) for one frame."""
        lanes = self.check_llr(llr)
        if self._hard:
            lanes = np.sign(lanes)
        bits = np.empty((self.code.k, lanes.shape[1]), np.uint8)
        unique = np.empty(lanes.shape[1], np.bool_)
        best_message(lanes, self._generator, self._first, bits, unique)
        return DecodeResult.without_iterations(bits.T, unique).one_or_all(llr)
