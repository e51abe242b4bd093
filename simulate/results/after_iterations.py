"""Error rates after each iteration of a decoder, over the same frames."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..link.counting.iteration_counts import iterations_among
from ..statistics.estimators import Binomial
from ..statistics.tally import Tally


@dataclass(frozen=True)
class AfterIteration:
    """The errors of a point if decoding had ended after an iteration.

    Attributes
    ----------
    iteration
        Its number, from 1.
    frame_errors, bit_errors, bit_errors_squared
        The counts.
    fer, fer_low, fer_high, ber, ber_low, ber_high
        Rates, and the bounds of their 95 % intervals. These take the number of frames for fixed beforehand.
        Where a count of errors ended the point they are a little wider than they need be.
    """

    iteration: int
    frame_errors: int
    bit_errors: int
    bit_errors_squared: int
    fer: float
    fer_low: float
    fer_high: float
    ber: float
    ber_low: float
    ber_high: float

    @classmethod
    def of(cls, iteration: int, tally: Tally, k: int, *, inverse: bool) -> "AfterIteration":
        """From the counts of frames with k information bits; ``inverse`` as in ``make_row``."""
        estimator = Binomial()
        fer, ber = (
            estimator.fer_interval(tally, inverse=inverse),
            estimator.ber_interval(tally, k, inverse=inverse),
        )
        return cls(
            iteration,
            tally.frame_errors,
            tally.bit_errors,
            tally.bit_errors_squared,
            estimator.fer(tally),
            *fer,
            estimator.ber(tally, k),
            *ber,
        )


def tallies_after(frames: int, counters: Mapping[str, int]) -> list[Tally]:
    """The counts after iteration 1, 2, ... of so many frames, from named counters; none if none are there."""
    return [
        Tally(
            frames=frames,
            frame_errors=counters[f"frame_errors_{i}"],
            bit_errors=counters[f"bit_errors_{i}"],
            bit_errors_squared=counters[f"bit_errors_squared_{i}"],
        )
        for i in range(1, iterations_among(counters) + 1)
    ]
