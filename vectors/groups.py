"""What passes between the stages of a link in groups of 64 frames (see ``group_kernels`` for the layout).

Bits are packed, a word for each position of 64 frames. Soft values are LLRs, float32, int16 or int8, of shape
(groups, n, 64). Hard values are packed decisions beside packed erasures.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from .expected import WrongResultError, expect_contiguous
from .finite_kernels import all_finite
from .group_kernels import GROUP as GROUP
from .group_kernels import group_lanes, ungroup
from .group_kernels import groups_of as groups_of
from .llr_grid import on_grid
from .packed_kernels import (
    pack_erased,
    pack_group_signs,
    pack_lanes,
    pack_signs,
    unpack_lanes,
    unpack_signs,
)

#: Packed bits, uint64 (groups, m): bit f of word [g, i] is bit i of frame 64 g + f.
Words = npt.NDArray[np.uint64]
#: LLRs of groups, (groups, n, 64).
Soft = npt.NDArray[np.float32] | npt.NDArray[np.int16] | npt.NDArray[np.int8]
Lanes = npt.NDArray[np.float32]
Bits = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Reads:
    """What a decoder reads: the channel makes exactly this.

    Attributes
    ----------
    kind
        ``soft``: LLRs. ``hard``: the signs of the LLRs and where they are 0, a bit each.
    precision
        Of soft values. Fixed point is the LLR times ``steps``, rounded half to even.
    steps
        Steps of fixed point to one unit of the LLR; None for float32.
    limit
        The largest magnitude, to which LLRs are clipped: 127 for int8, 32767 for int16, none for
        float32. The LLRs of channels end at 1000 anyway.

    Examples
    --------
    >>> Reads("soft", "int8", 4.0).limit
    127.0
    """

    kind: Literal["soft", "hard"] = "soft"
    precision: Literal["float32", "int16", "int8"] = "float32"
    steps: float | None = None
    limit: float | None = None

    def __post_init__(self) -> None:
        if (self.precision == "float32") != (self.steps is None):
            raise ValueError("fixed point, and only that, needs steps to one unit of the LLR")
        if self.limit is None:
            limit = {"float32": np.inf, "int16": 32767.0, "int8": 127.0}[self.precision]
            object.__setattr__(self, "limit", limit)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of soft values."""
        return np.dtype(self.precision)


SOFT, HARD = Reads(), Reads("hard")


@dataclass(frozen=True, eq=False)
class GroupInput:
    """What a decoder is given of ``frames`` frames in groups of 64; of a last group in part, the rest is 0.

    Attributes
    ----------
    frames
        Frames that count.
    llr
        LLRs, (groups, n, 64), where the decoder reads soft values.
    hard
        Decisions, uint64 (groups, n), where it reads hard values: set where the LLR is negative.
    erased
        uint64 (groups, n): set where the LLR is 0; a bit of ``hard`` is 0 there. None where none is.
    """

    frames: int
    llr: Soft | None = None
    hard: Words | None = None
    erased: Words | None = None

    @classmethod
    def of_lanes(cls, lanes: Lanes, reads: Reads = SOFT) -> "GroupInput":
        """What a decoder reads of LLRs, finite float32 (n, frames), C-contiguous.

        In fixed point multiples of a common unit stay multiples of one, see ``llr_grid.on_grid``.
        """
        n, frames = lanes.shape
        shape = (groups_of(frames), n)
        if reads.kind == "hard":
            hard, erased = np.empty(shape, np.uint64), np.empty(shape, np.uint64)
            return cls(frames, hard=hard, erased=erased if pack_signs(lanes, hard, erased) else None)
        groups: Soft = np.empty((*shape, GROUP), reads.dtype)
        put_lanes(lanes, reads, groups)
        return cls(frames, llr=groups)

    @classmethod
    def of_groups(cls, frames: int, llr: Soft, reads: Reads = SOFT) -> "GroupInput":
        """The same of LLRs in groups, float32 (groups, n, 64), of so many frames."""
        if reads.kind == "hard":
            hard, erased = np.empty(llr.shape[:2], np.uint64), np.empty(llr.shape[:2], np.uint64)
            any_erased = pack_group_signs(llr, hard, erased)
            counted = np.uint64(2**64 - 1) >> np.uint64(-frames % GROUP)
            hard[-1:] &= counted
            erased[-1:] &= counted
            return cls(frames, hard=hard, erased=erased if any_erased else None)
        given = cls(frames, llr=llr)
        return given if reads.precision == "float32" else cls.of_lanes(given.lanes(), reads)

    def first(self, n: int) -> "GroupInput":
        """The same of the first n positions."""
        return self.between(0, n)

    def between(self, start: int, stop: int) -> "GroupInput":
        """The same of the positions from ``start`` to ``stop`` - 1."""

        def part(of: Any) -> Any:
            return None if of is None else np.ascontiguousarray(of[:, start:stop])

        return GroupInput(self.frames, part(self.llr), part(self.hard), part(self.erased))

    def soft(self) -> Soft:
        """The LLRs; of hard values 1 and -1, and 0 where erased, float32 (groups, n, 64)."""
        if self.llr is not None:
            return self.llr
        assert self.hard is not None
        soft = np.empty((*self.hard.shape, GROUP), np.float32)
        unpack_signs(self.hard, self.hard[:0] if self.erased is None else self.erased, soft)
        return soft

    def lanes(self) -> Lanes:
        """The same as float32 (n, frames), C-contiguous. Not of fixed point."""
        return ungrouped(self.soft(), self.frames)


def put_lanes(lanes: Lanes, reads: Reads, groups: Soft) -> None:
    """Put LLRs, finite float32 (n, frames), into groups (groups, n, 64) of the type that a decoder reads.

    See ``GroupInput.of_lanes``.
    """
    steps = None if reads.steps is None else np.float32(reads.steps)
    placed = lanes if reads.steps is None else on_grid(lanes[None], steps=reads.steps)[0]
    group_lanes(placed, steps, np.float32(reads.limit), groups)


def check_given(what: str, given: Any, reads: Reads, shape: tuple[int, int], frames: int) -> None:
    """Raise WrongResultError, naming ``what``, unless ``given`` is what a decoder ``reads`` of words.

    ``shape`` is that of the words, (groups, n), of so many frames.
    """
    if not isinstance(given, GroupInput) or given.frames != frames:
        found = f"one for {given.frames}" if isinstance(given, GroupInput) else type(given).__name__
        raise WrongResultError(f"{what} should be a GroupInput for {frames} frames, got {found}")
    if reads.kind == "soft":
        expect_contiguous(f"{what}'s llr", given.llr, reads.dtype, (*shape, GROUP))
        return
    expect_contiguous(f"{what}'s hard", given.hard, np.uint64, shape)
    if given.erased is not None:
        expect_contiguous(f"{what}'s erased", given.erased, np.uint64, shape)


def check_observed(given: Any, reads: Reads, shape: tuple[int, int], frames: int) -> None:
    """Raise WrongResultError unless ``given`` is what ``observe`` is to make of words of this shape.

    LLRs in float32 are finite.
    """
    check_given("observe", given, reads, shape, frames)
    llr = given.llr
    if reads.kind == "soft" and llr.dtype == np.float32 and not all_finite(llr.reshape(-1, GROUP)):
        raise WrongResultError(
            "observe's llr should be finite: at most 1000 for what is certain, 0 where erased"
        )


def packed(bits: npt.NDArray[Any]) -> Words:
    """Packed bits, uint64 (groups, m), of uint8 0/1 of shape (frames, m)."""
    lanes = np.ascontiguousarray(bits.T)
    words = np.empty((groups_of(lanes.shape[1]), len(lanes)), np.uint64)
    pack_lanes(lanes, words)
    return words


def unpacked(words: Words, frames: int) -> Bits:
    """The bits, uint8 of shape (frames, m), frames contiguous, of packed ones."""
    lanes = np.empty((words.shape[1], frames), np.uint8)
    unpack_lanes(words, lanes)
    return lanes.T


def grouped(lanes: Lanes) -> npt.NDArray[np.float32]:
    """float32 (groups, m, 64) of lane-major float32 (m, frames); 0 where there is no frame."""
    groups = np.empty((groups_of(lanes.shape[1]), len(lanes), GROUP), np.float32)
    group_lanes(lanes, None, np.float32(np.inf), groups)
    return groups


def ungrouped(groups: npt.NDArray[Any], frames: int) -> npt.NDArray[Any]:
    """Lane-major (m, frames), C-contiguous, of groups (groups, m, 64): what ``grouped`` made them of."""
    lanes = np.empty((groups.shape[1], frames), groups.dtype)
    ungroup(groups, lanes)
    return lanes


def frame_flags(words: Words, frames: int) -> npt.NDArray[np.bool_]:
    """One word for each group, uint64 (groups), as bool (frames)."""
    return np.unpackbits(words.astype("<u8").view(np.uint8), bitorder="little")[:frames].view(np.bool_)


def packed_flags(flags: npt.NDArray[np.bool_]) -> Words:
    """The inverse of ``frame_flags``: uint64 (groups), from an entry for each frame, in any shape."""
    return packed(flags.reshape(-1, 1).view(np.uint8))[:, 0]


def all_erased(given: GroupInput) -> npt.NDArray[np.bool_]:
    """Whether nothing of a frame was received: bool (frames)."""
    if given.llr is None:
        if given.erased is None:
            return np.zeros(given.frames, np.bool_)
        return frame_flags(np.bitwise_and.reduce(given.erased, axis=1), given.frames)
    erased = np.empty(len(given.llr), np.uint64)
    pack_erased(given.llr, erased)
    return frame_flags(erased, given.frames)
