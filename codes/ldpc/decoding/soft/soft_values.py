"""How reliable belief propagation finds bits: for decoders that go on where it fails, of few frames.

In NumPy, and by scaled min-sum, all of whose operations are exact or rounded once: the values, and what is
decided by their order, are the same on every CPU.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ....binary.tanner_graph import TannerGraph

Values = npt.NDArray[np.float32]
#: Factor of min-sum's messages, which takes off what they overrate.
SCALE = np.float32(0.8125)
#: Largest magnitude of a message.
MOST = np.float32(16384.0)


@dataclass(frozen=True, eq=False)
class SoftValues:
    """Values of all variables of some frames, float32 (n, frames): LLRs.

    Attributes
    ----------
    last
        After the last iteration.
    mean
        The mean over all iterations: where values swing, it tells more.
    """

    last: Values
    mean: Values


@dataclass(frozen=True, eq=False)
class MinSum:
    """Flooding min-sum on a graph, which goes on from where it was.

    Parameters
    ----------
    graph
        The Tanner graph.
    """

    graph: TannerGraph

    @cached_property
    def _checks(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Where the edges of checks begin that have any, and the number of each edge's check among these."""
        degrees = self.graph.check_degrees
        filled = np.flatnonzero(degrees)
        return self.graph.check_start[filled], np.repeat(np.arange(len(filled)), degrees[filled])

    @cached_property
    def _variables(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
        """Edges by variable, where those begin of variables that have any, and these variables."""
        degrees = self.graph.variable_degrees
        filled = np.flatnonzero(degrees)
        start = np.concatenate([[0], np.cumsum(degrees)])[filled]
        return np.argsort(self.graph.edge_variable, kind="stable"), start, filled

    def messages(self, inputs: Values, signs: npt.NDArray[np.bool_] | None = None) -> Values:
        """Messages of checks, float32 (edges, frames), to messages of variables of the same shape.

        ``signs``, bool (checks, frames), are the checks that want an odd number of ones.
        """
        start, check = self._checks
        if len(start) == 0:
            return np.zeros_like(inputs)
        size, minus = np.abs(inputs), inputs < 0
        least = np.minimum.reduceat(size, start)
        is_least = size == least[check]
        several = np.add.reduceat(is_least, start, dtype=np.int32) > 1
        second = np.minimum.reduceat(np.where(is_least, MOST, size), start)
        second = np.where(several, least, second)
        odd = np.logical_xor.reduceat(minus, start)
        if signs is not None:
            odd ^= signs[self.graph.check_degrees > 0]
        out = np.where(is_least, second[check], least[check]) * SCALE
        made: Values = np.where(minus ^ odd[check], -out, out)
        return made

    def sums(self, messages: Values) -> Values:
        """The sums of messages of checks at each variable, float32 (n, frames)."""
        edges, start, filled = self._variables
        total = np.zeros((self.graph.variables, messages.shape[1]), np.float32)
        if len(filled):
            total[filled] = np.add.reduceat(messages[edges], start)
        return total

    def run(self, llr: Values, iterations: int, signs: npt.NDArray[np.bool_] | None = None) -> SoftValues:
        """Values after so many iterations, from LLRs, float32 (n, frames)."""
        llr = np.clip(llr, -MOST, MOST)
        edge = self.graph.edge_variable
        messages, value, total = np.zeros((len(edge), llr.shape[1]), np.float32), llr, np.zeros_like(llr)
        for _ in range(iterations):
            messages = self.messages(value[edge] - messages, signs)
            value = llr + self.sums(messages)
            total += value
        return SoftValues(value, total / np.float32(max(iterations, 1)))
