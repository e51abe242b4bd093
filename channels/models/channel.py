"""What every channel is: one family with one sweepable parameter, held at one operating point."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, ClassVar, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from ...vectors.batches import as_batch, as_bits, lanes_of, one_or_all
from ...vectors.expected import expect, expect_contiguous
from ...vectors.finite import certain_where_infinite
from ...vectors.group_kernels import GROUP
from ...vectors.groups import (
    SOFT,
    GroupInput,
    Reads,
    Soft,
    Words,
    grouped,
    groups_of,
    packed,
    ungrouped,
    unpacked,
)
from ..decibels import from_db
from ..information.law import Law
from ..parameter import Parameter, remember
from ..streams.stream import Stream
from .channel_kernels import look_up, put_llr_groups
from .observation import Observation, Samples, check_observation, from_real_lanes, real_lanes

#: Largest magnitude of a log-likelihood ratio that a channel gives, where certainty would be infinite.
LLR_MAX = 1000.0

Bits = npt.NDArray[np.uint8]
LLRs = npt.NDArray[np.float32]
#: Arguments of a constructor, by name, each time.
Examples: TypeAlias = tuple[Mapping[str, Any], ...]
#: The input of a capacity: any of the same power; BPSK; the points of the modulation that is simulated,
#: equiprobable; or the bits of their labels, each by itself (BICM).
Signal = Literal["gaussian", "bpsk", "modulation", "bicm"]


class Channel(ABC):
    """A channel at one operating point. Immutable.

    A channel of your own derives from this class, names its sweepable parameters in ``parameters``
    and takes each as a keyword of its constructor. A constructor that also has the keyword ``rate``
    is given the code's rate. It defines ``transmit`` and ``llr``, or ``observe``, the fast form, which makes
    what a decoder reads in one go: the others then go through what there is. A channel of samples defines
    ``receive``, or ``receive_groups``, its fast form; these alone send bits as BPSK.
    """

    #: The parameters by which the operating point may be given, as `Parameter` objects or by their names; a
    #: sweep uses exactly one of them.
    parameters: ClassVar[tuple[Parameter | str, ...]]
    #: What each name among them is, in a few words for messages.
    definitions: ClassVar[Mapping[str, str]] = {}
    #: The capacity as a formula in LaTeX, for titles.
    formula: ClassVar[str] = ""
    #: To be raised when frames of the same configuration change: points simulated before then start anew.
    frames_version: ClassVar[int] = 1
    #: Whether it takes samples, which a modulation makes of bits; by itself where a class has ``receive``.
    takes_samples: ClassVar[bool] = False
    #: Whether a use of it may be a symbol of several samples; by itself where a class has ``receive_groups``.
    takes_vectors: ClassVar[bool] = False
    #: Whether all that it does to samples is to add Gaussian noise of variance N0 / 2 in each real dimension.
    is_gaussian: ClassVar[bool] = False
    #: Whether the samples that it takes are all of energy 1, as those of PSK.
    unit_energy: ClassVar[bool] = False
    #: Whether bits are received independently of each other, given what LLRs tell.
    memoryless: ClassVar[bool] = True
    #: Arguments of the constructor, by name and without ``rate``, with which the contract is tested.
    examples: ClassVar[Examples] = ()

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        remember(vars(cls).get("parameters"))
        # Whoever defines one form gets the other through it, not the one of a class further up.
        plain = {"transmit", "llr"} & vars(cls).keys()
        if plain and "observe" not in vars(cls):
            cls.observe = _observe_through_llr(cls)  # type: ignore[method-assign]
        elif "observe" in vars(cls) and not plain:
            cls.transmit = _transmit_through_observe(cls)  # type: ignore[method-assign]
            cls.llr = _llr_as_received  # type: ignore[method-assign]
        samples = {"receive", "receive_groups"} & vars(cls).keys()
        if samples and "takes_samples" not in vars(cls):
            cls.takes_samples = True
        elif not samples and (plain or "observe" in vars(cls)) and "takes_samples" not in vars(cls):
            cls.takes_samples = False  # what a class further up receives is not what is sent here
        if samples and not plain and "observe" not in vars(cls):
            cls.observe = bpsk_through_receive  # type: ignore[method-assign]
            cls.transmit = _transmit_through_observe(cls)  # type: ignore[method-assign]
            cls.llr = _llr_as_received  # type: ignore[method-assign]
        if samples and "takes_vectors" not in vars(cls):
            cls.takes_vectors = "receive_groups" in vars(cls)
        if "receive" in vars(cls) and "receive_groups" not in vars(cls):
            cls.receive_groups = _groups_through_receive(cls)  # type: ignore[method-assign]
        elif "receive_groups" in vars(cls) and "receive" not in vars(cls):
            cls.receive = _receive_through_groups(cls)  # type: ignore[method-assign]

    def of_any_energy(self) -> "Channel":
        """The same for samples that have not all the energy 1, where it takes such; else itself."""
        return self

    def transmit(self, word: Any, stream: Stream) -> npt.NDArray[Any]:
        """Send ``word``, uint8 0/1 of shape (frames, n); return what is received, same shape.

        All randomness comes from ``stream``, one generator a frame. The channels of this package take any
        array or list of 0 and 1, and one word of shape (n), for which they return what has shape (n).
        """
        raise NotImplementedError(f"{type(self).__name__} should define transmit and llr, or observe")

    @staticmethod
    def check_word(word: npt.ArrayLike, stream: Stream) -> npt.NDArray[np.uint8]:
        """``word`` lane-major, shape (n, frames), C-contiguous; ValueError unless it fits the stream.

        Taken are arrays and lists of any type that hold 0 and 1; one word, of shape (n), is a batch of one.
        """
        batch = as_bits(word, None, "word")
        if batch.shape[0] != stream.frames:
            raise ValueError(f"word has {batch.shape[0]} frames, and the stream is for {stream.frames}")
        if batch.max(initial=0) > 1:
            raise ValueError("word must be 0 or 1")
        return lanes_of(batch)

    @staticmethod
    def check_words(words: Any, stream: Stream) -> None:
        """Raise ValueError unless ``words`` are packed bits, uint64 (groups, n), of the stream's frames."""
        n = words.shape[1] if isinstance(words, np.ndarray) and words.ndim == 2 else 0
        expect_contiguous("words", words, np.uint64, (groups_of(stream.frames), n))

    @staticmethod
    def symbols(received: npt.ArrayLike) -> npt.NDArray[np.uint8]:
        """What was received over a channel of bits, lane-major: uint8 (n, frames), 2 for all but 0 and 1."""
        batch = as_batch(received, None, "received")
        if batch.dtype != np.uint8:
            batch = np.where(batch == 1, 1, np.where(batch == 0, 0, 2)).astype(np.uint8)
        return lanes_of(batch)

    def llr(self, received: Any) -> LLRs:
        """ln P(bit = 0) / P(bit = 1) given what was received: float32, shape (frames, n).

        Finite, with magnitudes of at most ``LLR_MAX``, for whatever ``transmit`` returns. One frame of shape
        (n) gives LLRs of shape (n) on the channels of this package.
        """
        raise NotImplementedError(f"{type(self).__name__} should define llr beside transmit, or observe")

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """Send ``words``, uint64 (groups, n), and give what the decoder ``reads`` of what is received.

        To the bit what ``transmit`` and ``llr`` give for these frames; ``stream`` is for as many.
        """
        raise NotImplementedError(f"{type(self).__name__} should define transmit and llr, or observe")

    def receive(self, samples: Samples, stream: Stream) -> Observation:
        """What comes of samples of mean energy 1, float32 or complex64 (frames, uses).

        All randomness comes from ``stream``, one generator a frame. For channels that take samples.
        """
        raise NotImplementedError

    def receive_groups(
        self, samples: npt.NDArray[np.float32], stream: Stream, dimensions: int
    ) -> Observation:
        """The same for groups of 64 frames, float32 (groups, real dimensions, 64), which may be overwritten.

        ``dimensions`` are those of a channel use: 1, or 2 for the real and the imaginary part of a sample one
        after the other; more for a symbol of several samples, whose energy is 1 in all.
        """
        raise NotImplementedError

    @abstractmethod
    def capacity(self) -> float:
        """Capacity in bits a channel use."""

    def law(self) -> Law | None:
        """The law of a channel use with finitely many inputs, from which bounds at a block length follow.

        None where there are more inputs, where uses depend on each other, or where it is not known. May raise
        ValueError where nothing is computed of it.
        """
        return None

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Signal = "gaussian") -> float | None:
        """The value of a sweepable parameter at which ``rate`` meets the capacity; None if there is none.

        ``signal`` is the input whose capacity is meant, where the channel's input may be continuous. A class
        that has no formula leaves this out: the value is then searched for on ``capacity``, as it is where
        the channel has fixed parameters, of which a class method cannot know.
        """
        return None

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float | None:
        """Exact bit-error probability of uncoded transmission at a value; None if unknown."""
        return None

    def modulated_ber(self) -> float | None:
        """The same at this operating point, with what is fixed; asked where the class does not answer."""
        return None

    def mean_over_gains(self, function: Callable[[float], float]) -> float | None:
        """The mean of a function of Es/N0, a ratio, over gains that the receiver knows.

        What modulations carry over Gaussian noise and how often they err then is known over this channel
        too. Over Gaussian noise alone it is the function's value; None where there is more to it.
        """
        return function(from_db(self.esno_db)) if self.is_gaussian and self.esno_db is not None else None

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB; None where the channel has none."""
        return None

    @property
    def esno_db(self) -> float | None:
        """Es/N0 in dB; None where the channel has none."""
        return None


def _observe_through_llr(kind: type[Channel]) -> Callable[..., GroupInput]:
    """``observe`` of a class that defines ``transmit`` or ``llr``: through its own ones."""

    @wraps(Channel.observe)
    def observe(self: Channel, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        frames = stream.frames
        llr = kind.llr(self, kind.transmit(self, unpacked(words, frames), stream))
        expect("llr", llr, np.float32, (frames, words.shape[1]))
        return GroupInput.of_lanes(certain_where_infinite(lanes_of(llr)), reads)

    return observe


def _transmit_through_observe(kind: type[Channel]) -> Callable[..., npt.NDArray[np.float32]]:
    """``transmit`` of a class that defines ``observe``: what is received are the LLRs."""

    @wraps(Channel.transmit)
    def transmit(self: Channel, word: Any, stream: Stream) -> npt.NDArray[np.float32]:
        words = packed(self.check_word(word, stream).T)
        return one_or_all(word, kind.observe(self, words, stream, SOFT).lanes().T)

    return transmit


def of_hard_values(
    hard: Words, erased: Words | None, frames: int, reads: Reads, llrs: tuple[float, float]
) -> GroupInput:
    """What a decoder reads of bits received: ``llrs`` are those of a 0 and of a 1, of one that is erased 0.

    Both are uint64 (groups, n); a bit of ``hard`` is 0 where it is erased. A 0 has an LLR of at least 0 and a
    1 of at most 0, and neither is 0 but where all bits are erased.
    """
    if reads.kind == "hard":
        return GroupInput(frames, hard=hard, erased=erased)
    if reads.precision == "int16":
        signs = GroupInput(frames, hard=hard, erased=erased).lanes()
        sizes = np.where(signs > 0, np.float32(llrs[0]), np.float32(-llrs[1]))
        return GroupInput.of_lanes(signs * sizes, reads)
    llr: Soft = np.empty((*hard.shape, GROUP), reads.dtype)
    table = np.array([*llrs, 0], np.float32)
    if reads.steps is not None:
        table = np.rint(np.clip(np.float32(reads.steps) * table, -127, 127)).astype(np.int8)
    put_llr_groups(hard, erased, *table, llr)
    return GroupInput(frames, llr=llr)


def llr_of_hard_values(received: Any, llrs: tuple[float, float]) -> LLRs:
    """LLRs of bits received, float32, (frames, n) or (n), of those of a 0 and of a 1; of all else 0."""
    symbols = Channel.symbols(received)
    llr = np.empty(symbols.shape, np.float32)
    look_up(symbols, np.array([*llrs, 0], np.float32), llr)
    return one_or_all(received, llr.T)


def of_one_pass(
    shape: tuple[int, ...], frames: int, reads: Reads, put: Callable[[np.float32 | None, Soft], None]
) -> GroupInput:
    """What a decoder reads of LLRs that ``put`` puts in groups, (groups, n, 64), given steps of int8 or None.

    ``shape`` begins with (groups, n). LLRs are float32, or int8 of so many steps to 1; what reads neither
    gets the float32 ones converted.
    """
    direct = reads.kind == "soft" and reads.precision in ("float32", "int8")
    llr: Soft = np.empty((*shape[:2], GROUP), reads.dtype if direct else np.float32)
    put(np.float32(reads.steps) if direct and reads.steps is not None else None, llr)
    return GroupInput(frames, llr=llr) if direct else GroupInput.of_groups(frames, llr, reads)


def check_signal(signal: str) -> None:
    """Raise ValueError unless it is a ``Signal``."""
    if signal not in get_args(Signal):
        raise ValueError(f"signal must be one of {', '.join(get_args(Signal))}, got {signal!r}")


@wraps(Channel.llr)
def _llr_as_received(self: Channel, received: Any) -> LLRs:
    return one_or_all(received, as_batch(received, None, "received").astype(np.float32, copy=False))


@wraps(Channel.observe)
def bpsk_through_receive(self: Channel, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
    """``observe`` of BPSK: a bit is the sample +1 or -1, and its LLR 2 g y / sigma^2."""
    sent = np.asarray(GroupInput(stream.frames, hard=words).soft(), np.float32)
    seen = self.receive_groups(sent, stream, 1)
    check_observation("receive_groups", seen, np.float32, sent.shape)
    llr = seen.samples * np.float32(2 / seen.noise_variance)
    if seen.gains is not None:
        llr *= seen.gains
    np.clip(llr, -LLR_MAX, LLR_MAX, out=llr)
    return GroupInput.of_groups(stream.frames, llr, reads)


def _groups_through_receive(kind: type[Channel]) -> Callable[..., Observation]:
    """``receive_groups`` of a class that defines ``receive``, through its own one."""

    @wraps(Channel.receive_groups)
    def receive_groups(
        self: Channel, samples: npt.NDArray[np.float32], stream: Stream, dimensions: int
    ) -> Observation:
        sent = from_real_lanes(ungrouped(samples, stream.frames), dimensions)
        found = kind.receive(self, sent, stream)
        check_observation("receive", found, sent.dtype, sent.shape)
        return found.in_groups()

    return receive_groups


def _receive_through_groups(kind: type[Channel]) -> Callable[..., Observation]:
    """``receive`` of a class that defines ``receive_groups``, through its own one."""

    @wraps(Channel.receive)
    def receive(self: Channel, samples: Samples, stream: Stream) -> Observation:
        if len(samples) != stream.frames:
            raise ValueError(f"samples have {len(samples)} frames, and the stream is for {stream.frames}")
        dimensions = 2 if np.iscomplexobj(samples) else 1
        found = kind.receive_groups(self, grouped(real_lanes(samples)), stream, dimensions)
        return replace(found, frames=stream.frames).plain(dimensions)

    return receive
