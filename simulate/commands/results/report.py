"""``capgap report``: one HTML file of results."""

import argparse

from ..shared import Commands, add_plugin


def add(commands: Commands) -> None:
    """Add ``capgap report`` and its options."""
    parser = commands.add_parser("report", help="one HTML file of results, with interactive curves")
    parser.add_argument("results", nargs="+", metavar="RESULTS", help="a results folder or its results.csv")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="the report (default: report.html in the results folder; of several, capgap-report.html)",
    )
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the report, and print where it is."""
    from ...reports.html_report import report

    print(report(options.results, options.output))
    return 0
