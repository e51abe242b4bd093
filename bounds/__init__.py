"""What block length allows: limits on codes of n symbols, and how close to them codes are known to exist."""

from .bound_type import CONSTRAINTS, Bound, BoundError, Constraint, Kind
from .by_channel.fading import fading_bounds
from .by_channel.model import bounds_of_model
from .registry import BOUNDS, bound, bounds

__all__ = [
    "BOUNDS",
    "CONSTRAINTS",
    "Bound",
    "BoundError",
    "Constraint",
    "Kind",
    "bound",
    "bounds",
    "bounds_of_model",
    "fading_bounds",
]
