"""``capgap check``: whether a code, decoder or channel keeps the contract."""

import argparse

from ..errors import InputError
from .shared import Commands, add_plugin


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
    add_plugin(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the problems found; 1 if there are any."""
    from ..contract.check import check

    # The name may stand behind --with, which takes all that follows.
    names = [options.name, *(text for text in options.parameters if "=" not in text)]
    names = [name for name in names if name is not None]
    if len(names) != 1:
        raise InputError(
            "check takes one name, and parameters as --with KEY=VALUE, as in 'check hamming --with r=3'"
        )
    problems = check(names[0], [text for text in options.parameters if "=" in text])
    for problem in problems:
        print(f"{names[0]}: {problem}")
    if not problems:
        print(f"{names[0]}: keeps the contract")
    return 1 if problems else 0
