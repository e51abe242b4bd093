"""Curves of error rates after some of the iterations of a decoder, beside those after the last."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..results.after_iterations import AfterIteration
from ..results.rows import Row

#: How strong the first of them is drawn, and the last that is not the curve itself, which has 1.
FAINTEST, STRONGEST = 0.3, 0.65


@dataclass(frozen=True)
class IterationCurve:
    """The rates of a curve's points after so many iterations.

    Attributes
    ----------
    iterations
        How many.
    points
        The points that have them, and their rates.
    """

    iterations: int
    points: list[tuple[Row, AfterIteration]]

    @property
    def name(self) -> str:
        """What a legend says."""
        return f"after {self.iterations} iteration{'' if self.iterations == 1 else 's'}"


def iteration_curves(rows: Sequence[Row]) -> list[IterationCurve]:
    """Curves after 1, 2, 4, 8, ... iterations, fewer than the most that were counted; none without."""
    most = max((len(row.after_iterations) for row in rows), default=0)
    return [
        IterationCurve(
            i, [(row, row.after_iterations[i - 1]) for row in rows if i <= len(row.after_iterations)]
        )
        for i in (1 << power for power in range(most.bit_length()))
        if i < most
    ]


def strength(iterations: int, most: int) -> float:
    """How strong a curve is drawn among those after up to ``most`` iterations, which is a power of two."""
    if most == 1:
        return STRONGEST
    part = (iterations.bit_length() - 1) / (most.bit_length() - 1)
    return FAINTEST + part * (STRONGEST - FAINTEST)
