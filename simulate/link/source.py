"""What a link sends: the information bits of its frames.

Bits are packed: bit f of word [g, i] is bit i of frame 64 g + f (see ``vectors.group_kernels``).
"""

from abc import ABC, abstractmethod

import numpy as np
import numpy.typing as npt

from ...channels import Stream
from ...vectors.group_kernels import GROUP
from ...vectors.packed_kernels import pack_lanes, unpack_lanes

Words = npt.NDArray[np.uint64]
Bits = npt.NDArray[np.uint8]


class Source(ABC):
    """Where information bits come from. Immutable, and used by several threads at the same time.

    A source of your own defines ``draw_words``. What a frame is sent depends on its stream alone. Frames
    beyond the last of the stream, up to the end of their group, are any.
    """

    @abstractmethod
    def draw_words(self, stream: Stream, k: int) -> Words:
        """The bits of all frames of a stream, packed: uint64 (groups, k)."""

    def draw(self, stream: Stream, k: int) -> Bits:
        """The same bits, uint8 (frames, k)."""
        bits = np.empty((k, stream.frames), np.uint8)
        unpack_lanes(self.draw_words(stream, k), bits)
        return bits.T


class FairBits(Source):
    """Independent fair bits: the first k of each frame's stream."""

    def draw_words(self, stream: Stream, k: int) -> Words:
        """Those of ``stream.bits``, packed."""
        words = np.empty((-(-stream.frames // GROUP), k), np.uint64)
        pack_lanes(np.ascontiguousarray(self.draw(stream, k).T), words)
        return words

    def draw(self, stream: Stream, k: int) -> Bits:
        """``stream.bits``."""
        return stream.bits(k)
