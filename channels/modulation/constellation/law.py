"""The law of a use of the AWGN channel with the points of a constellation, equiprobable.

Es = 1, and the noise has variance N0 / 2 in each real dimension. Densities are those of coded modulation,
which looks at whole points and not at their bits (Ungerboeck, 1982). Expectations are integrals over the
noise by the trapezoidal rule, which converges exponentially.
"""

import math
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from ...information.law import Law, Part
from .capacity import nearest, representatives
from .constellations import Array, Constellation

#: Most points of a constellation that is no grid.
MOST_IN_THE_PLANE = 256
#: The least distance of two points, in standard deviations, above which nothing is computed.
FARTHEST = 24.0
#: How far the noise is followed, in standard deviations, beyond the middle between two points.
REACH = 8.5
#: The steps of the trapezoidal rule, in standard deviations: along an axis finely and not, for neighbours
#: that are as far apart, and in the plane.
AXIS_STEPS, PLANE_STEP = (0.025, 0.25), 0.2
#: About the most nodes in the plane.
MOST_NODES = 150_000


class ConstellationLaw(Law):
    """The law of a use with a constellation's points over AWGN.

    Parameters
    ----------
    constellation
        The points: on the real axis, any grid, or at most 256 points of the plane.
    esno
        Es/N0 > 0, a ratio.

    Raises
    ------
    ValueError
        If there are more points, or ``esno`` is so great that neighbours are 24 standard deviations apart.

    Examples
    --------
    >>> from .constellations import psk
    >>> part = ConstellationLaw(psk(8), 2.0).parts()[0]
    >>> round(float(part.probabilities @ part.densities) / math.log(2), 4)  # what 8-PSK carries, in bits
    1.4964
    """

    smooth = True

    def __init__(self, constellation: Constellation, esno: float) -> None:
        if not esno > 0:
            raise ValueError(f"esno must be above 0, got {esno}")
        self.inputs = constellation.order
        points = constellation.points
        across, up = (np.unique(part.round(12)) for part in (points.real, points.imag))
        self._axes = (across, up) if len(across) * len(up) == len(points) else None
        if self._axes is None and len(points) > MOST_IN_THE_PLANE:
            raise ValueError(
                f"bounds at a block length are known of at most {MOST_IN_THE_PLANE} points that are no grid, "
                f"got {len(points)}"
            )
        self._points, self._scale = points, math.sqrt(2 * esno)
        self._nearest = self._scale * _nearest(points.tobytes())
        self._reach = REACH + self._nearest / 2
        if self._nearest > FARTHEST:
            raise ValueError(
                f"esno must be at most {(FARTHEST / self._nearest) ** 2 * esno:.6g} for {constellation!r}, "
                f"got {esno:.6g}"
            )

    @cached_property
    def symmetric(self) -> bool:  # type: ignore[override]
        """Whether rotations and reflections of the points take each to every other one."""
        return len(alike(self._points)) == 1

    def parts(self, s: float = 1.0, *, fine: bool = True) -> tuple[Part, ...]:
        """The two axes of a grid, once where they are equal, or the plane."""
        if self._axes is None:
            return (self._plane(s, fine=fine),)
        # Between distant points densities bend within some 1 / distance.
        axes = [self._scale * (axis - axis.mean()) for axis in self._axes if len(axis) > 1]
        step = AXIS_STEPS[0 if fine else 1] / max(self._nearest, 1.0)
        if (
            len(axes) == 2
            and len(axes[0]) == len(axes[1])
            and np.allclose(axes[0], axes[1], rtol=1e-12, atol=1e-12)
        ):
            return (self._line(axes[0], s, step, 2),)
        return tuple(self._line(axis, s, step, 1) for axis in axes)

    def _noise(self, step: float) -> tuple[Array, Array]:
        """Nodes of the noise, in standard deviations, and their weights."""
        nodes = math.ceil(self._reach / step)
        z = np.arange(-nodes, nodes + 1, dtype=np.float64) * step
        return z, np.exp(-z * z / 2) * (step / math.sqrt(2 * math.pi))

    def _line(self, axis: Array, s: float, step: float, times: int) -> Part:
        z, weight = self._noise(step)
        probabilities, densities = [], []
        for k, share in alike(axis.astype(np.complex128)):
            offset = axis - axis[k]
            others = np.delete(offset, k)
            # ln W(y | other) / W(y | sent) at noise z is z d - d^2 / 2.
            ratio = np.exp(s * (np.outer(z, others) - others * others / 2)).sum(axis=1)
            probabilities.append(share * weight)
            densities.append(math.log(len(axis)) - np.log1p(ratio))
        return Part(np.concatenate(probabilities), np.concatenate(densities), times)

    def _plane(self, s: float, *, fine: bool) -> Part:
        sent = alike(self._points)
        step = PLANE_STEP * min(max(2.5 / self._nearest, 0.25), 1.0)
        all_nodes = math.pi * self._reach**2 / step**2 * len(sent)
        step *= max(math.sqrt(all_nodes / MOST_NODES), 1.0) * (1 if fine else 2)
        z, weight = self._noise(step)
        inside = z[:, None] ** 2 + z**2 <= z[-1] ** 2
        joint = np.outer(weight, weight)[inside]
        points = self._scale * self._points
        probabilities, densities = [], []
        for k, share in sent:
            offset = np.delete(points - points[k], k)
            # A product of factors of either coordinate.
            real, imag = (np.exp(s * (np.outer(z, d) - d * d / 2)) for d in (offset.real, offset.imag))
            probabilities.append(share * joint)
            densities.append(math.log(len(points)) - np.log1p(_product(real, imag)[inside]))
        return Part(np.concatenate(probabilities), np.concatenate(densities))


def _product(a: Array, b: Array) -> Array:
    """a b^T by a few rows at a time: threads of BLAS cost more than such small products."""
    rows = max(400_000 // (len(b) * b.shape[1] + 1), 1)
    return np.concatenate([a[start : start + rows] @ b.T for start in range(0, len(a), rows)])


@lru_cache(maxsize=32)
def _nearest(points: bytes) -> float:
    return nearest(np.frombuffer(points, np.complex128))


@lru_cache(maxsize=32)
def _sets(points: bytes) -> tuple[tuple[int, float], ...]:
    centred = np.frombuffer(points, np.complex128)
    centred = centred - centred.mean()
    first = representatives(np.stack([centred.real, centred.imag], axis=1))
    chosen, counts = np.unique(first, return_counts=True)
    return tuple((int(k), float(count) / len(first)) for k, count in zip(chosen, counts, strict=True))


def alike(points: npt.NDArray[np.complex128]) -> tuple[tuple[int, float], ...]:
    """One of each set of points that symmetries take to each other, and the share of all points in the set.

    The symmetries are the rotations and reflections about the points' mean that leave the points, shape (M),
    as they are.
    """
    return _sets(np.ascontiguousarray(points, np.complex128).tobytes())
