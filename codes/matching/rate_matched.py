"""Codes of which some bits are not sent, or sent more than once, and their decoders.

Puncturing and shortening: MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, section 1.9.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ...vectors.group_kernels import GROUP, MESSAGE_MAX
from ...vectors.groups import GroupInput, Words, frame_flags
from ...vectors.llr_grid import on_grid
from ..binary import gf2
from ..binary.sparse_encoder import SparseEncoder
from ..binary.xor_program import XorProgram
from ..code import Bits, Code, check_array
from ..composite import CompositeCode
from ..decoder import Check, CompositeDecoder, Decoder, GroupResult, LinearCheck
from ..linear import LinearCode, read_only
from ..tie_breaking import BitStream
from .matching_kernels import dematch_hard, dematch_soft
from .positions import Columns, column_numbers

Indices = gf2.Indices

#: Largest generator matrix, in entries, that is reduced to see whether puncturing loses information bits.
MOST_TRIED = 1 << 24


class RateMatchedCode(CompositeCode):
    """A code, its mother code, of which some bits are not sent and some are sent more than once.

    First come the mother code's bits that are not left out, in their order, then those that are repeated;
    with ``sent``, the order is its own.

    Parameters
    ----------
    inner
        The mother code.
    puncture
        Coded bits that are not sent: numbers, ranges and block columns, see ``positions.column_numbers``.
    shorten
        Information bits that are always 0, and not sent; of a linear code that sends each of them. They do
        not count in k.
    repeat
        Coded bits that are sent once more, as often as each is named.
    sent
        All coded bits that are sent, in their order, as often as each is named: in the place of ``puncture``
        and ``repeat``.
    known
        Coded bits that are 0 in every codeword, and not sent.

    Raises
    ------
    ValueError
        If a bit does not exist, or is punctured and repeated or left out too, if too few are left, if bits
        are to be left out of a mother code that is not linear and systematic, or if ``sent`` is given beside
        ``puncture`` or ``repeat``.
    """

    def __init__(
        self,
        inner: Code,
        *,
        puncture: Columns = (),
        shorten: Columns = (),
        repeat: Columns = (),
        sent: Columns | Indices | None = None,
        known: Columns | Indices = (),
    ) -> None:
        self._arguments: dict[str, Any] = {
            "puncture": puncture,
            "shorten": shorten,
            "repeat": repeat,
            "sent": sent,
            "known": known,
        }
        left_out = np.unique(_numbers(shorten, inner.k, None, "shorten", "information bit"))
        if len(left_out) == inner.k:
            raise ValueError("shorten leaves no information bit")
        zero = np.union1d(
            _positions_of(inner, left_out), _numbers(known, inner.n, None, "known", "coded bit")
        )
        if sent is None:
            order = _without_and_again(inner, puncture, repeat, zero)
        else:
            order = _in_order(inner, sent, puncture, repeat, zero)
        #: int64, ascending: which of the mother code's bits are sent at all.
        self._once: Indices
        #: int64: the first place of each of these.
        self._first: Indices
        self._once, self._first = np.unique(order, return_index=True)
        if len(self._once) < inner.k - len(left_out):
            raise ValueError(
                f"{'puncture' if sent is None else 'sent'} leaves {len(self._once)} bits to send "
                f"{inner.k - len(left_out)} information bits"
            )
        super().__init__(inner, n=len(order), k=inner.k - len(left_out))
        #: int64 (n): the number that each bit has among the mother code's.
        self.sent: Indices = order
        #: int64: the mother code's coded bits that are 0 and not sent, ascending.
        self.known: Indices = zero
        #: int64 (k): which information bits of the mother code are those of this one.
        self.informative: Indices = gf2.others(inner.k, left_out)

    @property
    def punctured(self) -> Indices:
        """The mother code's coded bits of which nothing is known, int64, ascending."""
        return gf2.others(self.inner.n, np.union1d(self.sent, self.known))

    def inner_words(self, words: Words) -> Words:
        """Information bits of the mother code, packed, from those of this code."""
        if len(self.informative) == self.inner.k:
            return words
        whole = np.zeros((len(words), self.inner.k), np.uint64)
        whole[:, self.informative] = words
        return whole

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        return np.take(self.inner.encode_words(self.inner_words(words)), self.sent, axis=1)

    def around(self, inner: Code) -> "RateMatchedCode":
        """The same matching of another mother code."""
        return type(self)(inner, **self._arguments)

    def decoder_around(self, decoder: Decoder) -> "DematchingDecoder":
        """The decoder of this code that a decoder of the mother code becomes."""
        return DematchingDecoder(self, decoder)


def _without_and_again(inner: Code, puncture: Columns, repeat: Columns, known: Indices) -> Indices:
    """The bits that are sent: all but those that are punctured or known, then those that are repeated."""
    size = getattr(inner, "lifting_size", None)
    punctured = np.unique(_numbers(puncture, inner.n, size, "puncture", "coded bit"))
    again = _numbers(repeat, inner.n, size, "repeat", "coded bit")
    for name, other in (("puncture", punctured), ("repeat", again)):
        _refuse_known(name, other, known)
    both = np.intersect1d(again, punctured)
    if len(both):
        raise ValueError(f"repeat names bit {both[0]}, which is punctured")
    return np.concatenate([gf2.others(inner.n, np.union1d(punctured, known)), again])


def _in_order(
    inner: Code, sent: Columns | Indices, puncture: Columns, repeat: Columns, known: Indices
) -> Indices:
    """The bits that are sent, named one by one."""
    for name, other in (("puncture", puncture), ("repeat", repeat)):
        if len(other):
            raise ValueError(f"{name} says nothing beside sent, which names all bits that are sent")
    order = _numbers(sent, inner.n, getattr(inner, "lifting_size", None), "sent", "coded bit")
    _refuse_known("sent", order, known)
    return order


def _refuse_known(name: str, numbers: Indices, known: Indices) -> None:
    both = np.intersect1d(numbers, known) if len(known) else known
    if len(both):
        raise ValueError(f"{name} names bit {both[0]}, which shorten leaves out")


def _numbers(columns: Columns | Indices, n: int, lifting_size: int | None, name: str, what: str) -> Indices:
    if isinstance(columns, np.ndarray):
        numbers = columns.ndim == 1 and columns.dtype.kind in "iu"
        if numbers and ((columns >= 0) & (columns < n)).all():  # there may be millions
            return np.array(columns, np.int64)
    given: Columns = columns.tolist() if isinstance(columns, np.ndarray) else columns
    return np.array(column_numbers(given, n, lifting_size, name=name, what=what), np.int64)


def _positions_of(code: Code, information_bits: Indices) -> Indices:
    """Where a code sends information bits, ascending; raises ValueError if it does not."""
    if len(information_bits) == 0:
        return information_bits
    if not isinstance(code, LinearCode) or not code.systematic:
        raise ValueError(f"shorten needs a code that sends its information bits, not {code!r}")
    return np.sort(code.information_set[information_bits])


class LinearRateMatchedCode(RateMatchedCode, LinearCode):
    """A rate-matched code whose mother code is linear; so it is linear itself.

    Raises
    ------
    ValueError
        Beside what ``RateMatchedCode`` raises: if two codewords would differ in punctured bits alone. Of a
        mother code with a long generator matrix, over 2^24 entries, ``information_set`` raises it.
    """

    inner: LinearCode

    def __init__(
        self,
        inner: LinearCode,
        *,
        puncture: Columns = (),
        shorten: Columns = (),
        repeat: Columns = (),
        sent: Columns | Indices | None = None,
        known: Columns | Indices = (),
    ) -> None:
        super().__init__(inner, puncture=puncture, shorten=shorten, repeat=repeat, sent=sent, known=known)
        if self._has_checks or self.k * self.n <= MOST_TRIED:
            self.information_set  # noqa: B018  # raises if there is none

    @cached_property
    def information_set(self) -> Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic.

        Raises ValueError if two codewords differ in punctured bits alone.
        """
        inner, sent = self.inner, self._once
        if len(self.punctured) == 0:
            chosen = np.setdiff1d(inner.information_set, self.known)
        elif self._sends_information:
            chosen = inner.information_set[self.informative]
        elif self._has_checks:
            chosen = self._unknown[self._sparse_encoder().information_set]
        else:
            chosen = sent[gf2.row_reduce(self._generator(sent))[1]]
        if len(chosen) < self.k or not np.isin(chosen, sent).all():
            raise ValueError("puncture leaves two codewords that differ in no transmitted bit")
        return self._first[np.searchsorted(sent, chosen)]

    @property
    def _has_checks(self) -> bool:
        """Whether the mother code was made of parity checks, which are sparse where that counts."""
        return self.inner._checks is not None

    @property
    def _sends_information(self) -> bool:
        """Whether all information bits are sent, of a mother code whose ranks would take a matrix."""
        inner = self.inner
        if self._has_checks or not inner.systematic:
            return False
        return bool(np.isin(inner.information_set[self.informative], self._once).all())

    @property
    def _unknown(self) -> Indices:
        """The mother code's coded bits that are not known, int64, ascending."""
        return gf2.others(self.inner.n, self.known)

    def takes_whole(self, make: Any) -> bool:
        """Universal decoders, and those that decide by the words alone, if they take this code."""
        return super().takes_whole(make) or (getattr(make, "by_words", False) and make.refusal(self) is None)

    def _sparse_encoder(self) -> SparseEncoder:
        """The encoder of the shortened mother code with its information bits among those that are sent.

        For mother codes whose checks are known. Its positions are those of ``_unknown``.
        """
        assert self.inner._checks is not None
        unknown = self._unknown
        return SparseEncoder(self.inner._checks[:, unknown], np.searchsorted(unknown, self.punctured))

    def _generator(self, columns: Indices) -> Bits:
        gf2.check_size((self.k, len(columns)), "the generator matrix")
        return np.ascontiguousarray(self.inner.generator_matrix[self.informative][:, columns])

    @cached_property
    def generator_matrix(self) -> Bits:
        """uint8 (k, n), of full rank: the codeword of u is u G.

        Raises ValueError if it, or the mother code's, would have over 2^30 entries.
        """
        return read_only(self._generator(self.sent))

    @cached_property
    def systematic(self) -> bool:
        """Whether the bits at ``information_set`` are the information bits."""
        if self.inner.systematic:
            own = self.inner.information_set[self.informative]
            return np.array_equal(self.sent[self.information_set], own)
        return super().systematic

    @cached_property
    def _unencoder(self) -> XorProgram:
        if not self._has_checks or not self.inner.systematic:
            return super()._unencoder
        # Encode what was sent anew, and look where the information bits are in the mother code.
        own = self.inner.information_set[self.informative]
        return self._sparse_encoder().program().with_outputs(np.searchsorted(self._unknown, own))


@dataclass(frozen=True, eq=False)
class _CheckOfSome:
    """A check on some of the information bits."""

    check: Check
    informative: Indices

    def accepts(self, words: Words) -> Words:
        return self.check.accepts(np.take(words, self.informative, axis=1))


@dataclass(frozen=True, eq=False)
class _LinearCheckOfSome(_CheckOfSome):
    """The same, linear."""

    check: LinearCheck

    def syndromes(self, words: Words) -> Words:
        return self.check.syndromes(np.take(words, self.informative, axis=1))


class DematchingDecoder(CompositeDecoder):
    """Decodes a rate-matched code by a decoder of its mother code.

    That is given the sum of the LLRs of each of its bits: 0 where it is punctured, and the largest magnitude
    where it is known to be 0, which is 16384 in float32. In fixed point sums saturate at the largest
    magnitude, after each addition. A decoder that reads hard values is given the majority of them: an
    erasure where the bit is punctured, or as many are 0 as are 1. A frame in which it decides a bit as 1
    that is known to be 0 is not ``ok``.

    Parameters
    ----------
    code
        A rate-matched code.
    inner
        A decoder of its mother code.
    """

    code: RateMatchedCode

    def __init__(self, code: RateMatchedCode, inner: Decoder) -> None:
        super().__init__(code, inner)
        order = np.argsort(code.sent, kind="stable")
        counts = np.bincount(code.sent, minlength=code.inner.n)
        self._start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        self._sources = order.astype(np.int32)
        self._known = np.zeros(code.inner.n, np.bool_)
        self._known[code.known] = True

    def with_check(self, check: Check) -> "DematchingDecoder":
        """The same with a decoder of the mother code that knows of a check on the bits that are sent."""
        code = self.code
        if len(code.informative) < code.inner.k:
            if isinstance(check, LinearCheck):
                check = _LinearCheckOfSome(check, code.informative)
            else:
                check = _CheckOfSome(check, code.informative)
        return DematchingDecoder(code, self.inner.with_check(check))

    def dematched(self, given: GroupInput) -> GroupInput:
        """What the decoder of the mother code is given, of what this one is."""
        m = self.code.inner.n
        if given.llr is not None:
            reads, llr = self.reads, given.llr
            if llr.dtype == np.float32 and self._known.any():
                # Beside the largest magnitude those of a grid would not be seen as such.
                llr = on_grid(llr, any_level=True, alone=True)
            kind = llr.dtype.type
            assert reads.limit is not None
            limit = kind(reads.limit)
            certain = limit if np.isfinite(limit) else MESSAGE_MAX
            out = np.empty((len(llr), m, GROUP), llr.dtype)
            dematch_soft(llr, self._start, self._sources, self._known, kind(-limit), limit, certain, out)
            return GroupInput(given.frames, llr=out)
        hard = given.hard
        assert hard is not None
        erased = hard[:0] if given.erased is None else given.erased
        ones, undecided = np.empty((len(hard), m), np.uint64), np.empty((len(hard), m), np.uint64)
        found = dematch_hard(hard, erased, self._start, self._sources, self._known, ones, undecided)
        return GroupInput(given.frames, hard=ones, erased=undecided if found else None)

    def inner_given(self, given: GroupInput) -> GroupInput:
        """``dematched``."""
        return self.dematched(given)

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        result = self.inner.decode_groups(self.dematched(given), stream)
        informative, k = self.code.informative, self.code.inner.k
        if len(informative) == k:
            return result
        wrong = np.bitwise_or.reduce(result.bits[:, gf2.others(k, informative)], axis=1)
        ok = result.ok & ~frame_flags(wrong, given.frames)
        return result.of(lambda bits: np.take(bits, informative, axis=1), ok)
