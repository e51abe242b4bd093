"""Codes with a cyclic redundancy check: Peterson and Brown, "Cyclic codes for error detection", 1961."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from ...vectors.batches import one_or_all
from ...vectors.groups import GROUP, GroupInput, Words, frame_flags, groups_of, packed, unpacked
from ..binary import gf2
from ..binary.division import FeedbackRegister
from ..bit_channels import BitChannels
from ..code import Bits, Code, Redundancy, check_array
from ..composite import CompositeCode
from ..decoder import CompositeDecoder, Decoder, GroupResult
from ..encoded import EncodedLinearCode
from ..linear import LinearCode, read_only
from ..tie_breaking import BitStream


class CRCCode(CompositeCode):
    """Information bits with a cyclic redundancy check behind them, in the information bits of another code.

    With u(x) the information bits, the first the highest coefficient, the check bits are the remainder of
    u(x) x^bits by the polynomial. k is that of the inner code less the check bits.

    Parameters
    ----------
    inner
        The inner code.
    bits
        The degree of the polynomial.
    polynomial
        Its coefficients without the leading one as a number: bit i is that of x^i. Bit 0 is 1.

    Raises
    ------
    ValueError
        If the inner code has no information bits left, or the polynomial no constant term or a higher degree.
    """

    def __init__(self, inner: Code, *, bits: int, polynomial: int) -> None:
        if polynomial % 2 == 0 or polynomial >> bits:
            raise ValueError(f"polynomial must be odd and have {bits} bits, got {polynomial:#x}")
        if bits >= inner.k:
            raise ValueError(
                f"code must have more information bits than the {bits} of the check, {inner!r} has {inner.k}"
            )
        super().__init__(inner, n=inner.n, k=inner.k - bits)
        if inner.redundancy is not None:
            self.redundancy = Redundancy(inner.redundancy.order, self._of_versions)
        self.check_count, self.polynomial = bits, polynomial
        self._register = FeedbackRegister.of_polynomial(1 << bits | polynomial)

    def info(self) -> Mapping[str, Any]:
        """The check, and what is known of the inner code."""
        written = f"0x{self.polynomial:0{-(-self.check_count // 4)}X}"
        return {"check bits": self.check_count, "check polynomial": written, **super().info()}

    def checks_of(self, words: Words) -> Words:
        """The check bits of information bits, both packed: uint64 (groups, bits) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        found = np.empty((len(words), self.check_count), np.uint64)
        self._register.remainders(words, self.k, found)
        return found

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        return self.inner.encode_words(self.inner_words(words))

    def inner_words(self, words: Words) -> Words:
        """Information bits of the inner code: these, and the check bits."""
        message = np.empty((len(words), self.inner.k), np.uint64)
        message[:, : self.k] = words
        self._register.remainders(message, self.k, message, self.k)
        return message

    def accepts(self, words: Words) -> Words:
        """Whether information bits of the inner code pass the check, for 64 frames a word.

        uint64 (groups), a bit for each frame, from uint64 (groups, k of the inner code).
        """
        accepted: Words = ~np.bitwise_or.reduce(self.syndromes(words), axis=1)
        return accepted

    def around(self, inner: Code) -> "CRCCode":
        """The same check in another inner code."""
        return type(self)(inner, bits=self.check_count, polynomial=self.polynomial)

    def bit_channels(self, channel: Any) -> BitChannels:
        """Those of the inner code, whose bits are sent."""
        return self.inner.bit_channels(channel)

    def _of_versions(self, versions: tuple[int, ...]) -> "CRCCode":
        return self.around(self.inner.transmissions(versions))

    def decoder_around(self, decoder: Decoder) -> "CheckedDecoder":
        """The decoder of this code that a decoder of the inner code becomes."""
        return CheckedDecoder(self, decoder.with_check(self))

    def syndromes(self, words: Words) -> Words:
        """Check bits received less those that belong to the information bits received, both packed.

        uint64 (groups, bits), from uint64 (groups, k of the inner code); 0 where the check is passed.
        """
        check_array(words, np.uint64, "groups", self.inner.k, "words")
        found = np.empty((len(words), self.check_count), np.uint64)
        self._register.remainders(words, self.k, found)
        found ^= words[:, self.k :]
        return found


class LinearCRCCode(CRCCode, EncodedLinearCode):
    """The same where the inner code is linear: a linear code, a part of the inner one."""

    inner: LinearCode

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """uint8 (checks, n): the checks of the inner code, then those of the CRC.

        Raises ValueError if it would have over 2^30 entries.
        """
        gf2.check_size((self.n, self.n), "the parity-check matrix")
        position = np.arange(self.n)
        single = np.zeros((groups_of(self.n), self.n), np.uint64)  # words with a single 1, packed
        single[position // GROUP, position] = np.uint64(1) << (position % GROUP).astype(np.uint64)
        own = [frame_flags(check, self.n) for check in self.syndromes(self.inner.information_words(single)).T]
        return read_only(np.vstack([self.inner.parity_check_matrix, *own]))

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        if self.inner.systematic:
            return self.inner.information_set[: self.k]
        return super().information_set

    @cached_property
    def systematic(self) -> bool:
        """Whether the bits at ``information_set`` are the information bits."""
        return self.inner.systematic or super().systematic

    def information_bits(self, word: Any) -> Bits:
        """The information bits of codewords, (frames, k) from (frames, n); the inverse of ``encode``."""
        batch = self.check_bits(word, self.n, "word")
        return one_or_all(word, self.inner.information_bits(batch)[:, : self.k])

    def information_words(self, words: Words) -> Words:
        """``information_bits`` for 64 frames a word: uint64 (groups, k) from uint64 (groups, n)."""
        return np.ascontiguousarray(self.inner.information_words(words)[:, : self.k])

    def syndrome(self, word: Any) -> Bits:
        """The syndromes c H^T over GF(2): uint8 (frames, checks); zero exactly for codewords."""
        batch = self.check_bits(word, self.n, "word")
        own = unpacked(self.syndromes(packed(self.inner.information_bits(batch))), len(batch))
        return one_or_all(word, np.hstack([self.inner.syndrome(batch), own]))


class CheckedDecoder(CompositeDecoder):
    """Decodes the inner code and then looks at the check: a frame is ``ok`` exactly if that is fulfilled.

    Parameters
    ----------
    code
        A code with a cyclic redundancy check.
    inner
        A decoder of its inner code.
    """

    code: CRCCode

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        result = self.inner.decode_groups(given, stream)
        ok = frame_flags(self.code.accepts(result.bits), given.frames)
        return result.of(lambda bits: np.ascontiguousarray(bits[:, : self.code.k]), ok)
