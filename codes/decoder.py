"""What every decoder is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ..vectors.batches import as_batch, lanes_of
from ..vectors.group_kernels import GROUP, INT8_MAX, MESSAGE_MAX, group_lanes, ungroup
from .code import Bits, Code
from .decision_kernels import all_finite, decide, put_tie_bits
from .linear import LinearCode
from .tie_breaking import BitStream, break_ties, tie_bits_for
from .trace import MAX_TRACED, Trace

LLRs = npt.NDArray[np.float32]
#: LLRs of 64 frames side by side, shape (groups, n, 64).
Groups = npt.NDArray[np.float32] | npt.NDArray[np.int8]


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
    """

    bits: Bits
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]
    counters: Mapping[str, npt.NDArray[np.int32]] = field(default_factory=dict)

    @classmethod
    def without_iterations(cls, bits: Bits, ok: npt.NDArray[np.bool_]) -> "DecodeResult":
        """The result of a decoder that does not iterate."""
        return cls(bits, ok, np.zeros(len(bits), np.int32))

    def one_or_all(self, llr: npt.ArrayLike) -> "DecodeResult":
        """The result itself, or that of its only frame where ``llr`` was one frame by itself."""
        if np.ndim(llr) != 1:
            return self
        counters = {name: counted[0] for name, counted in self.counters.items()}
        return DecodeResult(self.bits[0], self.ok[0], self.iterations[0], counters)


class Decoder(ABC):
    """A decoder of one code. Immutable.

    A decoder of your own derives from this class, calls ``super().__init__(code)``, and defines
    ``decode``, which may leave out ``stream``; ``refusal`` too if it does not take every code.

    Raises
    ------
    ValueError
        If the decoder does not take the code; the message says why.
    """

    #: To be raised when frames of the same configuration change: points simulated before then start anew.
    frames_version: ClassVar[int] = 1
    #: The names of what its results count beside the usual: columns of ``results.csv``.
    counters: tuple[str, ...] = ()

    def __init__(self, code: Code) -> None:
        reason = self.refusal(code)
        if reason is not None:
            raise ValueError(reason)
        self.code = code

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Why this decoder does not take ``code``, in words; None if it does."""
        return None

    @abstractmethod
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

    def trace(self, llr: Any) -> Trace | None:
        """How the parity checks fare while ``llr``, as for ``decode``, is decoded; raises what that raises.

        This one has a single row, for the hard decisions received; a decoder that iterates may define
        its own, with rows up to the largest of its ``iterations``. None for codes that are not linear,
        that have no checks, or whose checks are not known and would be a matrix that is too large.
        """
        lanes, code = self.check_llr(llr), self.code
        if not isinstance(code, LinearCode) or code.n == code.k:
            return None
        if not code.checks_known and (code.n - code.k) * code.n > MAX_TRACED:
            return None
        received = np.empty(lanes.shape, np.uint8)
        decide(lanes, received)
        graph = code.tanner_graph
        decisions = np.full((graph.variables, lanes.shape[1]), 2, np.uint8)
        decisions[code.transmitted] = received
        return Trace.of(graph, [decisions])

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
        return lanes if all_finite(lanes) else certain_where_infinite(lanes)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


class GroupDecoder(Decoder):
    """A decoder whose kernels take LLRs in groups of 64 frames side by side.

    A fast decoder of your own derives from this class and defines ``decode_groups``; ``decode`` then
    comes from it. Simulations over AWGN hand it the groups as the channel makes them.

    Attributes
    ----------
    llr_scale
        None where the groups are float32; otherwise they are int8, with as many steps to a unit of the LLR.
    """

    llr_scale: np.float32 | None = None

    @classmethod
    def refusal(cls, code: Code) -> str | None:
        """Takes linear codes whose information bits are among the coded bits."""
        if isinstance(code, LinearCode) and code.systematic:
            return None
        return f"{cls.__name__} decodes systematic linear codes, not {code!r}"

    @abstractmethod
    def decode_groups(
        self, llr: Groups, frames: int
    ) -> tuple[Bits, npt.NDArray[np.bool_], npt.NDArray[np.int32], bool]:
        """Decode groups, shape (groups, n, 64), of which the first ``frames`` frames count.

        Float32, of magnitudes of at most 16384, or int8 within +-127. Returns decisions on the positions of
        the information set, uint8 (groups, k, 64), 2 where an LLR is 0; ``ok`` and iterations, one a frame;
        whether any decision is 2.
        """

    def decode(self, llr: Any, stream: BitStream | None = None) -> DecodeResult:
        """Decode LLRs of shape (frames, n), or (n) for one frame."""
        lanes = self.check_llr(llr)
        decisions, ok, iterations, undecided = self.decode_groups(self.grouped(lanes), lanes.shape[1])
        bits = np.empty((self.code.k, lanes.shape[1]), np.uint8)
        ungroup(decisions, bits)
        if undecided:
            tie_bits = tie_bits_for(self.tie_bit_positions, bits.shape[1], stream)
            put_tie_bits(bits, tie_bits)
        return DecodeResult(bits.T, ok, iterations).one_or_all(llr)

    def grouped(self, lanes: LLRs) -> Groups:
        """Groups (groups, n, 64) of lane-major LLRs, float32 (n, frames): clipped, or as fixed point."""
        n, frames = lanes.shape
        kind, limit = (np.float32, MESSAGE_MAX) if self.llr_scale is None else (np.int8, np.float32(INT8_MAX))
        groups = np.empty((-(-frames // GROUP), n, GROUP), kind)
        group_lanes(lanes, self.llr_scale, limit, groups)
        return groups

    @cached_property
    def tie_bit_positions(self) -> npt.NDArray[np.int64]:
        """Which bits of a frame's stream break the ties of its information bits: int64 (k)."""
        assert isinstance(self.code, LinearCode)
        return self.code.transmitted[self.code.information_set].astype(np.int64)


def certain_where_infinite(lanes: LLRs) -> LLRs:
    """LLRs (n, frames) with finite ones in the place of infinite ones; raises ValueError for NaN.

    A magnitude that all the finite ones of the frame together do not reach, so that no sum turns its sign.
    """
    wrong = np.argwhere(np.isnan(lanes.T))
    if len(wrong):
        frame, position = wrong[0]
        raise ValueError(f"llr must not be NaN, as in frame {frame} at position {position}: erasures are 0")
    infinite = np.isinf(lanes)
    reached = np.where(infinite, 0, abs(lanes)).sum(axis=0, dtype=np.float64)
    certain = np.clip(2 * reached, MESSAGE_MAX, np.finfo(np.float32).max).astype(np.float32)
    return np.where(infinite, np.copysign(certain, lanes), lanes)


def hard_decision(
    llr_lanes: npt.NDArray[Any], stream: BitStream | None
) -> tuple[Bits, npt.NDArray[np.bool_]]:
    """Bits of LLRs (m, frames), 1 where negative and a fair bit where 0; and which frames had no 0."""
    out = np.empty(llr_lanes.shape, np.uint8)
    without_ties = np.ones(llr_lanes.shape[1], np.bool_)
    if decide(llr_lanes, out):
        without_ties = ~(out == 2).any(axis=0)
        break_ties(out, stream)
    return out, without_ties


def check_input(input: str) -> None:
    """Raise ValueError unless ``input`` is ``soft`` or ``hard``."""
    if input not in ("soft", "hard"):
        raise ValueError(f"input must be soft or hard, got {input!r}")
