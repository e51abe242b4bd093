"""A channel behind an interleaver, which its receiver undoes."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.groups import SOFT, GroupInput, Reads, Words
from ..streams.stream import Stream
from .channel import Channel, LLRs


class InterleavedChannel(Channel):
    """A channel that is sent the bits of a frame in another order.

    Parameters
    ----------
    channel
        The channel of bits.
    permutation
        Of the n coded bits of a frame, integers (n): bit i behind the interleaver is bit ``permutation[i]``
        before it.
    """

    parameters = ()

    def __init__(self, channel: Channel, permutation: npt.NDArray[np.integer[Any]]) -> None:
        self.channel = channel
        self._order = np.asarray(permutation, np.intp)
        self._back = np.argsort(self._order)

    @property
    def order(self) -> npt.NDArray[np.intp]:
        """The permutation, (n)."""
        return self._order

    def transmit(self, word: Any, stream: Stream) -> Any:
        """What the channel makes of the interleaved bits of a word, in their order."""
        return self.channel.transmit(np.asarray(word)[..., self._order], stream)

    def llr(self, received: Any) -> LLRs:
        """The LLRs of the coded bits, in the order of the code."""
        llr: LLRs = np.ascontiguousarray(self.channel.llr(received)[..., self._back])
        return llr

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """What a decoder reads of groups of 64 frames, in the order of the code."""
        given = self.channel.observe(np.take(words, self._order, axis=1), stream, reads)

        def back(values: Any) -> Any:
            return None if values is None else np.take(values, self._back, axis=1)

        return GroupInput(given.frames, back(given.llr), back(given.hard), back(given.erased))

    def capacity(self) -> float:
        """That of the channel."""
        return self.channel.capacity()

    @property
    def modulation(self) -> Any:
        """That of the channel; None if it has none."""
        return getattr(self.channel, "modulation", None)

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB; None where the channel has none."""
        return self.channel.ebno_db

    @property
    def esno_db(self) -> float | None:
        """Es/N0 in dB; None where the channel has none."""
        return self.channel.esno_db

    def __repr__(self) -> str:
        return f"InterleavedChannel({self.channel!r})"
