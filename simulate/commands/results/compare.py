"""``capgap compare``: where two results differ beyond chance, with a figure of both."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..shared import Commands, add_plugin, print_table

if TYPE_CHECKING:
    from ...analysis.comparison import Comparison
    from ...results.rows import Results


def add(commands: Commands) -> None:
    """Add ``capgap compare`` and its options."""
    parser = commands.add_parser(
        "compare", help="where two results, or a reference curve, differ beyond chance"
    )
    for side in ("A", "B"):
        parser.add_argument(
            side.lower(), metavar=side, help="a results folder, its results.csv, or a CSV file with counts"
        )
    parser.add_argument(
        "--curve",
        action="append",
        dest="curves",
        metavar="LABEL",
        help="a curve to compare, as LABEL or LABEL=LABEL_IN_B (default: those of the same label)",
    )
    parser.add_argument(
        "--significance",
        type=float,
        default=0.01,
        metavar="P",
        help="probability of finding a difference where there is none (default: 0.01)",
    )
    figure = parser.add_mutually_exclusive_group()
    figure.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        default="comparison.png",
        help="the figure of both (default: comparison.png); its ending chooses the format",
    )
    figure.add_argument("--no-figure", action="store_true", help="draw nothing")
    parser.add_argument("--json", action="store_true", help="print JSON")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the comparison and draw its figure; 1 if the results differ."""
    found = compare(
        options.a,
        options.b,
        curves=options.curves,
        significance=options.significance,
        output=None if options.no_figure else options.output,
    )
    if options.json:
        print(json.dumps(found.as_dict()))
    else:
        print(found.heading())
        print_table(found.table())
        print(found.summary())
        if not options.no_figure:
            print(options.output)
    return 1 if found.differ else 0


def compare(
    a: "str | Path | Results",
    b: "str | Path | Results",
    *,
    curves: str | Sequence[str] | None = None,
    significance: float = 0.01,
    output: str | Path | None = None,
) -> "Comparison":
    """Compare two results, or a result and a reference curve, point by point.

    Parameters
    ----------
    a, b
        A results folder or its ``results.csv``, results as ``run`` returns them, or a reference curve:
        a CSV file with one of the columns ``ebno_db``, ``esno_db``, ``snr_db``, ``f``, ``epsilon``, with
        ``frames`` and ``frame_errors``, and perhaps ``bit_errors``, ``bit_errors_squared`` and ``k``.
        Lines that begin with # are its description, further columns are passed over.
    curves
        The curves to compare, or the one, each as ``LABEL`` or ``LABEL=LABEL_IN_B``. By default those of
        the same label, or the only ones there are.
    significance
        The probability of finding any difference where there is none; 0 < significance < 1.
    output
        A file for the overlay figure; its ending chooses the format.

    Raises
    ------
    InputError
        If something cannot be read, matched or written.

    Notes
    -----
    Points with the same key are the same frames: those are not tested, but must have the same counts.
    The BER is tested where both sides know ``bit_errors_squared`` and have the same k above 1.
    """
    from ...analysis import comparison

    found = comparison.compare(a, b, curves=curves, significance=significance)
    if output is not None:
        from ...figures import draw_comparison

        draw_comparison(found, output)
    return found
