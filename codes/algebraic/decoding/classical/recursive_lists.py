"""Recursive decoding of Reed-Muller codes.

I. Dumer, "Recursive decoding and its performance for low-rate Reed-Muller codes", 2004; I. Dumer and K.
Shabunov, "Soft-decision decoding of Reed-Muller codes: recursive lists", 2006.
"""

from functools import lru_cache
from typing import ClassVar

import numpy as np

from .....vectors.group_kernels import GROUP
from .....vectors.groups import GroupInput, all_erased, frame_flags
from .....vectors.llr_grid import on_grid
from .....vectors.whole_numbers import whole_number
from ....binary.gf2 import Indices
from ....code import Code
from ....decoder import Decoder, GroupResult
from ....examples import Examples
from ....polar.decoding.parameters import BoxPlus, check_box_plus
from ....polar.decoding.preferred import preferred_word
from ....tie_breaking import BitStream
from ...reed_muller_codes.reed_muller import ReedMullerCode
from .recursive_list_kernels import JOIN, LEAF, LEFT, RIGHT, decode_paths

#: Most paths, and most paths times n.
MAX_LIST, MAX_PLACES = 1 << 12, 1 << 22


class DumerDecoder(Decoder):
    """Decodes a Reed-Muller code by those of half its length, down to codes of the first order.

    A word of RM(r, m) is (u + v, u) with v of RM(r - 1, m - 1) and u of RM(r, m - 1): v is decoded first,
    from the box-plus of both halves, and then u from their sum. Codes of the first order are decoded with
    maximum likelihood, by the fast Hadamard transform. With a list each of them continues the paths so far,
    and the best paths are kept; of the list at the end the best is the decision. The output is always a
    codeword.

    Ties are decided for a fixed codeword that looks random, so that the all-zero word is not favoured. A
    frame is ``ok`` if not all of it is erased and its two best paths are not equally likely.

    Parameters
    ----------
    code
        A Reed-Muller code.
    list
        How many paths: a power of two up to 4096. Paths times n are at most 2^22.
    box_plus
        ``exact``, or ``min-sum``, an approximation of it and of the metric.

    Raises
    ------
    ValueError
        If the code is another one, or a parameter is outside its range.

    Examples
    --------
    >>> code = ReedMullerCode(r=1, m=3)
    >>> DumerDecoder(code).decode([-4.0, -4.0, 1.0, -4.0, 4.0, 4.0, 4.0, 4.0]).bits
    array([1, 0, 0, 0], dtype=uint8)
    """

    counts_ml_errors = True
    examples: ClassVar[Examples] = ({}, {"list": 4, "box_plus": "min-sum"})

    def __init__(self, code: Code, *, list: int = 1, box_plus: BoxPlus = "exact") -> None:
        super().__init__(code)
        assert isinstance(code, ReedMullerCode)
        check_box_plus(box_plus)
        paths = whole_number(list, "list")
        if not 1 <= paths <= MAX_LIST or paths & (paths - 1):
            raise ValueError(f"list must be a power of two from 1 to {MAX_LIST}, got {paths}")
        if paths * code.n > MAX_PLACES:
            raise ValueError(f"list must be at most {MAX_PLACES // code.n} for n = {code.n}, got {paths}")
        #: The parameters of these names.
        self.list, self.box_plus = paths, box_plus
        self._reed_muller = code
        self._signs = 1 - 2 * preferred_word(code)[0].astype(np.float32)
        self._operations = np.ascontiguousarray(_operations(code.r, code.m))

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes Reed-Muller codes."""
        if isinstance(code, ReedMullerCode):
            return None
        return f"dumer decodes Reed-Muller codes, not {code!r}: use {code.default_decoder}"

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = given.soft()
        exact = True if self.box_plus == "exact" else None
        if exact is None:
            llr = on_grid(llr, any_level=True, alone=True)
        words = np.zeros((len(llr), self.code.n), np.uint64)
        doubtful = np.zeros(len(llr), np.uint64)
        decode_paths(
            llr,
            given.frames,
            self._signs,
            self._operations,
            self._reed_muller.m,
            self.list,
            max(GROUP, self.list),
            exact,
            words,
            doubtful,
        )
        bits = self._reed_muller.information_words(words)
        return GroupResult(bits, frame_flags(~doubtful, given.frames) & ~all_erased(given))


@lru_cache(maxsize=1024)
def _operations(r: int, m: int) -> Indices:
    """What decoding RM(r, m) takes, see ``decode_paths``: int64 (operations, 4)."""
    r = min(r, m)
    if r == 0 or r == 1:
        return np.array([[LEAF, m, 0, 1 << m if r else 1]])
    left, right = _operations(r - 1, m - 1).copy(), _operations(r, m - 1).copy()
    left[left[:, 0] == LEAF, 3] |= 1 << 32 + m
    right[:, 2] += 1 << m - 1
    steps = [np.array([[kind, m, 0, 0]]) for kind in (LEFT, RIGHT, JOIN)]
    return np.concatenate([steps[0], left, steps[1], right, steps[2]])
