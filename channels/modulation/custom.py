"""Modulations with a constellation of one's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from .constellation.constellations import Constellation, as_order
from .constellation.files import read_constellation
from .constellation.labels import checked_labels
from .point_modulation import Demapper, PointModulation


class Custom(PointModulation):
    """A constellation of your own, from a file or a list, scaled to a mean energy of 1 and not moved.

    Parameters
    ----------
    file
        A line for each point: its label, bits such as 0110, and the real and the imaginary part, or the real
        one alone. ``#`` begins a comment.
    points
        In place of a file: the real and the imaginary part of each point.
    labels
        With ``points``: a list of their labels. By default 0, 1, 2, ...
    demapper
        ``exact`` or ``max-log``.

    Raises
    ------
    ValueError
        If not exactly one of ``file`` and ``points`` is given, or for what they cannot be: with the file and
        the line, see ``read_constellation``.
    """

    examples: ClassVar[tuple[Mapping[str, Any], ...]] = (
        {"points": [[0.0, 0.0], [1.0, 0.0], [-0.5, 0.8], [-0.5, -0.8]]},
        {"points": [[3.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [-4.0, 0.0]], "labels": [0, 1, 3, 2]},
    )

    def __init__(
        self,
        *,
        file: Path | None = None,
        points: list[list[float]] | None = None,
        labels: list[int] | None = None,
        demapper: Demapper = "exact",
    ) -> None:
        if (file is None) == (points is None):
            raise ValueError("file or points are needed, one of the two")
        if file is not None:
            if labels is not None:
                raise ValueError("labels stand in the file: leave them out beside it")
            super().__init__(read_constellation(Path(file)), demapper)
            return
        if any(len(point) != 2 for point in points or ()):
            raise ValueError("points must have a real and an imaginary part each")
        order = as_order(len(points or ()))
        given = range(order) if labels is None else labels
        at = np.array(points, np.float64) @ np.array([1, 1j])
        super().__init__(Constellation(at, checked_labels(given, order)), demapper)
