"""What orthogonal signals carry over AWGN, and how often they are mistaken, with and without their phase.

With the noise's deviation for the unit and s = sqrt(2 Es/N0), slot i is X_i = exp(s y_i - s^2 / 2) times as
probable with the signal in it as without, and X_i = exp(-s^2 / 2) I0(s r_i) times where only the size r_i of
what it receives is known. Without the signal E[X] = 1, and with it X has X times its density. So

    ln 2 (log2 M - C) = E[ln((X_1 + ... + X_M) / X_1)] = integral of phi_1(t) (1 - phi(t)^(M - 1)) / t

from t = 0 to infinity, where phi(t) = E[exp(-t X)] without the signal, phi_1(t) = E[X exp(-t X)], and
ln(b / a) is the integral of (exp(-t a) - exp(-t b)) / t. A bit tells half of the slots from the others: its
loss has phi_1 phi^(M/2 - 1) (1 - phi^(M/2)). Integrals of M dimensions become two of one each, of positive
terms.

W. E. Stark, "Capacity and cutoff rate of noncoherent FSK with nonselective Rician fading", 1985, has the
capacity; J. G. Proakis and M. Salehi, "Digital Communications", 5th ed., 2008, sections 4.4 and 4.5-3, the
probabilities of error.
"""

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...decibels import from_db
from ...elementwise import elementwise
from ...numerics import root
from ..constellation.constellations import as_order

Floats = npt.NDArray[np.float64]
Phase = Literal["coherent", "non-coherent"]
#: How far, in deviations of the noise, integrals reach; nodes of a panel, and the width of one.
REACH, NODES, PANEL = 9.5, 16, 1.0
#: Steps of ln t, and where the integrand is nothing beside what it is nearer to its middle.
STEP, LEFT, RIGHT = 0.25, 40.0, 5.0
#: From this Es/N0 on, 64 signals lose less than 1e-19 bits: no more than M^2 exp(-Es / (2 N0)).
CERTAIN = 120.0


@elementwise
def orthogonal_capacity(
    order: int, esno: float, phase: Phase = "coherent", signal: str = "modulation"
) -> float:
    """Bits a symbol that M equiprobable signals carry over AWGN, the errors being below 1e-12.

    Parameters
    ----------
    order
        M, a power of two from 2 to 4096.
    esno
        Es/N0 >= 0, a ratio.
    phase
        ``coherent``: the receiver knows the phase; ``non-coherent``: it does not.
    signal
        ``modulation``: of whole symbols; ``bicm``: of the bits of their labels, each by itself, which does
        not depend on the labels.

    Raises
    ------
    ValueError
        If ``order`` is no power of two, ``esno`` is negative or NaN, or there is no such ``signal``.

    Examples
    --------
    >>> round(orthogonal_capacity(4, 4.0, phase="coherent"), 6)
    1.797361
    """
    _check(order, esno)
    if signal not in ("modulation", "bicm"):
        raise ValueError(f"signal must be modulation or bicm, got {signal!r}")
    bits = math.log2(order)
    if esno == 0 or esno > CERTAIN:
        return 0.0 if esno == 0 else bits
    same, other, each = (0, order - 1, 1.0) if signal == "modulation" else (order // 2 - 1, order // 2, bits)
    return max(0.0, bits - each * _lost(same, other, math.sqrt(2 * esno), phase) / math.log(2))


@elementwise
def orthogonal_limit_esno(
    order: int, rate: float, phase: Phase = "coherent", signal: str = "modulation"
) -> float:
    """The least Es/N0 (a ratio) at which ``rate`` bits a symbol do not exceed that capacity.

    For a rate in [0, log2 M); raises ValueError outside.
    """
    _check(order, 0)
    if not 0 <= rate < math.log2(order):
        raise ValueError(f"rate must lie in [0, {math.log2(order):g}) for {order} signals, got {rate}")
    if rate == 0:
        return 0.0

    def surplus(db: float) -> float:
        return orthogonal_capacity(order, from_db(db), phase=phase, signal=signal) - rate

    low = 0.0
    while surplus(low) > 0:
        low -= 10
    return from_db(root(surplus, low, 21.0))


def _check(order: int, esno: float) -> None:
    as_order(order)
    if not esno >= 0:
        raise ValueError(f"esno must not be negative, got {esno}")


def _lost(same: int, other: int, s: float, phase: Phase) -> float:
    """E[ln((A + B) / A)]: A of the slot that was sent and ``same`` more, B of ``other`` ones; in nats."""
    nodes, density, log_ratio = _slot(s, phase)
    likely = np.exp(np.minimum(log_ratio, 700))
    # Of the signal's own slot ln X is about s^2 / 2, or up to REACH deviations s more or less.
    middle = -s * s / 2
    u = np.arange(middle - REACH * s - LEFT, middle + REACH * s + RIGHT, STEP)
    total = 0.0
    for part in np.array_split(u, math.ceil(len(u) * len(nodes) / 2e6)):
        with np.errstate(over="ignore", under="ignore"):
            scaled = np.exp(np.minimum(part[:, None] + log_ratio, 700))
            missing = -np.expm1(-scaled) @ density  # 1 - phi
            sent = np.exp(-scaled) @ (density * likely)
        log_phi = np.log1p(-np.minimum(missing, 1 - 1e-16))
        total += float((sent * np.exp(same * log_phi) * -np.expm1(other * log_phi)).sum())
    return total * STEP


def _slot(s: float, phase: Phase) -> tuple[Floats, Floats, Floats]:
    """Nodes over what a slot receives, the density times weights without the signal in it, and ln X."""
    from scipy.special import ive

    low = 0.0 if phase == "non-coherent" else -REACH
    panel = min(PANEL, 4 / s)
    edges = np.linspace(low, s + REACH, math.ceil((s + REACH - low) / panel) + 1)
    x, weights = np.polynomial.legendre.leggauss(NODES)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    nodes = (edges[:-1, None] + half * (1 + x)).ravel()
    weight = (half * weights).ravel()
    normal = np.exp(-nodes * nodes / 2)
    if phase == "non-coherent":
        return nodes, weight * nodes * normal, np.log(ive(0, s * nodes)) + s * nodes - s * s / 2
    return nodes, weight * normal / math.sqrt(2 * math.pi), s * nodes - s * s / 2


@elementwise
def orthogonal_symbol_error_rate(order: int, esno: float, phase: Phase = "coherent") -> float:
    """The probability that another slot than that of the signal has the largest metric, at Es/N0 >= 0.

    1 - E[F(y)^(M - 1)] over what the signal's slot receives, F being the distribution of one without it;
    Proakis and Salehi, equations 4.4-10 and 4.5-42. As an integral of positive terms it loses no digits,
    which the alternating sum of the latter does for large M. Raises ValueError for what
    ``orthogonal_capacity`` refuses.
    """
    _check(order, esno)
    from scipy.special import ive, log_ndtr, ndtr

    s = math.sqrt(2 * esno)
    nodes, density, _ = _slot(max(s, 1.0), phase)
    if phase == "non-coherent":
        sent = density * ive(0, s * nodes) * np.exp(s * nodes - s * s / 2)
        log_below = np.log(-np.expm1(-nodes * nodes / 2))
    else:
        sent = density * np.exp(s * nodes - s * s / 2)
        log_below = np.where(nodes > 0, np.log1p(-ndtr(-abs(nodes))), log_ndtr(nodes))
    return float(sent @ -np.expm1((order - 1) * log_below))


def bit_error_rate_of_slots(order: int, symbol_error_rate: float) -> float:
    """That of labels where all wrong slots are alike: M/2 of the M - 1 have another bit."""
    return symbol_error_rate * (order / 2) / (order - 1)
