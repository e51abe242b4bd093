"""A link: code, decoder and channel, which together make one curve; and the simulation of its frames."""

import inspect
import math
import numbers
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Channel, Stream
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...codes import Code, Decoder, DecodeResult
from ...vectors.group_kernels import GROUP
from ..errors import InputError, shown
from ..failures import blamed
from .counting_kernels import count_errors
from .fast_links import fast_path
from .frame_counts import FrameCounts
from .identity import check_identity, point_key
from .stage_clock import Clock

#: Coded bits that one pass through the stages works on, so that its arrays stay in the cache.
PASS_BITS = 1 << 19
#: A pass with fewer frames is made twice as long, to spread the fixed cost of a kernel call.
WIDE = 256
#: Most frames of one pass.
MAX_PASS = 1 << 16
CHECK = "'capgap check' tells more"


@dataclass(frozen=True, eq=False)
class OperatingPoint:
    """A link's channel at one value of its parameter.

    Attributes
    ----------
    value
        The value.
    channel
        The channel at it.
    key
        The hash of everything that defines the point's frames, which also selects their random numbers.
    """

    value: float
    channel: Channel
    key: str

    @cached_property
    def capacity(self) -> float:
        """The channel's capacity, by which points are put in order of their noise; 0 if it is not finite.

        Raises InputError if it fails, is no number, or another one each time.
        """
        what = f"capacity() of the channel {type(self.channel).__name__}"
        with blamed(what):
            capacity, again = self.channel.capacity(), self.channel.capacity()
        if not isinstance(capacity, numbers.Real):
            raise InputError(f"{what} should return a number, not {shown(capacity)}; {CHECK}")
        if capacity != again and not math.isnan(capacity):
            raise InputError(f"{what} is another number each time, so points have no order; {CHECK}")
        return float(capacity) if math.isfinite(capacity) else 0.0


@dataclass(frozen=True, eq=False)
class Frames:
    """A few consecutive frames on their way through a link; arrays are (frames, ...).

    Attributes
    ----------
    first
        Number of the first frame.
    bits, word, received, llr
        Information bits, coded bits, what the channel made of them, its LLRs.
    result
        What the decoder returned.
    bit_errors
        int32 (frames): wrong information bits.
    """

    first: int
    bits: npt.NDArray[np.uint8]
    word: npt.NDArray[np.uint8]
    received: npt.NDArray[Any]
    llr: npt.NDArray[np.float32]
    result: DecodeResult
    bit_errors: npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Link:
    """A code with its decoder over a channel whose parameter may take any value: what makes one curve.

    Attributes
    ----------
    label, group
        The curve's name, and the name of the family it is drawn with where the x axis is the rate.
    code, decoder
        What is simulated.
    code_text, decoder_text, channel_text
        How the three are called in results.
    channel
        The channel with all but the value of the parameter that is swept.
    identity
        Plain data: everything that defines the frames but the value.
    """

    label: str
    group: str
    code: Code
    code_text: str
    decoder: Decoder
    decoder_text: str
    channel_text: str
    channel: ChannelModel
    identity: dict[str, Any]

    @property
    def parameter(self) -> str:
        """The name of the channel parameter that is swept."""
        return self.channel.parameter.name

    @property
    def bits_per_use(self) -> float:
        """Information bits a channel use, to which Eb/N0 refers: with BPSK a use carries one coded bit."""
        return self.code.rate

    def at(self, value: float) -> OperatingPoint:
        """The link at a value of its parameter; raises what the channel's constructor raises.

        Raises InputError if results could not hold the point: no frame of it need be simulated then.
        """
        channel = self.channel.at(value)
        point = OperatingPoint(value, channel, point_key(self.identity, value))
        try:
            check_identity(self.row_identity(point))
        except ValueError as error:
            where = f"'{self.label}' at {self.parameter} = {value:g}"
            raise InputError(f"{where}: results cannot hold this point: {error}") from None
        return point

    def row_identity(self, point: OperatingPoint) -> dict[str, Any]:
        """What a row of results holds of a point beside counts, what ended it, and its time."""
        with blamed(f"ebno_db or esno_db of the channel {type(point.channel).__name__}"):
            ebno_db, esno_db = point.channel.ebno_db, point.channel.esno_db
        return {
            "curve": self.label,
            "group": self.group,
            "code": self.code_text,
            "decoder": self.decoder_text,
            "channel": self.channel_text,
            "n": self.code.n,
            "k": self.code.k,
            "rate": self.code.rate,
            "parameter": self.parameter,
            "value": point.value,
            "channel_model": self.channel,
            "ebno_db": ebno_db,
            "esno_db": esno_db,
            "key": point.key,
        }

    def limit(self, signal: Signal = "gaussian") -> float | None:
        """The parameter's value at which the code's rate meets the capacity; None if unknown."""
        with blamed("limit() of the channel"):
            return self.channel.limit(self.bits_per_use, signal)

    @cached_property
    def takes_stream(self) -> bool:
        """Whether ``decode`` has the parameter ``stream``."""
        return "stream" in inspect.signature(self.decoder.decode).parameters

    @property
    def pass_frames(self) -> int:
        """Frames of one pass through the stages."""
        bits = PASS_BITS if self.code.n * WIDE <= PASS_BITS else 2 * PASS_BITS
        return min(max(bits // self.code.n // GROUP, 1) * GROUP, MAX_PASS)

    def simulate(
        self, point: OperatingPoint, first: int, frames: int, clock: Clock | None = None
    ) -> FrameCounts:
        """Count the errors of ``frames`` >= 1 frames of a point, from number ``first``.

        What is counted in a frame depends on the point's key and the frame's number alone. ``clock``
        receives the time that each stage took.
        """
        clock = Clock() if clock is None else clock
        fast = fast_path(self.code, self.decoder, point.channel)
        if fast is not None:
            return FrameCounts.of(*fast(point.channel, point.key, first, frames, clock))
        errors, ok = np.empty(frames, np.int32), np.empty(frames, np.bool_)
        iterations = np.empty(frames, np.int32)
        for start in range(0, frames, self.pass_frames):
            part = slice(start, min(start + self.pass_frames, frames))
            sent = self.send(point, first + start, part.stop - start, clock)
            errors[part], ok[part] = sent.bit_errors, sent.result.ok
            iterations[part] = sent.result.iterations
        return FrameCounts.of(errors, ok, iterations)

    def send(self, point: OperatingPoint, first: int, frames: int, clock: Clock | None = None) -> Frames:
        """Take frames of a point through all stages, all at once: for a few of them."""
        clock = Clock() if clock is None else clock
        clock.start()
        stream = Stream(0, frames, first=first, point=point.key)
        bits = stream.bits(self.code.k)
        clock.lap("source")
        word = self.code.encode(bits)
        clock.lap("encoder")
        self._expect_bits("encode", word, self.code.n, frames)
        received = point.channel.transmit(word, stream)
        llr = point.channel.llr(received)
        self._expect("llr", llr, np.float32, (frames, self.code.n))
        clock.lap("channel")
        # A decoder breaks ties with bits of the frames' streams.
        result = self.decoder.decode(llr, stream) if self.takes_stream else self.decoder.decode(llr)
        if not isinstance(result, DecodeResult):
            raise InputError(f"{self.label}: decode returned {type(result).__name__}, not a DecodeResult")
        self._expect_bits("decode's bits", result.bits, self.code.k, frames)
        self._expect("decode's ok", result.ok, np.bool_, (frames,))
        self._expect("decode's iterations", result.iterations, np.int32, (frames,))
        if result.iterations.min() < 0:
            least = result.iterations.min()
            raise InputError(f"{self.label}: decode's iterations should be 0 or more, got {least}; {CHECK}")
        clock.lap("decoder")
        errors = np.empty(frames, np.int32)
        count_errors(np.ascontiguousarray(bits.T), np.ascontiguousarray(result.bits.T), errors)
        clock.lap("count")
        return Frames(first, bits, word, received, llr, result, errors)

    def _expect_bits(self, what: str, array: Any, length: int, frames: int) -> None:
        self._expect(what, array, np.uint8, (frames, length))
        if array.max() > 1:
            raise InputError(f"{self.label}: {what} should be 0 or 1, got {array.max()}; {CHECK}")

    def _expect(self, what: str, array: Any, dtype: Any, shape: tuple[int, ...]) -> None:
        """Refuse what a class returned if kernels could not use it: anybody may write such a class."""
        if not isinstance(array, np.ndarray) or array.dtype != dtype or array.shape != shape:
            found = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            raise InputError(
                f"{self.label}: {what} should be {np.dtype(dtype)} {shape}, got {found}; {CHECK}"
            )
