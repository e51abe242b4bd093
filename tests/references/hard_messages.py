"""Hard-decision decoders as the papers say them, edge by edge in NumPy over frames, and slow."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
#: Decisions, whether frames are codewords, and iterations.
Result = tuple[Array, Array, Array]


def iterate(H: Array, received: Array, iterations: int, step: Callable[[int, Array], Array]) -> Result:
    """Decisions by ``step``, of an iteration and the decisions before it, frame by frame until they are a codeword."""
    bits, ok = received.copy(), np.zeros(len(received), bool)
    spent = np.full(len(received), iterations, np.int32)
    for now in range(iterations + 1):
        ended = ~ok & ~(bits @ H.T % 2).any(axis=1)
        ok |= ended
        spent[ended] = now
        if now < iterations:
            bits = np.where(ok[:, None], bits, step(now, bits))
    return bits, ok, spent


def others_sum(messages: Array, H: Array, axis: int) -> Array:
    """For each edge, (frames, checks, n), the sum of the messages on the others of its check or variable."""
    return np.asarray((messages.sum(axis=axis, keepdims=True) - messages) * H)


def gallager(H: Array, received: Array, iterations: int, flip_at: Array) -> Result:
    """Algorithms A and B: ``flip_at`` other checks of each variable make it send the opposite."""
    received, H = received.astype(int), H.astype(int)
    y = received[:, None, :] * H
    to_checks = [y.copy()]

    def step(now: int, bits: Array) -> Array:
        to_variables = others_sum(to_checks[0], H, 2) % 2
        against = (to_variables != y) * H
        flips = others_sum(against, H, 1) >= flip_at
        to_checks[0] = (y ^ flips) * H
        total, degrees = against.sum(axis=1), H.sum(axis=0)
        return np.asarray(received ^ (2 * total > degrees))

    return iterate(H, received, iterations, step)


def gallager_e(H: Array, received: Array, iterations: int, weights: tuple[int, ...]) -> Result:
    """Algorithm E with messages 1, 0, -1, of words without erasures."""
    H = H.astype(int)
    y = 1 - 2 * received.astype(int)
    to_checks = [y[:, None, :] * H]

    def step(now: int, bits: Array) -> Array:
        to_variables = np.zeros_like(to_checks[0])
        for c, v in zip(*np.nonzero(H), strict=True):
            others = [u for u in np.flatnonzero(H[c]) if u != v]
            to_variables[:, c, v] = to_checks[0][:, c, others].prod(axis=1)
        own = weights[min(now, len(weights) - 1)] * y
        to_checks[0] = np.sign(own[:, None, :] + others_sum(to_variables, H, 1)) * H
        total = own + to_variables.sum(axis=1)
        return np.where(total == 0, received, total < 0).astype(int)

    return iterate(H, received, iterations, step)


def peel(H: Array, received: Array, erased: Array, iterations: int) -> tuple[Array, Array]:
    """Bits of one frame, and which of them are left: checks one after the other, so many times."""
    bits, left = np.where(erased, 0, received), erased.astype(bool)
    for _ in range(iterations):
        for row in H.astype(bool):
            if (open_ := np.flatnonzero(row & left)).size == 1:
                bits[open_[0]] = bits[row].sum() % 2
                left[open_[0]] = False
    return bits, left
