"""Kasami's decoder of the Golay codes.

T. Kasami, "A decoding procedure for multiple-error-correcting cyclic codes", 1964; S. Lin and D. J. Costello,
"Error Control Coding", 2nd edition, 2004, sections 5.8 and 5.9.
"""

from typing import ClassVar

import numpy as np

from .....vectors.groups import HARD, GroupInput, Words, all_erased, frame_flags
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....fields import polynomials
from ....tie_breaking import BitStream, break_ties
from ...polynomial_code import PolynomialCode
from .error_trapping_kernels import trap_errors

#: Any three positions of 23 have a cyclic shift in which those outside the 11 check bits are at most one, and
#: that at one of these powers.
COVERS = (16, 17)


class KasamiDecoder(Decoder):
    """Corrects up to three errors of a Golay code by trapping them in the check bits.

    In one of the 23 cyclic shifts three errors lie in the check bits, or one of them at x^16 or x^17 and two
    in the check bits. The syndrome then has weight 3 at most, or 2 where that of the one is added. The (23,
    12) code is perfect: every word is decoded, and more errors are taken for others. Of the (24, 12) code
    four errors are detected: ``ok`` is False, and the information bits are those received. It knows nothing
    of erasures: a bit with LLR 0 is decided by a coin.

    Parameters
    ----------
    code
        A Golay code: ``GolayCode``, or the same as another cyclic code of n = 23 and k = 12.

    Raises
    ------
    ValueError
        If the code is another one.

    Examples
    --------
    >>> from capgap.codes import GolayCode
    >>> llr = np.where(np.isin(np.arange(23), [0, 7, 19]), -1.0, 1.0)
    >>> KasamiDecoder(GolayCode()).decode(llr).bits.any()
    np.False_
    """

    reads = HARD
    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, PolynomialCode)
        self._cyclic = code
        self.counts_failures = code.extended
        self._covers = np.array(COVERS)
        self._patterns = np.array([polynomials.power_of_x(power, code.generator) for power in COVERS])

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes Golay codes."""
        if isinstance(code, PolynomialCode) and (code.length, code.degree, code.shorten) == (23, 11, 0):
            return None
        return f"kasami decodes Golay codes, not {code!r}: use bounded-distance, syndrome or ml"

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        code, words = self._cyclic, given.hard
        if given.erased is not None:
            words = words.copy()
            break_ties(words, given.erased, np.arange(code.n), given.frames, stream)
        cyclic = np.ascontiguousarray(words[:, : code.length])
        errors, failed = np.empty_like(cyclic), np.zeros(len(words), np.uint64)
        trap_errors(self._syndromes(cyclic), code.generator, self._covers, self._patterns, errors)
        errors = errors[:, ::-1]  # the highest power first
        if code.extended:
            parity = np.bitwise_xor.reduce(words, axis=1) ^ np.bitwise_xor.reduce(errors, axis=1)
            failed = parity & _three(errors)
        bits: Words = words[:, : code.k] ^ (errors[:, : code.k] & ~failed[:, None])
        return GroupResult(bits, frame_flags(~failed, given.frames) & ~all_erased(given))

    def _syndromes(self, words: Words) -> Words:
        """Remainders by the generator polynomial, the constant terms first: uint64 (groups, 11)."""
        code = self._cyclic
        found = np.empty((len(words), code.degree), np.uint64)
        code.register.remainders(words, code.k, found)
        found ^= words[:, code.k :]
        return np.ascontiguousarray(found[:, ::-1])


def _three(errors: Words) -> Words:
    """Where there are three errors, of three at most: uint64 (groups), from uint64 (groups, n)."""
    one = two = np.zeros(len(errors), np.uint64)
    for column in errors.T:
        two, one = two | (one & column), one ^ column
    return one & two
