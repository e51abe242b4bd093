"""Short cycles of Tanner graphs, counted.

4- and 6-cycles by products of the adjacency of checks (T. Halford and K. Chugg, 2006, "An algorithm for
counting short cycles in bipartite graphs"); longer ones, up to length 2 g - 2 with g the girth, by closed
walks that never turn back: those so short are cycles (M. Karimi and A. Banihashemi, 2013, "Message-passing
algorithms for counting short cycles in a graph").
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import scipy.sparse

from ...binary.tanner_graph import TannerGraph

#: Most steps of a count that is not asked for; a second or so.
MOST_STEPS = 30_000_000
#: Most steps from edge to edge that are stored.
MOST_STORED = 8_000_000
#: Edges whose walks are followed together.
TOGETHER = 2048

#: SciPy's csr_array of whole numbers.
Sparse: TypeAlias = Any


@dataclass(frozen=True)
class Cycles:
    """Short cycles of a graph.

    Attributes
    ----------
    counts
        How many cycles there are of each length that was counted, from 4 up without a gap.
    girth
        Length of the shortest cycle: infinity for a forest; None where no cycle is as short as those counted.
    """

    counts: dict[int, int]
    girth: float | None


def short_cycles(
    graph: TannerGraph, lifting_size: int | None = None, longest: int = 10, most_steps: float = MOST_STEPS
) -> Cycles:
    """Numbers of cycles of lengths 4, 6, 8, ..., up to ``longest`` and to twice the girth less 2.

    Parameters
    ----------
    graph
        Any Tanner graph.
    lifting_size
        Of a quasi-cyclic one, blocks of as many checks and variables being circulants: one edge of each
        circulant's diagonals is followed then, in place of all.
    longest
        Length of the longest cycles that are counted.
    most_steps
        Most products of a count: longer cycles, whose count takes more, are left out.

    Raises
    ------
    ValueError
        If ``lifting_size`` does not divide the graph into circulants.

    Examples
    --------
    >>> short_cycles(TannerGraph.from_matrix(np.ones((2, 3), np.uint8))).counts
    {4: 3, 6: 0}
    """
    z = lifting_size or 1
    if graph.checks % z or graph.variables % z:
        raise ValueError(
            f"lifting_size must divide {graph.checks} checks and {graph.variables} variables, got {z}"
        )
    checks = scipy.sparse.csr_array(
        (np.ones(graph.edges, np.int64), graph.edge_variable, graph.check_start),
        shape=(graph.checks, graph.variables),
    )
    counts: dict[int, int] = {}
    pairs = (np.square(np.diff(side.indptr).astype(np.float64)).sum() for side in (checks, checks.T.tocsr()))
    if min(pairs) <= most_steps:
        counts[4] = _four(checks)
        adjacency = _between(checks)
        if longest >= 6 and _products(adjacency, z) <= most_steps:
            counts[6] = _six(checks, adjacency, z)
    found = next((length for length, count in counts.items() if count), None)
    if found != 4 and 6 in counts and longest >= 8 and _steps(graph) <= min(most_steps, MOST_STORED):
        walks = _Walks(graph, z)
        for length in range(8, longest + 1, 2):
            if (found is not None and length >= 2 * found) or walks.products(length // 2) > most_steps:
                break
            counts[length] = walks.closed(length // 2) // length
            found = length if found is None and counts[length] else found
    if found is None and _is_forest(graph):
        return Cycles(counts, float("inf"))
    return Cycles(counts, found)


def _is_forest(graph: TannerGraph) -> bool:
    """Whether there is no cycle: as many edges as nodes less components."""
    nodes = graph.checks + graph.variables
    if graph.edges >= nodes:
        return False
    check = np.repeat(np.arange(graph.checks), graph.check_degrees)
    joined = scipy.sparse.coo_array(
        (np.ones(graph.edges, np.int8), (check, graph.checks + graph.edge_variable)), shape=(nodes, nodes)
    )
    components = scipy.sparse.csgraph.connected_components(joined, directed=False, return_labels=False)
    return int(graph.edges) == nodes - int(components)


def _between(checks: Sparse) -> Sparse:
    """How many columns each two rows share, nothing for a row with itself."""
    shared = (checks @ checks.T).tocoo()
    row, column = shared.coords
    apart = row != column
    return scipy.sparse.csr_array((shared.data[apart], (row[apart], column[apart])), shape=shared.shape)


def _four(checks: Sparse) -> int:
    """Pairs of variables that two checks share; of the side that has fewer pairs to look at."""
    across = np.square(np.diff(checks.indptr).astype(np.float64)).sum()
    down = np.square(np.bincount(checks.indices, minlength=checks.shape[1]).astype(np.float64)).sum()
    shared = _between(checks if down <= across else checks.T.tocsr()).data
    return int((shared * (shared - 1) // 2).sum()) // 2


def _six(checks: Sparse, shared: Sparse, z: int) -> int:
    """Triples of checks with three different variables, each between two of them.

    Of each block of z rows, which are shifts of each other, one is looked at.
    """
    degrees = np.bincount(checks.indices, minlength=checks.shape[1]).astype(np.int64)
    walks = 0
    for first in range(0, shared.shape[0], TOGETHER * z):
        own = shared[first : first + TOGETHER * z : z]
        walks += z * int((own @ shared).multiply(own).sum())
    weighted = (checks * (degrees - 2)[None, :]) @ checks.T
    # Those that have one variable twice, and, taken away too often, the one that all three share.
    twice = int(shared.multiply(weighted).sum()) // 2
    return walks // 6 - twice + 2 * int((degrees * (degrees - 1) * (degrees - 2) // 6).sum())


def _products(shared: Sparse, z: int) -> float:
    """Multiplications of one row of each block times all."""
    own = shared[::z]
    return float(np.diff(shared.indptr).astype(np.float64)[own.indices].sum())


def _steps(graph: TannerGraph) -> float:
    """Steps that the walks may take, from all edges together."""
    check = np.repeat(graph.check_degrees, graph.check_degrees) - 1.0
    return float((check * (graph.variable_degrees[graph.edge_variable] - 1)).sum())


class _Walks:
    """Walks from edge to edge, from a variable over a check to the next variable, which never turn back.

    Of each block of z checks they begin at one.
    """

    def __init__(self, graph: TannerGraph, z: int) -> None:
        edges = graph.edges
        check = np.repeat(np.arange(graph.checks), graph.check_degrees)
        by_variable = np.argsort(graph.edge_variable, kind="stable")
        variable_start = np.concatenate([[0], np.cumsum(graph.variable_degrees)])
        across = _others(graph.check_start, np.arange(edges), check)
        down = _others(variable_start, by_variable, graph.edge_variable)
        self.step: Sparse = (across @ down).tocsr()
        self.back: Sparse = self.step.T.tocsr()
        self.start, self.weight = np.flatnonzero(check % z == 0), z

    def products(self, length: int) -> float:
        """About how many multiplications ``closed`` takes."""
        degree = self.step.nnz / max(1, self.step.shape[0])
        return float(2.0 * len(self.start) * degree ** ((length + 1) // 2))

    def closed(self, length: int) -> int:
        """Walks of a number of steps that end where they began."""
        there, back = (length + 1) // 2, length // 2
        total = 0
        for first in range(0, len(self.start), TOGETHER):
            own = self.start[first : first + TOGETHER]
            forward, backward = self.step[own], self.back[own]
            for _ in range(there - 1):
                forward = forward @ self.step
            for _ in range(back - 1):
                backward = backward @ self.back
            total += int(forward.multiply(backward).sum())
        return total * self.weight


def _others(start: npt.NDArray[Any], members: npt.NDArray[Any], owner: npt.NDArray[Any]) -> Sparse:
    """A matrix of edges: which others have the same owner. ``members`` lists the edges by their owners."""
    edges = len(members)
    owners = scipy.sparse.csr_array((np.ones(edges, np.int64), members, start), shape=(len(start) - 1, edges))
    same = owners[owner]
    at = np.repeat(np.arange(edges), np.diff(same.indptr))
    keep = same.indices != at
    counts = np.bincount(at[keep], minlength=edges)
    indptr = np.concatenate([[0], np.cumsum(counts)])
    return scipy.sparse.csr_array((same.data[keep], same.indices[keep], indptr), shape=(edges, edges))
