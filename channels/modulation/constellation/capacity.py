"""What constellations carry over the AWGN channel: coded modulation and bit-interleaved coded modulation.

Es = 1, and the noise has variance N0 / 2 in each real dimension. A constellation on the real axis uses
one dimension: its symbol is then a real channel use, and otherwise a complex one. G. Ungerboeck, "Channel
coding with multilevel/phase signals", 1982 (the capacity with all points equiprobable); G. Caire, G.
Taricco and E. Biglieri, "Bit-interleaved coded modulation", 1998.
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from ...decibels import from_db, to_db
from ...elementwise import as_numbers, elementwise
from ...numerics import root
from .constellations import Array, Constellation

#: Reach and step, in standard deviations, of the trapezoidal rule over the noise.
REACH, STEP = 8.5, 0.1
#: Points farther from the one that was sent, in standard deviations, are left out: less than e^-70 of it.
FAR = 2 * REACH + 12
#: Below this Es/N0 what a constellation carries is proportional to it, to 1e-7.
LINEAR = 1e-7
#: Distance of points that are the same one, and most turns under which points are looked at.
SAME, MOST_TURNS = 1e-9, 64


@elementwise
def coded_modulation_capacity(constellation: Constellation, esno: float) -> float:
    """What a constellation carries with equiprobable points: symbol-wise, in bits a symbol.

    C = log2 M - E[log2 sum over j of exp(-(|x_i - x_j + n|^2 - |n|^2) / N0)] (Ungerboeck, 1982, equation 5).
    The trapezoidal rule over the noise converges exponentially; the error is below 1e-12.

    Parameters
    ----------
    constellation
        The points; their labels are of no matter.
    esno
        Es/N0 >= 0, a ratio. The noise has variance N0 / 2 in each real dimension, so for a constellation
        on the real axis complex and real noise come to the same.

    Raises
    ------
    ValueError
        If ``esno`` is negative or NaN.
    """
    _check_esno(esno)
    axes = _axes(constellation.points)
    if axes is not None:
        # A grid: real and imaginary part are sent side by side.
        return _within(sum(math.log2(len(axis)) - _lost(axis[:, None], esno) for axis in axes), constellation)
    return _within(constellation.bits - _lost(_plane(constellation.points), esno), constellation)


def bicm_bit_capacities(constellation: Constellation, esno: npt.ArrayLike) -> Array:
    """What each bit of a label carries by itself, the other bits being unknown and equiprobable.

    I(B_k; Y) in bits, float64, shape (log2 M), for Es/N0 >= 0 as a ratio; of an array of these, its shape
    followed by (log2 M). The error is below 1e-12. Raises ValueError if the constellation has no labels, or
    ``esno`` is negative or NaN.
    """
    each = np.asarray(as_numbers(esno, "esno"), np.float64)
    told = [_bit_capacities(constellation, float(value)) for value in each.ravel()]
    return np.array(told, np.float64).reshape(*each.shape, constellation.label_bits.shape[1])


def _bit_capacities(constellation: Constellation, esno: float) -> Array:
    _check_esno(esno)
    bits, points = constellation.label_bits, constellation.points
    told = np.empty(bits.shape[1])
    whole = list(range(bits.shape[1]))
    axes = _axes(points)
    for part, axis in zip((points.real, points.imag), axes or (), strict=False):
        # Bits that depend on one coordinate alone, such as those of Gray-labelled QAM, are sent on it.
        place = np.searchsorted(axis, part)
        for k in list(whole):
            on_axis = np.zeros(len(axis), np.uint8)
            on_axis[place] = bits[:, k]
            if (on_axis[place] == bits[:, k]).all():
                told[k] = 1 - _lost(axis[:, None], esno, on_axis)
                whole.remove(k)
    for k in whole:
        told[k] = 1 - _lost(_plane(points), esno, bits[:, k])
    return np.clip(told, 0.0, 1.0)


@elementwise
def bicm_capacity(constellation: Constellation, esno: float) -> float:
    """What a labelled constellation carries bit-interleaved: the sum of I(B_k; Y), in bits a symbol.

    Caire, Taricco and Biglieri (1998), equation 15. Arguments and errors are those of
    ``bicm_bit_capacities``. At most ``coded_modulation_capacity``.
    """
    return float(_bit_capacities(constellation, esno).sum())


@lru_cache(maxsize=1 << 14)
def carried_at(signal: Literal["modulation", "bicm"], constellation: Constellation, esno: float) -> float:
    """``coded_modulation_capacity`` or ``bicm_capacity`` at an Es/N0, found once.

    Means over gains ask for the same ones again, whatever their Es/N0 is.
    """
    if 0 < esno < LINEAR:
        return esno / LINEAR * carried_at(signal, constellation, LINEAR)
    find = coded_modulation_capacity if signal == "modulation" else bicm_capacity
    return float(find(constellation, esno))


@elementwise
def coded_modulation_limit_esno(constellation: Constellation, rate: float) -> float:
    """The least Es/N0 (a ratio) at which ``rate`` bits a symbol do not exceed the symbol-wise capacity.

    For a rate in [0, log2 M); raises ValueError outside. The rate is met to some 1e-12.
    """
    return _limit(rate, constellation, coded_modulation_capacity)


@elementwise
def bicm_limit_esno(constellation: Constellation, rate: float) -> float:
    """The same for the bit-interleaved capacity. Raises ValueError too if there are no labels."""
    _ = constellation.labels
    return _limit(rate, constellation, bicm_capacity)


def _limit(
    rate: float, constellation: Constellation, capacity: Callable[[Constellation, float], float]
) -> float:
    if not 0 <= rate < constellation.bits:
        raise ValueError(f"rate must lie in [0, {constellation.bits:g}) for {constellation!r}, got {rate}")
    if rate == 0:
        return 0.0
    # Shannon's limit for complex symbols is a lower bound; the distance of the points bounds the noise above.
    low = to_db(math.expm1(rate * math.log(2))) - 0.1
    high = max(low + 1, to_db(4 * 50 / nearest(constellation.points) ** 2))

    def surplus(db: float) -> float:
        return capacity(constellation, from_db(db)) - rate

    while surplus(low) > 0:
        low -= 10
    return from_db(root(surplus, low, high))


def nearest(points: npt.NDArray[np.complex128]) -> float:
    """The least distance of two of the points, shape (M)."""
    return min(float(abs(points[i + 1 :] - points[i]).min()) for i in range(len(points) - 1))


def _check_esno(esno: float) -> None:
    if not esno >= 0:
        raise ValueError(f"esno must not be negative, got {esno}")


def _within(value: float, constellation: Constellation) -> float:
    return min(max(float(value), 0.0), constellation.bits)


def _plane(points: npt.NDArray[np.complex128]) -> Array:
    return np.column_stack([points.real, points.imag])


def _axes(points: npt.NDArray[np.complex128]) -> tuple[Array, Array] | None:
    """The coordinates of a full grid of points, or None if they are none."""
    across, up = np.unique(points.real), np.unique(points.imag)
    return (across, up) if len(across) * len(up) == len(points) else None


def _lost(points: Array, esno: float, bit: npt.NDArray[np.uint8] | None = None) -> float:
    """Bits lost to the noise of those that tell points, shape (M, dimensions), apart.

    All of them, E[log2 sum_j p_j / p_i]; or of one ``bit`` of their labels, E[log2 sum_j p_j / sum of those
    p_j whose bit is that of i]. Relative precision where little is lost.
    """
    if len(points) == 1:
        return 0.0
    if esno == 0:
        return math.log2(len(points)) if bit is None else 1.0
    if math.isinf(esno):
        return 0.0
    z = np.arange(-round(REACH / STEP), round(REACH / STEP) + 1) * STEP
    weight = np.exp(-z * z / 2) * (STEP / math.sqrt(2 * math.pi))
    in_sigmas = points * math.sqrt(2 * esno)
    total = 0.0
    for i, alike in zip(*np.unique(representatives(points, bit), return_counts=True), strict=True):
        offset = in_sigmas - in_sigmas[i]
        near = (offset**2).sum(axis=1) < FAR**2
        near[i] = False
        offset = offset[near]
        if not len(offset):
            continue
        # ln(p_j / p_i) at noise z is -(d z + d^2 / 2) summed over the dimensions: a product of factors.
        factors = [np.exp(-np.outer(z, d) - d * d / 2) for d in offset.T]
        if bit is None:
            ratio = _summed(factors)
        else:
            other = bit[near] != bit[i]
            same = [factor[:, ~other] for factor in factors]
            ratio = _summed([factor[:, other] for factor in factors]) / (1 + _summed(same))
        loss = np.log1p(ratio)
        for _ in range(points.shape[1]):
            loss = weight @ loss
        total += alike * float(loss)
    return total / (len(points) * math.log(2))


def representatives(points: Array, bit: npt.NDArray[np.uint8] | None = None) -> npt.NDArray[np.intp]:
    """For each point one of which as much is lost: the first that a symmetry makes of it.

    Symmetries are rotations and reflections of the points onto themselves that leave each its ``bit``, or
    give each the other one.
    """
    from scipy.spatial import KDTree

    plane = points @ np.array([1, 1j])[: points.shape[1]]
    tree = KDTree(_plane(plane))
    outer = plane[np.argmax(abs(plane))]
    found = np.arange(len(plane))
    for other in plane[abs(abs(plane) - abs(outer)) < SAME][:MOST_TURNS]:
        for image in (other / outer * plane, other / outer.conj() * plane.conj()):
            apart, onto = tree.query(_plane(image))
            if apart.max() < SAME and (bit is None or len(set((bit[onto] ^ bit).tolist())) == 1):
                found = np.minimum(found, onto)
    return found


def _summed(factors: list[Array]) -> Array:
    """Sum over points of the products of their factors on a grid with one axis for each dimension."""
    if len(factors) == 1:
        line: Array = factors[0].sum(axis=1)
        return line
    return factors[0] @ factors[1].T
