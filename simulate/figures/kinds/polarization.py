"""Capacities of the bit channels of polar codes, which go to 0 and 1 as the length grows.

E. Arikan, "Channel polarization: a method for constructing capacity-achieving codes for symmetric
binary-input memoryless channels", 2009, figure 4.
"""

from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ....codes.bit_channels import Capacities
from ...content.polarization import DELTA, SHOWN, Polarization, polarizations
from ...content.styles import COLOURS
from ...results.rows import Results
from ..sheet import legend, readable, titled
from ..style import grey, shade

if TYPE_CHECKING:
    from ...configuration.models import PlotOptions

#: Characters in a line of a panel's title.
WIDEST = 42
#: Dots that are drawn one by one in formats that could: more are an image there, else files take megabytes.
MOST_DRAWN = 1000


def polarization_figure(results: Results, options: "PlotOptions") -> Figure:
    """A row for each channel: capacities at some lengths, and how many are near 0 and 1 at each length."""
    found = polarizations(results)
    columns = SHOWN + 1
    figure, axes = titled(options, columns * len(found), width=3.6, columns=columns)
    for i, each in enumerate(found):
        row = axes[columns * i : columns * (i + 1)]
        for panel, capacities in zip(row, each.shown, strict=False):
            _draw_capacities(panel, capacities, each)
        for unused in row[len(each.shown) : SHOWN]:
            unused.remove()
        _draw_fractions(row[SHOWN], each)
    legend(figure, [panel for panel in axes if panel.figure is not None])
    return figure


def _draw_capacities(panel: Axes, capacities: Capacities, each: Polarization) -> None:
    n = len(capacities)
    places = np.arange(1, n + 1) / n
    panel.plot(
        places,
        capacities,
        linestyle="none",
        marker=".",
        markersize=float(np.clip(30 / np.sqrt(n), 1.5, 6)),
        markeredgewidth=0,
        color=shade(COLOURS[0]),
        rasterized=n > MOST_DRAWN,
        label="in order of decision",
    )
    edges = np.arange(n + 1) / n
    panel.stairs(np.sort(capacities), edges, baseline=None, color=shade(COLOURS[1]), label="sorted")
    panel.axvline(
        1 - each.capacity, color=grey("#444444"), linestyle="--", linewidth=0.9, label="$i/N = 1 - I(W)$"
    )
    panel.set_xlim(0, 1)
    panel.set_ylim(-0.03, 1.03)
    panel.set_xlabel("$i/N$")
    panel.set_ylabel("capacity $I(W_N^{(i)})$")
    panel.set_title(f"{readable(each.place)}\n$N$ = {n}", fontsize=9)


def _draw_fractions(panel: Axes, each: Polarization) -> None:
    lengths, perfect, useless = each.fractions
    kinds = (
        (perfect, COLOURS[2], "o", f"fraction above {1 - DELTA:g}"),
        (useless, COLOURS[3], "s", f"fraction below {DELTA:g}"),
        (1 - perfect - useless, COLOURS[5], "^", "fraction between"),
    )
    for fractions, colour, marker, name in kinds:
        panel.plot(lengths, fractions, marker=marker, color=shade(colour), label=name)
    for limit, colour, name in (
        (each.capacity, COLOURS[2], "limit $I(W)$"),
        (1 - each.capacity, COLOURS[3], "limit $1 - I(W)$"),
    ):
        panel.axhline(limit, color=shade(colour), linestyle="--", linewidth=0.9, label=name)
    panel.set_ylim(-0.03, 1.03)
    panel.xaxis.set_major_locator(MaxNLocator(integer=True))
    panel.set_xlabel(r"$\log_2 N$")
    panel.set_ylabel("fraction of the bit channels")
    panel.set_title("\n".join(wrap(f"capacities: {each.known}", WIDEST)), fontsize=9)
