"""Ranges and quantities of axes."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from ...channels.parameter import Parameter
from ..results.outcomes import Outcome
from ..results.rows import Row

if TYPE_CHECKING:
    from ..analysis.comparison_sides import Side


#: The largest rate on an axis of rates.
MOST_RATE = 1.05


def log_x(parameter: Parameter, values: Sequence[float]) -> bool:
    """Whether the channel's parameter is drawn on a logarithmic axis."""
    return parameter.scale == "log" and min(values) > 0 and max(values) / min(values) > 15


def x_range(
    values: Sequence[float], limits: Sequence[float], log: bool, parameter: Parameter
) -> tuple[float, float]:
    """A range that holds the points and the limits, with a margin."""
    positive = parameter.scale == "log"
    inside = [*values, *(limit for limit in limits if limit > 0 or not positive)]
    low, high = min(inside), max(inside)
    if log:
        margin = (high / low) ** 0.04
        return low / margin, high * margin
    margin = 0.04 * (high - low) or 0.5 * abs(high) or 0.5
    return low - margin, high + margin


def least_rate(rows: "Sequence[Row | Side | Outcome]", y: str) -> float:
    """The power of ten that an axis of error rates begins with."""
    shown = [getattr(row, y) if row.frame_errors else getattr(row, f"{y}_high") for row in rows]
    positive = [value for value in shown if value > 0]
    lowest = 10.0 ** np.floor(np.log10(min(positive, default=1e-3) * 0.9))
    return float(min(lowest, 0.1))


def rate_text(row: Row) -> str:
    """Information bits a channel use, which is the code's rate with BPSK: as a fraction if that is short."""
    fraction = Fraction(row.k, row.n if row.symbols is None else row.symbols)
    return str(fraction) if fraction.denominator < 1000 else f"{row.bits_per_use:.3f}"


def mean_iterations(row: Row) -> float:
    """The decoder's iterations a frame."""
    return row.iterations / row.frames


def throughput(row: Row) -> float:
    """Information bits a second of one worker's computing time, in Mb/s; NaN if the time is not known."""
    return row.frames * row.k / row.seconds / 1e6 if row.seconds > 0 else float("nan")
