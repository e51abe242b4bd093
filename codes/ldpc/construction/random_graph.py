"""Tanner graphs with prescribed degrees whose edges are drawn at random, and then exchanged."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ...binary.gf2 import of_coordinates

#: Passes over the edges without improvement before the last 4-cycles are left in place.
PATIENCE = 10


class RandomGraph:
    """Edge i joins ``variable[i]`` and ``check[i]``.

    Parameters
    ----------
    variable, check
        An end of each edge: the checks are shuffled.
    variables, checks
        How many there are.
    uniform
        Draws from [0, 1).
    """

    def __init__(
        self,
        variable: Sequence[int],
        check: Sequence[int],
        variables: int,
        checks: int,
        uniform: Callable[[], float],
    ) -> None:
        self.uniform = uniform
        self.edges = edges = len(variable)
        self.variable, self.check = list(variable), list(check)
        self.shape = checks, variables
        check = self.check
        for i in range(edges - 1, 0, -1):
            j = int(uniform() * (i + 1))
            check[i], check[j] = check[j], check[i]
        self.around_variable: list[list[int]] = [[] for _ in range(variables)]
        self.around_check: list[list[int]] = [[] for _ in range(checks)]
        for v, c in zip(self.variable, check, strict=True):
            self.connect(v, c)

    @classmethod
    def of_degrees(
        cls,
        variables: npt.NDArray[np.int64],
        checks: npt.NDArray[np.int64],
        uniform: Callable[[], float],
    ) -> "RandomGraph":
        """A graph whose variables and checks have these degrees, which add up to the same."""
        variable, check = (np.repeat(np.arange(len(side)), side).tolist() for side in (variables, checks))
        return cls(variable, check, len(variables), len(checks), uniform)

    def matrix(self) -> scipy.sparse.csr_array:
        """The parity-check matrix; raises ValueError if an edge is there twice."""
        return of_coordinates(self.check, self.variable, self.shape, "the matrix")

    def has_double_edges(self) -> bool:
        """Whether an edge is there twice."""
        return len(set(zip(self.check, self.variable, strict=True))) < self.edges

    def connect(self, v: int, c: int) -> None:
        """Add an edge to what is around its ends."""
        self.around_variable[v].append(c)
        self.around_check[c].append(v)

    def disconnect(self, v: int, c: int) -> None:
        """Take one away."""
        self.around_variable[v].remove(c)
        self.around_check[c].remove(v)

    def conflicts(self, v: int, c: int) -> int:
        """Double edges, counted heavily, and 4-cycles that an edge from v to c would be on."""
        around_variable = self.around_variable
        own = around_variable[v]
        count = self.edges if c in own else 0
        for other in self.around_check[c]:
            if other != v:
                for between in around_variable[other]:
                    if between != c and between in own:
                        count += 1
        return count

    def exchange(self, a: int, b: int) -> bool:
        """Swap the checks of two edges if that leaves fewer conflicts."""
        va, ca, vb, cb = self.variable[a], self.check[a], self.variable[b], self.check[b]
        if va == vb or ca == cb:
            return False
        self.disconnect(va, ca)
        before = self.conflicts(va, ca)
        self.disconnect(vb, cb)
        before += self.conflicts(vb, cb)
        after = self.conflicts(va, cb)
        self.connect(va, cb)
        after += self.conflicts(vb, ca)
        if after < before:
            self.connect(vb, ca)
            self.check[a], self.check[b] = cb, ca
            return True
        self.disconnect(va, cb)
        self.connect(va, ca)
        self.connect(vb, cb)
        return False

    def remove_cycles(self, girth_6: bool) -> None:
        """Exchange edges until no double edge is left, nor a 4-cycle with ``girth_6``, or patience ends."""
        best, patience = math.inf, PATIENCE
        while patience:
            total = self.exchange_all(girth_6)
            if total == 0 or (total < self.edges and not girth_6):
                break
            patience = PATIENCE if total < best else patience - 1
            best = min(best, total)

    def exchange_all(self, girth_6: bool) -> int:
        """Try to exchange each edge that has conflicts once; returns the conflicts that were met."""
        total = 0
        for edge in range(self.edges):
            v, c = self.variable[edge], self.check[edge]
            self.disconnect(v, c)
            found = self.conflicts(v, c)
            self.connect(v, c)
            total += found
            if found >= self.edges or (found and girth_6):
                for _ in range(20):
                    if self.exchange(edge, int(self.uniform() * self.edges)):
                        break
        return total
