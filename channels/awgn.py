"""BPSK over the real additive white Gaussian noise channel (Proakis and Salehi, 2008, sections 4.2 and 6.5).

Bit 0 is sent as +1 and bit 1 as -1, so Es = 1; the noise variance is sigma^2 = N0 / 2.
"""

import math
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from . import channel_kernels
from .capacity import awgn_capacity, awgn_limit_esno, bpsk_capacity, bpsk_limit_esno
from .channel import LLR_MAX, Bits, Channel, LLRs, Signal
from .decibels import from_db, to_db
from .streams import Stream


class AWGN(Channel):
    """BPSK over additive white Gaussian noise, at one Es/N0.

    Parameters
    ----------
    ebno_db, esno_db
        Eb/N0 or Es/N0 in dB, exactly one of them, in [-100, 100]. They differ by the rate:
        Es/N0 = R Eb/N0.
    rate
        Information bits per channel use, R = k / n, in (0, 1]. Needed to read ``ebno_db``.

    Raises
    ------
    ValueError
        If not exactly one of the two is given, or a number is outside its range.

    Examples
    --------
    >>> AWGN(ebno_db=3, rate=0.5).esno_db == 3 + 10 * np.log10(0.5)
    True
    """

    parameters: ClassVar[tuple[str, ...]] = ("ebno_db", "esno_db")

    def __init__(
        self, *, ebno_db: float | None = None, esno_db: float | None = None, rate: float = 1.0
    ) -> None:
        if not 0 < rate <= 1:
            raise ValueError(f"rate must lie in (0, 1], got {rate}")
        self.rate = float(rate)
        if (ebno_db is None) == (esno_db is None):
            raise ValueError("awgn takes one of ebno_db and esno_db")
        name, value = ("ebno_db", ebno_db) if ebno_db is not None else ("esno_db", esno_db)
        assert value is not None
        if not -100 <= value <= 100:
            raise ValueError(f"{name} must lie in [-100, 100] dB, got {value}")
        rate_db = to_db(self.rate)
        # The value given is kept as it is: converting there and back would change its last digit.
        self._ebno_db = float(ebno_db) if ebno_db is not None else float(value) - rate_db
        self._esno_db = float(esno_db) if esno_db is not None else float(value) + rate_db
        self.sigma = (2 * from_db(self._esno_db)) ** -0.5

    @property
    def ebno_db(self) -> float:
        """Eb/N0 in dB."""
        return self._ebno_db

    @property
    def esno_db(self) -> float:
        """Es/N0 in dB."""
        return self._esno_db

    def transmit(self, word: Bits, stream: Stream) -> npt.NDArray[np.float32]:
        """(1 - 2 word) + sigma times standard normal noise: float32, shape (frames, n)."""
        received = stream.normal(word.shape[1])
        channel_kernels.add_bpsk(np.ascontiguousarray(word.T), np.float32(self.sigma), received.T)
        return received

    def llr(self, received: npt.NDArray[Any]) -> LLRs:
        """2 y / sigma^2 = 4 y / N0, clipped to +-LLR_MAX: float32, shape (frames, n)."""
        llr = np.empty(received.shape[::-1], np.float32)
        scale = np.float32(2 / self.sigma**2)
        source = np.ascontiguousarray(received.T, np.float32)
        channel_kernels.scale_and_clip(source, scale, np.float32(LLR_MAX), llr)
        return llr.T

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Capacity in bits a real use: Shannon's 1/2 log2(1 + 2 Es/N0), or with BPSK as the input."""
        esno = from_db(self.esno_db)
        return awgn_capacity(esno) if signal == "gaussian" else bpsk_capacity(esno)

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Signal = "gaussian") -> float | None:
        """The least Eb/N0 or Es/N0 in dB at which ``rate`` does not exceed the capacity of ``signal``.

        None where there is none: rate 0 on Es/N0, and rate 1 with BPSK.
        """
        if rate <= 0 or (signal == "bpsk" and rate >= 1):
            return None
        esno_db = to_db(awgn_limit_esno(rate) if signal == "gaussian" else bpsk_limit_esno(rate))
        return esno_db - to_db(rate) if parameter == "ebno_db" else esno_db

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        """Q(sqrt(2 Es/N0)); uncoded, Eb = Es."""
        return math.erfc(math.sqrt(from_db(value))) / 2

    def __repr__(self) -> str:
        return f"AWGN(esno_db={self.esno_db:g})"
