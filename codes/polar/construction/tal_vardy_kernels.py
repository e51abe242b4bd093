"""Degrading merges of binary-input channels. See ``tal_vardy`` for what is held in the arrays."""

import numpy as np

from ....vectors.compiling.callee_kernels import callee
from ....vectors.kernel_cache import kernel


@callee
def _log1p_less(x):
    """log(1 + x) - x."""
    if abs(x) > 0.05:
        return np.log1p(x) - x
    total, power = 0.0, x * x
    for i in range(2, 13):
        total += power / i if i % 2 else -power / i
        power *= x
    return total


@callee
def _loss(a, b, c, d):
    """The information, in nats, that is lost when (a, b) and (c, d) are merged; without cancellation."""
    scale = a + b + c + d  # the loss grows in proportion: products of small probabilities would be 0
    a, b, c, d = a / scale, b / scale, c / scale, d / scale
    s, t, first, second = a + b, c + d, a + c, b + d
    if min(s, t, second) < 1e-280:
        return 0.0
    turn = a * d - c * b
    by_s, by_t = turn / s, turn / t
    total = by_s * (by_t / first) + by_s * (by_t / second)
    total += a * _log1p_less(by_s / first) + c * _log1p_less(-by_t / first)
    if b > 0.0:
        total += b * _log1p_less(-by_s / second)
    if d > 0.0:
        total += d * _log1p_less(by_t / second)
    return scale * total if total > 0.0 else 0.0  # rounding makes it less, or nothing at all


@callee
def _merged(a, b, most):
    """Merge neighbours of symbols in the order of their likelihood ratios until there are ``most``.

    Each time the two whose merger costs least information. Which these are is kept in a tournament: a tree
    over all symbols, of the loss when one is merged with the next.
    """
    count = a.size
    leaves = 1
    while leaves < count:
        leaves *= 2
    loss, following, before = np.full(2 * leaves, np.inf), np.arange(1, count + 1), np.arange(-1, count - 1)
    for i in range(count - 1):
        loss[leaves + i] = _loss(a[i], b[i], a[i + 1], b[i + 1])
    for i in range(leaves - 1, 0, -1):
        loss[i] = min(loss[2 * i], loss[2 * i + 1])
    left, alive = count, np.ones(count, np.bool_)
    while left > most:
        at = 1
        while at < leaves:
            at = 2 * at if loss[2 * at] <= loss[2 * at + 1] else 2 * at + 1
        i = at - leaves
        j = following[i]
        a[i], b[i], alive[j] = a[i] + a[j], b[i] + b[j], False
        following[i] = following[j]
        if following[i] < count:
            before[following[i]] = i
        left -= 1
        for changed in (j, i, before[i]):
            if changed < 0:
                continue
            k = following[changed]
            loss[leaves + changed] = np.inf
            if alive[changed] and k < count:
                loss[leaves + changed] = _loss(a[changed], b[changed], a[k], b[k])
            node = (leaves + changed) // 2
            while node:
                loss[node] = min(loss[2 * node], loss[2 * node + 1])
                node //= 2
    return a[alive], b[alive]


@callee
def _in_order(a, b, most):
    """The symbols, from the most to the least certain, merged until there are ``most``."""
    kept = (a + b) > 0.0  # products of small probabilities may be 0
    a, b = a[kept], b[kept]
    order = np.argsort(b / (a + b), kind="mergesort")
    return _merged(a[order], b[order], most)


@kernel
def merged(a, b, most):
    """Symbols of a channel merged until there are ``most``: float64 each."""
    return _in_order(a, b, most)


@kernel
def check_channel(a, b, most):
    """The channel of a sum of two bits, each sent over the channel (a, b), merged."""
    count = a.size
    pairs = count * (count + 1) // 2
    c, d = np.empty(pairs), np.empty(pairs)
    at = 0
    for i in range(count):
        for j in range(i + 1):
            times = 1.0 if i == j else 2.0
            c[at], d[at] = times * (a[i] * a[j] + b[i] * b[j]), times * (a[i] * b[j] + b[i] * a[j])
            at += 1
    return _in_order(c, d, most)


@kernel
def both_channel(a, b, most):
    """The channel of a bit that is sent over the channel (a, b) twice, merged."""
    count = a.size
    pairs = count * (count + 1) // 2
    c, d = np.empty(2 * pairs), np.empty(2 * pairs)
    at = 0
    for i in range(count):
        for j in range(i + 1):
            times = 1.0 if i == j else 2.0
            c[at], d[at] = times * a[i] * a[j], times * b[i] * b[j]
            one, other = times * a[i] * b[j], times * b[i] * a[j]
            c[at + 1], d[at + 1] = max(one, other), min(one, other)
            at += 2
    return _in_order(c, d, most)
