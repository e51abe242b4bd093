"""Figures: error rates with their limits, gaps, comparisons. The only folder that knows Matplotlib."""

from .comparison import draw_comparison
from .drawing import draw, draw_all, plot
from .gaps import draw_gaps

__all__ = ["draw", "draw_all", "draw_comparison", "draw_gaps", "plot"]
