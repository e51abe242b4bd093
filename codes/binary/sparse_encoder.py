"""Encoders of codes given by a sparse parity-check matrix, in a time that grows with its ones.

Richardson and Urbanke, "Efficient encoding of low-density parity-check codes", IEEE Transactions on
Information Theory 47(2), 2001: with H = [A B], the columns of B being the pivots, a codeword (u, p) has
B p = A u. Most of p follows bit by bit, each from a check with no other unknown. Where there is none
such, an unknown is guessed and counts as known (section III: the rows are permuted to approximate lower
triangular form, whose gap is the number of guesses). The checks left over then say what the guesses are.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse

from . import gf2
from .gf2 import Indices, Matrix
from .peeling_kernels import mark_dependent, mark_needed, peel
from .xor_program import Lists, XorProgram, keep, ones_of_rows, select

#: What matrices that are too large belong to, for messages.
DENSE_PART = "parity_check is too far from triangular: the dense part of its encoder"


class SparseEncoder:
    """The encoder of a sparse parity-check matrix H, which may have dependent rows.

    Parameters
    ----------
    matrix
        SciPy CSR, uint8 of shape (checks, n), of ones only.
    last
        Columns that are to be pivots before all others.

    Attributes
    ----------
    pivots
        int64 (rank), ascending: the last possible columns, those of ``last`` first: the parity bits.
    information_set
        int64 (n - rank), ascending: the other columns.

    Raises
    ------
    ValueError
        If the guesses are so many that their equations, a dense matrix, would have over 2^30 entries.
    """

    def __init__(self, matrix: scipy.sparse.csr_array, last: Indices | None = None) -> None:
        m, n = matrix.shape
        self._rows, self._columns = ones_of_rows(matrix), ones_of_rows(matrix.T)
        order = np.arange(n)
        if last is not None:
            order = np.concatenate([gf2.others(n, last), last])
        # Most matrices have full rank and were made with the parity bits at the end.
        candidates = order[max(n - m, 0) :]
        system = self._peel(candidates)
        dependent = gf2.null_space(system.leftover_matrix)[0] if system.gap else np.zeros((0, 0), np.uint8)
        if len(dependent):
            pivots = self._independent(system, order, candidates, dependent)
            system = self._peel(pivots)
        self._system = system
        self.pivots: Indices = np.sort(system.order)
        self.information_set: Indices = gf2.others(n, self.pivots)

    @property
    def gap(self) -> int:
        """Parity bits that no check gives from those known before: the guesses."""
        return self._system.gap

    def program(self) -> XorProgram:
        """The encoder, with the information bits at ``information_set``."""
        system, rows = self._system, self._rows
        n = len(self.pivots) + len(self.information_set)
        places = {"inputs": self.information_set, "outputs": np.arange(n)}
        column, row = system.solved, system.by[system.by >= 0]
        if system.gap == 0:
            return XorProgram.of_steps(n, **places, steps=[(column, without(select(rows, row), column))])

        # Rows beyond the rank are left out, among those that give no unknown.
        equations, leftover = system.leftover_matrix, system.leftover
        if len(leftover) > system.gap:
            chosen = gf2.independent_rows(equations)
            equations, leftover = equations[chosen], leftover[chosen]
        inverse = gf2.inverse(equations)
        guessed, uncertain, needed = (np.zeros(n, np.bool_) for _ in range(3))
        guessed[system.guesses] = uncertain[system.guesses] = True
        mark_dependent(system.order, system.by, *rows, uncertain.view(np.uint8))
        needed[select(rows, leftover)[1]] = True
        mark_needed(system.order, system.by, *rows, needed.view(np.uint8))

        # Certain unknowns depend on no guess. The others that the leftover checks need are computed twice:
        # with all guesses 0, which gives their part of certain bits, kept in a cell of its own; then in full.
        certain, twice = ~uncertain[column], (uncertain & needed)[column]
        kept = n + np.arange(np.count_nonzero(twice))
        remains = n + len(kept) + np.arange(system.gap)
        sums = select(rows, row[twice])
        trial = keep(sums, (uncertain & ~guessed)[sums[1]])
        again = select(rows, row[~certain])
        repeated = twice[~certain]
        again_kept = ~np.repeat(repeated, np.diff(again[0])) | uncertain[again[1]]
        again_kept &= again[1] != np.repeat(column[~certain], np.diff(again[0]))
        checks = select(rows, leftover)
        ones = ones_of_rows(inverse)
        steps = [
            (column[certain], without(select(rows, row[certain]), column[certain])),
            (kept, keep(sums, ~uncertain[sums[1]])),
            (column[twice], prepend(without(trial, column[twice]), np.arange(len(kept)), kept)),
            (remains, keep(checks, ~guessed[checks[1]])),
            (system.guesses, (ones[0], remains[ones[1]])),
            (column[~certain], prepend(keep(again, again_kept), np.flatnonzero(repeated), kept)),
        ]
        return XorProgram.of_steps(n + len(kept) + system.gap, **places, steps=steps)

    def _peel(self, columns: Indices) -> "_System":
        unknown = np.zeros(len(self._columns[0]) - 1, np.uint8)
        unknown[columns] = True
        order, by = np.empty(len(columns), np.int64), np.empty(len(columns), np.int64)
        of_rows = tuple(np.zeros(len(self._rows[0]) - 1, np.int64) for _ in range(4))
        of_columns = tuple(np.zeros(len(unknown), np.int64) for _ in range(5))
        peel(*self._rows, *self._columns, unknown, order, by, of_rows, of_columns)
        return _System(self._rows, self._columns, order, by)

    def _independent(
        self, system: "_System", order: Indices, candidates: Indices, dependent: Matrix
    ) -> Indices:
        """The pivots, where the candidates, the last in ``order``, are not all: the last possible ones.

        ``dependent`` are the values of the guesses that satisfy all checks with the other bits 0. A
        candidate depends on later ones exactly if it is the first one of such a solution. Other columns
        take the place of these: what the candidates do not span of them is left in the sums of checks
        that have no candidate.
        """
        values = np.empty((len(dependent), len(candidates)), np.uint8)
        place = np.empty(len(self._columns[0]) - 1, np.int64)
        place[candidates] = np.arange(len(candidates))
        values[:, place[system.order]] = system.solutions(dependent)
        pivots = np.delete(candidates, gf2.row_reduce(values)[1])
        others = order[: len(order) - len(candidates)]
        if len(others) == 0:
            return pivots
        extra = gf2.row_reduce(system.combinations(others), from_right=True)[1]
        return np.concatenate([others[extra], pivots])


@dataclass(frozen=True, eq=False)
class _System:
    """Equations in the order in which they are solved: rows, columns, and what ``peel`` found."""

    rows: Lists
    columns: Lists
    order: Indices
    by: Indices

    @property
    def guesses(self) -> Indices:
        """The columns guessed."""
        return self.order[self.by < 0]

    @property
    def solved(self) -> Indices:
        """The columns that an equation gives, in order."""
        return self.order[self.by >= 0]

    @property
    def gap(self) -> int:
        """The number of guesses."""
        return int(np.count_nonzero(self.by < 0))

    @cached_property
    def leftover(self) -> Indices:
        """The equations that give no unknown."""
        return gf2.others(len(self.rows[0]) - 1, self.by[self.by >= 0])

    @cached_property
    def leftover_matrix(self) -> Matrix:
        """The equations left over in terms of the guesses alone, uint8 (leftover, gap)."""
        gf2.check_size((len(self.leftover), self.gap), DENSE_PART)
        found = len(self.order) + np.arange(len(self.leftover))
        return np.ascontiguousarray(self._homogeneous.with_outputs(found).matrix().T)

    def solutions(self, guesses: Matrix) -> Matrix:
        """What guesses, uint8 (number, gap), make of all columns, in order, where the other bits are 0."""
        gf2.check_size((len(guesses), len(self.order)), DENSE_PART)
        found = self._homogeneous.with_outputs(np.arange(len(self.order))).apply(guesses)
        assert found is not None
        return found

    def combinations(self, columns: Indices) -> Matrix:
        """A basis of the sums of equations in which no column of the system is left, at other columns."""
        basis = gf2.null_space(np.ascontiguousarray(self.leftover_matrix.T))[0]
        gf2.check_size((len(basis), len(columns)), DENSE_PART)
        # The coefficient of an equation follows from those of the others with the column that it gives.
        m, row = len(self.rows[0]) - 1, self.by[self.by >= 0][::-1]
        program = XorProgram.of_steps(
            m + len(columns),
            self.leftover,
            m + np.arange(len(columns)),
            [
                (row, without(select(self.columns, self.solved[::-1]), row)),
                (m + np.arange(len(columns)), select(self.columns, columns)),
            ],
        )
        found = program.apply(basis)
        assert found is not None
        return found

    @cached_property
    def _homogeneous(self) -> XorProgram:
        """From guesses to all columns, in order, and the sums of the equations left over."""
        count = len(self.order)
        place = np.full(len(self.columns[0]) - 1, -1)
        place[self.order] = np.arange(count)
        solved = np.flatnonzero(self.by >= 0)
        found = count + np.arange(len(self.leftover))
        steps = []
        for targets, chosen in ((solved, self.by[solved]), (found, self.leftover)):
            start, columns = select(self.rows, chosen)
            inside = (start, place[columns])
            steps.append((targets, without(keep(inside, inside[1] >= 0), targets)))
        guesses = np.flatnonzero(self.by < 0)
        everything = np.arange(count + len(found))
        return XorProgram.of_steps(len(everything), guesses, everything, steps)


def without(lists: Lists, values: Indices) -> Lists:
    """The lists, each without one value of its own."""
    return keep(lists, lists[1] != np.repeat(values, np.diff(lists[0])))


def prepend(lists: Lists, which: Indices, values: Indices) -> Lists:
    """The lists, some of them, ``which``, each with a value of its own before the others."""
    start, old = lists
    more = np.zeros(len(start), np.int64)
    more[which + 1] = 1
    return start + np.cumsum(more), np.insert(old, start[which], values)
