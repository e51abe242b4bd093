"""Belief propagation over GF(q) as Davey and MacKay say it: sums over all values, in float64, and slow."""

from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes.fields.galois_field import GaloisField

Array = npt.NDArray[Any]


def symbol_probabilities(llr: Array, m: int) -> Array:
    """Of all values of each symbol, (frames, symbols, 2^m), from LLRs of bits, (frames, symbols m)."""
    one = 1 / (1 + np.exp(llr.astype(np.float64)))
    one = one.reshape(len(llr), -1, 1, m)
    bits = np.arange(1 << m)[:, None] >> np.arange(m - 1, -1, -1) & 1
    return np.asarray(np.where(bits == 1, one, 1 - one).prod(axis=3))


def sums(a: Array, b: Array) -> Array:
    """The distribution of the sum of two independent symbols, (frames, q) each."""
    values = np.arange(a.shape[1])
    return np.stack([(a * b[:, values ^ z]).sum(axis=1) for z in values], axis=1)


def decode(
    H: Array, m: int, llr: Array, iterations: int, layered: bool = False
) -> tuple[Array, Array, Array, Array]:
    """Symbols decided, whether they are a codeword, iterations, and probabilities of symbols after the last.

    ``H`` is over GF(2^m), its elements numbers.
    """
    field, frames = GaloisField(m), len(llr)
    received = symbol_probabilities(llr, m)
    values = np.arange(1 << m)
    edges = [(int(c), int(v)) for c, v in np.argwhere(H)]
    message = {edge: np.full((frames, 1 << m), 2.0**-m) for edge in edges}
    ok, spent = np.zeros(frames, bool), np.full(frames, iterations, np.int32)
    decided, final = np.zeros(received.shape[:2], int), received.copy()
    for now in range(iterations + 1):
        total = received.copy()
        for c, v in edges:
            total[:, v] *= message[c, v]
        choice = total.argmax(axis=2)
        parity = np.bitwise_xor.reduce(np.asarray(field.multiply(H[None], choice[:, None])), axis=2)
        good = ~parity.any(axis=1)
        going = ~ok
        decided[going], final[going] = choice[going], total[going]
        spent[going & good] = now
        ok |= good
        if now == iterations or ok.all():
            break
        new = message if layered else {}
        for c in range(len(H)):
            ends = np.flatnonzero(H[c]).tolist()
            given = []
            for v in ends:
                p = received[:, v].copy()
                for other in np.flatnonzero(H[:, v]).tolist():
                    if other != c:
                        p *= message[other, v]
                p /= p.sum(axis=1, keepdims=True)
                scaled = np.empty_like(p)
                scaled[:, np.asarray(field.multiply(int(H[c, v]), values))] = p
                given.append(scaled)
            for i, v in enumerate(ends):
                others = np.eye(1 << m)[np.zeros(frames, int)]
                for j, each in enumerate(given):
                    if j != i:
                        others = sums(others, each)
                new[c, v] = others[:, np.asarray(field.multiply(int(H[c, v]), values))]
        message = new
    return decided, ok, spent, final / final.sum(axis=2, keepdims=True)


def cut(costs: dict[int, float], kept: int) -> dict[int, float]:
    """The values of least cost, of several with the same the lower ones."""
    return dict(sorted(costs.items(), key=lambda each: (each[1], each[0]))[:kept])


def add(a: dict[int, float], b: dict[int, float], kept: int) -> dict[int, float]:
    """Costs of the sums of values of two lists."""
    found: dict[int, float] = {}
    for x, one in a.items():
        for y, other in b.items():
            found[x ^ y] = min(found.get(x ^ y, np.inf), one + other)
    return cut(found, kept)


def extended_min_sum(
    H: Array, m: int, llr: Array, iterations: int, kept: int, scale: float, offset: float, layered: bool
) -> tuple[Array, bool, int]:
    """Symbols decided of one frame, whether they are a codeword, and iterations."""
    field, q = GaloisField(m), 1 << m
    received = -np.log(symbol_probabilities(llr[None], m)[0])
    edges = [(int(c), int(v)) for c, v in np.argwhere(H)]
    message = {edge: np.zeros(q) for edge in edges}
    for now in range(iterations + 1):
        total = received.copy()
        for c, v in edges:
            total[v] += message[c, v]
        choice = total.argmin(axis=1)
        good = not np.bitwise_xor.reduce(np.asarray(field.multiply(H, choice)), axis=1).any()
        ordered = np.sort(total, axis=1)
        good = good and bool((ordered[:, 1] - ordered[:, 0] > 1e-4).all())  # sums do tie
        if good or now == iterations:
            return choice, good, now
        new = message if layered else {}
        for c in range(len(H)):
            ends = np.flatnonzero(H[c]).tolist()
            given = []
            for v in ends:
                cost = received[v] + sum(message[o, v] for o in np.flatnonzero(H[:, v]).tolist() if o != c)
                cost = cost - cost.min()
                given.append(cut({field.multiply(int(H[c, v]), x): float(cost[x]) for x in range(q)}, kept))
            for i, v in enumerate(ends):
                before: dict[int, float] = {0: 0.0}
                for each in given[:i]:
                    before = add(before, each, kept)
                after: dict[int, float] = {0: 0.0}
                for each in given[:i:-1]:
                    after = add(after, each, kept)
                own = add(before, after, kept)
                rest = max(own.values()) + offset
                costs = [own.get(field.multiply(int(H[c, v]), x), rest) for x in range(q)]
                new[c, v] = scale * np.array(costs)
        message = new
    raise AssertionError
