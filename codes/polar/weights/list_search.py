"""Codewords of low weight, found by decoding the all-zero word with a list.

B. Li, H. Shen and D. Tse, "An adaptive successive cancellation list decoder for polar codes with cyclic
redundancy check", 2012, section III. By min-sum, where all LLRs are 1, a path's metric is its word's weight.
"""

import numpy as np
import numpy.typing as npt

from ..pretransform import Pretransform

#: Paths, and the longest code that is searched: a second.
PATHS, LONGEST = 1024, 256

_Values = npt.NDArray[np.int32]
_Bits = npt.NDArray[np.uint8]


def light_words(information: npt.NDArray[np.int64], pretransform: Pretransform | None, n: int) -> _Bits:
    """Codewords other than zero of the least weight among those on the list: uint8 (words, n).

    The code may have lighter ones, and more of this weight. ``n`` is a power of two, up to ``LONGEST``.
    """
    return _Search(information, pretransform, n).lightest()


class _Search:
    """A list of paths, all in arrays whose first axis are the paths."""

    def __init__(self, information: npt.NDArray[np.int64], pretransform: Pretransform | None, n: int) -> None:
        self.n = n
        self.free = np.zeros(n, np.bool_)
        self.free[information] = True
        self.added: list[list[int]] = [[] for _ in range(n)]
        if pretransform is not None:
            for target, source in zip(pretransform.targets, pretransform.sources, strict=True):
                self.added[int(target)].append(int(source))
        self.metric: _Values = np.zeros(1, np.int32)
        self.v: _Bits = np.zeros((1, n), np.uint8)

    def lightest(self) -> _Bits:
        words, _ = self._node(np.ones((1, self.n), np.int32), 0)
        weights = words.sum(axis=1)
        least = weights[weights > 0].min(initial=self.n + 1)
        found: _Bits = words[weights == least]
        return found

    def _node(self, llr: _Values, first: int) -> tuple[_Bits, npt.NDArray[np.int64]]:
        """Codewords of a node, and which paths at its beginning its paths come from."""
        if llr.shape[1] == 1:
            return self._leaf(llr[:, 0], first)
        h = llr.shape[1] // 2
        a, b = llr[:, :h], llr[:, h:]
        left, turn = self._node(np.sign(a) * np.sign(b) * np.minimum(abs(a), abs(b)), first)
        a, b = a[turn], b[turn]
        right, second = self._node(b + np.where(left, -a, a), first + h)
        return np.hstack([left[second] ^ right, right]), turn[second]

    def _leaf(self, llr: _Values, i: int) -> tuple[_Bits, npt.NDArray[np.int64]]:
        known = np.bitwise_xor.reduce(self.v[:, self.added[i]], axis=1, initial=np.uint8(0))
        if not self.free[i]:
            self.metric = self.metric + np.maximum(np.where(known, llr, -llr), 0)
            return known[:, None], np.arange(len(llr))
        both = np.concatenate([self.metric + np.maximum(-llr, 0), self.metric + np.maximum(llr, 0)])
        best = np.argsort(both, kind="stable")[:PATHS]
        parent, u = best % len(llr), (best >= len(llr)).astype(np.uint8)
        self.metric, self.v = both[best], self.v[parent]
        self.v[:, i] = u ^ known[parent]
        return u[:, None], parent
