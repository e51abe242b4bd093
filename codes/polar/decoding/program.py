"""The operations of a decoder of a polar code, a list that kernels run through: no recursion.

Nodes whose frozen positions leave little to decide need no operations inside: A. Alamdar-Yazdi and F. R.
Kschischang, "A simplified successive-cancellation decoder for polar codes", 2011; G. Sarkis, P. Giard, A.
Vardy, C. Thibeault and W. J. Gross, "Fast polar decoders: algorithm and implementation", 2014. Kernels of
size 3: F. Gabry, V. Bioglio, I. Land and J.-C. Belfiore, "Multi-kernel construction of polar codes", 2017.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ...binary.gf2 import Indices
from ..polar import PolarCode
from . import operation_kernels as op

#: Nodes that can be decided as a whole, beside those of rate 0: a single information bit is always one.
Leaf = Literal["rate-1", "repetition", "parity", "parity-of-4"]

#: Times are multiples of this, so that what happens at the same time has an order.
_TIME = 256

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class NodeProgram:
    """What a decoder does, in order.

    Attributes
    ----------
    operations
        int64 (operations, 4): the operation, see ``operation_kernels``, its rows, the first position of the
        node, and, of a node that is decided as a whole, whether its frozen bits are sums.
    sources, first_source
        int64: position i adds the bits v at ``sources[first_source[i] : first_source[i + 1]]``, all of them
        information positions. ``first_source`` has n + 1 entries.
    """

    operations: Indices
    sources: Indices
    first_source: Indices


def node_program(
    code: PolarCode, *, leaves: Collection[Leaf] = ("rate-1", "repetition"), lists: bool = False
) -> NodeProgram:
    """The operations of successive cancellation, or of list decoding, of a code.

    With no ``leaves`` it is the plain recursion down to single bits, but for halves that are frozen.

    Parameters
    ----------
    code
        The code. With kernels of size 3 nodes are of rate 0 or 1 only.
    leaves
        The nodes that are decided as a whole. A right half of rate 1 is a part of its node's operation.
    lists
        For lists, where frozen bits cost: halves of rate 0 have their LLRs made and a leaf of their own, but
        before the first information bit, where all paths cost the same. Nothing is fused with a right half.

    Notes
    -----
    A node that is decided as a whole has its information bits after its frozen ones, or a single frozen bit
    at its beginning: so no sum of a frozen bit has a term in the same node, and none has to be split.
    """
    sums = _Sums(code)
    writer = _Writer(code, sums, frozenset(leaves), lists)
    table = writer.table()
    table.flags.writeable = False
    return NodeProgram(table, sums.sources, sums.first_source)


class _Sums:
    """The sums of dynamic frozen bits, of information positions alone: v is 0 at the others."""

    def __init__(self, code: PolarCode) -> None:
        n, frozen, pretransform = code.n, code.frozen, code.pretransform
        targets = sources = np.zeros(0, np.int64)
        if pretransform is not None:
            used = ~frozen[pretransform.sources]
            targets, sources = pretransform.targets[used], pretransform.sources[used]
        self.sources: Indices = np.ascontiguousarray(sources)
        self.first_source: Indices = np.searchsorted(targets, np.arange(n + 1)).astype(np.int64)
        #: bool (n): frozen positions that may be 1.
        self.dynamic: Mask = np.zeros(n, np.bool_)
        self.dynamic[targets] = True
        self.dynamic &= frozen
        #: bool (n): information positions whose v a dynamic frozen bit may need.
        self.needed: Mask = np.zeros(n, np.bool_)
        if self.dynamic.any():
            self.needed[sources[targets <= np.flatnonzero(self.dynamic)[-1]]] = True


class _Writer:
    """Writes all operations of a level at once, each with its time; sorted by time they are the program.

    At a time t, before the bit at position t is decided: first the words of nodes that end there are put
    together, small ones first; then the LLRs of the part that begins there are made, and those of its first
    parts, large ones first; then comes the leaf.
    """

    def __init__(self, code: PolarCode, sums: _Sums, leaves: frozenset[str], lists: bool) -> None:
        self.kernels, self.n, self.leaves, self.lists = code.kernels, code.n, leaves, lists
        self.frozen, self.sums = code.frozen, sums
        #: int64 (n + 1): information bits before each position.
        self.before = np.concatenate([[0], np.cumsum(~code.frozen)])
        self.times: list[Indices] = []
        self.rows: list[Indices] = []

    def table(self) -> Indices:
        """All operations, int64 (operations, 4)."""
        starts, size = np.zeros(1, np.int64), self.n
        kinds = self.kinds(size)
        for level, kernel in enumerate((*self.kernels, 1)):
            kind = kinds[starts // size]
            self.put_leaves(starts[kind >= 0], size, kind[kind >= 0])
            starts = starts[kind < 0]
            if len(starts) == 0:
                break
            h = size // kernel
            kinds = self.kinds(h)
            divide = self.halves if kernel == 2 else self.thirds
            starts, size = divide(starts, h, level, kinds), h
        order = np.argsort(np.concatenate(self.times), kind="stable")
        return np.ascontiguousarray(np.concatenate(self.rows)[order])

    def kinds(self, size: int) -> Indices:
        """The operations that decide the nodes of a size as a whole, -1 where they are divided: int64."""
        bits = ~self.frozen.reshape(-1, size)
        free = bits.sum(axis=1)
        kinds = np.full(len(bits), -1, np.int64)
        kinds[free == 0] = op.RATE_0
        if "rate-1" in self.leaves or size == 1:
            kinds[free == size] = op.RATE_1
        if size & (size - 1) == 0 and set(self.kernels[len(self.kernels) - size.bit_length() + 1 :]) <= {2}:
            if "repetition" in self.leaves and size > 1:
                kinds[(free == 1) & bits[:, -1]] = op.REPETITION
            if size > 2 and ("parity" in self.leaves or (size == 4 and "parity-of-4" in self.leaves)):
                kinds[(free == size - 1) & ~bits[:, 0]] = op.PARITY
        return kinds

    def put(
        self, operation: int | Indices, rows: int, first: Indices, time: Indices, order: int, flag: Any = 0
    ) -> None:
        """Operations at times, of nodes that begin at ``first``; ``order`` among those at the same time."""
        table = np.empty((len(first), 4), np.int64)
        table[:, 0], table[:, 1], table[:, 2], table[:, 3] = operation, rows, first, flag
        self.rows.append(table)
        self.times.append(time * _TIME + order)

    def put_leaves(self, starts: Indices, size: int, kind: Indices) -> None:
        """Leaves, with the sums of their frozen bits before them and what is to be kept after them."""
        sums = self.any_in(self.sums.dynamic, starts, size)
        self.put(op.SUMS, size, starts[sums], starts[sums], 190)
        # In successive cancellation the sums of a node of rate 0 are its word.
        left = np.ones(len(starts), np.bool_) if self.lists else ~(sums & (kind == op.RATE_0))
        self.put(kind[left], size, starts[left], starts[left], 191, sums[left])
        self.keep(starts, size)

    def keep(self, starts: Indices, size: int) -> None:
        """Keep v of nodes in which some is needed."""
        kept = self.any_in(self.sums.needed, starts, size)
        self.put(op.KEEP, size, starts[kept], starts[kept], 192)

    def any_in(self, positions: Mask, starts: Indices, size: int) -> Mask:
        """Whether any of the positions lies in each node."""
        nodes: Mask = np.logical_or.reduce(positions.reshape(-1, size), axis=1)
        return nodes[starts // size]

    def halves(self, starts: Indices, h: int, level: int, kinds: Indices) -> Indices:
        """Operations of nodes of two halves; returns the halves that are nodes of their own."""
        left, right = kinds[starts // h], kinds[starts // h + 1]
        middle, end = starts + h, starts + 2 * h
        left_frozen, right_frozen = left == op.RATE_0, right == op.RATE_0
        dynamic = self.any_in(self.sums.dynamic, starts, h)
        zero, costs = left_frozen & ~dynamic, np.zeros(len(starts), np.bool_)
        fused = (right == op.RATE_1) & ("rate-1" in self.leaves)
        needs_left, needs_right = ~left_frozen, ~right_frozen
        if self.lists:
            costs = zero & (self.before[starts] > 0)
            fused[:] = False
            needs_left, needs_right = ~zero, np.ones(len(starts), np.bool_)
        self.put(op.F, h, starts[needs_left], starts[needs_left], 130 + level)
        self.put(op.F_RATE_0, h, starts[costs], starts[costs], 130 + level)
        for operation, which in (
            (op.G, needs_right & ~fused & ~zero),
            (op.G_ZERO, needs_right & ~fused & zero),
            (op.G_RATE_1, fused & ~zero),
            (op.G_ZERO_RATE_1, fused & zero),
        ):
            self.put(operation, h, starts[which], middle[which], 100)
        for operation, which in ((op.JOIN, ~fused & ~zero), (op.COPY, ~fused & zero)):
            self.put(operation, h, starts[which], end[which], 90 - level)
        self.keep(middle[fused], h)
        return np.concatenate([starts[~zero], middle[~fused]])

    def thirds(self, starts: Indices, h: int, level: int, kinds: Indices) -> Indices:
        """Operations of nodes of three parts; returns the parts, which are nodes of their own."""
        parts = starts[:, None] + h * np.arange(3)
        needed = (kinds[parts // h] != op.RATE_0) | self.lists
        for part, (operation, order) in enumerate(
            ((op.FIRST_OF_THREE, 130 + level), (op.SECOND_OF_THREE, 100), (op.THIRD_OF_THREE, 100))
        ):
            which = needed[:, part]
            self.put(operation, h, starts[which], parts[which, part], order)
        self.put(op.JOIN_THREE, h, starts, starts + 3 * h, 90 - level)
        return parts.ravel()
