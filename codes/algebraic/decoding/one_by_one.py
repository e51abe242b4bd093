"""Errors, and erasures, of words found one by one."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from ....vectors.groups import GROUP, Words, frame_flags, packed, packed_flags, unpacked
from ...code import Bits
from ..bch import BCHCode
from ..symbols.reed_solomon import ReedSolomonCode
from .key_equation_kernels import correct_words_by
from .scalar_kernels import correct_words
from .symbol_tables import SymbolTables

Algorithm = Literal["berlekamp-massey", "euclid", "pgz"]
Flags = npt.NDArray[np.bool_]


def _corrected(
    tables: SymbolTables, algorithm: Algorithm, words: npt.NDArray[np.int32], erased: Flags
) -> Flags:
    """Correct symbols, int32 (words, symbols), in place; where that worked."""
    ok = np.empty(len(words), np.bool_)
    if algorithm == "berlekamp-massey":
        correct_words(words, erased, tables.numbers, tables.tables, ok)
    else:
        correct_words_by(words, erased, tables.numbers, tables.tables, algorithm == "euclid", ok)
    return ok


class BitsOneByOne:
    """Bounded-distance decoding of a BCH code."""

    def __init__(self, code: BCHCode, algorithm: Algorithm) -> None:
        self._code, self._algorithm, self._tables = code, algorithm, SymbolTables.of_bits(code)

    def correct(self, words: Words, columns: int) -> tuple[Words, Words]:
        """The first columns of words, uint64 (groups, n), corrected, and where that worked, (groups)."""
        received = np.ascontiguousarray(unpacked(words, len(words) * GROUP))
        n = received.shape[1] - self._code.extended
        found = received.copy()
        inner = received[:, :n].astype(np.int32)
        ok = _corrected(self._tables, self._algorithm, inner, np.zeros(inner.shape, np.bool_))
        found[:, :n] = inner
        if not self._code.complete:
            left = self._code.remainders(packed(found))
            ok &= ~frame_flags(np.bitwise_or.reduce(left, axis=1), len(ok))
        if self._code.extended:
            # The overall parity, if it is wrong, is an error more.
            found[:, n] = np.bitwise_xor.reduce(found[:, :n], axis=1)
            ok &= (found != received).sum(axis=1) <= self._code.t
        found = np.where(ok[:, None], found, received)
        return packed(found[:, :columns]), packed_flags(ok)


class SymbolsOneByOne:
    """Bounded-distance decoding of a Reed-Solomon code."""

    def __init__(self, code: ReedSolomonCode, algorithm: Algorithm) -> None:
        self._code, self._algorithm, self._tables = code, algorithm, SymbolTables.of(code)

    def correct(self, words: Words, columns: int) -> tuple[Words, Words]:
        """The first columns of words, uint64 (groups, n), corrected, and where that worked, (groups)."""
        received = unpacked(words, len(words) * GROUP)
        found, ok = self.correct_bits(received, np.zeros(received.shape, np.bool_))
        return packed(found[:, :columns]), packed_flags(ok)

    def correct_bits(self, received: Bits, erased: Flags) -> tuple[Bits, Flags]:
        """Correct words of bits, (frames, n): a symbol is erased if one of its bits is.

        A word that cannot be corrected stays as it is, and its frame is not ok.
        """
        code, frames = self._code, len(received)
        symbols = code.symbols(received)
        lost: Flags = np.any(erased.reshape(frames, code.length, code.depth, code.symbol_bits), axis=3)
        each = np.ascontiguousarray(symbols).reshape(-1, code.length)
        good = _corrected(
            self._tables,
            self._algorithm,
            each,
            np.ascontiguousarray(lost.transpose(0, 2, 1)).reshape(each.shape),
        )
        ok: Flags = np.all(good.reshape(frames, code.depth), axis=1)
        return code.bits(each.reshape(symbols.shape)), ok
