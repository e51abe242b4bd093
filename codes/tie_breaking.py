"""Tie-breaking bits: fair bits that decide hard decisions on an LLR of exactly 0."""

from typing import Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..vectors.groups import Soft, Words, frame_flags, packed
from .code import Bits
from .decision_kernels import decide_repetitions


class BitStream(Protocol):
    """A source of fair bits, one independent generator a frame, as ``capgap.channels.Stream`` is."""

    def bits(self, m: int) -> Bits:
        """Fair bits, uint8 (frames, m)."""


@runtime_checkable
class PackedBitStream(BitStream, Protocol):
    """A source of fair bits that also gives them packed."""

    frames: int

    def packed_bits(self, m: int) -> Words:
        """The same bits as ``bits``, uint64 (groups, m)."""


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


def break_ties(
    words: Words,
    undecided: Words | None,
    positions: npt.NDArray[np.integer[Any]],
    frames: int,
    stream: BitStream | None,
) -> None:
    """Set undecided bits of ``words``, uint64 (groups, m), that are 0, to fair bits, in place.

    Column i takes bit ``positions[i]`` of each frame's stream, or, without one, the fixed bit of that
    position. Nothing is drawn where nothing is undecided.
    """
    if undecided is None or not undecided.any():
        return
    m = int(positions.max()) + 1
    if stream is None:
        words |= undecided & (np.uint64(0) - fixed_tie_bits(m)[positions].astype(np.uint64))
        return
    if isinstance(stream, PackedBitStream):
        found, tie_bits = stream.frames, stream.packed_bits(m)
    else:
        bits = stream.bits(m)
        found, tie_bits = len(bits), packed(bits)
    if found != frames:
        raise ValueError(f"llr has {frames} frames, and the stream is for {found}")
    words |= undecided & tie_bits[:, positions]


def hard_words(llr: Soft, frames: int, stream: BitStream | None) -> tuple[Words, Words | None]:
    """Hard decisions on LLRs, float32 (groups, m, 64), ties broken: uint64 (groups, m).

    And where LLRs are 0; None if nowhere.
    """
    words, undecided = np.empty(llr.shape[:2], np.uint64), np.empty(llr.shape[:2], np.uint64)
    found = undecided if decide_repetitions(llr, words, undecided) else None
    break_ties(words, found, np.arange(llr.shape[1]), frames, stream)
    return words, found


def frames_without(undecided: Words | None, frames: int) -> npt.NDArray[np.bool_]:
    """Whether nothing is undecided in a frame: bool (frames), from uint64 (groups, m)."""
    if undecided is None:
        return np.ones(frames, np.bool_)
    return ~frame_flags(np.bitwise_or.reduce(undecided, axis=1), frames)


def decisions_after(
    decided: Words,
    undecided: Words,
    last: Words,
    last_undecided: Words,
    spent: npt.NDArray[np.int32],
    positions: npt.NDArray[np.integer[Any]],
    stream: BitStream | None,
) -> tuple[Words, ...]:
    """Decisions after iteration 1, 2, ... and in the end: uint64 (groups, m) each.

    Undecided bits are set as by ``break_ties``, a position's to the same bit after each iteration: the stream
    is asked once, so that a frame's bits do not depend on where others have ties.

    Parameters
    ----------
    decided, undecided
        uint64 (iterations, groups, m): of frames that go on after the iteration; of others they mean nothing.
    last, last_undecided
        What was decided in the end, and where not.
    spent
        int32 (frames): the iterations after which that was.
    positions, stream
        As for ``break_ties``.
    """
    stages, open_ = [], []
    for i in range(len(decided)):
        ended = packed((spent <= i + 1)[:, None].astype(np.uint8))
        stages.append(decided[i] & ~ended | last & ended)
        open_.append(undecided[i] & ~ended | last_undecided & ended)
    words, everything = np.hstack([*stages, last]), np.hstack([*open_, last_undecided])
    break_ties(words, everything, np.tile(positions, len(decided) + 1), len(spent), stream)
    return tuple(np.ascontiguousarray(each) for each in np.split(words, len(decided) + 1, axis=1))
