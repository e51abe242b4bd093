"""The two forms of a modulation, on arrays (frames, ...) and on groups of 64 frames, each by the other.

Each is named and documented as the one that the class inherits.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
import numpy.typing as npt

from ...vectors.batches import as_bits, lanes_of, one_or_all
from ...vectors.expected import expect
from ...vectors.finite import certain_where_infinite
from ...vectors.group_kernels import GROUP
from ...vectors.groups import SOFT, GroupInput, Reads, Words, grouped, packed, ungrouped, unpacked
from ..models.observation import Observation, Samples, from_real_lanes, real_lanes

LLRs = npt.NDArray[np.float32]


def words_through_map(kind: Any) -> Callable[..., npt.NDArray[np.float32]]:
    """``map_words`` of a class that defines ``map``, through its own one."""

    @wraps(kind.map_words)
    def map_words(self: Any, words: Words) -> npt.NDArray[np.float32]:
        frames, samples_each = len(words) * GROUP, self.symbols(words.shape[1]) * self.slots
        samples = kind.map(self, unpacked(words, frames))
        expect("map", samples, np.complex64 if self.is_complex else np.float32, (frames, samples_each))
        return grouped(real_lanes(samples))

    return map_words


def map_through_words(kind: Any) -> Callable[..., Samples]:
    """``map`` of a class that defines ``map_words``, through its own one."""

    @wraps(kind.map)
    def map_bits(self: Any, word: Any) -> Samples:
        batch = as_bits(word, None, "word")
        if batch.shape[1] % self.bits_per_symbol:
            raise ValueError(
                f"word must have a multiple of {self.bits_per_symbol} bits, got {batch.shape[1]}"
            )
        groups = kind.map_words(self, packed(batch))
        return one_or_all(word, from_real_lanes(ungrouped(groups, len(batch)), 1 + self.is_complex))

    return map_bits


def demap_through_llr(kind: Any) -> Callable[..., GroupInput]:
    """``demap`` of a class that defines ``llr``, through its own one."""

    @wraps(kind.demap)
    def demap(
        self: Any,
        observation: Observation,
        reads: Reads = SOFT,
        prior: npt.NDArray[np.float32] | None = None,
    ) -> GroupInput:
        frames = observation.counted
        given = None if prior is None else ungrouped(prior, frames).T
        llr = kind.llr(self, observation.plain(1 + self.is_complex), given)
        n = self.coded_bits(observation.samples.shape[1] // self.dimensions)
        expect("llr", llr, np.float32, (frames, n))
        return GroupInput.of_lanes(certain_where_infinite(lanes_of(llr)), reads)

    return demap


def llr_through_demap(kind: Any) -> Callable[..., LLRs]:
    """``llr`` of a class that defines ``demap``, through its own one."""

    @wraps(kind.llr)
    def llr(self: Any, observation: Observation, prior: LLRs | None = None) -> LLRs:
        samples = np.asarray(observation.samples)
        if np.iscomplexobj(samples) != self.is_complex:
            wanted = "complex" if self.is_complex else "real"
            raise ValueError(f"samples must be {wanted}, got {samples.dtype}")
        given = None if prior is None else grouped(lanes_of(np.atleast_2d(prior), np.float32))
        return one_or_all(samples, kind.demap(self, observation.in_groups(), SOFT, given).lanes().T)

    return llr
