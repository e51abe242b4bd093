"""The figures of results, and the files that they go into."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..configuration.links_of_results import with_channel_models
from ..errors import InputError
from ..results.rows import Results, Row, load_results

if TYPE_CHECKING:
    from ..configuration.models import PlotOptions
from ..results.told_apart import told_apart

#: Most curves that are drawn: 1000 took 40 s and 400 MB.
MOST_CURVES = 500


def check_curves(number: int) -> None:
    """Raise InputError if so many curves are too many to be drawn: nobody can tell them apart."""
    if number > MOST_CURVES:
        raise InputError(
            f"the results cannot be drawn: these are {number} curves, and {MOST_CURVES} is the most that a "
            "figure or a report takes. Results of fewer can be drawn; 'capgap gaps' takes all"
        )


def load_all(paths: str | Path | Iterable[str | Path], use: str) -> list[Results]:
    """Results of one or more folders, their labels told apart, for a use such as ``draw``.

    Raises InputError if none are given, they cannot be read, or all of them hold no point.
    """
    paths = [paths] if isinstance(paths, str | Path) else list(paths)
    if not paths:
        raise InputError(f"there is nothing to {use}: no results were given")
    loaded = told_apart([with_channel_models(load_results(path)) for path in paths])
    if not any(results.rows for results in loaded):
        raise InputError(f"there is nothing to {use}: the results hold no point")
    return loaded


def figure_files(
    folder: Path, name: str, rows: Sequence[Row], options: "PlotOptions"
) -> list[tuple[str, tuple[Row, ...], list[Path]]]:
    """The kinds of a run's figures, what each shows, and its files.

    Error rates get a figure for each swept parameter, another x axis each.
    """
    parameters = list(dict.fromkeys(row.parameter for row in rows))
    figures: list[tuple[str, tuple[Row, ...], str]] = []
    for kind in options.kinds:
        if kind != "error-rates":
            figures.append((kind, tuple(rows), f"{name}-{kind}"))
            continue
        for parameter in parameters:
            shown = tuple(row for row in rows if row.parameter == parameter)
            figures.append((kind, shown, name if len(parameters) == 1 else f"{name}-{parameter}"))
    return [
        (kind, shown, [folder / f"{stem}.{ending}" for ending in options.formats])
        for kind, shown, stem in figures
    ]
