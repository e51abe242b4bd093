"""The (8160,7136) code of CCSDS near the earth: 131.0-B-5, section 7.3."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ...vectors.batches import one_or_all
from ...vectors.groups import GroupInput, Words, frame_flags
from ..binary import gf2
from ..binary.xor_program import XorProgram
from ..code import Bits, Code, check_array
from ..composite import CompositeCode
from ..decoder import CompositeDecoder, Decoder, GroupResult
from ..encoded import EncodedLinearCode
from ..linear import read_only
from ..matching.rate_matched import LinearRateMatchedCode
from ..tie_breaking import BitStream
from .ldpc import LDPCCode
from .standards.ccsds import c2_parity_check

#: Bits of a block, blocks of information, bits that virtual fill leaves out, and zeros behind the word.
_BLOCK, _BLOCKS, _VIRTUAL, _FILL = 511, 14, 18, 2


def c2_code() -> LDPCCode:
    """The (8176,7156) code of the matrix."""
    return LDPCCode(c2_parity_check(), lifting_size=_BLOCK)


def c2_parities() -> Bits:
    """The parity bits of the first information bit of each of 14 blocks, uint8 (14, 1022).

    Those of the others in its block are shifts of them by blocks. The last bit of each of the two blocks is
    0, which chooses among the solutions of the 1022 checks, of rank 1020.
    """
    matrix = c2_parity_check().toarray()
    information = _BLOCKS * _BLOCK
    free = np.delete(np.arange(2 * _BLOCK), [_BLOCK - 1, 2 * _BLOCK - 1])
    reduced, _ = gf2.row_reduce(np.hstack([matrix[:, information + free], matrix[:, :information:_BLOCK]]))
    parities = np.zeros((_BLOCKS, 2 * _BLOCK), np.uint8)
    parities[:, free] = reduced[: len(free), len(free) :].T
    return parities


class ShortenedC2Code(CompositeCode, EncodedLinearCode):
    """The (8160,7136) code: a part of the (8176,7156) code, without 18 bits that are 0, and two zeros.

    The standard's encoder takes 7154 bits, of the 7156 that the checks leave: the other two are sums of them,
    and the generator matrix is made of circulants. The first 18 bits are virtual fill, 0 and not sent; behind
    the word two zeros are sent.
    """

    inner: LinearRateMatchedCode

    def __init__(self) -> None:
        inner = LinearRateMatchedCode(c2_code(), shorten=list(range(_VIRTUAL)))
        super().__init__(inner, n=inner.n + _FILL, k=inner.k - 2)
        self._systematic_set = inner.information_set[: self.k]

    @cached_property
    def _sums(self) -> XorProgram:
        """The two information bits of the inner code that the standard's encoder has no choice of."""
        shifted = c2_parities().reshape(_BLOCKS, 2, _BLOCK)[:, :, -np.arange(_BLOCK) % _BLOCK]
        return XorProgram.of_matrix(shifted.transpose(0, 2, 1).reshape(-1, 2)[_VIRTUAL:])

    def inner_words(self, words: Words) -> Words:
        """Information bits of the inner code: these, and the two sums."""
        return np.hstack([words, self._sums.apply_words(np.ascontiguousarray(words))])

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        sent = self.inner.encode_words(self.inner_words(words))
        return np.hstack([sent, np.zeros((len(words), _FILL), np.uint64)])

    def accepts(self, words: Words) -> Words:
        """Whether information bits of the inner code have these sums, for 64 frames a word."""
        sums = self._sums.apply_words(np.ascontiguousarray(words[:, : self.k]))
        accepted: Words = ~np.bitwise_or.reduce(sums ^ words[:, self.k :], axis=1)
        return accepted

    @property
    def systematic(self) -> bool:
        """True: the information bits are sent."""
        return True

    @property
    def information_set(self) -> gf2.Indices:
        """int64 (k): the first positions."""
        return self._systematic_set

    def information_bits(self, word: Any) -> Bits:
        """The information bits of codewords, (frames, k) from (frames, n); the inverse of ``encode``."""
        return one_or_all(word, self.check_bits(word, self.n, "word")[:, : self.k])

    def information_words(self, words: Words) -> Words:
        """``information_bits`` for 64 frames a word: uint64 (groups, k) from uint64 (groups, n)."""
        return np.ascontiguousarray(words[:, : self.k])

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """uint8 (checks, n): those of the inner code, of the two sums, and of the zeros."""
        inner, sums = self.inner, self._sums.matrix()
        checks = np.zeros((len(inner.parity_check_matrix) + 2 + _FILL, self.n), np.uint8)
        checks[: -2 - _FILL, : inner.n] = inner.parity_check_matrix
        checks[-2 - _FILL : -_FILL, : self.k] = sums.T
        own = inner.information_set[self.k :]
        checks[[-2 - _FILL, -1 - _FILL], own] = 1
        checks[np.arange(-_FILL, 0), np.arange(inner.n, self.n)] = 1
        return read_only(checks)

    def info(self) -> Mapping[str, Any]:
        """What is not sent, and what is known of the inner code."""
        return {"virtual fill": _VIRTUAL, "zeros behind the word": _FILL, **super().info()}

    def around(self, inner: Code) -> "ShortenedC2Code":
        """Itself: its inner code depends on nothing."""
        return self

    def decoder_around(self, decoder: Decoder) -> "ShortenedC2Decoder":
        """The decoder of this code that a decoder of the inner code becomes."""
        return ShortenedC2Decoder(self, decoder)


class ShortenedC2Decoder(CompositeDecoder):
    """Decodes the inner code and looks at the two sums; the zeros behind the word are not used.

    Parameters
    ----------
    code
        The (8160,7136) code.
    inner
        A decoder of its inner code.
    """

    code: ShortenedC2Code

    def inner_given(self, given: GroupInput) -> GroupInput:
        """Without the zeros behind the word."""
        return given.first(self.code.inner.n)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        result = self.inner.decode_groups(self.inner_given(given), stream)
        ok = result.ok & frame_flags(self.code.accepts(result.bits), given.frames)
        return result.of(lambda bits: np.ascontiguousarray(bits[:, : self.code.k]), ok)
