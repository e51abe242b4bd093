"""A link: code, decoder and channel, which together make one curve; and the simulation of its frames."""

import inspect
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ..channels import Channel, Stream
from ..codes import Code, Decoder, DecodeResult
from .errors import InputError
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

    @cached_property
    def takes_stream(self) -> bool:
        """Whether ``decode`` has the parameter ``stream``."""
        return "stream" in inspect.signature(self.decoder.decode).parameters

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
            word = self.code.encode(bits)
            self._expect("encode", word, np.uint8, (stream.frames, self.code.n))
            received = channel.transmit(word, stream)
            llr = channel.llr(received)
            self._expect("llr", llr, np.float32, (stream.frames, self.code.n))
            # A decoder that tosses coins takes them from the frames' streams.
            result = self.decoder.decode(llr, stream) if self.takes_stream else self.decoder.decode(llr)
            if not isinstance(result, DecodeResult):
                raise InputError(f"{self.label}: decode returned {type(result).__name__}, not a DecodeResult")
            self._expect("decode's bits", result.bits, np.uint8, (stream.frames, self.code.k))
            self._expect("decode's ok", result.ok, np.bool_, (stream.frames,))
            self._expect("decode's iterations", result.iterations, np.int32, (stream.frames,))
            errors = counts.bit_errors[part]
            count_errors(np.ascontiguousarray(bits.T), np.ascontiguousarray(result.bits.T), errors)
            counts.undetected[part] = result.ok & (errors > 0)
            counts.iterations[part] = result.iterations
        return counts

    def _expect(self, what: str, array: Any, dtype: Any, shape: tuple[int, ...]) -> None:
        """Refuse what a class returned if kernels could not use it: anybody may write such a class."""
        if not isinstance(array, np.ndarray) or array.dtype != dtype or array.shape != shape:
            found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise InputError(
                f"{self.label}: {what} should be {np.dtype(dtype)} {shape}, got {found}; "
                "'capgap check' tells more"
            )
