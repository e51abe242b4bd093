"""Parity-check matrices and Tanner graphs of codes, for ``capgap info -o``."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from ...codes import Code, LinearCode, TannerGraph
from ...codes.composite import CompositeCode
from ..content.styles import COLOURS
from ..errors import InputError
from .sheet import figure_file, readable, save
from .style import grey, house_style, shade

#: Most edges of a Tanner graph that is drawn, and most nodes that are named.
MOST_EDGES, MOST_NAMED = 4000, 40
#: Most columns or rows of the picture of a larger matrix, whose points are shares of ones.
MOST_POINTS = 800


def draw_parity_checks(codes: Sequence[tuple[str, Code]], output: str | Path) -> Path:
    """A row for each linear code: the parity-check matrix, and the Tanner graph where it is small.

    Returns the file. Raises InputError if no code has sparse checks, or the figure cannot be written.
    """
    file = figure_file(output)
    graphs = [(text, graph) for text, code in codes if (graph := _graph(code)) is not None]
    if not graphs:
        raise InputError(f"{output}: pictures are of parity-check matrices, and no code here was made of one")
    with house_style():
        save(_figure(graphs), [file])
    return file


def _graph(code: Code) -> TannerGraph | None:
    """The graph of a code, or of that which it is made of, if it was made of parity checks."""
    while isinstance(code, CompositeCode):
        code = code.inner
    return code.tanner_graph if isinstance(code, LinearCode) and code.checks_known else None


def _figure(graphs: list[tuple[str, TannerGraph]]) -> Figure:
    figure = Figure(figsize=(10.8, 4.4 * len(graphs)), layout="constrained")
    panels = figure.subplots(len(graphs), 2, squeeze=False)
    for (text, graph), (left, right) in zip(graphs, panels, strict=True):
        draw_matrix(left, graph)
        left.set_title(readable(text if len(text) <= 60 else f"{text[:57]}..."), fontsize=9)
        if graph.edges <= MOST_EDGES:
            draw_graph(right, graph)
            right.set_title(
                f"{graph.variables} variables, {graph.checks} checks, {graph.edges} edges", fontsize=9
            )
        else:
            draw_degrees(right, graph)
    return figure


def draw_matrix(panel: Axes, graph: TannerGraph) -> None:
    """The ones of the matrix: points, or of a large matrix how many there are in each place."""
    rows = np.repeat(np.arange(graph.checks), graph.check_degrees)
    height, width = graph.checks, graph.variables
    across, down = (min(size, MOST_POINTS) for size in (width, height))
    shade_of = np.zeros((down, across))
    np.add.at(shade_of, (rows * down // height, graph.edge_variable.astype(np.int64) * across // width), 1)
    shown = np.minimum(shade_of, np.quantile(shade_of[shade_of > 0], 0.95)) if graph.edges else shade_of
    panel.imshow(
        shown,
        cmap="Greys",
        aspect="auto",
        interpolation="nearest" if width <= MOST_POINTS else "antialiased",
        extent=(-0.5, width - 0.5, height - 0.5, -0.5),
    )
    panel.grid(visible=False)
    panel.set_xlabel("variable")
    panel.set_ylabel("check")


def draw_graph(panel: Axes, graph: TannerGraph) -> None:
    """Variables in a row below, checks above, each where the variables that it has are on average."""
    x = _places(graph.variables)
    rows = np.repeat(np.arange(graph.checks), graph.check_degrees)
    mean = np.bincount(rows, x[graph.edge_variable], graph.checks) / np.maximum(1, graph.check_degrees)
    place = np.empty(graph.checks)
    place[np.argsort(mean, kind="stable")] = _places(graph.checks)
    lines = np.stack(
        [
            np.stack([x[graph.edge_variable], np.zeros(graph.edges)], 1),
            np.stack([place[rows], np.ones(graph.edges)], 1),
        ],
        axis=1,
    )
    alpha = float(np.clip(150 / max(1, graph.edges), 0.08, 0.9))
    panel.add_collection(LineCollection(list(lines), colors=grey("#555555"), linewidths=0.6, alpha=alpha))
    size = float(np.clip(300 / graph.variables, 1.5, 7))
    panel.plot(x, np.zeros(len(x)), "o", color=shade(COLOURS[0]), markersize=size, clip_on=False)
    panel.plot(place, np.ones(len(place)), "s", color=shade(COLOURS[1]), markersize=size, clip_on=False)
    if graph.variables <= MOST_NAMED:
        for places, height, shift in ((x, 0.0, -11), (place, 1.0, 6)):
            for i, at in enumerate(places):
                panel.annotate(
                    str(i),
                    (at, height),
                    xytext=(0, shift),
                    textcoords="offset points",
                    ha="center",
                    fontsize=7,
                )
    panel.set_xlim(-0.02, 1.02)
    panel.set_ylim(-0.12, 1.12)
    panel.set_yticks([0, 1], ["variables", "checks"])
    panel.set_xticks([])
    panel.grid(visible=False)


def draw_degrees(panel: Axes, graph: TannerGraph) -> None:
    """Of a graph too large to be drawn: how many nodes have which degree."""
    for name, degrees, colour, shift in (
        ("variables", graph.variable_degrees, COLOURS[0], -0.2),
        ("checks", graph.check_degrees, COLOURS[1], 0.2),
    ):
        found, times = np.unique(degrees, return_counts=True)
        panel.bar(found + shift, times, width=0.4, color=shade(colour), label=name)
    panel.set_yscale("log")
    panel.set_xlabel("degree")
    panel.set_ylabel("nodes")
    panel.legend()
    panel.set_title(f"{graph.variables} variables, {graph.checks} checks, {graph.edges} edges", fontsize=9)


def _places(count: int) -> npt.NDArray[np.float64]:
    return (np.arange(count) + 0.5) / count
