"""Figures: error rates with their limits, gaps, comparisons. The only folder that knows Matplotlib."""

import os
import sys
from contextlib import suppress

from ..errors import InputError


def _load_matplotlib() -> None:
    """Import Matplotlib, which fails where MPLBACKEND names no backend; figures in files need none."""
    if "matplotlib" in sys.modules:
        return
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib
    except Exception as error:  # such as a matplotlibrc that is not text
        raise InputError(
            f"Matplotlib cannot be loaded ({type(error).__name__}: {error}): is a file matplotlibrc in the "
            "way, in this folder or in that of Matplotlib's settings?"
        ) from error
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    if backend is not None:
        with suppress(ValueError):  # who uses Matplotlib in this process too finds it as asked for
            matplotlib.rcParams["backend"] = backend


_load_matplotlib()

from .comparison import draw_comparison  # noqa: E402
from .drawing import draw, draw_all, plot  # noqa: E402
from .gaps import draw_gaps  # noqa: E402

__all__ = ["draw", "draw_all", "draw_comparison", "draw_gaps", "plot"]
