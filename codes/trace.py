"""What belief propagation did to a frame, iteration by iteration."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse

from .binary.tanner_graph import TannerGraph
from .code import Bits

#: Largest parity-check matrix, in entries, that is worked out only to look at the word received.
MAX_TRACED = 1 << 28


@dataclass(frozen=True, eq=False)
class Trace:
    """How the checks of a Tanner graph fare while a batch is decoded; row i is after i iterations.

    A frame that has ended keeps its values. It is at a codeword where both counts are 0: a check with
    an undecided variable is not satisfied, but not every variable need be in a check.

    Attributes
    ----------
    checks
        Number of checks, redundant ones included.
    unsatisfied
        int32 (rows, frames): checks that the hard decisions do not satisfy, the weight of the syndrome.
    undecided
        int32 (rows, frames): variables with an LLR of exactly 0, as punctured ones have at first.
    """

    checks: int
    unsatisfied: npt.NDArray[np.int32]
    undecided: npt.NDArray[np.int32]

    @classmethod
    def of(cls, graph: TannerGraph, steps: Iterable[Bits]) -> "Trace":
        """From decisions, uint8 (variables, frames), 2 where undecided; at least one array of them."""
        ones = np.ones(graph.edges, np.int32)
        matrix = scipy.sparse.csr_array(
            (ones, graph.edge_variable, graph.check_start), shape=(graph.checks, graph.variables)
        )
        unsatisfied, undecided = [], []
        for decisions in steps:
            open_ = decisions == 2
            broken = matrix @ (decisions == 1).astype(np.int32) % 2 | matrix @ open_.astype(np.int32)
            unsatisfied.append(np.count_nonzero(broken, axis=0))
            undecided.append(np.count_nonzero(open_, axis=0))
        return cls(graph.checks, np.array(unsatisfied, np.int32), np.array(undecided, np.int32))
