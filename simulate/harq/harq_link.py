"""A link whose frames are sent again until the receiver accepts them.

Lin and Costello, "Error Control Coding", 2nd edition, 2004, chapter 22. Chase, "Code combining", IEEE
Transactions on Communications 33, 1985.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Stream
from ...channels.models.channel import Signal
from ...codes import Code, Decoder
from ...vectors.expected import expect_contiguous
from ...vectors.group_kernels import GROUP
from ...vectors.groups import GroupInput, Words, grouped, packed, ungrouped, unpacked
from ..errors import CHECK, InputError
from ..link.counting.frame_counts import FAILURES, Counted, FrameCounts
from ..link.identity import describe
from ..link.link import FEWEST, FEWEST_BYTES, MOST, PASS_BYTES, Link, OperatingPoint
from ..link.receiver import observed
from ..link.stage_clock import Clock
from ..statistics.tally import Tally
from .outcomes import DELIVERED, UNDETECTED, USES, counter_names
from .scheme import Harq

Numbers = npt.NDArray[np.intp]
Values = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class HarqPoint(OperatingPoint):
    """A link with HARQ at one value of its channel's parameter.

    Attributes
    ----------
    stages
        The same link with the code of all that was received after each transmission, and its decoder.
    """

    stages: tuple[OperatingPoint, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class HarqLink(Link):
    """A link whose frames are sent again, at most so many times, until they are accepted.

    ``code`` and ``decoder`` are those of the first transmission, and so are n, k, the rate, and the rate that
    Eb/N0 refers to. Every transmission is sent over the channel anew, with the same Es/N0: where the channel
    draws gains for a frame, each transmission has its own.

    Bits and noise of a frame are drawn from its own stream, one transmission after the other, so that a frame
    comes out the same whatever others are sent with it. Decoders break ties by coins of another stream of the
    frame's for each transmission: they may toss them for all frames as soon as one has a tie.

    Attributes
    ----------
    scheme
        How frames are sent again, with every default filled in.
    codes, decoders
        What is decoded after each transmission: the code of all bits that were received so far. One of each
        where all transmissions send the same bits.
    """

    scheme: Harq
    codes: tuple[Code, ...]
    decoders: tuple[Decoder, ...]

    @classmethod
    def of(
        cls, link: Link, scheme: Harq, codes: tuple[Code, ...], decoders: tuple[Decoder, ...]
    ) -> "HarqLink":
        """A link with HARQ, of one without: ``scheme``, ``codes`` and ``decoders`` as for the class.

        Raises
        ------
        ValueError
            If the link's parts cannot be had with HARQ.
        """
        if not link.shows_its_stages:
            raise ValueError("harq takes a receiver that asks demapper and decoder once: leave out receiver")
        if link.decoder.counted_iterations:
            raise ValueError("harq decodes a frame several times: leave out the decoder's count")
        if len(codes) > 1 and link.decoder.reads.kind == "hard":
            raise ValueError(
                "harq: incremental-redundancy adds up LLRs, and the decoder reads hard decisions: take one "
                "that reads LLRs, or chase, whose sums are decided"
            )
        lengths = np.diff([0, *(code.n for code in codes)])
        if link.interleaver is not None and len(set(lengths)) > 1:
            raise ValueError(
                "harq with an interleaver needs transmissions of the same length, and these have "
                f"{', '.join(map(str, lengths))} bits"
            )
        given = {each.name: getattr(link, each.name) for each in fields(link)}
        given |= {"code": codes[0], "decoder": decoders[0]}
        given["identity"] = {**link.identity, "harq": dict(scheme.data())}
        return cls(**given, scheme=scheme, codes=codes, decoders=decoders)

    @property
    def _counts_ml_errors(self) -> bool:
        """Not: they are those of one word."""
        return False

    @cached_property
    def counters(self) -> tuple[str, ...]:
        """The names of what is counted: by decoder and measure, and how frames ended."""
        return self._named

    @property
    def _named(self) -> tuple[str, ...]:
        further = (*self.decoder.counters, *self.measure.counters)
        return (*further, *counter_names(self.scheme.most))

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Coded bits of each transmission."""
        if len(self.codes) == 1:
            return (self.code.n,) * self.scheme.most
        return tuple(np.diff([0, *(code.n for code in self.codes)]).tolist())

    @cached_property
    def uses(self) -> tuple[int, ...]:
        """Channel uses of each transmission."""
        if self.modulation is None:
            return self.lengths
        return tuple(self.modulation.symbols(n) for n in self.lengths)

    @cached_property
    def first_transmission(self) -> Link:
        """The link that sends once."""
        return Link(**{each.name: getattr(self, each.name) for each in fields(Link)})

    @property
    def pass_frames(self) -> int:
        """Frames of one pass: as many as the LLRs of all transmissions leave room for."""
        group = sum(self.lengths) * GROUP * 4
        fewest = min(FEWEST, max(1, int(FEWEST_BYTES / group)))
        return min(max(int(PASS_BYTES / group), fewest), MOST) * GROUP

    @property
    def shows_its_stages(self) -> bool:
        """Not: a frame is decoded several times."""
        return False

    def at(self, value: float) -> HarqPoint:
        """As for ``Link``."""
        point = super().at(value)
        plain = {each.name: getattr(point, each.name) for each in fields(point)}
        stages = tuple(
            replace(point, curve_code=code, curve_decoder=decoder)
            for code, decoder in zip(self.codes, self.decoders, strict=True)
        )
        return HarqPoint(**plain, stages=stages)

    def describe(self, point: OperatingPoint) -> dict[str, Any]:
        """As for ``Link``, and the scheme."""
        return {**super().describe(point), "harq": scheme_text(self.scheme)}

    def limit(self, signal: Signal = "gaussian") -> float | None:
        """None: the rate of the first transmission is no limit of frames that are sent again."""
        return None

    def rehearse(self, point: OperatingPoint) -> None:
        """Try the stages of one transmission, and then whether frames count alike one by one and together.

        Raises InputError if they do not.
        """
        if self.is_ours(point):
            self.simulate(point, 0, 2)
            return
        self.first_transmission.rehearse(point)
        one, other, both = (Tally.of(self.simulate(point, *block)) for block in ((0, 1), (1, 1), (0, 2)))
        if one + other != both:
            raise InputError(
                f"{self.label}: frames 0 and 1 count otherwise one by one than together; {CHECK}"
            )

    def send(self, point: OperatingPoint, first: int, frames: int) -> Any:
        """Raises InputError: there is no plain form of several transmissions."""
        raise InputError(f"{self.label}: with harq a frame is several words, which cannot be shown as one")

    def _pass(self, point: OperatingPoint, first: int, frames: int, clock: Clock) -> FrameCounts:
        """The counts of frames that go through the stages together, in groups of 64 frames."""
        assert isinstance(point, HarqPoint)
        stream = Stream(0, frames, first=first, point=point.key)
        bits = self.source.draw_words(stream, self.code.k)
        clock.lap("source")
        whole = point.stages[-1].code
        words = whole.encode_words(bits)
        expect_contiguous("encode_words", words, np.uint64, (len(bits), whole.n))
        clock.lap("encoder")
        ended = _Ended(frames, self.scheme.most, self.decoder.counters)
        open_frames = np.arange(frames)
        buffer: Values | None = None
        start = 0
        for t, (length, uses) in enumerate(zip(self.lengths, self.uses, strict=True)):
            stage = point.stages[min(t, len(point.stages) - 1)]
            sent = words[:, start : start + length]
            start += length if len(self.codes) > 1 else 0
            given = observed(point.channel, _chosen(sent, frames, open_frames), stream)
            buffer = self._combined(buffer, given)
            clock.lap("channel")
            coins = Stream(0, frames, first=first, point=f"{point.key}/{t + 1}").of(open_frames)
            reads = stage.decoder.reads
            result = stage.decoder.decode_groups(GroupInput.of_groups(stream.frames, buffer, reads), coins)
            stage.decoder.check_groups(result, stream.frames)
            clock.lap("decoder")
            own_bits = _chosen(bits, frames, open_frames)
            errors = self.measure.count_words(own_bits, result.bits, stream.frames)
            accepted = errors == 0 if self.scheme.detection == "genie" else result.ok
            further = self.measure.further_words(own_bits, result.bits, stream.frames)
            ended.count(t, open_frames, errors, accepted, uses, result.iterations, result.counters)
            ended.measured(open_frames, further)
            clock.lap("count")
            left = np.flatnonzero(~accepted)
            if not len(left):
                break
            open_frames, stream = open_frames[left], stream.of(left)
            buffer = _frames_of(buffer, len(accepted), left) if self.scheme.type != "arq" else None
        counts = ended.counts()
        self._expect_counters(ended.named, frames)
        clock.lap("count")
        return counts

    def _combined(self, buffer: Values | None, given: GroupInput) -> Values:
        """The soft buffer, (groups, bits, 64), after a transmission.

        LLRs of the same bit add up since noise is independent; exactly so where the bits of a sample do not
        depend on each other, as with BPSK and Gray-labelled QPSK. Where the same labels of a larger
        constellation are sent again, each LLR is a mean over the same other bits, and the sum, bit by bit as
        receivers with a soft buffer do it, is too sure of itself.

        LLRs of redundancy versions stand one after the other: the decoder of their code
        (``codes.matching.DematchingDecoder``) adds those of the same bit of the mother code, and takes bits
        that were not sent as erased.
        """
        llr = given.llr
        assert llr is not None
        assert llr.dtype == np.float32, "what is added are the channel's LLRs, not those of a decoder's steps"
        if buffer is None:
            return llr  # type: ignore[return-value]
        if self.scheme.type == "chase":
            return buffer + llr
        return np.concatenate([buffer, llr], axis=1)


def scheme_text(scheme: Harq) -> str:
    """How a scheme is called in results."""
    data = dict(scheme.data())
    if data["detection"] == "decoder":
        del data["detection"]
    return describe(data)


def _chosen(words: Words, frames: int, chosen: Numbers) -> Words:
    """Packed bits of some of so many frames, ascending."""
    if len(chosen) == frames:
        return np.ascontiguousarray(words)
    return packed(unpacked(np.ascontiguousarray(words), frames)[chosen])


def _frames_of(groups: Values, frames: int, chosen: Numbers) -> Values:
    """Values of groups, (groups, m, 64), of some of so many frames."""
    return grouped(np.ascontiguousarray(ungrouped(groups, frames)[:, chosen]))


class _Ended:
    """What is counted of frames as they end."""

    def __init__(self, frames: int, transmissions: int, decoder_counters: tuple[str, ...]) -> None:
        self.errors = np.zeros(frames, np.int32)
        self.accepted = np.zeros(frames, np.bool_)
        self.iterations = np.zeros(frames, np.int32)
        names = (*decoder_counters, *counter_names(transmissions))
        #: int32 (frames), by name.
        self.named: dict[str, Counted] = {name: np.zeros(frames, np.int32) for name in names}
        self.named[FAILURES][:] = 1

    def count(
        self,
        t: int,
        frames: Numbers,
        errors: npt.NDArray[np.int32],
        accepted: npt.NDArray[np.bool_],
        uses: int,
        iterations: npt.NDArray[np.int32] | None,
        counters: Mapping[str, npt.NDArray[np.int32]],
    ) -> None:
        """Note what the decoder made of frames, by their numbers, after transmission t + 1."""
        self.errors[frames], self.accepted[frames] = errors, accepted
        if iterations is not None:
            self.iterations[frames] += iterations
        self.named[f"{DELIVERED}_{t + 1}"][frames] = accepted & (errors == 0)
        self.named[f"{UNDETECTED}_{t + 1}"][frames] = accepted & (errors > 0)
        self.named[f"{USES}_{t + 1}"][frames] = uses
        self.named[FAILURES][frames] = ~accepted
        for name, counted in counters.items():
            self.named[name][frames] += counted

    def measured(self, frames: Numbers, counters: Mapping[str, Counted]) -> None:
        """Note what else is measured of what was decided of frames; what is decided later replaces it."""
        for name, counted in counters.items():
            self.named.setdefault(name, np.zeros(len(self.errors), np.int32))[frames] = counted

    def counts(self) -> FrameCounts:
        """The counts of all frames."""
        return FrameCounts.of(self.errors, self.accepted, self.iterations, self.named)
