"""The Tanner graph of a parity-check matrix (Tanner, 1981): what belief propagation works on."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse

from .gf2 import as_sparse

Indices = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class TannerGraph:
    """Checks and variables, with the edges listed check by check.

    Attributes
    ----------
    variables
        Number of variables, the columns of the matrix.
    check_start
        int32 (checks + 1): check c has the edges check_start[c] to check_start[c + 1].
    edge_variable
        int32 (edges): the variable at the end of each edge, ascending within a check.

    Raises
    ------
    ValueError
        If the arrays are of another type or do not describe a graph: kernels trust them from then on.
    """

    variables: int
    check_start: Indices
    edge_variable: Indices

    def __post_init__(self) -> None:
        start, ends = self.check_start, self.edge_variable
        for name, array in (("check_start", start), ("edge_variable", ends)):
            if not isinstance(array, np.ndarray) or array.dtype != np.int32 or array.ndim != 1:
                raise ValueError(f"{name} must be an int32 array of one dimension")
        if len(start) == 0 or start[0] != 0 or start[-1] != len(ends) or (start[1:] < start[:-1]).any():
            raise ValueError(f"check_start must ascend from 0 to the number of edges, {len(ends)}")
        if len(ends) and not 0 <= ends.min() <= ends.max() < self.variables:
            raise ValueError(f"edge_variable must lie in 0 to {self.variables - 1}")
        first = np.zeros(len(ends) + 1, np.bool_)
        first[start] = True
        if not (first[1:-1] | (ends[1:] > ends[:-1])).all():
            raise ValueError("edge_variable must ascend within each check")

    @classmethod
    def from_matrix(cls, matrix: Any) -> "TannerGraph":
        """The graph of a parity-check matrix of 0 and 1: NumPy array or SciPy sparse, (checks, variables).

        It may have no rows. Raises ValueError if it holds anything else.
        """
        if matrix.shape[0] == 0:
            return cls(matrix.shape[1], np.zeros(1, np.int32), np.zeros(0, np.int32))
        checks = as_sparse(matrix, "matrix")
        return cls(checks.shape[1], checks.indptr.astype(np.int32), checks.indices.astype(np.int32))

    @property
    def checks(self) -> int:
        """Number of checks, the rows of the matrix."""
        return len(self.check_start) - 1

    @property
    def edges(self) -> int:
        """Number of edges, the ones of the matrix."""
        return len(self.edge_variable)

    @cached_property
    def check_degrees(self) -> Indices:
        """Ones in each row, int32 (checks)."""
        return np.diff(self.check_start)

    @cached_property
    def variable_degrees(self) -> Indices:
        """Ones in each column, int32 (variables)."""
        return np.bincount(self.edge_variable, minlength=self.variables).astype(np.int32)

    def matrix(self) -> npt.NDArray[np.uint8]:
        """The parity-check matrix, uint8 (checks, variables)."""
        dense = np.zeros((self.checks, self.variables), np.uint8)
        dense[np.repeat(np.arange(self.checks), self.check_degrees), self.edge_variable] = 1
        return dense

    def sparse_matrix(self) -> scipy.sparse.csr_array:
        """The parity-check matrix, uint8 CSR (checks, variables)."""
        ones = np.ones(self.edges, np.uint8)
        shape = (self.checks, self.variables)
        return scipy.sparse.csr_array((ones, self.edge_variable, self.check_start), shape=shape)

    def girth(self) -> float:
        """Length of the shortest cycle: an even number from 4; infinity for a forest.

        Breadth-first search from every variable, each cut off at the best length known.
        """
        neighbours: list[list[int]] = [[] for _ in range(self.variables + self.checks)]
        edge_check = np.repeat(np.arange(self.checks), self.check_degrees) + self.variables
        for variable, check in zip(self.edge_variable.tolist(), edge_check.tolist(), strict=True):
            neighbours[variable].append(check)
            neighbours[check].append(variable)
        best = float("inf")
        for root in range(self.variables):
            depth, parent, level = {root: 0}, {root: -1}, [root]
            while level and 2 * depth[level[0]] + 2 <= best:
                following = []
                for node in level:
                    for other in neighbours[node]:
                        if other == parent[node]:
                            continue
                        if other in depth:
                            best = min(best, depth[node] + depth[other] + 1)
                        else:
                            depth[other], parent[other] = depth[node] + 1, node
                            following.append(other)
                level = following
            if best == 4:
                break
        return best
