"""Product codes: words are matrices whose rows are words of one code and whose columns are words of another.

P. Elias, "Error-free coding", 1954; F. J. MacWilliams and N. J. A. Sloane, "The Theory of Error-Correcting
Codes", 1977, section 18.2.
"""

import contextlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import scipy.sparse

from ...vectors.groups import Words
from ..binary import gf2
from ..binary.tanner_graph import TannerGraph
from ..code import Bits, Code, check_array, check_length
from ..encoded import EncodedLinearCode
from ..examples import Examples
from ..linear import LinearCode, LowWeights, read_only
from ..universal.syndrome import SyndromeDecoder
from ..weight_enumerator import information_weights, minimum_distance, weight_enumerator
from .component import refusal_of_component

#: Largest k with maximum likelihood decoding by default.
SMALL = 12


class ProductCode(EncodedLinearCode):
    """The product of two linear codes.

    A word is a matrix: each of its rows is a word of ``rows``, each of its columns one of ``columns``. It has
    as many rows as ``columns`` has coded bits, and is sent row by row. The information bits are such a
    matrix, too, of ``columns.k`` rows of ``rows.k`` bits. n, k and the minimum distance are the products
    of those of the two codes. It sends its information bits if both codes send theirs.

    Parameters
    ----------
    rows
        The code of each row.
    columns
        The code of each column.

    Attributes
    ----------
    rows, columns : LinearCode
        As given.

    Raises
    ------
    ValueError
        If a code is not linear, or n would be above 10 million.

    Examples
    --------
    >>> from capgap.codes import HammingCode, SingleParityCheckCode
    >>> code = ProductCode(rows=SingleParityCheckCode(n=3), columns=SingleParityCheckCode(n=3))
    >>> code.encode([1, 0, 0, 0]).reshape(3, 3)
    array([[1, 0, 1],
           [0, 0, 0],
           [1, 0, 1]], dtype=uint8)
    """

    examples: ClassVar[Examples] = (
        {"rows": {"type": "spc", "n": 4}, "columns": {"type": "spc", "n": 3}},
        {"rows": {"type": "hamming", "r": 3, "extended": True}, "columns": {"type": "hamming", "r": 3}},
    )

    def __init__(self, *, rows: Code, columns: Code) -> None:
        for name, code in (("rows", rows), ("columns", columns)):
            if not isinstance(code, LinearCode):
                raise ValueError(f"{name} must be a linear code, got {code!r}")
        assert isinstance(rows, LinearCode)
        assert isinstance(columns, LinearCode)
        check_length(rows.n * columns.n, "rows: n times that of columns")
        self.rows, self.columns = rows, columns
        super().__init__(n=rows.n * columns.n, k=rows.k * columns.k)
        soft = refusal_of_component(rows) is None and refusal_of_component(columns) is None
        hard = SyndromeDecoder.refusal(rows) is None and SyndromeDecoder.refusal(columns) is None
        iterative = "chase-pyndiah" if soft else "iterative-bounded-distance" if hard else "bp"
        self.default_decoder = "ml" if self.k <= SMALL else iterative

    def encode_words(self, words: Words) -> Words:
        """``encode`` for 64 frames a word: uint64 (groups, n) from uint64 (groups, k)."""
        check_array(words, np.uint64, "groups", self.k, "words")
        matrices = words.reshape(len(words), self.columns.k, self.rows.k)
        encoded = over_columns(self.columns.encode_words, over_rows(self.rows.encode_words, matrices))
        return np.ascontiguousarray(encoded).reshape(len(words), self.n)

    def information_words(self, words: Words) -> Words:
        """``information_bits`` for 64 frames a word: uint64 (groups, k) from uint64 (groups, n)."""
        check_array(words, np.uint64, "groups", self.n, "words")
        matrices = over_columns(self.columns.information_words, self.matrices(words))
        found = over_rows(self.rows.information_words, matrices)
        return np.ascontiguousarray(found).reshape(len(words), self.k)

    def matrices(self, words: Words) -> Words:
        """Packed words as matrices: uint64 (groups, n of columns, n of rows) from uint64 (groups, n)."""
        return words.reshape(len(words), self.columns.n, self.rows.n)

    def at(self, point: Any) -> Code:
        """The product of the codes at an operating point."""
        rows, columns = self.rows.at(point), self.columns.at(point)
        return (
            self if rows is self.rows and columns is self.columns else type(self)(rows=rows, columns=columns)
        )

    @property
    def checks_known(self) -> bool:
        """Whether both codes were made of parity checks."""
        return self.rows.checks_known and self.columns.checks_known

    @cached_property
    def parity_check_matrix(self) -> Bits:
        """uint8 (checks, n): the checks of each row, then those of each column; some are redundant.

        Raises ValueError if it would have over 2^30 entries.
        """
        checks = self._all_checks
        gf2.check_size(checks.shape, "the parity-check matrix")
        return read_only(checks.toarray())

    @cached_property
    def tanner_graph(self) -> TannerGraph:
        """The graph belief propagation runs on: all checks of all rows and of all columns."""
        return TannerGraph.from_matrix(self._all_checks)

    @cached_property
    def _all_checks(self) -> scipy.sparse.csr_array:
        rows, columns = (_sparse(code) for code in (self.rows, self.columns))
        of_rows = scipy.sparse.kron(scipy.sparse.eye_array(self.columns.n, dtype=np.uint8), rows)
        of_columns = scipy.sparse.kron(columns, scipy.sparse.eye_array(self.rows.n, dtype=np.uint8))
        return scipy.sparse.csr_array(
            scipy.sparse.vstack([of_rows, of_columns], format="csr", dtype=np.uint8)
        )

    @property
    def systematic(self) -> bool:
        """Whether it sends its information bits."""
        return self.rows.systematic and self.columns.systematic

    @cached_property
    def information_set(self) -> gf2.Indices:
        """int64 (k): positions whose bits determine the codeword; the information bits if systematic."""
        places = self.columns.information_set[:, None] * self.rows.n + self.rows.information_set
        return np.ascontiguousarray(places.ravel())

    def minimum_distance(self) -> int:
        """The product of the two codes' own; raises ValueError if one is not known."""
        return minimum_distance(self.rows) * minimum_distance(self.columns)

    def low_weights(self) -> LowWeights | None:
        """The words of least weight, which are products of those of the two codes; None if not known."""
        found = [_lightest(code) for code in (self.rows, self.columns)]
        if found[0] is None or found[1] is None:
            return None
        weight, codewords, ones = (a * b for a, b in zip(*found, strict=True))
        return LowWeights((weight,), (float(codewords),), (float(ones),))

    def info(self) -> Mapping[str, Any]:
        """The two codes, and the minimum distance where it is known."""
        made: dict[str, Any] = {
            "code of the rows": repr(self.rows),
            "code of the columns": repr(self.columns),
        }
        with contextlib.suppress(ValueError):
            made["minimum distance"] = self.minimum_distance()
        return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}(rows={self.rows!r}, columns={self.columns!r}, n={self.n}, k={self.k})"


def over_rows(apply: Any, matrices: Words) -> Words:
    """What ``apply``, of packed words, makes of each row of matrices, (groups, rows, length)."""
    groups, count, length = matrices.shape
    made: Words = apply(np.ascontiguousarray(matrices).reshape(groups * count, length))
    return made.reshape(groups, count, made.shape[1])


def over_columns(apply: Any, matrices: Words) -> Words:
    """The same of each column of matrices, (groups, length, columns)."""
    return over_rows(apply, matrices.swapaxes(1, 2)).swapaxes(1, 2)


def _sparse(code: LinearCode) -> scipy.sparse.csr_array:
    """The parity checks of a code, uint8 (checks, n)."""
    graph = code.tanner_graph
    ones = np.ones(graph.edges, np.uint8)
    return scipy.sparse.csr_array(
        (ones, graph.edge_variable, graph.check_start), shape=(graph.checks, code.n)
    )


def _lightest(code: LinearCode) -> tuple[int, int, int] | None:
    """The least weight of a code's words, how many have it, and the ones in their messages; or None."""
    try:
        counts, ones = weight_enumerator(code).counts, information_weights(code).counts
    except ValueError:
        return None
    weight = int(np.flatnonzero(counts)[1])
    return weight, int(counts[weight]), int(ones[weight])
