"""Parameters that several constructions have, checked."""

from collections.abc import Mapping
from typing import Any

from ....vectors.whole_numbers import whole_number
from ...binary.gf2 import MAX_ONES
from .degrees import Counts, Degrees, Perspective, mean_degree, node_shares, whole_counts

#: Longest codes that are constructed.
MOST_N = 1_000_000
#: Most edges of a graph that is grown, and of one whose edges are exchanged: a few minutes.
MOST_GROWN, MOST_EXCHANGED = 250_000, 2_000_000


def checked_length(n: Any, k: Any) -> tuple[int, int]:
    """n and k as whole numbers, 1 <= k < n; raises ValueError."""
    n, k = whole_number(n, "n"), whole_number(k, "k")
    if not 2 <= n <= MOST_N:
        raise ValueError(f"n must lie in 2 to {MOST_N}, got {n}")
    if not 1 <= k < n:
        raise ValueError(f"k must lie in 1 to n - 1 = {n - 1}, got {k}")
    return n, k


def checked_seed(seed: Any) -> int:
    """A seed, from 0; raises ValueError."""
    whole = whole_number(seed, "seed")
    if whole < 0:
        raise ValueError(f"seed must not be negative, got {whole}")
    return whole


def checked_range(value: Any, name: str, least: int, most: int) -> int:
    """A whole number in a range; raises ValueError."""
    whole = whole_number(value, name)
    if not least <= whole <= most:
        raise ValueError(f"{name} must lie in {least} to {most}, got {whole}")
    return whole


def variable_counts(
    count: int,
    checks: int,
    column_weight: int | None,
    variables: Degrees | None,
    perspective: Perspective,
) -> Counts:
    """How many of the variables have which degree: all the same, or as a distribution says."""
    if (column_weight is None) == (variables is None):
        raise ValueError("give one of column_weight, of all columns, and variables, the shares by degree")
    if column_weight is not None:
        return {checked_range(column_weight, "column_weight", 1, checks): count}
    assert variables is not None
    shares = node_shares(variables, "variables", perspective)
    if max(shares) > checks:
        raise ValueError(f"variables: degree {max(shares)} is more than there are checks, {checks}")
    return whole_counts(shares, count, None, checks)[0]


def told_degrees(wanted: Mapping[int, float], counts: Counts, total: int) -> str:
    """How far whole numbers of nodes are from the distribution that was asked for, in words."""
    off = sum(abs(counts.get(d, 0) - total * wanted.get(d, 0.0)) for d in {*counts, *wanted})
    return f"{off:.3g} of {total} nodes away from the distribution, mean {mean_degree(wanted):.6g}"


def checked_edges(edges: int, most: int = MAX_ONES, of: str = "the matrix") -> None:
    """Raise ValueError if there are too many."""
    if edges > most:
        raise ValueError(f"n must be smaller: {of} may have up to {most} ones, and would have {edges}")
