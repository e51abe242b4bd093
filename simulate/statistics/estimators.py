"""Error rates from the counters of a point: what is estimated, how sure it is, and whether counts can be so.

``ESTIMATORS`` lists them. Which one a row of results has follows from its counters.
"""

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..link.counting.frame_counts import WEIGHTS, FrameCounts
from .exact_weights import UNIT, whole_weights
from .intervals import (
    LEAST_SAMPLE,
    binomial_interval,
    bit_error_interval,
    log_distances,
    relative_half_width,
)
from .tally import Tally

Interval = tuple[float, float]


class Estimator(ABC):
    """What turns the counters of a point into rates.

    Attributes
    ----------
    name
        Its name.
    counters
        The named counters that it needs; a tally that has them all is its.
    """

    name: ClassVar[str]
    counters: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def fer(self, tally: Tally) -> float:
        """The frame-error rate; the tally has frames."""

    @abstractmethod
    def ber(self, tally: Tally, k: int) -> float:
        """The bit-error rate, with k information bits a frame."""

    @abstractmethod
    def fer_interval(self, tally: Tally, *, inverse: bool) -> Interval:
        """The 95 % interval of the frame-error rate; ``inverse`` as in ``intervals.binomial_interval``."""

    @abstractmethod
    def ber_interval(self, tally: Tally, k: int, *, inverse: bool) -> Interval:
        """The 95 % interval of the bit-error rate."""

    @abstractmethod
    def relative_widths(self, before: Tally, counts: FrameCounts) -> npt.NDArray[np.float64]:
        """Half-width of the FER's interval over the FER after each wrong frame that follows a tally.

        float64 (errors); infinite where there is no estimate. An entry does not depend on how the frames
        before it were cut into blocks.
        """

    def relative_width(self, tally: Tally) -> float:
        """Half-width of the FER's interval over the FER; infinite where there is no estimate."""
        fer = self.fer(tally) if tally.frames else 0.0
        if not fer:
            return math.inf
        low, high = self.fer_interval(tally, inverse=False)
        return (high - low) / 2 / fer

    def consistent(self, tally: Tally, k: int) -> bool:
        """Whether a point can have these counters."""
        return (
            1 <= tally.frames < 2**63
            and 0 <= tally.iterations < 2**63
            and 0 <= tally.undetected_errors <= tally.frame_errors <= tally.frames
            and tally.frame_errors <= tally.bit_errors <= tally.frame_errors * k
            and tally.bit_errors <= tally.bit_errors_squared <= tally.bit_errors * k
            and all(number >= 0 for _, number in tally.counters)
        )


class Binomial(Estimator):
    """All frames count alike: errors over trials. See ``intervals``."""

    name = "binomial"

    def fer(self, tally: Tally) -> float:
        """Wrong frames over frames."""
        return tally.frame_errors / tally.frames

    def ber(self, tally: Tally, k: int) -> float:
        """Wrong bits over bits."""
        return tally.bit_errors / (tally.frames * k)

    def fer_interval(self, tally: Tally, *, inverse: bool) -> Interval:
        """The exact interval."""
        low, high = binomial_interval(tally.frame_errors, tally.frames, inverse=inverse)
        return float(low), float(high)

    def ber_interval(self, tally: Tally, k: int, *, inverse: bool) -> Interval:
        """That of the frame errors, with the spread of bit errors in wrong frames."""
        return bit_error_interval(
            tally.bit_errors, tally.bit_errors_squared, tally.frame_errors, tally.frames, k, inverse=inverse
        )

    def relative_width(self, tally: Tally) -> float:
        """Half-width of the interval over the estimate."""
        return float(relative_half_width(tally.frame_errors, tally.frames)) if tally.frames else math.inf

    def relative_widths(self, before: Tally, counts: FrameCounts) -> npt.NDArray[np.float64]:
        """That after each wrong frame."""
        errors = before.frame_errors + np.arange(1, len(counts.wrong) + 1)
        return relative_half_width(errors, before.frames + counts.wrong + 1)


class Weighted(Estimator):
    """Importance sampling: a wrong frame counts for its weight, the ratio of its probabilities under two
    laws.

    The mean weight of a frame, right ones counting 0, is an unbiased estimate of the error rate under the law
    that is asked about (Owen, "Monte Carlo theory, methods and examples", 2013, section 9.1). It is the rate
    of wrong frames under the law that frames are drawn from, times the mean weight of a wrong frame. Given
    how many frames are wrong, their weights are independent of that number, so the two intervals combine on a
    log scale, as those of the bit-error rate do: "square and add" (Zou and Donner, Statistics in Medicine 27,
    2008). That of the mean weight is Student's t for its logarithm; with fewer than three wrong frames, where
    a spread is hardly an estimate, weights are taken to have at least the spread of an exponential law.

    No interval from these counts can know of frames with large weights that are so rare that none was met.
    """

    name = "weighted"
    counters = WEIGHTS

    def fer(self, tally: Tally) -> float:
        """The mean weight of a frame."""
        return _in_units(dict(tally.counters)["weight"], 1) / tally.frames

    def ber(self, tally: Tally, k: int) -> float:
        """The mean of weight times bit errors, over k."""
        return _in_units(dict(tally.counters)["weighted_bits"], 1) / (tally.frames * k)

    def fer_interval(self, tally: Tally, *, inverse: bool) -> Interval:
        """Of the rate under the law that is asked about; 0 to 1 without errors, which say nothing of it."""
        return self._interval(tally, "weight", "weight_squared", 1, inverse)

    def ber_interval(self, tally: Tally, k: int, *, inverse: bool) -> Interval:
        """The same of the bit-error rate."""
        return self._interval(tally, "weighted_bits", "weighted_bits_squared", k, inverse)

    def _interval(self, tally: Tally, name: str, squared: str, k: int, inverse: bool) -> Interval:
        named, errors = dict(tally.counters), tally.frame_errors
        if not named[name]:
            return 0.0, 1.0
        low, high = binomial_interval(errors, tally.frames, inverse=inverse)
        mean, squares = _in_units(named[name], 1) / errors, _in_units(named[squared], 2)
        least = mean * mean if errors < LEAST_SAMPLE else 0.0
        below, above = log_distances(mean, squares, errors, least)
        seen, rate = errors / tally.frames, mean * errors / (tally.frames * k)
        below = math.hypot(math.log(seen / float(low)), below)
        above = math.hypot(math.log(float(high) / seen), above)
        # An estimate may lie above 1; the rate does not.
        return rate * math.exp(-below), max(min(rate * math.exp(above), 1.0), rate)

    def relative_widths(self, before: Tally, counts: FrameCounts) -> npt.NDArray[np.float64]:
        """From exact sums after each wrong frame."""
        assert counts.weights is not None
        named = dict(before.counters) or dict.fromkeys(WEIGHTS, 0)
        each = whole_weights(counts.weights)
        sums = itertools.accumulate(each, initial=named["weight"])
        squares = itertools.accumulate((weight * weight for weight in each), initial=named["weight_squared"])
        widths = np.empty(len(each))
        following = itertools.islice(zip(sums, squares, strict=True), 1, None)
        for i, (weight, squared) in enumerate(following):
            then = Tally(
                frames=before.frames + int(counts.wrong[i]) + 1,
                frame_errors=before.frame_errors + i + 1,
                counters=(("weight", weight), ("weight_squared", squared)),
            )
            widths[i] = self.relative_width(then)
        return widths

    def consistent(self, tally: Tally, k: int) -> bool:
        """Also the sums among each other: the square of a sum is at most the sum of squares times their
        number.
        """
        named, errors = dict(tally.counters), tally.frame_errors
        weight, squared, bits, bits_squared = (named[name] for name in WEIGHTS)
        return (
            super().consistent(tally, k)
            and squared <= weight * weight <= errors * squared
            and bits_squared <= bits * bits <= errors * bits_squared
            and weight <= bits <= k * weight
            and squared <= bits_squared <= k * k * squared
        )


def _in_units(sum_of: int, order: int) -> float:
    """A whole sum as the number it is, correctly rounded; ``order`` is 2 for sums of squares."""
    return sum_of / (1 << order * UNIT)


#: The usual one.
BINOMIAL = Binomial()
#: Estimators; the first whose counters a tally has is the tally's.
ESTIMATORS: tuple[Estimator, ...] = (Weighted(), BINOMIAL)


def estimator_of(names: Collection[str]) -> Estimator:
    """The estimator for counters of these names, beside those that every experiment has."""
    if not names:
        return BINOMIAL
    return next(each for each in ESTIMATORS if set(each.counters) <= set(names))
