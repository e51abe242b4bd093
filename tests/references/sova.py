"""The soft-output Viterbi algorithm of Hagenauer and Hoeher, one frame at a time."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def sova(trellis: Any, costs: Array, ends: bool) -> tuple[Array, Array]:
    """The best way as branches (state, input), (steps, 2), and how reliable the input and outputs are.

    ``costs`` are those of each branch, (steps, states, 2^k0), of a frame that begins at 0. The second result
    is (steps, k0 + n0); inf where no other way differs.
    """
    steps, states, inputs = costs.shape
    metric = np.where(np.arange(states) == 0, 0.0, np.inf)
    ways: list[list[list[tuple[float, int, int]]]] = []
    for t in range(steps):
        into: list[list[tuple[float, int, int]]] = [[] for _ in range(states)]
        for s in range(states):
            for u in range(inputs):
                into[trellis.following[s, u]].append((metric[s] + costs[t, s, u], s, u))
        ways.append([sorted(each, key=lambda way: way[0]) for each in into])
        metric = np.array([each[0][0] for each in ways[-1]])
    state = 0 if ends else int(np.argmin(metric))
    path = np.empty((steps, 2), int)
    after = np.empty(steps, int)
    for t in range(steps - 1, -1, -1):
        after[t] = state
        path[t] = ways[t][state][0][1:]
        state = path[t, 0]

    def bits(s: int, u: int) -> int:
        found: int = int(trellis.labels[s, u]) << trellis.inputs | u
        return found

    found = np.full((steps, trellis.inputs + trellis.outputs), np.inf)
    losers = [(t, loser) for t in range(steps) for loser in ways[t][after[t]][1:]]
    if not ends:
        losers += [(steps - 1, ways[-1][s][0]) for s in range(states) if s != after[-1]]
    for t, (value, s, u) in losers:
        gap = value - ways[t][after[t]][0][0]
        while True:
            differ = bits(s, u) ^ bits(*path[t])
            for bit in range(found.shape[1]):
                if differ >> bit & 1:
                    found[t, bit] = min(found[t, bit], gap)
            if s == path[t, 0]:
                break
            t -= 1
            _, s, u = ways[t][s][0]
    return path, found
