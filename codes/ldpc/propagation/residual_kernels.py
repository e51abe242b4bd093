"""Informed dynamic scheduling: the check whose messages would change most sends first, frame by frame.

Frames are one after the other, since each has its own order. Exponentials and logarithms are polynomials of
float64, so that the order, and so the result, is the same on every CPU.
"""

from collections import namedtuple

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.group_kernels import GROUP
from ....vectors.kernel_cache import kernel

#: Inputs of checks count as at most this.
MOST = 300.0

#: Sum-product if ``exact``, or min-sum with a scale and an offset.
ResidualRule = namedtuple("ResidualRule", ("exact", "scale", "offset"))


@callee
def exponential(x):
    """exp(-x) for x from 0 to MOST, to 1e-13 of its value."""
    k = np.floor(x * 1.4426950408889634 + 0.5)
    r = k * 0.6931471805599453 - x
    term, total = 1.0, 1.0
    for i in range(1, 14):
        term = term * r / i
        total = total + term
    return np.ldexp(total, -int(k))


@callee
def logarithm(x):
    """ln(x) for x from exp(-MOST) to 1, to 1e-13 beside its rounding."""
    e = 0
    while x < 0.7071067811865476:  # powers of two change nothing but the exponent
        step = 32 if x < 2.0**-33 else 4 if x < 2.0**-5 else 1
        x, e = np.ldexp(x, step), e - step
    z = (x - 1.0) / (x + 1.0)
    w, total = z * z, 0.0
    for i in range(12, -1, -1):
        total = total * w + 2.0 / (2 * i + 1)
    return e * 0.6931471805599453 + z * total


@callee
def joined(a, b, exact):
    """What two inputs come to: exp(-|x|) of both and of the result, or, unless ``exact``, magnitudes."""
    return (a + b) / (1.0 + a * b) if exact else min(a, b)


@callee
def check_messages(value, message, edge_variable, first, last, rule, new, work):
    """New messages of a check on its edges ``first`` to ``last``, and the largest change among them.

    ``work`` has room for a number an edge.
    """
    degree, sign = last - first, 1.0
    none = 0.0 if rule.exact else MOST
    before = none
    for i in range(degree):  # forward: what comes before an edge
        x = value[edge_variable[first + i]] - message[first + i]
        sign = -sign if x < 0.0 else sign
        size = min(abs(x), MOST)
        work[i] = exponential(size) if rule.exact else size
        new[first + i] = before
        before = joined(before, work[i], rule.exact)
    after, change = none, 0.0
    for i in range(degree - 1, -1, -1):
        found = joined(new[first + i], after, rule.exact)
        after = joined(after, work[i], rule.exact)
        if rule.exact:
            found = -logarithm(found) if found > 0.0 else MOST
        else:
            found = max(found * rule.scale - rule.offset, 0.0)
        x = value[edge_variable[first + i]] - message[first + i]
        new[first + i] = found * (-sign if x < 0.0 else sign)
        change = max(change, abs(new[first + i] - message[first + i]))
    return change


@callee
def settled(value, check_start, edge_variable):
    """Whether the decisions of a frame are a codeword and no value is 0."""
    for x in value:
        if x == 0.0:
            return False
    for check in range(check_start.size - 1):
        odd = False
        for edge in range(check_start[check], check_start[check + 1]):
            odd ^= value[edge_variable[edge]] < 0.0
        if odd:
            return False
    return True


@callee
def send_most_urgent(value, message, new, residual, work, check_start, edge_variable, columns, rule):
    """Let the check of the largest residual send, and look at the checks around it again."""
    urgent = 0
    for check in range(1, residual.size):
        if residual[check] > residual[urgent]:
            urgent = check
    if residual[urgent] == 0.0:
        return
    residual[urgent] = 0.0
    for edge in range(check_start[urgent], check_start[urgent + 1]):
        variable = edge_variable[edge]
        value[variable] += new[edge] - message[edge]
        message[edge] = new[edge]
    for edge in range(check_start[urgent], check_start[urgent + 1]):
        variable = edge_variable[edge]
        for place in range(columns.start[variable], columns.start[variable + 1]):
            check = columns.check[place]
            if check != urgent:
                first, last = check_start[check], check_start[check + 1]
                residual[check] = check_messages(value, message, edge_variable, first, last, rule, new, work)


@kernel
def propagate_by_residuals(
    llr,
    frames,
    check_start,
    edge_variable,
    columns,
    iterations,
    rule,
    stop_at_codeword,
    wanted,
    decisions,
    ok,
    spent,
):
    """Decode as ``propagate`` does: an iteration is as many checks that send as there are, urgent ones first.

    The residual of a check is the largest change among its messages if it sent now (Vila Casado, Griot and
    Wesel, 2007, node-wise); of equal ones the first check sends. ``columns`` are ``Columns``.
    """
    checks, edges = check_start.size - 1, edge_variable.size
    value, message, new = np.empty(llr.shape[1]), np.empty(edges), np.empty(edges)
    residual, work = np.empty(checks), np.empty(edges + 1)
    for frame in range(frames):
        group, lane = frame // GROUP, frame % GROUP
        for variable in range(value.size):
            value[variable] = llr[group, variable, lane]
        message[:] = 0.0
        done, count = settled(value, check_start, edge_variable), 0
        if not (done and stop_at_codeword):
            for check in range(checks):
                first, last = check_start[check], check_start[check + 1]
                residual[check] = check_messages(value, message, edge_variable, first, last, rule, new, work)
            while count < iterations:
                for _ in range(checks):
                    send_most_urgent(
                        value, message, new, residual, work, check_start, edge_variable, columns, rule
                    )
                count += 1
                done = settled(value, check_start, edge_variable)
                if done and stop_at_codeword:
                    break
        ok[frame], spent[frame] = done, count
        for j in range(wanted.size):
            x = value[wanted[j]]
            decisions[group, j, lane] = 2 if x == 0.0 else 1 if x < 0.0 else 0
