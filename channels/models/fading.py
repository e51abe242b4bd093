"""Flat fading: y = g x + noise, with a random gain g of mean square 1, whose phase is known to the receiver.

J. G. Proakis and M. Salehi, "Digital Communications", 5th ed., 2008, chapter 13; M. K. Simon and M.-S.
Alouini, "Digital Communication over Fading Channels", 2nd ed., 2005, chapters 2, 5 and 8.
"""

import copy
import math
from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ...vectors.groups import SOFT, GroupInput, Reads, Soft, Words
from ...vectors.vector_kernels import LANES_FLOAT32
from ..decibels import from_db
from ..elementwise import as_number
from ..parameter import EBNO, ESNO, Parameter
from ..streams.stream import Stream
from .awgn import awgn_capacity, bpsk_capacity
from .channel import LLR_MAX, Channel, Examples, Signal, bpsk_through_receive, check_signal, of_one_pass
from .doppler.sinusoid_kernels import fade_by_sinusoids
from .doppler.sinusoids import sinusoids_of
from .fading_kernels import fade_groups, faded_llr_groups
from .mean_energy import MeanEnergy, gaussian_of
from .observation import Observation, check_samples
from .sample_kernels import add_noise_groups
from .unknown_gains import rayleigh_bpsk_capacity, rayleigh_llr

Floats = npt.NDArray[np.float64]
Coherence = Literal["symbol", "frame"] | int | dict[str, float]
CSI = Literal["perfect", "none"] | dict[str, float]
#: The least part of the probability that a node of a mean over the gains may have.
LEAST_WEIGHT = 1e-18
#: The range of what estimates of gains are better than their errors, in dB.
LEAST_NOISY_DB, MOST_NOISY_DB = -40.0, 100.0
#: The highest Doppler shift, in periods a sample.
MOST_DOPPLER = 0.5
#: Half of the most squares of normals that make the square of a gain, and Rice's factor in dB.
MOST_M, MOST_K_DB = 50, 40


class Fading(MeanEnergy, Channel):
    """Fading with additive white Gaussian noise, at one Es/N0; BPSK unless a modulation is named.

    Es is the mean energy of what is received: the mean square of the gain is 1.

    Parameters
    ----------
    ebno_db, esno_db
        Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts: ``symbol``, ``frame``, or a number of samples; or ``{"doppler": f}``, where
        gains change within a frame.
    csi
        What the receiver knows of the gains: ``perfect``, each of them; ``none``, their law; ``{"noisy_db":
        x}``, an estimate of each complex gain with a Gaussian error of variance 10^(-x / 10).
    rate, dimensions
        As for ``AWGN``: information bits a sample, and its real dimensions.

    Raises
    ------
    ValueError
        If a value is outside its range, or the gains are not all known and last for several samples.

    Notes
    -----
    An estimate and the gain are jointly Gaussian: given the estimate, the gain is its conditional mean and a
    complex Gaussian remainder, which a sample x turns into noise of |x|^2 times its variance: what is
    received is that of a known gain, the conditional mean, in more noise. LLRs are exact therefore (G.
    Taricco and E. Biglieri, "Space-time decoding with imperfect channel estimation", 2005). So are limits for
    BPSK, QPSK and PSK, whose samples have all the energy 1; those of other points are not known.
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
        self._gaussian = gaussian_of(self.name, ebno_db, esno_db, rate, dimensions)
        self._doppler = _doppler_of(coherence)
        self._coherence: Coherence = coherence
        self._csi, self._dimensions = csi, dimensions
        self._error = _error_of(csi)
        if csi != "perfect" and coherence not in ("symbol", 1):
            told = "none" if csi == "none" else "noisy_db"
            raise ValueError(f"csi: {told} needs coherence: symbol, where LLRs do not depend on each other")
        if csi == "none":
            vars(self)["takes_samples"] = False  # LLRs without gains are known for BPSK alone
        elif csi != "perfect":
            vars(self)["unit_energy"] = True

    def of_any_energy(self) -> "Fading":
        """The same for samples that have not all the energy 1: what is not known of a gain grows with it."""
        made = copy.copy(self)
        vars(made)["unit_energy"] = False
        return made

    @property
    def _by_energy(self) -> bool:
        """Whether the noise depends on the sample."""
        return bool(self._error) and not self.unit_energy

    @property
    def sigma(self) -> float:
        """Standard deviation of the noise in each real dimension."""
        return self._gaussian.sigma

    @property
    def coherence(self) -> Coherence:
        """How long a gain lasts."""
        return self._coherence

    @property
    def dimensions(self) -> int:
        """Real dimensions of a sample."""
        return self._dimensions

    @property
    def csi(self) -> CSI:
        """What the receiver knows of the gains."""
        return self._csi

    @property
    @abstractmethod
    def _law(self) -> tuple[float, float, int]:
        """Of a gain: what is in line of sight, the deviation of what is scattered, and how many squares."""

    @property
    def _known(self) -> float:
        """The share of what is scattered that an estimate tells."""
        scattered = 2 * self._law[1] ** 2
        return scattered / (scattered + self._error)

    @property
    def _seen_sigma(self) -> float:
        """Standard deviation of the noise in each real dimension, with what is not known of the gains."""
        return math.hypot(self.sigma, math.sqrt(self._known * self._error / 2))

    @property
    def _seen_esno(self) -> float:
        """Es/N0, a ratio, of what the receiver knows of the gains in noise and the rest."""
        if not self._error:
            return from_db(self.esno_db)
        sight, scatter, squares = self._law
        return (sight**2 + squares * self._known * scatter**2) / (2 * self._seen_sigma**2)

    @property
    @abstractmethod
    def _deviation(self) -> float:
        """About the standard deviation of ln g^2."""

    @abstractmethod
    def _log_density(self, energy: Floats) -> Floats:
        """The logarithm of the density of g^2."""

    def _drawn(self, uses: int) -> tuple[tuple[np.float32, np.float32, int], int]:
        """The law of gains that are known, for kernels, and for how many samples of a frame a gain lasts."""
        sight, scatter, squares = self._law
        scatter *= math.sqrt(self._known)
        law = np.float32(sight), np.float32(scatter), squares
        if isinstance(self.coherence, str | dict):
            return law, max(uses, 1) if self.coherence == "frame" else 1
        return law, int(self.coherence)

    def receive_groups(
        self, samples: npt.NDArray[np.float32], stream: Stream, dimensions: int
    ) -> Observation:
        """Gains first, a pair of words for each two squares of normals, and then noise.

        With a Doppler shift a pair of words for each sinusoid instead, once for each square.
        """
        check_samples(samples, stream, dimensions)
        gains, sent = np.empty_like(samples), samples.copy() if self._by_energy else samples
        uses = samples.shape[1] // dimensions
        law, lasting = self._drawn(uses)
        if self._doppler is None:
            fade_groups(stream.state, law, lasting * dimensions, samples, gains)
        else:
            waves = sinusoids_of(self._doppler, uses)
            room = np.empty((4 * waves.within.shape[1], LANES_FLOAT32), np.float32)
            tables = waves.within, waves.ahead, np.float32(waves.scale)
            fade_by_sinusoids(stream.state, law, dimensions, *tables, room, samples, gains)
        if self._by_energy:
            return self._with_noise_by_energy(samples, sent, gains, stream, dimensions)
        add_noise_groups(stream.state, np.float32(self._seen_sigma), samples)
        return Observation(samples, self._seen_sigma**2, stream.frames, gains=gains)

    def _with_noise_by_energy(
        self,
        samples: npt.NDArray[np.float32],
        sent: npt.NDArray[np.float32],
        gains: npt.NDArray[np.float32],
        stream: Stream,
        dimensions: int,
    ) -> Observation:
        """Faded samples with noise that has what is not known of their gains in it."""
        noise, unknown = np.zeros_like(samples), self._known * self._error / 2
        add_noise_groups(stream.state, np.float32(1), noise)
        parts = sent.reshape(len(sent), -1, dimensions, sent.shape[2])
        variance = np.float32(self.sigma**2) + np.float32(unknown) * (parts**2).sum(axis=2, keepdims=True)
        samples += (noise.reshape(parts.shape) * np.sqrt(variance)).reshape(samples.shape)
        return Observation(samples, self.sigma**2, stream.frames, gains=gains, gain_variance=unknown)

    def observe(self, words: Words, stream: Stream, reads: Reads = SOFT) -> GroupInput:
        """BPSK: LLRs 2 g y / sigma^2, or those of y alone, of at most LLR_MAX in size."""
        self.check_words(words, stream)
        if self._doppler is not None:
            return bpsk_through_receive(self, words, stream, reads)
        if self.csi == "none":
            sent = np.asarray(GroupInput(stream.frames, hard=words).soft(), np.float32)
            seen = self.receive_groups(sent, stream, 1)
            y = GroupInput(stream.frames, llr=seen.samples).lanes()
            return GroupInput.of_lanes(rayleigh_llr(y, self.sigma, LLR_MAX), reads)
        law, lasting = self._drawn(words.shape[1])
        sigma = self._seen_sigma
        noise = np.float32(sigma), np.float32(2 / sigma**2), np.float32(LLR_MAX)
        room = np.empty((words.shape[1], LANES_FLOAT32), np.float32)

        def put(steps: np.float32 | None, llr: Soft) -> None:
            faded_llr_groups(stream.state, words, law, lasting, *noise, steps, room, llr)

        return of_one_pass(words.shape, stream.frames, reads, put)

    @cached_property
    def _nodes(self) -> tuple[Floats, Floats]:
        return self.nodes(0.25)

    def nodes(self, step: float) -> tuple[Floats, Floats]:
        """Nodes, values of ln(g^2 Es/N0), and weights of a mean over the gains: the trapezoidal rule.

        Densities of ln g^2 are analytic and fall off at least exponentially, so that the rule converges
        exponentially wherever its grid lies; what is left out is below 1e-15. Nodes are multiples of a power
        of two, whatever Es/N0 is: what a mean is taken of need not be found anew for each. It is at most
        ``step``, which is to be small where a function of the gains changes within less than 1/4.
        """
        step = 2.0 ** math.floor(math.log2(min(step, 0.4 * self._deviation)))
        mean = math.log(self._seen_esno)
        first, last = math.ceil((mean - 90) / step), math.floor((mean + 7) / step)
        logs = np.arange(first, last + 1, dtype=np.float64) * step
        weights = step * np.exp(self._log_density(np.exp(logs - mean)) + logs - mean)
        there = weights > LEAST_WEIGHT
        return logs[there], weights[there]

    @cached_property
    def _energies(self) -> tuple[Floats, Floats]:
        """Nodes and weights of a mean over g^2 of gains that are known, with mean 1."""
        logs, weights = self._nodes
        return np.asarray(np.exp(logs) / self._seen_esno), weights

    @abstractmethod
    def energy_below(self, energy: npt.ArrayLike) -> Floats:
        """P(g^2 <= energy), float64 of the same shape."""

    def blocks(self, uses: int) -> tuple[int, ...]:
        """For how many samples of a frame of ``uses`` each of its gains lasts."""
        lasting = self._drawn(uses)[1]
        return tuple(min(lasting, uses - first) for first in range(0, uses, lasting))

    def mean_over_gains(self, function: Callable[[float], float]) -> float | None:
        """The mean of a function of Es/N0 over the gains, to 1e-9; None where they are not known.

        Nor is it where the noise depends on the sample: there is no Es/N0 for a gain then.
        """
        if self.csi == "none" or self._by_energy:
            return None
        logs, weights = self._nodes
        return float(weights @ [function(math.exp(log)) for log in logs.tolist()])

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Ergodic capacity in bits a sample, of any input (Gaussian) or of BPSK; to 1e-9.

        The mean over gains: it is reached by codes whose words see many of them, not by one that sees a
        single one. Where the gains are not all known, that of any input is an upper bound, the capacity with
        them. Raises ValueError for another ``signal``.
        """
        check_signal(signal)
        if signal != "gaussian" and self.csi == "none":
            return rayleigh_bpsk_capacity(self.sigma)
        if signal == "gaussian" and self._error:
            return self._all_known().capacity()
        logs, weights = self._nodes
        esno = np.exp(logs)
        if signal != "gaussian":
            return float(weights @ bpsk_capacity(esno))
        return float(weights @ (self._dimensions * awgn_capacity(esno / self._dimensions)))

    def modulated_ber(self) -> float:
        """The exact bit-error probability of BPSK without coding: the mean of Q(sqrt(2 g^2 Es/N0))."""
        from scipy.special import erfc

        logs, weights = self._nodes
        return float(weights @ erfc(np.exp(logs / 2))) / 2

    def _all_known(self) -> "Fading":
        """The same with gains that are known; asked of classes whose gains may be estimated."""
        raise NotImplementedError

    def _shown(self, **own: Any) -> str:
        ebno = {} if self.ebno_db is None else {"ebno_db": self.ebno_db}
        more = {"coherence": self.coherence, "csi": self.csi, "dimensions": self._dimensions}
        usual = {"coherence": "symbol", "csi": "perfect", "dimensions": 1}
        told = {name: value for name, value in more.items() if value != usual[name]}
        values = {"esno_db": self.esno_db, **ebno, **own, **told}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values.items())})"

    def __repr__(self) -> str:
        return self._shown()


def _doppler_of(coherence: Coherence) -> float | None:
    """The Doppler shift in periods a sample; None where gains last, or are independent.

    Raises ValueError for what is no coherence.
    """
    if isinstance(coherence, dict):
        if set(coherence) != {"doppler"}:
            raise ValueError(f"coherence has one key beside the lengths, doppler, got {coherence!r}")
        doppler = as_number(coherence["doppler"], "coherence: doppler")
        if not 0 < doppler <= MOST_DOPPLER:
            raise ValueError(
                f"coherence: doppler must lie in (0, {MOST_DOPPLER}] periods a sample, got {doppler:g}"
            )
        return doppler
    whole = isinstance(coherence, int | np.integer) and not isinstance(coherence, bool) and coherence > 0
    if not whole and coherence not in ("symbol", "frame"):
        raise ValueError(
            f"coherence must be symbol, frame, a number of samples or {{doppler: f_D T}}, got {coherence!r}"
        )
    return None


def _error_of(csi: CSI) -> float:
    """The variance of the error of estimates, 0 if there is none; raises ValueError for what is no CSI."""
    if isinstance(csi, dict):
        if set(csi) != {"noisy_db"}:
            raise ValueError(f"csi must be perfect, none or {{noisy_db: number}}, got {csi!r}")
        noisy_db = as_number(csi["noisy_db"], "csi: noisy_db")
        if not LEAST_NOISY_DB <= noisy_db <= MOST_NOISY_DB:
            range_ = f"[{LEAST_NOISY_DB:g}, {MOST_NOISY_DB:g}]"
            raise ValueError(f"csi: noisy_db must lie in {range_}, got {noisy_db:g}")
        return from_db(-noisy_db)
    if csi not in ("perfect", "none"):
        raise ValueError(f"csi must be perfect, none or {{noisy_db: number}}, got {csi!r}")
    return 0.0


class Rayleigh(Fading):
    """Rayleigh fading: nothing in line of sight, gains are moduli of complex Gaussians of mean square 1.

    Parameters
    ----------
    ebno_db, esno_db
        Mean Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts: ``symbol``, ``frame``, or a number of samples; or ``{"doppler": f}``, where
        gains change within a frame as Jakes' spectrum says: the parts of the complex gain are stationary
        Gaussian processes with the autocorrelation J0(2 pi f m) at m samples, f = f_D T in (0, 1/2].
    csi
        What the receiver knows of the gains: ``perfect``, each of them; ``none``, their law (for BPSK alone:
        LLRs of y are ln p(y | 0) / p(y | 1), the densities means over the gains); ``{"noisy_db": x}``, an
        estimate of each, with a complex Gaussian error that has x dB less energy than the gains, in [-40,
        100] (for BPSK, QPSK and PSK). Gains that are not known last for a ``symbol``.
    rate
        Information bits a sample, R log2 M. Needed with ``ebno_db``.
    dimensions
        Of a sample: 2 where it is complex.

    Raises
    ------
    ValueError
        If a value is outside its range, or the gains are not all known and last for several samples.

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
        {"esno_db": 6.0, "csi": {"noisy_db": 8.0}},
        {"esno_db": 4.0, "coherence": {"doppler": 0.1}},
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

    def energy_below(self, energy: npt.ArrayLike) -> Floats:
        """P(g^2 <= energy) = 1 - exp(-energy)."""
        return np.asarray(-np.expm1(-np.maximum(energy, 0.0)))

    def _all_known(self) -> Fading:
        return Rayleigh(esno_db=self.esno_db, dimensions=self._dimensions)


class Rician(Fading):
    """Rician fading: a part in line of sight beside what is scattered.

    Parameters
    ----------
    k_factor_db
        Rice's factor K in dB, the energy in line of sight over that of the rest, in [-40, 40].
    ebno_db, esno_db
        Mean Eb/N0 or Es/N0 in dB, one of them, in [-100, 100].
    coherence
        How long a gain lasts, as for ``Rayleigh``; with ``{"doppler": f}`` what is in line of sight stays.
    csi
        What the receiver knows of the gains: ``perfect``, each of them; ``{"noisy_db": x}``, estimates, as
        for ``Rayleigh``.
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
        csi: Literal["perfect"] | dict[str, float] = "perfect",
        rate: float | None = None,
        dimensions: int = 1,
    ) -> None:
        given: CSI = csi
        if given == "none":
            raise ValueError("csi must be perfect or {noisy_db: number} over rician, got 'none'")
        k_factor_db = as_number(k_factor_db, "k_factor_db")
        if not abs(k_factor_db) <= MOST_K_DB:
            raise ValueError(f"k_factor_db must lie in [-{MOST_K_DB}, {MOST_K_DB}], got {k_factor_db:g}")
        super().__init__(
            ebno_db=ebno_db, esno_db=esno_db, coherence=coherence, csi=csi, rate=rate, dimensions=dimensions
        )
        self._k_factor_db, self._k = k_factor_db, from_db(k_factor_db)
        self._seen_k = self._k / self._known

    @property
    def k_factor_db(self) -> float:
        """Rice's factor K in dB."""
        return self._k_factor_db

    @property
    def _law(self) -> tuple[float, float, int]:
        return math.sqrt(self._k / (1 + self._k)), math.sqrt(0.5 / (1 + self._k)), 2

    @property
    def _deviation(self) -> float:
        return math.sqrt(1 + 2 * self._seen_k) / (1 + self._seen_k)

    def _log_density(self, energy: Floats) -> Floats:
        from scipy.special import ive

        k = self._seen_k
        z = 2 * np.sqrt(k * (1 + k) * energy)
        exponent = -((np.sqrt((1 + k) * energy) - math.sqrt(k)) ** 2)
        found: Floats = math.log1p(k) + exponent + np.log(ive(0, z))
        return found

    def energy_below(self, energy: npt.ArrayLike) -> Floats:
        """P(g^2 <= energy), of a non-central chi-square law with two degrees of freedom."""
        from scipy.special import chndtr

        return np.asarray(chndtr(2 * (1 + self._k) * np.maximum(energy, 0.0), 2, 2 * self._k))

    def _all_known(self) -> Fading:
        return Rician(k_factor_db=self.k_factor_db, esno_db=self.esno_db, dimensions=self._dimensions)

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
        How long a gain lasts, as for ``Rayleigh``; with ``{"doppler": f}`` each of the 2 m normals is such a
        process. The receiver knows the gains.
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

    def energy_below(self, energy: npt.ArrayLike) -> Floats:
        """P(g^2 <= energy), of a gamma law."""
        from scipy.special import gammainc

        return np.asarray(gammainc(self.m, self.m * np.maximum(energy, 0.0)))

    def __repr__(self) -> str:
        return self._shown(m=self.m)
