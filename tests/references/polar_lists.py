"""Successive cancellation list decoding bit by bit, in float64, of all frames at once."""

from typing import Any

import numpy as np
import numpy.typing as npt
from capgap.codes import PolarCode

Array = npt.NDArray[Any]


def box_plus(a: Array, b: Array) -> Array:
    return np.logaddexp(0, a + b) - np.logaddexp(a, b)


def min_sum(a: Array, b: Array) -> Array:
    return np.sign(a) * np.sign(b) * np.minimum(abs(a), abs(b))


class PlainLists:
    """Paths of ``size``, all information bits forked one after the other. Ties as they come."""

    def __init__(self, code: PolarCode, size: int, exact: bool) -> None:
        self.code, self.size, self.exact = code, size, exact
        self.sums: dict[int, list[int]] = {i: [] for i in range(code.n)}
        if code.pretransform is not None:
            for target, source in zip(code.pretransform.targets, code.pretransform.sources, strict=True):
                self.sums[int(target)].append(int(source))

    def decode(self, llr: Array) -> tuple[Array, Array]:
        """Codewords of all paths, (frames, size, n), the best first, and their metrics."""
        frames, n = llr.shape
        self.metric = np.full((frames, self.size), np.inf)
        self.metric[:, 0] = 0
        self.v = np.zeros((frames, self.size, n), np.uint8)
        words, _ = self.node(np.repeat(llr.astype(float)[:, None], self.size, 1), 0, 0)
        order = np.argsort(self.metric, axis=1, kind="stable")
        return np.take_along_axis(words, order[..., None], 1), np.take_along_axis(self.metric, order, 1)

    def node(self, x: Array, start: int, depth: int) -> tuple[Array, Array]:
        """Codewords of a node, and from which paths at its beginning its paths come."""
        if depth == len(self.code.kernels):
            return self.leaf(x[..., 0], start)
        f = box_plus if self.exact else min_sum
        kernel = self.code.kernels[depth]
        a, b, *rest = np.split(x, kernel, axis=2)
        h = a.shape[2]
        if kernel == 2:
            u0, turn = self.node(f(a, b), start, depth + 1)
            a, b = turned(a, turn), turned(b, turn)
            u1, second = self.node(b + np.where(u0, -a, a), start + h, depth + 1)
            u0 = turned(u0, second)
            return np.concatenate([u0 ^ u1, u1], 2), np.take_along_axis(turn, second, 1)
        (c,) = rest
        u0, turn = self.node(f(f(a, b), c), start, depth + 1)
        a, b, c = turned(a, turn), turned(b, turn), turned(c, turn)
        u1, second = self.node(np.where(u0, -a, a) + f(b, c), start + h, depth + 1)
        b, c, u0 = turned(b, second), turned(c, second), turned(u0, second)
        u2, third = self.node(np.where(u0, -b, b) + np.where(u0 ^ u1, -c, c), start + 2 * h, depth + 1)
        u0, u1 = turned(u0, third), turned(u1, third)
        whole = np.take_along_axis(np.take_along_axis(turn, second, 1), third, 1)
        return np.concatenate([u0 ^ u1, u0 ^ u2, u0 ^ u1 ^ u2], 2), whole

    def cost(self, x: Array) -> Array:
        """Of a 0."""
        return np.logaddexp(0, -x) if self.exact else np.maximum(-x, 0)

    def leaf(self, x: Array, position: int) -> tuple[Array, Array]:
        own = np.tile(np.arange(self.size), (len(x), 1))
        offset = self.v[:, :, self.sums[position]].sum(axis=2, dtype=np.uint8) & 1
        if self.code.frozen[position]:
            self.metric = self.metric + self.cost(np.where(offset, -x, x))
            return offset[..., None], own
        both = np.concatenate([self.metric + self.cost(x), self.metric + self.cost(-x)], 1)
        best = np.argsort(both, axis=1, kind="stable")[:, : self.size]
        parent, u = best % self.size, (best >= self.size).astype(np.uint8)
        self.metric = np.take_along_axis(both, best, 1)
        self.v = turned(self.v, parent)
        self.v[:, :, position] = u ^ np.take_along_axis(offset, parent, 1)
        return u[..., None], parent


def turned(x: Array, parent: Array) -> Array:
    return np.take_along_axis(x, parent[..., None], 1)


def distances(words: Array, llr: Array) -> Array:
    """What LLRs disagree with, (frames, words), of words (words, n)."""
    x = llr.astype(float)
    return np.maximum(-x, 0) @ (1.0 - words.T) + np.maximum(x, 0) @ words.T.astype(float)
