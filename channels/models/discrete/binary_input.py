"""What memoryless channels share whose input is a bit and whose output is one of finitely many.

Cover and Thomas, "Elements of Information Theory", 2nd ed., 2006, section 7.1.
"""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.batches import as_batch, one_or_all
from ....vectors.group_kernels import GROUP
from ....vectors.groups import SOFT, GroupInput, Reads, Words, packed, ungrouped
from ...information.discrete_capacity import best_input_law, binary_input_capacity
from ...information.law import DiscreteLaw
from ...information.measures import channel_information
from ...streams.stream import Stream
from ..channel import LLR_MAX, Channel, LLRs, Signal
from .output_kernels import GUIDE_BITS, draw_outputs

Floats = npt.NDArray[np.float64]
Outputs = npt.NDArray[np.uint16]
#: The most outputs of a channel.
MOST_OUTPUTS = 4096


class BinaryInputChannel(Channel):
    """A channel that makes of each bit one of the outputs 0, 1, ..., independently of the others.

    Parameters
    ----------
    law
        P(output | bit), float64 (2, outputs), of at most 4096 outputs; both rows are laws. They are drawn to
        within 2^-53.
    llrs
        ln P(output | 0) / P(output | 1) where that is known better than from ``law``, shape (outputs); it is
        clipped to +-LLR_MAX.
    """

    def __init__(self, law: Floats, llrs: Floats | None = None) -> None:
        self._law = law
        known = log_ratios(law) if llrs is None else llrs
        self._llrs = np.clip(known, -LLR_MAX, LLR_MAX).astype(np.float32)

    @property
    def transition(self) -> Floats:
        """P(output | bit), float64 (2, outputs); a copy."""
        return self._law.copy()

    def law(self) -> DiscreteLaw:
        """With the law of the bit that reaches the capacity."""
        return DiscreteLaw(self._law, best_input_law(self._law))

    @property
    def llrs(self) -> LLRs:
        """The LLR of each output, float32 (outputs); 0 for one that never occurs. A copy."""
        return self._llrs.copy()

    @cached_property
    def _search(self) -> tuple[npt.NDArray[Any], ...]:
        """What ``draw_outputs`` draws with: ends, guide and last outputs."""
        sums = np.cumsum(self._law, axis=1)
        last = np.array([np.flatnonzero(row)[-1] for row in self._law])
        below = np.minimum(sums, np.nextafter(1.0, 0.0))  # from there on the last output is drawn
        ends = np.ldexp(below, 64).astype(np.uint64)
        starts = np.arange(1 << GUIDE_BITS, dtype=np.uint64) << np.uint64(64 - GUIDE_BITS)
        places = [np.searchsorted(row[:end], starts, "right") for row, end in zip(ends, last, strict=True)]
        return ends, np.array(places, np.int64), last.astype(np.int64)

    def _drawn(self, words: Words, stream: Stream, table: npt.NDArray[Any]) -> npt.NDArray[Any]:
        out = np.empty((*words.shape, GROUP), table.dtype)
        draw_outputs(stream.state, words, *self._search, table, out)
        return out

    def outputs(self, words: Words, stream: Stream) -> Outputs:
        """The number of each bit's output, uint16 (groups, n, 64), of packed bits. Takes two words a bit."""
        return self._drawn(words, stream, np.arange(self._law.shape[1], dtype=np.uint16))

    def transmit(self, word: Any, stream: Stream) -> Outputs:
        """The number of each bit's output: uint16, shape (frames, n)."""
        received = self.outputs(packed(self.check_word(word, stream).T), stream)
        return one_or_all(word, ungrouped(received, stream.frames).T)

    def llr(self, received: Any) -> LLRs:
        """ln P(output | 0) / P(output | 1) of outputs' numbers, float32, of LLR_MAX in size at most.

        Raises ValueError for what is no number of an output.
        """
        batch, outputs = as_batch(received, None, "received"), len(self._llrs)
        if batch.dtype.kind not in "iu" or (batch.size and not 0 <= batch.min() <= batch.max() < outputs):
            raise ValueError(f"received must hold numbers of outputs, whole ones from 0 to {outputs - 1}")
        return one_or_all(received, self._llrs[batch.T].T)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """LLRs of the outputs, or what becomes of them in the decoder's type."""
        self.check_words(words, stream)
        return GroupInput.of_groups(stream.frames, self._drawn(words, stream, self._llrs), reads)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Capacity in bits a use: over all laws of the bit, or of fair bits, ``modulation``.

        Linear codes send fair bits, which are never more than 6 % below the capacity (Majani and Rumsey,
        1991). Raises ValueError for another ``signal``.
        """
        if signal == "gaussian":
            return binary_input_capacity(self._law)
        if signal != "modulation":
            raise ValueError(f"signal must be gaussian or modulation here, got {signal!r}")
        return min(max(channel_information([0.5, 0.5], self._law), 0.0), 1.0)

    def modulated_ber(self) -> float:
        """Of fair bits, decided by the signs of LLRs: half the sum of the lesser probabilities."""
        return float(self._law.min(axis=0).sum()) / 2


def log_ratios(law: Floats) -> Floats:
    """ln law[0] / law[1], infinite where one of them is 0, and 0 where both are; shape (outputs)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.log(law[0]) - np.log(law[1])
    return np.where(law.any(axis=0), found, 0.0)
