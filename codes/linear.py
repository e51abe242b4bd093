"""Binary linear block codes from any generator or parity-check matrix.

MacWilliams and Sloane, "The Theory of Error-Correcting Codes", 1977, chapter 1.
"""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from . import gf2
from .code import Bits, Code
from .multiplier import Multiplier
from .tanner_graph import TannerGraph

#: Largest dimension whose codewords are enumerated.
ENUMERATION_LIMIT = 24


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
        If not exactly one matrix is given, it is not binary, or the code has no codeword but zero.

    Examples
    --------
    >>> code = LinearCode(generator=[[1, 0, 1], [0, 1, 1]])
    >>> code.encode(np.array([[1, 1]], np.uint8))
    array([[1, 1, 0]], dtype=uint8)
    """

    def __init__(self, *, generator: Any = None, parity_check: Any = None) -> None:
        if (generator is None) == (parity_check is None):
            raise ValueError("a linear code takes one of generator and parity_check")
        if generator is not None:
            matrix = gf2.as_matrix(generator, "generator")
            matrix = matrix[gf2.independent_rows(matrix)]
            if len(matrix) == 0:
                raise ValueError("generator has rank 0: the code has no codeword but zero")
            n, information_set = matrix.shape[1], gf2.row_reduce(matrix)[1]
            # Cached properties keep their value under their own name.
            self.__dict__["generator_matrix"] = read_only(matrix)
        else:
            matrix = gf2.as_matrix(parity_check, "parity_check")
            # Pivots from the right leave the information bits in the first positions.
            reduced, pivots = gf2.row_reduce(matrix, from_right=True)
            n, information_set = matrix.shape[1], np.setdiff1d(np.arange(matrix.shape[1]), pivots)
            if len(information_set) == 0:
                raise ValueError("parity_check has rank n: the code has no codeword but zero")
            self.__dict__["parity_check_matrix"] = read_only(matrix)
            self.__dict__["_encoder"] = Multiplier.systematic(information_set, pivots, reduced)
        super().__init__(n=n, k=len(information_set))
        self._information_set = information_set
        self.default_decoder = "ml" if self.k <= 12 else "bp"

    @cached_property
    def generator_matrix(self) -> Bits:
        """uint8 (k, n), of full rank: the codeword of u is u G."""
        return read_only(self._encoder.matrix(self.k))

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """uint8 (checks, n): the matrix the code was given, redundant rows included; else of full rank."""
        return read_only(gf2.null_space(self.generator_matrix)[0])

    @property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        return self._information_set

    @cached_property
    def systematic(self) -> bool:
        """Whether the bits at ``information_set`` are the information bits."""
        return self._encoder.copies(self._information_set)

    @cached_property
    def tanner_graph(self) -> TannerGraph:
        """The graph belief propagation runs on. Its variables may outnumber n, see ``transmitted``."""
        return TannerGraph.from_matrix(self.parity_check_matrix)

    @property
    def transmitted(self) -> npt.NDArray[np.int32]:
        """int32 (n): the variable of the Tanner graph that each coded bit is."""
        return np.arange(self.n, dtype=np.int32)

    def encode(self, bits: Bits) -> Bits:
        """The codewords u G over GF(2): uint8 of shape (frames, n) from uint8 of shape (frames, k)."""
        return self._encoder.apply(self.check_bits(bits, self.k))

    def information_bits(self, word: Bits) -> Bits:
        """The information bits of codewords, (frames, k) from (frames, n); the inverse of ``encode``."""
        at_information_set = self.check_bits(word, self.n, "word")[:, self._information_set]
        return at_information_set if self.systematic else self._unencoder.apply(at_information_set)

    def information_bits_of_variables(self, values: Bits) -> Bits:
        """The information bits (frames, k) from values of the Tanner graph's variables."""
        return self.information_bits(values)

    def syndrome(self, word: Bits) -> Bits:
        """The syndromes c H^T over GF(2): uint8 (frames, checks); zero exactly for codewords."""
        return self._checker.apply(self.check_bits(word, self.n, "word"))

    def weight_distribution(self) -> npt.NDArray[np.int64]:
        """int64 (n + 1): the number of codewords of each Hamming weight, by enumeration.

        Raises ValueError if k is above 24.
        """
        if self.k > ENUMERATION_LIMIT:
            raise ValueError(
                f"codewords are enumerated up to k = {ENUMERATION_LIMIT}, this code has {self.k}"
            )
        weights = np.zeros(self.n + 1, np.int64)
        low = min(self.k, 12)
        tail = self._codewords(self.generator_matrix[:low])
        for head in self._codewords(self.generator_matrix[low:]):
            weights += np.bincount((tail ^ head).sum(axis=1, dtype=np.int64), minlength=self.n + 1)
        return weights

    def minimum_distance(self) -> int:
        """The least weight of a codeword other than zero, by enumeration; raises ValueError if k > 24."""
        return int(np.flatnonzero(self.weight_distribution())[1])

    def dual(self) -> "LinearCode":
        """The code of all words orthogonal to this one; raises ValueError if k = n."""
        return LinearCode(parity_check=self.generator_matrix)

    def _codewords(self, rows: Bits) -> Bits:
        words = np.zeros((1, self.n), np.uint8)
        for row in rows:
            words = np.vstack([words, words ^ row])
        return words

    @cached_property
    def _encoder(self) -> Multiplier:
        return Multiplier.of_matrix(self.generator_matrix)

    @cached_property
    def _unencoder(self) -> Multiplier:
        return Multiplier.of_matrix(gf2.inverse(self.generator_matrix[:, self._information_set]))

    @cached_property
    def _checker(self) -> Multiplier:
        return Multiplier.of_matrix(self.parity_check_matrix.T)


def read_only(matrix: Bits) -> Bits:
    """The matrix itself, which cannot be written from now on."""
    matrix.flags.writeable = False
    return matrix
