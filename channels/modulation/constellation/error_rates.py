"""Exact error rates of decisions for the nearest point of a constellation, over AWGN.

What is received in the cell of a point, which is a polygon, is decided for that point. How probable a
polygon is, seen from the point that was sent, is a sum over its edges: a line at the distance h, from a to b
along it, hides T(h, b / h) - T(h, a / h), with Owen's function T (D. B. Owen, "Tables for computing bivariate
normal probabilities", 1956). An edge between two cells counts for one and against the other. For PSK these
are the probabilities of sectors (J. Lassing, E. G. Strom, E. Agrell and T. Ottosson, "Computation of the
exact bit-error rate of coherent M-ary PSK with Gray code bit mapping", 2003), for PAM and square QAM with
Gray labels the sums of Q functions of K. Cho and D. Yoon, "On the general BER expression of one- and
two-dimensional amplitude modulations", 2002.
"""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ...elementwise import elementwise
from .constellations import Constellation

Floats = npt.NDArray[np.float64]
#: Errors that it counts when the point of the first index is sent and those of the second decided.
Cost = Callable[[int, npt.NDArray[np.intp]], Floats]
#: Where points lie that end the cells of no end; beyond a tenth of it they have none.
FAR_AWAY = 1e4
#: Edges whose squared distance is by twice that above the nearest one's hide e^-FAR of what it hides at most.
FAR = 40.0


@elementwise
def bit_error_rate(constellation: Constellation, esno: float) -> float:
    """The probability that a bit of the nearest point's label is wrong, at Es/N0 > 0 (a ratio).

    Raises ValueError if the constellation has no labels.
    """
    labels = constellation.labels

    def wrong_bits(sent: int, decided: npt.NDArray[np.intp]) -> Floats:
        apart: Floats = np.bitwise_count(labels[decided] ^ labels[sent]).astype(np.float64)
        return apart

    return _mean_cost(constellation.points, wrong_bits, esno) / constellation.bits


@elementwise
def symbol_error_rate(constellation: Constellation, esno: float) -> float:
    """The probability that another point than the one that was sent is nearest, at Es/N0 > 0 (a ratio)."""

    def wrong(sent: int, decided: npt.NDArray[np.intp]) -> Floats:
        other: Floats = (decided != sent).astype(np.float64)
        return other

    return _mean_cost(constellation.points, wrong, esno)


def _mean_cost(points: npt.NDArray[np.complex128], cost: Cost, esno: float) -> float:
    """The mean cost of decisions for the nearest point, all points being sent alike."""
    in_sigmas = points * math.sqrt(2 * esno)
    real = not points.imag.any()
    edges = _edges_on_a_line(in_sigmas.real) if real else _edges_in_the_plane(in_sigmas, points)
    total = 0.0
    for sent, point in enumerate(in_sigmas):
        near, far, distance, low, high = edges(point)
        half = (distance**2 + np.maximum(np.maximum(low, -high), 0) ** 2) / 2
        at = np.flatnonzero(half < half.min() + FAR)
        more = cost(sent, far[at]) - cost(sent, near[at])
        at, more = at[more != 0], more[more != 0]
        total += float(more @ _hidden(distance[at], low[at], high[at]))
    return total / len(points)


#: Of each edge, seen from a point: the indices of the points before and behind it, its line's distance, and
#: where on the line it begins and ends.
Seen = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], Floats, Floats, Floats]


def _hidden(distance: Floats, low: Floats, high: Floats) -> Floats:
    """The probability of what edges hide from a point, for noise of variance 1."""
    from scipy.special import owens_t

    with np.errstate(divide="ignore", invalid="ignore"):
        hidden: Floats = owens_t(distance, high / distance) - owens_t(distance, low / distance)
    return hidden


def _edges_on_a_line(points: Floats) -> Callable[[complex], Seen]:
    """Edges half way between neighbours, which are lines of no end."""
    order = np.argsort(points)
    first, second = order[:-1], order[1:]
    middle = (points[first] + points[second]) / 2
    end = np.full(len(middle), np.inf)

    def seen(point: complex) -> Seen:
        before = point.real < middle
        near, far = np.where(before, first, second), np.where(before, second, first)
        return near, far, abs(middle - point.real), -end, end

    return seen


def _edges_in_the_plane(
    in_sigmas: npt.NDArray[np.complex128], points: npt.NDArray[np.complex128]
) -> Callable[[complex], Seen]:
    """Edges of the Voronoi cells."""
    from scipy.spatial import Voronoi

    around = FAR_AWAY * np.exp(0.25j * np.pi * np.arange(8))
    every = np.concatenate([points, around])
    cells = Voronoi(np.column_stack([every.real, every.imag]))
    pairs = cells.ridge_points
    own = (pairs < len(points)).all(axis=1)
    first, second = pairs[own].T.astype(np.intp)
    ends = np.array([ends for ends, mine in zip(cells.ridge_vertices, own, strict=True) if mine])
    scale = abs(in_sigmas[0]) / abs(points[0]) if points[0] else abs(in_sigmas[1]) / abs(points[1])
    corners = cells.vertices[ends] @ np.array([1, 1j])
    beyond = np.where(abs(corners) > FAR_AWAY / 10, np.inf, 1.0)
    ends_seen = list(zip((scale * corners).T, beyond.T, strict=True))
    across = in_sigmas[second] - in_sigmas[first]
    across = across / abs(across)  # from the first point to the second
    middle = (in_sigmas[first] + in_sigmas[second]) / 2

    def seen(point: complex) -> Seen:
        distance = (np.conj(across) * (middle - point)).real
        before = distance >= 0
        near, far = np.where(before, first, second), np.where(before, second, first)
        along = [(np.conj(across) * (each - point)).imag * without_end for each, without_end in ends_seen]
        return near, far, abs(distance), np.minimum(*along), np.maximum(*along)

    return seen
