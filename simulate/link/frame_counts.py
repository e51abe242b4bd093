"""What was counted in consecutive frames, as much of it as the stop rules can ask for."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


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
    """

    frames: int
    iterations: int
    wrong: npt.NDArray[np.int64]
    bit_errors: npt.NDArray[np.int32]
    undetected: npt.NDArray[np.bool_]
    iterations_to: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return self.frames

    @classmethod
    def of(
        cls,
        bit_errors: npt.NDArray[np.int32],
        ok: npt.NDArray[np.bool_],
        iterations: npt.NDArray[np.int32],
    ) -> "FrameCounts":
        """From one entry a frame: wrong bits, whether the decoder declared it right, iterations."""
        wrong = np.flatnonzero(bit_errors)
        total = np.cumsum(iterations, dtype=np.int64)
        spent = int(total[-1]) if len(total) else 0
        return cls(len(bit_errors), spent, wrong, bit_errors[wrong], ok[wrong], total[wrong])
