"""Tables that the kernels of Viterbi decoding run on, and how far path metrics lie apart.

Metrics are costs: the sum of the |LLR| that a path's labels disagree with, never negative. In fixed point
they have a range, and the largest |LLR| follows from it such that no decision is lost.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.groups import Words
from ...tie_breaking import fixed_tie_bits
from ..convolutional import ConvolutionalCode
from ..encoding.circuit import Numbers, read_only_numbers

#: Least memory for which states are taken eight at a time, as shift registers.
LEAST_REGISTER = 3

Costs = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CostRows:
    """How the costs of all labels of a step are added up from those of its n0 outputs.

    Row 2 i is the cost of a 0 at output i and row 2 i + 1 that of a 1; then come sums of two rows each.

    Attributes
    ----------
    sums
        int32 (sums, 2): the rows that each sum is of, in order.
    of_label
        int32 (2^n0): the row of a label; -1 where no branch has it.
    """

    sums: Numbers
    of_label: Numbers

    @classmethod
    def of(cls, labels: npt.NDArray[np.integer[Any]], outputs: int) -> "CostRows":
        """Of the labels that occur, numbers whose bit i is output i."""
        found = np.unique(labels)
        # Beginnings of labels, of one output, of two, ...; each is the one before and an output more.
        rows = {(1, bit): bit for bit in range(2)}
        sums: list[tuple[int, int]] = []
        for length in range(2, outputs + 1):
            # Of two outputs all four labels have rows, in order: a kernel makes them without the table.
            beginnings = np.arange(4) if length == 2 else np.unique(found & (1 << length) - 1)
            for beginning in beginnings.tolist():
                before = rows[length - 1, beginning & (1 << length - 1) - 1]
                rows[length, beginning] = 2 * outputs + len(sums)
                sums.append((before, 2 * (length - 1) + (beginning >> length - 1)))
        of_label = np.full(1 << outputs, -1, np.int32)
        of_label[found] = [rows[outputs, label] for label in found.tolist()]
        return cls(read_only_numbers(np.array(sums, np.int32).reshape(-1, 2)), read_only_numbers(of_label))


class ViterbiTables:
    """What the kernels need to know of a code. Immutable."""

    def __init__(self, code: ConvolutionalCode) -> None:
        self.code, self.circuit = code, code.encoder.circuit
        circuit = self.circuit
        #: Whether states are those of one shift register, eight at a time.
        self.is_register = circuit.register is not None and circuit.memory >= LEAST_REGISTER
        self.steps = code.encoder.all_steps
        self.outputs = circuit.outputs
        position = np.full(self.steps * self.outputs, -1, np.int32)
        position[code.sent] = np.arange(code.n)
        #: int32 (steps n0): the coded bit that each output is; -1 where none is sent.
        self.position = read_only_numbers(position)
        labels = self.register_labels if self.is_register else circuit.trellis.labels
        self.rows = CostRows.of(labels, self.outputs)

    @cached_property
    def tail(self) -> int:
        """The step from which inputs are 0; that of all steps where the state at the end says what they were.

        It does not where inputs with less memory than others could be 1 in the tail and leave no trace.
        """
        encoder, circuit = self.code.encoder, self.circuit
        alike = circuit.inputs * encoder.tail_steps == circuit.memory
        return self.steps if encoder.tail_steps == 0 or circuit.inputs == 1 or alike else encoder.steps

    @cached_property
    def register_labels(self) -> Numbers:
        """int32 (2 states): labels of a rate 1/n code by the newest memory + 1 bits of its register."""
        assert self.circuit.register is not None
        bits = np.arange(2 << self.circuit.memory)
        labels = np.zeros(len(bits), np.int64)
        for i, taps in enumerate(self.circuit.register):
            labels |= (np.bitwise_count(bits & taps).astype(np.int64) & 1) << i
        return read_only_numbers(labels)

    @cached_property
    def symmetric(self) -> bool:
        """Whether the two branches into a state, and the two out of it, have opposite labels."""
        memory, register = self.circuit.memory, self.circuit.register
        return register is not None and all(taps & 1 and taps >> memory & 1 for taps in register)

    @cached_property
    def branch_rows(self) -> Numbers:
        """Of rate 1/n the cost rows of branches: int32 (3, states / 8, 4, 2 or 4).

        Entry [j, r, i] belongs to the states p and p + states / 2, of which p is the i-th that step j of
        three takes in group r (see ``viterbi_kernels``): rows of the branches with 0 from p, with 0 from the
        other, and, unless ``symmetric``, with 1 from p, with 1 from the other.
        """
        half, groups = 1 << self.circuit.memory - 1, 1 << self.circuit.memory - 3
        r, i = np.arange(groups)[:, None], np.arange(4)[None]
        states = np.stack([r + groups * i, 2 * r + (i & 1) + 2 * groups * (i >> 1), 4 * r + i])
        registers = [2 * states + bit + 2 * half * other for bit in (0, 1) for other in (0, 1)]
        taken = registers[:2] if self.symmetric else registers
        return read_only_numbers(self.rows.of_label[self.register_labels[np.stack(taken, axis=-1)]])

    @property
    def states(self) -> int:
        """Number of states."""
        return 1 << self.circuit.memory

    @property
    def entering(self) -> Numbers:
        """int32 (states, branches): as ``Trellis.entering``."""
        return self.circuit.trellis.entering

    @cached_property
    def entering_rows(self) -> Numbers:
        """int32 (states, branches): the cost rows of these branches."""
        return read_only_numbers(self.rows.of_label[self.circuit.trellis.labels.ravel()[self.entering]])

    @cached_property
    def preferred(self) -> npt.NDArray[np.uint8]:
        """uint8 (k): fixed bits that look fair. Of paths as good one near their codeword is taken."""
        return fixed_tie_bits(self.code.k)

    @cached_property
    def flips(self) -> npt.NDArray[np.uint8]:
        """uint8 (steps n0): the outputs for ``preferred``, which decoding adds to what was received."""
        outputs = self.code.encoder.encode(self.preferred[None].astype(np.uint64))  # in the lowest bit
        return np.ascontiguousarray((outputs[0].ravel() & np.uint64(1)).astype(np.uint8))

    @cached_property
    def penalty(self) -> Costs:
        """int64 (states): what keeps paths from beginning anywhere but at 0, in units of the largest |LLR|.

        A path that begins elsewhere, and one that begins at 0, may differ by any path of the frame's steps
        from there to an end: the least weight of these is the most that the one can gain. Beside that a path
        that begins elsewhere costs 1 more. Where all states may begin a frame, 0.
        """
        trellis, termination = self.circuit.trellis, self.code.termination
        least = np.zeros(trellis.states, np.int64)
        if termination == "tail-biting":
            return least
        if termination == "zero":
            least[1:] = 1 << 40
        weights = np.bitwise_count(trellis.labels).astype(np.int64)
        for _ in range(self.steps):
            before, least = least, (weights + least[trellis.following]).min(axis=1)
            if (before == least).all():
                break
        return least

    @cached_property
    def spread(self) -> int:
        """The most that metrics of two states lie apart, in units of the largest |LLR|.

        Metrics of states s and s' differ at most by the weight of a path that ends at s + s', since adding it
        to the best path to s' makes one to s: the least of these weights, where paths begin at any state for
        its penalty.
        """
        apart = self.penalty.astype(np.int64)
        trellis, widest = self.circuit.trellis, int(apart.max())
        weights = np.bitwise_count(trellis.labels).astype(np.int64)
        states, branches = trellis.states, 1 << trellis.inputs
        entering = trellis.entering
        start, weight = entering // branches, weights.ravel()[entering]
        for _ in range(10 * states + 10):
            following = (apart[start] + weight).min(axis=1)
            if (following == apart).all():
                break
            apart = following
            widest = max(widest, int(apart.max()))
        return widest

    def growth(self, steps: int) -> float:
        """The most by which the least metric grows in up to 3 steps, in units of the largest |LLR|.

        An output that depends on inputs of these steps disagrees in half of the paths from any state.
        """
        circuit = self.circuit
        inputs = [circuit.D, circuit.C @ circuit.B % 2, circuit.C @ circuit.A @ circuit.B % 2]
        reached = [np.hstack(inputs[: step + 1]).any(axis=1) for step in range(steps)]
        return float(np.where(reached, 0.5, 1.0).sum())

    def information(self, words: Words) -> Words:
        """Information bits, uint64 (groups, k), of ``Paths.words``: with feedback, sums of register bits."""
        bits = words
        if self.is_register and self.circuit.feedback != 1:
            taps, cyclic = self.circuit.feedback, self.code.termination == "tail-biting"
            bits = words.copy()
            for delay in range(1, taps.bit_length()):
                if taps >> delay & 1 and cyclic:
                    bits ^= np.roll(words, delay, axis=1)
                elif taps >> delay & 1:
                    bits[:, delay:] ^= words[:, :-delay]
        bits ^= np.uint64(0) - self.preferred.astype(np.uint64)
        return bits

    def largest(self, top: int) -> int:
        """The largest |LLR| with which metrics from 0 to ``top`` cannot wrap around; 0 if there is none.

        Every three steps the least metric is 0, and the others are as far above as ``spread`` says, and 1
        where the penalty of a beginning has it. The last step's sums are the largest. Costs less what the
        least metric has grown by have to fit into half of the range.
        """
        whole = (top - 1) / (self.spread + self.growth(2) + self.outputs)
        return int(min(whole, top // 2 / max(self.outputs, self.growth(3))))
