"""Multiplication of many words by one fixed binary matrix, as a straight-line program of XORs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.batches import lanes_of
from ...vectors.group_kernels import GROUP
from .gf2 import Indices, Matrix
from .xor_kernels import WIDTH, apply_to_lanes, apply_to_words, run_program, width_of

Words = npt.NDArray[np.uint64]
#: Sources of XORs: those of the i-th are values[start[i]] to values[start[i + 1] - 1].
Lists = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


@dataclass(frozen=True, eq=False)
class XorProgram:
    """x -> x M over GF(2), found in steps that each XOR what is known.

    Attributes
    ----------
    size
        Number of cells, which hold a bit for each frame.
    inputs, outputs
        int32: the cells that hold x in the beginning, and x M in the end.
    targets, start, sources
        int32: step i makes cell targets[i] the XOR of cells sources[start[i]] to
        sources[start[i + 1] - 1]; 0 if there are none.
    """

    size: int
    inputs: npt.NDArray[np.int32]
    outputs: npt.NDArray[np.int32]
    targets: npt.NDArray[np.int32]
    start: npt.NDArray[np.int32]
    sources: npt.NDArray[np.int32]

    @classmethod
    def of_steps(
        cls, size: int, inputs: Indices, outputs: Indices, steps: Sequence[tuple[Indices, Lists]]
    ) -> "XorProgram":
        """From targets and the sources of each, some at a time."""
        lengths = [np.zeros(1, np.int64), *(np.diff(start) for _, (start, _) in steps)]
        return cls(
            size,
            inputs.astype(np.int32),
            outputs.astype(np.int32),
            _joined([targets for targets, _ in steps]),
            np.cumsum(np.concatenate(lengths)).astype(np.int32),
            _joined([sources for _, (_, sources) in steps]),
        )

    @classmethod
    def of_lists(cls, inputs: int, lists: Lists) -> "XorProgram":
        """Output j is the sum of the inputs in the j-th list. An output that is one input costs nothing."""
        start, rows = lists
        lengths = np.diff(start)
        outputs = inputs + np.arange(len(lengths))
        alone = np.flatnonzero(lengths == 1)
        outputs[alone] = rows[start[alone]]
        summed = np.flatnonzero(lengths != 1)
        places = {"inputs": np.arange(inputs), "outputs": outputs}
        steps = [(inputs + summed, select(lists, summed))]
        return cls.of_steps(inputs + len(lengths), **places, steps=steps)

    @classmethod
    def of_matrix(cls, matrix: Any) -> "XorProgram":
        """For a matrix, NumPy or SciPy sparse, shape (inputs, outputs)."""
        return cls.of_lists(matrix.shape[0], ones_of_rows(matrix.T))

    @classmethod
    def systematic(cls, information_set: Indices, pivots: Indices, reduced: Matrix) -> "XorProgram":
        """The encoder of the code that ``reduced`` checks.

        ``reduced`` is a parity-check matrix in reduced row echelon form: row r has its pivot at
        ``pivots[r]`` and its other ones within ``information_set``.
        """
        start, columns = ones_of_rows(reduced[:, information_set])
        n = reduced.shape[1]
        return cls.of_steps(n, information_set, np.arange(n), [(pivots, (start, information_set[columns]))])

    @property
    def length(self) -> int:
        """Sources of all steps: what one word takes, in reads and XORs."""
        return len(self.sources)

    def with_outputs(self, outputs: Indices) -> "XorProgram":
        """The program with these of its outputs alone."""
        return replace(self, outputs=self.outputs[outputs])

    def apply(self, bits: Matrix) -> Matrix | None:
        """Products of the rows of ``bits``: uint8 (frames, outputs) from uint8 (frames, inputs).

        None if ``bits`` holds anything but 0 and 1.
        """
        lanes = lanes_of(bits)
        out = np.empty((len(self.outputs), bits.shape[0]), np.uint8)
        program = self._program_for(-(-bits.shape[0] // GROUP))
        return out.T if apply_to_lanes(*program, lanes.view(np.int8), out.view(np.int8)) else None

    def apply_words(self, words: Words) -> Words:
        """The same for 64 frames a word: uint64 (groups, outputs) from uint64 (groups, inputs)."""
        words = np.ascontiguousarray(words)
        out = np.empty((words.shape[0], len(self.outputs)), np.uint64)
        apply_to_words(*self._program_for(len(words)), words if words.flags.writeable else words.copy(), out)
        return out

    def matrix(self) -> Matrix:
        """The matrix M, uint8 (inputs, outputs)."""
        dense = np.empty((len(self.inputs), len(self.outputs)), np.uint8)
        for first, rows in self._blocks(self.outputs):
            dense[first : first + len(rows)] = rows
        return dense

    def copies(self, positions: Indices) -> bool:
        """Whether output positions[i] is input i, for every i."""
        cells = self.outputs[positions]
        if np.array_equal(cells, self.inputs):
            return True
        at = np.arange(len(positions))
        for first, rows in self._blocks(cells):
            rows[np.arange(len(rows)), at[first : first + len(rows)]] ^= 1
            if rows.any():
                return False
        return True

    def _program_for(self, groups: int) -> tuple[Any, ...]:
        """The program, and memory for its cells."""
        memory = np.empty(self.size * width_of.py_func(groups), np.uint64)
        return self.inputs, self.outputs, self.targets, self.start, self.sources, memory

    def _blocks(self, cells: npt.NDArray[np.int32]) -> Any:
        """Rows of the matrix of inputs and cells, uint8, some at a time, each with the first one's number."""
        for first in range(0, len(self.inputs), GROUP * WIDTH):
            values = np.zeros((self.size, WIDTH), np.uint64)
            here = np.arange(min(GROUP * WIDTH, len(self.inputs) - first))
            values[self.inputs[first + here], here // GROUP] = np.uint64(1) << (here % GROUP).astype(
                np.uint64
            )
            run_program(self.targets, self.start, self.sources, values)
            packed = np.ascontiguousarray(values[cells]).view(np.uint8)
            yield first, np.unpackbits(packed, axis=1, bitorder="little", count=len(here)).T


def ones_of_rows(matrix: Any) -> Lists:
    """The columns of the ones in each row of a matrix, NumPy or SciPy sparse."""
    if hasattr(matrix, "tocsr"):
        csr = matrix.tocsr()
        return csr.indptr.astype(np.int64), csr.indices.astype(np.int64)
    rows, columns = np.nonzero(matrix)
    return np.searchsorted(rows, np.arange(matrix.shape[0] + 1)), columns


def select(lists: Lists, rows: Indices) -> Lists:
    """The lists of these rows, in this order."""
    start, values = lists
    lengths = start[rows + 1] - start[rows]
    chosen = np.concatenate([[0], np.cumsum(lengths)])
    return chosen, values[np.repeat(start[rows] - chosen[:-1], lengths) + np.arange(chosen[-1])]


def keep(lists: Lists, kept: npt.NDArray[np.bool_]) -> Lists:
    """The lists with only those values for which ``kept`` says so."""
    start, values = lists
    return np.concatenate([[0], np.cumsum(kept)])[start], values[kept]


def _joined(arrays: list[Indices]) -> npt.NDArray[np.int32]:
    return np.concatenate([np.zeros(0, np.int32), *arrays]).astype(np.int32)
