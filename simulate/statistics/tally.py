"""The counters of a point."""

from dataclasses import dataclass

import numpy as np

from ..link.counting.frame_counts import FrameCounts
from .exact_weights import weight_sums


@dataclass(frozen=True)
class Tally:
    """Additive integer counters of the first ``frames`` frames of a point. Rates are computed when read.

    ``counters`` are those that not every experiment has: pairs of a name and a number, ordered by name. Those
    of two tallies that are added have the same names, unless one has no frame.
    """

    frames: int = 0
    frame_errors: int = 0
    bit_errors: int = 0
    bit_errors_squared: int = 0
    undetected_errors: int = 0
    iterations: int = 0
    counters: tuple[tuple[str, int], ...] = ()

    def __add__(self, other: "Tally") -> "Tally":
        if not other.frames or not self.frames:
            counters = self.counters or other.counters
        elif self.names != other.names:
            raise ValueError(f"{_listed(self.names)} cannot be added to {_listed(other.names)}")
        else:
            counters = tuple(
                (name, one + more)
                for (name, one), (_, more) in zip(self.counters, other.counters, strict=True)
            )
        return Tally(
            self.frames + other.frames,
            self.frame_errors + other.frame_errors,
            self.bit_errors + other.bit_errors,
            self.bit_errors_squared + other.bit_errors_squared,
            self.undetected_errors + other.undetected_errors,
            self.iterations + other.iterations,
            counters,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of ``counters``."""
        return tuple(name for name, _ in self.counters)

    def numbers(self) -> dict[str, int]:
        """All counters by name, those of every experiment first."""
        return {name: getattr(self, name) for name in COUNTERS} | dict(self.counters)

    @classmethod
    def of(cls, counts: FrameCounts, errors: int | None = None) -> "Tally":
        """The counters of all frames, or of those up to and including wrong frame ``errors`` >= 1.

        Raises ValueError if a weight is none.
        """
        bit_errors = counts.bit_errors[:errors].astype(np.int64)
        return cls(
            frames=counts.frames if errors is None else int(counts.wrong[errors - 1]) + 1,
            frame_errors=len(bit_errors),
            bit_errors=int(bit_errors.sum()),
            bit_errors_squared=int(bit_errors @ bit_errors),
            undetected_errors=int(np.count_nonzero(counts.undetected[:errors])),
            iterations=counts.iterations if errors is None else int(counts.iterations_to[errors - 1]),
            counters=_named(counts, errors) if counts.counters or counts.weights is not None else (),
        )


def _named(counts: FrameCounts, errors: int | None) -> tuple[tuple[str, int], ...]:
    """The named counters of a tally."""
    named = {
        name: each.total if errors is None else int(each.up_to[errors - 1])
        for name, each in counts.counters.items()
    }
    if counts.weights is not None:
        named |= weight_sums(counts.weights[:errors], counts.bit_errors[:errors])
    return tuple(sorted(named.items()))


#: The counters that every experiment has: columns of the contract.
COUNTERS = (
    "frames",
    "frame_errors",
    "bit_errors",
    "bit_errors_squared",
    "undetected_errors",
    "iterations",
)


def _listed(names: tuple[str, ...]) -> str:
    return f"the counters {', '.join(names)}" if names else "no further counters"
