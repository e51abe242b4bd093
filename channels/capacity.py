"""Capacities of the three channels in bits a channel use, and the worst channel a rate can live with.

C. E. Shannon, "A mathematical theory of communication", 1948; Cover and Thomas, "Elements of
Information Theory", 2nd ed., 2006, chapters 7 and 9.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .decibels import from_db, to_db
from .elementwise import elementwise


@elementwise
def binary_entropy(p: float) -> float:
    """H(p) = -p log2 p - (1 - p) log2 (1 - p) in bits, for p in [0, 1]; 0 at both ends."""
    if not 0 <= p <= 1:
        raise ValueError(f"p must lie in [0, 1], got {p}")
    if p in (0, 1):
        return 0.0
    return -(p * math.log(p) + (1 - p) * math.log1p(-p)) / math.log(2)


@elementwise
def inverse_binary_entropy(entropy: float) -> float:
    """The p in [0, 1/2] with H(p) = entropy, for an entropy in [0, 1]."""
    if not 0 <= entropy <= 1:
        raise ValueError(f"entropy must lie in [0, 1], got {entropy}")
    if entropy in (0, 1):
        return entropy / 2
    # Solved for ln p: H falls off like -p log p, so small entropies keep their relative precision.
    return math.exp(root(lambda x: binary_entropy(math.exp(x)) - entropy, -744.0, -math.log(2)))


@elementwise
def bsc_capacity(f: float) -> float:
    """1 - H(f) of the binary symmetric channel, crossover probability f in [0, 1]."""
    if not 0 <= f <= 1:
        raise ValueError(f"f must lie in [0, 1], got {f}")
    bias = 1 - 2 * f
    return _capacity_of_bias(bias) if abs(bias) < 0.5 else 1 - binary_entropy(f)


def _capacity_of_bias(bias: float) -> float:
    """1 - H((1 - bias) / 2), which keeps its relative precision where 1 - H would cancel."""
    return (bias * math.atanh(bias) + math.log1p(-bias * bias) / 2) / math.log(2)


@elementwise
def bec_capacity(epsilon: float) -> float:
    """1 - epsilon of the binary erasure channel, epsilon in [0, 1]."""
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon must lie in [0, 1], got {epsilon}")
    return 1 - epsilon


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


def normal_nodes(deviation: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Nodes z and weights, shape (nodes) each, for E[g(m + deviation z)] over a standard normal z.

    For a function g of an LLR such as ln(1 + e^-L), analytic within pi of the real axis, and a deviation
    above 0. The trapezoidal rule converges exponentially there; errors are below 1e-15 of g's size.
    """
    # g is analytic for |Im z| < pi / deviation; the step keeps the error term
    # exp(-2 pi (pi / deviation) / step), and that of the Gaussian, below 1e-15.
    step = min(0.1, 2 * math.pi**2 / (deviation * 36))
    z = np.arange(-math.ceil(12 / step), math.ceil(12 / step) + 1, dtype=np.float64) * step
    weights: npt.NDArray[np.float64] = np.exp(-z * z / 2) * (step / math.sqrt(2 * math.pi))
    return z, weights


@elementwise
def bsc_limit(rate: float) -> float:
    """The largest crossover probability at which ``rate`` in [0, 1] does not exceed the capacity."""
    _check_rate(rate)
    if rate > 0.1:
        return inverse_binary_entropy(1 - rate)
    # Solved for the bias 1 - 2 f, about sqrt(2 ln 2 R): 1 - rate would lose the digits of the rate.
    return (1 - root(lambda bias: _capacity_of_bias(bias) - rate, 0.0, 0.5)) / 2 if rate > 0 else 0.5


@elementwise
def bec_limit(rate: float) -> float:
    """The largest erasure probability at which ``rate`` in [0, 1] does not exceed the capacity."""
    _check_rate(rate)
    return 1 - rate


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


def _check_rate(rate: float) -> None:
    if not 0 <= rate <= 1:
        raise ValueError(f"rate must lie in [0, 1], got {rate}")


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """The zero of an increasing function between two bounds, by Brent's method."""
    from scipy.optimize import brentq

    if function(high) <= 0:  # the end itself, up to rounding
        return high
    return float(brentq(function, low, high, xtol=1e-14, rtol=1e-14, maxiter=200))
