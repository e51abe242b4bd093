"""Gaps to a capacity limit, Shannon's or BPSK's, over the block length."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from ...channels.parameter import parameter_named
from ..analysis.gap_summary import Gap, restriction_of
from ..analysis.row_limits import qualified
from ..content.styles import styles_of
from ..errors import InputError
from .sheet import figure_file, legend, readable, save
from .style import house_style


def draw_gaps(gaps: Sequence[Gap], output: str | Path) -> Path:
    """Draw gaps to a capacity limit over the block length, with those that the length itself asks for.

    A panel for each measure and rate, whose axis names the limit: that of BPSK, or Shannon's where a code of
    the panel has no other. Returns the file, whose ending chooses the format; raises InputError if there is
    nothing to draw or it cannot be written.
    """
    file = figure_file(output)
    shown = [gap for gap in gaps if gap.capacity_gap is not None]
    if not shown:
        raise InputError(
            "there is nothing to draw: no curve whose limit is known reaches the error rates asked for"
        )
    if len({parameter_named(gap.parameter).decibels or gap.parameter for gap in shown}) > 1:
        raise InputError("gaps in dB and in f or epsilon cannot share a figure: draw them separately")
    kinds = list(dict.fromkeys((gap.measure, gap.target) for gap in shown))
    styles = styles_of(gap.curve for gap in shown)
    with house_style():
        figure = Figure(figsize=(5.4 * max(len(kinds), 1.2), 4.6), layout="constrained")
        panels = list(figure.subplots(1, len(kinds), squeeze=False)[0])
        for panel, (measure, target) in zip(panels, kinds, strict=True):
            limit, here = _one_limit([gap for gap in shown if (gap.measure, gap.target) == (measure, target)])
            lowest = 0.0
            for gap in here:
                assert gap.capacity_gap is not None
                ends = (gap.capacity_gap_low, gap.capacity_gap_high)
                low, high = (gap.capacity_gap if end is None else end for end in ends)
                lowest = min(lowest, low)
                panel.errorbar(
                    gap.n,
                    gap.capacity_gap,
                    yerr=[[gap.capacity_gap - low], [high - gap.capacity_gap]],
                    color=styles[gap.curve].colour,
                    marker=styles[gap.curve].marker,
                    markerfacecolor="white",
                    markersize=7,
                    capsize=3,
                    linestyle="none",
                    label=readable(gap.curve),
                )
            for rate in sorted({gap.k / gap.n for gap in here}):
                alike = sorted((gap for gap in here if gap.k / gap.n == rate), key=lambda gap: gap.n)
                for name, line, marker in (("converse", "-.", "_"), ("approximation", ":", "x")):
                    points = [
                        (gap.n, gap.capacity_gap - own)
                        for gap in alike
                        if gap.capacity_gap is not None and (own := getattr(gap, f"{name}_gap")) is not None
                    ]
                    if points:
                        label = "normal approximation"
                        if name == "converse":
                            label = qualified(name, restriction_of(alike))
                        # Of a single length, the marker is all there is.
                        look: dict[str, Any] = {"color": "#444444", "linestyle": line, "marker": marker}
                        panel.plot(*zip(*points, strict=True), markersize=6, label=label, **look)
            panel.set_xscale("log", base=2)
            low, high = panel.get_ylim()
            panel.axhline(0, color="#888888", linewidth=0.9)
            if lowest >= 0:
                panel.set_ylim(0, high)
            else:
                panel.set_ylim(low, max(high, 0))
            panel.set_xlabel("block length $n$")
            unit = parameter_named(here[0].parameter).unit or f"in {here[0].parameter}"
            panel.set_ylabel(f"gap to the {limit} limit at {measure.upper()} {target:g} ({unit})")
        legend(figure, panels)
        save(figure, [file])
    return file


def _one_limit(gaps: "Sequence[Gap]") -> "tuple[str, list[Gap]]":
    """The name of a limit that all have, and the gaps with ``capacity_gap`` as that to it."""
    names = {gap.capacity_of for gap in gaps}
    if len(names) == 1:
        return names.pop(), list(gaps)
    return "Shannon", [_to_shannon(gap) for gap in gaps]


def _to_shannon(gap: "Gap") -> "Gap":
    if gap.shannon_gap is None or gap.capacity_gap is None:
        return gap
    further = gap.shannon_gap - gap.capacity_gap
    ends = (gap.capacity_gap_low, gap.capacity_gap_high)
    low, high = (None if end is None else end + further for end in ends)
    return replace(
        gap, capacity_gap=gap.shannon_gap, capacity_gap_low=low, capacity_gap_high=high, capacity_of="Shannon"
    )
