"""What every decoder is, and what a hard decision does with an LLR of exactly zero."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..code import Bits, Code
from .decision_kernels import all_finite, decide

LLRs = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class DecodeResult:
    """What a decoder returns for a batch of frames.

    Attributes
    ----------
    bits
        Decoded information bits, uint8 (frames, k).
    ok
        bool (frames): whether the decoder declares its output right, that is, a codeword it has no
        reason to doubt. A wrong frame with ``ok`` is an undetected error.
    iterations
        int32 (frames): iterations spent; 0 for decoders that do not iterate.
    """

    bits: Bits
    ok: npt.NDArray[np.bool_]
    iterations: npt.NDArray[np.int32]

    @classmethod
    def complete(cls, bits: Bits) -> "DecodeResult":
        """The result of a decoder that always finds a codeword and does not iterate."""
        frames = len(bits)
        return cls(bits, np.ones(frames, np.bool_), np.zeros(frames, np.int32))


class Decoder(ABC):
    """A decoder of one code. Immutable.

    A decoder of your own derives from this class, calls ``super().__init__(code)``, and defines
    ``decode``; ``refusal`` too if it does not take every code.

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
    def decode(self, llr: LLRs) -> DecodeResult:
        """Decode LLRs, ln P(0) / P(1), float32 of shape (frames, n), finite.

        What a frame decodes to depends on that frame alone. Raises ValueError for another shape, or
        for NaN or infinity.
        """

    def check_llr(self, llr: npt.NDArray[Any]) -> LLRs:
        """``llr`` lane-major, float32 of shape (n, frames) and C-contiguous; or a ValueError."""
        if not isinstance(llr, np.ndarray) or llr.dtype.kind != "f" or llr.ndim != 2:
            raise ValueError(f"llr must be a floating-point array of shape (frames, {self.code.n})")
        if llr.shape[1] != self.code.n:
            raise ValueError(f"llr must have shape (frames, {self.code.n}), got {llr.shape}")
        lanes = np.ascontiguousarray(llr.T, np.float32)
        if not all_finite(lanes):
            raise ValueError("llr must be finite: clip certainty to a large number, and erasures are 0")
        return lanes

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r})"


def coin_bits(m: int) -> Bits:
    """The documented choice for LLRs of exactly 0: m fixed bits that look like fair coins, uint8.

    Position i is decided by the top bit of a mix of i (the finalizer of SplitMix64; Steele, Lea and
    Flood, 2014). The choice does not look at the data, so it is wrong with probability 1/2 for
    random data, and for about half of the positions of the all-zero word.
    """
    with np.errstate(over="ignore"):
        x = (np.arange(m, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(63)).astype(np.uint8)


def hard_decision(llr_lanes: LLRs, coins: Bits) -> Bits:
    """Bits of LLRs (m, frames): 1 where negative, ``coins[i]`` where 0; uint8 (m, frames)."""
    out = np.empty(llr_lanes.shape, np.uint8)
    decide(llr_lanes, coins, out)
    return out


def check_input(input: str) -> None:
    """Raise ValueError unless ``input`` is ``soft`` or ``hard``."""
    if input not in ("soft", "hard"):
        raise ValueError(f"input must be soft or hard, got {input!r}")
