"""Low-density parity-check codes (Gallager, 1963; MacKay, 1999)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..linear import LinearCode
from ..matching.positions import Columns, column_numbers
from ..matching.rate_matched import LinearRateMatchedCode
from ..matrix_files.alist import read_alist
from ..matrix_files.quasi_cyclic import read_base_matrix
from ..matrix_files.read import read_matrix_file
from .analysis.facts import graph_facts, searched_facts
from .gallager import regular_matrix
from .standards import BLOCK_COLUMNS
from .standards import parity_check as standard_matrix


class LDPCCode(LinearCode):
    """The code of a sparse parity-check matrix.

    A code of which some columns are not sent is a ``LinearRateMatchedCode``.

    Parameters
    ----------
    parity_check
        Binary matrix of shape (checks, variables), NumPy or SciPy sparse, of any rank.
    lifting_size
        Columns of a block of a quasi-cyclic matrix, for block columns to be named.
    facts
        What ``info`` tells besides.

    Raises
    ------
    ValueError
        If the matrix is not binary or all zero, or ``lifting_size`` does not divide its columns.

    Examples
    --------
    >>> LDPCCode.regular(n=96, k=48, column_weight=3).tanner_graph.girth() >= 6
    True
    """

    def __init__(
        self, parity_check: Any, *, lifting_size: int | None = None, facts: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(parity_check=parity_check)
        if lifting_size is not None and (lifting_size < 1 or self.n % lifting_size):
            raise ValueError(f"lifting_size must divide the {self.n} columns, got {lifting_size}")
        self.default_decoder = "bp"
        self.lifting_size = lifting_size
        self._facts = dict(facts or {})

    def info(self) -> Mapping[str, Any]:
        """Size, rank, degrees, girth and short cycles of the Tanner graph."""
        return {**graph_facts(self.tanner_graph, self.n - self.k, self.lifting_size), **self._facts}

    def searched(self, seconds: float) -> Mapping[str, Any]:
        """Small trapping sets."""
        return searched_facts(self.tanner_graph, self.lifting_size, seconds)

    @classmethod
    def from_file(
        cls, path: str | Path, *, variable: str | None = None, puncture: Columns = ()
    ) -> "LDPCCode | LinearRateMatchedCode":
        """The code of a matrix file of any kind, see ``read_matrix``.

        Columns that the file says are not transmitted are punctured, beside those of ``puncture``. Raises
        MatrixFileError, with the line where there is one, if the file holds no binary matrix.
        """
        found = read_matrix_file(path, variable)
        return punctured(cls(found.matrix, lifting_size=found.lifting_size), puncture, found.punctured)

    @classmethod
    def from_alist(cls, path: str | Path) -> "LDPCCode":
        """The code of an alist file. Raises MatrixFileError, with the line, if the file is malformed."""
        return cls(read_alist(path))

    @classmethod
    def from_quasi_cyclic(
        cls, path: str | Path, *, puncture: Columns = ()
    ) -> "LDPCCode | LinearRateMatchedCode":
        """The code of a base-matrix file; block columns that it says are punctured are, beside ``puncture``.

        Raises MatrixFileError, with the line, if it is malformed.
        """
        base = read_base_matrix(path)
        return punctured(cls(base.matrix(), lifting_size=base.z), puncture, base.punctured_columns())

    @classmethod
    def from_standard(cls, standard: str, n: int | None = None, rate: str | None = None) -> "LDPCCode":
        """A code of a standard, see ``standards.parity_check``. Raises ValueError if it has no such code."""
        matrix, blocks = standard_matrix(standard, n, rate), BLOCK_COLUMNS.get(standard)
        return cls(matrix, lifting_size=None if blocks is None else matrix.shape[1] // blocks)

    @classmethod
    def regular(cls, n: int, k: int, column_weight: int, *, seed: int = 0) -> "LDPCCode":
        """A random code of the regular ensemble of rate k / n, see ``gallager.regular_matrix``.

        Its dimension is above k if the rows drawn are dependent.
        """
        return cls(regular_matrix(n, k, column_weight, seed))


def punctured(
    code: LDPCCode, puncture: Columns, more: Sequence[int] = ()
) -> LDPCCode | LinearRateMatchedCode:
    """The code without the columns that ``puncture`` names and ``more``; itself where there are none."""
    columns = [*column_numbers(puncture, code.n, code.lifting_size), *more]
    return LinearRateMatchedCode(code, puncture=columns) if columns else code
