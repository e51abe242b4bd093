"""Low-density parity-check codes (Gallager, 1963; MacKay, 1999), punctured ones included."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.groups import Words
from ..binary.gf2 import others
from ..binary.sparse_encoder import SparseEncoder
from ..binary.tanner_graph import TannerGraph
from ..binary.xor_program import XorProgram
from ..code import Bits, Code
from ..linear import LinearCode
from ..matrix_files.alist import read_alist
from ..matrix_files.quasi_cyclic import read_base_matrix
from ..matrix_files.read import read_matrix_file
from .columns import Columns, column_numbers
from .gallager import regular_matrix
from .standards import BLOCK_COLUMNS
from .standards import parity_check as standard_matrix


class LDPCCode(LinearCode):
    """The code of a sparse parity-check matrix, perhaps with some columns not transmitted.

    Parameters
    ----------
    parity_check
        Binary matrix of shape (checks, variables), NumPy or SciPy sparse, of any rank.
    puncture
        Columns, from 0, whose bits are not transmitted: numbers, ranges and block columns, see
        ``columns.column_numbers``. The rate counts transmitted bits only; the decoder begins with LLR 0
        for the others.
    lifting_size
        Columns of a block of a quasi-cyclic matrix, for ``puncture`` to name block columns.

    Raises
    ------
    ValueError
        If the matrix is not binary or all zero, a punctured column does not exist, or two codewords
        would differ in punctured bits alone.

    Examples
    --------
    >>> LDPCCode.regular(n=96, k=48, column_weight=3).tanner_graph.girth() >= 6
    True
    """

    def __init__(self, parity_check: Any, *, puncture: Columns = (), lifting_size: int | None = None) -> None:
        whole = hasattr(puncture, "__len__") and len(puncture) == 0
        mother = None if whole else LinearCode(parity_check=parity_check)
        if mother is None:
            super().__init__(parity_check=parity_check)
            kept = np.arange(self.n)
        else:
            if lifting_size is not None and (lifting_size < 1 or mother.n % lifting_size):
                raise ValueError(f"lifting_size must divide the {mother.n} columns, got {lifting_size}")
            kept = others(mother.n, column_numbers(puncture, mother.n, lifting_size))
            if len(kept) < mother.k:
                raise ValueError(f"puncture leaves {len(kept)} bits to send {mother.k} information bits")
            Code.__init__(self, n=len(kept), k=mother.k)
            # The bits sent determine the others exactly if these can all be parity bits.
            chosen = self._systematic_encoder(mother, kept).information_set
            if not np.isin(chosen, kept).all():
                raise ValueError("puncture leaves two codewords that differ in no transmitted bit")
            self._information_set = np.searchsorted(kept, chosen)
            self.__dict__["_encoder"] = mother._encoder.with_outputs(kept)
        self.default_decoder = "bp"
        self._mother = mother
        self._transmitted: npt.NDArray[np.int32] = kept.astype(np.int32)

    @classmethod
    def from_file(
        cls, path: str | Path, *, variable: str | None = None, puncture: Columns = ()
    ) -> "LDPCCode":
        """The code of a matrix file of any kind, see ``read_matrix``.

        Columns that the file says are not transmitted are punctured, beside those of ``puncture``. Raises
        MatrixFileError, with the line where there is one, if the file holds no binary matrix.
        """
        found = read_matrix_file(path, variable)
        return cls._of_file(found.matrix, puncture, found.lifting_size, found.punctured)

    @classmethod
    def from_alist(cls, path: str | Path, *, puncture: Columns = ()) -> "LDPCCode":
        """The code of an alist file. Raises MatrixFileError, with the line, if the file is malformed."""
        return cls(read_alist(path), puncture=puncture)

    @classmethod
    def from_quasi_cyclic(cls, path: str | Path, *, puncture: Columns = ()) -> "LDPCCode":
        """The code of a base-matrix file; block columns that it says are punctured are, beside ``puncture``.

        Raises MatrixFileError, with the line, if it is malformed.
        """
        base = read_base_matrix(path)
        return cls._of_file(base.matrix(), puncture, base.z, base.punctured_columns())

    @classmethod
    def _of_file(
        cls, matrix: Any, puncture: Columns, lifting_size: int | None, punctured: Sequence[int]
    ) -> "LDPCCode":
        if len(punctured):
            puncture = [*column_numbers(puncture, matrix.shape[1], lifting_size), *punctured]
        return cls(matrix, puncture=puncture, lifting_size=lifting_size)

    @classmethod
    def from_standard(
        cls, standard: str, n: int | None = None, rate: str | None = None, *, puncture: Columns = ()
    ) -> "LDPCCode":
        """A code of a standard, see ``standards.parity_check``. Raises ValueError if it has no such code."""
        matrix, blocks = standard_matrix(standard, n, rate), BLOCK_COLUMNS.get(standard)
        size = None if blocks is None else matrix.shape[1] // blocks
        return cls(matrix, puncture=puncture, lifting_size=size)

    @classmethod
    def regular(
        cls, n: int, k: int, column_weight: int, *, seed: int = 0, puncture: Columns = ()
    ) -> "LDPCCode":
        """A random code of the regular ensemble of rate k / n, see ``gallager.regular_matrix``.

        Its dimension is above k if the rows drawn are dependent.
        """
        return cls(regular_matrix(n, k, column_weight, seed), puncture=puncture)

    @property
    def checks_known(self) -> bool:
        """True, also of the punctured code's Tanner graph."""
        return True

    @cached_property
    def tanner_graph(self) -> TannerGraph:
        """The graph of the whole parity-check matrix, punctured variables included."""
        return TannerGraph.from_matrix((self if self._mother is None else self._mother)._checks)

    @property
    def transmitted(self) -> npt.NDArray[np.int32]:
        """int32 (n): the variable of the Tanner graph that each coded bit is."""
        return self._transmitted

    def information_bits_of_variables(self, values: Any) -> Bits:
        """The information bits (frames, k) from values of all the graph's variables."""
        return (self if self._mother is None else self._mother).information_bits(values)

    def information_words_of_variables(self, values: Words) -> Words:
        """The same for 64 frames a word: uint64 (groups, k) from uint64 (groups, variables)."""
        return (self if self._mother is None else self._mother).information_words(values)

    def encode_variables(self, bits: Any) -> Bits:
        """The values of all the graph's variables, uint8 (frames, variables), from uint8 (frames, k)."""
        return (self if self._mother is None else self._mother).encode(bits)

    @staticmethod
    def _systematic_encoder(mother: LinearCode, kept: npt.NDArray[np.int64]) -> SparseEncoder:
        """The encoder of the mother code whose information bits are in the first possible positions kept."""
        assert mother._checks is not None
        return SparseEncoder(mother._checks, others(mother.n, kept))

    @cached_property
    def _unencoder(self) -> XorProgram:
        if self._mother is None:
            return super()._unencoder
        # Encode what was sent anew, and look where the information bits are before puncturing.
        encoder = self._systematic_encoder(self._mother, self._transmitted.astype(np.int64))
        return encoder.program().with_outputs(self._mother.information_set)
