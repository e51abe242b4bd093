"""The discrete memoryless channel with binary input, from its transition matrix.

Cover and Thomas, "Elements of Information Theory", 2nd ed., 2006, section 7.1; R. G. Gallager, "Information
Theory and Reliable Communication", 1968, chapter 4.
"""

from pathlib import Path
from typing import ClassVar

import numpy as np

from ...elementwise import as_number
from ...information.measures import as_transition
from ...number_files import NumberFileError, number_of, read_lines
from ...parameter import EPSILON, Parameter
from ..channel import Examples
from .binary_input import MOST_OUTPUTS, BinaryInputChannel


class DiscreteMemoryless(BinaryInputChannel):
    """Discrete memoryless channel of bits, from its matrix; outputs are lost with epsilon besides.

    Parameters
    ----------
    matrix
        P(output | bit): a row for 0 and a row for 1, each of as many probabilities as there are outputs, at
        most 4095, which sum to 1 within 1e-9. Or a text file with these two rows, of numbers with blanks or
        commas between them; ``#`` begins a comment.
    epsilon
        Probability that an output is lost, in [0, 1]; 0 is the channel of the matrix. What is lost is the
        output after the last one of the matrix, and has LLR 0.

    Raises
    ------
    ValueError
        If ``matrix`` is no such matrix or file, or ``epsilon`` is outside its range.

    Examples
    --------
    >>> channel = DiscreteMemoryless(matrix=[[0.7, 0.3, 0.0], [0.0, 0.3, 0.7]], epsilon=0.5)
    >>> round(channel.capacity(), 12)
    0.35
    >>> channel.llrs.tolist()
    [1000.0, 0.0, -1000.0, 0.0]
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EPSILON,)
    formula: ClassVar[str] = r"$C = (1 - \varepsilon) \max_{P_X} I(X; Y)$"
    examples: ClassVar[Examples] = (
        {"matrix": [[0.6, 0.25, 0.1, 0.05], [0.02, 0.1, 0.28, 0.6]], "epsilon": 0.1},
        {"matrix": [[1.0, 0.0], [0.25, 0.75]], "epsilon": 0.0},
    )

    def __init__(self, *, matrix: Path | list[list[float]], epsilon: float) -> None:
        law = as_transition(_read(matrix) if isinstance(matrix, Path) else matrix, "matrix")
        epsilon = as_number(epsilon, "epsilon")
        if len(law) != 2:
            raise ValueError(f"matrix must have 2 rows, one for a 0 and one for a 1, got {len(law)}")
        if law.shape[1] >= MOST_OUTPUTS:
            raise ValueError(f"matrix must have at most {MOST_OUTPUTS - 1} columns, got {law.shape[1]}")
        if not 0 <= epsilon <= 1:
            raise ValueError(f"epsilon, the erasure probability, must lie in [0, 1], got {epsilon}")
        self._epsilon, self._matrix = epsilon, law
        super().__init__(np.hstack([(1 - epsilon) * law, np.full((2, 1), epsilon)]))

    @property
    def epsilon(self) -> float:
        """Probability that an output is lost."""
        return self._epsilon

    def __repr__(self) -> str:
        return f"DiscreteMemoryless(matrix={self._matrix.tolist()!r}, epsilon={self._epsilon!r})"


def _read(path: Path) -> list[list[float]]:
    """The two rows of a file."""
    rows: list[list[float]] = []
    for number, words in read_lines(path):
        parts = [part for word in words for part in word.split(",") if part]
        rows.append([number_of(path, number, part) for part in parts])
        if len(rows) > 2:
            raise NumberFileError(path, number, "a matrix has two rows, of a 0 and of a 1")
        if len(rows[-1]) != len(rows[0]):
            problem = f"this row has {len(rows[-1])} numbers, the first one {len(rows[0])}"
            raise NumberFileError(path, number, problem)
    if len(rows) != 2:
        raise NumberFileError(path, None, f"a matrix has two rows, of a 0 and of a 1, got {len(rows)}")
    return rows
