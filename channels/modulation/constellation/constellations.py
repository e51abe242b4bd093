"""Signal constellations: points with Es = 1, and their labels.

G. Ungerboeck, "Channel coding with multilevel/phase signals", 1982; Proakis and Salehi, "Digital
Communications", 5th ed., 2008, section 3.2.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from ....vectors.whole_numbers import whole_number
from ...elementwise import as_numbers
from .labels import (
    GridLabels,
    Labels,
    checked_grid_labels,
    checked_labels,
    labels_in_a_row,
    labels_of_a_grid,
    partition_labels,
)
from .signals import SignalSet

Array = npt.NDArray[np.float64]
#: Most points of a constellation.
MAX_POINTS = 4096


class Constellation(SignalSet):
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
        super().__init__(len(scaled), labels, name)

    @property
    def points(self) -> npt.NDArray[np.complex128]:
        """The points, with mean energy 1: complex128, shape (M)."""
        return self._points

    @property
    def vectors(self) -> npt.NDArray[np.complex128]:
        """The points as signals of one sample: complex128, shape (M, 1)."""
        return self._points[:, None]

    @property
    def has_unit_energy(self) -> bool:
        """Whether all points have energy 1, as those of PSK."""
        return bool((abs(abs(self._points) - 1) < 1e-9).all())

    def _content(self) -> tuple[bytes, bytes, str]:
        labels = b"" if self._labels is None else self._labels.tobytes()
        return self._points.tobytes(), labels, self._name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Constellation) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def __repr__(self) -> str:
        return f"<Constellation {self._name}, {self.order} points>"


def gray_code(order: int) -> npt.NDArray[np.int64]:
    """The binary reflected Gray code 0, 1, 3, 2, 6, ...: int64, shape (order) (Gray, 1953).

    Raises ValueError unless ``order`` is a power of two from 2 to 4096.
    """
    return labels_in_a_row(as_order(order), "gray")


def as_order(order: int, most: int = MAX_POINTS) -> int:
    """The order as an int; raises ValueError unless it is a power of two from 2 to ``most``."""
    number = whole_number(order, "order")
    if not 2 <= number <= most or number & (number - 1):
        raise ValueError(f"order must be a power of two from 2 to {most}, got {number}")
    return number


def pam(order: int, labels: Labels | Sequence[int] = "gray") -> Constellation:
    """Pulse-amplitude modulation: equidistant real points from the highest down.

    Parameters
    ----------
    order
        The number of points: a power of two from 2 to 4096. ``pam(2)`` is BPSK, 0 sent as +1.
    labels
        ``gray``, ``natural``, ``set-partitioning``, ``anti-gray``, or those of the points in their order.

    Raises
    ------
    ValueError
        If the order or the labels are none of these.
    """
    order = as_order(order)
    chosen = labels_in_a_row(order, checked_labels(labels, order))
    return Constellation(np.arange(order - 1, -order, -2), chosen, f"{order}-PAM")


def psk(order: int, phase: float = 0.0, labels: Labels | Sequence[int] = "gray") -> Constellation:
    """Phase-shift keying: points on the circle from ``phase`` (radians) counterclockwise.

    With phase 0, ``psk(2)`` is BPSK and exactly real.

    Parameters
    ----------
    order
        The number of points: a power of two from 2 to 4096.
    phase
        The angle of the first point, finite.
    labels
        ``gray``, ``natural``, ``set-partitioning`` (Ungerboeck's, which are the natural ones), ``anti-gray``,
        or those of the points in their order.

    Raises
    ------
    ValueError
        If an argument is none of these.
    """
    order = as_order(order)
    if not math.isfinite(phase):
        raise ValueError(f"phase must be finite, got {phase}")
    chosen = labels_in_a_row(order, checked_labels(labels, order))
    return Constellation(_ring(order, phase), chosen, f"{order}-PSK")


def _ring(size: int, phase: float) -> npt.NDArray[np.complex128]:
    """Equidistant points of the unit circle; those on the axes are exact where the phase is 0."""
    if phase == 0:
        quarters = 4 * np.arange(size) / size
        exact = np.array([1, 1j, -1, -1j])[quarters.astype(np.int64)]
        return np.where(quarters % 1 == 0, exact, np.exp(0.5j * np.pi * quarters))
    points: npt.NDArray[np.complex128] = np.exp(1j * (phase + 2 * np.pi * np.arange(size) / size))
    return points


def qam(order: int, labels: GridLabels | Sequence[int] = "gray") -> Constellation:
    """Quadrature-amplitude modulation: a PAM on each axis, the real axis's bits of a label first.

    Square where log2 of ``order`` is even, and otherwise a rectangle that is twice as wide as high.

    Parameters
    ----------
    order
        The number of points: a power of two from 4 to 4096.
    labels
        ``gray``, ``natural``, ``set-partitioning``, ``anti-gray``, of squares also ``nr``, 5G's, which are
        Gray with the bits of both axes by turns; or those of the points in their order: columns from the
        right to the left, each from the top down.

    Raises
    ------
    ValueError
        If the order or the labels are none of these.
    """
    points, wide, high = _rectangle(order)
    chosen = labels_of_a_grid(wide, high, checked_grid_labels(labels, order))
    return Constellation(points, chosen, f"{order}-QAM")


def cross_qam(order: int, labels: GridLabels | Sequence[int] = "gray") -> Constellation:
    """Quadrature-amplitude modulation of 32, 128, 512 or 2048 points: a square without its corners.

    The outer columns of a rectangle twice as wide as high are folded above and below it, with their labels
    (J. G. Smith, "Odd-bit quadrature amplitude-shift keying", 1975; Vitthaladevuni, Alouini and Kieffer,
    "Exact BER computation for cross QAM constellations", 2005). Gray labels of the rectangle then are nearly
    ones: some neighbours across a fold differ in more than one bit. Arguments and errors are those of
    ``qam``; the points keep their order in the rectangle.
    """
    points, wide, high = _rectangle(order)
    if order < 32 or wide == high:
        raise ValueError(f"order must be 32, 128, 512 or 2048 for a cross, got {order}")
    across, up, step = abs(points.real), abs(points.imag), high / 2
    outside = across > 3 * step
    far = up > step
    folded = np.where(far, across - 2 * step, 4 * step - across) * np.sign(points.real) + 1j * np.where(
        far, 4 * step - up, up + 2 * step
    ) * np.sign(points.imag)
    points = np.where(outside, folded, points)
    given = checked_grid_labels(labels, order)
    partitioned = isinstance(given, str) and given == "set-partitioning"
    chosen = partition_labels(points) if partitioned else labels_of_a_grid(wide, high, given)
    return Constellation(points, chosen, f"{order}-QAM")


def _rectangle(order: int) -> tuple[npt.NDArray[np.complex128], int, int]:
    """A grid of points two apart, column by column, and its columns and rows."""
    order = as_order(order)
    if order < 4:
        raise ValueError(f"order must be at least 4, got {order}")
    high = 1 << (order.bit_length() - 1) // 2
    wide = order // high
    across, up = np.arange(wide - 1, -wide, -2), np.arange(high - 1, -high, -2)
    return (across[:, None] + 1j * up).ravel(), wide, high


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
