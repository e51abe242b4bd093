"""Binary codes of the multiples of a polynomial (MacWilliams and Sloane, 1977, chapter 7)."""

import random
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse

from ...vectors.batches import one_or_all
from ...vectors.groups import Words
from ..binary import gf2
from ..binary.division import FeedbackRegister
from ..binary.tanner_graph import TannerGraph
from ..binary.xor_program import XorProgram
from ..code import Bits, check_array
from ..encoded import EncodedLinearCode
from ..fields import polynomials
from ..linear import read_only

#: Most ones of a parity-check matrix that decoders may take for granted.
MOST_CHECKED = 1 << 20
#: Largest degree of a polynomial that is written in full.
MOST_WRITTEN = 64
#: Most powers of 2 among the multipliers that are known.
MOST_MULTIPLIERS = 1 << 10


class PolynomialCode(EncodedLinearCode):
    """The multiples of a polynomial that divides x^length + 1, extended and shortened.

    The information bits come first and are the highest coefficients, then the remainder that makes a multiple
    of the whole, then the overall parity. Shortened, the highest coefficients are 0 and not sent.

    Parameters
    ----------
    length
        Of the cyclic code.
    generator
        A polynomial over GF(2) as a number whose bit i is the coefficient of x^i; it divides x^length + 1,
        which is not checked, and its degree is 1 to length - 1.
    extended
        Whether an overall parity bit is appended.
    shorten
        Information bits to leave out, from 0 to k - 1.

    Raises
    ------
    ValueError
        If ``shorten`` is outside its range.
    """

    def __init__(self, *, length: int, generator: int, extended: bool = False, shorten: int = 0) -> None:
        degree = polynomials.degree(generator)
        whole = length - degree
        if not 0 <= shorten < whole:
            raise ValueError(f"shorten must lie in 0 to {whole - 1} for k = {whole}, got {shorten}")
        super().__init__(n=length - shorten + extended, k=whole - shorten)
        self.length, self.generator = length, generator
        self.extended, self.shorten = extended, shorten
        if self.n - self.k <= 12:
            self.default_decoder = "syndrome"
        else:
            self.default_decoder = "ml" if self.k <= 12 else "bp"

    @property
    def degree(self) -> int:
        """The degree of the generator polynomial: parity bits, without the overall one."""
        return polynomials.degree(self.generator)

    @property
    def cyclic(self) -> bool:
        """Whether cyclic shifts of codewords are codewords: it is neither extended nor shortened."""
        return not self.extended and not self.shorten

    @property
    def transitive(self) -> bool:
        """Whether shifts take any position to any other."""
        return self.cyclic

    @cached_property
    def multipliers(self) -> gf2.Indices:
        """int64: all known r for which exponents i -> r i leave the cyclic code the same, 1 first.

        For odd lengths these are powers of 2, since c(x)^2 = c(x^2) (MacWilliams and Sloane, 1977, section
        8.5); where they are many, the first ones.
        """
        powers = [1]
        while self.length % 2 and len(powers) < MOST_MULTIPLIERS:
            power = 2 * powers[-1] % self.length
            if power == 1:
                break
            powers.append(power)
        return np.array(powers)

    def automorphisms(self, count: int, seed: int) -> gf2.Indices | None:
        """Of a code that is not shortened, i -> r i + s modulo its length, for its multipliers r.

        An overall parity bit stays in its place.
        """
        if self.shorten:
            return None
        drawn = _drawn(count, self.length * len(self.multipliers), seed)
        multipliers, shifts = self.multipliers[drawn // self.length], drawn % self.length
        found = np.tile(np.arange(self.n), (len(drawn), 1))
        # Positions are exponents in reverse, for which these maps are the same ones.
        cyclic = found[:, : self.length]
        cyclic *= multipliers[:, None]
        cyclic += shifts[:, None]
        cyclic %= self.length
        return found

    @cached_property
    def check_polynomial(self) -> int:
        """(x^length + 1) / generator."""
        return polynomials.divided(1 << self.length | 1, self.generator)[0]

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        word = np.empty((len(words), self.n), np.uint64)
        word[:, : self.k] = words
        self.register.remainders(word, self.k, word, self.k)
        if self.extended:
            np.bitwise_xor.reduce(word[:, :-1], axis=1, out=word[:, -1])
        return word

    def remainders(self, words: Words) -> Words:
        """Remainders of words, uint64 (groups, n), by the generator polynomial: uint64 (groups, degree).

        The highest coefficient comes first. They are 0 for codewords; of an overall parity they say nothing.
        """
        found = np.empty((len(words), self.degree), np.uint64)
        self.register.remainders(words, self.k, found)
        found ^= words[:, self.k : self.k + self.degree]
        return found

    @cached_property
    def register(self) -> FeedbackRegister:
        """The shift register that divides by the generator polynomial."""
        return FeedbackRegister.of_polynomial(self.generator)

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): the first positions."""
        return np.arange(self.k)

    @property
    def systematic(self) -> bool:
        """True: the information bits are sent."""
        return True

    def information_bits(self, word: Any) -> Bits:
        """The information bits of codewords, (frames, k) from (frames, n); the inverse of ``encode``."""
        return one_or_all(word, self.check_bits(word, self.n, "word")[:, : self.k])

    def information_words(self, words: Words) -> Words:
        """``information_bits`` for 64 frames a word: uint64 (groups, k) from uint64 (groups, n)."""
        check_array(words, np.uint64, "groups", self.n, "words")
        return np.ascontiguousarray(words[:, : self.k])

    @cached_property
    def sparse_checks(self) -> scipy.sparse.csr_array:
        """The parity checks: shifts of the check polynomial, and the overall parity in the last row."""
        digits = f"{self.check_polynomial:b}"[::-1]
        ones = np.flatnonzero(np.array(list(digits)) == "1")
        # Row i: the sum over j of h_j c_(s - j) is 0 for s = k of the cyclic code + i.
        places = self.length - 1 - (self.length - self.degree + np.arange(self.degree)[:, None] - ones)
        rows, columns = np.nonzero(places >= self.shorten)
        places = places[rows, columns] - self.shorten
        if self.extended:
            rows = np.append(rows, np.full(self.n, self.degree))
            places = np.append(places, np.arange(self.n))
        shape = (self.n - self.k, self.n)
        return scipy.sparse.csr_array((np.ones(len(rows), np.uint8), (rows, places)), shape)

    @property
    def checks_known(self) -> bool:
        """Whether the checks are few enough to be taken for granted."""
        return self.degree * self.check_polynomial.bit_count() <= MOST_CHECKED

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """uint8 (n - k, n). Raises ValueError if it would have over 2^30 entries."""
        gf2.check_size((self.n - self.k, self.n), "the parity-check matrix")
        return read_only(self.sparse_checks.toarray())

    @cached_property
    def tanner_graph(self) -> TannerGraph:
        """The graph belief propagation runs on: a variable for each coded bit."""
        return TannerGraph.from_matrix(self.sparse_checks)

    @cached_property
    def _checker(self) -> XorProgram:
        return XorProgram.of_matrix(self.sparse_checks.T)

    def info(self) -> Mapping[str, Any]:
        """The generator polynomial, if it is not long, and its degree."""
        known: dict[str, Any] = {}
        if self.degree <= MOST_WRITTEN:
            known["generator polynomial"] = f"{self.generator:#x}, {polynomials.text(self.generator)}"
        else:
            known["degree of the generator polynomial"] = self.degree
        return known


def _drawn(count: int, total: int, seed: int) -> gf2.Indices:
    """Up to ``count`` different numbers below ``total``, 0 first, the others at random."""
    generator, found = random.Random(seed), {0: None}
    while len(found) < min(count, total):
        found[int(generator.random() * total)] = None
    return np.array(list(found))
