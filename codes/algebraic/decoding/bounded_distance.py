"""Bounded-distance decoding of BCH and Reed-Solomon codes, with errors and erasures.

F. J. MacWilliams and N. J. A. Sloane, "The Theory of Error-Correcting Codes", 1977, chapters 9 and 10; R. E.
Blahut, "Algebraic Codes for Data Transmission", 2003, chapter 7.
"""

from typing import ClassVar, get_args

import numpy as np
import numpy.typing as npt

from ....vectors.groups import (
    HARD,
    SOFT,
    GroupInput,
    Reads,
    Words,
    frame_flags,
    packed,
    packed_flags,
    unpacked,
)
from ...code import Code
from ...decoder import Decoder, GroupResult
from ...examples import Examples
from ...tie_breaking import BitStream, break_ties
from ..bch import BCHCode
from ..symbols.reed_solomon import ReedSolomonCode
from .erasure_kernels import choose_trial
from .one_by_one import Algorithm, BitsOneByOne, SymbolsOneByOne
from .sliced import SlicedBinary, SlicedSymbols


class BoundedDistanceDecoder(Decoder):
    """Finds the codeword within half the minimum distance that the roots give, and fails where there is none.

    With that distance d it corrects e errors and s erasures where 2 e + s < d, in symbols, which for a BCH
    code are bits. A word for which there is no such codeword is a failure: its information bits are handed
    out as they were received, and ``ok`` is False. One that comes too near to another codeword is decoded to
    it, a miscorrection, with ``ok``. Of several words that are interleaved each is decoded by itself.

    Parameters
    ----------
    code
        A BCH code, or a Reed-Solomon code.
    algorithm
        How errors are located: ``berlekamp-massey``, for many frames side by side; ``euclid`` (Sugiyama's
        algorithm) or ``pgz`` (Peterson, Gorenstein and Zierler: linear equations), frame by frame. All decide
        alike.
    erasures
        Whether bits with LLR 0 are taken as erased; else they are decided by coins. A symbol is erased if one
        of its bits is.
    erase_below
        Bits whose LLR is below this magnitude are taken as erased, too. The decoder then reads soft values.

    Raises
    ------
    ValueError
        If the code is another one, or a parameter is outside its range.
    """

    counts_failures = True
    examples: ClassVar[Examples] = (
        {},
        {"erase_below": 1.0},
        {"algorithm": "euclid"},
        {"algorithm": "pgz", "erasures": False},
    )

    def __init__(
        self,
        code: Code,
        *,
        algorithm: Algorithm = "berlekamp-massey",
        erasures: bool = True,
        erase_below: float | None = None,
    ) -> None:
        super().__init__(code)
        if algorithm not in get_args(Algorithm):
            raise ValueError(f"algorithm must be {' or '.join(get_args(Algorithm))}, got {algorithm!r}")
        if erase_below is not None and not (0 < erase_below < np.inf and erasures):
            raise ValueError(
                "erase_below must be a magnitude above 0, "
                + (f"got {erase_below}" if erasures else "and says nothing without erasures")
            )
        self._erasures, self._threshold = bool(erasures), erase_below
        self._engine: SlicedBinary | BitsOneByOne | SlicedSymbols | SymbolsOneByOne
        sliced = algorithm == "berlekamp-massey"
        if isinstance(code, ReedSolomonCode):
            if code.extended and not sliced:
                raise ValueError(f"algorithm must be berlekamp-massey for extended codes, got {algorithm!r}")
            self._by_word = SymbolsOneByOne(code, algorithm)
            alike = sliced and not code.extended and code.t > 0
            self._engine = SlicedSymbols(code) if alike else self._by_word
        else:
            assert isinstance(code, BCHCode)
            self._engine = SlicedBinary(code) if sliced else BitsOneByOne(code, algorithm)

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes BCH and Reed-Solomon codes."""
        if isinstance(code, BCHCode | ReedSolomonCode):
            return None
        return f"bounded-distance decodes BCH and Reed-Solomon codes, not {code!r}: use syndrome, ml or bp"

    @property
    def reads(self) -> Reads:
        """Hard values, or soft ones where bits are erased by a threshold."""
        return HARD if self._threshold is None else SOFT

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        self.check_given(given)
        hard, erased, open_ = self._decided(given)
        received = hard
        if open_ is not None:
            received = hard.copy()
            break_ties(received, open_, np.arange(self.code.n), given.frames, stream)
        if erased is None or not self._erasures or not erased.any():
            bits, ok = self._engine.correct(received, self.code.k)
        elif isinstance(self.code, BCHCode):
            bits, ok = self._two_trials(self.code, received, hard & ~erased, erased)
        else:
            bits, ok = self._by_words(received, erased, given.frames)
        return GroupResult(bits, frame_flags(ok, given.frames))

    def _decided(self, given: GroupInput) -> tuple[Words, Words | None, Words | None]:
        """The decisions, where bits are erased, and where no decision was received."""
        if given.llr is None:
            assert given.hard is not None
            return given.hard, given.erased, given.erased
        llr = given.llr
        assert self._threshold is not None
        erased, open_ = _packed_lanes(np.abs(llr) < self._threshold), _packed_lanes(llr == 0)
        return _packed_lanes(llr < 0), erased, open_

    def _two_trials(self, code: BCHCode, received: Words, hard: Words, erased: Words) -> tuple[Words, Words]:
        """Binary words with erasures: all of these set to 0, and to 1.

        In one of the trials at most half of the erasures are wrong. Of a codeword that is found, errors
        outside the erasures tell whether it is the one with 2 e + s < d.
        """
        d = code.designed_distance + (code.extended and code.designed_distance % 2)
        low, low_ok = self._engine.correct(hard, code.n)
        high, high_ok = self._engine.correct(hard | erased, code.n)
        bits, ok = np.empty((len(hard), code.k), np.uint64), np.empty(len(hard), np.uint64)
        choose_trial(received, hard, erased, low, low_ok, high, high_ok, d, bits, ok)
        return bits, ok

    def _by_words(self, received: Words, erased: Words, frames: int) -> tuple[Words, Words]:
        """Words of symbols: those with erasures are decoded one by one."""
        bits, ok = self._engine.correct(received, self.code.k)
        chosen = np.flatnonzero(frame_flags(np.bitwise_or.reduce(erased, axis=1), frames))
        found, good = self._by_word.correct_bits(
            unpacked(received, frames)[chosen], unpacked(erased, frames)[chosen] > 0
        )
        plain, flags = unpacked(bits, frames), frame_flags(ok, frames).copy()
        plain[chosen], flags[chosen] = found[:, : self.code.k], good
        return packed(plain), packed_flags(flags)


def _packed_lanes(flags: npt.NDArray[np.bool_]) -> Words:
    """Booleans of groups, (groups, n, 64), packed: uint64 (groups, n)."""
    bytes_ = np.packbits(flags, axis=2, bitorder="little")
    return bytes_.view("<u8")[..., 0].astype(np.uint64)
