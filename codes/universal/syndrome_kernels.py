"""The table of coset leaders, and its use. Words are lane-major, shape (n, frames)."""

import numpy as np

from ...vectors.kernel_cache import kernel

#: Lanes whose syndromes are gathered side by side.
TILE = 256


@kernel
def build_table(columns, checks):
    """For each of the 2^checks syndromes, one position of its coset leader, and whether that is unique.

    Breadth-first from syndrome 0: a leader of weight w is one of weight w - 1 plus one position.
    ``flip`` is int32, -1 where there is nothing to flip; correcting flips flip[s], adds its column
    to s, and goes on until s = 0. Every ordering of a lightest pattern is a path of the search, so
    a leader of weight w is unique if w! paths lead to it.
    """
    size = 1 << checks
    flip, weight = np.full(size, -1, np.int32), np.full(size, -1, np.int32)
    paths = np.zeros(size, np.float64)
    unique = np.zeros(size, np.bool_)
    queue = np.empty(size, np.int64)
    weight[0], paths[0], unique[0], queue[0] = 0, 1.0, True, 0
    head, tail, factorial = 0, 1, 1.0
    while head < tail:
        s = queue[head]
        head += 1
        if weight[s] > 0:
            if weight[s] != weight[queue[head - 2]]:
                factorial *= weight[s]
            unique[s] = paths[s] == factorial
        for j in range(columns.size):
            t = s ^ columns[j]
            if weight[t] < 0:
                weight[t], flip[t], queue[tail] = weight[s] + 1, j, t
                tail += 1
            if weight[t] == weight[s] + 1:
                paths[t] += paths[s]
    return flip, unique


@kernel
def correct(word, columns, flip, unique, ok):
    """Add each frame's coset leader to ``word``, uint8 (n, frames), in place."""
    syndrome = np.empty(TILE, np.int64)
    for first in range(0, word.shape[1], TILE):
        width = min(TILE, word.shape[1] - first)
        syndrome[:] = 0
        for j in range(word.shape[0]):
            row, column = word[j, first : first + width], columns[j]
            for lane in range(width):
                syndrome[lane] ^= column * np.int64(row[lane])
        for lane in range(width):
            s = syndrome[lane]
            ok[first + lane] = unique[s]
            while s != 0:
                word[flip[s], first + lane] ^= np.uint8(1)
                s ^= columns[flip[s]]
