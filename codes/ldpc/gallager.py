"""Random regular LDPC matrices without 4-cycles where the degrees permit (Gallager, 1963, chapter 2)."""

import math
import random

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
    # random.Random.random() is the one generator that Python promises never to change.
    uniform = random.Random(seed).random
    edges = n * column_weight
    variable = [edge // column_weight for edge in range(edges)]
    check = [edge % checks for edge in range(edges)]
    for i in range(edges - 1, 0, -1):
        j = int(uniform() * (i + 1))
        check[i], check[j] = check[j], check[i]
    around_variable: list[list[int]] = [[] for _ in range(n)]
    around_check: list[list[int]] = [[] for _ in range(checks)]
    for v, c in zip(variable, check, strict=True):
        around_variable[v].append(c)
        around_check[c].append(v)

    def conflicts(v: int, c: int) -> int:
        """Double edges, counted heavily, and 4-cycles that an edge from v to c would be on."""
        own = around_variable[v]
        count = edges if c in own else 0
        for other in around_check[c]:
            if other != v:
                for between in around_variable[other]:
                    if between != c and between in own:
                        count += 1
        return count

    def disconnect(v: int, c: int) -> None:
        around_variable[v].remove(c)
        around_check[c].remove(v)

    def connect(v: int, c: int) -> None:
        around_variable[v].append(c)
        around_check[c].append(v)

    def exchange(a: int, b: int) -> bool:
        """Swap the checks of two edges if that leaves fewer conflicts."""
        va, ca, vb, cb = variable[a], check[a], variable[b], check[b]
        if va == vb or ca == cb:
            return False
        disconnect(va, ca)
        before = conflicts(va, ca)
        disconnect(vb, cb)
        before += conflicts(vb, cb)
        after = conflicts(va, cb)
        connect(va, cb)
        after += conflicts(vb, ca)
        if after < before:
            connect(vb, ca)
            check[a], check[b] = cb, ca
            return True
        disconnect(va, cb)
        connect(va, ca)
        connect(vb, cb)
        return False

    # Each column takes column_weight choose 2 pairs of rows, and no pair may be taken twice.
    girth_6 = n * math.comb(column_weight, 2) <= math.comb(checks, 2)
    best, patience = math.inf, PATIENCE
    while patience:
        total = 0
        for edge in range(edges):
            v, c = variable[edge], check[edge]
            disconnect(v, c)
            found = conflicts(v, c)
            connect(v, c)
            total += found
            if found >= edges or (found and girth_6):
                for _ in range(20):
                    if exchange(edge, int(uniform() * edges)):
                        break
        if total == 0 or (total < edges and not girth_6):
            break
        patience = PATIENCE if total < best else patience - 1
        best = min(best, total)
    pairs = sorted(set(zip(check, variable, strict=True)))
    if len(pairs) < edges:
        raise ValueError(
            f"no matrix without double edges was found for n = {n}, k = {k}, column_weight = {column_weight}"
        )
    rows, columns = np.array(pairs).T
    return scipy.sparse.csr_array((np.ones(edges, np.uint8), (rows, columns)), shape=(checks, n))
