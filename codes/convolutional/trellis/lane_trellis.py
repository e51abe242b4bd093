"""Trellises whose metrics fit into registers, and the numbers with which integers do not overflow."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.operations.vector_type_kernels import BYTES
from ..encoding.circuit import Circuit
from .trellis_type_kernels import KernelTrellis

#: Most states of which metrics are kept in registers.
MAX_STATES = 16
#: Steps of a window of exact metrics, and bytes that those of a single one may take: half a cache.
WINDOW, MAX_ROOM = 64, 1 << 19


@dataclass(frozen=True, eq=False)
class LaneTrellis:
    """A trellis with one input for kernels, and what bounds its metrics.

    Let a branch's cost be between those of its bits, of which there are w with magnitudes up to q. From any
    state the trellis comes to any other in m steps, its memory: so metrics of two states differ by at most
    m w q once all are reached, and a cost of 2 (m + 1) w q keeps any way through what cannot be behind one
    that can: that one differs in at most 2 m + 1 steps. In between, metrics relative to state 0 are within
    (4 m + 2) w q. Sums of metrics forward and backward, each reduced some b steps ago at most, and a branch
    are then within (2 (4 m + 2) + 2 b + 1) w q, which has to be below 2^15 in int16, and 2^31 in int32.

    Attributes
    ----------
    kernel
        What kernels take.
    systematic
        Whether inputs are the first output, and the parity bits the others; else all outputs are parity bits.
    far
        The cost of what cannot be, and 0, of the type of metrics.
    block
        Steps between reductions of metrics, a power of two.
    """

    kernel: KernelTrellis
    systematic: bool
    far: npt.NDArray[Any]
    block: int

    def window(self, steps: int) -> int:
        """Steps of a window without approximation: few, or all steps where their metrics stay in the cache.

        With a single window metrics forward are made once and not twice. In float32 the windows decide where
        metrics are reduced, and so how they are rounded: these are always few.
        """
        whole = self.far.dtype != np.float32 and steps * self.kernel.states * BYTES <= MAX_ROOM
        return steps if whole else WINDOW


def lane_trellis(circuit: Circuit, precision: str) -> LaneTrellis | None:
    """The trellis of a circuit for LLRs of a precision; None if it has several inputs, or too many states."""
    trellis = circuit.trellis
    if circuit.inputs != 1 or trellis.states > MAX_STATES or circuit.register is None:
        return None
    systematic = not circuit.C[0].any() and bool(circuit.D[0, 0])
    outputs = circuit.outputs - systematic
    branches = [
        (s, int(trellis.following[s, u]), u, int(trellis.labels[s, u]) >> int(systematic))
        for s in range(trellis.states)
        for u in range(2)
    ]
    made = KernelTrellis(trellis.states, outputs, branches)
    if precision == "float32":
        return LaneTrellis(made, systematic, np.array([1e30, 0], np.float32), 32)
    most, metric = (127, np.dtype(np.int16)) if precision == "int8" else (32767, np.dtype(np.int32))
    unit, m = (outputs + 1) * most, circuit.memory
    room = (np.iinfo(metric).max // unit - 2 * (4 * m + 2) - 1) // 2
    if room < 1:
        return None
    block = 1 << min(int(room).bit_length() - 1, 5)
    return LaneTrellis(made, systematic, np.array([2 * (m + 1) * unit, 0], metric), block)
