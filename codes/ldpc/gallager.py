"""Random regular LDPC matrices without 4-cycles where the degrees permit (Gallager, 1963, chapter 2)."""

import math
import random
from collections.abc import Callable

import numpy as np
import scipy.sparse

from ...vectors.whole_numbers import whole_number
from ..binary.gf2 import MAX_ENTRIES

#: Passes over the edges without improvement before the last 4-cycles are left in place.
PATIENCE = 10
#: Most steps of one pass over the edges, some 20 seconds: dense matrices have too many cycles to look for.
MAX_STEPS = 200_000_000


def regular_matrix(n: int, k: int, column_weight: int, seed: int = 0) -> scipy.sparse.csr_array:
    """A random (n - k) by n matrix with ``column_weight`` ones a column and equally many in each row.

    Edges are drawn at random, then those on double edges or 4-cycles change places with random
    others until none is left. Where the degrees leave no room for girth 6 only the double edges go, and
    where it is not found as few 4-cycles remain as were reached. The same arguments give the
    same matrix on every machine.

    Parameters
    ----------
    n, k
        Length and design dimension, 1 <= k < n. The dimension of the code is larger if the rows are
        dependent, as they are for an even column weight.
    column_weight
        Ones in each column, from 2 to n - k; n column_weight must be a multiple of n - k.
    seed
        Any integer from 0.

    Raises
    ------
    ValueError
        If the numbers do not fit, or the degrees are so close to a full matrix that no matrix without
        double edges is found.
    """
    n, k, seed = whole_number(n, "n"), whole_number(k, "k"), whole_number(seed, "seed")
    column_weight = whole_number(column_weight, "column_weight")
    _check_arguments(n, k, column_weight, seed)
    checks = n - k
    # random.Random.random() is the one generator that Python promises never to change.
    graph = _RegularGraph(n, checks, column_weight, random.Random(seed).random)
    # Each column takes column_weight choose 2 pairs of rows, and no pair may be taken twice.
    graph.remove_cycles(girth_6=n * math.comb(column_weight, 2) <= math.comb(checks, 2))
    pairs = sorted(set(zip(graph.check, graph.variable, strict=True)))
    if len(pairs) < graph.edges:
        raise ValueError(
            f"no matrix without double edges was found for n = {n}, k = {k}, column_weight = {column_weight}"
        )
    rows, columns = np.array(pairs).T
    return scipy.sparse.csr_array((np.ones(graph.edges, np.uint8), (rows, columns)), shape=(checks, n))


def _check_arguments(n: int, k: int, column_weight: int, seed: int) -> None:
    """Raises ValueError for arguments of ``regular_matrix`` that do not fit."""
    checks = n - k
    if n * (n - k) > MAX_ENTRIES:
        raise ValueError(f"n must be smaller: up to {MAX_ENTRIES} entries of a matrix are handled, n = {n}")
    if not 1 <= k < n:
        raise ValueError(f"k must lie in 1 to n - 1 = {n - 1}, got {k}")
    if not 2 <= column_weight <= checks:
        raise ValueError(f"column_weight must lie in 2 to n - k = {checks}, got {column_weight}")
    if n * column_weight % checks:
        nearest = min(
            (c for c in range(column_weight, n) if n * column_weight % c == 0),
            key=lambda c: abs(c - checks),
        )
        raise ValueError(
            f"k = {k} does not fit: {n} columns of weight {column_weight} cannot be shared equally by "
            f"n - k = {checks} rows; k = {n - nearest} would do"
        )
    # An edge meets the others of its row, and each of those the ones of its column.
    if n * column_weight * (n * column_weight // checks) * column_weight**2 > MAX_STEPS:
        raise ValueError(
            f"column_weight must be smaller: a random matrix with n = {n}, k = {k}, column_weight = "
            f"{column_weight} takes too long to find; give it as an alist file"
        )
    if seed < 0:
        raise ValueError(f"seed must not be negative, got {seed}")


class _RegularGraph:
    """A Tanner graph with equal degrees, whose edges are drawn at random and may then be exchanged.

    Edge i joins ``variable[i]`` and ``check[i]``. ``uniform`` draws from [0, 1).
    """

    def __init__(self, n: int, checks: int, column_weight: int, uniform: Callable[[], float]) -> None:
        self.uniform = uniform
        self.edges = edges = n * column_weight
        self.variable = [edge // column_weight for edge in range(edges)]
        self.check = check = [edge % checks for edge in range(edges)]
        for i in range(edges - 1, 0, -1):
            j = int(uniform() * (i + 1))
            check[i], check[j] = check[j], check[i]
        self.around_variable: list[list[int]] = [[] for _ in range(n)]
        self.around_check: list[list[int]] = [[] for _ in range(checks)]
        for v, c in zip(self.variable, check, strict=True):
            self.connect(v, c)

    def connect(self, v: int, c: int) -> None:
        self.around_variable[v].append(c)
        self.around_check[c].append(v)

    def disconnect(self, v: int, c: int) -> None:
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
