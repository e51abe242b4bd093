"""BPSK over the real additive white Gaussian noise channel (Proakis and Salehi, 2008, sections 4.2 and 6.5).

Bit 0 is sent as +1 and bit 1 as -1, so Es = 1; the noise variance is sigma^2 = N0 / 2.
"""

import math
from collections.abc import Mapping
from typing import Any, ClassVar, get_args

import numpy as np
import numpy.typing as npt

from ...vectors.batches import as_batch, lanes_of, one_or_all
from ...vectors.group_kernels import GROUP
from ...vectors.groups import SOFT, GroupInput, Reads, Soft, Words, put_lanes
from ...vectors.whole_numbers import whole_number
from ..decibels import from_db, to_db
from ..elementwise import as_number, elementwise
from ..numerics import normal_nodes, root
from ..parameter import EBNO, ESNO, SNR, Parameter, parameter_named
from ..streams.stream import Stream
from . import channel_kernels
from .channel import LLR_MAX, Channel, Examples, LLRs, Signal
from .hard_kernels import awgn_hard_words
from .observation import Observation, check_samples
from .sample_kernels import add_noise_groups

#: Largest number of information bits a channel use: those of 4096 points.
MAX_RATE = 12


class AWGN(Channel):
    """Additive white Gaussian noise, at one Es/N0; BPSK unless a modulation is named.

    Parameters
    ----------
    ebno_db, esno_db, snr_db
        Eb/N0, Es/N0 or SNR in dB, exactly one of them. Es/N0 = R Eb/N0. The SNR is that of the dimensions
        that are used: Es / sigma^2 = 2 Es/N0 for real samples, Es/N0 for complex ones. The value, and Es/N0,
        must lie in [-100, 100].
    rate
        Information bits per channel use, R log2 M, in (0, 12]; with BPSK that is R = k / n. Needed with
        ``ebno_db``; without it there is no Eb/N0.
    dimensions
        Of a channel use: 2 where samples are complex, more where it is a symbol of several samples.

    Raises
    ------
    ValueError
        If not exactly one of the three is given, the rate is missing, or a number is outside its range.

    Examples
    --------
    >>> round(AWGN(ebno_db=3, rate=0.5).esno_db, 4)
    -0.0103
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EBNO, ESNO, SNR)
    definitions: ClassVar[Mapping[str, str]] = {each.name: each.definition for each in (EBNO, ESNO, SNR)}
    formula: ClassVar[str] = r"$C = \frac{1}{2} \log_2(1 + 2 E_s/N_0)$"
    complex_formula: ClassVar[str] = r"$C = \log_2(1 + E_s/N_0)$"
    is_gaussian: ClassVar[bool] = True
    examples: ClassVar[Examples] = (
        {"ebno_db": 3.0},
        {"snr_db": 2.0},
        {"esno_db": -20.0},
        {"esno_db": 60.0},
    )

    def __init__(
        self,
        *,
        ebno_db: float | None = None,
        esno_db: float | None = None,
        snr_db: float | None = None,
        rate: float | None = None,
        dimensions: int = 1,
    ) -> None:
        given = {"ebno_db": ebno_db, "esno_db": esno_db, "snr_db": snr_db}
        chosen = [(name, value) for name, value in given.items() if value is not None]
        if len(chosen) != 1:
            raise ValueError("awgn takes one of ebno_db, esno_db and snr_db")
        name, value = chosen[0][0], as_number(chosen[0][1], chosen[0][0])
        if rate is None and ebno_db is not None:
            raise ValueError("rate is needed with ebno_db: Es/N0 = R Eb/N0")
        rate = None if rate is None else as_number(rate, "rate")
        if rate is not None and not 0 < rate <= MAX_RATE:
            raise ValueError(f"rate must lie in (0, {MAX_RATE}], got {rate}")
        dimensions = whole_number(dimensions, "dimensions")
        if dimensions < 1:
            raise ValueError(f"dimensions must be at least 1, got {dimensions}")
        if dimensions > 2 and snr_db is not None:
            raise ValueError("snr_db is that of samples, and a symbol has several: give ebno_db or esno_db")
        self._dimensions = dimensions
        self._rate = rate
        rate_db = None if rate is None else to_db(rate)
        # The value given is kept as it is: converting there and back would change its last digit.
        self._esno_db = value + _esno_shift(name, 1.0 if rate is None else rate, dimensions)
        self._ebno_db = None if rate_db is None else value if name == "ebno_db" else self._esno_db - rate_db
        if not -100 <= value <= 100:
            raise ValueError(f"{name} must lie in [-100, 100] dB, got {value:g}")
        if not -100 <= self._esno_db <= 100:
            follows = f"Es/N0 = R Eb/N0 with R = {rate:g}" if name == "ebno_db" else "Es/N0 = SNR / 2"
            raise ValueError(
                f"Es/N0 must lie in [-100, 100] dB, and is {self._esno_db:.2f} dB "
                f"at {name} = {value:g}: {follows}"
            )
        self._sigma = math.sqrt(0.5 / from_db(self._esno_db))

    @property
    def rate(self) -> float | None:
        """Information bits per channel use; None if it was not given."""
        return self._rate

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise."""
        return self._sigma

    @property
    def llr_scale(self) -> np.float32:
        """The LLR of y over y, 2 / sigma^2."""
        return np.float32(2 / self.sigma**2)

    @property
    def ebno_db(self) -> float | None:
        """Eb/N0 in dB; None if the rate is not known."""
        return self._ebno_db

    @property
    def esno_db(self) -> float:
        """Es/N0 in dB."""
        return self._esno_db

    def transmit(self, word: Any, stream: Stream) -> npt.NDArray[np.float32]:
        """(1 - 2 word) + sigma times standard normal noise: float32, shape (frames, n)."""
        lanes = self.check_word(word, stream)
        received = stream.normal(len(lanes))
        channel_kernels.add_bpsk(lanes, np.float32(self.sigma), received.T)
        return one_or_all(word, received)

    def llr(self, received: Any) -> LLRs:
        """2 y / sigma^2 = 4 y / N0, clipped to +-LLR_MAX: float32, shape (frames, n)."""
        batch = as_batch(received, None, "received")
        if batch.dtype.kind not in "iuf":
            raise ValueError(f"received must hold real numbers, got {batch.dtype}")
        source = lanes_of(batch, np.float32)
        llr = np.empty(source.shape, np.float32)
        channel_kernels.scale_and_clip(source, self.llr_scale, np.float32(LLR_MAX), llr)
        return one_or_all(received, llr.T)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """Noise and LLRs in one pass, in the type that the decoder reads; or the signs of the LLRs alone."""
        self.check_words(words, stream)
        if reads.kind == "hard":
            hard, erased = np.empty_like(words), np.empty_like(words)
            awgn_hard_words(stream.state, words, np.float32(self.sigma), hard, erased)
            return GroupInput(stream.frames, hard=hard, erased=erased)
        llr: Soft = np.empty((*words.shape, GROUP), reads.dtype)
        if reads.precision == "int16":
            self._put_int16(words, stream, reads, llr)
        else:
            steps = None if reads.steps is None else np.float32(reads.steps)
            self._put_llr(stream.state, words, steps, llr)
        return GroupInput(stream.frames, llr=llr)

    def _put_llr(
        self, state: npt.NDArray[np.uint32], words: Words, steps: np.float32 | None, llr: Soft
    ) -> None:
        sigma, limit = np.float32(self.sigma), np.float32(LLR_MAX)
        channel_kernels.awgn_llr_groups(state, words, sigma, self.llr_scale, limit, steps, llr)

    def _put_int16(self, words: Words, stream: Stream, reads: Reads, llr: Soft) -> None:
        """LLRs in int16, a group after the other: in float32 those of a pass would take twice the room."""
        soft = np.empty((1, words.shape[1], GROUP), np.float32)
        for group in range(len(words)):
            lanes = slice(group * GROUP, (group + 1) * GROUP)
            state = np.ascontiguousarray(stream.state[:, lanes])
            self._put_llr(state, words[group : group + 1], None, soft)
            stream.state[:, lanes] = state
            there = np.ascontiguousarray(soft[0][:, : stream.frames - lanes.start])
            put_lanes(there, reads, llr[group : group + 1])

    def receive_groups(
        self, samples: npt.NDArray[np.float32], stream: Stream, dimensions: int
    ) -> Observation:
        """Samples with noise of variance N0 / 2 in each real dimension, a normal for each in their order."""
        check_samples(samples, stream, dimensions)
        add_noise_groups(stream.state, np.float32(self.sigma), samples)
        return Observation(samples, self.sigma**2, stream.frames)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Capacity in bits a use, of any input (Shannon's) or of BPSK.

        The first, 1/2 log2(1 + 2 Es/N0), and log2(1 + Es/N0) for two dimensions, is what limits every signal
        of this power and exceeds 1 at high Es/N0; the second is what the BPSK that is simulated here can
        reach. Raises ValueError for another ``signal``.
        """
        if signal not in get_args(Signal):
            raise ValueError(f"signal must be gaussian or bpsk, got {signal!r}")
        esno = from_db(self.esno_db)
        if signal != "gaussian":
            return bpsk_capacity(esno)
        # d dimensions are d real uses of a d-th of the energy each.
        return self._dimensions * awgn_capacity(esno / self._dimensions)

    @classmethod
    def limit(cls, parameter: str, rate: float, signal: Signal = "gaussian") -> float | None:
        """The least Eb/N0, Es/N0 or SNR in dB at which ``rate`` does not exceed the capacity of ``signal``.

        None where there is none: rate 0 on Es/N0, and rate 1 with BPSK.
        """
        if rate <= 0 or (signal != "gaussian" and rate >= 1):
            return None
        esno_db = to_db(awgn_limit_esno(rate) if signal == "gaussian" else bpsk_limit_esno(rate))
        return esno_db - _esno_shift(parameter, rate)

    @classmethod
    def uncoded_ber(cls, parameter: str, value: float) -> float:
        """Q(sqrt(2 Es/N0)); uncoded, Eb = Es."""
        return math.erfc(math.sqrt(from_db(value + _esno_shift(parameter, 1.0)))) / 2

    def __repr__(self) -> str:
        ebno = "" if self.ebno_db is None else f", ebno_db={self.ebno_db!r}"
        dimensions = "" if self._dimensions == 1 else f", dimensions={self._dimensions}"
        return f"AWGN(esno_db={self.esno_db!r}{ebno}{dimensions})"


def _esno_shift(parameter: str, rate: float, dimensions: int = 1) -> float:
    """The decibels from a value of a parameter to Es/N0."""
    shift = parameter_named(parameter).of(dimensions).esno_shift
    assert shift is not None
    return shift(rate)


@elementwise
def awgn_capacity(esno: float) -> float:
    """Shannon's 1/2 log2(1 + SNR) a real use, with SNR = Es / (N0 / 2) = 2 Es/N0, for Es/N0 >= 0."""
    if not esno >= 0:
        raise ValueError(f"esno must not be negative, got {esno}")
    return math.log1p(2 * esno) / (2 * math.log(2))


@elementwise
def bpsk_capacity(esno: float) -> float:
    """Capacity of BPSK on the AWGN channel, for Es/N0 >= 0 (a ratio, not dB).

    C = 1 - E[log2(1 + exp(-L))], where L = 2 y / sigma^2 is the LLR of a transmitted +1, normal
    with mean m = 4 Es/N0 and variance 2 m (ten Brink, Kramer and Ashikhmin, 2004, section II). At low
    Es/N0 that is written as (m / 2 - E[ln cosh(L / 2)]) / ln 2, which does not cancel. The error is
    below 1e-14, relative at low Es/N0. Above 20 dB the capacity is 1 to the last bit.
    """
    if not esno >= 0:
        raise ValueError(f"esno must not be negative, got {esno}")
    if esno == 0:
        return 0.0
    if esno > 100:  # 1 - C < exp(-Es/N0)
        return 1.0
    mean = 4 * esno
    deviation = math.sqrt(2 * mean)
    z, density = normal_nodes(deviation)
    llr = mean + deviation * z
    if esno < 0.25:
        ln_cosh = np.log1p(np.sinh(llr / 2) ** 2) / 2
        return float(mean / 2 - density @ ln_cosh) / math.log(2)
    loss = np.logaddexp(0, -llr) / math.log(2)
    return float(density @ (1 - loss))


@elementwise
def awgn_limit_esno(rate: float) -> float:
    """The least Es/N0 (a ratio) at which ``rate`` in [0, 500] does not exceed Shannon's capacity."""
    if not 0 <= rate <= 500:
        raise ValueError(f"rate must lie in [0, 500], got {rate}")
    return math.expm1(2 * rate * math.log(2)) / 2


@elementwise
def bpsk_limit_esno(rate: float) -> float:
    """The least Es/N0 (a ratio) at which ``rate`` in [0, 1) does not exceed the BPSK capacity."""
    if not 0 <= rate < 1:
        raise ValueError(f"rate must lie in [0, 1) for BPSK, got {rate}")
    if rate == 0:
        return 0.0
    # Shannon's limit is a lower bound, and BPSK reaches every rate below 1 before 20 dB
    # as far as double precision can tell.
    low = to_db(awgn_limit_esno(rate)) - 0.1
    return from_db(root(lambda db: bpsk_capacity(from_db(db)) - rate, low, max(low + 1, 21.0)))


@elementwise
def awgn_limit_ebno_db(rate: float) -> float:
    """Shannon's limit on Eb/N0 in dB for ``rate`` in [0, 500] bits a real use; -1.59 dB at rate 0."""
    return _ebno_db(awgn_limit_esno(rate), rate)


@elementwise
def bpsk_limit_ebno_db(rate: float) -> float:
    """The limit on Eb/N0 in dB of BPSK at ``rate`` in [0, 1)."""
    return _ebno_db(bpsk_limit_esno(rate), rate)


def _ebno_db(esno: float, rate: float) -> float:
    return to_db(esno / rate) if rate > 0 else to_db(math.log(2))
