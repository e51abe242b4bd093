"""List decoding of polar codes in int8, plainly: whole nodes by trying all their likely words."""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def box_plus(a: Array, b: Array) -> Array:
    """Sign times least magnitude, saturating as int8."""
    return np.maximum(np.minimum(a, b), np.minimum(-np.maximum(a, b), 127))


def taken(values: Array, paths: Array) -> Array:
    """``values``, (frames, L, ...), of other paths, (frames, L)."""
    shape = paths.shape + (1,) * (values.ndim - 2)
    return np.take_along_axis(values, paths.reshape(shape), axis=1)


class ListReference:
    """Decodes a frozen set with a list; frames in which a tie may have decided are ``tied``.

    Parameters
    ----------
    frozen
        bool (n), natural order.
    size
        Paths of the list.
    rows
        The least reliable rows of a node that are tried in all combinations.
    """

    def __init__(self, frozen: Array, size: int, rows: int = 9) -> None:
        self.frozen, self.size, self.rows = frozen, size, rows
        #: The largest difference of metrics.
        self.most = (1 << 16) // (2 * size) - 1

    def decode(self, llr: Array) -> tuple[Array, Array]:
        """Codewords of all paths, best first, uint8 (frames, L, n), and metrics, from llr (frames, n)."""
        self.tied = np.zeros(len(llr), np.bool_)
        metric = np.full((len(llr), self.size), self.most)
        metric[:, 0] = 0
        llr = np.repeat(llr.astype(np.int64)[:, None], self.size, axis=1)
        words, metric, _ = self.node(llr, self.frozen, metric)
        order = np.argsort(metric, axis=1, kind="stable")
        return taken(words, order), taken(metric, order)

    def charged(self, metric: Array, cost: Array) -> Array:
        total = metric + cost
        return np.minimum(total - total.min(axis=1, keepdims=True), self.most)

    def node(self, llr: Array, frozen: Array, metric: Array) -> tuple[Array, Array, Array]:
        """Words (frames, L, m), metrics, and the paths that they come from."""
        bits, m = ~frozen, len(frozen)
        if not bits.any():
            own = np.tile(np.arange(self.size), (len(llr), 1))
            metric = self.charged(metric, np.maximum(-llr, 0).sum(axis=2))
            return np.zeros(llr.shape, np.uint8), metric, own
        if m > 1 and bits.sum() == 1 and bits[-1]:
            words = np.arange(2, dtype=np.uint8)[:, None] * np.ones(m, np.uint8)
            words = np.broadcast_to(words, (*llr.shape[:2], 2, m))
            return self.best(llr, words, metric)
        if bits.all() or (m > 2 and bits.sum() == m - 1 and frozen[0]):
            return self.best(llr, self.likely(llr, not bits.all()), metric)
        h = m // 2
        a, b = llr[:, :, :h], llr[:, :, h:]
        left, metric, first = self.node(box_plus(a, b), frozen[:h], metric)
        a, b = taken(a, first), taken(b, first)
        right_llr = np.clip(b + np.where(left, -a, a), -128, 127)
        right, metric, second = self.node(right_llr, frozen[h:], metric)
        left = taken(left, second)
        return np.concatenate([left ^ right, right], axis=2), metric, taken(first, second)

    def likely(self, llr: Array, even: bool) -> Array:
        """All words that differ from the hard decisions in the least reliable rows: (frames, L, words, m)."""
        rows = np.argsort(np.abs(llr), axis=2, kind="stable")[:, :, : self.rows]
        count = rows.shape[2]
        patterns = (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(np.uint8)
        words = np.repeat((llr < 0).astype(np.uint8)[:, :, None], 1 << count, axis=2)
        at = np.broadcast_to(rows[:, :, None], (*words.shape[:3], count))
        np.put_along_axis(words, at, np.take_along_axis(words, at, 3) ^ patterns, 3)
        if even:  # half of them, and as many for each path
            chosen = np.argsort(words.sum(axis=3) % 2, axis=2, kind="stable")[:, :, : 1 << count - 1]
            words = np.take_along_axis(words, chosen[:, :, :, None], 2)
        return words

    def best(self, llr: Array, words: Array, metric: Array) -> tuple[Array, Array, Array]:
        """The best of words of each path, (frames, L, words, m), by their metrics."""
        costs = (np.abs(llr)[:, :, None] * (words != (llr < 0)[:, :, None])).sum(axis=3)
        least = costs.min(axis=2)
        metric = self.charged(metric, least)
        total = np.minimum(metric[:, :, None] + costs - least[:, :, None], self.most)
        flat = total.reshape(len(llr), -1)
        order = np.argsort(flat, axis=1, kind="stable")
        ranked = np.take_along_axis(flat, order, 1)
        if ranked.shape[1] > self.size:
            at = ranked[:, self.size - 1]
            self.tied |= (at == ranked[:, self.size]) & (at < self.most)
        order = order[:, : self.size]
        paths, word = np.divmod(order, words.shape[2])
        chosen = np.take_along_axis(taken(words, paths), word[:, :, None, None], 2)[:, :, 0]
        return chosen, ranked[:, : self.size], paths
