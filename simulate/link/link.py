"""A link: code, decoder and channel, which together make one curve; and the simulation of its frames."""

import inspect
import math
import numbers
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Channel, Stream
from ...channels.models.channel import Signal
from ...channels.models.model import ChannelModel
from ...codes import Code, Decoder, DecodeResult, GroupResult
from ...vectors.expected import WrongResultError, expect, expect_bits
from ...vectors.group_kernels import GROUP
from ...vectors.groups import check_observed
from ..errors import InputError, shown
from ..failures import blamed
from .counting_kernels import count_errors, count_word_errors
from .frame_counts import FrameCounts
from .identity import check_identity, point_key
from .stage_clock import Clock

#: Bytes of what the decoder reads in one pass through the stages, so that they stay in the caches.
PASS_BYTES = 1 << 22
#: Groups of one pass, at least and at most: belief propagation replaces finished frames by new ones, and
#: idles without a supply.
FEWEST, MOST = 8, 1 << 10
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

    @property
    def pass_frames(self) -> int:
        """Frames of one pass through the stages."""
        reads = self.decoder.reads
        size = 1 / 4 if reads.kind == "hard" else np.dtype(reads.dtype).itemsize
        return min(max(int(PASS_BYTES / (self.code.n * GROUP * size)), FEWEST), MOST) * GROUP

    def simulate(
        self, point: OperatingPoint, first: int, frames: int, clock: Clock | None = None
    ) -> FrameCounts:
        """Count the errors of ``frames`` >= 1 frames of a point, from number ``first``.

        What is counted in a frame depends on the point's key and the frame's number alone. ``clock``
        receives the time that each stage took.
        """
        clock = Clock() if clock is None else clock
        clock.start()
        errors, ok = np.empty(frames, np.int32), np.empty(frames, np.bool_)
        iterations = np.empty(frames, np.int32)
        for start in range(0, frames, self.pass_frames):
            part = slice(start, min(start + self.pass_frames, frames))
            with self._told():
                errors[part], result = self._pass(point, first + start, part.stop - start, clock)
            ok[part], iterations[part] = result.ok, result.iterations
        return FrameCounts.of(errors, ok, iterations)

    def _pass(
        self, point: OperatingPoint, first: int, frames: int, clock: Clock
    ) -> tuple[npt.NDArray[np.int32], GroupResult]:
        """Wrong bits of frames, and what the decoder returned: all stages in groups of 64 frames."""
        stream = Stream(0, frames, first=first, point=point.key)
        bits = stream.packed_bits(self.code.k)
        clock.lap("source")
        words = self.code.encode_words(bits)
        shape = (len(bits), self.code.n)
        expect("encode_words", words, np.uint64, shape)
        clock.lap("encoder")
        given = point.channel.observe(words, stream, self.decoder.reads)
        check_observed(given, self.decoder.reads, shape, frames)
        clock.lap("channel")
        result = self.decoder.decode_groups(given, stream)
        self.decoder.check_groups(result, frames)
        clock.lap("decoder")
        errors = np.empty(len(bits) * GROUP, np.int32)
        count_word_errors(bits, result.bits, errors)
        clock.lap("count")
        return errors[:frames], result

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Name the link where a stage returned what it should not."""
        try:
            yield
        except WrongResultError as error:
            raise InputError(f"{self.label}: {error}; {CHECK}") from None

    def send(self, point: OperatingPoint, first: int, frames: int) -> Frames:
        """Take frames of a point through all stages as arrays (frames, ...), for a few of them.

        The counts are those of ``simulate``: this is what it does, in the plain form of every stage.
        """
        stream = Stream(0, frames, first=first, point=point.key)
        with self._told():
            bits = stream.bits(self.code.k)
            word = self.code.encode(bits)
            expect_bits("encode", word, (frames, self.code.n))
            received = point.channel.transmit(word, stream)
            llr = point.channel.llr(received)
            expect("llr", llr, np.float32, (frames, self.code.n))
            # A decoder breaks ties with bits of the frames' streams.
            takes_stream = "stream" in inspect.signature(self.decoder.decode).parameters
            result = self.decoder.decode(llr, stream) if takes_stream else self.decoder.decode(llr)
            self.decoder.check_result(result, frames)
        errors = np.empty(frames, np.int32)
        count_errors(np.ascontiguousarray(bits.T), np.ascontiguousarray(result.bits.T), errors)
        return Frames(first, bits, word, received, llr, result, errors)
