"""Bit channels with their symbols merged: bounds on their error probabilities as near as one likes.

I. Tal and A. Vardy, "How to construct polar codes", 2013, sections IV to VI: degrading merges.

A symmetric channel is held as the probabilities a of symbols where 0 is sent, and b where 1 is, of those
symbols for which a >= b; each has a conjugate, for which they are exchanged. All a and b together are 1.
"""

import math
from collections.abc import Iterator

import numpy as np
import scipy.special

from .evolution import Values
from .tal_vardy_kernels import both_channel, check_channel, merged

#: Symbols of a channel unless one asks for others, conjugates included.
MU = 64
Channel = tuple[Values, Values]


def erasure_channel(epsilon: float) -> Channel:
    """The binary erasure channel."""
    return np.array([1 - epsilon, epsilon / 2]), np.array([0.0, epsilon / 2])


def symmetric_channel(f: float) -> Channel:
    """The binary symmetric channel, f up to 1/2."""
    return np.array([1 - f]), np.array([f])


def gaussian_channel(esno_db: float, mu: int) -> Channel:
    """BPSK over AWGN, degraded to ``mu`` symbols that cut its capacity into equal parts (section VI)."""
    parts = mu // 2
    sigma = math.sqrt(0.5 / 10 ** (esno_db / 10))
    wanted = np.arange(1, parts) / parts
    low, high = np.zeros(parts - 1), np.full(parts - 1, 60.0)
    for _ in range(60):  # the LLR at which a symbol's part of the capacity is what is wanted
        middle = (low + high) / 2
        p = scipy.special.expit(-middle)
        less = 1 - (scipy.special.entr(p) + scipy.special.entr(1 - p)) / math.log(2) < wanted
        low, high = np.where(less, middle, low), np.where(less, high, middle)
    edges = np.concatenate([[0.0], low * sigma**2 / 2, [np.inf]])
    below = scipy.special.ndtr((1 - edges) / sigma), scipy.special.ndtr(-(1 + edges) / sigma)
    a, b = -np.diff(below[0]), -np.diff(below[1])
    kept = a > 0
    return a[kept], b[kept]


def error_probabilities(channel: Channel, levels: int, mu: int = MU) -> Values:
    """Upper bounds on the error probabilities of the bit channels, given the bits before: float64 (2^levels).

    ``mu`` is how many symbols are kept, even, at least 4: more are nearer to the truth and take their square
    in time.
    """
    *_, last = _bit_channels(channel, levels, mu)
    return np.array([float(b.sum()) for _, b in last])


def capacities(channel: Channel, levels: int, mu: int = MU) -> tuple[Values, ...]:
    """Lower bounds on the capacities of the bit channels in bits, after 0, 1, ... levels: float64 (2^level).

    Examples
    --------
    >>> capacities(erasure_channel(0.5), 1)[1].tolist()
    [0.25, 0.75]
    """
    return tuple(np.array(list(map(_capacity, each))) for each in _bit_channels(channel, levels, mu))


def _bit_channels(channel: Channel, levels: int, mu: int) -> Iterator[list[Channel]]:
    """The channels after 0, 1, ... levels."""
    found = [merged(*channel, mu // 2)]
    yield found
    for _ in range(levels):
        found = [step(*each, mu // 2) for each in found for step in (check_channel, both_channel)]
        yield found


def _capacity(channel: Channel) -> float:
    a, b = channel
    wrong = b / (a + b)
    unknown = (scipy.special.entr(wrong) + scipy.special.entr(1 - wrong)) / math.log(2)
    return float(((a + b) * (1 - unknown)).sum())
