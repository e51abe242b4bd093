"""The parallel list Viterbi algorithm: the best paths to each state, frame after frame.

N. Seshadri and C.-E. W. Sundberg, "List Viterbi decoding algorithms with applications", 1994, section III.
"""

import numpy as np

from ....vectors.compiling.callee_kernels import inlined
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel

f64, i64, u64 = np.float64, np.int64, np.uint64

#: A survivor is the branch that a path has taken, times this, and the rank that it had before.
RANKS = 256


@inlined
def label_costs(llr, group, lane, position, flips, step, outputs, costs):
    """The costs of all labels of a step: what of the LLRs they disagree with."""
    costs[0] = 0.0
    for i in range(outputs):
        at = position[step * outputs + i]
        x = 0.0
        if at >= 0:
            x = f64(llr[group, at, lane])
        if flips[step * outputs + i]:
            x = -x
        for label in range(1 << i):
            costs[label | 1 << i] = costs[label] + max(x, 0.0)
            costs[label] += max(-x, 0.0)


@inlined
def best_into(s, metric, costs, entering, labels, inputs, tail, heads, new, survivors):
    """The best paths into a state, in order. Of paths that are as good the first branch's comes first.

    In the ``tail`` only branches with inputs of 0 are there.
    """
    size, count = new.shape[1], entering.shape[1]
    for branch in range(count):
        heads[branch] = size if tail and entering[s, branch] & ((1 << inputs) - 1) else 0
    for rank in range(size):
        best, chosen = np.inf, -1
        for branch in range(count):
            if heads[branch] < size:
                x = metric[entering[s, branch] >> inputs, heads[branch]] + costs[labels[s, branch]]
                if x < best:
                    best, chosen = x, branch
        new[s, rank] = best
        if chosen >= 0:
            survivors[s, rank] = chosen * RANKS + heads[chosen]
            heads[chosen] += 1


@inlined
def trace_path(survivors, entering, inputs, state, rank, path):
    """The inputs of the path of a rank that ends in a state: as many as ``path``, uint8 (k), takes."""
    s, r = i64(state), i64(rank)
    for step in range(survivors.shape[0] - 1, -1, -1):
        taken = i64(survivors[step, s, r])
        branch = i64(entering[s, taken // RANKS])
        for i in range(inputs):
            if step * inputs + i < path.size:
                path[step * inputs + i] = branch >> i & 1
        s, r = branch >> inputs, taken % RANKS


@inlined
def keep_best(metric, survivors, entering, inputs, ends, heads, order, found, paths):
    """Put the best paths to states ``ends`` among those that were found, which are kept in order.

    ``order``, int64 (list), has the places of paths and their costs, ``found``, from the best on.
    """
    size = order.size
    for s in range(metric.shape[0]):
        heads[s] = 0
    for _ in range(size):
        best, end = np.inf, -1
        for s in ends:
            if heads[s] < size and metric[s, heads[s]] < best:
                best, end = metric[s, heads[s]], s
        if not best < found[order[size - 1]]:
            break
        place, slot = size - 1, order[size - 1]
        while place > 0 and best < found[order[place - 1]]:
            order[place] = order[place - 1]
            place -= 1
        order[place], found[slot] = slot, best
        trace_path(survivors, entering, inputs, end, heads[end], paths[slot])
        heads[end] += 1


@kernel
def decode_list(
    llr, frames, position, flips, outputs, entering, labels, inputs, tail, starts, ends, words, metrics
):
    """The best paths of each frame, in order.

    Parameters
    ----------
    llr, frames
        (groups, n, 64), and how many frames count.
    position, flips, outputs
        As for ``viterbi_kernels.decode_register``, and outputs of a step, n0.
    entering, labels, inputs
        int32 (states, branches): the branches into each state, as ``Trellis.entering`` has them, and their
        labels. Inputs of a step, k0.
    tail
        The step from which inputs are 0.
    starts, ends
        int32 (starts): the states in which paths may begin; int32 (starts, ends): where they may end.
    words
        uint64 (list, groups, k), 0 before: receives the inputs of the first steps, path after path.
    metrics
        float64 (list, frames): receives the costs of the paths, infinite where there are no more.
    """
    states, count = entering.shape
    size, k, steps = words.shape[0], words.shape[2], position.size // outputs
    costs, heads = np.empty(1 << outputs, np.float64), np.empty(max(count, states), np.int64)
    metric, following = np.empty((states, size), np.float64), np.empty((states, size), np.float64)
    survivors = np.zeros((steps, states, size), np.uint16)
    found, order = np.empty(size, np.float64), np.empty(size, np.int64)
    paths = np.zeros((size, k), np.uint8)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        for rank in range(size):
            found[rank], order[rank] = np.inf, rank
        for number in range(starts.size):
            for s in range(states):
                for rank in range(size):
                    metric[s, rank] = np.inf
            metric[starts[number], 0] = 0.0
            for step in range(steps):
                label_costs(llr, group, lane, position, flips, step, outputs, costs)
                for s in range(states):
                    now = survivors[step]
                    best_into(s, metric, costs, entering, labels, inputs, step >= tail, heads, following, now)
                metric, following = following, metric
            keep_best(metric, survivors, entering, inputs, ends[number], heads, order, found, paths)
        for rank in range(size):
            metrics[rank, frame] = found[order[rank]]
            if found[order[rank]] < np.inf:
                for i in range(k):
                    words[rank, group, i] |= u64(paths[order[rank], i]) << u64(lane)
