"""What every channel is: one family with one sweepable parameter, held at one operating point."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from .streams import Stream

#: Largest magnitude of a log-likelihood ratio that a channel gives, where certainty would be infinite.
LLR_MAX = 1000.0

Bits = npt.NDArray[np.uint8]
LLRs = npt.NDArray[np.float32]


class Channel(ABC):
    """A memoryless channel at one operating point. Immutable.

    A channel of your own derives from this class, names its sweepable parameters in ``parameters``
    and takes each as a keyword of its constructor. A constructor that also has the keyword ``rate``
    is given the code's rate.
    """

    #: Names under which the operating point may be given; a sweep uses exactly one of them.
    parameters: ClassVar[tuple[str, ...]]

    @abstractmethod
    def transmit(self, word: Bits, stream: Stream) -> npt.NDArray[Any]:
        """Send ``word``, uint8 0/1 of shape (frames, n); return what is received, same shape.

        All randomness comes from ``stream``, one generator a frame.
        """

    @abstractmethod
    def llr(self, received: npt.NDArray[Any]) -> LLRs:
        """ln P(bit = 0) / P(bit = 1) given what was received: float32, shape (frames, n).

        Finite, with magnitudes of at most ``LLR_MAX``.
        """

    @abstractmethod
    def capacity(self) -> float:
        """Capacity in bits a channel use."""

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB; None where the channel has none."""
        return None

    @property
    def esno_db(self) -> float | None:
        """Es/N0 in dB; None where the channel has none."""
        return None

