"""Degree distributions of Tanner graphs, and whole numbers of nodes of each degree.

T. Richardson and R. Urbanke, "Modern Coding Theory", 2008, section 3.3: from the edges' perspective lambda_d
and rho_d are shares of the edges, from the nodes' L_d and R_d shares of the nodes.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from ....vectors.whole_numbers import whole_number

#: As configurations give it: shares by degree.
Degrees: TypeAlias = dict[int | str, float]
Perspective = Literal["edge", "node"]
#: How much shares may add up to other than 1, since tables are rounded.
ROUNDED = 0.002

Counts = dict[int, int]


def node_shares(values: Mapping[Any, float], name: str, perspective: str) -> dict[int, float]:
    """The share of nodes of each degree, ascending.

    Raises ValueError, naming the distribution, if it is none.
    """
    if perspective not in ("edge", "node"):
        raise ValueError(f"perspective must be edge or node, got {perspective!r}")
    if not isinstance(values, Mapping) or not values:
        raise ValueError(
            f"{name} must give a share to each degree, such as {{2: 0.3, 3: 0.7}}, got {values!r:.60}"
        )
    shares: dict[int, float] = {}
    for key, share in values.items():
        degree = whole_number(
            int(key) if isinstance(key, str) and key.isdecimal() else key, f"{name}: a degree"
        )
        if degree < 1:
            raise ValueError(f"{name}: a degree must be at least 1, got {degree}")
        if degree in shares:
            raise ValueError(f"{name} gives degree {degree} twice")
        if not 0 < share <= 1 + ROUNDED:
            raise ValueError(f"{name}: the share of degree {degree} must lie in (0, 1], got {share}")
        shares[degree] = float(share)
    total = sum(shares.values())
    if abs(total - 1) > ROUNDED:
        scaled = ", ".join(f"{d}: {share / total:.6g}" for d, share in sorted(shares.items()))
        raise ValueError(f"{name} must add up to 1, and adds up to {total:.6g}: {{{scaled}}} would do")
    if perspective == "edge":
        shares = {degree: share / degree for degree, share in shares.items()}
    total = sum(shares.values())
    return {degree: share / total for degree, share in sorted(shares.items())}


def mean_degree(shares: Mapping[int, float]) -> float:
    """Edges for each node."""
    return sum(degree * share for degree, share in shares.items())


def whole_counts(
    variables: Mapping[int, float], n: int, checks: Mapping[int, float] | None, m: int
) -> tuple[Counts, Counts]:
    """Numbers of nodes of each degree, as near to the shares as whole numbers with equally many edges can be.

    The sum of all differences from n and m times the shares is least. Degrees beside those of the checks are
    taken only where there is no other way. Without shares of the checks they have one degree, or two that
    follow each other.

    Raises ValueError where there are no such numbers.
    """
    if checks is None:
        own = _nearest({degree: n * share for degree, share in variables.items()}, n)
        return own, even_degrees(sum(degree * count for degree, count in own.items()), m)
    from scipy.optimize import Bounds, LinearConstraint, milp  # which every start would wait for

    spare = {d + step for d in checks for step in (-1, 1)} - set(checks)
    sides = [(d, 1, n * share, 1.0) for d, share in variables.items()]
    sides += [(d, -1, m * share, 1.0) for d, share in checks.items()]
    sides += [(d, -1, 0.0, 1e3) for d in sorted(spare) if d > 0]
    degrees, signs, ideal, price = (np.array(column, float) for column in zip(*sides, strict=True))
    size = len(sides)
    # Unknown: the counts, and how far each is from the ideal.
    difference = np.hstack([np.eye(size), -np.eye(size)])
    other = np.hstack([-np.eye(size), -np.eye(size)])
    sums = np.zeros((3, 2 * size))
    sums[0, :size], sums[1, :size] = signs > 0, signs < 0
    sums[2, :size] = signs * degrees
    found = milp(
        np.concatenate([np.zeros(size), price]),
        constraints=[
            LinearConstraint(difference, -np.inf, ideal),
            LinearConstraint(other, -np.inf, -ideal),
            LinearConstraint(sums, [n, m, 0], [n, m, 0]),
        ],
        integrality=np.concatenate([np.ones(size), np.zeros(size)]),
        bounds=Bounds(0, np.inf),
        options={"time_limit": 20},
    )
    if found.x is None:
        wanted = n * mean_degree(variables) / mean_degree(checks)
        raise ValueError(
            f"variables and checks do not fit: {n} variables of these degrees have as many edges as "
            f"{wanted:.1f} checks of theirs, and n - k is {m}"
        )
    counts = np.rint(found.x[:size]).astype(int)
    both: tuple[Counts, Counts] = ({}, {})
    for degree, sign, count in zip(degrees.astype(int), signs, counts, strict=True):
        if count:
            side = both[int(sign < 0)]
            side[int(degree)] = side.get(int(degree), 0) + int(count)
    return dict(sorted(both[0].items())), dict(sorted(both[1].items()))


def even_degrees(edges: int, nodes: int) -> Counts:
    """Degrees of nodes that share edges as equally as possible."""
    least, more = divmod(edges, nodes)
    return {degree: count for degree, count in ((least, nodes - more), (least + 1, more)) if count}


def listed(counts: Mapping[int, int], *, descending: bool = False) -> npt.NDArray[np.int64]:
    """The degree of each node, in order."""
    degrees = sorted(counts, reverse=descending)
    return np.repeat(np.array(degrees, np.int64), [counts[degree] for degree in degrees])


def _nearest(ideal: Mapping[int, float], total: int) -> Counts:
    """Whole numbers of a sum with the least differences: the largest remainders are rounded up."""
    counts = {degree: int(value) for degree, value in ideal.items()}
    by_remainder = sorted(ideal, key=lambda degree: counts[degree] - ideal[degree])
    for degree in by_remainder[: total - sum(counts.values())]:
        counts[degree] += 1
    return {degree: count for degree, count in counts.items() if count}
