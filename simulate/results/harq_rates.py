"""Throughput, delay and losses of frames that are sent again, from the counters of a row."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..harq.outcomes import Outcomes
from ..statistics.ratio import ratio_interval


@dataclass(frozen=True)
class HarqRates:
    """What follows from how often frames were sent, each with the bounds of its 95 % interval.

    Attributes
    ----------
    throughput, throughput_low, throughput_high
        Information bits delivered a channel use: k times the frames delivered over all uses of all frames. By
        the renewal-reward theorem that is what comes of frame after frame in the long run. Frames that are
        accepted and wrong deliver nothing.
    transmissions, transmissions_low, transmissions_high
        Transmissions a frame, the delay: frames that are given up count with all of theirs.
    lost
        Frames that were given up or accepted wrong, of all frames. Where one is given up whose bits are right
        it is no frame error, and the FER is a little less.
    bits_per_use
        Information bits of all frames over all uses, delivered or not.
    uses
        All channel uses.
    """

    throughput: float
    throughput_low: float
    throughput_high: float
    transmissions: float
    transmissions_low: float
    transmissions_high: float
    lost: float
    bits_per_use: float
    uses: int

    @classmethod
    def of(cls, frames: int, k: int, counters: Mapping[str, int]) -> "HarqRates | None":
        """From the counters of at least one frame; None where frames are not sent again."""
        outcomes = Outcomes.of(frames, counters)
        if outcomes is None:
            return None
        most = len(outcomes.lengths)
        counts = np.concatenate([outcomes.delivered, outcomes.undetected, [outcomes.failures]])
        ended = np.concatenate(
            [np.arange(most), np.arange(most), [most - 1]]
        )  # with which transmission, from 0
        costs = np.cumsum(outcomes.lengths)[ended]
        gains = np.where(np.arange(2 * most + 1) < most, float(k), 0.0)
        uses = float(counts @ costs)
        sent = ended + 1.0
        return cls(
            float(counts @ gains) / uses,
            *ratio_interval(counts, gains, costs),
            float(counts @ sent) / frames,
            *ratio_interval(counts, sent, np.ones(len(sent))),
            1 - int(outcomes.delivered.sum()) / frames,
            k * frames / uses,
            round(uses),
        )
