"""Random streams: each frame has its own, a function of (seed, point, frame number) and nothing else.

A frame's stream does not depend on the frames it is drawn with, so blocks, threads, machines and
restarts may cut the sequence of frames anywhere without changing a bit of it, and any frame can be
drawn again alone. The generators are described in ``stream_kernels``.
"""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP, groups_of
from ...vectors.packed_kernels import POSITIONS, unpack_lanes
from ...vectors.whole_numbers import whole_number
from ..elementwise import as_number
from . import bernoulli_kernels, stream_kernels
from .bernoulli_tables import chunk_tables, counted, digit_words


def stream_key(seed: int, point: str) -> npt.NDArray[np.uint32]:
    """What the generators of all frames of a point are seeded with, beside the frame's number: uint32 (4)."""
    digest = hashlib.blake2b(f"{seed}/{point}".encode(), digest_size=16).digest()
    return np.frombuffer(bytearray(digest), "<u4").astype(np.uint32, copy=False)


class Stream:
    """Random numbers for ``frames`` consecutive frames, one independent generator a frame.

    The kinds of draw may be mixed in any order. Each call advances a frame's generator by the number of
    32-bit words stated below, whatever is drawn for other frames. Bernoulli draws may take more in one frame
    than in another; all others take the same.

    Parameters
    ----------
    seed
        Any non-negative integer.
    frames
        Number of frames, the first axis of every array drawn; at least 0.
    first
        Number of the first frame, in [0, 2^64 - frames].
    point
        What tells one operating point from another: any text. Different texts give streams that
        have nothing to do with each other.

    Raises
    ------
    ValueError
        If a number is not a whole number in its range, or ``point`` is not text.

    Examples
    --------
    >>> together = Stream(seed=1, frames=3).normal(5)
    >>> alone = Stream(seed=1, frames=1, first=2).normal(5)
    >>> bool((together[2] == alone[0]).all())
    True
    """

    def __init__(self, seed: int, frames: int, *, first: int = 0, point: str = "") -> None:
        seed, frames = whole_number(seed, "seed"), whole_number(frames, "frames")
        first = whole_number(first, "first")
        if not isinstance(point, str):
            raise ValueError(f"point must be text, got {point!r}")
        if seed < 0:
            raise ValueError(f"seed must not be negative, got {seed}")
        if frames < 0 or first < 0 or first + frames > 2**64:
            raise ValueError(
                f"frames and first must not be negative and end below 2^64, got {frames} from {first}"
            )
        self.frames = frames
        self.groups = groups_of(frames)
        self._state = np.empty((4, self.groups * GROUP), np.uint32)
        stream_kernels.seed_states(stream_key(seed, point), np.uint64(first), self._state)

    @property
    def state(self) -> npt.NDArray[np.uint32]:
        """The generators' states, for kernels of channels, which draw from them and advance them in place.

        uint32 (4, 64 groups), C-contiguous: one frame a column, to whole groups of 64, and what is beyond the
        last frame counts for nothing.
        """
        return self._state

    def of(self, frames: npt.NDArray[np.integer[Any]]) -> "Stream":
        """A stream for some of the frames, by their places in this one, where their generators stand now.

        What is drawn from one of the two does not advance the other.
        """
        chosen = Stream(0, len(frames))
        chosen._state[:, : len(frames)] = self._state[:, frames]
        return chosen

    @staticmethod
    def _rows(m: int) -> int:
        rows = whole_number(m, "m")
        if rows < 0:
            raise ValueError(f"m must not be negative, got {m}")
        return rows

    def words(self, m: int) -> npt.NDArray[np.uint32]:
        """Raw 32-bit words, shape (frames, m); takes m words."""
        out = np.empty((self._rows(m), self.frames), np.uint32)
        stream_kernels.draw_words(self._state, out)
        return out.T

    def bits(self, m: int) -> npt.NDArray[np.uint8]:
        """Fair bits, 0 or 1, shape (frames, m); takes ceil(m / 32) words."""
        return self._unpacked(self.packed_bits(m))

    def packed_bits(self, m: int) -> npt.NDArray[np.uint64]:
        """``bits(m)`` from the same words, packed: uint64 (groups, m), bit f of [g, i] for frame 64 g + f."""
        out = np.empty((self.groups, self._rows(m)), np.uint64)
        stream_kernels.draw_packed_bits(self._state, out)
        return out

    def _unpacked(self, words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
        out = np.empty((words.shape[1], self.frames), np.uint8)
        unpack_lanes(words, out)
        return out.T

    def uniform(self, m: int) -> npt.NDArray[np.float64]:
        """Uniform samples on the multiples of 2^-53 in [0, 1), shape (frames, m); takes 2 m words."""
        out = np.empty((self._rows(m), self.frames), np.float64)
        stream_kernels.draw_uniform(self._state, out)
        return out.T

    def bernoulli(self, m: int, probability: float) -> npt.NDArray[np.uint8]:
        """1 with ``probability``, exact to 2^-53, else 0: uint8, shape (frames, m).

        Probabilities 0 and 1 take no words. Where m (0.025 - probability) >= 4, ones are counted in chunks of
        1024 positions: 2 words for the number of ones, and one for each, or more where a position is drawn a
        second time. Elsewhere a word has a binary digit of a uniform number at each of 32 positions: up to 12
        words for 32 positions, and rarely some more, until the digits tell whether they are below the
        probability's; 6 for the last positions where they are at most 16, 3 where they are at most 8.

        Raises ValueError if ``probability`` is outside [0, 1].
        """
        return self._unpacked(self.bernoulli_words(m, probability))

    def bernoulli_words(self, m: int, probability: float) -> npt.NDArray[np.uint64]:
        """``bernoulli(m, probability)`` from the same words, packed as ``packed_bits`` are."""
        probability = as_number(probability, "probability")
        if not 0 <= probability <= 1:
            raise ValueError(f"probability must lie in [0, 1], got {probability}")
        out = np.empty((self.groups, self._rows(m)), np.uint64)
        if probability in (0, 1):
            out.fill(np.uint64(2**64 - 1) if probability else 0)
        elif counted(m, probability):
            bernoulli_kernels.draw_by_counts(self._state, *chunk_tables(m, probability), out)
        else:
            tables = digit_words(probability, POSITIONS), digit_words(probability, m % POSITIONS)
            bernoulli_kernels.draw_by_digits(self._state, *tables, out)
        return out

    def normal(self, m: int) -> npt.NDArray[np.float32]:
        """Standard normal samples, float32, shape (frames, m); takes 2 ceil(m / 2) words.

        The largest magnitude is 7.54; probabilities of the tails are exact to 0.01 % at 6.5,
        0.3 % at 7 and 3 % at 7.25.
        """
        out = np.empty((self._rows(m), self.frames), np.float32)
        stream_kernels.draw_normal(self._state, out)
        return out.T
