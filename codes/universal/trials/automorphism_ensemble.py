"""Decoding in several orders of the coded bits that leave a code the same; the likeliest word is taken.

M. Geiselhart, A. Elkelesh, M. Ebada, S. Cammerer and S. ten Brink, "Automorphism ensemble decoding of
Reed-Muller codes", 2021. For belief propagation on cyclic codes: T. R. Halford and K. M. Chugg, "Random
redundant iterative soft-in soft-out decoding", 2008; T. Hehn, J. B. Huber, O. Milenkovic and S. Laendner,
"Multiple-bases belief-propagation decoding of high-density cyclic codes", 2010.
"""

from dataclasses import replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ....vectors.groups import GROUP, GroupInput, Reads, Words, frame_flags, packed_flags
from ....vectors.llr_grid import on_grid
from ....vectors.whole_numbers import whole_number
from ...binary.gf2 import Indices
from ...code import Bits, Code
from ...decoder import Decoder, GroupResult
from ...linear import LinearCode
from ...tie_breaking import BitStream
from .choice_kernels import keep_likelier

#: Largest ensemble, longest code, and most entries of all permutations together.
MOST_MEMBERS, MAX_N, MOST_ENTRIES = 1024, 1 << 20, 1 << 23


@runtime_checkable
class TellsApart(Protocol):
    """A decoder that decides the same in some of the orders, and so chooses among the automorphisms."""

    def automorphisms(self, count: int, seed: int) -> Indices:
        """As ``LinearCode.automorphisms``: those that it tells apart, the code's own order first."""


@runtime_checkable
class FindsCodewords(Protocol):
    """A decoder that finds codewords, and information bits only of these."""

    def decode_codewords(self, given: GroupInput) -> GroupResult:
        """As ``Decoder.decode_groups``, with coded bits in the place of information bits."""


class EnsembleDecoder(Decoder):
    """Decodes each frame in several orders of its bits by another decoder, and takes the likeliest codeword.

    The orders are automorphisms of the code: permutations under which its words stay its words. The first is
    the code's own.

    Parameters
    ----------
    code
        A linear code with automorphisms that are known.
    decoder
        The decoder of each order.
    ensemble
        How often each frame is decoded, 1 to 1024.
    seed
        The automorphisms are drawn with it; from 0 on.

    Raises
    ------
    ValueError
        If no automorphisms of the code are known, or fewer than ``ensemble``, the decoder is one of another
        code, or a parameter is outside its range.
    """

    counts_ml_errors = True
    code: LinearCode

    def __init__(self, code: Code, *, decoder: Decoder, ensemble: int, seed: int) -> None:
        super().__init__(code)
        assert isinstance(code, LinearCode)
        #: The parameters of these names.
        self.decoder = decoder
        self.ensemble, self.seed = whole_number(ensemble, "ensemble"), whole_number(seed, "seed")
        if decoder.code is not code:
            raise ValueError(f"decoder must be a decoder of {code!r}, got {decoder!r}")
        if decoder.counted_iterations:
            raise ValueError("decoder must leave out count: the iterations of several orders are none of one")
        most = min(MOST_MEMBERS, MOST_ENTRIES // code.n)
        if not 1 <= self.ensemble <= most:
            raise ValueError(f"ensemble must lie in 1 to {most} for n = {code.n}, got {ensemble}")
        if self.seed < 0:
            raise ValueError(f"seed must not be negative, got {seed}")
        chooses = isinstance(decoder, TellsApart)
        source: Any = decoder if chooses else code
        permutations: Indices = source.automorphisms(self.ensemble, self.seed)
        if len(permutations) < self.ensemble:
            apart = f", and {type(decoder).__name__} does not tell others apart" if chooses else ""
            raise ValueError(
                f"ensemble must be at most {len(permutations)} for this code: so many of its "
                f"automorphisms are known{apart}; got {ensemble}"
            )
        self._permutations = permutations
        self._finds_codewords = decoder if isinstance(decoder, FindsCodewords) else None
        self.counters, self.counts_failures = decoder.counters, decoder.counts_failures
        self.lacks = decoder.lacks

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes of which automorphisms are known."""
        if not isinstance(code, LinearCode):
            return f"automorphism decodes linear codes, not {code!r}"
        if code.n > MAX_N:
            return f"automorphism takes codes up to n = 2^20, not {code!r}: use {code.default_decoder}"
        if code.automorphisms(1, 0) is not None:
            return None
        return (
            f"automorphism knows no automorphisms of {code!r}, as of cyclic and decreasing monomial codes: "
            f"use {code.default_decoder}"
        )

    @property
    def reads(self) -> Reads:
        """What the decoder of each order reads."""
        return self.decoder.reads

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        llr = on_grid(given.soft().astype(np.float32, copy=False), any_level=True, alone=True)
        sure, doubtful = _Likeliest(llr), _Likeliest(llr)
        coins = None if stream is None else _Coins(stream)
        iterations: npt.NDArray[np.int32] | None = None
        counters = {name: np.zeros(given.frames, np.int32) for name in self.counters}
        for permutation in self._permutations:
            found = self._codewords(_permuted(given, permutation), coins)
            words = np.empty_like(found.bits)
            words[:, permutation] = found.bits
            ok = packed_flags(found.ok)
            sure.add(words, ok)
            doubtful.add(words, ~ok)
            if found.iterations is not None:
                iterations = found.iterations if iterations is None else iterations + found.iterations
            for name, counted in found.counters.items():
                counters[name] += counted
            if coins is not None:
                coins.rewind()
        ok = packed_flags(sure.costs <= doubtful.costs)
        words = doubtful.words ^ (doubtful.words ^ sure.words) & ok[:, None]
        bits = self.code.information_words(words)
        return GroupResult(bits, frame_flags(ok, given.frames), iterations, counters)

    def _codewords(self, given: GroupInput, stream: BitStream | None) -> GroupResult:
        """What is decoded in one order, as coded bits."""
        if self._finds_codewords is not None:
            return self._finds_codewords.decode_codewords(given)
        found = self.decoder.decode_groups(given, stream)
        return replace(found, bits=self.code.encode_words(found.bits))


class _Likeliest:
    """The likeliest of the words added so far, uint64 (groups, n), and its cost, float32 (groups, 64)."""

    def __init__(self, llr: npt.NDArray[np.float32]) -> None:
        self._llr = llr
        self.words = np.zeros(llr.shape[:2], np.uint64)
        self.costs = np.full((len(llr), GROUP), np.inf, np.float32)
        self._tied = np.zeros(len(llr), np.uint64)

    def add(self, words: Words, allowed: Words) -> None:
        """One word for each frame, where ``allowed``, uint64 (groups), has its bit."""
        if allowed.any():
            keep_likelier(self._llr, words, allowed, self.costs, self.words, self._tied)


class _Coins:
    """The bits of a stream from the same one on in each order.

    They are drawn for all frames at once. So in which order a frame has ties must not decide which bits
    another frame takes in a later order.
    """

    #: A stream takes whole words of so many bits.
    STEP = 32

    def __init__(self, stream: BitStream) -> None:
        self._stream, self._next = stream, 0
        self._drawn: Bits | None = None

    def rewind(self) -> None:
        """Go back to the first bit."""
        self._next = 0

    def bits(self, m: int) -> Bits:
        """Fair bits, uint8 (frames, m)."""
        first, end = self._next, self._next + -(-m // self.STEP) * self.STEP
        if self._drawn is None:
            self._drawn = self._stream.bits(end)
        elif end > self._drawn.shape[1]:
            self._drawn = np.hstack([self._drawn, self._stream.bits(end - self._drawn.shape[1])])
        self._next = end
        return self._drawn[:, first : first + m]


def _permuted(given: GroupInput, permutation: Indices) -> GroupInput:
    """What was received, with its positions in another order."""

    def moved(part: Any) -> Any:
        return None if part is None else np.take(part, permutation, axis=1)

    return GroupInput(given.frames, moved(given.llr), moved(given.hard), moved(given.erased))
