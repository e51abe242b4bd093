"""Modulation: from coded bits to samples, and from what is received to the LLRs of the bits."""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.expected import expect, expect_contiguous
from ...vectors.group_kernels import GROUP
from ...vectors.groups import SOFT, GroupInput, Reads, Words, grouped
from ..decibels import from_db
from ..models.awgn import AWGN
from ..models.channel import Channel, Signal
from ..models.observation import Observation, Samples, check_observation, real_lanes
from ..streams.stream import Stream
from .constellation.capacity import bicm_limit_esno, carried_at, coded_modulation_limit_esno
from .constellation.constellations import Constellation
from .constellation.law import ConstellationLaw
from .constellation.signals import SignalSet
from .two_forms import demap_through_llr, llr_through_demap, map_through_words, words_through_map

Bits = npt.NDArray[np.uint8]
LLRs = npt.NDArray[np.float32]
#: What a receiver knows of the phase of what it receives: all; nothing, in each symbol; or nothing, where the
#: phase is the same in two symbols that follow each other.
Detection = Literal["coherent", "non-coherent", "differential"]


class Modulation:
    """Maps bits to samples of mean energy 1, and what is received to LLRs. Immutable.

    A modulation of your own derives from this class, calls ``super().__init__(constellation)`` and defines
    ``map`` and ``llr``, on arrays (frames, ...), or ``map_words`` and ``demap``, on groups of 64 frames: the
    others then go through these.

    Parameters
    ----------
    constellation
        The points, with labels: what limits are computed for. Or signals of several samples, a
        ``SignalSet``.
    """

    #: Parameters with which its contract is tested, see ``capgap check``.
    examples: ClassVar[tuple[Mapping[str, Any], ...]] = ()
    #: By how many turns of 90 degrees a sample's points are turned from those of the sample before.
    quarter_turns: ClassVar[int] = 0
    #: What the receiver knows of the phase. Of ``differential`` the signals are turns from a sample to the
    #: next, and a frame begins with a sample of reference.
    detection: Detection = "coherent"
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

    def __init__(self, constellation: SignalSet) -> None:
        kind = type(self)
        pairs = (kind.map, Modulation.map), (kind.llr, Modulation.llr)
        if any(own is of_base for own, of_base in pairs):
            raise TypeError(f"{kind.__name__} should define map and llr, or map_words and demap")
        _ = constellation.labels  # raises ValueError if it has none
        self._signals = constellation
        self._slots = constellation.slots
        self._is_complex = self.detection != "coherent" or not constellation.is_real

    @property
    def signals(self) -> SignalSet:
        """What is sent, with labels: points of the plane, or signals of several samples."""
        return self._signals

    @property
    def constellation(self) -> Constellation:
        """The points and their labels. Raises ValueError where signals are no points of a plane."""
        if not isinstance(self._signals, Constellation):
            raise ValueError(f"{self._signals!r} has no points in the plane")
        return self._signals

    @property
    def bits_per_symbol(self) -> int:
        """log2 M: coded bits of a symbol."""
        return self._signals.order.bit_length() - 1

    @property
    def slots(self) -> int:
        """Samples of a symbol, 1 of those that send points."""
        return self._slots

    @property
    def is_complex(self) -> bool:
        """Whether samples are complex: always where the receiver does not know their phase."""
        return self._is_complex

    @property
    def dimensions(self) -> int:
        """Real dimensions of a symbol: of points 1 where all are real, else 2."""
        return self.slots * (2 if self.is_complex else 1)

    def symbols(self, n: int) -> int:
        """Symbols of a frame of n coded bits, one of reference included."""
        return -(-n // self.bits_per_symbol) + (self.detection == "differential")

    def coded_bits(self, symbols: int) -> int:
        """Coded bits of a frame of so many symbols."""
        return (symbols - (self.detection == "differential")) * self.bits_per_symbol

    def map(self, word: Any) -> Samples:
        """Samples (frames, symbols x slots) of coded bits, uint8 (frames, n): complex64, or float32 if real.

        n is a multiple of the bits of a symbol.
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

    def capacity(self, esno: float, signal: Signal = "modulation") -> float:
        """What it carries over AWGN at Es/N0 (a ratio) in bits a symbol: its points, or their bits (BICM).

        ``signal`` is ``modulation`` or ``bicm``. Raises ValueError where that is not known.
        """
        return carried_at("bicm" if signal == "bicm" else "modulation", self.constellation, esno)

    def limit_esno(self, rate: float, signal: Signal = "modulation") -> float:
        """The least Es/N0 (a ratio) at which ``rate``, below log2 M, does not exceed ``capacity``."""
        find = bicm_limit_esno if signal == "bicm" else coded_modulation_limit_esno
        return float(find(self.constellation, rate))

    def uncoded_ber(self, esno: float) -> float | None:
        """The exact bit-error probability of hard decisions over AWGN at Es/N0 (a ratio); None if unknown."""
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._signals!r})"


class ModulatedChannel(Channel):
    """A channel of samples with a modulation before it and its demapper behind it: a channel of bits.

    A channel use is a symbol. Where a frame's bits do not fill the last symbol, fair bits of the frame's
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
        If the channel takes no samples, none of the constellation's energies, or no symbols of several.
    """

    parameters = ()

    def __init__(self, modulation: Modulation, channel: Channel) -> None:
        if not channel.takes_samples:
            raise ValueError(f"{channel!r} takes bits, not the samples of a modulation")
        points = modulation.signals if modulation.detection == "coherent" else None
        if channel.unit_energy and isinstance(points, Constellation) and not points.has_unit_energy:
            channel = channel.of_any_energy()
        if channel.unit_energy and not (isinstance(points, Constellation) and points.has_unit_energy):
            raise ValueError(
                f"{channel!r} takes samples of energy 1 alone, as those of bpsk, qpsk and psk: its noise "
                f"depends on the energy. {modulation!r} has others, or takes them in another way"
            )
        if modulation.slots > 1 and not channel.takes_vectors:
            raise ValueError(
                f"{channel!r} takes samples one by one, and a symbol has {modulation.slots}: let its class "
                "define receive_groups"
            )
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
        dtype = np.complex64 if self.modulation.is_complex else np.float32
        expect("map", samples, dtype, (len(batch), self.modulation.symbols(n) * self.modulation.slots))
        observation = self._receive(samples, stream)
        check_observation("receive", observation, dtype, samples.shape)
        return replace(observation, n=n)

    def _receive(self, samples: Samples, stream: Stream) -> Observation:
        """What comes of samples (frames, symbols x slots): of symbols of several in groups."""
        if self.modulation.slots == 1:
            return self.channel.receive(samples, stream)
        dimensions = self.modulation.dimensions
        seen = self.channel.receive_groups(grouped(real_lanes(samples)), stream, dimensions)
        return replace(seen, frames=stream.frames).plain(2 if self.modulation.is_complex else 1)

    def llr(self, received: Any) -> LLRs:
        """LLRs of the coded bits, float32 (frames, n), of an observation."""
        return self.modulation.llr(received)[:, : received.n]

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """What a decoder reads of groups of 64 frames."""
        n, words = words.shape[1], self._padded(words, stream)
        if isinstance(self.channel, AWGN) and type(self.channel).receive_groups is AWGN.receive_groups:
            given = self.modulation.observe_awgn(words, stream, self.channel.sigma, reads)
            if given is not None:
                return given.first(n)
        return self.modulation.demap(self._seen(words, stream), reads).first(n)

    def observe_samples(self, words: Words, stream: Stream) -> Observation:
        """What comes of the samples of groups of 64 frames, before it is demapped.

        Noise is that of ``observe``, and the last symbol is filled up as there.
        """
        return self._seen(self._padded(words, stream), stream)

    def _padded(self, words: Words, stream: Stream) -> Words:
        more = self._padding(words.shape[1])
        return np.concatenate([words, stream.packed_bits(more)], axis=1) if more else words

    def _seen(self, words: Words, stream: Stream) -> Observation:
        samples, dimensions = self.modulation.map_words(words), self.modulation.dimensions
        shape = (len(words), dimensions * self.modulation.symbols(words.shape[1]), GROUP)
        expect_contiguous("map_words", samples, np.float32, shape)
        observation = self.channel.receive_groups(samples, stream, dimensions)
        check_observation("receive_groups", observation, np.float32, shape)
        return observation

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Capacity in bits a symbol: of any input, of the constellation's points, or of their bits (BICM).

        Raises ValueError for ``bpsk``, and for inputs of which the channel's capacity is not known.
        """
        if signal == "gaussian":
            return self.channel.capacity()
        carried = None
        if signal != "bpsk" and self._sees_gains:
            carried = self.channel.mean_over_gains(partial(self.modulation.capacity, signal=signal))
        if carried is None:
            raise ValueError(f"the capacity of {signal} is not known for {self!r}")
        return carried

    @property
    def _sees_gains(self) -> bool:
        """Whether means over gains of what is known over AWGN hold: a symbol is detected by itself."""
        return self.modulation.detection != "differential" or self.channel.is_gaussian

    @property
    def sends_points(self) -> bool:
        """Whether a symbol is a point of a plane whose turns the receiver knows."""
        return self.modulation.slots == 1 and self.modulation.detection == "coherent"

    def law(self) -> ConstellationLaw | None:
        """The law of a sample with equiprobable points; None where noise is not all there is.

        Raises ValueError for points, or an Es/N0, that it is not computed for.
        """
        if not (self.sends_points and self.channel.is_gaussian) or self.channel.esno_db is None:
            return None
        return ConstellationLaw(self.modulation.constellation, from_db(self.channel.esno_db))

    def modulated_ber(self) -> float | None:
        """The exact bit-error probability without coding; None if unknown."""
        known: dict[float, float | None] = vars(self.modulation).setdefault("_known_ber", {})

        def rate(esno: float) -> float:
            if esno not in known:
                known[esno] = self.modulation.uncoded_ber(esno)
            found = known[esno]
            return math.nan if found is None else found

        mean = self.channel.mean_over_gains(rate) if self._sees_gains else None
        return None if mean is None or math.isnan(mean) else mean

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
