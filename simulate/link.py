"""A link: code, decoder and channel, which together make one curve; and the simulation of its frames."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..channels import Channel, Stream
from ..codes import Code, Decoder
from .link_kernels import count_errors

#: Coded bits that one pass through the chain works on, so that its arrays stay in the cache.
PASS_BITS = 1 << 17
#: Frames of one pass are a multiple of this wherever possible: decoders work on as many side by side.
LANES = 64
#: Most frames of one pass.
MAX_PASS = 1 << 14


@dataclass(frozen=True, eq=False)
class FrameCounts:
    """What was counted in consecutive frames, one entry a frame.

    Attributes
    ----------
    bit_errors
        int32 (frames): wrong information bits.
    undetected
        bool (frames): wrong, and yet declared right by the decoder.
    iterations
        int32 (frames): the decoder's iterations.
    """

    bit_errors: npt.NDArray[np.int32]
    undetected: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.bit_errors)


@dataclass(frozen=True, eq=False)
class Link:
    """One curve: a code with its decoder over a channel, at each of the channel's values.

    Attributes
    ----------
    label, group
        The curve's name, and the name of the family it is drawn with where the x axis is the rate.
    code, decoder
        What is simulated.
    code_text, decoder_text, channel_text
        How the three are called in results.
    parameter
        Name of the channel parameter that is swept.
    channels
        Pairs of a value of the parameter and the channel at it.
    keys
        For each value, the hash of everything that defines the point's frames.
    """

    label: str
    group: str
    code: Code
    code_text: str
    decoder: Decoder
    decoder_text: str
    channel_text: str
    parameter: str
    channels: tuple[tuple[float, Channel], ...]
    keys: tuple[str, ...]

    @property
    def pass_frames(self) -> int:
        """Frames of one pass through the chain."""
        return min(max(PASS_BITS // self.code.n // LANES, 1) * LANES, MAX_PASS)

    def simulate(self, point: int, first: int, frames: int) -> FrameCounts:
        """Simulate ``frames`` frames of a point, from number ``first``.

        ``point`` is the position of the value in ``channels``. What is counted in a frame depends on
        the point's key and the frame's number alone.
        """
        channel, key = self.channels[point][1], self.keys[point]
        counts = FrameCounts(
            np.empty(frames, np.int32), np.empty(frames, np.bool_), np.empty(frames, np.int32)
        )
        for start in range(0, frames, self.pass_frames):
            part = slice(start, min(start + self.pass_frames, frames))
            stream = Stream(0, part.stop - start, first=first + start, point=key)
            bits = stream.bits(self.code.k)
            received = channel.transmit(self.code.encode(bits), stream)
            result = self.decoder.decode(channel.llr(received))
            errors = counts.bit_errors[part]
            count_errors(np.ascontiguousarray(bits.T), np.ascontiguousarray(result.bits.T), errors)
            counts.undetected[part] = result.ok & (errors > 0)
            counts.iterations[part] = result.iterations
        return counts
