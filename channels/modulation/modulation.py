"""Modulation: from coded bits to samples, and from what is received to the LLRs of the bits."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ...vectors.expected import expect, expect_contiguous
from ...vectors.group_kernels import GROUP
from ...vectors.groups import SOFT, GroupInput, Reads, Words
from ..decibels import from_db
from ..models.awgn import AWGN
from ..models.channel import Channel, Signal
from ..models.observation import Observation, Samples, check_observation
from ..streams.stream import Stream
from .constellation_capacity import bicm_capacity, coded_modulation_capacity
from .constellation_law import ConstellationLaw
from .constellations import Constellation
from .two_forms import demap_through_llr, llr_through_demap, map_through_words, words_through_map

Bits = npt.NDArray[np.uint8]
LLRs = npt.NDArray[np.float32]


class Modulation:
    """Maps bits to samples of mean energy 1, and what is received to LLRs. Immutable.

    A modulation of your own derives from this class, calls ``super().__init__(constellation)`` and defines
    ``map`` and ``llr``, on arrays (frames, ...), or ``map_words`` and ``demap``, on groups of 64 frames: the
    others then go through these.

    Parameters
    ----------
    constellation
        The points, with labels: what limits are computed for.
    """

    #: Parameters with which its contract is tested, see ``capgap check``.
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    #: By how many turns of 90 degrees a sample's points are turned from those of the sample before.
    quarter_turns: ClassVar[int] = 0
    #: To be raised when frames of the same configuration change: points simulated before then start anew.
    frames_version: ClassVar[int] = 1

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        plain, groups = {"map", "llr"} & vars(cls).keys(), {"map_words", "demap"} & vars(cls).keys()
        if plain and not groups:
            cls.map_words = words_through_map(cls)  # type: ignore[method-assign]
            cls.demap = demap_through_llr(cls)  # type: ignore[method-assign]
        elif groups and not plain:
            cls.map = map_through_words(cls)  # type: ignore[method-assign]
            cls.llr = llr_through_demap(cls)  # type: ignore[method-assign]

    def __init__(self, constellation: Constellation) -> None:
        kind = type(self)
        pairs = (kind.map, Modulation.map), (kind.llr, Modulation.llr)
        if any(own is of_base for own, of_base in pairs):
            raise TypeError(f"{kind.__name__} should define map and llr, or map_words and demap")
        _ = constellation.labels  # raises ValueError if it has none
        self._constellation = constellation

    @property
    def constellation(self) -> Constellation:
        """The points and their labels."""
        return self._constellation

    @property
    def bits_per_symbol(self) -> int:
        """log2 M: coded bits of a sample."""
        return self._constellation.order.bit_length() - 1

    @property
    def dimensions(self) -> int:
        """Real dimensions of a sample: 1 where all points are real, else 2."""
        return 1 if self._constellation.is_real else 2

    def symbols(self, n: int) -> int:
        """Samples of a frame of n coded bits."""
        return -(-n // self.bits_per_symbol)

    def map(self, word: Any) -> Samples:
        """Samples (frames, uses) of coded bits, uint8 (frames, n): complex64 if points are, or float32.

        n is a multiple of the bits of a sample.
        """
        raise NotImplementedError

    def llr(self, observation: Observation, prior: LLRs | None = None) -> LLRs:
        """ln P(bit = 0) / P(bit = 1) of coded bits, float32 (frames, n), less the ``prior`` LLRs, if any."""
        raise NotImplementedError

    def map_words(self, words: Words) -> npt.NDArray[np.float32]:
        """``map`` for groups: float32 (groups, real dimensions, 64) from uint64 (groups, n)."""
        raise NotImplementedError

    def demap(
        self, observation: Observation, reads: Reads = SOFT, prior: npt.NDArray[np.float32] | None = None
    ) -> GroupInput:
        """``llr`` for groups, in what a decoder ``reads``; ``prior`` is float32 (groups, n, 64)."""
        raise NotImplementedError

    def observe_awgn(self, words: Words, stream: Stream, sigma: float, reads: Reads) -> GroupInput | None:
        """``map_words``, noise of standard deviation ``sigma`` and ``demap`` in one pass, to the bit.

        None where it has no such pass.
        """
        return None

    def over(self, channel: Channel) -> "ModulatedChannel":
        """The channel of bits that this modulation makes of one of samples."""
        return ModulatedChannel(self, channel)

    def uncoded_ber(self, esno: float) -> float | None:
        """The exact bit-error probability of hard decisions over AWGN at Es/N0 (a ratio); None if unknown."""
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._constellation!r})"


class ModulatedChannel(Channel):
    """A channel of samples with a modulation before it and its demapper behind it: a channel of bits.

    A channel use is a sample. Where a frame's bits do not fill the last sample, fair bits of the frame's
    stream fill it up.

    Parameters
    ----------
    modulation
        What makes samples of bits.
    channel
        What takes them.

    Raises
    ------
    ValueError
        If the channel takes no samples.
    """

    parameters = ()

    def __init__(self, modulation: Modulation, channel: Channel) -> None:
        if not channel.takes_samples:
            raise ValueError(f"{channel!r} takes bits, not the samples of a modulation")
        self.modulation, self.channel = modulation, channel

    def _padding(self, n: int) -> int:
        return -n % self.modulation.bits_per_symbol

    def transmit(self, word: Any, stream: Stream) -> Observation:  # type: ignore[override]
        """The observation of the samples (frames, uses) of a word (frames, n)."""
        batch = self.check_word(word, stream).T
        n = batch.shape[1]
        if self._padding(n):
            batch = np.concatenate([batch, stream.bits(self._padding(n))], axis=1)
        samples = self.modulation.map(batch)
        dtype = np.float32 if self.modulation.dimensions == 1 else np.complex64
        expect("map", samples, dtype, (len(batch), self.modulation.symbols(n)))
        observation = self.channel.receive(samples, stream)
        check_observation("receive", observation, dtype, samples.shape)
        return replace(observation, n=n)

    def llr(self, received: Any) -> LLRs:
        """LLRs of the coded bits, float32 (frames, n), of an observation."""
        return self.modulation.llr(received)[:, : received.n]

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """What a decoder reads of groups of 64 frames."""
        n = words.shape[1]
        if self._padding(n):
            words = np.concatenate([words, stream.packed_bits(self._padding(n))], axis=1)
        if isinstance(self.channel, AWGN) and type(self.channel).receive_groups is AWGN.receive_groups:
            given = self.modulation.observe_awgn(words, stream, self.channel.sigma, reads)
            if given is not None:
                return given.first(n)
        samples, dimensions = self.modulation.map_words(words), self.modulation.dimensions
        shape = (len(words), dimensions * self.modulation.symbols(n), GROUP)
        expect_contiguous("map_words", samples, np.float32, shape)
        observation = self.channel.receive_groups(samples, stream, dimensions)
        check_observation("receive_groups", observation, np.float32, shape)
        return self.modulation.demap(observation, reads).first(n)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Capacity in bits a sample: of any input, of the constellation's points, or of their bits (BICM).

        Raises ValueError for ``bpsk``, and for inputs of which the channel's capacity is not known.
        """
        if signal == "gaussian":
            return self.channel.capacity()
        if signal == "bpsk" or not self.channel.is_gaussian or self.channel.esno_db is None:
            raise ValueError(f"the capacity of {signal} is not known for {self!r}")
        esno = from_db(self.channel.esno_db)
        find = coded_modulation_capacity if signal == "modulation" else bicm_capacity
        return float(find(self.modulation.constellation, esno))

    def law(self) -> ConstellationLaw | None:
        """The law of a sample with equiprobable points; None where noise is not all there is.

        Raises ValueError for points, or an Es/N0, that it is not computed for.
        """
        if not self.channel.is_gaussian or self.channel.esno_db is None:
            return None
        return ConstellationLaw(self.modulation.constellation, from_db(self.channel.esno_db))

    def modulated_ber(self) -> float | None:
        """The exact bit-error probability without coding; None if unknown."""
        if not self.channel.is_gaussian or self.channel.esno_db is None:
            return None
        return self.modulation.uncoded_ber(from_db(self.channel.esno_db))

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB; None where the channel has none."""
        return self.channel.ebno_db

    @property
    def esno_db(self) -> float | None:
        """Es/N0 in dB; None where the channel has none."""
        return self.channel.esno_db

    def __repr__(self) -> str:
        return f"ModulatedChannel({self.modulation!r}, {self.channel!r})"
