"""Flat fading: y = g x + noise, with a random gain g of mean square 1, whose phase is known to the receiver.

J. G. Proakis and M. Salehi, "Digital Communications", 5th ed., 2008, chapter 13; M. K. Simon and M.-S.
Alouini, "Digital Communication over Fading Channels", 2nd ed., 2005, chapters 2, 5 and 8.
"""

import math
from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt

from ...vectors.groups import SOFT, GroupInput, Reads, Soft, Words
from ...vectors.vector_kernels import LANES_FLOAT32
from ..decibels import from_db
from ..elementwise import as_number
from ..parameter import EBNO, ESNO, Parameter
from ..streams.stream import Stream
from .awgn import AWGN, awgn_capacity, bpsk_capacity
from .channel import LLR_MAX, Channel, Examples, Signal, check_signal, of_one_pass
from .fading_kernels import fade_groups, faded_llr_groups
from .observation import Observation, check_samples
from .sample_kernels import add_noise_groups
from .unknown_gains import rayleigh_bpsk_capacity, rayleigh_llr

Floats = npt.NDArray[np.float64]
Coherence = Literal["symbol", "frame"] | int
CSI = Literal["perfect", "none"]
#: The least part of the probability that a node of a mean over the gains may have.
LEAST_WEIGHT = 1e-18
#: Half of the most squares of normals that make the square of a gain, and Rice's factor in dB.
MOST_M, MOST_K_DB = 50, 40


class Fading(Channel):
    """Fading with additive white Gaussian noise, at one Es/N0; BPSK unless a modulation is named.

    Es is the mean energy of what is received: the mean square of the gain is 1.

    Parameters
    ----------
    ebno_db, esno_db
        Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts: ``symbol``, ``frame``, or a number of samples.
    csi
        What the receiver knows of the gains: ``perfect``, each of them; ``none``, their law.
    rate, dimensions
        As for ``AWGN``: information bits a sample, and its real dimensions.

    Raises
    ------
    ValueError
        If a value is outside its range, or the gains are not known and last for several samples.
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EBNO, ESNO)
    definitions: ClassVar[Mapping[str, str]] = {each.name: each.definition for each in (EBNO, ESNO)}
    #: In configurations.
    name: ClassVar[str]

    def __init__(
        self,
        *,
        ebno_db: float | None,
        esno_db: float | None,
        coherence: Coherence,
        csi: CSI = "perfect",
        rate: float | None,
        dimensions: int,
    ) -> None:
        if (ebno_db is None) == (esno_db is None):
            raise ValueError(f"{self.name} takes one of ebno_db and esno_db")
        whole = isinstance(coherence, int | np.integer) and not isinstance(coherence, bool) and coherence > 0
        if not whole and coherence not in ("symbol", "frame"):
            raise ValueError(f"coherence must be symbol, frame or a number of samples, got {coherence!r}")
        if csi not in get_args(CSI):
            raise ValueError(f"csi must be perfect or none, got {csi!r}")
        self._noise = AWGN(ebno_db=ebno_db, esno_db=esno_db, rate=rate, dimensions=dimensions)
        self._coherence: Coherence = coherence
        self._csi, self._dimensions = csi, dimensions
        if csi == "none":
            if coherence not in ("symbol", 1):
                raise ValueError("csi: none needs coherence: symbol, where LLRs do not depend on each other")
            vars(self)["takes_samples"] = False  # LLRs without gains are known for BPSK alone

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise in each real dimension."""
        return self._noise.sigma

    @property
    def ebno_db(self) -> float | None:
        """Mean Eb/N0 in dB; None if the rate is not known."""
        return self._noise.ebno_db

    @property
    def esno_db(self) -> float:
        """Mean Es/N0 in dB."""
        return self._noise.esno_db

    @property
    def coherence(self) -> Coherence:
        """How long a gain lasts."""
        return self._coherence

    @property
    def csi(self) -> CSI:
        """What the receiver knows of the gains."""
        return self._csi

    @property
    @abstractmethod
    def _law(self) -> tuple[float, float, int]:
        """Of a gain: what is in line of sight, the deviation of what is scattered, and how many squares."""

    @property
    @abstractmethod
    def _deviation(self) -> float:
        """About the standard deviation of ln g^2."""

    @abstractmethod
    def _log_density(self, energy: Floats) -> Floats:
        """The logarithm of the density of g^2."""

    def _drawn(self, uses: int) -> tuple[tuple[np.float32, np.float32, int], int]:
        """The law of gains for kernels, and for how many samples of a frame a gain lasts."""
        sight, scatter, squares = self._law
        lasting = {"symbol": 1, "frame": max(uses, 1)}.get(str(self.coherence), self.coherence)
        return (np.float32(sight), np.float32(scatter), squares), int(lasting)

    def receive_groups(
        self, samples: npt.NDArray[np.float32], stream: Stream, dimensions: int
    ) -> Observation:
        """Gains first, a pair of words for each two squares of normals, and then noise."""
        check_samples(samples, stream, dimensions)
        gains = np.empty_like(samples)
        law, lasting = self._drawn(samples.shape[1] // dimensions)
        fade_groups(stream.state, law, lasting * dimensions, samples, gains)
        add_noise_groups(stream.state, np.float32(self.sigma), samples)
        return Observation(samples, self.sigma**2, stream.frames, gains=gains)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """BPSK: LLRs 2 g y / sigma^2, or those of y alone, of at most LLR_MAX in size."""
        self.check_words(words, stream)
        if self.csi == "none":
            sent = np.asarray(GroupInput(stream.frames, hard=words).soft(), np.float32)
            seen = self.receive_groups(sent, stream, 1)
            y = GroupInput(stream.frames, llr=seen.samples).lanes()
            return GroupInput.of_lanes(rayleigh_llr(y, self.sigma, LLR_MAX), reads)
        law, lasting = self._drawn(words.shape[1])
        noise = np.float32(self.sigma), self._noise.llr_scale, np.float32(LLR_MAX)
        room = np.empty((words.shape[1], LANES_FLOAT32), np.float32)

        def put(steps: np.float32 | None, llr: Soft) -> None:
            faded_llr_groups(stream.state, words, law, lasting, *noise, steps, room, llr)

        return of_one_pass(words, stream.frames, reads, put)

    @cached_property
    def _energies(self) -> tuple[Floats, Floats]:
        """Nodes and weights of a mean over g^2: the trapezoidal rule in its logarithm.

        Densities of ln g^2 are analytic and fall off at least exponentially, so that the rule converges
        exponentially; what is left out is below 1e-15.
        """
        step = min(0.125, self._deviation / 2)
        logs = np.arange(-math.ceil(90 / step), math.ceil(7 / step) + 1) * step
        weights = step * np.exp(self._log_density(np.exp(logs)) + logs)
        there = weights > LEAST_WEIGHT
        return np.exp(logs[there]), weights[there]

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Ergodic capacity in bits a sample, of any input (Gaussian) or of BPSK; to 1e-9.

        The mean over gains: it is reached by codes whose words see many of them, not by one that sees a
        single one. Where the gains are not known, that of any input is an upper bound, the capacity with
        them. Raises ValueError for another ``signal``.
        """
        check_signal(signal)
        if signal != "gaussian" and self.csi == "none":
            return rayleigh_bpsk_capacity(self.sigma)
        energies, weights = self._energies
        esno = from_db(self.esno_db) * energies
        if signal != "gaussian":
            return float(weights @ bpsk_capacity(esno))
        return float(weights @ (self._dimensions * awgn_capacity(esno / self._dimensions)))

    def modulated_ber(self) -> float:
        """The exact bit-error probability of BPSK without coding: the mean of Q(sqrt(2 g^2 Es/N0))."""
        from scipy.special import erfc

        energies, weights = self._energies
        return float(weights @ erfc(np.sqrt(from_db(self.esno_db) * energies))) / 2

    def _shown(self, **own: Any) -> str:
        ebno = {} if self.ebno_db is None else {"ebno_db": self.ebno_db}
        more = {"coherence": self.coherence, "csi": self.csi, "dimensions": self._dimensions}
        usual = {"coherence": "symbol", "csi": "perfect", "dimensions": 1}
        told = {name: value for name, value in more.items() if value != usual[name]}
        values = {"esno_db": self.esno_db, **ebno, **own, **told}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values.items())})"

    def __repr__(self) -> str:
        return self._shown()


class Rayleigh(Fading):
    """Rayleigh fading: nothing in line of sight, gains are moduli of complex Gaussians of mean square 1.

    Parameters
    ----------
    ebno_db, esno_db
        Mean Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts: ``symbol``, ``frame``, or a number of samples.
    csi
        What the receiver knows of the gains: ``perfect``, each of them; ``none``, their law (for BPSK alone,
        and coherence ``symbol``: LLRs of y are ln p(y | 0) / p(y | 1), the densities means over the gains).
    rate
        Information bits a sample, R log2 M. Needed with ``ebno_db``.
    dimensions
        Of a sample: 2 where it is complex.

    Raises
    ------
    ValueError
        If a value is outside its range, or the gains are not known and last for several samples.

    Examples
    --------
    >>> round(Rayleigh(esno_db=0, dimensions=2).capacity(), 6)
    0.860347
    """

    name: ClassVar[str] = "rayleigh"
    formula: ClassVar[str] = r"$C = \frac{1}{2} E[\log_2(1 + 2 g^2 E_s/N_0)]$"
    complex_formula: ClassVar[str] = r"$C = E[\log_2(1 + g^2 E_s/N_0)]$"
    examples: ClassVar[Examples] = (
        {"esno_db": 3.0},
        {"ebno_db": 4.0, "coherence": 5},
        {"esno_db": 2.0, "csi": "none"},
        {"esno_db": 10.0, "coherence": "frame"},
    )

    def __init__(
        self,
        *,
        ebno_db: float | None = None,
        esno_db: float | None = None,
        coherence: Coherence = "symbol",
        csi: CSI = "perfect",
        rate: float | None = None,
        dimensions: int = 1,
    ) -> None:
        super().__init__(
            ebno_db=ebno_db, esno_db=esno_db, coherence=coherence, csi=csi, rate=rate, dimensions=dimensions
        )

    @property
    def _law(self) -> tuple[float, float, int]:
        return 0.0, math.sqrt(0.5), 2

    @property
    def _deviation(self) -> float:
        return 1.0

    def _log_density(self, energy: Floats) -> Floats:
        return -energy


class Rician(Fading):
    """Rician fading: a part in line of sight beside what is scattered.

    Parameters
    ----------
    k_factor_db
        Rice's factor K in dB, the energy in line of sight over that of the rest, in [-40, 40].
    ebno_db, esno_db
        Mean Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts: ``symbol``, ``frame``, or a number of samples. The receiver knows them.
    rate
        Information bits a sample, R log2 M. Needed with ``ebno_db``.
    dimensions
        Of a sample: 2 where it is complex.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Examples
    --------
    >>> Rician(k_factor_db=6, esno_db=3).modulated_ber() < Rayleigh(esno_db=3).modulated_ber()
    True
    """

    name: ClassVar[str] = "rician"
    formula: ClassVar[str] = Rayleigh.formula
    complex_formula: ClassVar[str] = Rayleigh.complex_formula
    examples: ClassVar[Examples] = (
        {"k_factor_db": 6.0, "esno_db": 2.0},
        {"k_factor_db": 20.0, "ebno_db": 3.0, "coherence": 3},
    )

    def __init__(
        self,
        *,
        k_factor_db: float,
        ebno_db: float | None = None,
        esno_db: float | None = None,
        coherence: Coherence = "symbol",
        rate: float | None = None,
        dimensions: int = 1,
    ) -> None:
        k_factor_db = as_number(k_factor_db, "k_factor_db")
        if not abs(k_factor_db) <= MOST_K_DB:
            raise ValueError(f"k_factor_db must lie in [-{MOST_K_DB}, {MOST_K_DB}], got {k_factor_db:g}")
        super().__init__(
            ebno_db=ebno_db, esno_db=esno_db, coherence=coherence, rate=rate, dimensions=dimensions
        )
        self._k_factor_db, self._k = k_factor_db, from_db(k_factor_db)

    @property
    def k_factor_db(self) -> float:
        """Rice's factor K in dB."""
        return self._k_factor_db

    @property
    def _law(self) -> tuple[float, float, int]:
        return math.sqrt(self._k / (1 + self._k)), math.sqrt(0.5 / (1 + self._k)), 2

    @property
    def _deviation(self) -> float:
        return math.sqrt(1 + 2 * self._k) / (1 + self._k)

    def _log_density(self, energy: Floats) -> Floats:
        from scipy.special import ive

        k = self._k
        z = 2 * np.sqrt(k * (1 + k) * energy)
        exponent = -((np.sqrt((1 + k) * energy) - math.sqrt(k)) ** 2)
        found: Floats = math.log1p(k) + exponent + np.log(ive(0, z))
        return found

    def __repr__(self) -> str:
        return self._shown(k_factor_db=self.k_factor_db)


class Nakagami(Fading):
    """Nakagami fading: the square of a gain has a gamma law of shape m; m = 1 is Rayleigh's.

    Parameters
    ----------
    m
        The shape, 1/2, 1, 3/2 and so on up to 50: half the number of squares of normals that are added.
    ebno_db, esno_db
        Mean Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts: ``symbol``, ``frame``, or a number of samples. The receiver knows them.
    rate
        Information bits a sample, R log2 M. Needed with ``ebno_db``.
    dimensions
        Of a sample: 2 where it is complex.

    Raises
    ------
    ValueError
        If a value is outside its range.

    Examples
    --------
    >>> round(Nakagami(m=1, esno_db=0, dimensions=2).capacity(), 6)
    0.860347
    """

    name: ClassVar[str] = "nakagami"
    formula: ClassVar[str] = Rayleigh.formula
    complex_formula: ClassVar[str] = Rayleigh.complex_formula
    examples: ClassVar[Examples] = (
        {"m": 2.0, "esno_db": 2.0},
        {"m": 0.5, "ebno_db": 6.0, "coherence": 4},
        {"m": 2.5, "esno_db": -3.0},
    )

    def __init__(
        self,
        *,
        m: float,
        ebno_db: float | None = None,
        esno_db: float | None = None,
        coherence: Coherence = "symbol",
        rate: float | None = None,
        dimensions: int = 1,
    ) -> None:
        m = as_number(m, "m")
        if not 0.5 <= m <= MOST_M or 2 * m != int(2 * m):
            raise ValueError(f"m must be a multiple of 1/2 from 1/2 to {MOST_M}, got {m:g}")
        super().__init__(
            ebno_db=ebno_db, esno_db=esno_db, coherence=coherence, rate=rate, dimensions=dimensions
        )
        self._m = m

    @property
    def m(self) -> float:
        """The shape of the law of the gain's square."""
        return self._m

    @property
    def _law(self) -> tuple[float, float, int]:
        return 0.0, math.sqrt(0.5 / self.m), int(2 * self.m)

    @property
    def _deviation(self) -> float:
        return math.sqrt(1 / self.m)

    def _log_density(self, energy: Floats) -> Floats:
        m = self.m
        found: Floats = m * math.log(m) - math.lgamma(m) + (m - 1) * np.log(energy) - m * energy
        return found

    def __repr__(self) -> str:
        return self._shown(m=self.m)
