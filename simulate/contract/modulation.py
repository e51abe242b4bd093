"""The contract of modulations."""

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import AWGN, Stream
from ...channels.models.observation import Observation
from ...channels.modulation.modulation import Modulation
from ...channels.modulation.symbol_posteriors import symbol_log_posteriors, symbol_turns
from ...channels.modulation.two_forms import llr_through_demap
from ...vectors.expected import WrongResultError
from ...vectors.groups import GroupInput, check_observed, groups_of, packed
from ..registry import registry
from .channel import READS
from .findings import (
    FAILED,
    FRAMES,
    SIGNIFICANCE,
    Findings,
    LookedAt,
    NotReachedError,
    Problems,
    copied_by_cluster,
    llrs_of_parts,
    looked_at_llrs,
    usable,
)
from .report import examined

#: Samples of a frame, Es/N0 in dB, and frames over which wrong bits are counted.
USES, ESNO_DB, MANY_FRAMES = 10, 4.0, 4096
#: Frames whose LLRs are compared with sums over all points.
FEW_FRAMES = 16
#: By which part of an LLR, and of the squared distances over the noise that it is a difference of, it may be
#: off in float32.
ROUNDING = 1e-5


class ModulationUnderTest:
    """A modulation with bits for it to map, and what it becomes over AWGN."""

    def __init__(self, modulation: Modulation) -> None:
        self.modulation = modulation

    @cached_property
    def unusable(self) -> str:
        """Why it is no modulation at all; "" if it is."""
        return registry.unusable("modulation", self.modulation)

    @cached_property
    def word(self) -> npt.NDArray[np.uint8]:
        """Coded bits, uint8 (FRAMES, n)."""
        if self.unusable:
            raise NotReachedError
        return Stream(4, FRAMES, point="contract").bits(USES * self.modulation.bits_per_symbol)

    @cached_property
    def channel(self) -> AWGN:
        """What its samples are sent over."""
        return AWGN(esno_db=ESNO_DB, dimensions=self.modulation.dimensions)

    @property
    def samples_each(self) -> int:
        """Samples of a frame."""
        return self.modulation.symbols(self.word.shape[1]) * self.modulation.slots

    @cached_property
    def mapped(self) -> LookedAt:
        """A copy of the samples, and what is wrong with them as an array."""
        found = Findings()
        samples: Any = found.attempt("map", lambda: self.modulation.map(self.word.copy()))
        kind = np.complex64 if self.modulation.is_complex else np.float32
        if samples is not FAILED:
            found.array("map", samples, kind, (FRAMES, self.samples_each))
        return np.array(None if found.problems else samples), found.problems

    @property
    def samples(self) -> npt.NDArray[Any]:
        """The samples; raises NotReachedError if there are none."""
        return usable(self.mapped)

    @cached_property
    def observation(self) -> Observation:
        """What comes of the samples over AWGN."""
        return self.channel.receive(self.samples.copy(), Stream(5, FRAMES, point="contract"))

    @cached_property
    def told(self) -> LookedAt:
        """A copy of the LLRs, and what is wrong with them as an array."""
        n = USES * self.modulation.bits_per_symbol
        return looked_at_llrs(lambda: self.modulation.llr(self.observation), (FRAMES, n))

    @property
    def llr(self) -> npt.NDArray[np.float32]:
        """The LLRs; raises NotReachedError if there are none."""
        return usable(self.told)


def _is_a_modulation(of: ModulationUnderTest) -> Problems:
    return [f"it {of.unusable}"] if of.unusable else []


def _gives_samples(of: ModulationUnderTest) -> Problems:
    return of.mapped[1] if not of.unusable else None


def _sends_the_points(of: ModulationUnderTest) -> Problems:
    found, bits = Findings(), of.modulation.bits_per_symbol
    signals = of.modulation.signals
    numbers = of.word.reshape(FRAMES, USES, bits) @ (1 << np.arange(bits)[::-1])
    sent = signals.vectors[np.argsort(signals.labels)][numbers].reshape(FRAMES, -1)
    if of.modulation.detection == "differential":  # signals are turns, from a sample of reference on
        sent = np.cumprod(np.concatenate([np.ones((FRAMES, 1)), sent], axis=1), axis=1)
    sent = sent * symbol_turns(of.modulation, sent.shape[1])
    problem = "map should give the points of its constellation, by their labels"
    found.none_at(abs(of.samples - sent) > 1e-5, problem, what="sample")
    return found.problems


def _maps_groups(of: ModulationUnderTest) -> Problems:
    found, dimensions = Findings(), 2 if of.modulation.is_complex else 1
    expected = of.samples
    words = found.attempt("map_words", lambda: of.modulation.map_words(packed(of.word)))
    shape = (groups_of(FRAMES), of.samples_each * dimensions, 64)
    if words is not FAILED and found.array("map_words", words, np.float32, shape):
        lanes = np.moveaxis(words, 2, 1).reshape(-1, of.samples_each, dimensions)[:FRAMES]
        samples = lanes[..., 0] if dimensions == 1 else lanes[..., 0] + 1j * lanes[..., 1]
        found.same(samples, expected, "map_words should map as map does", what="sample")
    return found.problems


def _gives_llrs(of: ModulationUnderTest) -> Problems:
    of.samples  # noqa: B018  # what is wrong with them is told, and once
    return of.told[1]


def _inverts_itself(of: ModulationUnderTest) -> Problems:
    of.llr  # noqa: B018
    found = Findings()
    llr = of.modulation.llr(Observation(of.samples.copy(), 1e-3))
    found.same((llr < 0).astype(np.uint8), of.word, "the signs of llr should invert map without noise")
    return found.problems


def _tells_the_truth(of: ModulationUnderTest) -> Problems:
    """Against sums over all points in float64: with gains, and with what is known of the bits before."""
    of.llr  # noqa: B018
    if _sends_the_points(of):  # points that depend on more than the label, such as those before
        raise NotReachedError
    stream = Stream(10, FEW_FRAMES, point="contract")
    slots = of.modulation.slots
    gains = np.repeat(abs(stream.normal(of.samples_each // slots)), slots, axis=1)
    prior = 2 * stream.normal(of.word.shape[1])
    with_prior = len(inspect.signature(of.modulation.llr).parameters) > 1
    found = Findings()
    for given, factors, known in (
        ("", None, None),
        (" with gains", gains, None),
        (" with a prior", None, prior),
    ):
        if known is not None and not with_prior:
            continue
        sent = of.samples[:FEW_FRAMES] * (1 if factors is None else factors)
        seen = replace(of.channel.receive(sent.astype(of.samples.dtype), stream), gains=factors)
        for name, llr in (
            ("llr", type(of.modulation).llr),
            ("demap", llr_through_demap(type(of.modulation))),
        ):
            what = f"{name}{given}"
            arguments = (seen,) if known is None else (seen, known.copy())
            told = found.attempt(what, lambda f=llr, a=arguments: f(of.modulation, *a))  # type: ignore[misc]
            shape = (FEW_FRAMES, of.word.shape[1])
            if told is FAILED or not found.array(what, told, np.float32, shape):
                return found.problems
            if not _is_between(found, what, told, of.modulation, seen, known):
                return found.problems
    return found.problems


def _is_between(
    found: Findings,
    what: str,
    llr: npt.NDArray[np.float32],
    modulation: Modulation,
    seen: Observation,
    prior: npt.NDArray[np.float32] | None,
) -> bool:
    """Record where LLRs lie outside of what exact and max-log ones span, but for rounding.

    Demappers may be approximate. Those in use replace a sum by its largest term, or by something between the
    two; a factor, gains or a prior that is left out lead outside, at one sample or another.
    """
    exact, largest = (posterior_llr(modulation, seen, prior, add) for add in (np.logaddexp, np.maximum))
    low, high = np.minimum(exact, largest), np.maximum(exact, largest)
    farthest = abs(modulation.signals.vectors).max()
    gain = 1.0 if seen.gains is None else float(seen.gains.max())
    distance = (abs(seen.samples).max() + gain * farthest) ** 2 / (2 * seen.noise_variance)
    margin = ROUNDING * (distance + np.maximum(abs(low), abs(high)))
    outside = ~((llr >= low - margin) & (llr <= high + margin))
    if not outside.any():
        return True
    first = tuple(np.argwhere(outside)[0])
    return found.none_at(
        outside,
        f"{what} should be ln P(0) / P(1), the first of these {exact[first]:.4g}, or {largest[first]:.4g} "
        f"by max-log, and is {llr[first]:.4g}",
        what="LLR",
    )


def posterior_llr(
    modulation: Modulation,
    seen: Observation,
    prior: npt.NDArray[np.float32] | None,
    add: np.ufunc,
) -> npt.NDArray[np.float64]:
    """LLRs (frames, n) of the bits, without the prior's part: from all points, by enumeration.

    ``add`` makes one logarithm of those of the terms: ``logaddexp`` for the exact sum, ``maximum`` for
    max-log.
    """
    bits = modulation.signals.label_bits
    metric = symbol_log_posteriors(modulation, seen, prior)
    llr = np.stack(
        [add.reduce(metric[..., b == 0], axis=-1) - add.reduce(metric[..., b == 1], axis=-1) for b in bits.T],
        axis=-1,
    ).reshape(len(seen.samples), -1)
    return llr if prior is None else llr - prior


def _tells_frames_alone(of: ModulationUnderTest) -> Problems:
    seen = of.observation
    return llrs_of_parts(
        lambda part: of.modulation.llr(Observation(seen.samples[part], seen.noise_variance)), of.llr
    )


def _demaps_groups(of: ModulationUnderTest) -> Problems:
    found, n = Findings(), of.word.shape[1]
    lanes = np.ascontiguousarray(of.llr.T)
    for reads in READS:
        stream = Stream(5, FRAMES, point="contract")
        seen = of.channel.receive_groups(
            of.modulation.map_words(packed(of.word)), stream, of.modulation.dimensions
        )
        made = found.attempt("demap", lambda s=seen, r=reads: of.modulation.demap(s, r))  # type: ignore[misc]
        if made is FAILED:
            break
        given = GroupInput.of_lanes(lanes, reads)
        try:
            check_observed(made, reads, (groups_of(FRAMES), n), FRAMES)
        except WrongResultError as error:
            return [str(error).replace("observe", "demap")]
        pairs = [(made.llr, given.llr), (made.hard, given.hard)]
        same = all(a is None or np.array_equal(_counted(a), _counted(b)) for a, b in pairs)
        if not found.expect(same, f"demap should give what llr gives, to a decoder that reads {reads}"):
            break
    return found.problems


def _counted(groups: Any) -> npt.NDArray[Any]:
    """What counts of groups: the first FRAMES frames."""
    if groups.ndim == 2:
        frames = np.unpackbits(groups[..., None].view(np.uint8), axis=2, bitorder="little")
    else:
        frames = groups
    return np.moveaxis(frames, 2, 1).reshape(-1, groups.shape[1])[:FRAMES]


def _errs_as_known(of: ModulationUnderTest) -> Problems:
    """The share of wrong bits within as many of its standard errors as SIGNIFICANCE allows."""
    from scipy.stats import norm

    of.llr  # noqa: B018
    known = of.modulation.uncoded_ber(10 ** (ESNO_DB / 10))
    if known is None:
        return None
    stream = Stream(7, MANY_FRAMES, point="contract")
    word = stream.bits(of.word.shape[1])
    llr = of.modulation.llr(of.channel.receive(of.modulation.map(word), stream))
    wrong = ((llr < 0) != word).mean(axis=1)
    margin = float(norm.isf(SIGNIFICANCE / 2)) * wrong.std() / math.sqrt(MANY_FRAMES)
    found = Findings()
    found.expect(
        abs(wrong.mean() - known) <= margin,
        f"uncoded_ber is {known:.4g} at Es/N0 = {ESNO_DB:g} dB, and {wrong.mean():.4g} of the bits are wrong",
    )
    return found.problems


def _can_be_sent(of: ModulationUnderTest) -> Problems:
    found, llr = Findings(), of.llr
    copy = found.attempt("sending it to a worker of a cluster", lambda: copied_by_cluster(of.modulation))
    if copy is None:
        return None
    if copy is not FAILED:
        again = found.attempt("llr of a copy on a worker of a cluster", lambda: copy.llr(of.observation))
        if again is not FAILED:
            found.same(again, llr, "llr should be the same on a worker of a cluster", what="LLR")
    return found.problems


#: The checks by their names; each is told what is tested and says what is wrong with it.
CHECKS: Mapping[str, Callable[[Any], Problems]] = {
    "is a modulation": _is_a_modulation,
    "map gives samples": _gives_samples,
    "map gives the points of the labels": _sends_the_points,
    "map_words maps as map does": _maps_groups,
    "llr gives LLRs": _gives_llrs,
    "llr inverts map": _inverts_itself,
    "llr is ln P(0) / P(1)": _tells_the_truth,
    "llr treats each frame by itself": _tells_frames_alone,
    "demap gives what llr gives": _demaps_groups,
    "bits are wrong as often as is known": _errs_as_known,
    "goes to a cluster": _can_be_sent,
}


def check_modulation(modulation: Modulation) -> list[str]:
    """What is wrong with a modulation."""
    return examined(CHECKS, ModulationUnderTest(modulation)).problems
