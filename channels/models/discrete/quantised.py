"""BPSK over the AWGN channel behind a quantiser of b bits.

B. M. Kurkoski and H. Yagi, "Quantization of binary-input discrete memoryless channels", IEEE Transactions on
Information Theory 60(8), 2014; J. Singh, O. Dabeer and U. Madhow, "On the limits of communication with
low-precision analog-to-digital conversion at the receiver", 2009.
"""

import math
from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
import numpy.typing as npt

from ....vectors.whole_numbers import whole_number
from ...elementwise import as_number
from ...information.law import DiscreteLaw
from ...information.quantisers import best_intervals, partial_information
from ...parameter import EBNO, ESNO, Parameter
from ..channel import Examples, Signal, check_signal
from ..mean_energy import MeanEnergy, gaussian_of
from .binary_input import BinaryInputChannel

Floats = npt.NDArray[np.float64]
EVEN = np.array([0.5, 0.5])
#: The most bits of a quantiser.
MOST_BITS = 8
#: The most cells among which an optimal one is searched for, if there are four for each level.
MOST_CELLS = 384


class QuantisedBPSK(MeanEnergy, BinaryInputChannel):
    """BPSK with Gaussian noise, of which the receiver has b bits a sample: 2^b levels, symmetric about 0.

    The outputs are the levels from the highest y down, so that output 0 speaks most for bit 0.

    Parameters
    ----------
    ebno_db, esno_db
        Eb/N0 or Es/N0 in dB, one of them; it, and Es/N0, must lie in [-100, 100].
    bits
        b, from 1 to 8; 1 is a hard decision.
    quantiser
        ``uniform``: thresholds at multiples of a step. ``optimal``: those of the greatest mutual information
        of fair bits and levels, by dynamic programming over at least four cells for each level, and then the
        thresholds near by that satisfy the conditions of an optimum: to 1e-9 bits.
    step
        Of ``uniform``, in units of the BPSK level, above 0; by default the one of the greatest mutual
        information at the operating point.
    rate
        Code rate k / n. Needed with ``ebno_db``.

    Raises
    ------
    ValueError
        If not exactly one of the two is given, the rate is missing, a number is outside its range, or there
        is a step though the quantiser is not uniform.

    Examples
    --------
    >>> for bits in (1, 2, 3):
    ...     print(round(QuantisedBPSK(esno_db=0, bits=bits, quantiser="optimal").capacity("bpsk"), 4))
    0.6026
    0.6935
    0.7145
    """

    parameters: ClassVar[tuple[Parameter | str, ...]] = (EBNO, ESNO)
    definitions: ClassVar[Mapping[str, str]] = {each.name: each.definition for each in (EBNO, ESNO)}
    examples: ClassVar[Examples] = (
        {"esno_db": 0.0, "bits": 3},
        {"ebno_db": 2.0, "bits": 2, "quantiser": "optimal"},
        {"esno_db": 3.0, "bits": 2, "step": 0.5},
    )

    def __init__(
        self,
        *,
        ebno_db: float | None = None,
        esno_db: float | None = None,
        bits: int,
        quantiser: Literal["uniform", "optimal"] = "uniform",
        step: float | None = None,
        rate: float | None = None,
    ) -> None:
        self._gaussian = gaussian_of("quantised", ebno_db, esno_db, rate)
        bits = whole_number(bits, "bits")
        if not 1 <= bits <= MOST_BITS:
            raise ValueError(f"bits must lie in 1 to {MOST_BITS}, got {bits}")
        if quantiser not in ("uniform", "optimal"):
            raise ValueError(f"quantiser must be uniform or optimal, got {quantiser!r}")
        if step is not None:
            step = as_number(step, "step")
            if quantiser != "uniform":
                raise ValueError("step is that of a uniform quantiser: leave it out with quantiser: optimal")
            if not 0 < step < math.inf:
                raise ValueError(f"step must be above 0, got {step:g}")
        self._bits, self._quantiser, self._step = bits, quantiser, step
        self._positive = self._thresholds()
        logs = _log_masses(self._positive, self._gaussian.sigma)
        logs = np.hstack([logs[:, ::-1], logs[::-1]])  # from the highest level down
        super().__init__(np.exp(logs), logs[0] - logs[1])

    @property
    def thresholds(self) -> Floats:
        """Between the levels, rising, symmetric about 0: float64 (2^b - 1)."""
        return np.concatenate([-self._positive[::-1], [0.0], self._positive])

    def _thresholds(self) -> Floats:
        """The positive ones, rising, float64 (2^(b - 1) - 1)."""
        sigma, half = self._gaussian.sigma, 1 << (self._bits - 1)
        if half == 1:
            return np.empty(0)
        if self._quantiser == "optimal":
            return _optimal(half, sigma)
        step = _best_step(half, sigma) if self._step is None else self._step
        return np.asarray(step * np.arange(1, half), np.float64)

    def law(self) -> DiscreteLaw:
        """Of fair bits, which reach the capacity of BPSK."""
        return DiscreteLaw(self.transition)

    def capacity(self, signal: Signal = "gaussian") -> float:
        """Bits a use: of BPSK, or an upper bound for any input of this power, that of the AWGN channel or b.

        Raises ValueError for another ``signal``.
        """
        check_signal(signal)
        if signal != "gaussian":
            return super().capacity("modulation")
        return min(float(self._gaussian.capacity()), float(self._bits))

    def __repr__(self) -> str:
        ebno = "" if self.ebno_db is None else f", ebno_db={self.ebno_db!r}"
        step = "" if self._step is None else f", step={self._step!r}"
        return (
            f"QuantisedBPSK(esno_db={self.esno_db!r}{ebno}, bits={self._bits!r}, "
            f"quantiser={self._quantiser!r}{step})"
        )


def _log_masses(positive: Floats, sigma: float) -> Floats:
    """ln P(level | bit) of the levels above 0, upwards: float64 (2, levels)."""
    from scipy.special import log_ndtr

    low, high = np.concatenate([[0.0], positive]), np.concatenate([positive, [np.inf]])

    def mass(mean: float) -> Floats:
        """Of the normal law around a mean, each interval by the tail that is the smaller one."""
        a, b = (low - mean) / sigma, (high - mean) / sigma
        upper = a + b > 0
        far, near = np.where(upper, -b, a), np.where(upper, -a, b)
        log_near, log_far = log_ndtr(near), log_ndtr(far)
        # exp(log_far - log_near) is at most 1 but for rounding, and 1 where an interval is empty.
        with np.errstate(divide="ignore"):
            return np.asarray(log_near + np.log(-np.expm1(np.minimum(log_far - log_near, 0.0))))

    return np.array([mass(1.0), mass(-1.0)])


def _information(positive: Floats, sigma: float) -> float:
    """Of fair bits and levels, in nats."""
    return 2 * float(partial_information(np.exp(_log_masses(positive, sigma)) / 2, EVEN).sum())


def _best_step(half: int, sigma: float) -> float:
    """The step of the greatest mutual information: the best of many, and then near it."""
    from scipy.optimize import minimize_scalar

    def lost(log_step: float) -> float:
        return -_information(np.asarray(math.exp(log_step) * np.arange(1, half), np.float64), sigma)

    # Up to where all thresholds but 0 lie beyond what is ever received.
    logs = np.linspace(math.log(sigma / half / 8), math.log(1 + 8 * sigma), 80)
    at = int(np.argmin([lost(log) for log in logs]))
    ends = logs[max(at - 1, 0)], logs[min(at + 1, len(logs) - 1)]
    return math.exp(minimize_scalar(lost, bounds=ends, method="bounded", options={"xatol": 1e-9}).x)


def _optimal(half: int, sigma: float) -> Floats:
    """Thresholds of the greatest mutual information, of which the levels above 0 keep half.

    The best ones on a grid, by dynamic programming; then those near them at which a sample keeps as much in
    either of its levels, as it must in an optimum. The equations of three neighbours make a band.
    """
    from scipy.optimize import root

    # LLRs of more than 40 are certain as far as information goes, and so is what lies far above the level.
    top = min(1 + 8 * sigma, max(20 * sigma**2, sigma))
    grid = np.linspace(0, top, max(4 * half, min(16 * half, MOST_CELLS)) + 1)[1:-1]
    joint = np.exp(_log_masses(grid, sigma)) / 2
    coarse: Floats = grid[best_intervals(joint, EVEN, half)[:-1] - 1]

    def off(scaled: Floats) -> Floats:
        logs = _log_masses(np.maximum.accumulate(scaled * top), sigma)
        with np.errstate(divide="ignore", invalid="ignore"):
            gained = np.diff(logs - np.logaddexp(*logs), axis=1)  # of ln P(bit | level)
            llr = np.log(-gained[1] / gained[0])
        return np.asarray(np.nan_to_num(llr * sigma**2 / 2 / top - scaled, nan=1.0, posinf=1.0, neginf=-1.0))

    found = np.asarray(root(off, coarse / top, options={"band": (1, 1), "xtol": 1e-10}).x) * top
    rising = bool((np.diff(found, prepend=0.0) > 0).all())
    # Levels may be so rare that float64 cannot tell.
    return found if rising and _information(found, sigma) >= _information(coarse, sigma) else coarse
