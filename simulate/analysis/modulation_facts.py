"""What is known of a modulation without simulating it, and a picture of its constellation in text."""

from typing import Any

import numpy as np
import numpy.typing as npt

from ...channels import Modulation, PointModulation, to_db
from ...channels.modulation.carriers.axes import Axes
from ...channels.modulation.point_modulation import LabelModulation

#: Most points of which distances and limits are computed, and that a picture shows.
MOST_POINTS, MOST_SHOWN = 256, 128
#: Columns that a picture may have, and how many of them are as long as a line is high.
WIDTHS, PER_LINE = range(24, 121, 4), 2
#: Distances that differ by less than this part are the same.
SAME = 1e-9


def modulation_facts(modulation: Modulation) -> dict[str, Any]:
    """Facts by their names: numbers, text or lists; None where one is not known, or takes long."""
    signals = modulation.signals
    vectors, order = signals.vectors, signals.order
    facts: dict[str, Any] = {
        "constellation": signals.name,
        "points": order,
        "bits a sample": modulation.bits_per_symbol,
        "real dimensions": modulation.dimensions,
        "detection": modulation.detection,
        "peak over mean power": None
        if modulation.slots > 1
        else f"{to_db(float((abs(vectors) ** 2).max())):.2f} dB",
        "least distance": None,
        "bits between neighbours": None,
        "demapper": getattr(modulation, "demapper", None),
        "demapped": _demapped(modulation),
    }
    if order <= MOST_POINTS:
        distance = np.linalg.norm(vectors[:, None] - vectors, axis=-1)
        np.fill_diagonal(distance, np.inf)
        near = distance < distance.min() * (1 + SAME)
        apart = np.bitwise_count(signals.labels[:, None] ^ signals.labels)
        facts["least distance"] = float(distance.min())
        facts["bits between neighbours"] = float(apart[near].mean())
        half = modulation.bits_per_symbol / 2
        facts["limits at rate 1/2"] = (
            f"{to_db(modulation.limit_esno(half)):.3f} dB Es/N0, bit by bit "
            f"{to_db(modulation.limit_esno(half, 'bicm')):.3f} dB"
        )
    return facts


def _demapped(modulation: Modulation) -> str | None:
    if not isinstance(modulation, PointModulation):
        return "symbol by symbol" if isinstance(modulation, LabelModulation) else None
    return "each axis by itself" if isinstance(modulation.carrier, Axes) else "point by point"


def picture(modulation: Modulation) -> list[str] | None:
    """Lines of text with each point's label, its bits, where the point lies; None where they do not fit.

    The label's middle is at the point; real parts grow to the right, and imaginary ones upwards.
    """
    if modulation.slots > 1 or modulation.signals.order > MOST_SHOWN:
        return None
    constellation, bits = modulation.constellation, modulation.bits_per_symbol
    for width in WIDTHS:
        lines = _drawn(constellation.points, constellation.labels, bits, width)
        if lines is not None:
            return lines
    return None


def _drawn(
    points: npt.NDArray[np.complex128], labels: npt.NDArray[np.int64], bits: int, width: int
) -> list[str] | None:
    """The picture of a width; None where two labels touch."""
    reach = max(float(abs(points.real).max()), float(abs(points.imag).max()))
    height = round(width / PER_LINE)
    columns = np.round((points.real / reach + 1) / 2 * width).astype(int)
    rows = np.round((1 - points.imag / reach) / 2 * height).astype(int)
    canvas = [[" "] * (width + bits + 1) for _ in range(height + 1)]
    for label, row, column in zip(labels, rows, columns, strict=True):
        place = slice(column, column + bits)
        if any(each != " " for each in canvas[row][max(column - 1, 0) : column + bits + 1]):
            return None
        canvas[row][place] = f"{label:0{bits}b}"
    used = [i for i, line in enumerate(canvas) if any(each != " " for each in line)]
    return ["".join(line).rstrip() for line in canvas[used[0] : used[-1] + 1]]
