"""What a link sends: the information bits of its frames.

Bits are packed: bit f of word [g, i] is bit i of frame 64 g + f (see ``vectors.group_kernels``).
"""

from abc import ABC, abstractmethod

from ...channels import Stream
from ...vectors.groups import Bits, Words, unpacked


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
        return unpacked(self.draw_words(stream, k), stream.frames)


class FairBits(Source):
    """Independent fair bits: the first k of each frame's stream."""

    def draw_words(self, stream: Stream, k: int) -> Words:
        """``stream.packed_bits``."""
        return stream.packed_bits(k)
