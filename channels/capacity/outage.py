"""Outage over block fading: the probability that a frame's gains carry less than its rate.

The gains of a frame, which the receiver knows, last for blocks of it, and a frame whose blocks carry I < R
bits a use on average is lost, however long the blocks are (L. H. Ozarow, S. Shamai and A. D. Wyner,
"Information theoretic considerations for cellular mobile radio", 1994; E. Malkamaki and H. Leib, "Coded
diversity on block-fading channels", 1999). It is the limit of all codes as blocks grow; one of few uses may
err a little less often.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ..decibels import from_db
from ..models.channel import Channel, Signal, check_signal
from ..models.fading import Fading
from ..modulation.constellation_capacity import carried_at, coded_modulation_limit_esno
from ..modulation.constellations import Constellation, pam
from ..modulation.modulation import ModulatedChannel

Floats = npt.NDArray[np.float64]
#: Most blocks of a frame, and steps of the information of all of them together.
MOST_BLOCKS, STEPS = 256, 1 << 15
#: The step of a table of what a constellation carries over ln Es/N0, where it begins, and where it ends: at
#: what is lost.
TABLE_STEP, TABLE_FIRST, LEAST_LOST = 0.125, -16.0, 1e-10


def outage_probability(
    channel: Channel, rate: float, uses: int, signal: Signal = "modulation"
) -> float | None:
    """P(I < R) of frames of ``uses`` samples; None where the channel has no fading in known blocks.

    Nor has it where a gain lasts for one sample: what limits codes then is the mean over the gains.

    Of one block it is the law of the gain at the Es/N0 that the rate needs. Of several, what they carry is
    spread over a grid and convolved but for the last block, to a relative error below 1e-5, and an absolute
    one of 1e-15.

    Parameters
    ----------
    channel
        Fading whose gains the receiver knows, with or without a modulation; at most 256 gains a frame.
    rate
        Information bits a sample, at least 0.
    uses
        Samples of a frame.
    signal
        ``gaussian``: any input. Otherwise the points that are sent, those of BPSK without a modulation.

    Raises
    ------
    ValueError
        If ``signal`` is none of these, or a number is out of its range.

    Examples
    --------
    >>> from capgap.channels import Rayleigh
    >>> channel = Rayleigh(esno_db=10, coherence="frame", dimensions=2)
    >>> round(outage_probability(channel, 1.0, 100, "gaussian"), 6)  # 1 - exp(-(2^R - 1) / 10)
    0.095163
    """
    check_signal(signal)
    if not rate >= 0:
        raise ValueError(f"rate must not be negative, got {rate}")
    if uses < 1:
        raise ValueError(f"uses must be at least 1, got {uses}")
    fading, points = channel, pam(2)
    if isinstance(channel, ModulatedChannel):
        fading, points = channel.channel, channel.modulation.constellation
    if not isinstance(fading, Fading) or fading.csi != "perfect":
        return None
    blocks = fading.blocks(uses)
    if len(blocks) > MOST_BLOCKS or blocks[0] == 1 < uses:
        return None
    mean = from_db(fading.esno_db)
    carried = _Gaussian(fading.dimensions) if signal == "gaussian" else _Points(points)

    def below(information: Floats) -> Floats:
        """P(I < information) of one block, in bits a use."""
        return fading.energy_below(carried.esno(information) / mean)

    if rate == 0:
        return 0.0
    if rate >= carried.most:
        return 1.0
    if len(blocks) == 1:
        return float(fading.energy_below(carried.exact_esno(rate) / mean))
    return _of_several(below, carried.most, rate * uses / blocks[0], len(blocks), blocks[-1] / blocks[0])


class _Gaussian:
    """What any input carries of one or two real dimensions, and what Es/N0 that takes."""

    most = math.inf

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions

    def esno(self, information: Floats) -> Floats:
        d = self._dimensions
        return np.asarray(d / 2 * np.expm1(2 * math.log(2) / d * np.minimum(information, 500)))

    def exact_esno(self, rate: float) -> float:
        return float(self.esno(np.array(rate)))


class _Points:
    """The same of a constellation's points."""

    def __init__(self, points: Constellation) -> None:
        self._points, self.most = points, points.bits

    def esno(self, information: Floats) -> Floats:
        first, spline, last = _table(self._points)
        bits = self.most
        inside = np.clip(information, first, last)
        found = np.exp(spline(np.log(inside / (bits - inside)))) * np.minimum(information / first, 1.0)
        return np.where(information >= bits, np.inf, found)

    def exact_esno(self, rate: float) -> float:
        return float(coded_modulation_limit_esno(self._points, rate))


@lru_cache(maxsize=16)
def _table(points: Constellation) -> tuple[float, Callable[[Floats], Floats], float]:
    """ln Es/N0 as a function of ln(C / (log2 M - C)), with the least and the greatest C that it is for.

    Below, C is proportional to Es/N0.
    """
    from scipy.interpolate import make_interp_spline

    logs, carried = [], []
    log = TABLE_FIRST
    while True:
        found = carried_at("modulation", points, math.exp(log))
        if points.bits - found < LEAST_LOST:
            break
        logs.append(log)
        carried.append(found)
        log += TABLE_STEP
    told = np.array(carried)
    spline: Callable[[Floats], Floats] = make_interp_spline(np.log(told / (points.bits - told)), logs, k=5)
    return carried[0], spline, carried[-1]


def _of_several(
    below: Callable[[Floats], Floats], most: float, total: float, blocks: int, last: float
) -> float:
    """P(the sum of what blocks carry < total), the last one shorter by a factor ``last``.

    ``total`` is in units of what a whole block carries a use, of which it carries ``most``.
    """
    # Steps that end at the most that a block may carry: at high Es/N0 nearly all blocks do.
    step = min(most, total) / max(STEPS // blocks, 1)
    x = np.arange(math.ceil(total / step) + 1) * step
    edges = np.concatenate([[0.0], x + step / 2])
    whole = _power(_on_grid(below, most, step, edges), blocks - 1)
    rest = (total - edges) / last
    lost = _areas(below, most, rest[1:], rest[:-1]) / (rest[:-1] - rest[1:])
    full = round((blocks - 1) * most / step) if most < math.inf else len(x)
    if full < len(x):  # which is no part of the grid, but that place itself
        lost[full] = below(np.maximum(rest[:1] - full * step / last, 0.0))[0]
    return min(float(whole @ lost), 1.0)


def _on_grid(below: Callable[[Floats], Floats], most: float, step: float, edges: Floats) -> Floats:
    """The law of what a block carries on multiples of a step, each with what lies between two edges.

    A part is spread over the next one, so that the mean stays as it was: the rate may be one that some full
    blocks carry all but exactly, and what they lack of it then counts.
    """
    edges = np.minimum(edges, most)
    values = np.where(edges < most, below(edges), 1.0)
    one = np.diff(values)
    area = _areas(below, most, edges[:-1], edges[1:])
    # The mean of the part between two edges, by parts, less its place.
    moved = (edges[1:] * values[1:] - edges[:-1] * values[:-1] - area) / step - np.arange(len(one)) * one
    moved[np.abs(moved) > one] = 0.0  # where nothing but rounding is left
    ahead, back = np.maximum(moved, 0.0), np.maximum(-moved, 0.0)
    spread = one - ahead - back
    spread[1:] += ahead[:-1]
    spread[:-1] += back[1:]
    return spread


def _areas(below: Callable[[Floats], Floats], most: float, low: Floats, high: Floats) -> Floats:
    """Integrals of ``below``, which is 0 below 0 and 1 from ``most`` on, from lower to higher ends."""
    first, last = np.clip(low, 0.0, most), np.clip(high, 0.0, most)
    nodes, weights = np.polynomial.legendre.leggauss(3)
    middle, half = (first + last) / 2, (last - first) / 2
    area = below(middle[:, None] + half[:, None] * nodes) @ weights * half
    steep = np.flatnonzero((last == most) & (first < most))  # towards the most, the slope is infinite
    nodes, weights = np.polynomial.legendre.leggauss(40)
    t = (nodes + 1) / 2
    width = most - first[steep]
    area[steep] = below(most - width[:, None] * t**6) @ (weights * 3 * t**5) * width
    return np.asarray(area + np.maximum(high - np.maximum(low, most), 0.0))


def _power(one: Floats, times: int) -> Floats:
    """The law of a sum of ``times`` numbers of one law on a grid, as far as the grid goes."""
    from scipy.signal import fftconvolve

    found: Floats | None = None
    while True:
        if times & 1:
            found = one if found is None else fftconvolve(found, one)[: len(one)]
        times >>= 1
        if not times:
            assert found is not None
            return found
        one = fftconvolve(one, one)[: len(one)]
