"""The best paths through a code's trellis, by the Viterbi algorithm in float32 or fixed point."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import Soft, Words
from .trellis_kernels import decode_trellis
from .viterbi_kernels import VECTOR_MEMORY, decode_register
from .viterbi_tables import ViterbiTables

Precision = Literal["float32", "int16", "int8"]
PRECISIONS = ("float32", "int16", "int8")
#: Bytes that survivors of a group may take before decisions are made, unless they are of few steps.
SURVIVORS = 1 << 23
#: Steps for each bit of the register of which survivors are kept at least.
LEAST_STEPS = 20
#: What is as good as infinite: a metric in float32 from which no path begins.
NEVER = np.float32(1e30)

States = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Paths:
    """The best paths of groups of 64 frames.

    Attributes
    ----------
    words
        uint64 (groups, ...): of shift registers the newest bit after each step with information, of other
        trellises the inputs.
    began, ended
        int32 (groups, 64): the states in which they begin and end.
    metrics
        (groups, states, 64), or None: costs of the best paths to all states, less what they have in common.
    """

    words: Words
    began: States
    ended: States
    metrics: npt.NDArray[Any] | None


class TrellisSearch:
    """Finds best paths, in LLRs of one precision.

    In fixed point ``largest`` is the largest magnitude of LLRs that count: others are clipped to it. In
    float32 it is None. Paths and states are relative to those of ``ViterbiTables.preferred``.
    """

    def __init__(self, tables: ViterbiTables, precision: Precision) -> None:
        self.tables, self.dtype = tables, np.dtype(precision)
        self.largest: int | None = None
        self.base: Any = np.float32(0)
        self._limit: Any = None
        if precision != "float32":
            info = np.iinfo(self.dtype)
            self.largest = tables.largest(int(info.max) - int(info.min))
            self._limit, self.base = self.dtype.type(self.largest), self.dtype.type(info.min)
        width = tables.states // 8 if tables.is_register else tables.states
        kept = max(SURVIVORS // (width * GROUP), LEAST_STEPS * (tables.circuit.memory + 1))
        #: None for all steps.
        self._kept = kept if kept < tables.steps else None

    @cached_property
    def from_zero(self) -> npt.NDArray[Any]:
        """Metrics, (1, states, 64), of paths that begin at 0."""
        start = np.full((1, self.tables.states, GROUP), NEVER if self.largest is None else 0, self.dtype)
        if self.largest is not None:
            start[0] = (int(self.base) + self.largest * self.tables.penalty + 1)[:, None]
        start[0, 0] = self.base
        return start

    @cached_property
    def from_anywhere(self) -> npt.NDArray[Any]:
        """Metrics, (1, states, 64), of paths that begin in any state."""
        return np.full((1, self.tables.states, GROUP), self.base, self.dtype)

    def find(
        self,
        llr: Soft,
        start: npt.NDArray[Any],
        ends: States | int | None,
        *,
        tries: int | None = None,
        metrics: bool = False,
    ) -> Paths:
        """The best paths with metrics ``start``, (1 or groups, states, 64), at their beginning.

        They end in the states ``ends``, one for each frame, int32 (groups, 64), or for all; None for the best
        one. With ``tries`` the next one is the best path to the state in which the last one began, until one
        ends where it begins.
        """
        tables, groups = self.tables, len(llr)
        steps, inputs = tables.code.encoder.steps, tables.circuit.inputs
        words = np.empty((groups, steps * inputs), np.uint64)
        ended = np.empty((groups, GROUP), np.int32)
        ended[:] = 0 if ends is None else ends
        began = np.empty((groups, GROUP), np.int32)
        final = np.empty((groups, tables.states, GROUP), self.dtype) if metrics else None
        given = (llr, tables.position, tables.flips, tables.rows.sums, self._limit, self.base)
        best = True if ends is None else None
        rest = tables.steps, self._kept, np.ascontiguousarray(start), ended, best, tries, words, began, final
        memory = tables.circuit.memory
        if tables.is_register:
            symmetric, wide = (True if flag else None for flag in (tables.symmetric, memory > VECTOR_MEMORY))
            decode_register(*given, memory, tables.branch_rows, symmetric, wide, *rest)
        else:
            never = self.dtype.type(0) if self.largest is not None else NEVER
            machine = tables.entering, tables.entering_rows, inputs, tables.tail, never
            decode_trellis(*given, memory, *machine, *rest)
        return Paths(words, began, ended, final)
