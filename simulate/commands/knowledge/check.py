"""``capgap check``: whether a code, decoder or channel keeps the contract."""

import argparse
from textwrap import fill

from ...errors import InputError
from ..shared import Commands, add_plugin


def add(commands: Commands) -> None:
    """Add ``capgap check`` and its options."""
    parser = commands.add_parser("check", help="test that a code, decoder or channel keeps the contract")
    parser.add_argument("name", nargs="?", metavar="NAME", help="a registered name")
    parser.add_argument(
        "--with",
        action="extend",
        nargs="+",
        default=[],
        dest="parameters",
        metavar="KEY=VALUE",
        help="parameters, as in r=3; for a decoder, its code too, as code.type=hamming code.r=3",
    )
    parser.add_argument("--quiet", action="store_true", help="do not list the checks that passed")
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the problems found, and which checks passed; 1 if there are any problems."""
    from ...contract.check import reports_of

    # The name may stand behind --with, which takes all that follows.
    names = [options.name, *(text for text in options.parameters if "=" not in text)]
    names = [name for name in names if name is not None]
    if len(names) != 1:
        raise InputError(
            "check takes one name, and parameters as --with KEY=VALUE, as in 'check hamming --with r=3'"
        )
    reports = reports_of(names[0], [text for text in options.parameters if "=" in text])
    for title, report in reports.items():
        for problem in report.problems:
            print(f"{title}: {problem}")
        if not report.problems:
            print(f"{title}: keeps the contract")
        if report.passed and not options.quiet:
            print(fill(f"passed: {'; '.join(report.passed)}", 100, subsequent_indent="  "))
    return 1 if any(report.problems for report in reports.values()) else 0
