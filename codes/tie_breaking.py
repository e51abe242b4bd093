"""Tie-breaking bits: fair bits that decide hard decisions on an LLR of exactly 0."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from .code import Bits
from .decision_kernels import put_tie_bits


class BitStream(Protocol):
    """A source of fair bits, one independent generator a frame, as ``capgap.channels.Stream`` is."""

    def bits(self, m: int) -> Bits:
        """Fair bits, uint8 (frames, m)."""


def fixed_tie_bits(m: int) -> Bits:
    """What decides LLRs of exactly 0 where there is no stream: m fixed bits that look fair, uint8.

    Position i has the top bit of a mix of i (the finalizer of SplitMix64; Steele, Lea and Flood,
    2014). The choice does not look at the data, so for random data a single position is wrong with
    probability 1/2, as about half the positions of the all-zero word are. Coded bits depend on each
    other, and fixed bits with them; simulations draw theirs from the stream.
    """
    with np.errstate(over="ignore"):
        x = (np.arange(m, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(63)).astype(np.uint8)


def break_ties(decisions: Bits, stream: BitStream | None) -> None:
    """Replace each 2, an undecided bit, in ``decisions``, uint8 (m, frames), by a fair bit, in place."""
    m, frames = decisions.shape
    put_tie_bits(decisions, tie_bits_for(np.arange(m), frames, stream))


def tie_bits_for(positions: npt.NDArray[np.int64], frames: int, stream: BitStream | None) -> Bits:
    """A fair bit for each position, uint8 (positions, frames): bits of the streams, or the fixed ones."""
    m = int(positions.max(initial=-1)) + 1
    if stream is None:
        return np.repeat(fixed_tie_bits(m)[positions, None], frames, axis=1)
    tie_bits = np.ascontiguousarray(stream.bits(m).T[positions])
    if tie_bits.shape[1] != frames:
        raise ValueError(f"llr has {frames} frames, and the stream is for {tie_bits.shape[1]}")
    return tie_bits
