"""Labels of the points of a constellation: Gray, natural, set partitioning, anti-Gray, or a list.

F. Gray, "Pulse code communication", US patent 2,632,058, 1953; G. Ungerboeck, "Channel coding with
multilevel/phase signals", 1982, section III (set partitioning); 3GPP TS 38.211, section 5.1 (5G's).
"""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

from ....vectors.whole_numbers import whole_number

#: Names of labels.
Labels = Literal["gray", "natural", "set-partitioning", "anti-gray"]
#: The same of squares.
GridLabels = Literal["gray", "natural", "set-partitioning", "anti-gray", "nr"]
Integers = npt.NDArray[np.int64]
#: Distances that differ by less than this factor are the same.
SAME = 1 + 1e-9


def checked_labels(labels: Any, order: int) -> "Labels | Integers":
    """A name of labels, or a list of them as an array.

    Raises ValueError as ``checked_grid_labels`` does.
    """
    found: Labels | Integers = _checked(labels, order, get_args(Labels))
    return found


def checked_grid_labels(labels: Any, order: int) -> "GridLabels | Integers":
    """A name of labels of a grid, or a list of them as an array.

    Raises
    ------
    ValueError
        If it is neither, or the list does not hold each number from 0 to ``order`` - 1 once: it names the
        first that is missing and the first that stands twice.
    """
    found: GridLabels | Integers = _checked(labels, order, get_args(GridLabels))
    return found


def _checked(labels: Any, order: int, names: tuple[str, ...]) -> Any:
    if isinstance(labels, str):
        if labels not in names:
            raise ValueError(f"labels must be {', '.join(names)} or a list, got {labels!r}")
        return labels
    if not isinstance(labels, Sequence | np.ndarray):
        raise ValueError(f"labels must be {', '.join(names)} or a list, got {labels!r:.60}")
    numbers = [whole_number(label, "labels") for label in labels]
    if len(numbers) != order:
        raise ValueError(f"labels must be {order}, one for each point, got {len(numbers)}")
    outside = [number for number in numbers if not 0 <= number < order]
    if outside:
        raise ValueError(f"labels must lie in [0, {order - 1}], got {outside[0]}")
    count = np.bincount(numbers, minlength=order)
    if (count != 1).any():
        missing, twice = np.argmin(count), np.flatnonzero(count > 1)[0]
        raise ValueError(
            f"labels must hold each number from 0 to {order - 1} once: {missing} is missing, {twice} stands "
            f"{count[twice]} times"
        )
    return np.array(numbers, np.int64)


def labels_in_a_row(order: int, labels: "Labels | Integers") -> Integers:
    """The labels of points in a row or on a circle, int64 (order).

    Gray: neighbours differ in one bit. Natural: 0, 1, 2, ..., which also partition the set: the last bit of a
    label tells neighbours apart, the one before it every second point. Anti-Gray: neighbours differ in all
    bits and in all but one by turns.
    """
    if not isinstance(labels, str):
        return labels
    numbers = np.arange(order, dtype=np.int64)
    if labels == "gray":
        return numbers ^ (numbers >> 1)
    if labels == "anti-gray":
        half = numbers >> 1
        return (half ^ (half >> 1)) ^ np.where(numbers & 1, order - 1, 0)
    return numbers


def labels_of_a_grid(wide: int, high: int, labels: "GridLabels | Integers") -> Integers:
    """The labels of a grid, column by column, int64 (wide high): those of the columns before those of rows.

    A set is partitioned by the chain of lattices Z^2, R Z^2, 2 Z^2, ...: of a square in closed form. 5G's are
    Gray, and bits of columns and rows alternate. Raises ValueError if they are asked for no square.
    """
    if not isinstance(labels, str):
        return labels
    if labels == "nr":
        if wide != high:
            raise ValueError(f"labels nr are those of squares: 4, 16, 64, ... points, not {wide * high}")
        one = _spread(_nr_labels_in_a_row(high))
        return (2 * one[:, None] + one).ravel()
    if labels != "set-partitioning":
        across, up = labels_in_a_row(wide, labels), labels_in_a_row(high, labels)
        return (across[:, None] * high + up).ravel()
    i, j = (axis.ravel() for axis in np.indices((wide, high), dtype=np.int64))
    if wide != high:
        return partition_labels(i + 1j * j)
    found = np.zeros(wide * high, np.int64)
    for level in range(wide.bit_length() - 1):
        column, row = (i >> level) & 1, (j >> level) & 1
        found |= (column ^ row) << (2 * level) | column << (2 * level + 1)
    return found


def _nr_labels_in_a_row(order: int) -> Integers:
    """5G's labels of one axis, from the highest level down: the sign's bit, then those of its magnitude.

    A 1 turns the sign, of the level, of its magnitude less that of the middle, and so on (TS 38.211, 5.1.4).
    """
    level = np.zeros(1, np.int64)
    while len(level) < order:
        level = np.concatenate([len(level) - level, level - len(level)])
    return np.argsort(-level)


def _spread(numbers: Integers) -> Integers:
    """Numbers with a 0 before each of their bits."""
    found = np.zeros_like(numbers)
    for i in range(int(numbers.max()).bit_length()):
        found |= (numbers >> i & 1) << 2 * i
    return found


def partition_labels(points: npt.NDArray[np.complex128]) -> Integers:
    """Labels by set partitioning, int64 (M), for M points, a power of two.

    Every set is halved so that the least distance within the halves is as large as can be; which half a point
    is in is the next bit of its label, from the last bit on.
    """
    labels = np.zeros(len(points), np.int64)
    sets = [np.arange(len(points))]
    for level in range(len(points).bit_length() - 1):
        halves = []
        for members in sets:
            second = _second_half(points[members])
            labels[members[second]] |= 1 << level
            halves += [members[~second], members[second]]
        sets = halves
    return labels


def _second_half(points: npt.NDArray[np.complex128]) -> npt.NDArray[np.bool_]:
    """Which points are in the half without the first, bool (M)."""
    distance = abs(points[:, None] - points)
    np.fill_diagonal(distance, np.inf)
    second: npt.NDArray[np.bool_] = np.arange(len(points)) % 2 == 1
    reach = float(distance.min())
    while True:
        apart = _in_equal_halves(distance <= reach * SAME)
        if apart is None:
            return second
        second = apart
        farther = distance[(distance > reach * SAME) & np.isfinite(distance)]
        if not len(farther):
            return second
        reach = float(farther.min())


def _in_equal_halves(near: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_] | None:
    """A colour for each point so that no two that are near have the same, of each as many; None if none."""
    side = np.full(len(near), -1, np.int64)
    surplus: dict[int, list[tuple[list[int], bool]]] = {0: []}  # of colour 0 over colour 1, and how
    for first in range(len(near)):
        if side[first] >= 0:
            continue
        side[first], part = 0, [first]
        for point in part:
            for neighbour in np.flatnonzero(near[point]):
                if side[neighbour] < 0:
                    side[neighbour] = 1 - side[point]
                    part.append(int(neighbour))
                elif side[neighbour] == side[point]:
                    return None
        more = len(part) - 2 * int(side[part].sum())
        ways = (False,) if first == 0 or more == 0 else (False, True)
        surplus = {
            total + (-more if turned else more): [*how, (part, turned)]
            for total, how in surplus.items()
            for turned in ways
        }
    if 0 not in surplus:
        return None
    for part, turned in surplus[0]:
        side[part] ^= turned
    found: npt.NDArray[np.bool_] = side == 1
    return found
