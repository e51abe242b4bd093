"""How figures look: fonts, grounds and lines, in light and in dark. Colours of curves: ``content.styles``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import matplotlib.style

from ..content.styles import COLOURS, DARK_COLOURS

STYLE: Any = {
    "font.size": 10,
    "axes.titlesize": 11,
    "axes.grid": True,
    "axes.grid.which": "both",
    "grid.color": "#dddddd",
    "grid.linewidth": 0.5,
    "axes.axisbelow": True,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "savefig.dpi": 160,
    "svg.hashsalt": "capgap",
    "svg.fonttype": "none",
    "pdf.fonttype": 42,
}
#: Paper and ink of the dark theme.
PAPER, INK = "#14171c", "#e6e6e6"
DARK: Any = {
    **{f"{part}.facecolor": PAPER for part in ("figure", "axes", "savefig")},
    **{f"{part}.color": INK for part in ("text", "xtick", "ytick")},
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "grid.color": "#2e3339",
}


@contextmanager
def house_style(*, dark: bool = False) -> Iterator[None]:
    """Draw so, whatever the user's settings of Matplotlib: the same everywhere, and without LaTeX."""
    with matplotlib.style.context(["default", {**STYLE, **(DARK if dark else {})}]):
        yield


#: Of quantities that are no channel parameters.
AXIS_LABELS = {
    "ber": "bit error rate",
    "fer": "frame error rate",
    "outcomes": "share of frames",
    "iterations": "iterations a frame",
    "throughput": "Mb/s of information bits, one worker",
    "delivered": "throughput (information bits delivered per channel use)",
    "transmissions": "transmissions a frame",
    "rate": "rate $R$ (information bits per channel use)",
}
LIMIT_LINES: dict[str, Any] = {
    "shannon": "--",
    "modulation": "-.",
    "bicm": (0, (3, 1, 1, 1)),
    "bpsk": "-.",
    "outage": (0, (10, 2)),
    "rate-distortion": (0, (5, 1.5)),
    "converse": (0, (6, 1.2, 1, 1.2)),
    "normal-approximation": (0, (3, 1)),
    "rcu": (0, (1, 1)),
    "union": (0, (4, 1, 1, 1, 1, 1)),
    "exact": (0, (2, 0.8)),
    "accumulated": (0, (4, 1.5)),
    "stop-feedback": (0, (1, 1)),
    "ml-lower-bound": (0, (8, 1.5, 1, 1.5, 1, 1.5)),
    "threshold": "-",
    "scaling": (0, (5, 1, 1, 1, 1, 1, 1, 1)),
}


def dark() -> bool:
    """Whether the figure that is drawn now has the dark theme."""
    return bool(matplotlib.rcParams["axes.facecolor"] == PAPER)


def grey(tone: str) -> str:
    """A grey of the light theme; in the dark one, that between its paper and ink which is as strong."""
    if not dark():
        return tone
    strength = 1 - int(tone[1:3], 16) / 255
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (PAPER, INK)]
    mixed = [round(paper + strength * (ink - paper)) for paper, ink in zip(*ends, strict=True)]
    return "#" + "".join(f"{part:02x}" for part in mixed)


def shade(colour: str) -> str:
    """A curve's colour, one of ``COLOURS``; in the dark theme, the one that stands for it there."""
    return DARK_COLOURS[COLOURS.index(colour)] if dark() else colour


def paper() -> dict[str, Any]:
    """The background of a text that lies on lines."""
    return {"facecolor": grey("#ffffff"), "edgecolor": "none", "pad": 0.5}
