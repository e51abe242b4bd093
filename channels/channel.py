"""What every channel is: one family with one sweepable parameter, held at one operating point."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from .streams import Stream

#: Largest magnitude of a log-likelihood ratio that a channel gives, where certainty would be infinite.
LLR_MAX = 1000.0

Bits = npt.NDArray[np.uint8]
LLRs = npt.NDArray[np.float32]
#: The input of a capacity: any of the same power, or the modulation that is simulated.
Signal = Literal["gaussian", "bpsk"]


class Channel(ABC):
    """A memoryless channel at one operating point. Immutable.

    A channel of your own derives from this class, names its sweepable parameters in ``parameters``
    and takes each as a keyword of its constructor. A constructor that also has the keyword ``rate``
    is given the code's rate.
    """

    #: Names under which the operating point may be given; a sweep uses exactly one of them.
    parameters: ClassVar[tuple[str, ...]]
    #: What each of them is, in a few words for messages, where their names do not say it.
    definitions: ClassVar[Mapping[str, str]] = {}

    @abstractmethod
    def transmit(self, word: Bits, stream: Stream) -> npt.NDArray[Any]:
        """Send ``word``, uint8 0/1 of shape (frames, n); return what is received, same shape.

        All randomness comes from ``stream``, one generator a frame.
        """

    @staticmethod
    def check_word(word: npt.NDArray[Any], stream: Stream) -> npt.NDArray[np.uint8]:
        """``word`` lane-major, shape (n, frames), C-contiguous; ValueError unless it fits the stream."""
        if not isinstance(word, np.ndarray) or word.dtype != np.uint8 or word.ndim != 2:
            raise ValueError("word must be a uint8 array of shape (frames, n)")
        if word.shape[0] != stream.frames:
            raise ValueError(f"word has {word.shape[0]} frames, and the stream is for {stream.frames}")
        return np.ascontiguousarray(word.T)

    @abstractmethod
    def llr(self, received: npt.NDArray[Any]) -> LLRs:
        """Ln P(bit = 0) / P(bit = 1) given what was received: float32, shape (frames, n).

        Finite, with magnitudes of at most ``LLR_MAX``, for whatever ``transmit`` returns.
        """

    @abstractmethod
    def capacity(self) -> float:
        """Capacity in bits a channel use."""

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Signal = "gaussian") -> float | None:
        """The value of a sweepable parameter at which ``rate`` meets the capacity; None if unknown.

        ``signal`` is the input whose capacity is meant, where the channel's input may be continuous.
        """
        return None

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float | None:
        """Exact bit-error probability of uncoded transmission at a value; None if unknown."""
        return None

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB; None where the channel has none."""
        return None

    @property
    def esno_db(self) -> float | None:
        """Es/N0 in dB; None where the channel has none."""
        return None
