"""A link: code, decoder and channel, which together make one curve; and the simulation of its frames."""

import inspect
import math
import numbers
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Channel, Stream
from ...channels.models.channel import Signal
from ...channels.models.interleaved import InterleavedChannel
from ...channels.models.model import ChannelModel
from ...channels.models.observation import Observation
from ...channels.modulation.modulation import Modulation
from ...channels.parameter import Parameter
from ...codes import Code, Decoder, DecodeResult, GroupResult
from ...vectors.expected import WrongResultError, expect, expect_bits, expect_contiguous
from ...vectors.group_kernels import GROUP
from ...vectors.groups import GroupInput, Reads, Words, packed
from ..errors import CHECK, InputError, shown
from ..failures import blamed
from .counting.frame_counts import FAILURES, Counted, FrameCounts
from .counting.iteration_counts import count_iterations, counter_names
from .counting.likelihood import ML_ERRORS, ml_errors
from .counting.measure import BitErrors, Measure
from .identity import check_identity, point_key
from .interleaver import Permutation
from .receiver import OneShot, Receiver, is_ours
from .rehearsal import rehearse
from .source import FairBits, Source
from .stage_clock import Clock

#: Bytes of what the decoder reads in one pass through the stages, so that they stay in the caches.
PASS_BYTES = 1 << 22
#: Groups of one pass, at least and at most: belief propagation replaces finished frames by new ones, and
#: idles without a supply.
FEWEST, MOST = 8, 1 << 11
#: Bytes of the fewest groups, at most: of very long frames there are fewer.
FEWEST_BYTES = 1 << 24


@dataclass(frozen=True, eq=False)
class OperatingPoint:
    """A link at one value of its channel's parameter.

    Attributes
    ----------
    value
        The value.
    channel
        The channel at it.
    key
        The hash of everything that defines the point's frames, which also selects their random numbers.
    curve_code, curve_decoder
        The link's, which most codes keep at every point.
    make_decoder
        Makes the decoder of another code; None if that is not known.
    """

    value: float
    channel: Channel
    key: str
    curve_code: Code
    curve_decoder: Decoder
    make_decoder: Callable[[Code], Decoder] | None = None

    @cached_property
    def code(self) -> Code:
        """The code here: ``code.at`` of the curve's, asked when it is first needed.

        Raises InputError if that has another n or k.
        """
        curve = self.curve_code
        with blamed(f"at() of the code {type(curve).__name__}"):
            code = curve.at(self)
        if not isinstance(code, Code) or (code.n, code.k) != (curve.n, curve.k):
            wanted = f"a code with n = {curve.n} and k = {curve.k}, as at other points"
            raise InputError(f"at() of the code {type(curve).__name__} should return {wanted}, not {code!r}")
        return code

    @cached_property
    def decoder(self) -> Decoder:
        """The decoder of ``code``; raises InputError if there is none."""
        if self.code is self.curve_code:
            return self.curve_decoder
        if self.make_decoder is None:
            raise InputError(
                f"the code {type(self.code).__name__} is another one at {self.value:g}, and the link does "
                "not know how to make its decoder: give it make_decoder"
            )
        with blamed(f"the decoder {type(self.curve_decoder).__name__}"):
            return self.make_decoder(self.code)

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
    counters
        What else was counted, by name, a whole number each: (frames).
    """

    first: int
    bits: npt.NDArray[np.uint8]
    word: npt.NDArray[np.uint8]
    received: npt.NDArray[Any]
    llr: npt.NDArray[np.float32]
    result: DecodeResult
    bit_errors: npt.NDArray[np.int32]
    counters: Mapping[str, Counted] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class GroupStages:
    """Frames in groups of 64 on their way through a link: what its stages return.

    Attributes
    ----------
    bits, words
        Information bits and coded bits, uint64 (groups, k) and (groups, n).
    observed
        What the receiver made of what the channel made of them.
    result
        What the decoder returned.
    """

    bits: Words
    words: Words
    observed: Any
    result: GroupResult


@dataclass(frozen=True, eq=False)
class Link:
    """A code with its decoder over a channel whose parameter may take any value: what makes one curve.

    The first kind of ``engine.experiment.Experiment``.

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
        Plain data: everything that defines the frames but the value. It names a source and a measure where
        they are not the usual ones.
    modulation, modulation_text
        What makes samples of the coded bits, and how it is called in results; None and "" for channels of
        bits and for BPSK, which channels of samples send by themselves.
    interleaver, interleaver_text
        The order in which coded bits are sent, (n), see ``InterleavedChannel``, and how it is called in
        results; None and "" for that of the code.
    source, measure
        What is sent, and what is counted: fair bits and bit errors.
    make_decoder
        Makes the decoder of a code, for codes that depend on the operating point.
    receiver, receiver_text
        Makes what stands between channel and decoder, and how it is called in results, "" for the usual one.
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
    modulation: Modulation | None = None
    modulation_text: str = ""
    interleaver: Permutation | None = None
    interleaver_text: str = ""
    source: Source = field(default_factory=FairBits)
    measure: Measure = field(default_factory=BitErrors)
    make_decoder: Callable[[Code], Decoder] | None = None
    receiver: Callable[[Decoder], Receiver] = OneShot
    receiver_text: str = ""

    def __post_init__(self) -> None:
        """Raises InputError for a decoder of somebody's whose attributes are not of their types."""
        reads, counters, counted = (
            self.decoder.reads,
            self.decoder.counters,
            self.decoder.counted_iterations,
        )
        kind = type(self.decoder).__name__
        if not isinstance(reads, Reads):
            raise InputError(
                f"{self.label}: reads of {kind} should be SOFT, HARD or Reads(...), got {reads!r:.60}"
            )
        if not isinstance(counters, tuple | list) or not all(isinstance(each, str) for each in counters):
            raise InputError(
                f"{self.label}: counters of {kind} should be a tuple of names, got {counters!r:.60}"
            )
        if isinstance(counted, bool) or not isinstance(counted, int) or counted < 0:
            raise InputError(
                f"{self.label}: counted_iterations of {kind} should be a number of iterations, got "
                f"{counted!r:.60}"
            )

    @property
    def swept(self) -> Parameter:
        """The channel parameter that is swept."""
        return self.channel.parameter

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """The names of what is counted beside the usual: by decoder and measure, and after iterations."""
        return (*self._named, *counter_names(self.decoder.counted_iterations))

    @property
    def _named(self) -> tuple[str, ...]:
        likely = (ML_ERRORS,) if self._counts_ml_errors else ()
        failed = (FAILURES,) if self.decoder.counts_failures else ()
        return (*self.decoder.counters, *self.measure.counters, *likely, *failed)

    @property
    def _counts_ml_errors(self) -> bool:
        """Whether it is known what the decoder read: another receiver may give it other values."""
        return self.decoder.counts_ml_errors and self.receiver is OneShot

    @property
    def parameter(self) -> str:
        """The name of the channel parameter that is swept."""
        return self.channel.parameter.name

    @property
    def bits_per_use(self) -> float:
        """Information bits a channel use, to which Eb/N0 refers: with BPSK a use carries one coded bit."""
        return self.code.rate if self.symbols is None else self.code.k / self.symbols

    @property
    def symbols(self) -> int | None:
        """Samples of a frame; None where each coded bit is a channel use."""
        return None if self.modulation is None else self.modulation.symbols(self.code.n)

    def at(self, value: float) -> OperatingPoint:
        """The link at a value of its parameter; raises what the channel's constructor raises.

        Raises InputError if results could not hold the point: no frame of it need be simulated then.
        """
        channel = self.channel.at(value)
        if self.interleaver is not None:
            channel = InterleavedChannel(channel, self.interleaver)
        key = point_key(self.identity, value)
        point = OperatingPoint(value, channel, key, self.code, self.decoder, self.make_decoder)
        try:
            check_identity(self.describe(point))
        except ValueError as error:
            where = f"'{self.label}' at {self.parameter} = {value:g}"
            raise InputError(f"{where}: results cannot hold this point: {error}") from None
        return point

    def describe(self, point: OperatingPoint) -> dict[str, Any]:
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
            **({} if self.symbols is None else {"modulation": self.modulation_text, "symbols": self.symbols}),
            **({} if self.interleaver is None else {"interleaver": self.interleaver_text}),
            **({"receiver": self.receiver_text} if self.receiver_text else {}),
        }

    def limit(self, signal: Signal = "gaussian") -> float | None:
        """The parameter's value at which the code's rate meets the capacity; None if unknown."""
        with blamed("limit() of the channel"):
            return self.channel.limit(self.bits_per_use, signal)

    @property
    def pass_frames(self) -> int:
        """Frames of one pass through the stages."""
        reads = self.decoder.reads
        # Of samples, decisions are made from LLRs in float32.
        hard = 1 / 4 if self.modulation is None else 4
        size = hard if reads.kind == "hard" else np.dtype(reads.dtype).itemsize
        group = self.code.n * GROUP * size
        fewest = min(FEWEST, max(1, int(FEWEST_BYTES / group)))
        return min(max(int(PASS_BYTES / group), fewest), MOST) * GROUP

    def rehearse(self, point: OperatingPoint) -> None:
        """Try the stages on two frames of a point; see ``rehearsal``."""
        rehearse(self, point)

    @property
    def shows_its_stages(self) -> bool:
        """Whether ``send`` decodes in the plain form of every stage: other receivers have groups alone."""
        return self.receiver is OneShot

    def is_ours(self, point: OperatingPoint) -> bool:
        """Whether all stages are of this package, so that they need no rehearsal."""
        stages = (point.code, point.decoder, point.channel, self.source, self.measure)
        made = getattr(self.receiver, "func", self.receiver)
        return is_ours(*stages) and getattr(made, "__module__", "").startswith("capgap.")

    def simulate(
        self, point: OperatingPoint, first: int, frames: int, clock: Clock | None = None
    ) -> FrameCounts:
        """Count the errors of ``frames`` >= 1 frames of a point, from number ``first``.

        What is counted in a frame depends on the point's key and the frame's number alone. ``clock``
        receives the time that each stage took.
        """
        clock = Clock() if clock is None else clock
        clock.start()
        parts = []
        for start in range(0, frames, self.pass_frames):
            size = min(self.pass_frames, frames - start)
            with self._told():
                parts.append(self._pass(point, first + start, size, clock))
        return FrameCounts.joined(parts)

    def _pass(self, point: OperatingPoint, first: int, frames: int, clock: Clock) -> FrameCounts:
        """The counts of frames that go through the stages together, in groups of 64 frames."""
        stages = self.group_stages(point, first, frames, clock)
        bits, result = stages.bits, stages.result
        errors = self.measure.count_words(bits, result.bits, frames)
        named = {**result.counters, **self.measure.further_words(bits, result.bits, frames)}
        if self._counts_ml_errors:
            given = stages.observed
            named[ML_ERRORS] = ml_errors(point.code, stages.words, result.bits, errors, given)
        if self.decoder.counts_failures:
            named[FAILURES] = (~result.ok).astype(np.int32)
        self._expect_counters(named, frames)
        after = count_iterations(
            result.after_iterations, lambda decided: self.measure.count_words(bits, decided, frames)
        )
        self._expect_last(after, errors)
        counts = FrameCounts.of(errors, result.ok, result.iterations, {**named, **after})
        clock.lap("count")
        return counts

    def group_stages(
        self, point: OperatingPoint, first: int, frames: int, clock: Clock | None = None
    ) -> GroupStages:
        """What each stage made of frames in groups of 64, as ``simulate`` counts them."""
        clock = Clock() if clock is None else clock
        stream = Stream(0, frames, first=first, point=point.key)
        code, decoder = point.code, point.decoder
        bits = self.source.draw_words(stream, code.k)
        clock.lap("source")
        words = code.encode_words(bits)
        expect_contiguous("encode_words", words, np.uint64, (len(bits), code.n))
        clock.lap("encoder")
        receiver = self.receiver(decoder)
        observed = receiver.observe(point.channel, words, stream)
        clock.lap("channel")
        result = receiver.receive(observed, stream)
        decoder.check_groups(result, frames)
        clock.lap("decoder")
        return GroupStages(bits, words, observed, result)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Name the link where a stage returned what it should not."""
        try:
            yield
        except WrongResultError as error:
            raise InputError(f"{self.label}: {error}; {CHECK}") from None

    def send(self, point: OperatingPoint, first: int, frames: int) -> Frames:
        """Take frames of a point through all stages as arrays (frames, ...), for a few of them.

        The counts are those of ``simulate``: this is what it does, in the plain form of every stage but
        another receiver than the usual one, whose decisions are taken from there.
        """
        stream = Stream(0, frames, first=first, point=point.key)
        code, decoder = point.code, point.decoder
        with self._told():
            bits = self.source.draw(stream, code.k)
            word = code.encode(bits)
            expect_bits("encode", word, (frames, code.n))
            received = point.channel.transmit(word, stream)
            llr = point.channel.llr(received)
            expect("llr", llr, np.float32, (frames, code.n))
            # A decoder breaks ties with bits of the frames' streams.
            takes_stream = "stream" in inspect.signature(decoder.decode).parameters
            if self.receiver is not OneShot:
                result = self.group_stages(point, first, frames).result.plain()
            else:
                result = decoder.decode(llr, stream) if takes_stream else decoder.decode(llr)
            decoder.check_result(result, frames)
            errors, further = self.measure.count(bits, result.bits)
            named = {**result.counters, **further}
            if self._counts_ml_errors:
                given = GroupInput.of_lanes(decoder.check_llr(llr), decoder.reads)
                named[ML_ERRORS] = ml_errors(code, packed(word), packed(result.bits), errors, given)
            if decoder.counts_failures:
                named[FAILURES] = (~result.ok).astype(np.int32)
            self._expect_counters(named, frames)
            after = count_iterations(
                result.after_iterations, lambda decided: self.measure.count(bits, decided)[0]
            )
            self._expect_last(after, errors)
        samples = received.samples if isinstance(received, Observation) else received
        return Frames(first, bits, word, samples, llr, result, errors, {**named, **after})

    def _expect_last(self, after: Mapping[str, Counted], errors: npt.NDArray[np.int32]) -> None:
        iterations = self.decoder.counted_iterations
        if iterations and not np.array_equal(after[f"bit_errors_{iterations}"], errors):
            raise InputError(
                f"{self.label}: the last of after_iterations should be bits, and has other errors; {CHECK}"
            )

    def _expect_counters(self, counters: Mapping[str, Any], frames: int) -> None:
        if set(counters) != set(self._named):
            raise InputError(
                f"{self.label}: decoder and measure should count {sorted(self._named)} beside the usual, "
                f"as their counters say, got {sorted(counters)}; {CHECK}"
            )
        for name, counted in counters.items():
            expect(f"the counter {name}", counted, np.int32, (frames,))
            if counted.min() < 0:
                least = counted.min()
                raise InputError(f"{self.label}: {name} should be 0 or more, got {least}; {CHECK}")
