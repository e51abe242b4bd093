"""From what comes out of the channel to decisions."""

from abc import ABC, abstractmethod
from typing import Any

from ...channels import Channel, Stream
from ...channels.models.interleaved import InterleavedChannel
from ...channels.modulation.modulation import ModulatedChannel
from ...codes import CompositeCode, CompositeDecoder, Decoder, GroupResult
from ...vectors.groups import SOFT, GroupInput, Reads, Words, check_given, check_observed


class Receiver(ABC):
    """What stands between a link's channel and its decoder, for groups of 64 frames. Immutable.

    A receiver of your own defines both methods. What a frame comes to depends on that frame alone.

    Parameters
    ----------
    decoder
        The decoder.
    """

    def __init__(self, decoder: Decoder) -> None:
        self.decoder = decoder

    @abstractmethod
    def observe(self, channel: Channel, words: Words, stream: Stream) -> Any:
        """Send coded bits, uint64 (groups, n), and give what ``receive`` needs of what comes out."""

    @abstractmethod
    def receive(self, observed: Any, stream: Stream) -> GroupResult:
        """The decisions."""


def is_ours(*stages: Any) -> bool:
    """Whether all that are not None are of this package, with what they are made of."""
    for stage in stages:
        if stage is None:
            continue
        parts: tuple[Any, ...] = (stage.inner,) if isinstance(stage, CompositeCode | CompositeDecoder) else ()
        parts = (stage.modulation, stage.channel) if isinstance(stage, ModulatedChannel) else parts
        parts = (stage.channel,) if isinstance(stage, InterleavedChannel) else parts
        if not type(stage).__module__.startswith("capgap.") or not is_ours(*parts):
            return False
    return True


def observed(channel: Channel, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
    """Send coded bits, uint64 (groups, n), and give what a decoder ``reads`` of what comes out.

    Raises WrongResultError for anything else.
    """
    given = channel.observe(words, stream, reads)
    shape = (len(words), words.shape[1])
    if is_ours(channel):  # whose LLRs are finite
        check_given("observe", given, reads, shape, stream.frames)
    else:
        check_observed(given, reads, shape, stream.frames)
    return given


class OneShot(Receiver):
    """The channel makes what the decoder reads, once, and the decoder decides."""

    def observe(self, channel: Channel, words: Words, stream: Stream) -> GroupInput:
        """LLRs or hard values, as the decoder reads them; raises WrongResultError for anything else."""
        return observed(channel, words, stream, self.decoder.reads)

    def receive(self, observed: GroupInput, stream: Stream) -> GroupResult:
        """What the decoder makes of them."""
        return self.decoder.decode_groups(observed, stream)
