"""Codes with prescribed degrees: at random, column by column, or by progressive edge growth."""

import math
import random
from collections import Counter
from collections.abc import Callable

import numpy as np
import scipy.sparse

from ...binary.gf2 import of_coordinates
from ..gallager import regular_matrix
from .checked import (
    MOST_EXCHANGED,
    MOST_GROWN,
    MOST_N,
    checked_edges,
    checked_length,
    checked_range,
    checked_seed,
    told_degrees,
    variable_counts,
)
from .degrees import Degrees, Perspective, even_degrees, listed, mean_degree, node_shares, whole_counts
from .growth import grown
from .made import Made
from .random_graph import RandomGraph

#: How often a column is drawn anew before a 4-cycle is taken.
REDRAWN = 100
#: Steps over rows that columns may take to be placed.
MOST_STEPS = 10_000_000_000


def regular(*, n: int, k: int, column_weight: int, seed: int = 0) -> Made:
    """A random regular code without 4-cycles where the degrees permit."""
    return Made(regular_matrix(n, k, column_weight, seed))


def gallager(*, n: int, k: int, column_weight: int, seed: int = 0) -> Made:
    """Gallager's own ensemble: each band of rows covers all columns once, in a random order.

    R. G. Gallager, "Low-Density Parity-Check Codes", 1963, section 2.2. Its dimension is above k, since each
    band adds up to the row of ones; 4-cycles are left.
    """
    n, k = checked_length(n, k)
    checks = n - k
    weight = checked_range(column_weight, "column_weight", 2, checks)
    if checks % weight or n % (checks // weight):
        fits = [c for c in range(weight, n, weight) if n % (c // weight) == 0]
        nearest = min(fits, key=lambda c: abs(c - checks), default=None)
        would = "" if nearest is None else f"; k = {n - nearest} would do"
        raise ValueError(
            f"k: n - k = {checks} rows must be {weight} equal bands whose rows share {n} columns{would}"
        )
    draw = np.random.default_rng(checked_seed(seed))
    band = checks // weight
    rows = np.concatenate([i * band + np.arange(n) // (n // band) for i in range(weight)])
    columns = np.concatenate([np.arange(n), *(draw.permutation(n) for _ in range(weight - 1))])
    return Made(of_coordinates(rows, columns, (checks, n), "the matrix"))


def mackay_neal(*, n: int, k: int, column_weight: int, seed: int = 0) -> Made:
    """Column by column, into the rows with the fewest ones, without 4-cycles where they are found.

    D. J. C. MacKay and R. M. Neal, 1997, "Near Shannon limit performance of low density parity check
    codes"; MacKay, 1999, construction 1A.
    """
    n, k = checked_length(n, k)
    checks = n - k
    weight = checked_range(column_weight, "column_weight", 1, checks)
    checked_edges(n * weight, MOST_STEPS // checks, "construction: mackay-neal")
    uniform = random.Random(checked_seed(seed)).random
    rows_of: list[list[int]] = []
    columns_of: list[list[int]] = [[] for _ in range(checks)]
    by_weight: list[list[int]] = [list(range(checks))]
    for column in range(n):
        best, fewest = _lightest(by_weight, weight, uniform), -1
        for attempt in range(REDRAWN):
            chosen = best if attempt == 0 else _lightest(by_weight, weight, uniform)
            meets = Counter(other for row in chosen for other in columns_of[row])
            cycles = sum(times > 1 for times in meets.values())
            if fewest < 0 or cycles < fewest:
                best, fewest = chosen, cycles
            if cycles == 0:
                break
        by_weight.append([])
        for row in best:
            by_weight[len(columns_of[row])].remove(row)
            columns_of[row].append(column)
            by_weight[len(columns_of[row])].append(row)
        rows_of.append(best)
    rows = np.array(rows_of).ravel()
    return Made(of_coordinates(rows, np.repeat(np.arange(n), weight), (checks, n), "the matrix"))


def _lightest(by_weight: list[list[int]], count: int, uniform: Callable[[], float]) -> list[int]:
    """Rows of least weight, at random among those that are as light."""
    chosen: list[int] = []
    for rows in by_weight:
        missing = count - len(chosen)
        if len(rows) <= missing:
            chosen += rows
        else:
            places: set[int] = set()
            while len(places) < missing:
                places.add(int(uniform() * len(rows)))
            chosen += [rows[i] for i in sorted(places)]
        if len(chosen) == count:
            break
    return chosen


def irregular(
    *,
    n: int,
    variables: Degrees,
    checks: Degrees | None = None,
    k: int | None = None,
    perspective: Perspective = "edge",
    seed: int = 0,
) -> Made:
    """A random code with degree distributions, without 4-cycles where they are found.

    k follows from n and both distributions; with k given, ``checks`` may be left out, and checks have degrees
    that are equal or differ by one.
    """
    of_variables = node_shares(variables, "variables", perspective)
    of_checks = None if checks is None else node_shares(checks, "checks", perspective)
    length = checked_range(n, "n", 2, MOST_N)
    if k is None:
        if of_checks is None:
            raise ValueError("checks is missing: the degrees of the checks, or k")
        ends, most = mean_degree(of_variables), mean_degree(of_checks)
        rate = 1 - ends / most
        if not 1 / length <= rate < 1:
            raise ValueError(
                f"variables and checks make a code of rate {rate:.6g}: the mean degree of checks, "
                f"{most:.6g}, must exceed that of variables, {ends:.6g}"
            )
        k = round(rate * length)
    length, k = checked_length(length, k)
    counts = whole_counts(of_variables, length, of_checks, length - k)
    columns, rows = listed(counts[0], descending=True), listed(counts[1])
    if columns.max() > length - k or rows.max() > length:
        raise ValueError(f"variables: degree {columns.max()} is more than there are checks, {length - k}")
    checked_edges(int(columns.sum()), MOST_EXCHANGED, "construction: irregular")
    graph = RandomGraph.of_degrees(columns, rows, random.Random(checked_seed(seed)).random)
    pairs = float((columns * (columns - 1)).sum()) / 2
    graph.remove_cycles(girth_6=pairs <= math.comb(length - k, 2))
    if graph.has_double_edges():
        raise ValueError("variables: no matrix without double edges was found: take a larger n")
    facts = {"variables, as rounded": told_degrees(of_variables, counts[0], length)}
    if of_checks is not None:
        facts["checks, as rounded"] = told_degrees(of_checks, counts[1], length - k)
    return Made(graph.matrix(), facts=facts)


def peg(
    *,
    n: int,
    k: int,
    column_weight: int | None = None,
    variables: Degrees | None = None,
    perspective: Perspective = "edge",
    ace: bool = False,
    seed: int = 0,
) -> Made:
    """Progressive edge growth: each edge goes to the check farthest from its variable.

    Columns have one weight, or degrees by a distribution; rows have nearly equal weights. ``ace`` prefers, of
    checks as far, those whose cycles have the most edges to the rest of the graph.
    """
    n, k = checked_length(n, k)
    counts = variable_counts(n, n - k, column_weight, variables, perspective)
    columns = listed(counts, descending=True)
    checked_edges(int(columns.sum()), MOST_GROWN, "construction: peg")
    # Variables of low degree first, while there is the most choice.
    order = np.arange(n)[::-1]
    owner = np.repeat(order, columns[order])
    matrix = grown(owner, (n - k, n), ace=bool(ace), seed=checked_seed(seed))
    facts = {}
    if variables is not None:
        facts["variables, as rounded"] = told_degrees(
            node_shares(variables, "variables", perspective), counts, n
        )
    return Made(matrix, facts=facts)


def ldgm(*, n: int, k: int, column_weight: int, seed: int = 0) -> Made:
    """Low-density generator matrix: each information bit enters ``column_weight`` parity bits.

    J. Garcia-Frias and W. Zhong, 2003. The parity bits have degree one, and the code words of low weight.
    """
    n, k = checked_length(n, k)
    checks = n - k
    weight = checked_range(column_weight, "column_weight", 1, checks)
    part = _random_part(k, checks, np.full(k, weight), seed)
    return Made(
        scipy.sparse.csr_array(scipy.sparse.hstack([part, scipy.sparse.eye_array(checks, dtype=np.uint8)]))
    )


def _random_part(
    variables: int, checks: int, degrees: "np.typing.NDArray[np.int64]", seed: int
) -> scipy.sparse.csr_array:
    """Random columns of these degrees, with rows as equal as possible, and few 4-cycles."""
    rows = listed(even_degrees(int(degrees.sum()), checks))
    checked_edges(int(degrees.sum()), MOST_EXCHANGED, "construction: ldgm")
    graph = RandomGraph.of_degrees(degrees, rows, random.Random(checked_seed(seed)).random)
    pairs = float((degrees * (degrees - 1)).sum()) / 2
    graph.remove_cycles(girth_6=pairs <= math.comb(checks, 2))
    if graph.has_double_edges():
        raise ValueError("column_weight: no matrix without double edges was found")
    return graph.matrix()
