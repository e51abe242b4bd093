"""Progressive edge growth. See ``growth`` for what is held in the arrays."""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel

#: What is farther than any other.
FAR = 1 << 30
#: Steps of the generator of random numbers: xorshift (G. Marsaglia, "Xorshift RNGs", 2003).
A, B, C = 13, 7, 17

#: The checks of each variable, listed from a place of its own on; how many checks variables and checks have.
Graph = namedtuple("Graph", "start checks_of variable_degree check_degree")
#: Of each check its distance and the ACE on the way there; of each variable and check the last search that
#: saw it; the level of variables; and those that are reached now.
Search = namedtuple(
    "Search", "depth ace seen_check seen_variable ace_variable level now_variables now_checks"
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
def _search(graph, variables_of, search, root, skipped, stamp, levels, target, ace_of, use_ace):
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
                v = variables_of[c, j]
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
def _join(graph, variables_of, v, c, z):
    """Add an edge, and its copies under the shifts of blocks of z; returns a table that has room for them."""
    if graph.check_degree[c] == variables_of.shape[1]:
        wider = np.empty((variables_of.shape[0], 2 * variables_of.shape[1]), np.int32)
        wider[:, : variables_of.shape[1]] = variables_of
        variables_of = wider
    for t in range(z):
        w, d = v - v % z + (v + t) % z, c - c % z + (c % z + t) % z
        graph.checks_of[graph.start[w] + graph.variable_degree[w]] = d
        graph.variable_degree[w] += 1
        variables_of[d, graph.check_degree[d]] = w
        graph.check_degree[d] += 1
    return variables_of


@callee
def _part(graph, v, c, z):
    """Take away the edges that were added last."""
    for t in range(z):
        graph.variable_degree[v - v % z + t] -= 1
        graph.check_degree[c - c % z + t] -= 1


@callee
def _best(search, stamp, tried, number, from_, to, degree, use_ace, state):
    """The farthest check; of those, with the fewest edges, then the most ACE, then at random. -1 for none."""
    best, ties = -1, 0
    best_depth, best_degree, best_ace = 0, 0, 0
    for c in range(from_, to):
        seen = search.seen_check[c] == stamp
        depth = search.depth[c] if seen else FAR
        if depth == 1 or depth < best_depth or tried[c] == number:
            continue
        ace = search.ace[c] if use_ace and seen else 0
        better = best < 0 or depth > best_depth or degree[c] < best_degree
        if not better and degree[c] == best_degree:
            if ace == best_ace:
                ties += 1
                if _draw(state, ties) == 0:
                    best = c
            better = ace > best_ace
        if better:
            best, best_depth, best_degree, best_ace, ties = c, depth, degree[c], ace, 1
    return best


@kernel
def grow(owner, block, z, checks, degree, use_ace, levels, tries, seed, preset, variable, check):
    """Join edges one by one to the check farthest from their variable, into ``variable`` and ``check``.

    The first ``preset`` edges are there. Edge i of the others has the variable ``owner[i]`` and, unless it is
    -1, a check of the block ``block[i]``; with it come its copies under shifts in blocks of z. ``degree``
    is that of each variable in the end. Distances are told apart up to ``levels``, and with copies up to
    ``tries`` checks are looked at. Returns how many edges have found a check.
    """
    variables = degree.size
    ace_of, tried = degree - 2, np.full(checks, -1, np.int32)
    start = np.zeros(variables, np.int64)
    start[1:] = np.cumsum(degree)[:-1]
    graph = Graph(
        start, np.empty(variable.size, np.int32), np.zeros(variables, np.int32), np.zeros(checks, np.int32)
    )
    variables_of = np.empty((checks, variable.size // checks + 2), np.int32)
    search = Search(
        np.empty(checks, np.int32),
        np.zeros(checks, np.int64),
        np.zeros(checks, np.int32),
        np.zeros(variables, np.int32),
        np.zeros(variables, np.int64),
        np.zeros(variables, np.int32),
        np.empty(variables, np.int32),
        np.empty(checks, np.int32),
    )
    for e in range(preset):
        variables_of = _join(graph, variables_of, variable[e], check[e], 1)
    state = np.array([seed], np.uint64)
    stamp, place = 0, preset
    for i in range(owner.size):
        v = owner[i]
        from_, to = (0, checks) if block[i] < 0 else (block[i] * z, (block[i] + 1) * z)
        choice, reach, left = -1, -1, tries if z > 1 else 1
        while left > 0:
            stamp += 1
            _search(graph, variables_of, search, v, -1, stamp, levels, -1, ace_of, use_ace)
            c = _best(search, stamp, tried, i, from_, to, graph.check_degree, use_ace, state)
            if c < 0:
                break
            if z == 1:
                choice = c
                break
            expected = search.depth[c] if search.seen_check[c] == stamp else FAR
            if expected <= reach:
                break
            # With its copies the edge may be on shorter cycles.
            variables_of = _join(graph, variables_of, v, c, z)
            stamp += 1
            real = _search(graph, variables_of, search, v, c, stamp, levels, c, ace_of, use_ace)
            _part(graph, v, c, z)
            tried[c] = i
            if real > reach:
                choice, reach = c, real
            if real >= expected:
                break
            left -= 1
        if choice < 0:
            return i
        variables_of = _join(graph, variables_of, v, choice, z)
        for t in range(z):
            variable[place + t] = v - v % z + (v + t) % z
            check[place + t] = choice - choice % z + (choice % z + t) % z
        place += z
    return owner.size
