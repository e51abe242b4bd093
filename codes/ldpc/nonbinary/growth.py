"""Graphs for column weights as low as 2: rows as equal, and cycles as long, as edges one by one permit.

X.-Y. Hu, E. Eleftheriou and D. M. Arnold, "Regular and irregular progressive edge-growth Tanner graphs",
2005: each edge goes to a check as far away as there is. Here no check takes more than its share, so that the
last edges have little choice; several graphs are grown, and that with the longest shortest cycle and the
fewest of it is kept. Edges then change places while that leaves fewer or longer ones.
"""

import random
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from .symbol_matrix import Integers

#: Graphs that are grown, at most, exchanges of edges that are tried, and the steps that either may take, a
#: second or so.
TRIES, EXCHANGES, STEPS = 40, 400, 1_500_000
#: Most steps of a single graph, some 30 seconds.
MAX_STEPS = 60_000_000

#: Rows of each column.
Neighbours: TypeAlias = list[list[int]]
#: See ``_score``.
Score: TypeAlias = tuple[int, int, int]


def grown(columns: int, rows: int, weight: int, seed: int) -> tuple[Integers, Integers]:
    """Rows and columns of the entries of a matrix with ``weight`` entries a column, int64.

    The weights of rows differ by one at most. The same arguments give the same graph on every machine.

    Raises
    ------
    ValueError
        If there are too few rows, or the graph is too large.
    """
    if not 2 <= weight <= rows:
        raise ValueError(f"column_weight must lie in 2 to n - k = {rows}, got {weight}")
    cost = columns * weight * min(columns * weight, 4 * rows * weight)
    if cost > MAX_STEPS:
        raise ValueError(f"n must be smaller: a graph of {columns} columns of weight {weight} takes too long")
    # random.Random.random() is the one generator that Python promises never to change.
    uniform = random.Random(seed).random
    tries = max(1, min(TRIES, STEPS // cost))
    score, graph = min(
        (_grow(columns, rows, weight, uniform) for _ in range(tries)), key=lambda each: each[0]
    )
    for _ in range(min(EXCHANGES, STEPS // cost)):
        graph, score = _exchange(graph, score, rows, uniform)
    entries = [(row, column) for column, own in enumerate(graph) for row in own]
    made = np.array(entries, np.int64)
    return made[:, 0], made[:, 1]


def _exchange(
    graph: Neighbours, score: Score, rows: int, uniform: Callable[[], float]
) -> tuple[Neighbours, Score]:
    """The graph with the ends of two edges in exchange, if that is no worse; itself if not."""
    columns, weight = len(graph), len(graph[0])
    a, b = int(uniform() * columns), int(uniform() * columns)
    i, j = int(uniform() * weight), int(uniform() * weight)
    if a == b or graph[a][i] in graph[b] or graph[b][j] in graph[a]:
        return graph, score
    changed = [list(own) for own in graph]
    changed[a][i], changed[b][j] = graph[b][j], graph[a][i]
    now = _score(changed, rows)
    return (changed, now) if now <= score else (graph, score)


def _score(graph: Neighbours, rows: int) -> Score:
    """What is to be small: the largest row, the opposite of the girth, and the shortest cycles."""
    degree = [0] * rows
    for own in graph:
        for row in own:
            degree[row] += 1
    girth, count = _shortest(graph, rows)
    return max(degree), -girth, count


def _grow(columns: int, rows: int, weight: int, uniform: Callable[[], float]) -> tuple[Score, Neighbours]:
    """One graph, the rows of each column, and its score."""
    fewest, more = divmod(columns * weight, rows)
    degree, full = [0] * rows, 0
    of_row: Neighbours = [[] for _ in range(rows)]
    of_column: Neighbours = [[] for _ in range(columns)]
    for column in range(columns):
        for _ in range(weight):
            own = of_column[column]
            distance = _distances(own, of_row, of_column, rows)
            others = [row for row in range(rows) if row not in own]
            most = fewest + (full < more)
            # Where the shares of all others are used up, one of them takes one more.
            candidates = [row for row in others if degree[row] < most] or others
            farthest = max(distance[row] for row in candidates)
            candidates = [row for row in candidates if distance[row] == farthest]
            least = min(degree[row] for row in candidates)
            candidates = [row for row in candidates if degree[row] == least]
            row = candidates[int(uniform() * len(candidates))]
            own.append(row)
            of_row[row].append(column)
            full += degree[row] == fewest
            degree[row] += 1
    return _score(of_column, rows), of_column


def _distances(start: list[int], of_row: Neighbours, of_column: Neighbours, rows: int) -> list[int]:
    """The columns on the shortest way from one of the rows ``start`` to each row; ``rows`` for none."""
    distance = [rows] * rows
    for row in start:
        distance[row] = 0
    layer, far = list(start), 0
    while layer:
        far += 1
        following = []
        for row in layer:
            for column in of_row[row]:
                for other in of_column[column]:
                    if distance[other] == rows:
                        distance[other] = far
                        following.append(other)
        layer = following
    return distance


def _shortest(of_column: Neighbours, rows: int) -> tuple[int, int]:
    """The least number of columns on a cycle, and about how often it is met; (rows + 1, 0) without cycles.

    Cycles are looked for from each column on, without it: the way from its first row to another of its own.
    """
    of_row: Neighbours = [[] for _ in range(rows)]
    for column, own in enumerate(of_column):
        for row in own:
            of_row[row].append(column)
    girth, count = rows + 1, 0
    for column, own in enumerate(of_column):
        for i, row in enumerate(own[:-1]):
            # Breadth first, as far as the shortest cycle so far: ways are counted.
            ways, seen, far = {row: 1}, {row}, 1
            rest = set(own[i + 1 :])
            while ways and far < girth:
                far += 1
                following: dict[int, int] = {}
                for at, many in ways.items():
                    for step in of_row[at]:
                        if step != column:
                            for other in of_column[step]:
                                if other not in seen:
                                    following[other] = following.get(other, 0) + many
                seen |= set(following)
                met = sum(following.get(other, 0) for other in rest)
                if met and far < girth:
                    girth, count = far, 0
                count += met if met and far == girth else 0
                ways = {} if met else following
    return girth, count
