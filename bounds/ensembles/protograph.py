"""Protographs: small graphs of which a code is many copies, with the edges of the copies exchanged.

J. Thorpe, "Low-density parity-check (LDPC) codes constructed from protographs", IPN Progress Report 42-154,
2003.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from .degrees import Ensemble
from .text import rows_from_text, split_sections

#: The most rows and columns, and the most edges between two nodes.
MOST_NODES, MOST_PARALLEL = 2000, 200

Integers = npt.NDArray[np.int64]


class Protograph:
    """An ensemble by its base matrix.

    Parameters
    ----------
    base
        Whole numbers, shape (checks, variables): how many edges there are between a check and a variable.
    punctured
        Columns, from 0, that are not transmitted.

    Raises
    ------
    ValueError
        If it is no such matrix, a row or column is empty, a punctured column does not exist, or the design
        rate is not in (0, 1).

    Examples
    --------
    >>> Protograph([[3, 3]]).rate
    0.5
    >>> round(Protograph.coupled(3, 6, 50).rate, 4)
    0.48
    """

    def __init__(self, base: npt.ArrayLike, punctured: Iterable[int] = ()) -> None:
        matrix = np.asarray(base)
        if matrix.ndim != 2 or matrix.dtype.kind not in "iu" or not matrix.size:
            raise ValueError("a base matrix has rows of whole numbers, all of one length")
        if max(matrix.shape) > MOST_NODES or not 0 <= matrix.min() <= matrix.max() <= MOST_PARALLEL:
            raise ValueError(
                f"a base matrix may have {MOST_NODES} rows and columns, and entries from 0 to {MOST_PARALLEL}"
            )
        for name, axis in (("row", 1), ("column", 0)):
            empty = np.flatnonzero(matrix.sum(axis=axis) == 0)
            if len(empty):
                raise ValueError(f"{name} {empty[0]} of the base matrix has no edges")
        self.base: Integers = matrix.astype(np.int64)
        self.base.setflags(write=False)
        columns = sorted(set(punctured))
        if any(not 0 <= column < matrix.shape[1] for column in columns):
            raise ValueError(f"punctured columns must lie in 0 to {matrix.shape[1] - 1}, got {columns}")
        self.punctured = tuple(columns)
        if not 0 < self.rate < 1:
            raise ValueError(f"the design rate must lie in (0, 1), and is {self.rate:.6g}")

    @classmethod
    def from_text(cls, text: str) -> "Protograph":
        """What ``protograph: 1 1 1 0, 0 1 1 1; punctured: 0`` says, or ``coupled: 3,6; length: 50``.

        Raises ValueError, saying what is expected, for anything else.
        """
        sections = split_sections(text, ("protograph", "punctured", "coupled", "length"))
        given = set(sections)
        if given == {"coupled", "length"}:
            numbers = [*sections["coupled"].split(","), sections["length"]]
            if len(numbers) != 3 or not all(number.strip().isdigit() for number in numbers):
                raise ValueError("a coupled ensemble is written 'coupled: 3,6; length: 50'")
            return cls.coupled(*map(int, numbers))
        if "protograph" not in given or given & {"coupled", "length"}:
            raise ValueError(
                "write 'protograph: ROWS', perhaps with 'punctured: COLUMNS', or 'coupled: 3,6; length: 50'"
            )
        words = sections.get("punctured", "").replace(",", " ").split()
        if not all(word.isdigit() for word in words):
            raise ValueError(f"punctured columns are whole numbers, got {sections['punctured'][:40]!r}")
        return cls(rows_from_text(sections["protograph"]), map(int, words))

    @classmethod
    def coupled(cls, variable_degree: int, check_degree: int, length: int) -> "Protograph":
        """A terminated chain of coupled regular ensembles (Kudekar, Richardson and Urbanke, 2011).

        The variables of each of ``length`` positions have an edge to the checks of their own position and of
        each of the ``variable_degree`` - 1 that follow. Raises ValueError unless the check degree is a
        multiple of the variable degree.
        """
        if variable_degree < 2 or check_degree % variable_degree or check_degree <= variable_degree:
            raise ValueError(
                "a coupled chain needs a variable degree of at least 2 and a check degree that is a multiple "
                f"of it, got {variable_degree},{check_degree}"
            )
        if length < 1 or length * check_degree > MOST_NODES:
            raise ValueError(f"length must lie in 1 to {MOST_NODES // check_degree}, got {length}")
        each = check_degree // variable_degree
        base = np.zeros((length + variable_degree - 1, each * length), np.int64)
        for position in range(length):
            base[position : position + variable_degree, each * position : each * (position + 1)] = 1
        return cls(base)

    @property
    def rate(self) -> float:
        """The design rate."""
        rows, columns = self.base.shape
        sent = columns - len(self.punctured)
        return (columns - rows) / sent if sent else 0.0

    @property
    def text(self) -> str:
        """In words, such as ``protograph of 3 x 5, 1 punctured``."""
        rows, columns = self.base.shape
        hidden = f", {len(self.punctured)} punctured" if self.punctured else ""
        return f"protograph of {rows} x {columns}{hidden}"

    @property
    def key(self) -> Hashable:
        """Equal for equal base matrices with the same punctured columns."""
        return (self.base.shape, self.base.tobytes(), self.punctured)

    @cached_property
    def transmitted(self) -> npt.NDArray[np.bool_]:
        """Whether each column is sent, bool (columns)."""
        sent = np.ones(self.base.shape[1], np.bool_)
        sent[list(self.punctured)] = False
        return sent

    @cached_property
    def edges(self) -> "Edges":
        """Its edges, of which parallel ones are one."""
        return Edges.of(self.base)

    def degrees(self) -> Ensemble:
        """The ensemble of the same degrees, whose edges are connected without regard to their places."""
        weights = self.base.sum(axis=0)
        sent = self.transmitted
        return Ensemble.of_nodes(
            _counted(weights[sent]), _counted(self.base.sum(axis=1)), _counted(weights[~sent])
        )


@dataclass(frozen=True, eq=False)
class Edges:
    """Edges by rows: their ends and how many are parallel, int64 (edges) each."""

    check: Integers
    variable: Integers
    times: Integers

    @classmethod
    def of(cls, base: Integers) -> "Edges":
        """The edges of a base matrix."""
        check, variable = np.nonzero(base)
        return cls(check, variable, base[check, variable])


def _counted(degrees: Sequence[int] | Integers) -> dict[int, float]:
    found, times = np.unique(np.asarray(degrees), return_counts=True)
    return dict(zip(found.tolist(), times.astype(float).tolist(), strict=True))
