"""Signal constellations with labels, and what they carry over the AWGN channel.

Es = 1, and the noise has variance N0 / 2 in each real dimension. A constellation on the real axis uses
one dimension: its symbol is then a real channel use, and otherwise a complex one. G. Ungerboeck, "Channel
coding with multilevel/phase signals", 1982 (the capacity with all points equiprobable); G. Caire, G.
Taricco and E. Biglieri, "Bit-interleaved coded modulation", 1998; Proakis and Salehi, "Digital
Communications", 5th ed., 2008, section 3.2.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ..vectors.whole_numbers import whole_number
from .capacity import root
from .decibels import from_db, to_db
from .elementwise import as_numbers, elementwise

Array = npt.NDArray[np.float64]
#: Most points of a constellation.
MAX_POINTS = 4096
#: Reach and step, in standard deviations, of the trapezoidal rule over the noise.
REACH, STEP = 8.5, 0.1
#: Points farther from the one that was sent, in standard deviations, are left out: less than e^-70 of it.
FAR = 2 * REACH + 12


class Constellation:
    """Equiprobable points of the complex plane, with mean energy 1, and perhaps a label each. Immutable.

    Parameters
    ----------
    points
        The points, all different: complex or real, shape (M), M from 2 to 4096. They are scaled to a
        mean energy of 1, and not moved.
    labels
        The integers from 0 to M - 1 in any order, shape (M): the bits sent by each point, the first bit
        the most significant one. M must be a power of two then. None if there are none.
    name
        What it is called.

    Raises
    ------
    ValueError
        If the points or the labels are none of these.

    Examples
    --------
    >>> pam(4).labels.tolist()
    [0, 1, 3, 2]
    """

    def __init__(
        self, points: npt.ArrayLike, labels: npt.ArrayLike | None = None, name: str = "custom"
    ) -> None:
        array = np.asarray(points)
        if array.ndim != 1 or array.dtype.kind not in "iufc" or not 2 <= len(array) <= MAX_POINTS:
            raise ValueError(f"points must be 2 to {MAX_POINTS} numbers, got shape {array.shape}")
        if not np.isfinite(array).all():
            raise ValueError("points must be finite")
        largest = float(abs(array).max())
        scaled = array.astype(np.complex128) / (largest or 1.0)
        scaled /= math.sqrt(float((abs(scaled) ** 2).mean()) or 1.0)
        if len(np.unique(scaled)) < len(scaled):
            raise ValueError("points must all be different")
        self._points = scaled
        self._points.flags.writeable = False
        self._labels = None if labels is None else _as_labels(labels, len(scaled))
        self._name = name

    @property
    def points(self) -> npt.NDArray[np.complex128]:
        """The points, with mean energy 1: complex128, shape (M)."""
        return self._points

    @property
    def labels(self) -> npt.NDArray[np.int64]:
        """The labels: int64, shape (M). Raises ValueError if there are none."""
        if self._labels is None:
            raise ValueError(f"labels are needed, and {self!r} has none")
        return self._labels

    @property
    def labelled(self) -> bool:
        """Whether there are labels."""
        return self._labels is not None

    @property
    def order(self) -> int:
        """M, the number of points."""
        return len(self._points)

    @property
    def bits(self) -> float:
        """log2 M, the bits a symbol could carry without noise."""
        return math.log2(self.order)

    @property
    def label_bits(self) -> npt.NDArray[np.uint8]:
        """The labels' bits: uint8, shape (M, log2 M). Raises ValueError if there are no labels."""
        labels = self.labels
        shifts = np.arange(self.order.bit_length() - 2, -1, -1)
        return ((labels[:, None] >> shifts) & 1).astype(np.uint8)

    @property
    def is_real(self) -> bool:
        """Whether all points are real, so that a symbol takes one real dimension."""
        return not self._points.imag.any()

    def __repr__(self) -> str:
        return f"<Constellation {self._name}, {self.order} points>"


def _as_labels(labels: npt.ArrayLike, order: int) -> npt.NDArray[np.int64]:
    array = np.asarray(labels)
    if order & (order - 1):
        raise ValueError(f"labels need a power of two of points, got {order}")
    if array.shape != (order,) or array.dtype.kind not in "iu" or (np.sort(array) != np.arange(order)).any():
        raise ValueError(f"labels must be the integers from 0 to {order - 1} in some order")
    copy = array.astype(np.int64)
    copy.flags.writeable = False
    return copy


def gray_code(order: int) -> npt.NDArray[np.int64]:
    """The binary reflected Gray code 0, 1, 3, 2, 6, ...: int64, shape (order) (Gray, 1953).

    Raises ValueError unless ``order`` is a power of two from 2 to 4096.
    """
    numbers = np.arange(_as_order(order), dtype=np.int64)
    return numbers ^ (numbers >> 1)


def _as_order(order: int) -> int:
    number = whole_number(order, "order")
    if not 2 <= number <= MAX_POINTS or number & (number - 1):
        raise ValueError(f"order must be a power of two from 2 to {MAX_POINTS}, got {number}")
    return number


def pam(order: int) -> Constellation:
    """Pulse-amplitude modulation: equidistant real points from the highest down, Gray labels.

    ``pam(2)`` is BPSK, 0 sent as +1. Raises ValueError unless ``order`` is a power of two from 2 to 4096.
    """
    order = _as_order(order)
    return Constellation(np.arange(order - 1, -order, -2), gray_code(order), f"{order}-PAM")


def psk(order: int, phase: float = 0.0) -> Constellation:
    """Phase-shift keying: points on the circle from ``phase`` (radians) counterclockwise, Gray labels.

    With phase 0, ``psk(2)`` is BPSK and exactly real. Raises ValueError unless ``order`` is a power of two
    from 2 to 4096 and the phase finite.
    """
    order = _as_order(order)
    if not math.isfinite(phase):
        raise ValueError(f"phase must be finite, got {phase}")
    return Constellation(_ring(order, phase), gray_code(order), f"{order}-PSK")


def _ring(size: int, phase: float) -> npt.NDArray[np.complex128]:
    """Equidistant points of the unit circle; those on the axes are exact where the phase is 0."""
    if phase == 0:
        quarters = 4 * np.arange(size) / size
        exact = np.array([1, 1j, -1, -1j])[quarters.astype(np.int64)]
        return np.where(quarters % 1 == 0, exact, np.exp(0.5j * np.pi * quarters))
    points: npt.NDArray[np.complex128] = np.exp(1j * (phase + 2 * np.pi * np.arange(size) / size))
    return points


def qam(order: int) -> Constellation:
    """Quadrature-amplitude modulation: a PAM on each axis, Gray labels, the real axis's bits first.

    Square where log2 of ``order`` is even, and otherwise a rectangle that is twice as wide as high. Raises
    ValueError unless ``order`` is a power of two from 4 to 4096.
    """
    order = _as_order(order)
    if order < 4:
        raise ValueError(f"order must be at least 4, got {order}")
    high = 1 << (order.bit_length() - 1) // 2
    wide = order // high
    across, up = np.arange(wide - 1, -wide, -2), np.arange(high - 1, -high, -2)
    points = (across[:, None] + 1j * up).ravel()
    labels = (gray_code(wide)[:, None] * high + gray_code(high)).ravel()
    return Constellation(points, labels, f"{order}-QAM")


def apsk(
    sizes: Sequence[int] | npt.NDArray[Any],
    radii: Sequence[float] | npt.NDArray[Any],
    phases: Sequence[float] | npt.NDArray[Any] | None = None,
    labels: npt.ArrayLike | None = None,
) -> Constellation:
    """Amplitude and phase-shift keying: rings of equidistant points, the innermost first.

    Parameters
    ----------
    sizes
        The points of each ring, at least 1 each.
    radii
        Their radii, above 0, in any unit.
    phases
        The angle of each ring's first point in radians; by default pi over its size, half a step.
    labels
        As for ``Constellation``, for the points ring by ring. By default: for rings of 4 and 12 points with
        the default phases, those of DVB-S2 (ETSI EN 302 307, section 5.4.3); for rings that are a power
        of two in number, all of the same power of two of points and the same phase, a Gray label of the
        ring before one of the angle (Liu, Xie, Peng and Yang, "APSK constellation with Gray mapping",
        2011); otherwise none.

    Raises
    ------
    ValueError
        If the lists differ in length, a number is outside its range, or points are the same.
    """
    if not len(sizes) == len(radii) == len(phases if phases is not None else sizes) or not len(sizes):
        raise ValueError("sizes, radii and phases must be of one length, at least 1")
    sizes = [whole_number(size, "sizes") for size in sizes]
    radii = [as_numbers(radius, "radii") for radius in radii]
    phases = None if phases is None else [as_numbers(phase, "phases") for phase in phases]
    if any(size < 1 for size in sizes) or sum(sizes) > MAX_POINTS:
        raise ValueError(f"sizes must be at least 1, and add up to at most {MAX_POINTS}, got {sizes}")
    if not all(0 < radius < math.inf for radius in radii):
        raise ValueError(f"radii must be finite and above 0, got {radii}")
    angles = [math.pi / size for size in sizes] if phases is None else phases
    if not all(math.isfinite(angle) for angle in angles):
        raise ValueError(f"phases must be finite, got {angles}")
    rings = [radius * _ring(size, angle) for size, radius, angle in zip(sizes, radii, angles, strict=True)]
    points = np.concatenate(rings)
    if labels is None and phases is None and tuple(sizes) == (4, 12):
        labels = _dvb_s2_labels(points)
    elif labels is None and len(set(sizes)) == len(set(angles)) == 1:
        count, size = len(sizes), sizes[0]
        if not (count & (count - 1) or size & (size - 1)) and count * size >= 2:
            ring, angle = (np.arange(number) ^ (np.arange(number) >> 1) for number in (count, size))
            labels = (ring[:, None] * size + angle).ravel()
    return Constellation(points, labels, "+".join(map(str, sizes)) + "-APSK")


def _dvb_s2_labels(points: npt.NDArray[np.complex128]) -> npt.NDArray[np.int64]:
    """16APSK: two bits for the place within the quadrant, then the signs of the real and imaginary part."""
    inner = np.arange(16) < 4
    steep = abs(points.imag) / abs(points.real)
    place = np.where(inner, 3, np.where(steep < 0.5, 1, np.where(steep > 2, 2, 0)))
    labels: npt.NDArray[np.int64] = place * 4 + (points.real < 0) * 2 + (points.imag < 0)
    return labels


# --- Capacities -----------------------------------------------------------------------------------------


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
    high = max(low + 1, to_db(4 * 50 / _nearest(constellation.points) ** 2))

    def surplus(db: float) -> float:
        return capacity(constellation, from_db(db)) - rate

    while surplus(low) > 0:
        low -= 10
    return from_db(root(surplus, low, high))


def _nearest(points: npt.NDArray[np.complex128]) -> float:
    """The least distance of two points."""
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
    for i, sent in enumerate(in_sigmas):
        offset = in_sigmas - sent
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
        total += float(loss)
    return total / (len(points) * math.log(2))


def _summed(factors: list[Array]) -> Array:
    """Sum over points of the products of their factors on a grid with one axis for each dimension."""
    if len(factors) == 1:
        line: Array = factors[0].sum(axis=1)
        return line
    return factors[0] @ factors[1].T
