"""The contract of channels."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import PAM, QPSK, Channel, Modulation, Observation, Stream
from ...channels.information.law import Law
from ...channels.information.measured_information import fitted_llr_information, llr_capacity
from ...channels.models.model import ChannelModel
from ...channels.modulation.modulation import ModulatedChannel
from ...vectors.expected import WrongResultError
from ...vectors.groups import HARD, SOFT, GroupInput, Reads, check_observed, groups_of, packed, unpacked
from ..errors import shown
from ..failures import FAILURES, told
from ..registry import registry
from .findings import (
    BATCHES,
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

Bits = npt.NDArray[np.uint8]

#: Coded bits of a frame that is sent over a channel, and frames over which its LLRs are looked at.
LENGTH, MANY_FRAMES = 37, 4096
#: LLRs are tested in so many bins for each sign.
BINS = 12
#: Standard errors, and bits, by which a capacity may be off that of the samples: far less likely than that.
MARGIN, ROUNDING = 6.0, 1e-5

#: What a channel that takes samples is tried with: real ones, and complex ones.
MODULATIONS: tuple[Modulation, ...] = (PAM(order=4), QPSK())
#: What decoders read.
READS = (SOFT, HARD, Reads("soft", "int8", 4.0), Reads("soft", "int16", 64.0))


class ChannelUnderTest:
    """A channel at an operating point, with words for it to send.

    Parameters
    ----------
    channel
        The channel.
    model, value
        What it is made of, where that is known: checks that need other values of its parameter are made then.
    """

    def __init__(self, channel: Channel, model: ChannelModel | None = None, value: float = 0.0) -> None:
        self.channel, self.model, self.value = channel, model, value

    @cached_property
    def unusable(self) -> str:
        """Why it is no channel at all; "" if it is."""
        return registry.unusable("channel", self.channel)

    @cached_property
    def word(self) -> Bits:
        """Coded bits, uint8 (FRAMES, LENGTH)."""
        if self.unusable:
            raise NotReachedError
        return Stream(4, FRAMES, point="contract").bits(LENGTH)

    def send(self, first: int = 0, last: int = FRAMES, word: Bits | None = None) -> Any:
        """What is received of some of the frames."""
        word = self.word.copy() if word is None else word
        return self.channel.transmit(word[first:last], Stream(5, last - first, first=first, point="contract"))

    @cached_property
    def sent(self) -> LookedAt:
        """A copy of what is received, and what is wrong with it as an array."""
        found = Findings()
        received: Any = found.attempt("transmit", self.send)
        if received is FAILED:
            return np.array(None), found.problems
        if not isinstance(received, np.ndarray):
            found.expect(False, f"transmit should return an array, not {type(received).__name__}")
        elif received.shape[:1] != (FRAMES,):
            found.expect(
                False,
                "transmit should return an array whose first axis is that of the frames: for "
                f"{FRAMES} of them it has shape {received.shape}",
            )
        return np.array(None if found.problems else received), found.problems

    @property
    def received(self) -> npt.NDArray[Any]:
        """What is received; raises NotReachedError if that is no array."""
        return usable(self.sent)

    @cached_property
    def told(self) -> LookedAt:
        """A copy of the LLRs, and what is wrong with them as an array."""
        return looked_at_llrs(lambda: self.channel.llr(self.received.copy()), (FRAMES, LENGTH))

    @property
    def llr(self) -> npt.NDArray[np.float32]:
        """The LLRs; raises NotReachedError if there are none."""
        return usable(self.told)

    @cached_property
    def many(self) -> tuple[npt.NDArray[np.float64], Bits]:
        """LLRs of many frames and the bits that were sent, (MANY_FRAMES, LENGTH)."""
        self.llr  # noqa: B018  # what is wrong with them is told
        return sent_over(self.channel)

    @property
    def modulations(self) -> list[Modulation]:
        """What it is tried with if it takes samples."""
        return [
            each
            for each in MODULATIONS
            if each.constellation.has_unit_energy or not self.channel.of_any_energy().unit_energy
        ]

    @cached_property
    def untrue(self) -> str:
        """What is wrong with the values of the LLRs, in words; "" if nothing is."""
        llr, bits = self.many
        if not self.channel.memoryless:  # a bit of each frame is independent of those of the others
            llr, bits = llr[:, LENGTH // 2 :][:, :1], bits[:, LENGTH // 2 :][:, :1]
        return untrue_llrs(llr, bits)

    @cached_property
    def capacity(self) -> float:
        """The capacity; raises NotReachedError if it is none."""
        capacity = self.channel.capacity()
        if not _is_a_capacity(capacity) or self.channel.capacity() != capacity:
            raise NotReachedError
        return float(capacity)


def sent_over(channel: Channel) -> tuple[npt.NDArray[np.float64], Bits]:
    """LLRs of many random bits, and the bits; both (MANY_FRAMES, LENGTH)."""
    stream = Stream(7, MANY_FRAMES, point="contract")
    bits = stream.bits(LENGTH)
    return channel.llr(channel.transmit(bits.copy(), stream)).astype(np.float64), bits


def _is_a_capacity(value: Any) -> bool:
    return isinstance(value, int | float) and 0 <= value < np.inf


def _is_a_channel(of: ChannelUnderTest) -> Problems:
    return [f"it {of.unusable}"] if of.unusable else []


def _gives_a_row_a_frame(of: ChannelUnderTest) -> Problems:
    return of.sent[1] if not of.unusable else None


def _leaves_its_argument(of: ChannelUnderTest) -> Problems:
    found, given = Findings(), of.word.copy()
    of.received  # noqa: B018
    of.send(word=given)
    found.same(given, of.word, "transmit should leave its argument as it is")
    return found.problems


def _draws_from_the_stream(of: ChannelUnderTest) -> Problems:
    found = Findings()
    found.same(of.send(), of.received, "transmit should draw all randomness from the stream", what="position")
    return found.problems


def _sends_frames_alone(of: ChannelUnderTest) -> Problems:
    found, problem = Findings(), "transmit should treat each frame by itself"
    for first, size in zip((9, 0, 1, 2), BATCHES, strict=True):
        part = np.arange(first, first + size)
        if not found.same(of.send(first, first + size), of.received[part], problem, part, "position"):
            break
    return found.problems


def _gives_llrs(of: ChannelUnderTest) -> Problems:
    of.received  # noqa: B018
    return of.told[1]


def _observes_as_it_tells(of: ChannelUnderTest) -> Problems:
    """For every kind of decoder: beside the values, the state of the stream is compared."""
    found, problem = Findings(), "observe should make what transmit and llr give"
    lanes = np.ascontiguousarray(of.llr.T)
    for reads in READS:
        given = GroupInput.of_lanes(lanes, reads)
        stream, plain = (Stream(5, FRAMES, point="contract") for _ in range(2))
        made = found.attempt(
            "observe",
            lambda s=stream, r=reads: of.channel.observe(packed(of.word), s, r),  # type: ignore[misc]
        )
        if made is FAILED:
            break
        try:
            check_observed(made, reads, (groups_of(FRAMES), LENGTH), FRAMES)
        except WrongResultError as error:
            return [str(error)]
        if reads.kind == "soft":
            same = [(_frames_first(made.llr), _frames_first(given.llr))]
        else:
            same = [(_bits(made.hard), _bits(given.hard)), (_bits(made.erased), _bits(given.erased))]
        of.channel.transmit(of.word.copy(), plain)
        same.append((stream.words(1), plain.words(1)))
        if not all(found.same(*pair, problem, what="position") for pair in same):
            break
    return found.problems


def _frames_first(llr: Any) -> npt.NDArray[Any]:
    """LLRs (groups, n, 64) as (FRAMES, n)."""
    frames: npt.NDArray[Any] = np.moveaxis(llr, 2, 1).reshape(-1, LENGTH)[:FRAMES]
    return frames


def _bits(words: Any) -> Bits:
    """Packed bits as (FRAMES, LENGTH); 0 where there are none."""
    return np.zeros((FRAMES, LENGTH), np.uint8) if words is None else unpacked(words, FRAMES)


def _tells_signs(of: ChannelUnderTest) -> Problems:
    found = Findings()
    agreement = float((of.llr * (1 - 2.0 * of.word)).sum())
    found.expect(agreement >= 0, "llr should be positive for bit 0 and negative for bit 1")
    return found.problems


def _tells_frames_alone(of: ChannelUnderTest) -> Problems:
    return llrs_of_parts(lambda part: of.channel.llr(of.received[part]), of.llr)


def _tells_the_truth(of: ChannelUnderTest) -> Problems:
    return [of.untrue] if of.untrue else []


def _receives_samples(of: ChannelUnderTest) -> Problems:
    """What a demapper makes of the observation, at each bit of a label: those of one sample hang together."""
    if of.unusable or not of.channel.takes_samples:
        return None
    found, tests = Findings(), sum(each.bits_per_symbol for each in of.modulations)
    for modulation in of.modulations:
        over, step = modulation.over(of.channel), modulation.bits_per_symbol
        what = f"receive of {_samples(modulation)}"
        bits = Stream(7, MANY_FRAMES, point="contract").bits(LENGTH)
        seen = found.attempt(what, lambda c=over, b=bits: _observation(c, b))  # type: ignore[misc]
        if seen is FAILED:
            break
        if seen is None:
            continue
        finite = f"{what} should give finite samples"
        if not found.none_at(~np.isfinite(seen.samples), finite, what="sample"):
            break
        llr = over.llr(seen).astype(np.float64)
        for i in range(step):
            untrue = untrue_llrs(llr[:, i::step], bits[:, i::step], tests)
            if untrue:
                return [
                    f"{what} should tell the gains and the noise_variance in each real dimension by which "
                    f"samples become LLRs, but of bit {i} of each sample {untrue}"
                ]
    return found.problems


def _observation(over: ModulatedChannel, bits: Bits) -> Observation | None:
    """What is received of many frames; None where complex samples are refused by ValueError."""
    try:
        return over.transmit(bits.copy(), Stream(8, MANY_FRAMES, point="contract"))
    except ValueError:
        if over.modulation.dimensions == 1:
            raise
        return None


def _samples(modulation: Modulation) -> str:
    return f"{'real' if modulation.dimensions == 1 else 'complex'} samples ({modulation!r})"


def _receives_groups(of: ChannelUnderTest) -> Problems:
    if of.unusable or not of.channel.takes_samples:
        return None
    over, found = of.modulations[0].over(of.channel), Findings()
    plain, groups = (Stream(5, FRAMES, point="contract") for _ in range(2))
    llr = found.attempt("receive", lambda: over.llr(over.transmit(of.word.copy(), plain)))
    made = found.attempt("receive_groups", lambda: over.observe(packed(of.word), groups))
    if llr is not FAILED and made is not FAILED:
        problem = "receive_groups should receive as receive does"
        found.same(made.lanes().T, llr, problem, what="LLR")
    return found.problems


def _is_a_number(of: ChannelUnderTest) -> Problems:
    found = Findings()
    of.llr  # noqa: B018
    capacity = found.attempt("capacity", of.channel.capacity)
    if capacity is not FAILED:
        found.expect(_is_a_capacity(capacity), f"capacity should not be {shown(capacity)}")
        found.expect(of.channel.capacity() == capacity, "capacity should be the same each time")
    return found.problems


def _is_what_llrs_carry(of: ChannelUnderTest) -> Problems:
    """Where a use carries a bit. Six standard errors: far less likely than SIGNIFICANCE."""
    channel, capacity = of.channel, of.capacity
    if of.received.shape != of.word.shape:
        return None
    if of.untrue:
        raise NotReachedError
    measured = llr_capacity(of.many[0])
    margin = MARGIN * measured.standard_error + ROUNDING
    carried = f"the channel's LLRs carry {measured.value:.4g} +- {measured.standard_error:.1g}"
    doubt = "one of the two is wrong"
    if capacity < measured.value - margin:
        return [f"capacity is {capacity:.4g} bits a use, but {carried}: {doubt}"]
    binary: float | None = None
    if not channel.memoryless:
        pass  # memory carries more than LLRs of single bits
    elif channel.esno_db is None:  # the bits themselves are the input, of the law that the capacity asks for
        binary = capacity
    elif "signal" in inspect.signature(channel.capacity).parameters:
        binary = float(channel.capacity(signal="bpsk"))  # type: ignore[call-arg]
    if binary is not None and abs(binary - measured.value) > margin:
        return [f"capacity with single bits as input is {binary:.4g} bits a use, but {carried}: {doubt}"]
    return []


def _has_a_law(of: ChannelUnderTest) -> Problems:
    """Its information is that of some inputs, which is not above the capacity."""
    found, capacity = Findings(), of.capacity
    try:
        law = of.channel.law()
    except ValueError:  # nothing is computed of it here
        return None
    except FAILURES as error:
        return [f"law fails: {told(error)}"]
    if law is None:
        return None
    if not isinstance(law, Law):
        return [f"law should be a Law or None, got {type(law).__name__}"]
    parts = found.attempt("law", law.parts)
    if parts is FAILED:
        return found.problems
    total = [float(part.probabilities.sum()) for part in parts]
    found.expect(
        np.allclose(total, 1, atol=1e-9), f"law should have probabilities that sum to 1, got {total}"
    )
    mean = sum(part.times * float(part.probabilities @ part.densities) for part in parts) / np.log(2)
    found.expect(
        mean <= capacity + ROUNDING,
        f"law has an information of {mean:.6g} bits a use, and the capacity is {capacity:.6g}",
    )
    return found.problems


def _grows_as_noise_falls(of: ChannelUnderTest) -> Problems:
    if of.model is None or not of.model.parameter.better:
        return None
    parameter = of.model.parameter
    of.capacity  # noqa: B018
    known = [(value, float(of.model.capacity(value))) for value in around(of.model, of.value)]
    for (low, at_low), (high, at_high) in pairwise(known):
        if (at_high - at_low) * parameter.better < -ROUNDING:
            way = "grows" if parameter.better > 0 else "falls"
            return [
                f"capacity should not fall where {parameter.name} {way}, which is better: it is {at_low:.6g} "
                f"at {low:.4g} and {at_high:.6g} at {high:.4g}"
            ]
    return [] if len(known) > 1 else None


def around(model: ChannelModel, value: float) -> list[float]:
    """Values of the parameter on both sides of one, in order, at each of which there is a channel."""
    parameter = model.parameter
    low, high = parameter.range
    if parameter.decibels:
        asked = [value + step for step in (-9, -6, -3, -1, 0, 1, 3, 6, 9)]
    elif np.isfinite(high - low):
        asked = [*np.linspace(low, high, 9).tolist(), value]
    else:
        asked = [value * factor for factor in (0.5, 0.7, 0.9, 1, 1.1, 1.4, 2)]

    def there_is(at: float) -> bool:
        try:
            model.at(at)
        except FAILURES:
            return False
        return True

    return [at for at in sorted(set(asked)) if parameter.allows(at) and there_is(at)]


def _errs_as_uncoded(of: ChannelUnderTest) -> Problems:
    """Hard decisions of uncoded bits, for which Eb is Es, against the closed form: a binomial test."""
    if of.model is None:
        return None
    of.llr  # noqa: B018
    model = replace(of.model, rate=1.0)
    exact = model.uncoded_ber(of.value)
    if exact is None:
        return None
    found = Findings()
    if not isinstance(exact, int | float) or not 0 <= exact <= 1:
        return [f"uncoded_ber should be a probability, is {shown(exact)}"]
    from scipy.stats import binomtest

    channel = model.at(of.value)
    llr, bits = sent_over(channel)
    if not channel.memoryless:
        llr, bits = llr[:, :1], bits[:, :1]
    coins = Stream(9, MANY_FRAMES, point="contract").bits(bits.shape[1])
    errors = int((np.where(llr == 0, coins, llr < 0) != bits).sum())
    found.expect(
        binomtest(errors, bits.size, float(exact)).pvalue >= SIGNIFICANCE,
        f"uncoded_ber is {exact:.4g}, but hard decisions on {bits.size} LLRs err at a rate of "
        f"{errors / bits.size:.4g}: one of the two is wrong",
    )
    return found.problems


def _can_be_sent(of: ChannelUnderTest) -> Problems:
    if of.model is None:
        return None
    found, received, capacity = Findings(), of.received, of.capacity
    copy = found.attempt("sending it to a worker of a cluster", lambda: copied_by_cluster(of.model))
    if copy is None:
        return None
    if copy is not FAILED:
        there = found.attempt("making it on a worker of a cluster", lambda: copy.at(of.value))
        if there is not FAILED:
            again = ChannelUnderTest(there).send()
            found.same(
                again, received, "transmit should be the same on a worker of a cluster", what="position"
            )
            found.expect(there.capacity() == capacity, "capacity should be the same on a worker of a cluster")
    return found.problems


#: The checks by their names; each is told what is tested and says what is wrong with it.
CHECKS: Mapping[str, Callable[[Any], Problems]] = {
    "is a channel": _is_a_channel,
    "transmit gives a row a frame": _gives_a_row_a_frame,
    "transmit leaves its argument": _leaves_its_argument,
    "transmit draws from the stream": _draws_from_the_stream,
    "transmit treats each frame by itself": _sends_frames_alone,
    "llr gives finite numbers": _gives_llrs,
    "observe makes what transmit and llr give": _observes_as_it_tells,
    "llr has the signs of bits": _tells_signs,
    "llr treats each frame by itself": _tells_frames_alone,
    "llr is ln P(0) / P(1)": _tells_the_truth,
    "receive tells what makes true LLRs": _receives_samples,
    "receive_groups receives as receive does": _receives_groups,
    "capacity is a number": _is_a_number,
    "capacity is what LLRs carry": _is_what_llrs_carry,
    "law carries no more than the capacity": _has_a_law,
    "capacity grows as noise falls": _grows_as_noise_falls,
    "uncoded bits err as uncoded_ber says": _errs_as_uncoded,
    "goes to a cluster": _can_be_sent,
}


def check_channel(channel: Channel) -> list[str]:
    """What is wrong with a channel at its operating point."""
    return examined(CHECKS, ChannelUnderTest(channel)).problems


def untrue_llrs(llr: npt.NDArray[np.float64], bits: npt.NDArray[np.uint8], tests: int = 1) -> str:
    """In words, that LLRs are not ln P(bit = 0) / P(bit = 1) of equiprobable bits; "" if they may be.

    True ones of magnitude L are on the wrong side with probability 1 / (1 + e^L). That is tested for each
    sign in bins of equal counts, and at 0, by two-sided exact binomial tests at the mean of these
    probabilities: where they differ, the number of wrong ones varies even less (Hoeffding, "On the
    distribution of the number of successes in independent trials", 1956). All tests together find true LLRs
    wrong with probability ``SIGNIFICANCE`` at most, if bits are received independently of each other.

    ``llr`` and ``bits`` are of one shape. ``tests`` is how many such tests there are together.
    """
    from scipy.special import expit
    from scipy.stats import binomtest

    found: list[tuple[float, str]] = []
    for sign in (0, 1, -1):
        of_sign = np.sign(llr) == sign
        size, wrong = abs(llr[of_sign]), (bits if sign >= 0 else 1 - bits)[of_sign]
        if not size.size:
            continue
        order = np.sort(size)
        edges = np.unique(order[np.arange(1, BINS) * len(order) // BINS])
        place = np.searchsorted(edges, size, side="right")
        for inside in (place == i for i in range(len(edges) + 1)):
            count = int(inside.sum())
            if not count:
                continue
            share = float(expit(-size[inside]).mean())
            chance = float(binomtest(int(wrong[inside].sum()), count, share).pvalue)
            low, high = (sign * edge for edge in (size[inside].min(), size[inside].max()))
            which = f"of LLRs from {low:.3g} to {high:.3g}" if high != low else f"of LLRs of {low:.3g}"
            found.append(
                (
                    chance,
                    f"{which} a share of {share:.3g} should be wrong, and {wrong[inside].mean():.3g} are",
                )
            )
    chance, words = min(found)
    if chance >= SIGNIFICANCE / (2 * BINS + 1) / tests:
        return ""
    scale = fitted_llr_information(llr, bits).scale
    return f"llr should be ln P(0) / P(1): {words}; {scale:.3g} times as large ones would fit best"
