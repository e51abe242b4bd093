"""What block length allows: limits on codes of n symbols, and how close to them codes are known to exist."""

from .registry import BOUNDS, Bound, Kind, bound, bounds

__all__ = ["BOUNDS", "Bound", "Kind", "bound", "bounds"]
