"""The contract of decoders."""

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import AWGN, BEC, BSC, Channel, Stream
from ...codes import Code, Decoder, DecodeResult, GroupResult
from ...vectors.group_kernels import GROUP
from ...vectors.groups import GroupInput, groups_of
from ..registry import registry
from ..theory.code_rates.exact_rates import exact_rates
from .findings import (
    BATCHES,
    FAILED,
    FRAMES,
    NEW_ARRAYS,
    SIGNIFICANCE,
    Findings,
    NotReachedError,
    Problems,
    copied_by_cluster,
)
from .report import examined

LLRs = npt.NDArray[np.float32]

#: Largest length at which each frame is decoded alone, not only a few: one takes as long as a whole group.
SHORT = 2048
#: Frames for the error rate, the largest length of a code that it is compared at, and over which channels.
MANY_FRAMES, MOST_N = 4096, 32
CHANNELS: tuple[Channel, ...] = (AWGN(esno_db=0), BSC(f=0.08), BEC(epsilon=0.3))


class DecoderUnderTest:
    """A decoder and its code, with LLRs for it to decode."""

    def __init__(self, decoder: Decoder, code: Code) -> None:
        self.decoder, self.code = decoder, code

    @cached_property
    def unusable(self) -> str:
        """Why it is no decoder at all; "" if it is."""
        return registry.unusable("decoder", self.decoder)

    @cached_property
    def bits(self) -> npt.NDArray[np.uint8]:
        """Information bits that are sent, uint8 (FRAMES, k)."""
        if self.unusable:
            raise NotReachedError
        return self._stream.bits(self.code.k)

    @cached_property
    def _stream(self) -> Stream:
        return Stream(3, FRAMES, point="contract")

    @cached_property
    def clean(self) -> LLRs:
        """LLRs without noise, float32 (FRAMES, n)."""
        return np.asfortranarray(10 * (1 - 2 * self.code.encode(self.bits).astype(np.float32)))

    @cached_property
    def noisy(self) -> LLRs:
        """LLRs with noise, so much that many frames fail; some of the last frames' are 0."""
        llr = self.clean * np.float32(0.2) + np.float32(2) * self._stream.normal(self.code.n)
        llr[GROUP:][abs(llr[GROUP:]) < 1] = 0
        return np.asfortranarray(llr)

    @cached_property
    def decoded(self) -> tuple[DecodeResult | None, list[str]]:
        """A copy of what the clean LLRs are decoded to, and what is wrong with it as a result."""
        found = Findings()
        result = found.attempt("decode", lambda: self.decoder.decode(self.clean.copy(order="F")))
        good = result is not FAILED and self.is_result(found, result, FRAMES)
        return _copy(result) if good else None, found.problems

    @property
    def of_clean(self) -> DecodeResult:
        """What the clean LLRs are decoded to; raises NotReachedError if that is no result."""
        result, _ = self.decoded
        if result is None:
            raise NotReachedError
        return result

    @cached_property
    def of_noisy(self) -> DecodeResult:
        """What the noisy LLRs are decoded to."""
        return self.decode(self.noisy)

    def is_result(self, found: Findings, result: Any, frames: int) -> bool:
        """Whether a value is what ``decode`` should return of so many frames."""
        decoder = self.decoder
        return found.result(result, frames, self.code.k, decoder.counters, decoder.counted_iterations)

    @cached_property
    def takes_stream(self) -> bool:
        """Whether ``decode`` tosses coins out of a stream."""
        return "stream" in inspect.signature(self.decoder.decode).parameters

    def decode(self, llr: LLRs, stream: Stream | None = None) -> DecodeResult:
        """A copy of a result, whose arrays are what they should be; otherwise raises NotReachedError."""
        self.of_clean  # noqa: B018  # what is wrong there is told, and once
        given = llr.copy(order="K")
        result = self.decoder.decode(given) if stream is None else self.decoder.decode(given, stream)
        if not self.is_result(Findings(), result, len(llr)):
            raise NotReachedError
        return _copy(result)


def _copy(result: DecodeResult) -> DecodeResult:
    return _of_arrays(result, lambda array: array.copy())


def _pick(result: DecodeResult, frames: Any) -> DecodeResult:
    return _of_arrays(result, lambda array: array[frames])


def _of_arrays(result: DecodeResult, made: Callable[[Any], Any]) -> DecodeResult:
    """A result of what is made of each array of another one."""
    return DecodeResult(
        made(result.bits),
        made(result.ok),
        made(result.iterations),
        {name: made(counted) for name, counted in result.counters.items()},
        tuple(made(bits) for bits in result.after_iterations),
    )


def _is_a_decoder(of: DecoderUnderTest) -> Problems:
    return [f"it {of.unusable}"] if of.unusable else []


def _gives_a_result(of: DecoderUnderTest) -> Problems:
    if of.unusable:
        return None
    if of.decoded[1]:
        return of.decoded[1]
    found = Findings()
    result = found.attempt("decode of LLRs with noise", lambda: of.decoder.decode(of.noisy.copy(order="F")))
    if result is not FAILED:
        of.is_result(found, result, FRAMES)
    return found.problems


def _inverts_encode(of: DecoderUnderTest) -> Problems:
    found = Findings()
    found.same(of.of_clean.bits, of.bits, "decode should invert encode without noise")
    return found.problems


def _says_ok(of: DecoderUnderTest) -> Problems:
    found = Findings()
    found.none_at(~of.of_clean.ok, "ok should be True without noise")
    return found.problems


def _leaves_its_argument(of: DecoderUnderTest) -> Problems:
    found, given = Findings(), of.noisy.copy(order="F")
    of.of_clean  # noqa: B018
    of.decoder.decode(given)
    found.same(given, of.noisy, "decode should leave its argument as it is", what="LLR")
    return found.problems


def _returns_new_arrays(of: DecoderUnderTest) -> Problems:
    found = Findings()
    of.of_clean  # noqa: B018
    result = of.decoder.decode(of.noisy.copy(order="F"))
    kept = _copy(result)
    of.decoder.decode(-of.noisy)
    found.same_result(result, kept, f"decode {NEW_ARRAYS}")
    return found.problems


def _is_reproducible(of: DecoderUnderTest) -> Problems:
    found = Findings()
    found.same_result(of.decode(of.noisy), of.of_noisy, "decode should give the same result each time")
    return found.problems


def _takes_any_layout(of: DecoderUnderTest) -> Problems:
    found = Findings()
    problem = "decode should not depend on how the array lies in memory"
    found.same_result(of.decode(np.ascontiguousarray(of.noisy)), of.of_noisy, problem)
    return found.problems


def _does_not_see_neighbours(of: DecoderUnderTest) -> Problems:
    """In another order, at other places of a group, and among frames that are decoded with more effort."""
    found, order = Findings(), np.arange(FRAMES)
    problem = "what a frame decodes to should not depend on its neighbours"
    for way in (order[::-1], np.roll(order, 17)):
        if not found.same_result(of.decode(of.noisy[way]), _pick(of.of_noisy, way), problem, way):
            return found.problems
    others = of.noisy.copy()
    others[::2] = of.clean[::2]
    alike = order[1::2]
    result = _pick(of.decode(others), alike)
    found.same_result(result, _pick(of.of_noisy, alike), problem, alike)
    return found.problems


def _does_not_count_frames(of: DecoderUnderTest) -> Problems:
    found, order = Findings(), np.arange(FRAMES)
    parts = [order[first : first + size] for size in BATCHES for first in (0, FRAMES - size)]
    alone = order if of.code.n <= SHORT else order[:: FRAMES // 5]
    for part in (*alone[:, None], *parts):
        expected = _pick(of.of_noisy, part)
        problem = "what a frame decodes to should not depend on how many there are"
        if not found.same_result(of.decode(of.noisy[part]), expected, problem, part):
            break
    return found.problems


def _takes_no_frames(of: DecoderUnderTest) -> Problems:
    found, what = Findings(), "decode should take a batch of no frames"
    of.of_clean  # noqa: B018
    result = found.attempt(what, lambda: of.decoder.decode(of.noisy[:0]))
    if result is not FAILED:
        of.is_result(found, result, 0)
    return [text if text.startswith(what) else f"{what}: {text}" for text in found.problems]


def _tosses_the_frames_coins(of: DecoderUnderTest) -> Problems:
    if not of.takes_stream:
        return None
    found = Findings()
    of.of_clean  # noqa: B018
    erased = np.where(of.noisy > 1, of.noisy, np.float32(0))

    def toss(first: int, last: int) -> DecodeResult:
        return of.decode(erased[first:last], Stream(6, last - first, first=first, point="contract"))

    whole = found.attempt("decode with a stream", lambda: toss(0, FRAMES))
    if whole is FAILED:
        return found.problems
    problem = "decode should break each frame's ties with that frame's bits of the stream"
    for first, size in zip((7, 0, 1, 2), BATCHES, strict=True):
        part = np.arange(first, first + size)
        if not found.same_result(toss(first, first + size), _pick(whole, part), problem, part):
            break
    return found.problems


def _knows_nothing_of_erased(of: DecoderUnderTest) -> Problems:
    """Hard values are 0 where they are erased: whoever looks at them alone decides for 0, and is sure of it.

    A fair bit is the same in all frames with probability 2^-69. Decoders that cannot tell codewords apart,
    and say so, may take any.
    """
    if of.decoder.reads.kind != "hard" or not of.takes_stream:
        return None
    of.of_clean  # noqa: B018
    found, nothing = Findings(), np.zeros((of.code.n, FRAMES), np.float32)
    given, stream = GroupInput.of_lanes(nothing, of.decoder.reads), Stream(6, FRAMES, point="contract")
    result = found.attempt(
        "decode_groups of what is erased", lambda: of.decoder.decode_groups(given, stream).plain()
    )
    if result is FAILED:
        return found.problems
    same = (result.bits == result.bits[0]).all(axis=0)
    found.none_at(
        result.ok[:, None] & same,
        "bits of frames in which all is erased should be decided by fair coins (break_ties), or ok be False; "
        f"they are the same in all {FRAMES} frames, and ok is True",
    )
    return found.problems


def _groups_agree(of: DecoderUnderTest) -> Problems:
    """With ties, too, that the frames' bits of the stream decide."""
    decoder, k, found = of.decoder, of.code.k, Findings()
    erased = np.where(abs(of.noisy) > 1, of.noisy, np.float32(0))
    streams = [Stream(6, FRAMES, point="contract") for _ in range(2)] if of.takes_stream else [None, None]
    expected = of.decode(erased, streams[0])
    given = GroupInput.of_lanes(np.ascontiguousarray(erased.T), decoder.reads)
    result = found.attempt("decode_groups", lambda: decoder.decode_groups(given, streams[1]))
    if result is FAILED:
        return found.problems
    if not isinstance(result, GroupResult):
        return [f"decode_groups should return a GroupResult, not {type(result).__name__}"]
    good = [
        found.array("decode_groups' bits", result.bits, np.uint64, (groups_of(FRAMES), k)),
        found.array("decode_groups' ok", result.ok, np.bool_, (FRAMES,)),
        result.iterations is None
        or found.array("decode_groups' iterations", result.iterations, np.int32, (FRAMES,)),
    ]
    good += [
        found.array("decode_groups' after_iterations", bits, np.uint64, (groups_of(FRAMES), k))
        for bits in result.after_iterations
    ]
    problem = "decode_groups should give after_iterations of as many iterations as decode"
    good.append(found.expect(len(result.after_iterations) == len(expected.after_iterations), problem))
    if all(good):
        found.same_result(result.plain(), expected, "decode_groups should decode as decode does")
    return found.problems


def _errs_as_known(of: DecoderUnderTest) -> Problems:
    """Frame errors against the exact rate: binomial tests, together wrong with SIGNIFICANCE at most."""
    from scipy.stats import binomtest

    of.of_clean  # noqa: B018
    known = [(channel, exact_rates(of.decoder, channel)) for channel in CHANNELS if of.code.n <= MOST_N]
    found, tried = Findings(), 0
    for channel, rates in known:
        if rates is None or rates.fer is None:
            continue
        tried += 1
        stream = Stream(8, MANY_FRAMES, point="contract")
        bits = stream.bits(of.code.k)
        llr = channel.llr(channel.transmit(of.code.encode(bits), stream))
        result = of.decode(llr, stream if of.takes_stream else None)
        errors, exact = int((result.bits != bits).any(axis=1).sum()), float(rates.fer)
        found.expect(
            binomtest(errors, MANY_FRAMES, exact).pvalue >= SIGNIFICANCE / len(CHANNELS),
            f"the FER over {channel!r} should be {exact:.4g}, as is known for this code and decoder, and is "
            f"{errors / MANY_FRAMES:.4g} in {MANY_FRAMES} frames",
        )
    return found.problems if tried else None


def _can_be_sent(of: DecoderUnderTest) -> Problems:
    found, expected = Findings(), of.of_noisy
    copy = found.attempt("sending it to a worker of a cluster", lambda: copied_by_cluster(of.decoder))
    if copy is None:
        return None
    if copy is not FAILED:
        what = "decode of a copy on a worker of a cluster"
        again = found.attempt(what, lambda: copy.decode(of.noisy.copy(order="F")))
        if again is not FAILED and of.is_result(found, again, FRAMES):
            found.same_result(again, expected, "decode should be the same on a worker of a cluster")
    return found.problems


#: The checks by their names; each is told what is tested and says what is wrong with it.
CHECKS: Mapping[str, Callable[[Any], Problems]] = {
    "is a decoder": _is_a_decoder,
    "decode gives a result": _gives_a_result,
    "decode inverts encode": _inverts_encode,
    "decode says ok without noise": _says_ok,
    "decode leaves its argument": _leaves_its_argument,
    "decode returns new arrays": _returns_new_arrays,
    "decode is reproducible": _is_reproducible,
    "decode takes any layout in memory": _takes_any_layout,
    "frames do not see their neighbours": _does_not_see_neighbours,
    "frames do not depend on how many there are": _does_not_count_frames,
    "decode takes no frames": _takes_no_frames,
    "ties are decided by the frame's coins": _tosses_the_frames_coins,
    "nothing is known of what is erased": _knows_nothing_of_erased,
    "decode_groups decodes as decode does": _groups_agree,
    "errors come as often as is known": _errs_as_known,
    "goes to a cluster": _can_be_sent,
}


def check_decoder(decoder: Decoder, code: Code) -> list[str]:
    """What is wrong with a decoder on a code."""
    return examined(CHECKS, DecoderUnderTest(decoder, code)).problems
