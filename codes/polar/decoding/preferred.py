"""The codeword that ties prefer: decoders would otherwise decide them for the all-zero word."""

import numpy as np

from ....vectors.groups import packed, unpacked
from ...code import Bits
from ...tie_breaking import fixed_tie_bits
from ..polar import PolarCode
from ..transform_kernels import information


def preferred_word(code: PolarCode) -> tuple[Bits, Bits]:
    """A fixed codeword of the code that looks random, uint8 (n), and its message, uint8 (k).

    Decoders flip the signs of LLRs where it is 1, decide ties as 0, and add it to what they decided. Since it
    is a codeword the decoder has the same code to decode, also with dynamic frozen bits.

    Examples
    --------
    >>> word, message = preferred_word(PolarCode(information=[3], n=4))
    >>> word.tolist(), message.tolist()
    ([1, 1, 1, 1], [1])
    """
    message = fixed_tie_bits(code.k)
    return code.encode(message), message


def preferred_bits(code: PolarCode) -> Bits:
    """u of that codeword, uint8 (n): what ties of the LLRs of single bits are decided as.

    It is the same as flipping by the codeword: given that the bits before are those of the codeword the LLR
    of a bit is that of the flipped ones with the sign of its own.
    """
    words, none = packed(preferred_word(code)[0][None]), np.zeros(0, np.int64)
    u, every = np.empty_like(words), np.arange(code.n)
    every.flags.writeable = False  # as positions of codes are: the kernel is compiled once
    information(words, every, none, none, np.array(code.kernels, np.int64), u)
    bits: Bits = unpacked(u, 1)[0]
    return bits
