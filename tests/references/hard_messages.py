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
    """Algorithms A and B: ``flip_at`` other checks of each variable make it send the opposite; or a row a step."""
    flip_at = np.atleast_2d(flip_at)
    received, H = received.astype(int), H.astype(int)
    y = received[:, None, :] * H
    to_checks = [y.copy()]

    def step(now: int, bits: Array) -> Array:
        to_variables = others_sum(to_checks[0], H, 2) % 2
        against = (to_variables != y) * H
        flips = others_sum(against, H, 1) >= flip_at[min(now, len(flip_at) - 1)]
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


def flip(H: Array, received: Array, iterations: int, threshold: Any) -> Result:
    """Flip all bits with so many violated checks, a number for each, or with the most of the frame."""
    H = H.astype(int)

    def step(now: int, bits: Array) -> Array:
        violated = bits @ H.T % 2 @ H
        if isinstance(threshold, str):
            return np.asarray(bits ^ (violated == violated.max(axis=1, keepdims=True)) * (H.sum(axis=0) > 0))
        return np.asarray(bits ^ (violated >= threshold))

    return iterate(H, received.astype(int), iterations, step)


class Xorshift:
    """Marsaglia's xorshift128, a generator for each frame, from 128 bits each: uint8 (frames, 128)."""

    def __init__(self, seeds: Array) -> None:
        weights = np.uint64(1) << np.arange(32, dtype=np.uint64)
        self.words = [
            (seeds[:, 32 * i : 32 * i + 32] * weights).sum(axis=1).astype(np.uint32) for i in range(4)
        ]

    def next(self) -> Array:
        x, w = self.words[0], self.words[3]
        t = x ^ (x << np.uint32(11))
        new = w ^ (w >> np.uint32(19)) ^ t ^ (t >> np.uint32(8))
        self.words = [*self.words[1:], new]
        return np.asarray(new)


def flip_by_chance(
    H: Array, received: Array, iterations: int, chances: dict[int, list[float]], seeds: Array
) -> Result:
    """PPBF: probabilities by degree and energy; each variable takes 16 bits where a probability is no certainty."""
    H, received = H.astype(int), received.astype(int)
    random, degrees = Xorshift(seeds), H.sum(axis=0)
    left: list[Array] = []

    def coin() -> Array:
        if not left:
            word = random.next()
            left.extend([word & np.uint32(0xFFFF), word >> np.uint32(16)])
        return left.pop(0)

    def step(now: int, bits: Array) -> Array:
        energy, flips = bits @ H.T % 2 @ H + (bits != received), np.zeros(bits.shape, bool)
        for v, degree in enumerate(degrees):
            limits = np.array([round(65536 * chance) for chance in chances[degree]])
            number = coin() if ((limits > 0) & (limits < 65536)).any() else np.zeros(len(bits))
            flips[:, v] = number < limits[energy[:, v]]
        return np.asarray(bits ^ flips)

    return iterate(H, received, iterations, step)


def flip_by_energy(
    H: Array, own: Array, weights: Array, iterations: int, *, signed: bool, factor: float, threshold: float = np.inf,
    decay: float = 1, noise: Callable[[], Array] | None = None, switching: bool = False,
) -> Result:  # fmt: skip
    """Weighted and gradient descent bit flipping in float32, in the decoder's order; ``weights`` of checks."""
    H, one = H.astype(int), np.float32(1)
    limit = np.full(own.shape, threshold, np.float32)
    several = np.full(len(own), not np.isinf(threshold))
    before = np.full(len(own), -np.inf, np.float32)

    def step(now: int, bits: Array) -> Array:
        nonlocal before
        checks = np.where(bits @ H.T % 2 == 1, one, -one) * weights
        energy, objective = np.zeros(own.shape, np.float32), np.zeros(len(own), np.float32)
        for check in checks.T:
            objective -= check
        for v in range(H.shape[1]):
            for c in np.flatnonzero(H[:, v]):
                energy[:, v] += checks[:, c]
            mine = np.where(bits[:, v] == 1, -own[:, v], own[:, v]) if signed else np.abs(own[:, v])
            mine = mine * np.float32(factor)
            objective += mine
            energy[:, v] -= mine
            if noise is not None:
                energy[:, v] += noise()
        if switching:
            several[:] &= objective > before
            before = objective
        above = energy > limit
        limit[:] = np.where(above | ~several[:, None], limit, limit * np.float32(decay))
        largest = np.arange(H.shape[1]) == energy.argmax(axis=1)[:, None]
        return np.asarray(bits ^ np.where(several[:, None], above, largest))

    return iterate(H, (own < 0).astype(int), iterations, step)
