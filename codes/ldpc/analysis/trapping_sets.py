"""Small trapping sets: a variables whose subgraph has b checks of odd degree.

Grown from the shortest cycles, variable by variable (M. Karimi and A. Banihashemi, 2012, "Efficient algorithm
for finding dominant trapping sets of LDPC codes"); (a, b) are those of T. Richardson (2003, "Error floors of
LDPC codes"). What does not contain a short cycle, or is reached over sets with more odd checks only,
is not found.
"""

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...binary.tanner_graph import TannerGraph

#: Most sets of a size that are grown further.
MOST_SETS = 200_000

Set = tuple[int, ...]


@dataclass(frozen=True)
class TrappingSets:
    """Trapping sets that were found.

    Attributes
    ----------
    counts
        How many there are by (a, b), in ascending order.
    smallest
        One of each: its variables, ascending.
    complete
        Whether all that grow from the cycles were found, or time or room ended before.
    """

    counts: dict[tuple[int, int], int]
    smallest: dict[tuple[int, int], Set]
    complete: bool


def trapping_sets(
    graph: TannerGraph,
    girth: int,
    lifting_size: int | None = None,
    *,
    largest: int = 8,
    most_odd: int = 4,
    seconds: float = 10,
) -> TrappingSets:
    """Trapping sets of up to ``largest`` variables and ``most_odd`` odd checks, grown from shortest cycles.

    Parameters
    ----------
    graph
        The Tanner graph.
    girth
        Length of its shortest cycles, which are what is grown.
    lifting_size
        Of a quasi-cyclic graph: one set of each orbit is grown.
    largest, most_odd
        Most variables, and most checks that an odd number of them meet.
    seconds
        The time after which growing ends.
    """
    return _Growth(graph, lifting_size, most_odd, time.monotonic() + seconds).run(girth, largest)


class _Growth:
    def __init__(self, graph: TannerGraph, lifting_size: int | None, most_odd: int, end: float) -> None:
        start = graph.check_start
        self.variables_of = [graph.edge_variable[a:b].tolist() for a, b in itertools.pairwise(start)]
        by_variable = np.argsort(graph.edge_variable, kind="stable")
        check = np.repeat(np.arange(graph.checks), graph.check_degrees)[by_variable]
        first = np.concatenate([[0], np.cumsum(graph.variable_degrees)])
        self.checks_of = [check[a:b].tolist() for a, b in itertools.pairwise(first)]
        self.z = lifting_size or 1
        self.most_odd, self.end, self.late = most_odd, end, False

    def run(self, girth: int, largest: int) -> TrappingSets:
        counts: Counter[tuple[int, int]] = Counter()
        smallest: dict[tuple[int, int], Set] = {}
        level: dict[Set, int] = {}
        complete = True
        if girth // 2 <= largest:
            for cycle in self.cycles(girth // 2):
                level.setdefault(*self.orbit(cycle))
        for size in range(girth // 2, largest + 1):
            following: dict[Set, int] = {}
            for variables, copies in level.items():
                odd = self.odd(variables)
                if len(odd) > self.most_odd:
                    continue
                counts[size, len(odd)] += copies
                smallest.setdefault((size, len(odd)), variables)
                if size < largest and len(following) < MOST_SETS and not self.is_late():
                    self.extend(variables, odd, following)
            complete = complete and not self.late and len(following) < MOST_SETS
            level = following
        return TrappingSets(dict(sorted(counts.items())), dict(sorted(smallest.items())), complete)

    def is_late(self) -> bool:
        self.late = self.late or time.monotonic() > self.end
        return self.late

    def odd(self, variables: Set) -> set[int]:
        """Checks that an odd number of the variables meet."""
        found: set[int] = set()
        for variable in variables:
            found.symmetric_difference_update(self.checks_of[variable])
        return found

    def extend(self, variables: Set, odd: set[int], into: dict[Set, int]) -> None:
        """All sets with a variable more, one of an odd check, that have few enough odd checks."""
        met: Counter[int] = Counter()
        for check in odd:
            met.update(self.variables_of[check])
        for variable in variables:
            del met[variable]
        for variable, times in met.items():
            if len(odd) + len(self.checks_of[variable]) - 2 * times <= self.most_odd:
                orbit, copies = self.orbit((*variables, variable))
                into[orbit] = copies

    def orbit(self, variables: Set) -> tuple[Set, int]:
        """The least of a set's copies under the shifts of a quasi-cyclic graph, and how many there are."""
        z = self.z
        if z == 1:
            return tuple(sorted(variables)), 1
        shifted = [
            tuple(sorted(v - v % z + (v % z - shift) % z for v in variables))
            for shift in {v % z for v in variables}
        ]
        least = min(shifted)
        return least, z // shifted.count(least)

    def cycles(self, half: int) -> Iterator[Set]:
        """The variables of cycles of 2 half edges, each cycle, or one of its copies, at least once."""
        for root in range(0, len(self.checks_of), self.z):
            if self.is_late():
                return
            # Variables below the root, or its block, were roots before.
            yield from self.paths(root, (root,), -1, -1, half)

    def paths(self, root: int, path: Set, last: int, first: int, half: int) -> Iterator[Set]:
        at = path[-1]
        for check in self.checks_of[at]:
            if check == last:
                continue
            members = self.variables_of[check]
            if len(path) == half:
                if check != first and root in members:
                    yield path
                continue
            for other in members:
                if other >= root and other not in path:
                    yield from self.paths(root, (*path, other), check, check if first < 0 else first, half)
