"""What block length allows: limits on codes of n symbols, and how close to them codes are known to exist."""

from .registry import BOUNDS, CONSTRAINTS, Bound, BoundError, Constraint, Kind, bound, bounds

__all__ = ["BOUNDS", "CONSTRAINTS", "Bound", "BoundError", "Constraint", "Kind", "bound", "bounds"]
