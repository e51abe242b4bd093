"""From what comes out of the channel to decisions."""

from abc import ABC, abstractmethod
from typing import Any

from ...channels import Channel, Stream
from ...codes import Decoder, GroupResult
from ...vectors.groups import GroupInput, Words, check_observed


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


class OneShot(Receiver):
    """The channel makes what the decoder reads, once, and the decoder decides."""

    def observe(self, channel: Channel, words: Words, stream: Stream) -> GroupInput:
        """LLRs or hard values, as the decoder reads them; raises WrongResultError for anything else."""
        reads = self.decoder.reads
        given = channel.observe(words, stream, reads)
        check_observed(given, reads, (len(words), words.shape[1]), stream.frames)
        return given

    def receive(self, observed: GroupInput, stream: Stream) -> GroupResult:
        """What the decoder makes of them."""
        return self.decoder.decode_groups(observed, stream)
