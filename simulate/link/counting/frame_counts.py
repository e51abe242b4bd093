"""What was counted in consecutive frames, as much of it as the stop rules can ask for."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

#: The sums that stand for weighted frames among the named counters, see ``statistics.exact_weights``.
WEIGHTS = ("weight", "weight_squared", "weighted_bits", "weighted_bits_squared")
#: The counter of frames that the decoder does not declare right, of decoders that count them.
FAILURES = "failures"
#: What is counted in frames, an entry each.
Counted = npt.NDArray[np.int32] | npt.NDArray[np.int64]
_NONE: Mapping[str, Counted] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class RunningTotal:
    """A named counter over consecutive frames.

    Attributes
    ----------
    total
        Its sum over all frames.
    up_to
        int64 (errors): its sum up to and including each wrong frame.
    """

    total: int
    up_to: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FrameCounts:
    """Counts of consecutive frames; arrays have an entry for each wrong frame, of which there are few.

    A point ends at a wrong frame or at a number of frames known beforehand, so nothing more of the
    right ones needs to be kept, or sent between machines, than how many they are.

    Attributes
    ----------
    frames
        Number of frames.
    iterations
        The decoder's iterations, summed over all frames.
    wrong
        int64 (errors): the wrong frames, counted from the first of these frames, ascending.
    bit_errors
        int32 (errors): wrong information bits in each, at least 1.
    undetected
        bool (errors): declared right by the decoder all the same.
    iterations_to
        int64 (errors): iterations of all frames up to and including this one.
    counters
        What else was counted, by name.
    weights
        float32 (errors): the weight of each wrong frame where frames are drawn from another law than the one
        that is asked about (importance sampling); None where all weights are 1.
    """

    frames: int
    iterations: int
    wrong: npt.NDArray[np.int64]
    bit_errors: npt.NDArray[np.int32]
    undetected: npt.NDArray[np.bool_]
    iterations_to: npt.NDArray[np.int64]
    counters: Mapping[str, RunningTotal] = field(default_factory=dict)
    weights: npt.NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return self.frames

    @property
    def names(self) -> tuple[str, ...]:
        """The named counters of a tally of these frames, in order."""
        return tuple(sorted((*self.counters, *(WEIGHTS if self.weights is not None else ()))))

    @classmethod
    def of(
        cls,
        bit_errors: npt.NDArray[np.int32],
        ok: npt.NDArray[np.bool_],
        iterations: npt.NDArray[np.int32] | None,
        counters: Mapping[str, Counted] = _NONE,
        weights: npt.NDArray[np.float32] | None = None,
    ) -> "FrameCounts":
        """From one entry a frame: wrong bits, whether the decoder declared it right, iterations.

        The last are None where there are none. ``counters``, by name, and ``weights`` have one entry a
        frame too.
        """
        wrong = np.flatnonzero(bit_errors != 0)  # seven times as fast as of whole numbers
        spent, spent_to = 0, np.zeros(len(wrong), np.int64)
        if iterations is not None:
            spent, spent_to = _running_total(iterations, wrong)
        return cls(
            len(bit_errors),
            spent,
            wrong,
            bit_errors[wrong],
            ok[wrong],
            spent_to,
            {name: RunningTotal(*_running_total(counted, wrong)) for name, counted in counters.items()},
            None if weights is None else weights[wrong],
        )

    @classmethod
    def joined(cls, parts: Sequence["FrameCounts"]) -> "FrameCounts":
        """The counts of frames that follow each other, of at least one part; all have the same counters."""
        if len(parts) == 1:
            return parts[0]

        def shifted(values: Sequence[npt.NDArray[np.int64]], totals: Sequence[int]) -> npt.NDArray[np.int64]:
            before = itertools.accumulate(totals, initial=0)
            return np.concatenate([each + more for each, more in zip(values, before, strict=False)])

        frames, spent = [part.frames for part in parts], [part.iterations for part in parts]
        counters = {}
        for name in parts[0].counters:
            own = [part.counters[name] for part in parts]
            totals = [each.total for each in own]
            counters[name] = RunningTotal(sum(totals), shifted([each.up_to for each in own], totals))
        weights = [part.weights for part in parts if part.weights is not None]
        return cls(
            sum(frames),
            sum(spent),
            shifted([part.wrong for part in parts], frames),
            np.concatenate([part.bit_errors for part in parts]),
            np.concatenate([part.undetected for part in parts]),
            shifted([part.iterations_to for part in parts], spent),
            counters,
            np.concatenate(weights) if weights else None,
        )


def _running_total(counted: Counted, wrong: npt.NDArray[np.int64]) -> tuple[int, npt.NDArray[np.int64]]:
    """The sum of a counter with one entry a frame, and its sum up to and including each wrong frame."""
    total = np.cumsum(counted, dtype=np.int64)
    return int(total[-1]) if len(total) else 0, total[wrong]
