"""Multiplication of many words by one fixed binary matrix, kept as the ones of each column."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .code import Bits
from .encoding_kernels import multiply_lanes
from .gf2 import Indices


@dataclass(frozen=True, eq=False)
class Multiplier:
    """x -> x M over GF(2): output j is the sum of inputs rows[start[j]] to rows[start[j + 1] - 1]."""

    start: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]

    @classmethod
    def of_matrix(cls, matrix: Bits) -> "Multiplier":
        """For a dense matrix, shape (inputs, outputs)."""
        columns, rows = np.nonzero(matrix.T)
        start = np.searchsorted(columns, np.arange(matrix.shape[1] + 1))
        return cls(start.astype(np.int64), rows.astype(np.int32))

    @classmethod
    def systematic(cls, information_set: Indices, pivots: Indices, reduced: Bits) -> "Multiplier":
        """The encoder of the code that ``reduced`` checks.

        ``reduced`` is a parity-check matrix in reduced row echelon form: row r has its pivot at
        ``pivots[r]`` and its other ones within ``information_set``.
        """
        lists: list[Indices] = [np.empty(0, np.int64)] * reduced.shape[1]
        for i, position in enumerate(information_set):
            lists[position] = np.array([i])
        for position, row in zip(pivots, reduced[:, information_set], strict=True):
            lists[position] = np.flatnonzero(row)
        start = np.concatenate([[0], np.cumsum([len(x) for x in lists])])
        return cls(start.astype(np.int64), np.concatenate(lists).astype(np.int32))

    def apply(self, bits: Bits) -> Bits:
        """Products of the rows of ``bits``: uint8 (frames, outputs) from uint8 (frames, inputs)."""
        out = np.empty((len(self.start) - 1, bits.shape[0]), np.uint8)
        multiply_lanes(self.start, self.rows, np.ascontiguousarray(bits.T), out)
        return out.T

    def matrix(self, inputs: int) -> Bits:
        """The matrix itself, uint8 (inputs, outputs)."""
        dense = np.zeros((inputs, len(self.start) - 1), np.uint8)
        dense[self.rows, np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))] = 1
        return dense

    def copies(self, positions: Indices) -> bool:
        """Whether output positions[i] is input i, for every i."""
        return bool(
            (np.diff(self.start)[positions] == 1).all()
            and np.array_equal(self.rows[self.start[positions]], np.arange(len(positions)))
        )
