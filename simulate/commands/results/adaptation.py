"""``capgap adaptation``: the thresholds of schemes, and which of them is the best where."""

import argparse
import json

from ...errors import InputError
from ..shared import Commands, add_plugin, print_table


def add(commands: Commands) -> None:
    """Add ``capgap adaptation`` and its options."""
    parser = commands.add_parser(
        "adaptation", help="thresholds of schemes, their gaps, and which of them delivers most where"
    )
    parser.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    parser.add_argument(
        "--fer",
        type=float,
        metavar="RATE",
        help="the error rate of a threshold (default: that of the configuration's figures, or 0.1)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("-o", "--output", metavar="FILE.csv", help="write the table as CSV")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the table, and write it if a file is named."""
    from rich.table import Table

    from ...analysis.adaptation import adaptation_table, save_table
    from ...statistics.stop_rules import error_rate

    made = adaptation_table(options.results, None if options.fer is None else error_rate("fer", options.fer))
    if options.output is not None:
        if not options.output.endswith(".csv"):
            raise InputError(f"-o takes a file that ends in .csv, got {options.output[:200]}")
        save_table(made, options.output)
    if options.json:
        print(json.dumps(made))
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    at = " or ".join(sorted({str(row["at"]).upper() for row in made}))
    headings = ("scheme", "bits a symbol", f"Es/N0 (dB) at {at}", "95 %", "BICM limit", "gap")
    for heading in (*headings, "the best from ... to"):
        table.add_column(heading, justify="left" if heading == "scheme" else "right")
    for row in made:
        interval = (
            "" if row["low"] is None or row["high"] is None else f"{row['low']:.2f} ... {row['high']:.2f}"
        )
        used = "nowhere" if row["used_from"] is None else f"{row['used_from']:.2f} ... {row['used_to']:.2f}"
        limit = row["limit"] if row["bicm_limit"] is None else row["bicm_limit"]
        numbers = [f"{row['bits_per_symbol']:.4f}", *(_shown(v) for v in (row["esno_db"],))]
        table.add_row(str(row["scheme"]), *numbers, interval, _shown(limit), _shown(row["gap"]), used)
    print_table(table, width=150)
    if options.output is not None:
        print(options.output)
    return 0


def _shown(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else "-"
