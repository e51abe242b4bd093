"""Tanner graphs: indices, degrees and girth."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from capgap.codes import (
    TannerGraph,
)

from tests.codes.samples import Bits, random_bits


def reference_girth(matrix: Bits) -> float:
    """Without each edge in turn: the distance between its ends, plus one."""
    edges = [(("check", int(r)), ("variable", int(c))) for r, c in np.argwhere(matrix)]
    best = math.inf
    for removed in edges:
        neighbours: dict[Any, list[Any]] = {}
        for a, b in edges:
            if (a, b) != removed:
                neighbours.setdefault(a, []).append(b)
                neighbours.setdefault(b, []).append(a)
        start, goal = removed
        distance = {start: 0}
        queue = [start]
        for node in queue:
            for other in neighbours.get(node, []):
                if other not in distance:
                    distance[other] = distance[node] + 1
                    queue.append(other)
        best = min(best, distance.get(goal, math.inf) + 1)
    return best


def cycle(length: int) -> Bits:
    """The graph that is one cycle of this even length."""
    half = length // 2
    return np.eye(half, dtype=np.uint8) + np.roll(np.eye(half, dtype=np.uint8), 1, axis=1)


@pytest.mark.parametrize("length", [4, 6, 8, 10, 14, 30])
def test_girth_of_a_cycle(length: int) -> None:
    # Beside the cycle: a branch, a tree, and vertices without edges.
    matrix = np.pad(cycle(length), ((0, 2), (0, 3)))
    matrix[0, -3] = 1
    matrix[-1, -2:] = 1
    assert TannerGraph.from_matrix(matrix).girth() == reference_girth(matrix) == length


@pytest.mark.parametrize(
    ("start", "ends", "message"),
    [
        ([0, 2, 3], [0, 1, 3], "edge_variable must lie in 0 to 2"),
        ([0, 2, 3], [0, -1, 2], "edge_variable must lie in 0 to 2"),
        ([0, 2, 4], [0, 1, 2], "check_start must ascend from 0 to the number of edges, 3"),
        ([0, 10**8, 3], [0, 1, 2], "check_start must ascend"),
        ([0, 3, 2, 3], [0, 1, 2], "check_start must ascend"),
        ([1, 3], [0, 1, 2], "check_start must ascend"),
        ([], [], "check_start must ascend"),
        ([0, 2], [1, 1], "edge_variable must ascend within each check"),
        ([0, 2, 4], [1, 2, 2, 0], "edge_variable must ascend within each check"),
        (np.zeros((2, 2), np.int32), [], "check_start must be an int32 array of one dimension"),
        ([0, 1], [0.0], "edge_variable must be an int32 array"),
    ],
)
def test_graphs_of_wrong_indices_are_refused(start: Any, ends: Any, message: str) -> None:
    """Kernels read and write where they say."""
    arrays = [np.array(a, np.int32 if not a or isinstance(a[0], int) else None) for a in (list(start), ends)]
    with pytest.raises(ValueError, match=message):
        TannerGraph(3, *arrays)


def test_graphs_of_right_indices() -> None:
    start, ends = np.array([0, 0, 2, 2, 3], np.int32), np.array([0, 2, 1], np.int32)
    expected = [[0, 0, 0], [1, 0, 1], [0, 0, 0], [0, 1, 0]]
    np.testing.assert_array_equal(TannerGraph(3, start, ends).matrix(), expected)
    graph = TannerGraph.from_matrix(scipy.sparse.csc_array(np.array(expected)))
    np.testing.assert_array_equal(graph.check_start, start)
    np.testing.assert_array_equal(graph.edge_variable, ends)
    assert TannerGraph.from_matrix(np.zeros((0, 3))).edges == 0
    with pytest.raises(ValueError, match="only 0 and 1"):
        TannerGraph.from_matrix(np.array([[2, 1]]))


def test_girth_of_a_forest() -> None:
    assert TannerGraph.from_matrix(np.array([[1, 1, 0, 0], [0, 1, 1, 1]])).girth() == math.inf
    assert TannerGraph.from_matrix(np.zeros((2, 3))).girth() == math.inf


@pytest.mark.parametrize("seed", range(60))
def test_girth_by_brute_force(seed: int) -> None:
    generator = np.random.default_rng(seed)
    rows, columns = generator.integers(1, 9, 2)
    matrix = (generator.random((rows, columns)) < generator.choice([0.15, 0.25, 0.4])).astype(np.uint8)
    assert TannerGraph.from_matrix(matrix).girth() == reference_girth(matrix)


@pytest.mark.parametrize(
    "make", [np.array, scipy.sparse.csr_array, scipy.sparse.csc_array, scipy.sparse.coo_array]
)
def test_tanner_graph_of_a_matrix(make: Callable[[Any], Any]) -> None:
    matrix = random_bits(7, 11, density=0.3)
    matrix[2], matrix[:, 4] = 0, 0
    graph = TannerGraph.from_matrix(make(matrix))
    np.testing.assert_array_equal(graph.matrix(), matrix)
    assert (graph.checks, graph.variables, graph.edges) == (7, 11, matrix.sum())
    np.testing.assert_array_equal(graph.check_degrees, matrix.sum(axis=1))
    np.testing.assert_array_equal(graph.variable_degrees, matrix.sum(axis=0))
    for check in range(7):
        ends = graph.edge_variable[graph.check_start[check] : graph.check_start[check + 1]]
        np.testing.assert_array_equal(ends, np.flatnonzero(matrix[check]))
