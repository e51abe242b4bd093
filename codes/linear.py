"""Binary linear block codes from any generator or parity-check matrix.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 1.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ..vectors.batches import as_bits, one_or_all
from ..vectors.groups import Words
from .binary import gf2
from .binary.sparse_encoder import SparseEncoder
from .binary.tanner_graph import TannerGraph
from .binary.xor_program import XorProgram
from .code import Bits, Code, check_array, check_length

#: Largest dimension whose codewords are enumerated.
ENUMERATION_LIMIT = 24
#: Largest parity-check matrix, in entries, that is always reduced too, in the hope of a shorter encoder.
SMALL = 1 << 20
#: Share of ones from which a parity-check matrix is not worth treating as sparse.
DENSE = 1 / 8

Values = npt.NDArray[np.float64]
#: The weight enumerating function without the word of zeros, and that of its messages' ones (S. Lin and D. J.
#: Costello, "Error Control Coding", 2nd edition, 2004, sections 3.3 and 11.3): from z, float64 (points) in
#: [-1, 1], the sums over all other codewords of z^h and of w z^h, with h a word's weight and w the ones in
#: its message; both float64 (points). Sums beyond 1e150 may be cut off there.
WeightFunction: TypeAlias = Callable[[Values], tuple[Values, Values]]


@dataclass(frozen=True)
class LowWeights:
    """The codewords of least weight, with the ones in their messages, as far as they were looked for.

    Attributes
    ----------
    weights
        Weights, ascending, all above 0.
    codewords
        How many codewords have each weight, or about how many.
    ones
        The ones in their messages together; none if they are not known.
    """

    weights: tuple[int, ...]
    codewords: tuple[float, ...]
    ones: tuple[float, ...]


@dataclass(frozen=True)
class SuppliedWeights:
    """Weights of a code that are known from elsewhere.

    Attributes
    ----------
    codewords
        How many codewords there are of each weight, by weight; those of weights that are left out are 0,
        or, where ``complete`` is not set, not known.
    ones
        The ones in their messages together, by weight; None if they are not known.
    complete
        Whether these are all codewords.
    """

    codewords: Mapping[int, int]
    ones: Mapping[int, int] | None
    complete: bool


class LinearCode(Code):
    """The linear code of a generator matrix or of a parity-check matrix, exactly one of them.

    Any binary matrix will do: NumPy array, SciPy sparse matrix or nested lists of 0 and 1. Dependent
    rows are allowed; of a generator matrix's rows, those that depend on earlier ones are dropped. A
    generator matrix is used as it is, so encoding is systematic only if it is. For a parity-check
    matrix the information bits sit in the first positions that permit it, in ascending order.

    Parameters
    ----------
    generator
        Shape (rows, n); its rank is k.
    parity_check
        Shape (rows, n); n minus its rank is k.

    Raises
    ------
    ValueError
        If not exactly one matrix is given, it is not binary, or it is all zero or leaves no codeword but
        zero: an all-zero generator matrix has no other codeword, an all-zero parity-check matrix no check.

    Examples
    --------
    >>> code = LinearCode(generator=[[1, 0, 1], [0, 1, 1]])
    >>> code.encode(np.array([[1, 1]], np.uint8))
    array([[1, 1, 0]], dtype=uint8)
    """

    #: The parity-check matrix the code was given, if it was.
    _checks: scipy.sparse.csr_array | None = None
    #: What somebody has supplied, see ``weight_enumerator.with_weights``; it goes before what the code says.
    supplied_weights: SuppliedWeights | None = None

    def __init__(self, *, generator: Any = None, parity_check: Any = None) -> None:
        if (generator is None) == (parity_check is None):
            raise ValueError("a linear code takes one of generator and parity_check")
        if generator is not None:
            matrix = gf2.as_matrix(generator, "generator")
            check_length(matrix.shape[1])
            matrix = matrix[gf2.independent_rows(matrix)]
            if len(matrix) == 0:
                raise ValueError("generator is all zero: the code has no codeword but zero")
            n, information_set = matrix.shape[1], gf2.row_reduce(matrix)[1]
            # Cached properties keep their value under their own name.
            self.__dict__["generator_matrix"] = read_only(matrix)
        else:
            if not scipy.sparse.issparse(parity_check):
                parity_check = gf2.as_matrix(parity_check, "parity_check")
                self.__dict__["parity_check_matrix"] = read_only(parity_check)
            self._checks = gf2.as_sparse(parity_check, "parity_check")
            n = self._checks.shape[1]
            check_length(n)
            if self._checks.nnz == 0:
                raise ValueError(
                    "parity_check is all zero: it checks nothing, and every word would be a codeword; "
                    "bits without a code are 'uncoded'"
                )
            information_set, self.__dict__["_encoder"] = systematic_encoder(self._checks)
        super().__init__(n=n, k=len(information_set))
        self._information_set = information_set
        self.default_decoder = "ml" if self.k <= 12 else "bp"

    @cached_property
    def generator_matrix(self) -> Bits:
        """uint8 (k, n), of full rank: the codeword of u is u G.

        Raises ValueError if it would have over 2^30 entries.
        """
        gf2.check_size((self.k, self.n), "the generator matrix")
        return read_only(self._encoder.matrix())

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """uint8 (checks, n): the matrix the code was given, redundant rows included; else of full rank.

        Raises ValueError if it, or the generator matrix that it must be made of, has over 2^30 entries.
        """
        if self._checks is None:
            return read_only(gf2.null_space(self.generator_matrix)[0])
        gf2.check_size(self._checks.shape, "the parity-check matrix")
        return read_only(self._checks.toarray())

    @property
    def checks_known(self) -> bool:
        """Whether the code was made of parity checks: otherwise they take a dense matrix to find."""
        return self._checks is not None

    @property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        return self._information_set

    @cached_property
    def systematic(self) -> bool:
        """Whether the bits at ``information_set`` are the information bits."""
        return self._encoder.copies(self.information_set)

    @cached_property
    def tanner_graph(self) -> TannerGraph:
        """The graph belief propagation runs on: a variable for each coded bit."""
        return TannerGraph.from_matrix(self.parity_check_matrix if self._checks is None else self._checks)

    @property
    def transitive(self) -> bool:
        """Whether symmetries of the code are known to take any position to any other.

        Then of the ones in words of a weight each position has as many.
        """
        return False

    def automorphisms(self, count: int, seed: int) -> gf2.Indices | None:
        """Permutations of positions under which codewords stay codewords; None if none are known.

        int64 (found, n), drawn with ``seed``, different ones, the identity first: with each p and each
        codeword c, c[p] is a codeword. There are ``count`` of them, or all that are known, if these are
        fewer. A code of your own may define it.
        """
        return None

    def encode(self, bits: Any) -> Bits:
        """The codewords u G over GF(2): uint8 of shape (frames, n) from 0 and 1 of shape (frames, k).

        ``bits`` is an array or list of any type that holds 0 and 1. One word, of shape (k), gives one of
        shape (n). Raises ValueError for anything else.
        """
        return multiply(self._encoder, bits, "bits")

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k).

        Bit f of word [g, i] is bit i of frame 64 g + f. Raises ValueError for another shape or type.
        """
        check_array(words, np.uint64, "groups", self.k, "words")
        return self._encoder.apply_words(words)

    def information_bits(self, word: Any) -> Bits:
        """The information bits of codewords, (frames, k) from (frames, n); the inverse of ``encode``.

        One word, of shape (n), gives bits of shape (k).
        """
        at_information_set = self.check_bits(word, self.n, "word")[:, self.information_set]
        return one_or_all(
            word, at_information_set if self.systematic else multiply(self._unencoder, at_information_set)
        )

    def information_words(self, words: Words) -> Words:
        """``information_bits`` for 64 frames a word: uint64 (groups, k) from uint64 (groups, n)."""
        check_array(words, np.uint64, "groups", self.n, "words")
        at_information_set = np.take(words, self.information_set, axis=1)
        return at_information_set if self.systematic else self._unencoder.apply_words(at_information_set)

    def syndrome(self, word: Any) -> Bits:
        """The syndromes c H^T over GF(2): uint8 (frames, checks); zero exactly for codewords.

        Of one word, of shape (n), the syndrome of shape (checks).
        """
        return multiply(self._checker, word, "word")

    def weight_distribution(self) -> npt.NDArray[np.int64]:
        """int64 (n + 1): the number of codewords of each Hamming weight, by enumeration.

        Raises ValueError if k is above 24.
        """
        if self.k > ENUMERATION_LIMIT:
            raise ValueError(
                f"codewords are enumerated up to k = {ENUMERATION_LIMIT}, this code has {self.k}"
            )
        return gf2.span_weights(self.generator_matrix)

    def known_weights(self) -> list[int] | None:
        """The number of codewords of each weight, n + 1 of them, by a formula; None if there is none.

        A code of your own may define it: ``weight_enumerator`` asks it first, for n up to 4096.
        """
        return [math.comb(self.n, h) for h in range(self.n + 1)] if self.k == self.n else None

    def known_information_weights(self) -> list[int] | None:
        """The ones in the messages of all codewords of each weight together, n + 1 numbers; or None."""
        return None

    def weight_enumerating_function(self) -> WeightFunction | None:
        """Sums over all codewords for bounds, where they take no list of weights; None if there is no way.

        A code of your own may define it, see ``WeightFunction``: the union bound asks it
        first.
        """
        return None

    def low_weights(self) -> LowWeights | None:
        """The lowest weights, where it is these alone that can be found; None if not.

        A code of your own may define it: the union bound takes them where there is nothing else, and says so.
        """
        return None

    def minimum_distance(self) -> int:
        """The least weight of a codeword other than zero, by enumeration; raises ValueError if k > 24."""
        return int(np.flatnonzero(self.weight_distribution())[1])

    def dual(self) -> "LinearCode":
        """The code of all words orthogonal to this one; raises ValueError if k = n."""
        return LinearCode(parity_check=self.generator_matrix)

    @cached_property
    def _encoder(self) -> XorProgram:
        return XorProgram.of_matrix(self.generator_matrix)

    @cached_property
    def _unencoder(self) -> XorProgram:
        return XorProgram.of_matrix(gf2.inverse(self.generator_matrix[:, self.information_set]))

    @cached_property
    def _checker(self) -> XorProgram:
        return XorProgram.of_matrix((self.parity_check_matrix if self._checks is None else self._checks).T)


def systematic_encoder(checks: scipy.sparse.csr_array) -> tuple[gf2.Indices, XorProgram]:
    """The information set of the code that a matrix checks, and its systematic encoder.

    The information bits sit in the first positions that permit it. The encoder is the shorter one of
    that which solves the checks one by one and the product with the reduced matrix; the product is looked
    at where the matrix is small, has many ones, or the other turns out long.
    """
    filled = np.diff(checks.indptr) > 0
    if not filled.all():  # rows of zeros check nothing, and there may be millions
        checks = checks[filled]
    m, n = checks.shape
    sparse: XorProgram | None = None
    if checks.nnz <= DENSE * m * n or m * n <= SMALL:
        found = SparseEncoder(checks)
        information_set = found.information_set
        refuse_rank_n(information_set)
        sparse = found.program()
        long = 4 * sparse.length > len(found.pivots) * len(information_set) and m * n <= gf2.MAX_MADE
        if m * n > SMALL and not long:
            return information_set, sparse
    # Pivots from the right leave the information bits in the first positions.
    reduced, pivots = gf2.row_reduce(checks.toarray(), from_right=True)
    information_set = gf2.others(n, pivots)
    refuse_rank_n(information_set)
    product = XorProgram.systematic(information_set, pivots, reduced)
    return information_set, product if sparse is None or product.length <= sparse.length else sparse


def refuse_rank_n(information_set: gf2.Indices) -> None:
    """Raise ValueError if there are no information bits."""
    if len(information_set) == 0:
        raise ValueError("parity_check has rank n: the code has no codeword but zero")


def multiply(program: XorProgram, bits: npt.ArrayLike, name: str = "bits") -> Bits:
    """Products of the rows of ``bits``, or of one; raises ValueError if it is not what the program takes."""
    product = program.apply(as_bits(bits, len(program.inputs), name))
    if product is None:
        raise ValueError(f"{name} must be 0 or 1")
    return one_or_all(bits, product)


def read_only(matrix: Bits) -> Bits:
    """The matrix itself, which cannot be written from now on."""
    matrix.flags.writeable = False
    return matrix
