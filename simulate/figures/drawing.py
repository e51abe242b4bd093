"""From results to the files of a figure."""

import typing
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..configuration.links_of_results import configured
from ..content.files import check_curves, figure_files, load_all
from ..content.left_out import left_out
from ..errors import InputError, nearest
from ..results.rows import Results, Row
from .kinds.adaptation import adaptation_figure
from .kinds.constellations import constellation_figure
from .kinds.error_rates import rate_figure, sweep_figure
from .kinds.exit_charts import exit_figure
from .kinds.planes import capacity_figure, efficiency_figure
from .kinds.polarization import polarization_figure
from .kinds.throughput import throughput_figure
from .sheet import figure_file, save
from .style import house_style

if TYPE_CHECKING:
    from ..configuration.models import PlotOptions


class LeftOutWarning(UserWarning):
    """Something that was asked for is not in a figure, since it is not known of a curve."""


def plot(
    paths: str | Path | Iterable[str | Path],
    output: str | Path | None = None,
    options: "PlotOptions | None" = None,
    *,
    limits: str | Sequence[str] | None = None,
    y: str | Sequence[str] | None = None,
    theme: str | None = None,
    kinds: str | Sequence[str] | None = None,
    at: tuple[str, float] | None = None,
) -> list[Path]:
    """Draw results read from one or more folders in one figure of each kind.

    Parameters
    ----------
    paths
        Results folders, or their ``results.csv``.
    output
        The figure's file; its ending chooses the format. By default the figure goes into the first
        folder under the run's name, in the formats configured there. Not with several kinds.
    options
        What to show; by default as the first folder's configuration says.
    limits, y, theme, kinds, at
        In place of those of the options, see ``plot`` in a configuration: names, or one by itself. ``at`` is
        ``fer`` or ``ber``, and a rate.

    Returns
    -------
    list of Path
        The files written. A ``LeftOutWarning`` tells what is asked for and not known of a curve.

    Raises
    ------
    InputError
        If results cannot be read, do not fit together, or the figure cannot be written.
    """
    loaded = load_all(paths, "draw")
    folder = loaded[0].folder
    assert folder is not None
    name, chosen = configured(folder)
    if options is None:
        options = chosen
    options = _with(options, limits=limits, y=y, kinds=kinds)
    if theme is not None:
        options = options.model_copy(update={"theme": theme})
    if at is not None:
        from ..statistics.stop_rules import error_rate

        options = options.model_copy(update={"at": error_rate(*at)})
    others = tuple(results.folder for results in loaded[1:] if results.folder is not None)
    rows = tuple(row for results in loaded for row in results)
    crossings = tuple(crossing for results in loaded for crossing in results.crossings)
    if output is not None:
        if len(options.kinds) > 1:
            raise InputError(f"one file takes one figure: choose one kind of {', '.join(options.kinds)}")
        figures: Sequence[tuple[str, tuple[Row, ...], list[Path]]] = [
            (options.kinds[0], rows, [figure_file(output)])
        ]
    else:
        figures = figure_files(folder, name, rows, options)
    whole = Results(rows, folder, crossings, others=others)
    for missing in left_out(whole, options):
        warnings.warn(missing, LeftOutWarning, stacklevel=2)
    draw_all(
        [(kind, Results(shown, folder, crossings, others=others), files) for kind, shown, files in figures],
        options,
    )
    return [file for _, _, files in figures for file in files]


def _with(options: "PlotOptions", **given: str | Sequence[str] | None) -> "PlotOptions":
    """Options with some lists of names replaced."""
    changed = {
        name: list(dict.fromkeys([names] if isinstance(names, str) else names))
        for name, names in given.items()
        if names is not None
    }
    kinds = typing.get_type_hints(type(options))
    for name, names in changed.items():
        known = typing.get_args(typing.get_args(_plain(kinds[name]))[0])
        for word in names:
            if word not in known:
                raise InputError(
                    f"{name}: there is no '{word}'.{nearest(word, known)} Known: {', '.join(known)}"
                )
    for name, thing in (("y", "panel"), ("kinds", "figure")):
        if not changed.get(name, True):
            raise InputError(f"{name}: at least one {thing} is needed")
    return options.model_copy(update=changed)


def _plain(kind: Any) -> Any:
    """A type without what Annotated says of it."""
    return typing.get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def draw_all(figures: Iterable[tuple[str, Results, Sequence[Path]]], options: "PlotOptions") -> None:
    """Draw figures: kind, results and files of each. Raises InputError once all are drawn that can be."""
    problems = []
    for kind, results, files in figures:
        try:
            draw(results, options, files, kind)
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("; ".join(dict.fromkeys(problems)))


def draw(results: Results, options: "PlotOptions", files: Sequence[Path], kind: str = "error-rates") -> None:
    """Draw results into files, whose endings choose the formats. Raises InputError if that fails."""
    if not results.rows:
        raise InputError("there is nothing to draw: the results hold no point")
    check_curves(len({row.group if options.x == "rate" else row.curve for row in results}))
    with house_style(dark=options.theme == "dark"):
        make = {
            "error-rates": rate_figure if options.x == "rate" else sweep_figure,
            "capacity-plane": capacity_figure,
            "spectral-efficiency": efficiency_figure,
            "adaptation": adaptation_figure,
            "exit": exit_figure,
            "polarization": polarization_figure,
            "constellation": constellation_figure,
            "throughput": throughput_figure,
        }[kind]
        try:
            figure = make(results, options)
        except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
            raise InputError(f"the results cannot be drawn: {error}") from error
        save(figure, files)
