"""Random regular LDPC matrices without 4-cycles where the degrees permit (Gallager, 1963, chapter 2)."""

import math
import random

import scipy.sparse

from ...vectors.whole_numbers import whole_number
from ..binary.gf2 import MAX_ENTRIES
from .construction.random_graph import RandomGraph

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
    edges = n * column_weight
    graph = RandomGraph(
        [edge // column_weight for edge in range(edges)],
        [edge % checks for edge in range(edges)],
        n,
        checks,
        random.Random(seed).random,
    )
    # Each column takes column_weight choose 2 pairs of rows, and no pair may be taken twice.
    graph.remove_cycles(girth_6=n * math.comb(column_weight, 2) <= math.comb(checks, 2))
    if graph.has_double_edges():
        raise ValueError(
            f"no matrix without double edges was found for n = {n}, k = {k}, column_weight = {column_weight}"
        )
    return graph.matrix()


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
