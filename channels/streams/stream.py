"""Random streams: each frame has its own, a function of (seed, point, frame number) and nothing else.

A frame's stream does not depend on the frames it is drawn with, so blocks, threads, machines and
restarts may cut the sequence of frames anywhere without changing a bit of it, and any frame can be
drawn again alone. The generators are described in ``stream_kernels``.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from ...vectors.group_kernels import GROUP
from ...vectors.groups import Words, groups_of
from ...vectors.whole_numbers import whole_number
from ..elementwise import as_number
from . import stream_kernels


def stream_key(seed: int, point: str) -> npt.NDArray[np.uint32]:
    """What the generators of all frames of a point are seeded with, beside the frame's number: uint32 (4)."""
    digest = hashlib.blake2b(f"{seed}/{point}".encode(), digest_size=16).digest()
    return np.frombuffer(bytearray(digest), "<u4").astype(np.uint32, copy=False)


class Stream:
    """Random numbers for ``frames`` consecutive frames, one independent generator a frame.

    The kinds of draw may be mixed in any order. Each call advances every frame's generator
    by the same number of 32-bit words, stated below, whatever the number of frames.

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
        #: The generators, uint32 (4, frames in whole groups of 64), for kernels that draw.
        self.state = np.empty((4, groups_of(frames) * GROUP), np.uint32)
        stream_kernels.seed_states(stream_key(seed, point), np.uint64(first), self.state)

    @staticmethod
    def _rows(m: int) -> int:
        rows = whole_number(m, "m")
        if rows < 0:
            raise ValueError(f"m must not be negative, got {m}")
        return rows

    def words(self, m: int) -> npt.NDArray[np.uint32]:
        """Raw 32-bit words, shape (frames, m); takes m words."""
        out = np.empty((self._rows(m), self.frames), np.uint32)
        stream_kernels.draw_words(self.state, out)
        return out.T

    def bits(self, m: int) -> npt.NDArray[np.uint8]:
        """Fair bits, 0 or 1, shape (frames, m); takes ceil(m / 32) words."""
        out = np.empty((self._rows(m), self.frames), np.uint8)
        stream_kernels.draw_bits(self.state, out)
        return out.T

    def packed_bits(self, m: int) -> Words:
        """The same bits packed, uint64 (groups, m), from the same words."""
        out = np.empty((groups_of(self.frames), self._rows(m)), np.uint64)
        stream_kernels.draw_packed_bits(self.state, out)
        return out

    def uniform(self, m: int) -> npt.NDArray[np.float64]:
        """Uniform samples on the multiples of 2^-53 in [0, 1), shape (frames, m); takes 2 m words."""
        out = np.empty((self._rows(m), self.frames), np.float64)
        stream_kernels.draw_uniform(self.state, None, out)
        return out.T

    def bernoulli(self, m: int, probability: float) -> npt.NDArray[np.uint8]:
        """``uniform(m) < probability`` as 0 or 1, from the same words: uint8, shape (frames, m).

        Raises ValueError if ``probability`` is outside [0, 1].
        """
        probability = as_number(probability, "probability")
        if not 0 <= probability <= 1:
            raise ValueError(f"probability must lie in [0, 1], got {probability}")
        out = np.empty((self._rows(m), self.frames), np.uint8)
        threshold = np.uint64(np.ceil(probability * 2.0**53))
        stream_kernels.draw_uniform(self.state, threshold, out)
        return out.T

    def normal(self, m: int) -> npt.NDArray[np.float32]:
        """Standard normal samples, float32, shape (frames, m); takes 2 ceil(m / 2) words.

        The largest magnitude is 7.54; probabilities of the tails are exact to 0.01 % at 6.5,
        0.3 % at 7 and 3 % at 7.25.
        """
        out = np.empty((self._rows(m), self.frames), np.float32)
        stream_kernels.draw_normal(self.state, out)
        return out.T
