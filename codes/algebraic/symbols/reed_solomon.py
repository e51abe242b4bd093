"""Reed-Solomon codes (I. S. Reed and G. Solomon, "Polynomial codes over certain finite fields", 1960).

S. Lin and D. J. Costello, "Error Control Coding", 2nd edition, 2004, chapter 7; F. J. MacWilliams and
N. J. A. Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 10.
"""

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ....vectors.groups import Words
from ....vectors.whole_numbers import whole_number
from ...binary import gf2
from ...binary.division import FeedbackRegister
from ...binary.xor_program import XorProgram
from ...code import check_array, check_length
from ...encoded import EncodedLinearCode
from ...examples import Examples
from ...fields.galois_field import PRIMITIVE, Elements, GaloisField
from ...fields.polynomials import text

#: Most bits of a symbol.
MAX_M = max(PRIMITIVE)
#: The generator polynomial is shown up to this degree.
SHOWN = 32
#: What the bits of a symbol stand for in CCSDS's dual basis, as powers of alpha: the basis that is dual to 1,
#: alpha^117, ..., alpha^(7 117) of GF(256) modulo 0x187. CCSDS 131.0-B, annex on the dual basis; the same as
#: the transformation in P. Karn's libfec.
DUAL_BASIS = (125, 88, 226, 163, 46, 184, 67, 242)
#: The field in which that basis is one.
DUAL_FIELD = 0x187


class ReedSolomonCode(EncodedLinearCode):
    """A Reed-Solomon code over GF(2^m), as a binary code: symbols are sent bit by bit.

    With beta = alpha^spacing the words of n symbols c_0, ..., c_(n-1) are those for which c_0 x^(n-1) + ... +
    c_(n-1) is 0 at beta^first_root, ..., beta^(first_root + n - k - 1). The information symbols come first,
    then the others. n below 2^m - 1 shortens the code: leading information symbols are 0 and not sent. The
    minimum distance is n - k + 1 symbols, the largest that there can be.

    Parameters
    ----------
    n, k
        Symbols of a word, before extension, and of its information; 1 <= k < n <= 2^m - 1.
    symbol_bits
        m, bits of a symbol, from 2 to 16; by default the least for which n is at most 2^m - 1. They are sent
        from the coefficient of alpha^(m-1) to that of 1.
    first_root
        The exponent of the first root.
    spacing
        What alpha is raised to between roots, a number without a common divisor with 2^m - 1.
    polynomial
        The primitive polynomial of the field, all terms written; by default that of ``GaloisField``.
    extended
        A symbol is appended, which makes the minimum distance n - k + 2: the value of the word at
        beta^(first_root - 1). With the first root 1 it is the sum of all symbols.
    depth
        So many words make one of this code. They are interleaved symbol by symbol: information symbol i, and
        likewise each other symbol, belongs to word i modulo depth.
    dual_basis
        The bits of a symbol are its coordinates in CCSDS's dual basis, for 0x187 alone.

    Raises
    ------
    ValueError
        If a parameter is outside its range.

    Examples
    --------
    >>> ReedSolomonCode(n=7, k=3)
    ReedSolomonCode(n=21, k=9)
    """

    examples: ClassVar[Examples] = (
        {"n": 7, "k": 3},
        {"n": 5, "k": 3, "symbol_bits": 4, "first_root": 0, "extended": True},
        {"n": 6, "k": 4, "depth": 2, "spacing": 2, "polynomial": 0xD},
        {"n": 40, "k": 30, "first_root": 30, "polynomial": 0x187, "symbol_bits": 8, "dual_basis": True},
    )

    def __init__(
        self,
        *,
        n: int,
        k: int,
        symbol_bits: int | None = None,
        first_root: int = 1,
        spacing: int = 1,
        polynomial: int | None = None,
        extended: bool = False,
        depth: int = 1,
        dual_basis: bool = False,
    ) -> None:
        n, k = whole_number(n, "n"), whole_number(k, "k")
        m = _symbol_bits(n, symbol_bits)
        if not 1 <= k < n:
            raise ValueError(f"k must lie in 1 to {n - 1}, symbols of information for n = {n}, got {k}")
        depth = whole_number(depth, "depth")
        if depth < 1:
            raise ValueError(f"depth must be at least 1, got {depth}")
        check_length((n + bool(extended)) * m * depth, "depth: bits of all words together")
        polynomial = None if polynomial is None else whole_number(polynomial, "polynomial")
        if symbol_bits is None and polynomial is not None and polynomial >> m != 1:
            raise ValueError(
                f"polynomial must have degree {m} for n = {n} unless symbol_bits says otherwise, got "
                f"{polynomial:#x}"
            )
        self.field = GaloisField(m, polynomial)
        order = self.field.order
        spacing = whole_number(spacing, "spacing")
        if math.gcd(spacing, order) != 1:
            raise ValueError(
                f"spacing must have no common divisor with 2^{m} - 1 = {order}, got {spacing}: the nearest "
                f"that has none is {_nearest_spacing(spacing, order)}"
            )
        if dual_basis and self.field.polynomial != DUAL_FIELD:
            raise ValueError(
                f"dual_basis belongs to the field of CCSDS's codes, polynomial {DUAL_FIELD:#x} with "
                f"symbol_bits 8, not to {self.field.polynomial:#x}"
            )
        self.first_root, self.spacing = whole_number(first_root, "first_root") % order, spacing % order
        self.extended, self.depth, self.dual_basis = bool(extended), depth, bool(dual_basis)
        #: Symbols of one word as it is sent, of its information, and those that roots determine.
        self.length, self.dimension, self.root_count = n + self.extended, k, n - k
        super().__init__(n=self.length * m * depth, k=k * m * depth)
        self.default_decoder = "bounded-distance"

    @property
    def symbol_bits(self) -> int:
        """m: bits of a symbol."""
        return self.field.m

    @property
    def symbol_distance(self) -> int:
        """The minimum distance of one word in symbols."""
        return self.length - self.dimension + 1

    @property
    def t(self) -> int:
        """Symbol errors in one word that can always be corrected."""
        return (self.symbol_distance - 1) // 2

    @cached_property
    def locators(self) -> Elements:
        """beta^(n - 1 - j) for symbol j of a word, the extension left out: int32 (n)."""
        n = self.length - self.extended
        found: Elements = self.field.power(self.spacing * np.arange(n - 1, -1, -1))
        return found

    @cached_property
    def roots(self) -> Elements:
        """The elements at which words are 0: int32 (n - k)."""
        found: Elements = self.field.power(self.spacing * (self.first_root + np.arange(self.root_count)))
        return found

    @cached_property
    def basis(self) -> Elements:
        """What the bits of a symbol stand for, in the order in which they are sent: int32 (m)."""
        exponents = DUAL_BASIS if self.dual_basis else range(self.symbol_bits - 1, -1, -1)
        found: Elements = self.field.power(np.array(exponents))
        return found

    @cached_property
    def generator_polynomial(self) -> Elements:
        """The product of x - root over all roots, int32 (n - k + 1), the constant coefficient first."""
        found = np.ones(1, np.int32)
        for root in self.roots:
            found = np.append(self.field.multiply(found, root), 0) ^ np.append(0, found)
        return found.astype(np.int32)

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k).

        Bit f of word [g, i] is bit i of frame 64 g + f. Raises ValueError for another shape or type.
        """
        check_array(words, np.uint64, "groups", self.k, "words")
        m, depth, k = self.symbol_bits, self.depth, self.dimension
        groups = len(words)
        if depth == 1 and not self.extended:
            word = np.empty((groups, self.n), np.uint64)
            word[:, : self.k] = words
            self.register.remainders(word, self.k, word, self.k)
            return word
        out = np.empty((groups, self.length, depth, m), np.uint64)
        out[:, :k] = words.reshape(groups, k, depth, m)
        # The words that are interleaved, one after the other.
        each = np.empty((groups * depth, (self.length - self.extended) * m), np.uint64)
        each[:, : k * m] = out[:, :k].transpose(0, 2, 1, 3).reshape(groups * depth, k * m)
        self.register.remainders(each, k * m, each, k * m)
        checks = each[:, k * m :].reshape(groups, depth, self.root_count, m)
        out[:, k : k + self.root_count] = checks.transpose(0, 2, 1, 3)
        if self.extended:
            out[:, -1] = self._extension.apply_words(each).reshape(groups, depth, m)
        return out.reshape(groups, self.n)

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): the information bits come first."""
        return np.arange(self.k)

    @cached_property
    def systematic(self) -> bool:
        """True: the information bits are sent."""
        return True

    def symbols(self, bits: npt.NDArray[np.uint8]) -> Elements:
        """The symbols of words of bits: int32 (frames, depth, symbols of a word), from (frames, bits)."""
        each = bits.reshape(len(bits), self.length, self.depth, self.symbol_bits).astype(np.int32)
        found: Elements = np.bitwise_xor.reduce(each * self.basis, axis=3)
        return found.transpose(0, 2, 1)

    def bits(self, symbols: Elements) -> npt.NDArray[np.uint8]:
        """The inverse of ``symbols``: uint8 (frames, bits) from int32 (frames, depth, symbols)."""
        each = self.coordinates_table[symbols.transpose(0, 2, 1)]
        return each.reshape(len(symbols), self.n)

    def coordinates(self, elements: Elements) -> npt.NDArray[np.uint8]:
        """The bits of elements as they are sent: uint8 with one axis more, of length m."""
        return self.coordinates_table[elements]

    def info(self) -> Mapping[str, Any]:
        """The field, the roots and what the code corrects, in symbols."""
        field, d = self.field, self.symbol_distance
        first, last = self.first_root, self.first_root + self.root_count - 1
        power = "alpha^j" if self.spacing == 1 else f"alpha^({self.spacing} j)"
        made: dict[str, Any] = {
            "field": f"GF(2^{field.m}) modulo {field.polynomial:#x}, {text(field.polynomial)}",
            "symbols": f"({self.length}, {self.dimension}) of {field.m} bits",
            "roots": f"{power}, j = {first} to {last}",
            "minimum distance in symbols": d,
            "symbol errors corrected": self.t,
            "symbol erasures corrected": d - 1,
        }
        if self.root_count <= SHOWN:
            made["generator polynomial, from x^0"] = " ".join(f"{g:x}" for g in self.generator_polynomial)
        shortened = field.order - (self.length - self.extended)
        if shortened:
            made["shortened by symbols"] = shortened
        if self.extended:
            made["extended by"] = f"the value at {power}, j = {first - 1}"
        if self.depth > 1:
            made["words interleaved"] = self.depth
        made["bits of a symbol"] = "in the dual basis of CCSDS" if self.dual_basis else "highest power first"
        return made

    @cached_property
    def coordinates_table(self) -> npt.NDArray[np.uint8]:
        """The bits of every element as they are sent, uint8 (2^m, m)."""
        m = self.symbol_bits
        bits = (np.arange(1 << m)[:, None] >> np.arange(m - 1, -1, -1) & 1).astype(np.uint8)
        found = np.empty_like(bits)
        found[np.bitwise_xor.reduce(bits * self.basis, axis=1)] = bits
        return found

    @cached_property
    def register(self) -> FeedbackRegister:
        """The shift register that divides by the generator polynomial, a symbol a step."""
        m, factors = self.symbol_bits, self.generator_polynomial[-2::-1]
        products = self.coordinates_table[self.field.multiply(factors[:, None], self.basis)]
        taps = products.transpose(0, 2, 1).reshape(-1, m)
        return FeedbackRegister(np.zeros((m, m), np.bool_), taps.astype(np.bool_))

    @cached_property
    def _extension(self) -> XorProgram:
        """The value of a word of n symbols at beta^(first_root - 1), in bits."""
        exponents = self.field.log[self.locators].astype(np.int64) * (self.first_root - 1)
        products = self.field.multiply(self.field.power(exponents)[:, None], self.basis)
        return XorProgram.of_matrix(self.coordinates_table[products].reshape(-1, self.symbol_bits))


def _symbol_bits(n: int, given: int | None) -> int:
    """m for a length in symbols; raises ValueError."""
    if n < 2 or n > 2**MAX_M - 1:
        raise ValueError(f"n must lie in 2 to {2**MAX_M - 1} symbols, got {n}")
    least = n.bit_length()
    if given is None:
        return max(least, 2)
    m = whole_number(given, "symbol_bits")
    if not 2 <= m <= MAX_M:
        raise ValueError(f"symbol_bits must lie in 2 to {MAX_M}, got {m}")
    if m < least:
        raise ValueError(f"n must lie in 2 to {2**m - 1} symbols of {m} bits, got {n}: {least} bits would do")
    return m


def _nearest_spacing(spacing: int, order: int) -> int:
    candidates = sorted(range(1, order), key=lambda each: abs(each - spacing))
    return next(each for each in candidates if math.gcd(each, order) == 1)
