"""Codes of finite geometries: points are variables, lines checks.

Y. Kou, S. Lin and M. Fossorier, 2001, "Low-density parity-check codes based on finite geometries: a
rediscovery and new results" (type I). Lines that are shifts of each other are rows of one block, many of
them dependent.
"""

import numpy as np

from ...binary.gf2 import MAX_ONES, of_coordinates
from ...fields.galois_field import GaloisField
from .checked import checked_range
from .made import Made


def euclidean_geometry(*, s: int, m: int = 2) -> Made:
    """EG(m, 2^s) without its origin and the lines through that: n = 2^(m s) - 1, cyclic.

    With m = 2 the minimum distance is 2^s + 1.
    """
    m, s = checked_range(m, "m", 2, 8), checked_range(s, "s", 1, 8)
    if m * s > 12:
        raise ValueError(f"m s must be at most 12, got {m} {s}")
    field = GaloisField(m * s)
    n = field.order
    scalars = field.exp[np.arange(2**s - 1) * (n // (2**s - 1))]
    lines = set()
    # Each line is a shift of one through the element 1.
    for direction in range(1, n // (2**s - 1)):
        points = np.concatenate([[1], 1 ^ field.multiply(scalars, field.exp[direction])])
        lines.add(_shifted(field.log[points], n))
    return _cyclic(sorted(lines), n, 2**s + 1 if m == 2 else None)


def projective_geometry(*, s: int, m: int = 2) -> Made:
    """PG(m, 2^s): n = (2^((m + 1) s) - 1) / (2^s - 1), cyclic.

    With m = 2 the minimum distance is 2^s + 2.
    """
    m, s = checked_range(m, "m", 2, 8), checked_range(s, "s", 1, 8)
    if (m + 1) * s > 15 or m * s > 12:
        raise ValueError(f"m s must be at most 12, and (m + 1) s at most 15, got m = {m}, s = {s}")
    field = GaloisField((m + 1) * s)
    n = field.order // (2**s - 1)
    scalars = field.exp[np.arange(2**s - 1) * n]
    lines = set()
    for direction in range(1, n):
        others = 1 ^ field.multiply(scalars, field.exp[direction])
        lines.add(_shifted(np.concatenate([[0, direction], field.log[others]]) % n, n))
    return _cyclic(sorted(lines), n, 2**s + 2 if m == 2 else None)


def _shifted(points: "np.typing.NDArray[np.int32]", n: int) -> tuple[int, ...]:
    """The least of the shifts of a line, of those with a point at 0."""
    return min(tuple(sorted(int(p) for p in (points - first) % n)) for first in points)


def _cyclic(lines: list[tuple[int, ...]], n: int, distance: int | None) -> Made:
    """All different shifts of lines."""
    rows, columns, count = [], [], 0
    for line in lines:
        points = np.array(line)
        period = next(t for t in range(1, n + 1) if n % t == 0 and set((points + t) % n) == set(line))
        if (count + period) * len(line) > MAX_ONES:
            raise ValueError(f"s and m make too many lines: up to {MAX_ONES} ones are handled")
        rows.append(np.repeat(count + np.arange(period), len(line)))
        columns.append(((points + np.arange(period)[:, None]) % n).ravel())
        count += period
    matrix = of_coordinates(np.concatenate(rows), np.concatenate(columns), (count, n), "the matrix")
    return Made(
        matrix, n if count == n else None, facts={} if distance is None else {"minimum distance": distance}
    )
