"""Constellations: points, their labels, and what is received at the curve's operating point."""

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...content.constellations import Received, constellations_of
from ...content.styles import COLOURS
from ...results.rows import Results
from ..sheet import titled
from ..style import grey, shade

if TYPE_CHECKING:
    from ...configuration.models import PlotOptions

#: Most points whose labels can be read.
MOST_LABELS = 64
#: Bins of the histogram of real samples.
BINS = 120


def constellation_figure(results: Results, options: "PlotOptions") -> Figure:
    """A panel for each modulation over each channel."""
    found = constellations_of(results)
    figure, axes = titled(options, len(found), width=4.4, columns=min(3, len(found)))
    for panel, each in zip(axes, found, strict=False):
        (_draw_line if each.constellation.is_real else _draw_plane)(panel, each)
        panel.set_title(f"{each.title}\n{each.place}", fontsize=9)
    for unused in axes[len(found) :]:
        unused.remove()
    return figure


def _draw_plane(panel: Axes, each: Received) -> None:
    points = each.constellation.points
    panel.plot(
        each.samples.real,
        each.samples.imag,
        linestyle="none",
        marker=".",
        markersize=1.5,
        markeredgewidth=0,
        color=shade(COLOURS[0]),
        rasterized=True,
    )
    panel.plot(points.real, points.imag, linestyle="none", marker="o", markersize=4, color=shade(COLOURS[1]))
    _label(panel, each, points.imag)
    reach = 1.25 * float(abs(np.array([points.real, points.imag])).max())
    reach = max(reach, float(np.quantile(abs(np.array([each.samples.real, each.samples.imag])), 0.999)))
    panel.set_xlim(-reach, reach)
    panel.set_ylim(-reach, reach)
    panel.set_aspect("equal")
    panel.set_xlabel("real part")
    panel.set_ylabel("imaginary part")


def _draw_line(panel: Axes, each: Received) -> None:
    """Real points on an axis, under a histogram of the samples."""
    points = each.constellation.points.real
    panel.hist(each.samples.real, bins=BINS, density=True, histtype="step", color=shade(COLOURS[0]))
    axis = np.zeros(len(points))
    panel.plot(
        points, axis, linestyle="none", marker="o", markersize=4, color=shade(COLOURS[1]), clip_on=False
    )
    _label(panel, each, axis)
    panel.set_xlabel("received")
    panel.set_ylabel("density")


def _label(panel: Axes, each: Received, height: "np.typing.NDArray[np.float64]") -> None:
    constellation = each.constellation
    if constellation.order > MOST_LABELS:
        return
    bits = constellation.order.bit_length() - 1
    for point, label, up in zip(constellation.points, constellation.labels, height, strict=True):
        panel.annotate(
            f"{label:0{bits}b}",
            (point.real, up),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            fontsize=7 if constellation.order <= 16 else 5,
            color=grey("#222222"),
        )
