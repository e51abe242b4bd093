"""Errors of many words found side by side, one bit of 512 words in a cell."""

import numpy as np

from ....vectors.groups import Words
from ...fields.field_type_kernels import ROOT_REACH, VALUE_REACH, KernelField
from ..bch import BCHCode
from ..symbols.reed_solomon import ReedSolomonCode
from .binary_kernels import correct_binary
from .slice_tables import map_taps, pair_taps, search_taps
from .symbol_kernels import correct_symbols


class SlicedBinary:
    """Berlekamp and Massey's algorithm for a binary BCH code, 512 frames side by side."""

    def __init__(self, code: BCHCode) -> None:
        field, step, b = code.field, code.root_step, code.first_root
        roots = code.designed_roots
        narrow = b == 1 and roots % 2 == 0
        self._stride = 2 if narrow else 1
        # From 1 or 0 on conjugate syndromes tell that errors have the value 1.
        self._verify = b > 1 or not code.complete
        self._code, self._field = code, KernelField(field.m, field.polynomial, step)
        halves = [(b + j) // 2 - b if (b + j) % 2 == 0 else -1 for j in range(roots)]
        self._squares = np.array([half if 0 <= half < j else -1 for j, half in enumerate(halves)], np.int32)
        direct = b + np.flatnonzero(self._squares < 0)
        powers = field.power(step * np.multiply.outer(direct, np.arange(code.degree)[::-1]))
        bits = powers[:, None, :] >> np.arange(field.m)[:, None] & 1
        self._map = map_taps(bits.reshape(-1, code.degree))
        self._begin, self._advance = search_taps(
            field, step, code.shorten + 1, ROOT_REACH, np.arange(code.t + 1)
        )

    def correct(self, words: Words, columns: int) -> tuple[Words, Words]:
        """The first columns of words, uint64 (groups, n), corrected, and where that worked, (groups)."""
        code = self._code
        remainders, parity = code.remainders(words), words[:0, 0].copy()
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
            ok &= ~np.bitwise_or.reduce(code.remainders(out), axis=1)
            out = words[:, :columns] ^ ((out ^ words)[:, :columns] & ok[:, None])
        return out, ok


class SlicedSymbols:
    """The same for a Reed-Solomon code that is not extended, 512 words side by side."""

    def __init__(self, code: ReedSolomonCode) -> None:
        field, step, b, m = code.field, code.spacing, code.first_root, code.symbol_bits
        count, symbols = code.root_count, code.length
        self._code, self._field, self._t = code, KernelField(m, field.polynomial, step), count // 2
        self._count = count
        # An evaluator's values belong to the first roots 0 and, times x, 1; to others by a factor.
        self._later = int(b != 0)
        exponents = field.log[code.roots].astype(np.int64)
        powers = field.power(exponents[:, None] * np.arange(count)[::-1])  # (root, symbol of the remainder)
        values = field.multiply(powers[..., None], code.basis)  # of each bit that is sent
        bits = values[:, None] >> np.arange(m)[:, None, None] & 1
        self._map = map_taps(bits.reshape(count * m, count * m))
        terms = np.concatenate([np.arange(self._t + 1), np.arange(self._t) + self._later])
        self._begin, self._advance = search_taps(field, step, 1 - symbols, VALUE_REACH, terms)
        self._scales = np.empty((0, m, (m + 1) // 2), np.uint8)
        if b > 1 or code.dual_basis:
            places = field.log[code.locators].astype(np.int64)
            factors = field.power(places * (1 - b) if b else 0 * places)
            images = field.multiply(factors[:, None], field.power(np.arange(m)[::-1]))
            self._scales = pair_taps(code.coordinates(images).swapaxes(1, 2).astype(np.int64))

    def correct(self, words: Words, columns: int) -> tuple[Words, Words]:
        """The first columns of words, uint64 (groups, n), corrected, and where that worked, (groups)."""
        code, m = self._code, self._code.symbol_bits
        each = words_apart(words, code)
        sent, parity = code.dimension * m, code.root_count * m
        remainders = np.empty((len(each), parity), np.uint64)
        code.register.remainders(each, sent, remainders)
        remainders ^= each[:, sent:]
        out = np.empty((len(each), columns // code.depth), np.uint64)
        ok = np.empty(len(each), np.uint64)
        correct_symbols(
            self._field,
            remainders,
            self._t,
            self._count,
            self._later,
            self._map,
            self._begin,
            self._advance,
            self._scales,
            each,
            out,
            ok,
        )
        good = np.bitwise_and.reduce(ok.reshape(len(words), code.depth), axis=1)
        return words_together(out, code), good


def words_apart(words: Words, code: ReedSolomonCode) -> Words:
    """Packed words that are interleaved, one after the other: (groups depth, bits) from (groups, bits)."""
    if code.depth == 1:
        return words
    groups, bits = words.shape
    size = bits // code.depth
    each = words.reshape(groups, size // code.symbol_bits, code.depth, code.symbol_bits)
    return np.ascontiguousarray(each.transpose(0, 2, 1, 3)).reshape(groups * code.depth, size)


def words_together(each: Words, code: ReedSolomonCode) -> Words:
    """The inverse of ``words_apart``."""
    if code.depth == 1:
        return each
    count, size = each.shape
    words = each.reshape(count // code.depth, code.depth, size // code.symbol_bits, code.symbol_bits)
    return np.ascontiguousarray(words.transpose(0, 2, 1, 3)).reshape(count // code.depth, size * code.depth)
