"""Iterative decoding of codes in series.

S. Benedetto, D. Divsalar, G. Montorsi and F. Pollara, "Serial concatenation of interleaved codes: performance
analysis, design, and iterative decoding", 1998, section V.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.group_kernels import GROUP
from ....vectors.groups import GroupInput, Reads, Soft, Words, frame_flags, groups_of
from ...code import Code
from ...convolutional.bcjr.bcjr import BCJRDecoder
from ...decision_kernels import decide_repetitions
from ...decoder import GroupResult
from ...examples import Examples
from ...soft_decoder import MOST, Constituent, SoftDecoder, Values
from ...tie_breaking import BitStream, break_ties, decisions_after, frames_without
from ..concatenated import ConcatenatedCode, codes_in_series, not_in_series
from .iterations import IterativeDecoder

#: All frames of a group.
ALL = np.uint64(2**64 - 1)
#: A small code, a convolutional one and an accumulator.
SAMPLE = {
    "type": "concatenated",
    "outer": {"type": "convolutional", "generators": [5, 7], "k": 14},
    "inner": {"type": "convolutional", "generators": [2], "feedback": 3, "k": 32, "puncture": ["0", "1"]},
}


class SerialDecoder(IterativeDecoder):
    """Decodes codes in series by turns: the inner code's decoder, then the outer's, and again.

    The inner code's information bits are the outer code's coded bits. Each decoder tells the other its
    extrinsic LLRs of these: its a-posteriori LLRs less what it was told.

    Parameters
    ----------
    code
        Two codes in series.
    iterations
        The most iterations, from 1 to 1000; each is two half-iterations, of the inner code's decoder and of
        the outer's.
    outer, inner
        Soft decoders of the two codes, such as ``bcjr`` and ``sova``; ``bcjr`` unless named.
    scale
        What extrinsic LLRs are multiplied by, from 1/64 to 1.5: a number, or a list with one for each
        half-iteration.
    stop
        ``none``: every frame takes all iterations. ``crc``: a frame ends with the iteration after which its
        decisions pass the check around it. ``hard-agreement``: with the one that decides as the one before.
    count
        ``iterations``: the result has the decisions after each iteration, of at most 100, and errors are
        counted after each. None: it has the last ones.

    Notes
    -----
    Extrinsic LLRs are clipped to a magnitude of 1000, and in fixed point as the decoder that is told clips
    and rounds what it reads. A frame is ``ok`` if no bit was tied, and with a stop rule, if that was
    fulfilled.

    Raises
    ------
    ValueError
        If the code is not two in series, a decoder is not one of its part, or a parameter is outside its
        range.

    Examples
    --------
    >>> from capgap.codes import ConvolutionalCode
    >>> outer = ConvolutionalCode(generators=[5, 7], k=2)
    >>> code = ConcatenatedCode(outer, ConvolutionalCode(generators=[7], feedback=5, k=8))
    >>> received = 4 - 8 * code.encode([1, 0]).astype(float)
    >>> SerialDecoder(code, iterations=2).decode(received).bits.tolist()
    [1, 0]
    """

    examples: ClassVar[Examples] = (
        {"code": SAMPLE, "iterations": 4},
        {
            "code": SAMPLE,
            "iterations": 4,
            "outer": {"type": "sova"},
            "inner": {"type": "bcjr", "algorithm": "max-log", "precision": "int8"},
            "scale": 0.75,
            "stop": "hard-agreement",
            "count": "iterations",
        },
    )

    def __init__(
        self,
        code: Code,
        *,
        iterations: int = 8,
        outer: SoftDecoder | None = None,
        inner: SoftDecoder | None = None,
        scale: float | list[float] = 1,
        stop: Literal["none", "crc", "hard-agreement"] = "none",
        count: Literal["iterations"] | None = None,
    ) -> None:
        super().__init__(code, "concatenated", iterations=iterations, scale=scale, stop=stop, count=count)
        assert isinstance(code, ConcatenatedCode)
        self._factors = self._scales.astype(np.float32)
        self._interleaver, self._behind = code.interleaver, np.argsort(code.interleaver)
        self.outer = _part("outer", code.outer, outer)
        self.inner = _part("inner", code.inner, inner)
        if self.outer.reads.kind != "soft":
            raise ValueError(f"outer must read soft values, which {self.outer!r} does not")

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes two codes in series."""
        return not_in_series("serial", code)

    @classmethod
    def parts(cls, code: Code) -> Mapping[str, Code]:
        """The two codes."""
        return codes_in_series(code)

    @property
    def reads(self) -> Reads:
        """What the inner code's decoder reads."""
        return self.inner.reads

    def constituents(self) -> tuple[Constituent, ...]:
        """The two decoders, with their part of the scales."""
        n, m = self.code.n, len(self._interleaver)
        nothing = np.full(m, -1, np.int32)
        inner, outer = (tuple(self._factors[which::2].tolist()) for which in (0, 1))
        return (
            Constituent(self.inner, np.arange(n, dtype=np.int32), self._interleaver, nothing, scales=inner),
            Constituent(
                self.outer, nothing, np.arange(m, dtype=np.int32), nothing, exchanged="coded", scales=outer
            ),
        )

    def decode_groups(self, given: GroupInput, stream: BitStream | None = None) -> GroupResult:
        """Decode groups of 64 frames."""
        if self.lacks is not None:
            raise ValueError(self.lacks)
        self.check_given(given)
        frames, k = given.frames, self.code.k
        shape = (groups_of(frames), k)
        bits, undecided = np.zeros(shape, np.uint64), np.zeros(shape, np.uint64)
        after, open_after = (np.zeros((self.counted_iterations, *shape), np.uint64) for _ in range(2))
        spent = np.zeros(frames, np.int32)
        # A bit for each frame: whether it has ended, or there is none; and whether the stop rule said so.
        ended = np.zeros(shape[0], np.uint64)
        if frames % GROUP:
            ended[-1] = ALL << np.uint64(frames % GROUP)
        passed = np.zeros_like(ended)
        going = np.arange(shape[0], dtype=np.int64)  # groups with frames that go on
        prior = np.zeros((shape[0], len(self._interleaver), GROUP), np.float32)
        for i in range(self.iterations):
            if not len(going):
                break
            spent += 1 if self._stop == "none" else frame_flags(~ended, frames)
            information, prior = self._iteration(_of_groups(given, going), prior, i)
            new, tied = np.empty((len(going), k), np.uint64), np.empty((len(going), k), np.uint64)
            if not decide_repetitions(information, new, tied):
                tied[:] = 0
            if self.counted_iterations:
                after[i, going], open_after[i, going] = new, tied
            live = ~ended[going]
            accepted = self._accepted(new, tied, bits[going] if i else ~new) & live
            for kept, found in ((bits, new), (undecided, tied)):
                kept[going] = kept[going] & ~live[:, None] | found & live[:, None]
            passed[going] |= accepted
            ended |= passed
            on = ended[going] != ALL
            going, prior = going[on], prior if on.all() else prior[on]
        ok = frames_without(undecided if undecided.any() else None, frames)
        if self._stop != "none":
            ok &= frame_flags(passed, frames)
        if not self.counted_iterations:
            break_ties(bits, undecided, np.arange(k), frames, stream)
            return GroupResult(bits, ok, spent)
        before = after[:-1], open_after[:-1]
        stages = decisions_after(*before, bits, undecided, spent, np.arange(k), stream)
        return GroupResult(stages[-1], ok, spent, after_iterations=stages)

    def _iteration(self, received: GroupInput, prior: Values, number: int) -> tuple[Values, Values]:
        """A-posteriori LLRs of the information bits, and what the inner code's decoder is told next."""
        first, second = self._factors[2 * number : 2 * number + 2]
        found = self.inner.soft_groups(received, prior).information
        told, exact = _told((np.take(found - prior, self._behind, axis=1)) * first, self.outer.reads)
        decoded = self.outer.soft_groups(GroupInput(received.frames, llr=told))
        back = np.take(decoded.coded - exact, self._interleaver, axis=1) * second
        return np.ascontiguousarray(decoded.information), _told(back, self.inner.reads)[1]

    def _accepted(self, bits: Words, tied: Words, before: Words) -> Words:
        """The frames in which the stop rule is fulfilled, uint64 (groups); ``before`` was decided before."""
        if self._stop == "none":
            return np.zeros(len(bits), np.uint64)
        untied: Words = ~np.bitwise_or.reduce(tied, axis=1)
        if self._check is not None:
            return self._check.accepts(bits) & untied
        agree: Words = ~np.bitwise_or.reduce(bits ^ before, axis=1)
        return agree & untied


def _part(name: str, code: Code, decoder: SoftDecoder | None) -> SoftDecoder:
    """The decoder of one of the two codes; raises ValueError, naming it, if it is none of that."""
    if decoder is None:
        reason = BCJRDecoder.refusal(code)
        if reason is not None:
            raise ValueError(f"{name} must be named, or two-stage decode each code once: {reason}")
        try:
            return BCJRDecoder(code)
        except ValueError as error:
            raise ValueError(f"{name} must be named: {error}") from None
    if not isinstance(decoder, SoftDecoder):
        raise ValueError(f"{name} must be a soft decoder, such as bcjr, got {decoder!r}")
    if decoder.code is not code:
        raise ValueError(f"{name} must be a decoder of {code!r}, got {decoder!r}")
    return decoder


def _of_groups(given: GroupInput, going: npt.NDArray[np.int64]) -> GroupInput:
    """What is given of some groups."""

    def part(of: Any) -> Any:
        return None if of is None else of[going]

    return GroupInput(len(going) * GROUP, part(given.llr), part(given.hard), part(given.erased))


def _told(values: Values, reads: Reads) -> tuple[Soft, Values]:
    """Extrinsic LLRs as a decoder reads them; and what they are then, in natural units."""
    limit, steps = np.float32(reads.limit), np.float32(reads.steps or 1)
    most = np.minimum(limit / steps, np.float32(MOST))
    values = np.clip(values, -most, most)
    if reads.steps is None:
        return values, values
    whole = np.rint(values * steps)
    return whole.astype(reads.dtype), whole / steps
