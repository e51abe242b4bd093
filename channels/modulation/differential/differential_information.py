"""How often turns of the phase are mistaken, and what they carry, seen by two samples that follow each other.

R. F. Pawula, S. O. Rice and J. H. Roberts, "Distribution of the phase angle between two vectors perturbed by
Gaussian noise", 1982 (the distribution F of the angle); J. G. Proakis and M. Salehi, "Digital
Communications", 5th ed., 2008, section 4.5-5; M. K. Simon and M.-S. Alouini, "Digital Communication over
Fading Channels", 2nd ed., 2005, section 8.1.5.
"""

import math

import numpy as np
import numpy.typing as npt

from ...decibels import from_db
from ...elementwise import elementwise
from ...numerics import root
from ..constellation.constellations import Constellation, as_order

Floats = npt.NDArray[np.float64]
#: Panels get half as long so often towards the middle of an integral; nodes of each.
HALVINGS, NODES = 16, 16
#: How far, in deviations of the noise, sizes of samples are looked at; how long a panel is, and its nodes.
REACH, PANEL, PANEL_NODES = 6.75, 1.5, 8
#: Angles are at least so many, and so many for each deviation that the signal is long.
ANGLES, ANGLES_EACH = 96, 20


@elementwise
def angle_distribution(angle: float, esno: float) -> float:
    """F at an angle in (0, pi], for Es/N0 >= 0 (a ratio): noise turns by a to b with probability F(b) - F(a).

    -(sin a / 4 pi) times the integral of exp(-E (1 - cos a cos t)) / (1 - cos a cos t) from -pi/2 to pi/2
    (Pawula, Rice and Roberts, 1982), with E = Es/N0 of either sample. F(pi) = 0.
    """
    _check(esno)
    edges = np.concatenate([[0.0], math.pi / 2 * 0.5 ** np.arange(HALVINGS, -1, -1)])
    x, weights = np.polynomial.legendre.leggauss(NODES)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    t, weight = (edges[:-1, None] + half * (1 + x)).ravel(), (half * weights).ravel()
    # 1 - cos a cos t, where it is small without cancelling
    depth = 2 * (math.sin(angle / 2) ** 2 + math.cos(angle) * np.sin(t / 2) ** 2)
    return -math.sin(angle) / (2 * math.pi) * float(weight @ (np.exp(-esno * depth) / depth))


def _check(esno: float) -> None:
    if not esno >= 0:
        raise ValueError(f"esno must not be negative, got {esno}")


def turn_probabilities(order: int, esno: float) -> Floats:
    """How often each of M turns is the one nearest to what is received, (M), when the turn 0 was sent.

    At Es/N0 >= 0 (a ratio) of each of the two samples. That of the turn 0 is what is left of 1.
    """
    edges = [(2 * k + 1) * math.pi / order for k in range(order // 2)]
    beyond = np.array([-2 * angle_distribution(angle, esno) for angle in edges])  # on both sides
    each = np.append(beyond[:-1] - beyond[1:], beyond[-1]) / 2
    each[-1] *= 2  # half a circle away there is one turn, and not one on each side
    return np.concatenate([[1 - beyond[0]], each, each[-2::-1]])


@elementwise
def differential_symbol_error_rate(order: int, esno: float) -> float:
    """The probability that another turn than the one that was sent is nearest, at Es/N0 >= 0 (a ratio).

    Of two turns exp(-Es/N0) / 2.
    """
    as_order(order)
    return -2 * angle_distribution(math.pi / order, esno)


@elementwise
def differential_bit_error_rate(turns: Constellation, esno: float) -> float:
    """The probability that a bit of the nearest turn's label is wrong, at Es/N0 >= 0 (a ratio).

    ``turns`` are equidistant points of the circle, counterclockwise, with labels.
    """
    order, labels = turns.order, turns.labels
    wrong = [np.bitwise_count(labels ^ np.roll(labels, -k)).mean() for k in range(order)]
    return float(turn_probabilities(order, esno) @ np.array(wrong, np.float64)) / turns.bits


@elementwise
def differential_capacity(turns: Constellation, esno: float, signal: str = "modulation") -> float:
    """Bits a symbol that equiprobable turns carry to a receiver that looks at two samples at a time.

    The mutual information between a turn and the two samples that it lies between, whose common phase is
    uniform and not known; a receiver that looks at more of them may learn more. The error is below 1e-8. Two
    turns carry what two non-coherent orthogonal signals of twice the energy do.

    Parameters
    ----------
    turns
        Equidistant points of the circle, counterclockwise, with labels.
    esno
        Es/N0 >= 0, a ratio.
    signal
        ``modulation``: of whole symbols; ``bicm``: of the bits of their labels, each by itself.

    Raises
    ------
    ValueError
        If ``esno`` is negative or NaN, or there is no such ``signal``.
    """
    _check(esno)
    if signal not in ("modulation", "bicm"):
        raise ValueError(f"signal must be modulation or bicm, got {signal!r}")
    if esno == 0 or math.exp(-esno * (1 - math.cos(math.pi / turns.order))) < 1e-14:
        return 0.0 if esno == 0 else turns.bits
    return max(0.0, turns.bits - _lost(turns, esno, signal) / math.log(2))


@elementwise
def differential_limit_esno(turns: Constellation, rate: float, signal: str = "modulation") -> float:
    """The least Es/N0 (a ratio) at which ``rate`` bits a symbol do not exceed that capacity.

    For a rate in [0, log2 M); raises ValueError outside.
    """
    if not 0 <= rate < turns.bits:
        raise ValueError(f"rate must lie in [0, {turns.bits:g}) for {turns!r}, got {rate}")
    if rate == 0:
        return 0.0

    def surplus(db: float) -> float:
        return differential_capacity(turns, from_db(db), signal) - rate

    low = 0.0
    while surplus(low) > 0:
        low -= 10
    high = low + 10
    while surplus(high) < 0:
        high += 5
    return from_db(root(surplus, low, high))


def _lost(turns: Constellation, esno: float, signal: str) -> float:
    """The mean of the entropy that is left of a turn, or the sum of those left of its bits, in nats."""
    from scipy.special import ive

    s, order, bits = math.sqrt(2 * esno), turns.order, turns.label_bits
    low = max(0.0, s - REACH)
    edges = np.linspace(low, s + REACH, math.ceil((s + REACH - low) / PANEL) + 1)
    x, weights = np.polynomial.legendre.leggauss(PANEL_NODES)
    half = (edges[1:] - edges[:-1])[:, None] / 2
    sizes, weight = (edges[:-1, None] + half * (1 + x)).ravel(), (half * weights).ravel()
    weight = weight * sizes * np.exp(-((sizes - s) ** 2) / 2)
    first, second = np.triu_indices(len(sizes))
    pair = weight[first] * weight[second] * np.where(first == second, 1, 2)
    angles = order * math.ceil(max(ANGLES, ANGLES_EACH * s) / order)
    turned = np.cos(2 * math.pi * np.arange(angles) / angles)
    # The turn by k M-ths of the circle looks like the turn 0 an angle before.
    # What is left of a turn, and not of its bits, is the same in each M-th of the circle.
    whole_turns = signal == "modulation" or order == 2
    seen_at = np.arange(angles // order if whole_turns else angles)
    places = (seen_at - angles // order * np.arange(order)[:, None]) % angles
    lost = 0.0
    for part in np.array_split(np.arange(len(pair)), math.ceil(len(pair) * angles * order / 4e6)):
        one, other = sizes[first[part], None], sizes[second[part], None]
        z = s * np.sqrt(np.maximum(one**2 + other**2 + 2 * one * other * turned, 0))
        # I0, over its largest value when both sizes are s; the rest of that is in the weights
        seen = ive(0, z) * np.exp(z - s * (one + other))
        each = seen[:, places]  # (pairs, turns, angles)
        whole = each.sum(axis=1)
        if whole_turns:
            left = _entropy(each, whole)
        else:
            halves = ([each[:, of == value].sum(axis=1) for value in (0, 1)] for of in bits.T)
            left = sum((_entropy(np.stack(half, axis=1), whole) for half in halves), np.zeros(1))
        lost += float(pair[part] @ left.sum(axis=1))
    return lost / (len(seen_at) * order)


def _entropy(parts: Floats, whole: Floats) -> Floats:
    """Sums of p ln(whole / p) over the parts p of what is whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(parts > 0, parts * (np.log(whole)[:, None] - np.log(parts)), 0.0)
    found: Floats = terms.sum(axis=1)
    return found
