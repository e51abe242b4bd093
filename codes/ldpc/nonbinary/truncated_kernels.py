"""Extended min-sum over GF(2^m): messages with a few values of a symbol, frame by frame.

A cost is a logarithm of a probability, relative to that of the most likely value, with its sign changed.
Lists are in ascending order of costs, and of values where these are equal.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel

f32, i8 = np.float32, np.int8

#: Costs within this of the least are decided for by nobody.
TIE = f32(1e-4)

#: What a check does: values of a list, and what its messages are multiplied by; beyond the list costs are
#: those of its last value and an offset.
Rule = namedtuple("Rule", "kept scale offset")
#: Lists, (list, kept) each, and how long each is: of the inputs of a check, of their sums from the first on
#: and from the last on.
Lists = namedtuple("Lists", "cost value length")


@callee
def _select(costs, lists, i):
    """Put the least of finite costs of all values into list i."""
    cost, value, kept = lists.cost[i], lists.value[i], lists.cost.shape[1]
    count = 0
    for x in range(costs.size):
        own = costs[x]
        if not np.isfinite(own) or (count == kept and own >= cost[kept - 1]):
            continue
        at = count if count < kept else kept - 1
        while at > 0 and cost[at - 1] > own:
            cost[at], value[at] = cost[at - 1], value[at - 1]
            at -= 1
        cost[at], value[at] = own, x
        count = min(count + 1, kept)
    lists.length[i] = count


@callee
def _combine(lists, a, b, costs):
    """Costs of the sums of values of two lists, each that of the best pair; infinite where there is none."""
    costs[:] = f32(np.inf)
    for i in range(lists.length[a]):
        x, own = lists.value[a, i], lists.cost[a, i]
        for j in range(lists.length[b]):
            z = x ^ lists.value[b, j]
            costs[z] = min(costs[z], own + lists.cost[b, j])


@callee
def _update_check(tables, check, channel, message, following, product, rule, lists, costs):
    """A check's new messages, from ``message`` into ``following``, both (edges, q)."""
    column_start, row_start, by_row, symbol, coefficient = tables
    first, q = row_start[check], costs.size
    degree = row_start[check + 1] - first
    for i in range(degree):
        edge = by_row[first + i]
        v, h = symbol[edge], coefficient[edge]
        least = f32(np.inf)
        for x in range(q):
            cost = channel[v, x]
            for other in range(column_start[v], column_start[v + 1]):
                if other != edge:
                    cost += message[other, x]
            costs[product[h, x]] = cost
            least = min(least, cost)
        for x in range(q):
            costs[x] -= least
        _select(costs, lists, i)
    # Lists degree + i: sums of the inputs before i; 2 degree + i: of those after it. The sum of none is 0.
    costs[:] = f32(np.inf)
    costs[0] = f32(0.0)
    _select(costs, lists, degree)
    _select(costs, lists, 3 * degree - 1)
    for i in range(1, degree):
        _combine(lists, degree + i - 1, i - 1, costs)
        _select(costs, lists, degree + i)
        _combine(lists, 3 * degree - i, degree - i, costs)
        _select(costs, lists, 3 * degree - 1 - i)
    for i in range(degree):
        edge = by_row[first + i]
        h = coefficient[edge]
        _combine(lists, degree + i, 2 * degree + i, costs)
        _select(costs, lists, i)  # input i has been used
        length = lists.length[i]
        costs[:] = lists.cost[i, length - 1] + rule.offset
        for j in range(length):
            costs[lists.value[i, j]] = lists.cost[i, j]
        for x in range(q):
            following[edge, x] = rule.scale * costs[product[h, x]]


@callee
def _decide(tables, channel, message, product, m, decided, differ):
    """The value of each symbol of least cost, and the bits in which others of that cost differ.

    Returns whether all checks are satisfied and nothing is open.
    """
    column_start, row_start, by_row, symbol, coefficient = tables
    good = True
    for v in range(decided.size):
        least = f32(np.inf)
        for again in range(2):
            differ[v] = 0
            for x in range(1 << m):
                cost = channel[v, x]
                for edge in range(column_start[v], column_start[v + 1]):
                    cost += message[edge, x]
                if again:
                    if cost <= least + TIE:
                        differ[v] |= x ^ decided[v]
                elif cost < least:
                    least, decided[v] = cost, x
        good &= differ[v] == 0
    for check in range(row_start.size - 1):
        total = 0
        for i in range(row_start[check], row_start[check + 1]):
            total ^= product[coefficient[by_row[i]], decided[symbol[by_row[i]]]]
        good &= total == 0
    return good


@kernel
def propagate_lists(
    llr,
    frames,
    tables,
    product,
    m,
    flooding,
    kept,
    scale,
    offset,
    iterations,
    stop_at_codeword,
    decisions,
    ok,
    spent,
):
    """As ``fourier_kernels.propagate_symbols``, by extended min-sum with ``kept`` values in a message.

    ``scale`` and ``offset``, float32, are those of ``Rule``.
    """
    symbols, checks, edges, q = tables[0].size - 1, tables[1].size - 1, tables[3].size, 1 << m
    degree = 1
    for check in range(checks):
        degree = max(degree, tables[1][check + 1] - tables[1][check])
    channel, costs = np.empty((symbols, q), np.float32), np.empty(q, np.float32)
    message = np.empty((edges, q), np.float32)
    following = np.empty((edges, q), np.float32) if flooding else message
    lists = Lists(
        np.empty((3 * degree, kept), np.float32),
        np.empty((3 * degree, kept), np.int32),
        np.zeros(3 * degree, np.int64),
    )
    rule = Rule(kept, scale, offset)
    decided, differ = np.zeros(symbols, np.int64), np.zeros(symbols, np.int64)
    for frame in range(frames):
        given = llr[frame // GROUP]
        lane = frame % GROUP
        message[:] = f32(0.0)
        for v in range(symbols):
            for x in range(q):
                cost = f32(0.0)
                for j in range(m):
                    own = given[(v + 1) * m - 1 - j, lane]
                    if (own < f32(0.0)) != ((x >> j) & 1):
                        cost += abs(own)
                channel[v, x] = cost
        now = 0
        good = _decide(tables, channel, message, product, m, decided, differ)
        while now < iterations and not (good and stop_at_codeword):
            for check in range(checks):
                _update_check(tables, check, channel, message, following, product, rule, lists, costs)
            message, following = following, message
            now += 1
            good = _decide(tables, channel, message, product, m, decided, differ)
        ok[frame], spent[frame] = good, now
        for v in range(symbols):
            for j in range(m):
                bit = i8(2) if (differ[v] >> j) & 1 else i8((decided[v] >> j) & 1)
                decisions[frame // GROUP, (v + 1) * m - 1 - j, lane] = bit
