"""What every decoder is, and what a hard decision does with an LLR of exactly zero."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ..code import Bits, Code
from .decision_kernels import all_finite, decide, settle

LLRs = npt.NDArray[np.float32]


class BitStream(Protocol):
    """A source of fair bits, one independent generator a frame, as ``capgap.channels.Stream`` is."""

    def bits(self, m: int) -> Bits:
        """Fair bits, uint8 (frames, m)."""


@dataclass(frozen=True, eq=False)
class DecodeResult:
    """What a decoder returns for a batch of frames.

    Attributes
    ----------
    bits
        Decoded information bits, uint8 (frames, k).
    ok
        bool (frames): whether the decoder declares its output right: a codeword that it has no reason
        to doubt, such as another that is as likely. A wrong frame with ``ok`` is an undetected error.
    iterations
        int32 (frames): iterations spent; 0 for decoders that do not iterate.
    """

    bits: Bits
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]

    @classmethod
    def without_iterations(cls, bits: Bits, ok: npt.NDArray[np.bool_]) -> "DecodeResult":
        """The result of a decoder that does not iterate."""
        return cls(bits, ok, np.zeros(len(bits), np.int32))


class Decoder(ABC):
    """A decoder of one code. Immutable.

    A decoder of your own derives from this class, calls ``super().__init__(code)``, and defines
    ``decode``, which may leave out ``stream``; ``refusal`` too if it does not take every code.

    Raises
    ------
    ValueError
        If the decoder does not take the code; the message says why.
    """

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
    def decode(self, llr: LLRs, stream: BitStream | None = None) -> DecodeResult:
        """Decode LLRs, ln P(0) / P(1), float32 of shape (frames, n), finite.

        A hard decision on an LLR of exactly 0 is a fair coin: the next bit of the frame's generator
        in ``stream``, or, without a stream, a fixed bit of the position (see ``fixed_coins``). What a
        frame decodes to depends on that frame alone. Raises ValueError for another shape, or for NaN
        or infinity.
        """

    def check_llr(self, llr: npt.NDArray[Any]) -> LLRs:
        """``llr`` lane-major, float32 of shape (n, frames) and C-contiguous; or a ValueError."""
        if not isinstance(llr, np.ndarray) or llr.dtype.kind != "f" or llr.ndim != 2:
            raise ValueError(f"llr must be a floating-point array of shape (frames, {self.code.n})")
        if llr.shape[1] != self.code.n:
            raise ValueError(f"llr must have shape (frames, {self.code.n}), got {llr.shape}")
        with np.errstate(over="ignore"):  # float64 beyond float32 becomes infinite, and is refused
            lanes = np.ascontiguousarray(llr.T, np.float32)
        if not all_finite(lanes):
            raise ValueError("llr must be finite: clip certainty to a large number, and erasures are 0")
        # Numba would compile its kernels again for arrays that cannot be written.
        return lanes if lanes.flags.writeable else lanes.copy()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


def fixed_coins(m: int) -> Bits:
    """What decides LLRs of exactly 0 where there is no stream: m fixed bits that look fair, uint8.

    Position i has the top bit of a mix of i (the finalizer of SplitMix64; Steele, Lea and Flood,
    2014). The choice does not look at the data, so for random data a single position is wrong with
    probability 1/2, as about half the positions of the all-zero word are. Coded bits depend on each
    other, and fixed coins with them; simulations draw theirs from the stream.
    """
    with np.errstate(over="ignore"):
        x = (np.arange(m, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(63)).astype(np.uint8)


def toss_coins(decisions: Bits, stream: BitStream | None) -> None:
    """Replace each 2, an undecided bit, in ``decisions``, uint8 (m, frames), by a coin, in place."""
    m, frames = decisions.shape
    if stream is None:
        coins = np.repeat(fixed_coins(m)[:, None], frames, axis=1)
    else:
        coins = np.ascontiguousarray(stream.bits(m).T)
    settle(decisions, coins)


def hard_decision(
    llr_lanes: npt.NDArray[Any], stream: BitStream | None
) -> tuple[Bits, npt.NDArray[np.bool_]]:
    """Bits of LLRs (m, frames), 1 where negative and a coin where 0; and which frames needed no coin."""
    out = np.empty(llr_lanes.shape, np.uint8)
    settled = np.ones(llr_lanes.shape[1], np.bool_)
    if decide(llr_lanes, out):
        settled = ~(out == 2).any(axis=0)
        toss_coins(out, stream)
    return out, settled


def check_input(input: str) -> None:
    """Raise ValueError unless ``input`` is ``soft`` or ``hard``."""
    if input not in ("soft", "hard"):
        raise ValueError(f"input must be soft or hard, got {input!r}")
