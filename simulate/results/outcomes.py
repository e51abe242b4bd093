"""What became of a point's frames where the decoder may fail: right, told as failed, or wrong without a word.

S. Lin and D. J. Costello, "Error Control Coding", 2nd edition, 2004, section 3.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ..link.counting.frame_counts import FAILURES
from ..statistics.intervals import binomial_interval
from .rows import Row


@dataclass(frozen=True)
class Outcome:
    """The share of frames with one outcome.

    Attributes
    ----------
    frame_errors
        The frames.
    rate, rate_low, rate_high
        Their share, and the bounds of its 95 % interval, which takes the number of frames for fixed.
    """

    frame_errors: int
    rate: float
    rate_low: float
    rate_high: float

    @classmethod
    def of(cls, count: int, frames: int) -> "Outcome":
        """From counts."""
        low, high = binomial_interval(count, frames, inverse=False)
        return cls(count, count / frames, float(low), float(high))


#: The outcomes in words, in the order of ``outcomes_of``.
OUTCOMES = ("success", "failure", "miscorrection")


def counts_failures(rows: Sequence[Row]) -> bool:
    """Whether the outcomes of some of the rows are known."""
    return any(FAILURES in row.counters for row in rows)


def outcomes_of(row: Row) -> tuple[Outcome, Outcome, Outcome] | None:
    """Success, failure and miscorrection; None where the decoder counts no failures.

    A failure is a frame of which the decoder says so: its information bits may be right. A miscorrection is
    an undetected error.
    """
    failures = row.counters.get(FAILURES)
    if failures is None:
        return None
    wrong = row.undetected_errors
    counts = (row.frames - failures - wrong, failures, wrong)
    return tuple(Outcome.of(count, row.frames) for count in counts)  # type: ignore[return-value]
