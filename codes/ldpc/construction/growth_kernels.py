"""Progressive edge growth. See ``growth`` for what is held in the arrays."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel

#: What is farther than any other.
FAR = 1 << 30
#: Steps of the generator of random numbers: xorshift (G. Marsaglia, "Xorshift RNGs", 2003).
A, B, C = 13, 7, 17

#: The checks of each variable, listed from a place of its own on; the variables of each check, a row each;
#: how many of them there are now.
Graph = namedtuple("Graph", "start checks_of variables_of variable_degree check_degree")
#: Of each check its distance and the ACE on the way there; of each variable and check the last search that
#: saw it; the level of variables; and those that are reached now; of each check, for which edge it was tried.
Search = namedtuple(
    "Search", "depth ace seen_check seen_variable ace_variable level now_variables now_checks tried"
)


@callee
def _draw(state, below):
    """A random number below a bound."""
    x = state[0]
    x ^= x << np.uint64(A)
    x ^= x >> np.uint64(B)
    x ^= x << np.uint64(C)
    state[0] = x
    return np.int64((x >> np.uint64(11)) % np.uint64(below))


@callee
def _search(graph, search, root, skipped, stamp, levels, target, ace_of, use_ace):
    """Distances of checks from a variable, in variables on the way, the root among them.

    ``skipped`` is a check whose edge to the root is not taken. It ends at ``levels``, where all checks are
    reached, or where ``target`` is, whose distance is returned.
    """
    checks = search.seen_check.size
    search.now_variables[0], count, reached = root, 1, 0
    search.seen_variable[root] = stamp
    search.ace_variable[root] = ace_of[root]
    for level in range(1, levels + 1):
        found = 0
        for i in range(count):
            v = search.now_variables[i]
            first = graph.start[v]
            for place in range(first, first + graph.variable_degree[v]):
                c = graph.checks_of[place]
                if search.seen_check[c] != stamp:
                    if v == root and c == skipped:
                        continue
                    search.seen_check[c] = stamp
                    search.depth[c] = level
                    search.ace[c] = search.ace_variable[v]
                    search.now_checks[found] = c
                    found += 1
                elif use_ace and search.depth[c] == level:
                    search.ace[c] = min(search.ace[c], search.ace_variable[v])
            if reached + found == checks and not use_ace:
                break
        reached += found
        if target >= 0 and search.seen_check[target] == stamp:
            return level
        if found == 0 or reached == checks or level == levels:
            break
        count = 0
        for i in range(found):
            c = search.now_checks[i]
            for j in range(graph.check_degree[c]):
                v = graph.variables_of[c, j]
                if search.seen_variable[v] != stamp:
                    search.seen_variable[v] = stamp
                    search.level[v] = level
                    search.ace_variable[v] = search.ace[c] + ace_of[v]
                    search.now_variables[count] = v
                    count += 1
                elif use_ace and search.level[v] == level and v != root:
                    search.ace_variable[v] = min(search.ace_variable[v], search.ace[c] + ace_of[v])
    return FAR


@callee
def _join(graph, v, c, z):
    """Add an edge, and its copies under the shifts of blocks of z."""
    for t in range(z):
        w, d = v - v % z + (v + t) % z, c - c % z + (c % z + t) % z
        graph.checks_of[graph.start[w] + graph.variable_degree[w]] = d
        graph.variable_degree[w] += 1
        graph.variables_of[d, graph.check_degree[d]] = w
        graph.check_degree[d] += 1


@callee
def _part(graph, v, c, z):
    """Take away the edges that were added last."""
    for t in range(z):
        graph.variable_degree[v - v % z + t] -= 1
        graph.check_degree[c - c % z + t] -= 1


@callee
def _best(graph, search, stamp, number, from_, to, use_ace, state):
    """The farthest check; of those, with the fewest edges, then the most ACE, then at random. -1 for none."""
    best, ties = -1, 0
    best_depth, best_degree, best_ace = 0, 0, 0
    for c in range(from_, to):
        seen = search.seen_check[c] == stamp
        depth = search.depth[c] if seen else FAR
        if depth == 1 or depth < best_depth or search.tried[c] == number:
            continue
        ace = search.ace[c] if use_ace and seen else 0
        better = best < 0 or depth > best_depth or graph.check_degree[c] < best_degree
        if not better and graph.check_degree[c] == best_degree:
            if ace == best_ace:
                ties += 1
                if _draw(state, ties) == 0:
                    best = c
            better = ace > best_ace
        if better:
            best, best_depth, best_degree, best_ace, ties = c, depth, graph.check_degree[c], ace, 1
    return best


@kernel
def grow(graph, search, owner, block, z, ace_of, use_ace, levels, tries, state, chosen):
    """Join edges one by one to the check farthest from their variable, into ``chosen`` and the graph.

    Edge i has the variable ``owner[i]`` and, unless it is -1, a check of the block ``block[i]``; with it come
    its copies under shifts in blocks of z. Distances are told apart up to ``levels``, and with copies up to
    ``tries`` checks are looked at. Returns how many edges have found a check, or -1 where a check has more
    variables than there is room for.
    """
    checks, stamp = search.seen_check.size, 0
    for i in range(owner.size):
        v = owner[i]
        from_, to = (0, checks) if block[i] < 0 else (block[i] * z, (block[i] + 1) * z)
        choice, reach, left, expected, tested = -1, -1, tries, FAR, -1
        while True:
            stamp += 1
            real = _search(graph, search, v, tested, stamp, levels, tested, ace_of, use_ace)
            if tested >= 0:
                _part(graph, v, tested, z)
                search.tried[tested] = i
                if real > reach:
                    choice, reach = tested, real
                left -= 1
                tested = -1
                if real < expected and left > 0:
                    continue
            else:
                c = _best(graph, search, stamp, i, from_, to, use_ace, state)
                if z == 1:
                    choice = c
                elif c >= 0:
                    expected = search.depth[c] if search.seen_check[c] == stamp else FAR
                    if expected > reach:
                        # With its copies the edge may be on shorter cycles.
                        tested = c
            if tested < 0 and choice < 0:
                return i
            c = tested if tested >= 0 else choice
            if graph.check_degree[c] == graph.variables_of.shape[1]:
                return -1
            _join(graph, v, c, z)
            if tested < 0:
                break
        chosen[i] = choice
    return owner.size
