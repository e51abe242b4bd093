"""Bounded-distance decoding of BCH codes (MacWilliams and Sloane, 1977, chapter 9)."""

from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import HARD, GroupInput, Words, frame_flags
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...fields.field_type_kernels import KernelField
from ...tie_breaking import BitStream, break_ties
from ..bch import BCHCode
from .binary_kernels import correct_binary
from .slice_tables import map_taps, search_taps


class _SlicedBinary:
    """Berlekamp and Massey's algorithm for a binary BCH code, 512 frames side by side."""

    def __init__(self, code: BCHCode) -> None:
        field, step, b = code.field, code.root_step, code.first_root
        roots = 2 * code.t + (code.designed_distance % 2 == 0)
        narrow = b == 1 and roots % 2 == 0
        self._stride = 2 if narrow else 1
        #: Only then do conjugate syndromes tell that errors have the value 1.
        self._verify = b > 1
        self._code, self._field = code, KernelField(field.m, field.polynomial, step)
        halves = [(b + j) // 2 - b if (b + j) % 2 == 0 else -1 for j in range(roots)]
        self._squares = np.array([half if 0 <= half < j else -1 for j, half in enumerate(halves)], np.int32)
        direct = b + np.flatnonzero(self._squares < 0)
        powers = field.power(step * np.multiply.outer(direct, np.arange(code.degree)[::-1]))
        bits = powers[:, None, :] >> np.arange(field.m)[:, None] & 1
        self._map = map_taps(bits.reshape(-1, code.degree))
        self._begin, self._advance = search_taps(field, step, code.shorten + 1, code.t)

    def correct(self, words: Words, columns: int) -> tuple[Words, Words]:
        """The first columns of words, uint64 (groups, n), corrected, and where that worked, (groups)."""
        code = self._code
        remainders, parity = np.empty((len(words), code.degree), np.uint64), words[:0, 0].copy()
        code.register.remainders(words, code.k, remainders)
        remainders ^= words[:, code.k : code.k + code.degree]
        if code.extended:
            parity = np.bitwise_xor.reduce(words, axis=1)
        out = np.empty((len(words), code.n if self._verify else columns), np.uint64)
        ok = np.empty(len(words), np.uint64)
        correct_binary(
            self._field,
            remainders,
            parity,
            code.k + code.degree,
            code.t,
            len(self._squares),
            self._stride,
            self._map,
            self._squares,
            self._begin,
            self._advance,
            words,
            out,
            ok,
        )
        if self._verify:
            left = np.empty_like(remainders)
            code.register.remainders(out, code.k, left)
            left ^= out[:, code.k : code.k + code.degree]
            ok &= ~np.bitwise_or.reduce(left, axis=1)
            out = words[:, :columns] ^ ((out ^ words)[:, :columns] & ok[:, None])
        return out, ok


class BoundedDistanceDecoder(Decoder):
    """Corrects up to t errors of a BCH code, and fails where no codeword is within that distance."""

    reads = HARD
    examples: ClassVar[Examples] = ({},)

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        assert isinstance(code, BCHCode)
        self._engine = _SlicedBinary(code)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes BCH codes."""
        if not isinstance(code, BCHCode):
            return f"bounded-distance decodes BCH codes, not {code!r}"
        return None

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        assert given.hard is not None
        words = given.hard
        if given.erased is not None:
            words = words.copy()
            break_ties(words, given.erased, np.arange(self.code.n), given.frames, stream)
        bits, ok = self._engine.correct(words, self.code.k)
        return GroupResult(bits, frame_flags(ok, given.frames))
