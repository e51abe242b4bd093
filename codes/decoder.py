"""What every decoder is."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from ..vectors.batches import as_batch, lanes_of
from ..vectors.expected import WrongResultError, expect, expect_bits, expect_contiguous
from ..vectors.finite import certain_where_infinite
from ..vectors.groups import (
    HARD,
    SOFT,
    GroupInput,
    Reads,
    Words,
    check_given,
    groups_of,
    packed,
    ungrouped,
    unpacked,
)
from ..vectors.whole_numbers import whole_number
from .code import Bits, Code
from .composite import CompositeCode
from .decision_kernels import decide
from .examples import Examples
from .linear import LinearCode
from .tie_breaking import BitStream
from .trace import MAX_TRACED, Trace

LLRs = npt.NDArray[np.float32]

#: Largest number of iterations, so that every frame ends.
MAX_ITERATIONS = 100_000
#: Most iterations after each of which errors are counted.
MOST_COUNTED = 100


class Check(Protocol):
    """A check on information bits, such as that of a code around a decoder's own."""

    def accepts(self, words: Words) -> Words:
        """Whether information bits pass, uint64 (groups, k): uint64 (groups), a bit for each frame."""


@runtime_checkable
class LinearCheck(Check, Protocol):
    """A check that is linear: sums of information bits that have to be 0."""

    def syndromes(self, words: Words) -> Words:
        """These sums, uint64 (groups, sums), of information bits, uint64 (groups, k)."""


@dataclass(frozen=True, eq=False)
class DecodeResult:
    """What a decoder returns for a batch of frames.

    Attributes
    ----------
    bits
        Decoded information bits, uint8 (frames, k). Of one frame that was given by itself, (k), and the
        others are single values then.
    ok
        bool (frames): whether the decoder declares its output right: a codeword that it has no reason
        to doubt, such as another that is as likely. A wrong frame with ``ok`` is an undetected error.
    iterations
        int32 (frames): iterations spent; 0 for decoders that do not iterate.
    counters
        What else was counted, by the names in the decoder's ``counters``: int32 (frames), 0 or more. Sums
        over frames are in results.
    after_iterations
        The information bits that were decided after iteration 1, 2, ... up to the decoder's
        ``counted_iterations``, of which the last are ``bits``. A frame that ended earlier keeps its bits.
    """

    bits: Bits
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]
    counters: Mapping[str, npt.NDArray[np.int32]] = field(default_factory=dict)
    after_iterations: tuple[Bits, ...] = ()

    @classmethod
    def without_iterations(cls, bits: Bits, ok: npt.NDArray[np.bool_]) -> "DecodeResult":
        """The result of a decoder that does not iterate."""
        return cls(bits, ok, np.zeros(len(bits), np.int32))

    def one_or_all(self, llr: npt.ArrayLike) -> "DecodeResult":
        """The result itself, or that of its only frame where ``llr`` was one frame by itself."""
        if np.ndim(llr) != 1:
            return self
        counters = {name: counted[0] for name, counted in self.counters.items()}
        after = tuple(bits[0] for bits in self.after_iterations)
        return DecodeResult(self.bits[0], self.ok[0], self.iterations[0], counters, after)


@dataclass(frozen=True, eq=False)
class GroupResult:
    """What a decoder returns for frames in groups of 64.

    Attributes
    ----------
    bits
        Decoded information bits, packed: uint64 (groups, k); beyond the last frame they mean nothing.
    ok, iterations, counters
        One entry a frame, as in ``DecodeResult``; iterations may be None where the decoder does not iterate.
    after_iterations
        As in ``DecodeResult``, each packed as ``bits``.
    """

    bits: Words
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32] | None = None
    counters: Mapping[str, npt.NDArray[np.int32]] = field(default_factory=dict)
    after_iterations: tuple[Words, ...] = ()

    def plain(self) -> DecodeResult:
        """The same as arrays (frames, ...)."""
        iterations = np.zeros(len(self.ok), np.int32) if self.iterations is None else self.iterations
        after = tuple(unpacked(bits, len(self.ok)) for bits in self.after_iterations)
        return DecodeResult(unpacked(self.bits, len(self.ok)), self.ok, iterations, self.counters, after)

    def of(self, part: Callable[[Words], Words], ok: npt.NDArray[np.bool_]) -> "GroupResult":
        """The result of a code around: what it makes of the information bits, and its ``ok``."""
        after = tuple(part(bits) for bits in self.after_iterations)
        return replace(self, bits=part(self.bits), ok=ok, after_iterations=after)


class Decoder:
    """A decoder of one code. Immutable.

    A decoder of your own derives from this class, calls ``super().__init__(code)``, and defines one of
    ``decode`` and ``decode_groups``: the other then goes through it. ``decode`` takes arrays (frames, n) and
    may leave out ``stream``. ``decode_groups`` takes groups of 64 frames as the channel makes them, of the
    kind that ``reads`` says, and is the fast form. ``refusal`` too, if it does not take every code.

    Raises
    ------
    ValueError
        If the decoder does not take the code; the message says why.
    """

    #: To be raised when frames of the same configuration change: points simulated before then start anew.
    frames_version: ClassVar[int] = 1
    #: The names of what its results count beside the usual: columns of ``results.csv``.
    counters: tuple[str, ...] = ()
    #: The iterations after each of which its results have the decisions, for errors to be counted; 0 for
    #: none.
    counted_iterations: int = 0
    #: Arguments of the constructor, by name, with which the contract is tested: on ``code`` if it is among
    #: them, as a configuration describes it, or else on the first example of each code that is taken.
    examples: ClassVar[Examples] = ()
    #: Whether frames are counted, as ``ml_errors``, in which its decision is more likely than what was sent:
    #: maximum likelihood would err in them too. For decoders that come near to it.
    counts_ml_errors: bool = False
    #: Whether frames are counted as ``failures`` which it does not declare right: for decoders that may fail.
    counts_failures: bool = False
    #: Whether it decodes a code that is made of another one as a whole; others decode the inner code, see
    #: ``decoder_of``.
    universal: ClassVar[bool] = False
    #: Whether it decides by the words of a linear code alone, however that is described. Such a decoder takes
    #: a rate-matched code as a whole, too.
    by_words: ClassVar[bool] = False

    #: Whether it decodes a code inside a check alone, such as a cyclic redundancy check.
    needs_check: ClassVar[bool] = False
    #: What it lacks to decode, in words: ``decoder_of`` refuses it then.
    lacks: str | None = None

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        # Whoever defines one form gets the other through it, not the one of a class further up.
        if "decode" in vars(cls) and "decode_groups" not in vars(cls):
            cls.decode_groups = _groups_through_decode(cls)  # type: ignore[method-assign]
            cls.reads = SOFT  # type: ignore[method-assign, assignment]
        elif "decode_groups" in vars(cls) and "decode" not in vars(cls):
            cls.decode = _decode_through_groups(cls)  # type: ignore[method-assign]

    def __init__(self, code: Code) -> None:
        if type(self).decode is Decoder.decode and type(self).decode_groups is Decoder.decode_groups:
            raise TypeError(f"{type(self).__name__} should define decode or decode_groups")
        reason = self.refusal(code)
        whole = self.universal or self.by_words
        if isinstance(code, CompositeCode) and not whole and refusal_of(code, type(self)) is None:
            name = type(self).__name__
            reason = f"{name} decodes the inner code of {code!r}: use decoder_of(code, {name})"
        if reason is not None:
            raise ValueError(reason)
        self.code = code

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Why this decoder does not take ``code``, in words; None if it does."""
        return None

    @classmethod
    def parts(cls, code: Code) -> Mapping[str, Code]:
        """What parameters that are decoders decode, by name; those that are not named decode ``code``."""
        return {}

    def with_check(self, check: Check) -> "Decoder":
        """The same decoder that knows of a check on its information bits; itself, if that is of no use."""
        return self

    @property
    def reads(self) -> Reads:
        """What ``decode_groups`` reads. A class may have it as an attribute or as a property."""
        return SOFT

    def decode(self, llr: Any, stream: BitStream | None = None) -> DecodeResult:
        """Decode LLRs, ln P(0) / P(1), float32 of shape (frames, n).

        The decoders of this package take any array or list of real numbers, and one frame of shape (n), of
        which the result has one axis less. An infinite LLR is a bit that is certain: it counts for more
        than all the finite ones of its frame together, and at least 16384.

        A hard decision on an LLR of exactly 0 is a fair coin: the next bit of the frame's generator
        in ``stream``, or, without a stream, a fixed bit of the position (see ``fixed_tie_bits``). What a
        frame decodes to depends on that frame alone. Raises ValueError for another shape, for NaN, and
        for bits in the place of LLRs.
        """
        raise NotImplementedError

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames, of the kind that ``reads`` says: as ``decode`` does, to the bit."""
        raise NotImplementedError

    def check_result(self, result: Any, frames: int) -> None:
        """Raise WrongResultError unless ``result`` is what ``decode`` is to return of so many frames."""
        if not isinstance(result, DecodeResult):
            raise WrongResultError(f"decode returned {type(result).__name__}, not a DecodeResult")
        expect_bits("decode's bits", result.bits, (frames, self.code.k))
        _check_frames("decode", result, frames)
        self._check_iterations("decode", result)
        for bits in result.after_iterations:
            expect_bits("decode's after_iterations", bits, (frames, self.code.k))

    def check_groups(self, result: Any, frames: int) -> None:
        """Raise WrongResultError unless ``result`` is what ``decode_groups`` is to return."""
        if not isinstance(result, GroupResult):
            raise WrongResultError(f"decode_groups returned {type(result).__name__}, not a GroupResult")
        shape = (groups_of(frames), self.code.k)
        expect_contiguous("decode_groups' bits", result.bits, np.uint64, shape)
        _check_frames("decode_groups", result, frames)
        self._check_iterations("decode_groups", result)
        for bits in result.after_iterations:
            expect_contiguous("decode_groups' after_iterations", bits, np.uint64, shape)

    def _check_iterations(self, what: str, result: DecodeResult | GroupResult) -> None:
        counted = len(result.after_iterations)
        if counted != self.counted_iterations:
            raise WrongResultError(
                f"{what} should give after_iterations of {self.counted_iterations} iterations, as "
                f"counted_iterations says, got {counted}"
            )

    def check_given(self, given: Any) -> None:
        """Raise ValueError unless ``given`` is what ``decode_groups`` of this decoder takes."""
        frames = given.frames if isinstance(given, GroupInput) else 0
        # A class that derives from one which reads hard values may read others, and give it hard ones.
        reads = HARD if getattr(given, "llr", None) is None else self.reads
        check_given("given", given, reads, (groups_of(frames), self.code.n), frames)

    def trace(self, llr: Any) -> Trace | None:
        """How the parity checks fare while ``llr``, as for ``decode``, is decoded; raises what that raises.

        None for codes that are not linear, that have no checks, or whose checks are not known and would be a
        matrix that is too large.
        """
        return self.trace_groups(GroupInput.of_lanes(self.check_llr(llr), self.reads))

    def trace_groups(self, given: GroupInput) -> Trace | None:
        """``trace`` of groups of 64 frames, of the kind that ``reads`` says.

        This one has a single row, for the hard decisions received; a decoder that iterates may define
        its own, with rows up to the largest of its ``iterations``.
        """
        code = self.code
        if not isinstance(code, LinearCode) or code.n == code.k:
            return None
        if not code.checks_known and (code.n - code.k) * code.n > MAX_TRACED:
            return None
        lanes = ungrouped(given.soft(), given.frames)
        received = np.empty(lanes.shape, np.uint8)
        decide(lanes, received)
        return Trace.of(code.tanner_graph, [received])

    def check_llr(self, llr: npt.ArrayLike) -> LLRs:
        """``llr`` lane-major, float32 of shape (n, frames), C-contiguous and finite; or a ValueError.

        What it takes is what ``decode`` takes.
        """
        batch = as_batch(llr, self.code.n, "llr")
        if batch.dtype.kind in "bu":
            raise ValueError(
                "llr must hold LLRs, positive for 0, not bits: bits become LLRs by 1.0 - 2 * bits"
            )
        if batch.dtype.kind not in "if":
            raise ValueError(f"llr must hold real numbers, got {batch.dtype}")
        with np.errstate(over="ignore"):  # float64 beyond float32 becomes infinite
            lanes = lanes_of(batch, np.float32)
        return certain_where_infinite(lanes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


class CompositeDecoder(Decoder):
    """The decoder of a code that is made of another one, by a decoder of that.

    Parameters
    ----------
    code
        The code.
    inner
        A decoder of its inner code.
    """

    universal = True
    code: CompositeCode

    def __init__(self, code: CompositeCode, inner: Decoder) -> None:
        super().__init__(code)
        self.inner = inner
        self.counters, self.counted_iterations = inner.counters, inner.counted_iterations
        self.counts_ml_errors = inner.counts_ml_errors
        self.counts_failures = inner.counts_failures
        self.lacks = inner.lacks

    @property
    def reads(self) -> Reads:
        """What the inner decoder reads."""
        return self.inner.reads

    def inner_given(self, given: GroupInput) -> GroupInput:
        """What the inner decoder is given, of what this one is."""
        return given

    def trace_groups(self, given: GroupInput) -> Trace | None:
        """That of the inner decoder."""
        return self.inner.trace_groups(self.inner_given(given))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.inner!r})"


def decoder_of(code: Code, make: Callable[..., Decoder], **parameters: Any) -> Decoder:
    """The decoder of a code that a class, or a function, makes with these parameters.

    On a code that is made of another one it decodes the inner code, and the code adds what is its own;
    unless the code says that it takes such decoders as a whole, as ``universal`` ones always are.

    Raises
    ------
    ValueError
        If the decoder does not take the code, or the inner code, or a parameter is wrong.

    Examples
    --------
    >>> from capgap.codes import BeliefPropagationDecoder, HammingCode, by_name
    >>> code = by_name.rate_matched(code=HammingCode(r=3), puncture=[6])
    >>> decoder_of(code, BeliefPropagationDecoder, iterations=5)
    DematchingDecoder(BeliefPropagationDecoder(HammingCode(n=7, k=4)))
    """
    made = _decoder_of(code, make, parameters)
    if made.lacks is not None:
        raise ValueError(made.lacks)
    return made


def _decoder_of(code: Code, make: Callable[..., Decoder], parameters: Mapping[str, Any]) -> Decoder:
    if isinstance(code, CompositeCode) and not code.takes_whole(make):
        made: Decoder = code.decoder_around(_decoder_of(code.inner, make, parameters))
        return made
    return make(code, **parameters)


def refusal_of(code: Code, make: Callable[..., Decoder]) -> str | None:
    """Why ``decoder_of`` refuses a code, whatever the parameters; None if it does not, or is not known."""
    refusal: Callable[[Code], str | None] | None = getattr(make, "refusal", None)
    inner = code_decoded(code, make)
    reason = None if refusal is None else refusal(inner)
    if reason is None and getattr(make, "needs_check", False) and not _checked(code, inner):
        return f"{make.__name__} needs a check around {code!r}: put it into a crc code"
    return reason


def _checked(code: Code, inner: Code) -> bool:
    """Whether there is a check between a code and an inner one."""
    while code is not inner and isinstance(code, CompositeCode):
        if hasattr(code, "accepts"):
            return True
        code = code.inner
    return False


def code_decoded(code: Code, make: Callable[..., Decoder]) -> Code:
    """The code that a decoder of ``code`` is made for: itself, or an inner one."""
    while isinstance(code, CompositeCode) and not code.takes_whole(make):
        code = code.inner
    return code


def _decode_through_groups(kind: type[Decoder]) -> Callable[..., DecodeResult]:
    """``decode`` of a class that defines ``decode_groups``: through its own one, whatever derives from it."""

    @wraps(Decoder.decode)
    def decode(self: Decoder, llr: Any, stream: BitStream | None = None) -> DecodeResult:
        reads: Any = inspect.getattr_static(kind, "reads")
        reads = reads.fget(self) if hasattr(reads, "fget") else reads
        given = GroupInput.of_lanes(self.check_llr(llr), reads)
        result = kind.decode_groups(self, given, stream)
        self.check_groups(result, given.frames)
        return result.plain().one_or_all(llr)

    return decode


def _groups_through_decode(kind: type[Decoder]) -> Callable[..., GroupResult]:
    """``decode_groups`` of a class that defines ``decode``, through its own one."""
    takes_stream = "stream" in inspect.signature(kind.decode).parameters

    @wraps(Decoder.decode_groups)
    def decode_groups(self: Decoder, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        llr = given.lanes().T
        result = kind.decode(self, llr, stream) if takes_stream else kind.decode(self, llr)
        self.check_result(result, given.frames)
        after = tuple(packed(bits) for bits in result.after_iterations)
        return GroupResult(packed(result.bits), result.ok, result.iterations, result.counters, after)

    return decode_groups


def _check_frames(what: str, result: DecodeResult | GroupResult, frames: int) -> None:
    possessive = "'" if what.endswith("s") else "'s"
    expect(f"{what}{possessive} ok", result.ok, np.bool_, (frames,))
    if result.iterations is None:
        return
    expect(f"{what}{possessive} iterations", result.iterations, np.int32, (frames,))
    least = result.iterations.min(initial=0)
    if least < 0:
        raise WrongResultError(f"{what}{possessive} iterations should be 0 or more, got {least}")


def check_input(input: str) -> None:
    """Raise ValueError unless ``input`` is ``soft`` or ``hard``."""
    if input not in ("soft", "hard"):
        raise ValueError(f"input must be soft or hard, got {input!r}")


def iterations_within(iterations: int) -> int:
    """The number, if a decoder may have so many iterations. Raises ValueError."""
    iterations = whole_number(iterations, "iterations")
    if not 1 <= iterations <= MAX_ITERATIONS:
        problem = "at least 1" if iterations < 1 else f"at most {MAX_ITERATIONS}"
        raise ValueError(f"iterations must be {problem}, got {iterations}")
    return iterations


def iterations_counted(count: str | None, iterations: int) -> int:
    """``Decoder.counted_iterations`` for the parameter ``count``: all iterations, or none.

    Raises ValueError if it is neither ``iterations`` nor None, or these are more than 100.
    """
    if count not in (None, "iterations"):
        raise ValueError(f"count must be iterations, or left out, got {count!r}")
    if count is not None and iterations > MOST_COUNTED:
        raise ValueError(f"count iterations takes at most {MOST_COUNTED}, and there are {iterations}")
    return 0 if count is None else iterations
