"""Outage over block fading: the probability that a frame's gains carry less than its rate.

The gains of a frame, which the receiver knows, last for blocks of it, and a frame whose blocks carry I < R
bits a use on average is lost, however long the blocks are (L. H. Ozarow, S. Shamai and A. D. Wyner,
"Information theoretic considerations for cellular mobile radio", 1994; E. Malkamaki and H. Leib, "Coded
diversity on block-fading channels", 1999). It is the limit of all codes as blocks grow; one of few uses may
err a little less often.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from ..decibels import from_db
from ..elementwise import elementwise
from ..models.channel import Channel, Signal, check_signal
from ..models.fading import Fading
from ..modulation.constellation.capacity import carried_at, coded_modulation_limit_esno
from ..modulation.constellation.constellations import Constellation, pam
from ..modulation.modulation import ModulatedChannel

Floats = npt.NDArray[np.float64]
#: Most blocks of a frame, and steps of the information of all of them together.
MOST_BLOCKS, STEPS = 256, 1 << 15
#: The step of a table of what a constellation carries over ln Es/N0, where it begins, and where it ends: at
#: what is lost.
TABLE_STEP, TABLE_FIRST, LEAST_LOST = 0.125, -16.0, 1e-10


@elementwise
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
        Samples of a frame; arrays of both are broadcast.
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
        if not channel.sends_points:
            return None
        fading, points = channel.channel, channel.modulation.constellation
    if not isinstance(fading, Fading) or fading.csi != "perfect":
        return None
    blocks = fading.blocks(uses)
    if len(blocks) > MOST_BLOCKS or blocks[0] == 1 < uses:
        return None
    mean = from_db(fading.esno_db)
    carried: _Carried = _Gaussian(fading.dimensions) if signal == "gaussian" else _Points(points)

    def below(esno: Floats) -> Floats:
        """P(g^2 Es/N0 < esno), the probability that a gain carries less than that Es/N0 does."""
        return fading.energy_below(esno / mean)

    if rate == 0:
        return 0.0
    if rate >= carried.most:
        return 1.0
    if len(blocks) == 1:
        return float(below(np.array(carried.exact_esno(rate))))
    several = _several(carried, rate * uses / blocks[0], len(blocks), blocks[-1] / blocks[0])
    return several.probability(below)


@dataclass(frozen=True)
class _Gaussian:
    """What any input carries of one or two real dimensions, and what Es/N0 that takes."""

    dimensions: int
    most: ClassVar[float] = math.inf

    def esno(self, information: Floats) -> Floats:
        d = self.dimensions
        return np.asarray(d / 2 * np.expm1(2 * math.log(2) / d * np.minimum(information, 500)))

    def exact_esno(self, rate: float) -> float:
        return float(self.esno(np.array(rate)))


@dataclass(frozen=True)
class _Points:
    """The same of a constellation's points."""

    points: Constellation

    @property
    def most(self) -> float:
        """Bits of a point."""
        return self.points.bits

    def esno(self, information: Floats) -> Floats:
        first, spline, last = _table(self.points)
        bits = self.most
        inside = np.clip(information, first, last)
        found = np.exp(spline(np.log(inside / (bits - inside)))) * np.minimum(information / first, 1.0)
        return np.where(information >= bits, np.inf, found)

    def exact_esno(self, rate: float) -> float:
        return float(coded_modulation_limit_esno(self.points, rate))


_Carried = _Gaussian | _Points


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


class _Several:
    """Several blocks, of which all but the last are alike: what does not depend on the law of the gains.

    Parameters
    ----------
    carried
        What a block carries.
    total
        What they are to carry, in units of what a whole block carries a use.
    blocks, last
        How many there are, and the length of the last one as a part of that of the others.
    """

    def __init__(self, carried: _Carried, total: float, blocks: int, last: float) -> None:
        self._blocks, most = blocks, carried.most
        # Steps that end at the most that a block may carry: at high Es/N0 nearly all blocks do.
        self._step = min(most, total) / max(STEPS // blocks, 1)
        places = np.arange(math.ceil(total / self._step) + 1) * self._step
        edges = np.concatenate([[0.0], places + self._step / 2])
        rest = (total - edges) / last
        self._edges = np.minimum(edges, most)
        self._at_edges = carried.esno(self._edges)
        self._areas = _Areas(carried, self._edges[:-1], self._edges[1:])
        self._lost, self._widths = _Areas(carried, rest[1:], rest[:-1]), rest[:-1] - rest[1:]
        #: All blocks but the last full: that is no part of the grid, but one place.
        self._full = round((blocks - 1) * most / self._step) if most < math.inf else len(places)
        self._at_full = carried.esno(np.array([max(total - (blocks - 1) * min(most, total), 0.0) / last]))

    def probability(self, below: Callable[[Floats], Floats]) -> float:
        """P(they carry less), of P(a gain carries less than an Es/N0 does)."""
        whole = _power(self._on_grid(below), self._blocks - 1)
        lost = self._lost.of(below) / self._widths
        if self._full < len(lost):
            lost[self._full] = below(self._at_full)[0]
        return min(max(float(whole @ lost), 0.0), 1.0)

    def _on_grid(self, below: Callable[[Floats], Floats]) -> Floats:
        """The law of what a block carries on multiples of the step, each with what lies around it.

        A part is spread over the next one, so that the mean stays as it was: the rate may be one that some
        full blocks carry all but exactly, and what they lack of it then counts.
        """
        values = below(self._at_edges)
        one, moments = np.diff(values), np.diff(self._edges * values) - self._areas.of(below)
        moved = moments / self._step - np.arange(len(one)) * one
        moved[np.abs(moved) > one] = 0.0  # where nothing but rounding is left
        ahead, back = np.maximum(moved, 0.0), np.maximum(-moved, 0.0)
        spread: Floats = one - ahead - back
        spread[1:] += ahead[:-1]
        spread[:-1] += back[1:]
        return spread


@lru_cache(maxsize=8)
def _several(carried: _Carried, total: float, blocks: int, last: float) -> _Several:
    """The same for all values of a sweep."""
    return _Several(carried, total, blocks, last)


class _Areas:
    """Integrals of P(I < x), which is 0 below 0 and 1 from the most on, from lower to higher ends x."""

    def __init__(self, carried: _Carried, low: Floats, high: Floats) -> None:
        most = carried.most
        first, last = np.clip(low, 0.0, most), np.clip(high, 0.0, most)
        nodes, self._weights = np.polynomial.legendre.leggauss(3)
        self._half = (last - first) / 2
        self._esno = carried.esno(((first + last) / 2)[:, None] + self._half[:, None] * nodes)
        self._steep = np.flatnonzero((last == most) & (first < most))  # where the slope is infinite
        nodes, weights = np.polynomial.legendre.leggauss(40)
        t, self._width = (nodes + 1) / 2, 2 * self._half[self._steep]
        self._steep_weights = weights * 3 * t**5
        self._steep_esno = carried.esno(last[self._steep, None] - self._width[:, None] * t**6)
        self._beyond = np.maximum(high - np.maximum(low, most), 0.0)

    def of(self, below: Callable[[Floats], Floats]) -> Floats:
        """The integrals."""
        area: Floats = below(self._esno) @ self._weights * self._half
        area[self._steep] = below(self._steep_esno) @ self._steep_weights * self._width
        return np.asarray(area + self._beyond)


def _power(one: Floats, times: int) -> Floats:
    """The law of a sum of ``times`` numbers of one law on a grid, as far as the grid goes."""
    from scipy.signal import fftconvolve

    found: Floats | None = None
    while times:
        if times & 1:
            found = one if found is None else np.asarray(fftconvolve(found, one)[: len(one)])
        times >>= 1
        one = np.asarray(fftconvolve(one, one)[: len(one)]) if times else one
    assert found is not None
    return found
